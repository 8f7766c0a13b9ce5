"""Evaluation of tests on the evidence: from a parsed test to the probability that it holds."""

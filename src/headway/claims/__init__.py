"""Checkable claims: ledgers of claims, the tests that stand for them, and their verdicts."""

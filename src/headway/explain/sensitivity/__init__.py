"""Sensitivity of an answer: variance and screening methods on the prior, given-data methods on correlated draws."""

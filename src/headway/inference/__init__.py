"""Inference: the posterior, the hindcast with its scores, and forecasts frozen beforehand."""

"""Findings of the fitted model: the modelled gap, the outlook, and the measurements that are missing."""

from headway.inference.findings import gap, long_run, outlook, rented, unknowns, verdicts

__all__ = ["gap", "long_run", "outlook", "rented", "unknowns", "verdicts"]

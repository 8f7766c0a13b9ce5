"""What the fitted model says of a country: the modelled gap, the outlook, and what would have to be measured."""

from headway.inference.findings import gap, long_run, outlook, rented, unknowns, verdicts

__all__ = ["gap", "long_run", "outlook", "rented", "unknowns", "verdicts"]

"""Findings that evidence alone can give; importing this package registers the recipes."""

from headway.findings.observed import ambition, drivers, models, strengths, talent, unknowns

__all__ = ["ambition", "drivers", "models", "strengths", "talent", "unknowns"]

"""What evidence alone can answer; importing this package registers the recipes."""

from headway.findings.observed import ambition, drivers, models, strengths, talent, unknowns

__all__ = ["ambition", "drivers", "models", "strengths", "talent", "unknowns"]

"""What evidence alone can answer; importing this package registers the recipes."""

from headway.findings.observed import models  # isort: skip
from headway.findings.observed import ambition, drivers, strengths, talent, unknowns

__all__ = ["ambition", "controls", "drivers", "hardware", "models", "strengths", "talent", "unknowns"]

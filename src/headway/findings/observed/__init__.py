"""What evidence alone can answer; importing this package registers the recipes."""

from headway.findings.observed import (
    access,
    ambition,
    capability,
    controls,
    drivers,
    hardware,
    strengths,
    talent,
    training,
    unknowns,
)

__all__ = [
    "access",
    "ambition",
    "capability",
    "controls",
    "drivers",
    "hardware",
    "strengths",
    "talent",
    "training",
    "unknowns",
]

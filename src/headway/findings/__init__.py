"""Findings: the typed record that every surface prints, its id, and the recipes that make it."""

from headway.findings.details import FindingDetails
from headway.findings.finding import Finding, FindingId, FindingTier, Picture
from headway.findings.recipe import Context, Recipe, recipe, recipes

__all__ = ["Context", "Finding", "FindingDetails", "FindingId", "FindingTier", "Picture", "Recipe", "recipe", "recipes"]

"""What is said: the typed record that every surface prints, its id, its trace."""

from headway.findings.finding import Finding, FindingId, FindingTier, Picture
from headway.findings.recipe import Context, Recipe, recipe, recipes

__all__ = ["Context", "Finding", "FindingId", "FindingTier", "Picture", "Recipe", "recipe", "recipes"]

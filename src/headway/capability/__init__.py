"""Open capability scale: levels of models and countries from public benchmark results (docs/capability.md)."""

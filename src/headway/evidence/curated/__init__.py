"""Facts typed by us, one row each with its source (docs/curated.md), and the models that check every row."""

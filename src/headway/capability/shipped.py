"""Item parameters of the shipped scale."""

from __future__ import annotations

from functools import lru_cache

from headway.capability.build import FOLDER
from headway.capability.score import Items, read_items


@lru_cache(maxsize=1)
def items() -> Items:
    """Draws of the item parameters of the shipped scale, which place a model without a refit."""
    return read_items(FOLDER / "item_draws.csv.gz")

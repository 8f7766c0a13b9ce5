"""Series that follow from published facts by a stated rule: records so far, counts, intensities, specialisations.

Every row carries the flag `derived` and, in `inputs`, the ids of the facts it was computed from; it counts as published
on the latest day among them, so that what was known on a date never holds what came later.
"""

from __future__ import annotations

import pandas as pd

from headway.evidence.derived.ratios import compute_stock, constant_price_gdp, ratios, specialisations
from headway.evidence.derived.records import model_series
from headway.evidence.sources.base import Tables

__all__ = ["derive"]


def derive(tables: Tables) -> pd.DataFrame:
    """All derived observations, from the joined tables of every adapter (tidy: with ids, dates as datetime64).

    Returns columns indicator, country, period, value, low, high, level, unit, source, published_on, retrieved_on, flag,
    inputs; no rows where the facts that a rule needs are missing.
    """
    stock = compute_stock(tables.observations)
    given = [frame for frame in (tables.observations, stock) if len(frame)]
    observed = pd.concat(given, ignore_index=True) if given else pd.DataFrame()
    parts = [
        stock.drop(columns="id", errors="ignore"),
        model_series(tables.models),
        ratios(observed),
        constant_price_gdp(observed),
        specialisations(observed),
    ]
    full = [part for part in parts if len(part)]
    return pd.concat(full, ignore_index=True) if full else pd.DataFrame()

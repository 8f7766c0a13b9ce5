"""Revealed comparative advantage: fields a country does more in than the world does, whatever its size."""

from __future__ import annotations

import pandas as pd

from headway.evidence.catalogue import indicators
from headway.evidence.derived.ratios import complete_rows, inherited_flags, series

LEAST_PUSHERS = 1000
"""Economies with fewer developer-topics in a year show too few fields for a profile."""
LEAST_ARTICLES = 200
"""Economies with fewer articles in a year are left out: a few papers would make a specialisation."""


def specialisations(observations: pd.DataFrame) -> pd.DataFrame:
    """`rca_ai_in_science` from articles, and `rca_FIELD` from `pushers_FIELD` for every field of the catalogue.

    Balassa's index, (x_cf / x_c) / (sum_c x_cf / sum_c x_c), over the countries that have the total in that year. A
    field that an economy does not show has no row: the publisher reports topics above 100 developers only, so that the
    index of a small economy is known for its largest fields alone.
    """
    fields = [slug.removeprefix("pushers_") for slug in indicators() if slug.startswith("pushers_")]
    parts = [
        balassa(observations, f"pushers_{field}", "pushers_all", f"rca_{field}", LEAST_PUSHERS)
        for field in fields
        if field != "all"
    ]
    parts.append(balassa(observations, "ai_articles", "journal_articles", "rca_ai_in_science", LEAST_ARTICLES))
    full = [part for part in parts if len(part)]
    return pd.concat(full, ignore_index=True) if full else pd.DataFrame()


def balassa(observations: pd.DataFrame, part: str, whole: str, result: str, least: float) -> pd.DataFrame:
    """Balassa's index of one field; rows where `whole` is at least `least`. Inputs: the country's own two figures."""
    both = series(observations, part).merge(
        series(observations, whole), on=["country", "period"], how="right", suffixes=("", "_whole")
    )
    both = both[both["value_whole"] > 0]
    world = both.groupby("period")[["value", "value_whole"]].sum()
    share = (world["value"] / world["value_whole"]).rename("world")
    known = both.dropna(subset=["value"]).join(share, on="period")
    known = known[(known["value_whole"] >= least) & (known["world"] > 0)]
    if known.empty:
        return pd.DataFrame()
    made = pd.DataFrame(
        {
            "country": known["country"],
            "period": known["period"],
            "value": known["value"] / known["value_whole"] / known["world"],
            "source": known["source"],
            "published_on": known[["published_on", "published_on_whole"]].max(axis=1),
            "retrieved_on": known[["retrieved_on", "retrieved_on_whole"]].max(axis=1),
            "flag": [inherited_flags(*marks) for marks in zip(known["flag"], known["flag_whole"], strict=True)],
            "inputs": known["id"] + " " + known["id_whole"],
        }
    )
    return complete_rows(made, result).drop(columns="id")

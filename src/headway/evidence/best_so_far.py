"""Rows that follow from a user's record, which holds in later periods until a larger value is known."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from headway.core import periods
from headway.evidence.catalogue import Indicator
from headway.evidence.observations import tidy


def carried(own: pd.DataFrame, shipped: pd.DataFrame, indicators: Mapping[str, Indicator]) -> pd.DataFrame:
    """Rows of the user with those that follow from them: a maximum so far holds until a larger value is known.

    Where the publishers' later value of a best-so-far series (a derived one that a bloc takes the best member of) is
    smaller, the user's stands in its place, known when both are, with the user's row as its input.

    Args:
        own: tidy rows of the user. shipped: tidy rows of the publishers.
    """
    best = {slug for slug, entry in indicators.items() if entry.bloc == "max" and entry.rule}
    given = own[own["indicator"].isin(best)]
    if given.empty:
        return own
    given = given.assign(end=given["period"].map(periods.end))
    later = shipped.assign(end=shipped["period"].map(periods.end)).merge(
        given, on=["indicator", "country"], suffixes=("_shipped", "")
    )
    newer = later["end_shipped"] > later["end"]
    later = later[newer & (later["value_shipped"] < later["value"])].sort_values("value", ascending=False)
    later = later.drop_duplicates(["indicator", "country", "period_shipped"])
    stated = pd.MultiIndex.from_frame(own[["indicator", "country", "period"]])
    again = pd.MultiIndex.from_frame(later[["indicator", "country", "period_shipped"]]).isin(stated)
    rows = later[~again].assign(
        period=later["period_shipped"],
        published_on=later[["published_on", "published_on_shipped"]].max(axis=1),
        flag="derived,user",
        inputs=later["id"],
    )
    return pd.concat([own, tidy(rows[list(own.columns)])], ignore_index=True) if len(rows) else own

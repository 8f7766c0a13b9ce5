"""What all rules share: the newest vintage of a series, and the finishing of derived rows."""

from __future__ import annotations

import pandas as pd

from headway.evidence.catalogue import indicators
from headway.evidence.observation import make_ids

FACTS = ["country", "period", "value", "low", "high", "level", "source", "published_on", "retrieved_on", "flag", "id"]


def series(observations: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """One row per country and period of one indicator: the newest vintage. Columns `FACTS`."""
    if observations.empty:
        return pd.DataFrame(columns=FACTS)
    rows = observations[observations["indicator"] == indicator].sort_values("published_on", kind="stable")
    return rows.drop_duplicates(["country", "period"], keep="last")[FACTS].reset_index(drop=True)


def finished(frame: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Rows of a derived indicator with unit, flag and id, from columns country … inputs.

    `flag`, where the frame has it, holds the marks of the inputs: `pseudo` and `estimate` are handed down.
    """
    marks = frame["flag"] if "flag" in frame else pd.Series("", index=frame.index)
    rows = frame.assign(
        indicator=indicator, unit=indicators()[indicator].unit, flag=[handed_down(mark) for mark in marks]
    )
    return rows.assign(id=make_ids(rows)) if len(rows) else rows.assign(id="")


def handed_down(*marks: str) -> str:
    """Marks of a derived row: `derived`, and of its inputs' marks those that still hold of it."""
    given = {part for mark in marks for part in mark.split(",")}
    return ",".join(sorted({"derived", *(given & {"pseudo", "estimate"})}))

"""What every adapter does last: give rows their unit, their day of publication and their mark."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from headway.evidence.catalogue import indicators, sources
from headway.evidence.sources.base import PSEUDO, known_by

FIRST_YEAR = 2010


def lag_of(indicator: str, source: str) -> int:
    """Days from the end of a period to its publication: the indicator's rule, else the source's."""
    own = indicators()[indicator].lag_days
    days = own if own is not None else sources()[source].lag_days
    if days is None:
        raise ValueError(f"neither indicator {indicator} nor source {source} has lag_days")
    return days


def pseudo_dated(frame: pd.DataFrame, source: str, vintage: dt.date, flag: str = "") -> pd.DataFrame:
    """Observations of one source whose publication days follow the stated lag; rows without value or country go.

    Args:
        frame: indicator, country, period, value and, if there are any, low, high and level.
        flag: further marks beside `pseudo`, comma-joined.
    """
    return _finished(frame, source, flag=f"{PSEUDO},{flag}" if flag else PSEUDO).assign(
        published_on=lambda rows: [
            known_by(period, lag_of(indicator, source), vintage)
            for indicator, period in zip(rows["indicator"], rows["period"], strict=True)
        ]
    )


def dated(frame: pd.DataFrame, source: str, published_on: dt.date, flag: str = "") -> pd.DataFrame:
    """Observations of one source that were all published on one day."""
    return _finished(frame, source, flag=flag).assign(published_on=published_on)


def _finished(frame: pd.DataFrame, source: str, flag: str) -> pd.DataFrame:
    known = indicators()
    rows = frame.dropna(subset=["country", "value"]).reset_index(drop=True)
    return rows.assign(unit=rows["indicator"].map(lambda slug: known[slug].unit), source=source, flag=flag)


def years(column: pd.Series[Any]) -> pd.Series[Any]:
    """Years as periods: 2014.0 and "2014" become "2014"; a missing year becomes missing."""
    numbers = pd.to_numeric(column, errors="coerce")
    return numbers.map(lambda year: f"{int(year):04d}" if pd.notna(year) else None)


def recent(frame: pd.DataFrame, column: str = "year") -> pd.DataFrame:
    """Rows of `FIRST_YEAR` and later; the year stands in `column` as a number or as text."""
    return frame[pd.to_numeric(frame[column], errors="coerce") >= FIRST_YEAR].reset_index(drop=True)

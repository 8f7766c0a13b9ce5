"""Words beside capability points, the points of Epoch's index, that tell a reader how much one is."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from headway.core import wording
from headway.findings.recipe import Context
from headway.findings.records import horizon, records


def with_pace(context: Context, sentence: str) -> str:
    """`sentence` with what the best models gained in a year before its full stop, as a measure of its points.

    It stays as it is where the evidence does not reach back a year.
    """
    told = pace(context)
    return f"{sentence.removesuffix('.')}; {told}." if told else sentence


def pace(context: Context) -> str:
    """`the best models gained 17 points in the year to June 2026`; empty where the evidence begins later than that."""
    return context.evidence.once(("pace of the best models", context.seed), lambda: _pace(context))


def _pace(context: Context) -> str:
    gained = frontier_gain(context)
    if not gained:
        return ""
    month = wording.period(horizon(context.evidence.models(), context.as_of).strftime("%Y-%m"))
    return f"the best models gained {wording.amount(round(gained), 'points')} in the year to {month}"


def frontier_gain(context: Context) -> float | None:
    """Capability points that the best measured model of any country gained in the last year of the evidence.

    None where the evidence has no model, or none that is a year older.
    """
    models = context.evidence.models()
    if models.empty:
        return None
    end = horizon(models, context.as_of)
    start: dt.date = (pd.Timestamp(end) - pd.DateOffset(years=1)).date()
    frontier = records(models, (), "eci", outside=True, seed=context.seed)
    before, after = frontier.at(start), frontier.at(end)
    return float(frontier.values[after] - frontier.values[before]) if before >= 0 else None

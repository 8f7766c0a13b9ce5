"""Reading yearly and quarterly indicators onto countries and the grid, with a stated fallback where one is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from headway.core.errors import InputError
from headway.core.numbers import Floats
from headway.core.quarters import Grid, number

if TYPE_CHECKING:
    from headway.evidence import Evidence


def panel(evidence: Evidence, indicator: str) -> pd.DataFrame:
    """Wide table of an indicator, periods as rows; empty where the snapshot has none of it."""
    if indicator not in evidence.indicators():
        return pd.DataFrame()
    return evidence.panel(indicator)


def latest(evidence: Evidence, indicator: str, countries: Sequence[str]) -> Floats:
    """Newest value of each country, NaN where there is none."""
    table = panel(evidence, indicator)
    if table.empty:
        return np.full(len(countries), np.nan)
    return table.ffill().iloc[-1].reindex(list(countries)).to_numpy(float)


def quarterly(evidence: Evidence, indicator: str, countries: Sequence[str], grid: Grid) -> Floats:
    """Quarterly values, (quarters, countries), NaN outside the series; nothing is carried forward.

    Raises:
        InputError: a row of the evidence is not of a quarter; names the indicator.
    """
    table = panel(evidence, indicator).reindex(columns=list(countries))
    try:
        rows = {number(str(period)): values for period, values in zip(table.index, table.to_numpy(float), strict=True)}
    except InputError as error:
        raise InputError(f"{indicator} is read by quarter, and the evidence has a row where {error}") from None
    missing = np.full(len(countries), np.nan)
    return np.stack([rows.get(quarter, missing) for quarter in range(grid.first, grid.last + 1)])


def filled(values: Floats, fallback: float | Floats) -> Floats:
    """Values with the missing ones replaced."""
    return np.asarray(np.where(np.isfinite(values), values, fallback))


def growth(table: pd.DataFrame, countries: Sequence[str], years: int = 10) -> Floats:
    """Mean log growth per year of a positive yearly series over its last `years`, NaN where it is too short."""
    rates = []
    for code in countries:
        column = table[code].dropna() if code in table else pd.Series(dtype=float)
        column = column[column > 0].iloc[-years - 1 :]
        if len(column) < 3:
            rates.append(np.nan)
            continue
        span = int(column.index[-1]) - int(column.index[0])
        rates.append(float(np.log(column.iloc[-1] / column.iloc[0]) / span))
    return np.asarray(rates)

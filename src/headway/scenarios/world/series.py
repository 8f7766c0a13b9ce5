"""Reading yearly and quarterly indicators onto countries and the grid, with a stated fallback where one is missing.

Which GDP the model starts from, and for which countries it is known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from headway.core.errors import EvidenceError, InputError
from headway.core.numbers import Floats
from headway.core.periods import Grid, quarter_number

if TYPE_CHECKING:
    from headway.evidence import Evidence


def panel(evidence: Evidence, indicator: str) -> pd.DataFrame:
    """Wide table of an indicator, periods as rows; empty where the snapshot has none of it."""
    read_indicators(evidence).add(indicator)
    if indicator not in evidence.indicators():
        return pd.DataFrame()
    return evidence.panel(indicator)


def read_indicators(evidence: Evidence) -> set[str]:
    """Indicators that worlds built from this evidence have read so far; empty before the first one."""
    return evidence.once(("indicators that the world reads",), set)


def latest(evidence: Evidence, indicator: str, countries: Sequence[str]) -> Floats:
    """Newest value of each country, NaN where there is none."""
    table = panel(evidence, indicator)
    if table.empty:
        return np.full(len(countries), np.nan)
    result: Floats = table.ffill().iloc[-1].reindex(list(countries)).to_numpy(float)
    return result


def quarterly(evidence: Evidence, indicator: str, countries: Sequence[str], grid: Grid) -> Floats:
    """Quarterly values, (quarters, countries), NaN outside the series; nothing is carried forward.

    Raises:
        InputError: a row of the evidence is not of a quarter; names the indicator.
    """
    table = panel(evidence, indicator).reindex(columns=list(countries))
    try:
        rows = {
            quarter_number(str(period)): values
            for period, values in zip(table.index, table.to_numpy(float), strict=True)
        }
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


INDICATOR = "gdp_usd"
CARRIED = 2  # years that a GDP stands in for later ones
_MOST = 0.8  # share of countries whose GDP makes a year the base


def gdp_by_year(evidence: Evidence) -> pd.DataFrame:
    """GDP of all countries (not blocs), current US dollars, years as rows; each value carried on for `CARRIED` years.

    Raises:
        EvidenceError: the evidence holds no GDP.
    """
    return evidence.once(("gdp by year",), lambda: _by_year(evidence))


def _by_year(evidence: Evidence) -> pd.DataFrame:
    table = panel(evidence, INDICATOR)
    codes = [code for code in table.columns if evidence.resolve(str(code)).kind == "country"]
    if not codes:
        raise EvidenceError("the snapshot holds no GDP (indicator gdp_usd): rebuild it with `headway evidence build`")
    table = table[codes]
    table.index = table.index.astype(int)
    return table.where(table > 0).ffill(limit=CARRIED)


def base_year(table: pd.DataFrame) -> int:
    """The last year for which most countries of `gdp_by_year` have GDP.

    Raises:
        EvidenceError: there is no such year.
    """
    years = table.index[table.notna().mean(axis=1) > _MOST]
    if years.empty:
        raise EvidenceError("in no year do four fifths of the countries have GDP (indicator gdp_usd)")
    return int(years[-1])


def gdp_missing(evidence: Evidence, code: str) -> str:
    """Gap in a country's GDP series and its first year, as the end of a sentence; empty where nothing is missing."""
    table = gdp_by_year(evidence)
    base = base_year(table)
    if code in table and table.at[base, code] > 0:
        return ""
    known = evidence.observations(INDICATOR, code)
    years = known["period"][known["value"] > 0]
    since = "any year" if years.empty else f"any year after {years.max()}"
    needed = f"the model needs that of a year from {base - CARRIED} to {base}"
    return f"its GDP (indicator gdp_usd) is not in the evidence for {since}; {needed}"

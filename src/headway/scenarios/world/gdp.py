"""Which GDP the model starts from, and for which countries it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from headway.core.errors import EvidenceError
from headway.scenarios.world.series import panel

if TYPE_CHECKING:
    from headway.evidence import Evidence

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
    """What is missing of a country's GDP and since when, as the end of a sentence; empty where nothing is."""
    table = gdp_by_year(evidence)
    base = base_year(table)
    if code in table and table.at[base, code] > 0:
        return ""
    known = evidence.observations(INDICATOR, code)
    years = known["period"][known["value"] > 0]
    since = "any year" if years.empty else f"any year after {years.max()}"
    needed = f"the model needs that of a year from {base - CARRIED} to {base}"
    return f"its GDP (indicator gdp_usd) is not in the evidence for {since}; {needed}"

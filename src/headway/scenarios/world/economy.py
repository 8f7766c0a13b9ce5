"""Economies: GDP observed, then projected; resource rents; pay."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from headway.core.errors import EvidenceError
from headway.core.numbers import Floats
from headway.core.periods import Grid
from headway.scenarios.world.choose import REST
from headway.scenarios.world.series import base_year, filled, gdp_by_year, gdp_missing, growth, latest, panel

if TYPE_CHECKING:
    from headway.evidence import Evidence

_SHRINKAGE = 0.5  # half-way to the world's mean growth: national booms and slumps of a decade rarely last another


def with_rest(table: pd.DataFrame, countries: Sequence[str], states: Sequence[str]) -> pd.DataFrame:
    """Columns of `countries`, the rest of the world being the sum of all states that are not among them."""
    present = [code for code in states if code in table and code not in countries]
    named = table.reindex(columns=[code for code in countries if code != REST])
    return named.assign(**{REST: table[present].sum(axis=1, min_count=1)})[list(countries)]


def states(evidence: Evidence) -> list[str]:
    """Codes of all countries (not blocs) with GDP.

    Raises:
        EvidenceError: the evidence holds no GDP.
    """
    return [str(code) for code in gdp_by_year(evidence).columns]


def gdp(evidence: Evidence, countries: Sequence[str], grid: Grid) -> tuple[Floats, int]:
    """GDP by quarter at the prices of its last observed year, US dollars a year, and that year.

    Level: current dollars of the last year that most countries have. Growth before it as observed, after it at the mean
    real growth of the last ten years, shrunk half-way to that of the world; that rate throughout for a country without
    a real series up to that year.

    Raises:
        EvidenceError: a country has no GDP for that year; names it, and since when it is missing.
    """
    by_year = gdp_by_year(evidence)
    base = base_year(by_year)
    for code in countries:
        if code != REST and (missing := gdp_missing(evidence, code)):
            raise EvidenceError(f"{evidence.resolve(code).name} ({code}) cannot be modelled: {missing}")
    current = with_rest(by_year, countries, list(by_year.columns))
    real = panel(evidence, "gdp_constant")
    real = with_rest(real if not real.empty else current, countries, states(evidence)).ffill(limit=2)
    real.index = real.index.astype(int)
    rates = growth(real, countries)
    mean = float(np.nanmean(rates))
    rates = _SHRINKAGE * filled(rates, mean) + (1 - _SHRINKAGE) * mean
    level = np.log(current.loc[base].to_numpy(float))
    index = np.log(real.to_numpy(float))
    years = real.index.to_numpy(float) + 0.5
    anchored = index - index[list(real.index).index(min(base, int(real.index[-1])))]
    paths = []
    for position in range(len(countries)):
        known = np.isfinite(anchored[:, position]) & (years <= base + 0.5)
        if not known.any():
            paths.append(level[position] + rates[position] * (grid.years - (base + 0.5)))
            continue
        inside = np.interp(grid.years, years[known], anchored[known, position])
        after = rates[position] * np.maximum(grid.years - years[known][-1], 0)
        paths.append(level[position] + inside + after)
    return np.exp(np.stack(paths, axis=1)), base


def rents(evidence: Evidence, countries: Sequence[str]) -> Floats:
    """Resource rents, newest share of GDP; the median where a country has none."""
    share = latest(evidence, "resource_rents_share", countries) / 100
    return filled(share, float(np.nanmedian(share)))


def pay(evidence: Evidence, countries: Sequence[str]) -> Floats:
    """GDP per head at purchasing power parity, international dollars: the stand-in for a researcher's pay."""
    table = panel(evidence, "gdp_per_capita_ppp").ffill().iloc[-1]
    named = table.reindex(list(countries)).to_numpy(float)
    return filled(named, float(table.median()))

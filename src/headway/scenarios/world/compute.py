"""Installed compute of every country since the start: owners where they are named, clusters elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from headway.core.numbers import Floats
from headway.core.quarters import Grid
from headway.scenarios.country_table import country_table, estimated, path
from headway.scenarios.world.choose import REST
from headway.scenarios.world.economy import states, with_rest
from headway.scenarios.world.series import panel, quarterly

if TYPE_CHECKING:
    from headway.evidence import Evidence

DEPRECIATION = 0.20  # 1/year, centre of the registry; the stock is rebuilt once, not per member
GROWTH_BEFORE = 0.9  # 1/year, log growth of world compute before owners are counted (3.3× a year less price effects)
_OWNER_SD, _CLUSTER_SD, _GUESS_SD = 0.15, 0.7, 1.2  # log points


def log_compute(
    evidence: Evidence, countries: Sequence[str], grid: Grid, known: int, gdp: Floats
) -> tuple[Floats, Floats]:
    """Natural log of H100e at each known date, (known, countries), and the sd of its error, (countries,).

    In this order: estimates of the country table; owners' purchases, worn out, plus what came through other channels;
    clusters in the country, scaled by what owners hold per H100e of cluster; a fifth of the median compute per GDP.
    """
    past = Grid(grid.first, grid.first + known - 1)
    owned = np.stack([_owned(evidence, code, past) for code in countries], axis=1)
    clusters = _clusters(evidence, countries, past)
    with np.errstate(invalid="ignore", divide="ignore"):
        coverage = float(np.nanmedian((owned / clusters)[-1]))
        clustered = np.where(clusters > 0, clusters * (coverage if np.isfinite(coverage) else 1.0), np.nan)
        per_gdp = np.nanmedian(np.where(np.isfinite(owned), owned, clustered)[-1] / gdp[known - 1])
    logs, sds = np.empty_like(owned), np.empty(len(countries))
    for i, code in enumerate(countries):
        estimates = country_table()[code].compute if code in country_table() else ()
        if estimates:
            logs[:, i], sds[i] = estimated(estimates, past)
        elif np.isfinite(owned[-1, i]):
            logs[:, i], sds[i] = np.log(owned[:, i]), _OWNER_SD
        elif np.isfinite(clustered[-1, i]):
            logs[:, i], sds[i] = _smooth(clustered[:, i]), _CLUSTER_SD
        else:
            level = np.log(0.2 * per_gdp * gdp[known - 1, i])
            logs[:, i], sds[i] = level + GROWTH_BEFORE * (past.years - past.years[-1]), _GUESS_SD
    return logs, sds


def _owned(evidence: Evidence, code: str, past: Grid) -> Floats:
    """Stock from counted purchases, (known,); NaN where owners of the country are not counted."""
    counted = quarterly(evidence, "compute_stock_h100e", [code], past)[:, 0]
    if not np.isfinite(counted).any():
        return np.full(len(past), np.nan)
    kept = np.exp(-DEPRECIATION / 4)
    first_year = counted[np.isfinite(counted)][:4]
    flow = (first_year[-1] - first_year[0]) / max(len(first_year) - 1, 1) * 4
    before = flow / (GROWTH_BEFORE + DEPRECIATION)  # what a flow that grew for long has left
    bought = np.diff(np.nan_to_num(counted), prepend=0.0).clip(min=0)
    other = np.zeros(len(past))
    if code in country_table():
        facts = country_table()[code]
        channels = (path(rows, past) for rows in (facts.grey, facts.partner, facts.domestic))
        other[1:] = sum(channels, np.zeros(len(past)))[:-1] / 4
    stock = [before + bought[0]]
    for arrived in (bought + other)[1:]:
        stock.append(stock[-1] * kept + arrived)
    return np.asarray(stock)


def _clusters(evidence: Evidence, countries: Sequence[str], past: Grid) -> Floats:
    table = panel(evidence, "cluster_h100e")
    if table.empty:
        return np.full((len(past), len(countries)), np.nan)
    named = with_rest(table, countries, states(evidence)) if REST in countries else table.reindex(columns=countries)
    wanted = named.reindex(sorted({*named.index, *past.names})).ffill()
    return wanted.loc[list(past.names)].to_numpy(float)


def _smooth(stock: Floats) -> Floats:
    """Log of a stock that moves by single clusters: a line to its last value, as steep as that of least squares."""
    years = np.arange(len(stock)) / 4
    seen = np.isfinite(stock) & (stock > 0)
    if seen.sum() < 6:
        slope = GROWTH_BEFORE
    else:
        slope = float(np.clip(np.polyfit(years[seen], np.log(stock[seen]), 1)[0], 0.2, 1.5))
    return np.asarray(np.log(stock[-1]) + slope * (years - years[-1]))


def channels(countries: Sequence[str], grid: Grid, as_of: dt.date) -> dict[str, Floats]:
    """Controls, other channels and exodus of the country table as drivers, each (quarters, countries)."""
    table = country_table()

    def fact(name: str) -> Floats:
        rows = [getattr(table[code], name) if code in table else () for code in countries]
        return np.stack([path(row, grid, as_of) for row in rows], axis=1)

    return {name: fact(name) for name in ("controls", "grey", "partner", "domestic", "exodus")}

"""Installed compute of every country since the start: owners where they are named, clusters elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from headway.core.numbers import Floats
from headway.core.periods import Grid
from headway.scenarios.country_table import country_table, estimated, path
from headway.scenarios.world.choose import REST
from headway.scenarios.world.economy import states, with_rest
from headway.scenarios.world.series import panel, quarterly

if TYPE_CHECKING:
    from headway.evidence import Evidence

DEPRECIATION = 0.20  # 1/year, centre of the registry; the stock is rebuilt once, not per member
GROWTH_BEFORE = 0.9  # 1/year, log growth of world compute before owners are counted (3.3× a year less price effects)
_LEAST_STOCK = 1.0  # H100e; a count of zero is taken for less than one, since the stock is carried as a logarithm
_OWNER_SD, _CLUSTER_SD, _GUESS_SD = 0.15, 0.7, 1.2  # log points


def log_compute(
    evidence: Evidence, countries: Sequence[str], grid: Grid, known: int, gdp: Floats
) -> tuple[Floats, Floats]:
    """Natural log of H100e at each known date, (known, countries), and the sd of its error, (countries,).

    In this order: owners' purchases, worn out, plus what came through other channels; estimates of the country table;
    clusters in the country, scaled by what owners hold per H100e of cluster; a fifth of the median compute per GDP.
    """
    past = Grid(grid.first, grid.first + known - 1)
    clusters = _clusters(evidence, countries, past)
    owned = np.stack(
        [_owned(evidence, code, past, _trend(clusters[:, i], past)) for i, code in enumerate(countries)], axis=1
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        coverage = float(np.nanmedian((owned / clusters)[-1]))
        clustered = np.where(clusters > 0, clusters * (coverage if np.isfinite(coverage) else 1.0), np.nan)
        per_gdp = np.nanmedian(np.where(np.isfinite(owned), owned, clustered)[-1] / gdp[known - 1])
    logs, sds = np.empty_like(owned), np.empty(len(countries))
    for i, code in enumerate(countries):
        estimates = country_table()[code].compute if code in country_table() else ()
        if np.isfinite(owned[-1, i]):
            logs[:, i], sds[i] = np.log(owned[:, i]), _OWNER_SD
        elif estimates:
            logs[:, i], sds[i] = estimated(estimates, past)
        elif np.isfinite(clustered[-1, i]):
            logs[:, i], sds[i] = _trend(clustered[:, i], past), _CLUSTER_SD
        else:
            level = np.log(0.2 * per_gdp * gdp[known - 1, i])
            logs[:, i], sds[i] = level + _trend(clustered[:, i], past), _GUESS_SD
    return logs, sds


def _owned(evidence: Evidence, code: str, past: Grid, trend: Floats) -> Floats:
    """Stock from counted purchases, H100e, (known,); NaN where owners of the country are not counted.

    Between two counts purchases are even. Outside the counts the stock moves as `trend` does, the log of the path
    that the country would have without them; only before counts that begin with the first quarter and rise, it is what
    a flow that grew for long has left.
    """
    counted = quarterly(evidence, "compute_stock_h100e", [code], past)[:, 0]
    rows = np.flatnonzero(np.isfinite(counted))
    if not rows.size:
        return np.full(len(past), np.nan)
    first, last = int(rows[0]), int(rows[-1])
    counted = np.interp(np.arange(first, last + 1), rows, counted[rows])
    flow = (counted[:4][-1] - counted[0]) / max(len(counted[:4]) - 1, 1) * 4
    before = flow / (GROWTH_BEFORE + DEPRECIATION) if first <= 1 and flow > 0 else 0.0
    bought = np.diff(counted).clip(min=0)
    other = _other_channels(code, past)
    kept = np.exp(-DEPRECIATION / 4)
    stock = [before * kept**first + (counted[0] + other[first])]
    for quarter, arrived in enumerate(bought, start=first + 1):
        stock.append(stock[-1] * kept + arrived + other[quarter])
    whole = np.empty(len(past))
    whole[first : last + 1] = stock
    whole[:first] = before or max(stock[0], _LEAST_STOCK) * np.exp(trend[:first] - trend[first])
    whole[last + 1 :] = max(stock[-1], _LEAST_STOCK) * np.exp(trend[last + 1 :] - trend[last])
    return np.maximum(whole, _LEAST_STOCK)


def _other_channels(code: str, past: Grid) -> Floats:
    """Chips that came in each quarter otherwise than through counted owners, H100e, (known,)."""
    arrived = np.zeros(len(past))
    if code in country_table():
        facts = country_table()[code]
        channels = (path(rows, past) for rows in (facts.grey, facts.partner, facts.domestic))
        arrived[1:] = sum(channels, np.zeros(len(past)))[:-1] / 4
    return arrived


def _clusters(evidence: Evidence, countries: Sequence[str], past: Grid) -> Floats:
    table = panel(evidence, "cluster_h100e")
    if table.empty:
        return np.full((len(past), len(countries)), np.nan)
    named = with_rest(table, countries, states(evidence)) if REST in countries else table.reindex(columns=countries)
    wanted = named.reindex(sorted({*named.index, *past.names})).ffill()
    result: Floats = wanted.loc[list(past.names)].to_numpy(float)
    return result


def _trend(clusters: Floats, past: Grid) -> Floats:
    """Log of a stock that moves by single clusters, (known,): a line to its last value, as steep as least squares.

    Where the last value is not known or zero, the line ends at 0 and is as steep as compute grows in the world.
    """
    years = np.arange(len(past)) / 4
    seen = np.isfinite(clusters) & (clusters > 0)
    if not seen[-1]:
        return np.asarray(GROWTH_BEFORE * (past.years - past.years[-1]))
    slope = GROWTH_BEFORE
    if seen.sum() >= 6:
        slope = float(np.clip(np.polyfit(years[seen], np.log(clusters[seen]), 1)[0], 0.2, 1.5))
    return np.asarray(np.log(clusters[-1]) + slope * (years - years[-1]))


def channels(countries: Sequence[str], grid: Grid, as_of: dt.date) -> dict[str, Floats]:
    """Controls, other channels and exodus of the country table as drivers, each (quarters, countries)."""
    table = country_table()

    def fact(name: str) -> Floats:
        rows = [getattr(table[code], name) if code in table else () for code in countries]
        return np.stack([path(row, grid, as_of) for row in rows], axis=1)

    return {name: fact(name) for name in ("controls", "grey", "partner", "domestic", "exodus")}

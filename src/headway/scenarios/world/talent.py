"""People: researchers in AI, where they go, whom they work with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from headway.core.numbers import Floats
from headway.core.periods import Grid
from headway.scenarios.world.choose import REST
from headway.scenarios.world.economy import states, with_rest
from headway.scenarios.world.series import filled, growth, latest, panel

if TYPE_CHECKING:
    from headway.evidence import Evidence

RETIREMENT, MOBILITY = 0.03, 0.023  # 1/year, centres of the registry, for a projection that starts in balance
_TYPICAL_SHARE = 0.06  # of researchers who work on AI, where no articles tell
_FASTEST = 0.08  # 1/year; no research workforce has grown faster for long
_PRIOR_FLOW = 0.05  # weight of destinations by size in bilateral closeness, so that no way is closed by a missing row
_CLOSEST = 3


def researchers(evidence: Evidence, countries: Sequence[str]) -> tuple[Floats, Floats]:
    """AI researchers, persons, and their growth, 1/year, each (countries,).

    Researchers in R&D times the share of AI in the country's articles. Where the number of researchers is missing, the
    median number per inhabitant is taken.
    """
    per_million = panel(evidence, "researchers_per_million").ffill()
    population = panel(evidence, "population").ffill()
    heads = (per_million.iloc[-1] * population.iloc[-1] / 1e6).rename(None)
    missing = heads.isna() & population.iloc[-1].notna()
    heads[missing] = per_million.iloc[-1].median() * 0.5 * population.iloc[-1][missing] / 1e6
    share = _ai_share(evidence)
    people = (heads * share.reindex(heads.index).fillna(_TYPICAL_SHARE)).to_frame().T
    level = with_rest(people, countries, states(evidence)).iloc[0].to_numpy(float)
    absolute = (per_million * population).dropna(how="all")
    rate = growth(absolute, countries)
    rate = filled(rate, float(np.nanmedian(rate))).clip(0, _FASTEST)
    return filled(level, float(np.nanmedian(level))), rate


def _ai_share(evidence: Evidence) -> pd.Series[float]:
    """Share of AI in each country's journal articles, by country; within a factor of three of the median."""
    articles, all_articles = panel(evidence, "ai_articles"), panel(evidence, "journal_articles")
    if articles.empty or all_articles.empty:
        return pd.Series(dtype=float)
    share = (articles.ffill().iloc[-1] / all_articles.ffill().iloc[-1]).replace([np.inf, 0], np.nan)
    centre = float(share.median())
    return (share * _TYPICAL_SHARE / centre).clip(_TYPICAL_SHARE / 3, _TYPICAL_SHARE * 3)


def push(evidence: Evidence, countries: Sequence[str]) -> Floats:
    """Emigration hazard of scholars relative to the mean of the countries, (countries,); 1 where unknown."""
    rate = latest(evidence, "scholars_out_rate", countries)
    if not np.isfinite(rate).any():
        return np.ones(len(countries))
    return filled(rate / np.nanmean(rate), 1.0).clip(0.2, 5)


def closeness(evidence: Evidence, countries: Sequence[str], pay: Floats, people: Floats) -> Floats:
    """Bilateral closeness b, (countries, countries), origin first, rows adding up to 1, zero on the diagonal.

    Past flows of scholars divided by the pay of the destination, so that pay counts once; a small part goes by size.
    """
    size = np.broadcast_to(people / people.sum(), (len(countries), len(countries)))
    table = _bilateral(evidence, "scholars", countries)
    flows = np.where(table.sum(axis=1, keepdims=True) > 0, table / (pay / pay.max()), size)
    flows = (1 - _PRIOR_FLOW) * flows / flows.sum(axis=1, keepdims=True) + _PRIOR_FLOW * size
    flows = flows * (1 - np.eye(len(countries)))
    return np.asarray(flows / flows.sum(axis=1, keepdims=True))


def partners(evidence: Evidence, countries: Sequence[str]) -> Floats:
    """Weights of the closest partners, (countries, countries): the three with most joint articles, else joint code."""
    joint = _bilateral(evidence, "coauthors", countries)
    if not joint.any():
        joint = _bilateral(evidence, "collaborators", countries)
    joint = joint + joint.T
    if REST in countries:
        joint[:, countries.index(REST)] = 0
    third = np.sort(joint, axis=1)[:, -_CLOSEST][:, None]
    kept = np.where((joint >= third) & (joint > 0), joint, 0)
    total = kept.sum(axis=1, keepdims=True)
    return np.asarray(np.where(total > 0, kept / np.where(total > 0, total, 1), 0))


def _bilateral(evidence: Evidence, kind: str, countries: Sequence[str]) -> Floats:
    """Flows of the newest five years between countries, other countries counting as the rest of the world."""
    rows = evidence.flows(kind)
    table = np.zeros((len(countries), len(countries)))
    if rows.empty:
        return table
    year = rows["period"].astype(str).str[:4].astype(int)
    rows = rows[year > year.max() - 5]
    position = {code: i for i, code in enumerate(countries)}
    rest = position.get(REST, -1)
    origin = rows["origin"].map(position).fillna(rest).to_numpy(int)
    destination = rows["destination"].map(position).fillna(rest).to_numpy(int)
    inside = (origin >= 0) & (destination >= 0) & (origin != destination)
    np.add.at(table, (origin[inside], destination[inside]), rows["value"].to_numpy(float)[inside])
    return table


def graduates(people: Floats, rate: Floats, push: Floats, *, routes: Floats, pay: Floats, grid: Grid) -> Floats:
    """New researchers per year, (quarters, countries), that let the workforce grow at `rate` from the start.

    Replacement of those who retire and leave, less arrivals, at the centres of the registry; never negative.
    """
    leaving = people * MOBILITY * push
    pull = routes * pay[None, :]
    arriving = leaving @ (pull / pull.sum(axis=1, keepdims=True))
    needed = np.maximum(people * (rate + RETIREMENT) + leaving - arriving, 0)
    return np.asarray(needed * np.exp(rate * (grid.years[:, None] - grid.years[0])))

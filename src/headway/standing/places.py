"""A country's place in an ensemble, and the places of its single indicators, in whole ranks."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from headway.standing.ensemble import IndexEnsemble
from headway.standing.moments import descending_ranks
from headway.standing.robust import RankSummary, summary, within
from headway.standing.view import Robust

LEVEL = 0.9


@dataclass(frozen=True, slots=True)
class Place:
    """A country's rank in one ensemble: median and interval in whole places, of `countries` ranked.

    `shared` is how many others the country typically ties with.
    """

    rank: int
    low: int
    high: int
    top10: float
    countries: int
    shared: int

    @property
    def height(self) -> float:
        """Share of countries above, ties counted half: comparable between domains; less is better."""
        return (self.rank + self.shared / 2) / self.countries


def place(ensemble: IndexEnsemble, unit: str, stats: RankSummary | None = None) -> Place | None:
    """Where `unit` stands; None when fewer than half of the members rank it."""
    stats = stats or summary(ensemble, LEVEL)
    if unit not in ensemble.units:
        return None
    i = ensemble.at(unit)
    if stats.ranked[i] < 0.5 or math.isnan(stats.median[i]):
        return None
    low, high = math.floor(stats.low[i]), math.ceil(stats.high[i])
    ties = np.median((ensemble.ranks == ensemble.ranks[:, [i]]).sum(axis=1)) - 1
    return Place(
        rank=min(max(round(stats.median[i]), low), high),
        low=low,
        high=high,
        top10=float(within(ensemble, 10)[i]),
        countries=int((stats.ranked >= 0.5).sum()),
        shared=max(0, int(ties)),
    )


@dataclass(frozen=True, slots=True)
class IndicatorRank:
    """Rank of a country's observed value `of` so many countries, `shared` with others."""

    rank: int
    of: int
    shared: int

    @property
    def height(self) -> float:
        """As `Place.height`."""
        return (self.rank + self.shared / 2) / self.of


def indicator_ranks(made: Robust, country: str) -> Mapping[str, IndicatorRank]:
    """Ranks of the country's observed values, by indicator."""
    table = made.data.table
    if country not in table.units:
        return {}
    i = table.units.index(country)
    out = {}
    for j, leaf in enumerate(made.spec.tree.leaves):
        column = table.values[:, j] * made.spec.indicators[leaf].direction
        if not np.isnan(column[i]):
            ties = int((column == column[i]).sum()) - 1
            out[leaf] = IndicatorRank(int(descending_ranks(column)[i]), int((~np.isnan(column)).sum()), ties)
    return out

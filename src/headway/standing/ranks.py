"""Ranks in an ensemble: intervals, probabilities, and groups of units that cannot be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from headway.core.numbers import LEVEL
from headway.standing.ensemble import IndexEnsemble
from headway.standing.moments import Array, quantiles


@dataclass(frozen=True, slots=True)
class RankSummary:
    """Rank of each unit as specified and over the ensemble; every array has the shape (units,).

    Attributes:
        low, high: ends of the interval with the asked probability (type-7 quantiles), best rank first.
        ranked: share of members in which the unit has a score.
    """

    nominal: Array
    median: Array
    mean: Array
    low: Array
    high: Array
    ranked: Array


def summary(ensemble: IndexEnsemble, level: float = LEVEL) -> RankSummary:
    """Rank intervals of the units, of probability `level`; members in which a unit has no score do not count for it."""
    ranks = ensemble.ranks
    tail = (1 - level) / 2
    low, median, high = quantiles(ranks, (tail, 0.5, 1 - tail))
    ranked = ~np.isnan(ranks)
    n = ranked.sum(axis=0)
    mean = np.where(ranked, ranks, 0.0).sum(axis=0) / np.where(n > 0, n, np.nan)
    return RankSummary(ensemble.nominal_ranks, median, mean, low, high, n / len(ranks))


def rank_probabilities(ensemble: IndexEnsemble) -> Array:
    """Probabilities of ranks 1 to n for each unit, shape (units, ranks); rows sum to the share ranked."""
    n = len(ensemble.units)
    out = np.zeros((n, n))
    members, units = np.nonzero(~np.isnan(ensemble.ranks))
    np.add.at(out, (units, ensemble.ranks[members, units].astype(int) - 1), 1.0)
    return out / len(ensemble.ranks)


def within(ensemble: IndexEnsemble, rank: int) -> Array:
    """Probabilities that a unit's rank is at most `rank`, among members in which it is ranked; shape (units,)."""
    ranked = (~np.isnan(ensemble.ranks)).sum(axis=0)
    return np.asarray((ensemble.ranks <= rank).sum(axis=0) / np.where(ranked > 0, ranked, np.nan))


def above(ensemble: IndexEnsemble) -> Array:
    """Probabilities that A scores above B, ties counted half, shape (units, units); NaN where they never meet."""
    n = len(ensemble.units)
    won, met = np.zeros((n, n)), np.zeros((n, n))
    chunk = max(1, 2**23 // max(1, n * n))
    for start in range(0, len(ensemble.ranks), chunk):
        r = ensemble.ranks[start : start + chunk]
        both = ~np.isnan(r[:, :, None]) & ~np.isnan(r[:, None, :])
        met += both.sum(axis=0)
        won += (both * ((r[:, :, None] < r[:, None, :]) + 0.5 * (r[:, :, None] == r[:, None, :]))).sum(axis=0)
    return won / np.where(met > 0, met, np.nan)


def tiers(ensemble: IndexEnsemble, confidence: float = 0.95) -> list[tuple[str, ...]]:
    """Groups of units that cannot be told apart from their group's best.

    Units go by mean rank. A unit opens a new tier when the first of the running tier is above it with probability
    `confidence` or more.
    """
    stats = summary(ensemble)
    order = [int(i) for i in np.argsort(stats.mean, kind="stable") if not np.isnan(stats.mean[i])]
    out: list[list[int]] = []
    while order:
        end = _first_beaten(ensemble.ranks, order, confidence)
        out.append(order[:end])
        order = order[end:]
    return [tuple(ensemble.units[i] for i in tier) for tier in out]


def _first_beaten(ranks: Array, order: Sequence[int], confidence: float) -> int:
    """Position of the first unit that the first of all is above with `confidence`; their number where there is none."""
    start, size = 1, 64
    while start < len(order):  # a window at a time, because a tier is short beside all units
        beaten = _above_others(ranks, order[0], order[start : start + size]) >= confidence
        if beaten.any():
            return start + int(np.argmax(beaten))
        start, size = start + size, 2 * size
    return len(order)


def _above_others(ranks: Array, unit: int, others: Sequence[int]) -> Array:
    """Probabilities that one unit scores above each of the others, ties counted half; NaN where they never meet."""
    mine, r = ranks[:, [unit]], ranks[:, others]
    met = (~np.isnan(mine) & ~np.isnan(r)).sum(axis=0)
    won = (mine < r).sum(axis=0) + 0.5 * (mine == r).sum(axis=0)
    return np.asarray(won / np.where(met > 0, met, np.nan))


def rank_records(ensemble: IndexEnsemble, groups: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """Units by mean rank, one record each; units that no member ranks come last.

    A record holds unit, nominal, median, low, high, mean, p_top_10 and tier (place of its group, None without one).

    Args:
        groups: units that cannot be told apart, best first, as by `tiers`.
    """
    stats, top10 = summary(ensemble), within(ensemble, 10)
    tier_of = {unit: place for place, group in enumerate(groups, start=1) for unit in group}
    order = np.argsort(np.where(np.isnan(stats.mean), np.inf, stats.mean), kind="stable")
    keys = ("nominal", "median", "low", "high", "mean")
    return [
        {
            "unit": ensemble.units[i],
            **{key: float(getattr(stats, key)[i]) for key in keys},
            "p_top_10": float(top10[i]),
            "tier": tier_of.get(ensemble.units[i]),
        }
        for i in order
    ]

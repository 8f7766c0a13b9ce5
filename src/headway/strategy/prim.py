"""The patient rule induction method: peel away thin slices of futures until what is left is mostly of interest.

Jerome H. Friedman and Nicholas I. Fisher, "Bump hunting in high-dimensional data", Statistics and Computing 9 (1999),
123–143, doi:10.1023/A:1008894516817; for scenario discovery: Benjamin P. Bryant and Robert J. Lempert, "Thinking inside
the box", Technological Forecasting and Social Change 77 (2010), 34–49, doi:10.1016/j.techfore.2009.08.002.

Written here because the one kept library that has it, EMA Workbench, takes seconds to import and brings three plotting
libraries; `benchmarks/strategy.py` compares the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from scipy.special import betainc

from headway.strategy.boxes import Between, Bools, Box, Columns, Limit, OneOf, inside, measured

PEEL = 0.05  # share of the futures in the box that one slice takes away at most
LEAST_SUPPORT = 0.05
_LIFT = 0.1  # of density over the share of all futures, below which a rule tells nothing
_CHANCE = 0.05  # a limit that could so easily have come by chance is left out (quasi-p-value of Bryant and Lempert)
_WORTH = 0.04  # of balance that each limit of a rule must be worth
_MOST_LIMITS = 3  # a rule with more is no explanation


def prim(columns: Columns, interesting: Bools, peel: float = PEEL, least_support: float = LEAST_SUPPORT) -> list[Box]:
    """The peeling trajectory, from all futures to the smallest box.

    Args:
        interesting: truths, one per future. least_support: share of futures below which no box gets.

    Raises:
        ValueError: no future, or columns of other lengths.
    """
    if not len(interesting) or any(len(values) != len(interesting) for values in columns.values()):
        raise ValueError("every column needs one value per future, and there must be at least one future")
    limits: dict[str, Limit] = {}
    held = np.ones(len(interesting), bool)
    trajectory = [measured(limits, columns, interesting)]
    least = max(least_support * len(interesting), 2)
    while True:
        best: tuple[float, str, Limit, Bools] | None = None
        for name, limit in _slices(columns, limits, held, peel):
            kept = held & limit.holds(columns[name])
            if kept.sum() < least or kept.sum() == held.sum():
                continue
            # Gain of density per future given up, so that a large kind is not cut off for a small gain.
            gain = (interesting[kept].mean() - interesting[held].mean()) / (held.sum() - kept.sum())
            if best is None or gain > best[0]:
                best = (gain, name, limit, kept)
        if best is None or best[0] <= 0:
            return trajectory
        _, name, limit, held = best
        limits[name] = limit
        trajectory.append(measured(limits, columns, interesting))


def rule(columns: Columns, interesting: Bools) -> Box | None:
    """The box of the trajectory that balances coverage and density best, with the limits that chance does not explain.

    None where nothing, or everything, is of interest, or no limit is better than chance.
    """
    share = float(np.mean(interesting)) if len(interesting) else 0.0
    if share in (0.0, 1.0):
        return None
    candidates = [_pruned(box, columns, interesting) for box in prim(columns, interesting)[1:]]
    candidates = [box for box in candidates if box.limits and box.density > share + _LIFT]
    return max(candidates, key=_balance, default=None)


def _balance(box: Box) -> float:
    """Harmonic mean of coverage and density."""
    return 2 * box.coverage * box.density / (box.coverage + box.density) if box.coverage + box.density else 0.0


def _pruned(box: Box, columns: Columns, interesting: Bools) -> Box:
    """The box without limits that change little: those that chance explains, then all but the most telling."""
    limits = dict(box.limits)
    chances = {name: _chance(limits, name, columns, interesting) for name in limits}
    kept = sorted((name for name in limits if chances[name] < _CHANCE), key=lambda name: chances[name])
    told = measured({name: limits[name] for name in kept[:_MOST_LIMITS]}, columns, interesting)
    while len(told.limits) > 1:
        shorter = [
            measured({other: limit for other, limit in told.limits.items() if other != name}, columns, interesting)
            for name in told.limits
        ]
        best = max(shorter, key=_balance)
        if _balance(best) < _balance(told) - _WORTH:
            break
        told = best
    return told


def _chance(limits: Mapping[str, Limit], name: str, columns: Columns, interesting: Bools) -> float:
    """Probability that the futures left inside would hold so many cases if the limit picked them blindly."""
    without = inside({other: limit for other, limit in limits.items() if other != name}, columns)
    held = without & limits[name].holds(columns[name])
    if not held.any():
        return 1.0
    cases, count = int(interesting[held].sum()), int(held.sum())
    if not cases:
        return 1.0
    # The upper tail of the binomial distribution; scipy.stats, which has it by name, takes a second to import.
    return float(betainc(cases, count - cases + 1, float(interesting[without].mean())))


def _slices(columns: Columns, limits: Mapping[str, Limit], held: Bools, peel: float) -> Iterator[tuple[str, Limit]]:
    """Every limit that one more peel could set."""
    for name, values in columns.items():
        now = limits.get(name)
        if values.dtype.kind in "fiu":
            old = now if isinstance(now, Between) else Between()
            numbers = np.asarray(values[held], np.float64)
            low, high = np.quantile(numbers, [peel, 1 - peel], method="inverted_cdf")
            above, below = numbers[numbers > low], numbers[numbers < high]
            if len(above):
                yield name, Between(float(above.min()), old.high)
            if len(below):
                yield name, Between(old.low, float(below.max()))
        else:
            kinds = frozenset(np.unique(np.asarray(values[held], str)).tolist())
            if len(kinds) > 1:
                for kind in sorted(kinds):
                    yield name, OneOf(kinds - {kind})

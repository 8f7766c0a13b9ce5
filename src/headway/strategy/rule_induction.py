"""Rule induction: boxes that hold most of the futures of interest, by the patient method and by classification trees.

PRIM peels away thin slices of futures until what is left is mostly of interest. Jerome H. Friedman and Nicholas I.
Fisher, "Bump hunting in high-dimensional data", Statistics and Computing 9 (1999), 123–143,
doi:10.1023/A:1008894516817; for scenario discovery: Benjamin P. Bryant and Robert J. Lempert, "Thinking inside the
box", Technological Forecasting and Social Change 77 (2010), 34–49, doi:10.1016/j.techfore.2009.08.002. Written here
because the one kept library that has it, EMA Workbench, takes seconds to import and brings three plotting libraries;
`benchmarks/strategy.py` compares the two.

CART takes the leaf of a tree, or the branch above it, in which most futures of interest lie. Leo Breiman, Jerome
Friedman, Richard Olshen and Charles Stone, Classification and Regression Trees (1984); the tree is scikit-learn's. Set
beside PRIM by Robert J. Lempert, Benjamin P. Bryant and Steven C. Bankes, "Comparing Algorithms for Scenario
Discovery", RAND WR-557-NSF (2008).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import betainc

PEEL = 0.05  # share of the futures in the box that one slice takes away at most
DEPTH = 3  # of a tree
LEAST_SUPPORT = 0.05
_LIFT = 0.1  # of density over the share of all futures, below which a rule tells nothing
_CHANCE = 0.05  # a limit that could so easily have come by chance is left out (quasi-p-value of Bryant and Lempert)
_WORTH = 0.04  # of balance that each limit of a rule must be worth
_MOST_LIMITS = 3  # a rule with more is no explanation

Bools = npt.NDArray[np.bool_]
Columns = Mapping[str, npt.NDArray[np.generic]]
"""Properties of the futures by name: numbers, or words for what comes in kinds."""


@dataclass(frozen=True)
class Between:
    """Numbers from `low` to `high`, both included; infinite where there is no bound."""

    low: float = -np.inf
    high: float = np.inf

    def record(self) -> dict[str, float | None]:
        """As plain data; None where there is no bound."""
        return {
            "low": self.low if np.isfinite(self.low) else None,
            "high": self.high if np.isfinite(self.high) else None,
        }

    def holds(self, values: npt.NDArray[np.generic]) -> Bools:
        """True where the condition holds."""
        numbers = np.asarray(values, np.float64)
        return (numbers >= self.low) & (numbers <= self.high)


@dataclass(frozen=True)
class OneOf:
    """One of a few kinds."""

    kinds: frozenset[str]

    def record(self) -> list[str]:
        """As plain data."""
        return sorted(self.kinds)

    def holds(self, values: npt.NDArray[np.generic]) -> Bools:
        """True where the condition holds."""
        return np.isin(np.asarray(values, str), list(self.kinds))


Limit = Between | OneOf


@dataclass(frozen=True)
class Box:
    """A rule: all limits hold.

    Attributes:
        coverage: share of the cases of interest that lie in the box. support: share of all futures that do.
        density: share of the futures in the box that are of interest.
    """

    limits: Mapping[str, Limit]
    coverage: float
    density: float
    support: float


def inside(limits: Mapping[str, Limit], columns: Columns) -> Bools:
    """Futures in which all limits hold."""
    count = len(next(iter(columns.values())))
    held = np.ones(count, bool)
    for name, limit in limits.items():
        held &= limit.holds(columns[name])
    return held


def measured(limits: Mapping[str, Limit], columns: Columns, interesting: Bools) -> Box:
    """The box with its coverage, density and support."""
    held = inside(limits, columns)
    cases = int(interesting.sum())
    both = int((held & interesting).sum())
    return Box(
        dict(limits), both / cases if cases else 0.0, both / held.sum() if held.any() else 0.0, float(held.mean())
    )


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
    trajectory = [measured(limits, columns, interesting)]
    least = max(least_support * len(interesting), 2)
    held = {name: _comparable(values) for name, values in columns.items()}
    cases = np.asarray(interesting, bool)
    while True:
        best: tuple[float, str, Limit, Bools] | None = None
        count, share = len(cases), cases.mean()
        for name, limit, kept in _slices(held, limits, peel):
            left = int(np.count_nonzero(kept))
            if left < least or left == count:
                continue
            # Gain of density per future given up, so that a large kind is not cut off for a small gain.
            gain = (np.count_nonzero(cases & kept) / left - share) / (count - left)
            if best is None or gain > best[0]:
                best = (gain, name, limit, kept)
        if best is None or best[0] <= 0:
            return trajectory
        _, name, limit, kept = best
        limits[name] = limit
        held, cases = {name: values[kept] for name, values in held.items()}, cases[kept]
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


def _comparable(values: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """Numbers as floats, kinds as words."""
    return np.asarray(values, np.float64 if values.dtype.kind in "fiu" else str)


def _slices(held: Columns, limits: Mapping[str, Limit], peel: float) -> Iterator[tuple[str, Limit, Bools]]:
    """Every limit that one more peel could set, and which of the futures still held it keeps."""
    for name, values in held.items():
        if values.dtype.kind == "f":
            now = limits.get(name)
            old = now if isinstance(now, Between) else Between()
            # The values below which at least these shares lie, as in the inverted distribution function.
            ranks = [max(int(np.ceil(len(values) * share - 1)), 0) for share in (peel, 1 - peel)]
            low, high = np.partition(values, ranks)[ranks]
            above, below = values > low, values < high
            if above.any():
                yield name, Between(float(values[above].min()), old.high), above
            if below.any():
                yield name, Between(old.low, float(values[below].max())), below
        else:
            kinds = frozenset(np.unique(values).tolist())
            if len(kinds) > 1:
                for kind in sorted(kinds):
                    yield name, OneOf(kinds - {kind}), values != kind


def cart(columns: Columns, interesting: Bools, depth: int = DEPTH, least_support: float = LEAST_SUPPORT) -> list[Box]:
    """All branches in which most futures are of interest more often than overall, the best balanced first."""
    from sklearn.tree import DecisionTreeClassifier

    share = float(np.mean(interesting))
    if share in (0.0, 1.0):
        return []
    names, table = _numbers(columns)
    least = max(2, int(least_support * len(interesting)))
    tree = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=least, class_weight="balanced", random_state=0)
    tree.fit(table, interesting)
    boxes = [measured(limits, columns, interesting) for limits in _branches(tree.tree_, names, columns) if limits]
    boxes = [box for box in boxes if box.density > share]
    return sorted(boxes, key=lambda box: -2 * box.coverage * box.density / (box.coverage + box.density))


def _numbers(columns: Columns) -> tuple[list[tuple[str, str | None]], np.ndarray]:
    """The columns as numbers: one for a number, one per kind for kinds."""
    names: list[tuple[str, str | None]] = []
    parts = []
    for name, values in columns.items():
        if values.dtype.kind in "fiu":
            names.append((name, None))
            parts.append(np.asarray(values, np.float64))
        else:
            for kind in np.unique(np.asarray(values, str)).tolist():
                names.append((name, kind))
                parts.append((np.asarray(values, str) == kind).astype(float))
    return names, np.column_stack(parts)


def _branches(tree: Any, names: list[tuple[str, str | None]], columns: Columns) -> Iterator[dict[str, Limit]]:
    """Limits of every node of the tree."""

    def below(node: int, limits: dict[str, Limit]) -> Iterator[dict[str, Limit]]:
        yield limits
        if tree.children_left[node] < 0:
            return
        (name, kind), threshold = names[tree.feature[node]], float(tree.threshold[node])
        for child, less in ((tree.children_left[node], True), (tree.children_right[node], False)):
            yield from below(int(child), limits | {name: _cut(limits.get(name), kind, threshold, less, columns[name])})

    return below(0, {})


def _cut(now: Limit | None, kind: str | None, threshold: float, less: bool, values: np.ndarray) -> Limit:
    if kind is None:
        old = now if isinstance(now, Between) else Between()
        # The tree sends values up to the threshold left; the next number above it starts the right side.
        return (
            Between(old.low, min(old.high, threshold))
            if less
            else Between(max(old.low, float(np.nextafter(threshold, np.inf))), old.high)
        )
    kinds = now.kinds if isinstance(now, OneOf) else frozenset(np.unique(np.asarray(values, str)).tolist())
    return OneOf(kinds - {kind} if less else kinds & {kind})

"""Classification trees: the leaf, or the branch above it, in which most futures of interest lie.

Leo Breiman, Jerome Friedman, Richard Olshen and Charles Stone, Classification and Regression Trees (1984); the tree is
scikit-learn's. Set beside PRIM by Robert J. Lempert, Benjamin P. Bryant and Steven C. Bankes, "Comparing Algorithms for
Scenario Discovery", RAND WR-557-NSF (2008).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from headway.strategy.boxes import Between, Bools, Box, Columns, Limit, OneOf, measured

DEPTH = 3
LEAST_SUPPORT = 0.05


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

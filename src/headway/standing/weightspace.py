"""Space of weights: share of all weights under which a unit leads, and smallest change for one to pass another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from headway.core.errors import InputError
from headway.standing.aggregate import positive_scores
from headway.standing.build import Index
from headway.standing.moments import Array


@dataclass(frozen=True)
class LinearNode:
    """Node whose score is linear in the weights of its children, after a monotone change of scale.

    Attributes:
        units: labels of the rows. children: labels of the columns.
        scores: children's scores on the scale on which the node is a weighted mean, shape (units, children).
        weights: nominal weights, shape (children,).
    """

    units: tuple[str, ...]
    children: tuple[str, ...]
    scores: Array
    weights: Array

    def at(self, unit: str) -> int:
        """Row of a unit with all children.

        Raises:
            InputError: it is not there, or lacks a child.
        """
        if unit not in self.units:
            raise InputError(f"'{unit}' is not among the units that have all of {', '.join(self.children)}")
        return self.units.index(unit)


def linear(index: Index, node: str | None = None, leaves: bool = False) -> LinearNode:
    """Node with its children, or with `leaves` all indicators below it under effective weights.

    Units that lack a child are left out: their weights would be other ones.

    Raises:
        InputError: the node is no mean, or with `leaves` a node below it is not arithmetic.
    """
    node = node or index.spec.tree.root
    last = index.blocks()[-1]
    if node not in index.spec.nodes:
        raise InputError(f"'{node}' is no node; the nodes are {', '.join(index.spec.tree.nodes)}")
    how = index.spec.aggregation(node)
    scale: dict[str, Callable[[Array], Array]] = {
        "arithmetic": lambda x: x,
        "geometric": np.log,
        "harmonic": lambda x: -1 / x,
    }
    if how.method not in scale:
        raise InputError(f"node '{node}': {how.method} is not linear in weights; use `ensemble.run` with drawn weights")
    names = index.spec.tree.under(node) if leaves else index.spec.tree.children[node]
    weights = _effective(index, node) if leaves else index.weights[node][-1]
    x = scale[how.method](positive_scores(np.column_stack([index.scores[name][last] for name in names]), how))
    complete = ~np.isnan(x).any(axis=1)
    units = tuple(index.units[i] for i in last[complete])
    return LinearNode(units, names, x[complete], weights)


def _effective(index: Index, node: str) -> Array:
    """Weights of indicators under `node`: products down the tree."""
    out = []
    for child, weight in zip(index.spec.tree.children[node], index.weights[node][-1], strict=True):
        if child in index.spec.nodes:
            if index.spec.aggregation(child).method != "arithmetic" or index.spec.nodes[child].rescale:
                raise InputError(f"node '{child}' is no plain arithmetic mean, so indicators have no effective weights")
            out.append(weight * _effective(index, child))
        else:
            out.append(np.array([weight]))
    nested = any(child in index.spec.nodes for child in index.spec.tree.children[node])
    if nested and index.spec.aggregation(node).method != "arithmetic":
        raise InputError(f"node '{node}' is not arithmetic, so indicators have no effective weights; ask for children")
    return np.concatenate(out)


def effective_weights(index: Index, node: str | None = None, block: int = -1) -> dict[str, float]:
    """Nominal weights of indicators in the node: weights multiplied down the tree, whatever the aggregation.

    Args:
        block: number of the year, for data with years; the latest by default.
    """
    node = node or index.spec.tree.root
    out: dict[str, float] = {}
    for child, weight in zip(index.spec.tree.children[node], index.weights[node][block], strict=True):
        if child in index.spec.nodes:
            out |= {leaf: float(weight) * w for leaf, w in effective_weights(index, child, block).items()}
        else:
            out[child] = float(weight)
    return out


def share_leading(problem: LinearNode, power: int = 14, seed: int = 0) -> tuple[dict[str, float], float]:
    """Share of all possible weights (uniform over the simplex) under which each unit comes first.

    Ties are split. Weights come from a scrambled Sobol' sequence of 2**`power` points, mapped to the simplex by
    spacings of sorted coordinates.

    Returns:
        Shares by unit, and a bound on their standard error (that of independent draws).
    """
    from scipy.stats import qmc  # a second to import

    k = len(problem.children)
    if k == 1:
        w = np.ones((1, 1))
    else:
        points = np.sort(qmc.Sobol(k - 1, seed=seed).random_base2(power), axis=1)
        w = np.diff(np.column_stack([np.zeros(len(points)), points, np.ones(len(points))]), axis=1)
    scores = w @ problem.scores.T
    best = scores >= scores.max(axis=1, keepdims=True) - 1e-12
    shares = (best / best.sum(axis=1, keepdims=True)).mean(axis=0)
    return dict(zip(problem.units, shares.tolist(), strict=True)), float(0.5 / np.sqrt(len(w)))


@dataclass(frozen=True, slots=True)
class Overtaking:
    """Nearest weights under which one unit is level with another.

    Attributes:
        weights: by child; None when no weights do it, because the other is better in every child.
        moved: weight that changes hands (half the sum of absolute changes); 0 when it is ahead already.
        distance: Euclidean distance to the nominal weights.
    """

    weights: dict[str, float] | None
    moved: float
    distance: float


def smallest_change(problem: LinearNode, unit: str, rival: str, norm: int = 1) -> Overtaking:
    """Smallest change of weights for `unit` to draw level with `rival`.

    Args:
        norm: 1 moves the least weight (a linear programme); 2 the nearest weights (a quadratic one).

    Raises:
        InputError: a unit is missing or lacks a child.
    """
    gap = problem.scores[problem.at(unit)] - problem.scores[problem.at(rival)]
    w0 = problem.weights
    if gap @ w0 >= 0:
        return Overtaking(dict(zip(problem.children, w0.tolist(), strict=True)), 0.0, 0.0)
    if gap.max() < 0:
        return Overtaking(None, float("inf"), float("inf"))
    w = _nearest_l1(gap, w0) if norm == 1 else _nearest_l2(gap, w0)
    moved, distance = float(np.abs(w - w0).sum() / 2), float(np.linalg.norm(w - w0))
    return Overtaking(dict(zip(problem.children, w.tolist(), strict=True)), moved, distance)


def _nearest_l1(gap: Array, w0: Array) -> Array:
    """Weights that add the least weight, with w = w0 + up - down."""
    from scipy.optimize import linprog

    k = len(w0)
    found = linprog(
        np.ones(2 * k),
        A_ub=-np.concatenate([gap, -gap])[None, :],
        b_ub=[gap @ w0],
        A_eq=np.concatenate([np.ones(k), -np.ones(k)])[None, :],
        b_eq=[0.0],
        bounds=[(0, None)] * k + [(0, float(w)) for w in w0],
        method="highs",
    )
    return np.asarray(w0 + found.x[:k] - found.x[k:])


def _nearest_l2(gap: Array, w0: Array) -> Array:
    """Projection of w0 on the weights (non-negative, summing to one) with gap · w ≥ 0."""
    from scipy.optimize import minimize

    found = minimize(
        lambda w: ((w - w0) ** 2).sum(),
        _nearest_l1(gap, w0),
        jac=lambda w: 2 * (w - w0),
        bounds=[(0, 1)] * len(w0),
        constraints=[
            {"type": "eq", "fun": lambda w: w.sum() - 1, "jac": lambda w: np.ones(len(w))},
            {"type": "ineq", "fun": lambda w: gap @ w, "jac": lambda w: gap},
        ],
        options={"ftol": 1e-15, "maxiter": 500},
        method="SLSQP",
    )
    return np.asarray(found.x)

"""Outranking: pairwise comparison of units over children, Copeland's scores, and the Kemeny order.

The Kemeny order is the ranking that contradicts the least weight of pairwise comparisons. The majority graph is cut
into its strongly connected components, which every Kemeny order keeps in sequence (the extended Condorcet criterion),
and each component is solved by itself: exactly, as an integer programme, up to `EXACT` units, beyond that by local
search, and marked so.
Source: Kemeny (1959), Daedalus 88; Truchon (1998), An extension of the Condorcet criterion and Kemeny orders;
Conitzer, Davenport and Kalagnanam (2006), Improved bounds for computing Kemeny rankings, AAAI-06.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from headway.core.errors import ModelError
from headway.standing.moments import Array, ascending_ranks

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outranking:
    """Pairwise comparison of all units.

    Attributes:
        share: shape (units, units); share[a, b] is the weight of children in which a beats b, ties counted half, out
            of the weight of children that both have; share[a, b] + share[b, a] = 1; NaN where they share no child.
        missing: per unit, with how many others it shares no child.
    """

    share: Array
    missing: Counts

    @property
    def dominance(self) -> float:
        """Share of pairs in which one unit is at least as good everywhere and better somewhere."""
        n = len(self.share)
        return float((self.share == 1).sum() / (n * (n - 1) / 2)) if n > 1 else 0.0


def outranking(x: Array, w: Array) -> Outranking:
    """Outranking matrix of scores `x` (units, children) under weights `w` (children,); diagonal zero.

    Source: OECD/JRC Handbook (2008), section on non-compensatory multi-criteria approaches.
    """
    n, p = x.shape
    won, shared = np.zeros((n, n)), np.zeros((n, n))
    for j in range(p):
        column = x[:, j]
        present = ~np.isnan(column)
        both = np.outer(present, present)
        with np.errstate(invalid="ignore"):
            better = (column[:, None] > column[None, :]) + 0.5 * (column[:, None] == column[None, :])
        won += w[j] * np.where(both, better, 0.0)
        shared += w[j] * both
    share = won / np.where(shared > 0, shared, np.nan)
    np.fill_diagonal(share, 0.0)
    return Outranking(share, np.isnan(share).sum(axis=1))


def copeland(x: Array, w: Array, majority: bool = False) -> tuple[Array, Counts]:
    """Copeland scores: the sum over rivals of the share of weight that favours the unit.

    With `majority` each rival counts 1 when the share is above one half, 0.5 at one half, else 0, which is Copeland's
    own count of victories. A pair without a common child counts one half.

    Args:
        x: shape (units, children) or (…, units, children). w: shape (…, children).

    Returns:
        Scores, shape (…, units), and the number of missing comparisons per unit.
    """
    present = ~np.isnan(x)
    nothing = ~present.any(axis=-1)
    if present.all() and not majority:
        beaten = ascending_ranks(x, ties="average") - 1
        weights = w / w.sum(axis=-1, keepdims=True)
        scores = weights @ beaten.T if x.ndim == 2 else (beaten @ weights[..., None])[..., 0]
        return np.asarray(scores), np.zeros(scores.shape, dtype=np.int64)
    batch = np.broadcast_shapes(x.shape[:-2], w.shape[:-1])
    xs = np.broadcast_to(x, (*batch, *x.shape[-2:])).reshape(-1, *x.shape[-2:])
    ws = np.broadcast_to(w, (*batch, w.shape[-1])).reshape(-1, w.shape[-1])
    scores, missing = np.empty((len(xs), x.shape[-2])), np.empty((len(xs), x.shape[-2]), dtype=np.int64)
    for i, (one, weights) in enumerate(zip(xs, ws, strict=True)):
        matrix = outranking(one, weights)
        share = np.where(np.isnan(matrix.share), 0.5, matrix.share)
        if majority:
            share = np.where(np.isclose(share, 0.5), 0.5, np.round(share))
        np.fill_diagonal(share, 0.0)
        scores[i], missing[i] = share.sum(axis=1), matrix.missing
    shape = (*batch, x.shape[-2])
    empty = np.broadcast_to(nothing, shape)
    return np.where(empty, np.nan, scores.reshape(shape)), missing.reshape(shape)


EXACT = 30


@dataclass(frozen=True, slots=True)
class KemenyOrder:
    """Kemeny order of the units, and what it rests on.

    Attributes:
        scores: how many units stand below, shape (units,); neighbours that compare evenly share the higher score; NaN
            for a unit without data.
        cost: weight of comparisons contradicted.
        exact: whether every component was solved to proven optimality.
    """

    scores: Array
    cost: float
    exact: bool


def kemeny(x: Array, w: Array, exact: int = EXACT) -> KemenyOrder:
    """Kemeny order of units by their scores `x` (units, children) under weights `w` (children,).

    Pairs without a common child count as even.
    """
    ranked = np.flatnonzero((~np.isnan(x)).any(axis=1))
    share = outranking(x[ranked], w).share
    share = np.where(np.isnan(share), 0.5, share)
    order: list[int] = []
    proven = True
    for part in _components(share):
        if len(part) <= exact:
            order += [part[i] for i in _exact(share[np.ix_(part, part)])]
        else:
            order += [part[i] for i in _local_search(share[np.ix_(part, part)])]
            proven = False
    cost = float(sum(share[order[j], order[i]] for i, j in combinations(range(len(order)), 2)))
    below = np.arange(len(order), 0, -1.0) - 1
    for i in range(1, len(order)):
        if abs(share[order[i - 1], order[i]] - 0.5) < 1e-12:
            below[i] = below[i - 1]
    scores = np.full(len(x), np.nan)
    scores[ranked[order]] = below
    return KemenyOrder(scores, cost, proven)


def _components(share: Array) -> list[list[int]]:
    """Strongly connected components of "at least as many favour a over b", best first."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    n = len(share)
    edges = (share >= share.T - 1e-12) & ~np.eye(n, dtype=bool)
    _, labels = connected_components(csr_array(edges.astype(np.int8)), directed=True, connection="strong")
    groups = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    strict = share > share.T + 1e-12
    wins = [strict[group][:, np.setdiff1d(np.arange(n), group)].sum() / len(group) for group in groups]
    return [groups[i].tolist() for i in np.argsort(-np.asarray(wins), kind="stable")]


def _exact(share: Array) -> Sequence[int]:
    """Order with the least contradicted weight, by integer programming; y[a, b] = 1 when a stands above b."""
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import coo_array

    n = len(share)
    if n <= 2:
        return [0] if n == 1 else ([0, 1] if share[0, 1] >= share[1, 0] else [1, 0])
    pairs = {pair: i for i, pair in enumerate(combinations(range(n), 2))}
    cost = np.array([share[b, a] - share[a, b] for a, b in pairs])
    rows, columns, values = [], [], []
    triples = list(combinations(range(n), 3))
    for row, (a, b, c) in enumerate(triples):  # 0 ≤ y_ab + y_bc - y_ac ≤ 1 forbids both cycles
        rows += [row] * 3
        columns += [pairs[a, b], pairs[b, c], pairs[a, c]]
        values += [1.0, 1.0, -1.0]
    matrix = coo_array((values, (rows, columns)), shape=(len(triples), len(pairs))).tocsr()
    found = milp(cost, constraints=LinearConstraint(matrix, 0, 1), integrality=np.ones(len(pairs)), bounds=Bounds(0, 1))
    if found.x is None:
        raise ModelError(f"the Kemeny order of {n} units was not found ({found.message})")
    above = np.zeros(n)
    for (a, b), i in pairs.items():
        above[a if found.x[i] > 0.5 else b] += 1
    return [int(i) for i in np.argsort(-above, kind="stable")]


def _local_search(share: Array) -> Sequence[int]:
    """Order reached from the Borda order by moving one unit at a time to its best place until nothing improves."""
    order = [int(i) for i in np.argsort(-share.sum(axis=1), kind="stable")]
    improved = True
    while improved:
        improved = False
        for unit in list(order):
            rest = [u for u in order if u != unit]
            loss_below = np.concatenate(([0.0], np.cumsum(share[unit, rest])))
            loss_above = np.concatenate((np.cumsum(share[rest, unit][::-1])[::-1], [0.0]))
            cost = loss_below + loss_above  # contradicted weight with `unit` at each place
            place = int(np.argmin(cost))
            if cost[place] < cost[order.index(unit)] - 1e-12:
                order = [*rest[:place], unit, *rest[place:]]
                improved = True
    return order

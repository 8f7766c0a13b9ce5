"""Pairwise comparison of units over the children: the outranking matrix and Copeland's score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from headway.standing.moments import Array, ascending_ranks

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outranking:
    """How units compare.

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
    """The outranking matrix of scores `x` (units, children) under weights `w` (children,); diagonal zero.

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

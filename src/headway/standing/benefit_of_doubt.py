"""Benefit of the doubt: scores under the weights that favour each unit most, within stated limits.

Source: Cherchye, Moesen, Rogge and Van Puyenbroeck (2007), An introduction to 'benefit of the doubt' composite
indicators, Social Indicators Research 82; OECD/JRC Handbook (2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from headway.core.errors import InputError
from headway.standing.moments import Array

LIMIT = 3000
"""Most units per linear programme; each unit is a programme with one constraint per unit."""


@dataclass(frozen=True, slots=True)
class BenefitOfTheDoubt:
    """Scores in (0, 1], shape (units,), and each unit's own shares of its score, shape (units, children)."""

    scores: Array
    shares: Array


def benefit_of_the_doubt(x: Array, lower: float = 0.0, upper: float = 1.0, even: bool = False) -> BenefitOfTheDoubt:
    """Highest score of each unit under non-negative weights that let no unit exceed 1.

    Args:
        x: non-negative scores, shape (units, children); a missing child gets no weight in its unit's programme and
            counts as zero as a rival.
        lower, upper: limits on each present child's share of the unit's score.
        even: among weights that score the same, return the most even shares (they are unique) instead of any.

    Raises:
        InputError: negative scores, limits that no weights can meet, or more than `LIMIT` units.
    """
    n, p = x.shape
    if (x < 0).any():
        raise InputError("benefit of the doubt needs scores of zero or more; use min-max or goalposts before it")
    if n > LIMIT:
        raise InputError(f"benefit of the doubt solves one programme per unit and takes at most {LIMIT} units, not {n}")
    if lower * p > 1 or upper * p < 1 or lower > upper:
        raise InputError(f"no weights of {p} children can all lie between {lower:.0%} and {upper:.0%} of the score")
    rivals = _frontier(np.nan_to_num(x))
    scores, shares = np.full(n, np.nan), np.full((n, p), np.nan)
    for i in range(n):
        own = np.flatnonzero(~np.isnan(x[i]))
        if own.size and (x[i, own] > 0).any():
            limits = lower, max(upper, 1 / own.size)
            scores[i], shares[i, own] = _one(x[i, own], rivals[:, own], *limits)
            if even:
                shares[i, own] = _evened(x[i, own], rivals[:, own], *limits, scores[i], shares[i, own])
        elif own.size:
            scores[i] = 0.0
    return BenefitOfTheDoubt(scores, shares)


def _one(x: Array, rivals: Array, lower: float, upper: float) -> tuple[float, Array]:
    """Score and shares of one unit: maximise w · x with w · x_j ≤ 1 for all rivals and share limits on w_k x_k."""
    from scipy.optimize import linprog

    k = len(x)
    limits, bounds = [np.vstack([rivals, x])], [np.ones(len(rivals) + 1)]
    if lower > 0:
        limits.append(lower * np.tile(x, (k, 1)) - np.diag(x))
        bounds.append(np.zeros(k))
    if upper < 1:
        limits.append(np.diag(x) - upper * np.tile(x, (k, 1)))
        bounds.append(np.zeros(k))
    found = linprog(-x, A_ub=np.vstack(limits), b_ub=np.concatenate(bounds), bounds=(0, None), method="highs")
    if found.x is None:
        raise InputError(f"no weights within the share limits: {found.message}")
    score = float(found.x @ x)
    return score, found.x * x / score if score > 0 else np.full(k, np.nan)


def _evened(x: Array, rivals: Array, lower: float, upper: float, score: float, start: Array) -> Array:
    """Shares nearest to equal ones that still reach `score`, by least-distance programming.

    Source: Lawson and Hanson (1974), Solving Least Squares Problems, chapter 23.
    """
    from scipy.linalg import null_space
    from scipy.optimize import nnls

    live = np.flatnonzero(x > 0)
    k = len(live)
    if k == 1:
        return start
    slopes = score * rivals[:, live] / x[live]
    equal = np.full(k, 1 / k)
    within = null_space(np.ones((1, k)))  # moves that keep the sum
    bounds = np.vstack([-slopes, np.eye(k), -np.eye(k)]) @ within
    limits = np.concatenate([slopes @ equal - 1 - 1e-9, lower - equal, equal - upper])
    system = np.vstack([bounds.T, limits])
    target = np.zeros(k)
    target[-1] = 1.0
    dual, _ = nnls(system, target)
    residual = system @ dual - target
    out = np.zeros(len(x))
    out[live] = equal - within @ (residual[:-1] / residual[-1])
    return out


def _frontier(x: Array) -> Array:
    """Units that no other unit matches or beats on every child: the only constraints that can bind."""
    unique = np.unique(x, axis=0)
    keep = np.ones(len(unique), bool)
    for i, row in enumerate(unique):
        keep[i] = not ((unique >= row).all(axis=1) & (unique > row).any(axis=1)).any()
    return unique[keep]

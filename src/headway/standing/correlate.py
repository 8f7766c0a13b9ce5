"""Correlations between columns with pairwise complete data, and how far a set of columns hangs together."""

from __future__ import annotations

from typing import Literal

import numpy as np

from headway.standing.moments import Array

Kind = Literal["pearson", "spearman", "kendall"]


def correlations(x: Array, y: Array | None = None, kind: Kind = "pearson") -> tuple[Array, Array]:
    """Correlation coefficients of columns of `x` (units, p) with columns of `y` (units, q), and their p-values.

    Every pair uses the units that have both; fewer than 3 of them, or a constant column, give NaN.

    Returns:
        Two arrays of shape (p, q).
    """
    from scipy import stats  # a second to import

    y = x if y is None else y
    test = {"pearson": stats.pearsonr, "spearman": stats.spearmanr, "kendall": stats.kendalltau}[kind]
    r, p = np.full((x.shape[1], y.shape[1]), np.nan), np.full((x.shape[1], y.shape[1]), np.nan)
    for i in range(x.shape[1]):
        for j in range(y.shape[1]):
            both = ~(np.isnan(x[:, i]) | np.isnan(y[:, j]))
            a, b = x[both, i], y[both, j]
            if both.sum() >= 3 and np.ptp(a) > 0 and np.ptp(b) > 0:
                found = test(a, b)
                r[i, j], p[i, j] = found.statistic, found.pvalue
    return r, p


def covariances(x: Array) -> Array:
    """Covariance matrix with n - 1 over pairwise complete units; NaN below 2 of them."""
    k = x.shape[1]
    out = np.full((k, k), np.nan)
    for i in range(k):
        for j in range(k):
            both = ~(np.isnan(x[:, i]) | np.isnan(x[:, j]))
            if both.sum() > 1:
                out[i, j] = np.cov(x[both, i], x[both, j])[0, 1]
    return out


def cronbach_alpha(x: Array) -> float:
    """Cronbach's alpha of columns (units, k) from pairwise covariances; NaN for one column.

    Source: Cronbach (1951), Coefficient alpha and the internal structure of tests, Psychometrika 16.
    """
    k = x.shape[1]
    if k < 2:
        return float("nan")
    c = covariances(x)
    total = np.nansum(c)
    return float(k / (k - 1) * (1 - np.trace(c) / total)) if total > 0 else float("nan")


def kmo(x: Array) -> tuple[float, Array]:
    """Kaiser–Meyer–Olkin measure of sampling adequacy over complete units: overall, and by column.

    Below 0.5 the columns share too little for factors. NaN with fewer than 2 columns, or when their correlation matrix
    has no inverse. Source: Kaiser and Rice (1974), Little Jiffy, Mark IV.
    """
    complete = x[~np.isnan(x).any(axis=1)]
    k = x.shape[1]
    none = float("nan"), np.full(k, np.nan)
    if k < 2 or len(complete) < 3 or (np.ptp(complete, axis=0) == 0).any():
        return none
    r = np.asarray(np.corrcoef(complete, rowvar=False))
    if np.linalg.cond(r) > 1e12:
        return none
    inverse = np.linalg.inv(r)
    partial = -inverse / np.sqrt(np.outer(np.diag(inverse), np.diag(inverse)))
    np.fill_diagonal(partial, 0.0)
    np.fill_diagonal(r, 0.0)
    shared, left = r**2, partial**2
    by_column = shared.sum(axis=0) / (shared.sum(axis=0) + left.sum(axis=0))
    return float(shared.sum() / (shared.sum() + left.sum())), by_column

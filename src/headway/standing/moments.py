"""Moments, ranks and correlations as spreadsheets and the field's guidelines define them; missing values are left out.

Moments and ranks work down axis -2 (units) of arrays shaped (…, units, columns); correlations take the units that have
both columns of a pair.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Array = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]
Ties = Literal["average", "min"]


def _central(x: Array) -> tuple[Array, Array]:
    """Count per column, and deviations from the column's mean with zeros where values are missing."""
    present = ~np.isnan(x)
    n = present.sum(axis=-2).astype(float)
    if n.size and n.min() == x.shape[-2] > 0:  # nothing is missing, so that no copies with zeros are needed
        return n, x - (x.sum(axis=-2) / n)[..., None, :]
    filled = np.where(present, x, 0.0)
    mean = filled.sum(axis=-2) / np.where(n > 0, n, np.nan)
    return n, np.where(present, x - mean[..., None, :], 0.0)


def skewness(x: Array) -> Array:
    """Bias-corrected skewness ("type 2", as in spreadsheets); NaN below 3 values or without spread.

    Source: Joanes and Gill (1998), Comparing measures of sample skewness and kurtosis, The Statistician 47(1).
    """
    return shape(x)[0]


def kurtosis(x: Array) -> Array:
    """Bias-corrected excess kurtosis ("type 2"); NaN below 4 values or without spread. Source: as `skewness`."""
    return shape(x)[1]


def shape(x: Array) -> tuple[Array, Array]:
    """Skewness and excess kurtosis of each column, in one pass."""
    n, d = _central(x)
    square = d * d
    m2, m3, m4 = square.sum(axis=-2), (square * d).sum(axis=-2), (square * square).sum(axis=-2)
    flat = m2 > 0
    n3, n4, m2 = np.where(n >= 3, n, np.nan), np.where(n >= 4, n, np.nan), np.where(flat, m2, np.nan)
    skew = np.sqrt(n3) * m3 / m2**1.5 * np.sqrt(n3 * (n3 - 1)) / (n3 - 2)
    kurt = ((n4 + 1) * (n4 * m4 / m2**2 - 3) + 6) * (n4 - 1) / ((n4 - 2) * (n4 - 3))
    return np.asarray(skew), np.asarray(kurt)


def mean(x: Array) -> Array:
    """Column means; NaN for an empty column."""
    n = (~np.isnan(x)).sum(axis=-2)
    return np.asarray(np.nansum(x, axis=-2) / np.where(n > 0, n, np.nan))


def deviation(x: Array, ddof: int = 1) -> Array:
    """Column standard deviations with n - `ddof` (1: Bessel's correction); NaN where there are too few values."""
    n, d = _central(x)
    return np.asarray(np.sqrt((d * d).sum(axis=-2) / np.where(n > ddof, n - ddof, np.nan)))


def extent(x: Array) -> tuple[Array, Array]:
    """Column minimum and maximum; NaN for an empty column."""
    return np.fmin.reduce(x, axis=-2, initial=np.nan), np.fmax.reduce(x, axis=-2, initial=np.nan)


def ascending_ranks(x: Array, ties: Ties = "min") -> Array:
    """Ranks down axis -2, 1 for the smallest; missing stays missing. `ties` as in `pandas.DataFrame.rank`."""
    rows = np.moveaxis(x, -2, 0)
    ranks = pd.DataFrame(rows.reshape(len(rows), math.prod(rows.shape[1:]))).rank(method=ties)
    return np.moveaxis(ranks.to_numpy().reshape(rows.shape), 0, -2)


def descending_ranks(scores: Array) -> Array:
    """Ranks along the last axis, 1 for the largest; ties share the smallest rank; missing stays missing.

    Args:
        scores: shape (…, units).
    """
    missing = np.isnan(scores)
    flipped = np.where(missing, np.inf, -scores)
    if flipped.shape[-1] == 0:
        return scores.copy()
    order = np.argsort(flipped, axis=-1)
    sorted_ = np.take_along_axis(flipped, order, axis=-1)
    starts = np.ones(sorted_.shape, dtype=bool)
    starts[..., 1:] = sorted_[..., 1:] != sorted_[..., :-1]
    position = np.arange(1, scores.shape[-1] + 1)
    first = np.maximum.accumulate(np.where(starts, position, 0), axis=-1)
    ranks = np.empty(scores.shape)
    np.put_along_axis(ranks, order, first.astype(float), axis=-1)
    return np.where(missing, np.nan, ranks)


def quantiles(x: Array, probabilities: tuple[float, ...]) -> Array:
    """Type-7 quantiles of each column of `x` (members, columns), missing values left out.

    Returns:
        Shape (probabilities, columns); NaN for an empty column.
    """
    ordered = np.sort(x, axis=0)  # missing values come last
    n = (~np.isnan(x)).sum(axis=0)
    at = np.outer(probabilities, np.maximum(n - 1, 0))
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, np.maximum(n - 1, 0))
    below, above = np.take_along_axis(ordered, low, axis=0), np.take_along_axis(ordered, high, axis=0)
    return np.asarray(below + (at - low) * (above - below))


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

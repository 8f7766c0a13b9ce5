"""Moments and ranks as spreadsheets and the field's guidelines define them; missing values are left out.

All functions work down axis -2 (units) of arrays shaped (…, units, columns).
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
    """Skewness and excess kurtosis of each column in one pass."""
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
    empty = np.isnan(x).all(axis=-2)
    low = np.where(np.isnan(x), np.inf, x).min(axis=-2)
    high = np.where(np.isnan(x), -np.inf, x).max(axis=-2)
    return np.where(empty, np.nan, low), np.where(empty, np.nan, high)


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

"""Bringing indicators onto one scale. Values arrive turned: multiplied by their direction, so that more is better.

Source: OECD/JRC Handbook (2008), section on normalisation; Mazziotta and Pareto (2016), On a generalized
non-compensatory composite index, Social Indicators Research 127.
"""

from __future__ import annotations

import numpy as np

from headway.standing.moments import Array, Bool, ascending_ranks, deviation, extent, mean


def minmax(x: Array, lower: float = 0.0, upper: float = 100.0, reference: Array | None = None) -> Array:
    """Onto [lower, upper]: the worst value of each column to `lower`, the best to `upper`.

    Args:
        x: shape (…, units, columns).
        reference: values that set the parameters (all years, say), same columns; `x` itself by default.
    """
    low, high = extent(x if reference is None else reference)
    low, spread = low[..., None, :], (high - low)[..., None, :]
    return (x - low) / _nonzero(spread) * (upper - lower) + lower


def zscore(x: Array, mean_: float = 0.0, sd: float = 1.0, ddof: int = 1, reference: Array | None = None) -> Array:
    """To mean `mean_` and standard deviation `sd`; deviations divide by n - `ddof`. Shapes as in `minmax`."""
    source = x if reference is None else reference
    centre, spread = mean(source)[..., None, :], deviation(source, ddof)[..., None, :]
    return (x - centre) / _nonzero(spread) * sd + mean_


def scaled(x: Array, low: Array, high: Array, lower: float = 0.0, upper: float = 100.0) -> Array:
    """(x - low) / (high - low) onto [lower, upper] with stated `low` and `high` per column; nothing is cut."""
    return (x - low) / (high - low) * (upper - lower) + lower


def goalposts(
    x: Array, low: Array, high: Array, lower: float = 0.0, upper: float = 1.0, cap: bool = True
) -> tuple[Array, Bool]:
    """As `scaled`, cut to [lower, upper] when `cap`. Returns the scores and where a value was cut (boolean)."""
    share = (x - low) / (high - low)
    cut = ((share < 0) | (share > 1)) & cap
    return np.where(cut, np.clip(share, 0, 1), share) * (upper - lower) + lower, cut


def rank(x: Array, reference: Array | None = None) -> Array:
    """1 for the worst; ties share the smallest rank. With `reference`: 1 + how many of its values are smaller."""
    if reference is None:
        return ascending_ranks(x)
    columns = [np.searchsorted(_present(reference[:, j]), x[..., j]) + 1.0 for j in range(x.shape[-1])]
    return np.where(np.isnan(x), np.nan, np.stack(columns, axis=-1))


def borda(x: Array, reference: Array | None = None) -> Array:
    """`rank` - 1: how many units are beaten."""
    return rank(x, reference) - 1


def percentile_rank(x: Array, reference: Array | None = None) -> Array:
    """(rank - 1) / (n - 1) over the n values present."""
    n = (~np.isnan(x if reference is None else reference)).sum(axis=-2)[..., None, :]
    return borda(x, reference) / np.where(n > 1, n - 1, np.nan)


def distance_to_maximum(x: Array, reference: Array | None = None) -> Array:
    """1 - (max - x) / (max - min)."""
    low, high = extent(x if reference is None else reference)
    return 1 - (high[..., None, :] - x) / _nonzero((high - low)[..., None, :])


def distance_to_reference(x: Array, value: Array, cap: bool = False, reference: Array | None = None) -> Array:
    """1 - (x_ref - x) / (x_ref - min); above 1 beyond the reference unless `cap`."""
    low = extent(x if reference is None else reference)[0][..., None, :]
    score = 1 - (value - x) / _nonzero(value - low)
    return np.where(score > 1, 1.0, score) if cap else score


def distance_to_target(x: Array, target: Array, cap: bool = False, reference: Array | None = None) -> Array:
    """(x - min) / (target - min); above 1 beyond the target unless `cap`."""
    low = extent(x if reference is None else reference)[0][..., None, :]
    score = (x - low) / _nonzero(target - low)
    return np.where(score > 1, 1.0, score) if cap else score


def fraction_of_maximum(x: Array, reference: Array | None = None) -> Array:
    """x / max."""
    return x / _nonzero(extent(x if reference is None else reference)[1][..., None, :])


def reference_band(x: Array, value: Array | None = None, reference: Array | None = None) -> Array:
    """The adjusted Mazziotta–Pareto scale: 100 at the reference value, 60 points from end to end.

    The band is the reference value (the column's mean by default) plus and minus half the column's range; its ends
    score 70 and 130.
    """
    source = x if reference is None else reference
    low, high = extent(source)
    centre = mean(source)[..., None, :] if value is None else value
    return (x - centre) / _nonzero((high - low)[..., None, :]) * 60 + 100


def _nonzero(x: Array) -> Array:
    """Zero divisors become NaN: the caller has checked for constant columns and names them in its error."""
    return np.where(x == 0, np.nan, x)


def _present(column: Array) -> Array:
    return np.sort(column[~np.isnan(column)])

"""Power means and their three famous members. Missing children are left out and the remaining weights rescaled.

Scores have the shape (…, units, children), weights (…, children); leading axes broadcast, and a plain matrix of scores
with many weight vectors becomes one matrix product.

The Mazziotta–Pareto index: a mean penalised for imbalance between the children.
"""

from __future__ import annotations

import numpy as np

from headway.standing.moments import Array


def weighted_mean(x: Array, w: Array) -> Array:
    """Weighted arithmetic mean over the last axis; missing without any child. Returns shape (…, units)."""
    present = ~np.isnan(x)
    if present.all():
        total = w.sum(axis=-1)[..., None]
        return _dot(x, w) / np.where(total > 0, total, np.nan)
    total = _dot(present.astype(float), w)
    return _dot(np.where(present, x, 0.0), w) / np.where(total > 0, total, np.nan)


def geometric(x: Array, w: Array) -> Array:
    """Weighted geometric mean; the caller has checked that scores are positive."""
    return np.exp(weighted_mean(np.log(x), w))


def harmonic(x: Array, w: Array) -> Array:
    """Weighted harmonic mean; the caller has checked that scores are positive."""
    return 1 / weighted_mean(1 / x, w)


def power(x: Array, w: Array, exponent: float) -> Array:
    """Weighted power mean: exponent 1 arithmetic, 0 geometric, -1 harmonic."""
    if exponent == 0:
        return geometric(x, w)
    return np.asarray(weighted_mean(x**exponent, w) ** (1 / exponent))


def _dot(x: Array, w: Array) -> Array:
    if x.ndim == 2:
        return np.asarray(w @ x.T)
    return np.asarray((x @ w[..., None])[..., 0])


def mazziotta_pareto(x: Array, w: Array, penalty: int = -1) -> Array:
    """M ± S · cv with M the mean of the unit's scores, S their standard deviation (over n), cv = S / M.

    Children on mean 100 and standard deviation 10 give the Mazziotta–Pareto index (MPI), on the 70–130 band the
    adjusted one (AMPI), whose values compare over time.

    Args:
        x: positive scores, shape (…, units, children). w: shape (…, children).
        penalty: -1 where more is better, +1 where the index measures a burden.

    Source: De Muro, Mazziotta and Pareto (2011), Composite Indices of Development and Poverty, Social Indicators
    Research 104; Mazziotta and Pareto (2016), Social Indicators Research 127.
    """
    centre = weighted_mean(x, w)
    variance = weighted_mean((x - centre[..., None]) ** 2, w)
    return np.asarray(centre + penalty * variance / centre)

"""Weights of a linear pool that minimise its mean CRPS (Thorey, Mallet and Baudin 2017, QJRMS 143:521–529).

The CRPS of a pool is quadratic in its weights: Σ w_k E|X_k − y| − ½ Σ w_k w_l E|X_k − X_l|. A small pull towards equal
weights keeps twenty points from choosing a single structure by luck.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from headway.inference.arrays import Floats

SAMPLE = 400  # draws per forecast from which expected differences are taken
PULL = 0.05  # ECI added to the mean CRPS at a corner, none at equal weights


def stacked(draws: Sequence[Sequence[Floats]], actual: Floats) -> Floats:
    """Weights of the forecasters, non-negative and adding up to 1, shape (forecaster,).

    Args:
        draws: forecaster → target → draws. actual: outcomes, shape (target,).
    """
    from scipy.optimize import minimize

    count = len(draws)
    if count == 1:
        return np.ones(1)
    linear, cross = np.zeros(count), np.zeros((count, count))
    for k, outcome in enumerate(actual):
        samples = [_spaced(forecaster[k]) for forecaster in draws]
        linear += [np.abs(sample - outcome).mean() for sample in samples]
        cross += [[np.abs(a[:, None] - b[None, :]).mean() for b in samples] for a in samples]
    linear, cross = linear / len(actual), cross / len(actual)

    def loss(weights: Floats) -> float:
        equal = ((weights - 1 / count) ** 2).sum() / (1 - 1 / count)
        return float(weights @ linear - 0.5 * weights @ cross @ weights + PULL * equal)

    found = minimize(
        loss,
        np.full(count, 1 / count),
        method="SLSQP",
        bounds=[(0.0, 1.0)] * count,
        constraints={"type": "eq", "fun": lambda weights: weights.sum() - 1},
        options={"ftol": 1e-10},
    )
    weights = np.clip(found.x, 0, None)
    return np.asarray(weights / weights.sum())


def _spaced(draws: Floats) -> Floats:
    """Evenly spaced order statistics: the same distribution from fewer draws."""
    return np.quantile(draws, (np.arange(SAMPLE) + 0.5) / SAMPLE)

"""Which single measurement would shrink the uncertainty most: expected variance reduction from given draws.

For a quantity Y and a measurement X with error, the expected share of the variance of Y that knowing X would remove is
Var(E[Y | X]) / Var(Y). It is estimated from the draws at hand by binning X (Plischke, Borgonovo and Smith 2013, "Global
sensitivity measures from given data", European Journal of Operational Research 226:536–550), with the bias of a finite
number of draws per bin taken off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from headway.inference.arrays import Floats

BINS = 16


@dataclass(frozen=True)
class RankedMeasurement:
    """Something that could be measured.

    Attributes:
        says: what would be measured, as it stands in a sentence after "a".
        draws: what it would show in each draw, shape (draw,). error: sd of the measurement, in the unit of `draws`.
    """

    says: str
    draws: Floats
    error: float


def explained(target: Floats, measured: Floats) -> float:
    """Share of the variance of `target` that knowing `measured` removes, in [0, 1]; shapes (draw,)."""
    total = target.var()
    if total <= 0 or measured.std() <= 1e-9 * max(abs(float(measured.mean())), 1.0):
        return 0.0
    order = np.argsort(measured, kind="stable")
    groups = np.array_split(target[order], BINS)
    sizes = np.array([len(group) for group in groups], dtype=np.float64)
    means = np.array([group.mean() for group in groups])
    within = np.array([group.var(ddof=1) if len(group) > 1 else 0.0 for group in groups])
    between = (sizes * (means - target.mean()) ** 2).sum() / sizes.sum()
    noise = (within / sizes * (1 - sizes / sizes.sum()) * sizes).sum() / sizes.sum()
    return float(np.clip((between - noise) / total, 0.0, 1.0))


def ranked(target: Floats, measurements: Mapping[str, RankedMeasurement], seed: int = 0) -> dict[str, float]:
    """Variance shares that the measurements would remove, the largest first.

    Each measurement is simulated with its error; draws in which the target is not finite are left out.
    """
    rng = np.random.default_rng(seed)
    good = np.isfinite(target)
    shares = {}
    for key in sorted(measurements):
        entry = measurements[key]
        seen = entry.draws + entry.error * rng.standard_normal(len(entry.draws))
        usable = good & np.isfinite(seen)
        shares[key] = explained(target[usable], seen[usable]) if usable.sum() > 10 * BINS else 0.0
    return dict(sorted(shares.items(), key=lambda item: -item[1]))

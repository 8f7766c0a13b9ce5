"""Scores of probabilistic forecasts: CRPS (Gneiting & Raftery 2007), absolute error, coverage of central intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LEVELS = (0.5, 0.8, 0.9)
PROBABILITIES: tuple[float, ...] = tuple(round(0.025 * k, 3) for k in range(1, 40))  # quantiles kept of a forecast


def quantiles(draws: Floats) -> Floats:
    """The kept quantiles of a forecast, shape (len(PROBABILITIES),)."""
    return np.asarray(np.quantile(draws, PROBABILITIES), dtype=np.float64)


def crps(draws: Floats, actual: float) -> float:
    """Continuous ranked probability score of draws, in the unit of the forecast; a point forecast gives its error."""
    if len(draws) == 1:
        return abs(float(draws[0]) - actual)
    import scoringrules

    return float(scoringrules.crps_ensemble(actual, draws, estimator="pwm"))


def crps_of_quantiles(values: Floats, actual: float) -> float:
    """CRPS from the kept quantiles: twice the mean pinball loss over evenly spaced probabilities."""
    levels = np.asarray(PROBABILITIES)
    loss = np.where(actual >= values, levels * (actual - values), (1 - levels) * (values - actual))
    return float(2 * loss.mean())


def covered(values: Floats, actual: float, level: float) -> bool:
    """Whether `actual` lies in the central interval of that content, ends counted; values are the kept quantiles."""
    low, high = (np.interp(p, PROBABILITIES, values) for p in ((1 - level) / 2, (1 + level) / 2))
    # A record that did not move ties with the lower end up to rounding.
    return bool(low - 1e-6 <= actual <= high + 1e-6)


def score(values: Floats, actual: float) -> dict[str, float]:
    """All scores of one forecast given by its kept quantiles."""
    median = float(np.interp(0.5, PROBABILITIES, values))
    hits = {f"in{round(100 * level)}": float(covered(values, actual, level)) for level in LEVELS}
    return {"crps": crps_of_quantiles(values, actual), "error": median - actual, "mae": abs(median - actual), **hits}


def mean_scores(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """Means over points: crps, mae, bias, and the coverage of each interval."""
    if not rows:
        return {}
    mean = {key: float(np.mean([row[key] for row in rows])) for key in rows[0]}
    cover = {f"coverage{round(100 * level)}": mean[f"in{round(100 * level)}"] for level in LEVELS}
    return {"n": float(len(rows)), "crps": mean["crps"], "mae": mean["mae"], "bias": mean["error"], **cover}


def summary(rows: Sequence[Mapping[str, Any]], forecast: str) -> dict[str, float]:
    """Means of the scores of one forecaster over rows that name theirs in `forecast`; empty where it has none."""
    keys = ("crps", "error", "mae", *(f"in{round(100 * level)}" for level in LEVELS))
    return mean_scores([{key: float(row[key]) for key in keys} for row in rows if row["forecast"] == forecast])


def mixture(parts: Sequence[Floats], weights: Sequence[float] | Floats, size: int, rng: np.random.Generator) -> Floats:
    """Draws from a linear pool of forecasts."""
    chosen = rng.choice(len(parts), size=size, p=np.asarray(weights) / np.sum(weights))
    out = np.empty(size)
    for k, part in enumerate(parts):
        mine = chosen == k
        out[mine] = rng.choice(part, size=int(mine.sum()))
    return out

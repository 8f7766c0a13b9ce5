"""The change of scale between two tables of the index, from the models that both score.

The publisher rescales the index as models are added, so a forecast made on one table is laid on another's scale before
it is scored: y_new = a + b y_old, fitted so that single models whose score was corrected count little (Huber).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from headway.inference.arrays import Floats

MIN_COMMON = 20  # models in both tables, below which no line is fitted
BEND = 1.345  # residuals beyond this many robust standard deviations count less (95 % efficient for normal ones)
STEPS = 50


@dataclass(frozen=True)
class Rescaling:
    """y_new = intercept + slope · y_old, ECI points, from `models` models."""

    intercept: float
    slope: float
    models: int

    def of(self, values: Floats) -> Floats:
        """Values on the new table's scale."""
        return np.asarray(self.intercept + self.slope * values)


def rescaling(old: Mapping[str, float], new: Mapping[str, float]) -> Rescaling | None:
    """The line from old scores to new ones, by model; None where fewer than twenty models are in both."""
    common = sorted(set(old) & set(new))
    if len(common) < MIN_COMMON:
        return None
    x, y = (np.array([table[model] for model in common]) for table in (old, new))
    design = np.column_stack([np.ones_like(x), x - x.mean()])
    weights = np.ones_like(x)
    for _ in range(STEPS):
        root = np.sqrt(weights)
        line, *_ = np.linalg.lstsq(design * root[:, None], y * root, rcond=None)
        residual = np.abs(y - design @ line)
        bend = BEND * max(float(np.median(residual)) / 0.6745, 1e-9)
        weights = np.minimum(1.0, bend / np.maximum(residual, 1e-12))
    return Rescaling(float(line[0] - line[1] * x.mean()), float(line[1]), len(common))

"""The value of information: what a measurement would be worth before it is made, by what it would make one choose.

Preposterior analysis (Raiffa and Schlaifer, Applied Statistical Decision Theory, 1961): the measurement is
simulated, beliefs are updated by regression over the draws (Strong, Oakley, Brennan and Breeze, Medical Decision Making
35 (2015), 570–583, doi:10.1177/0272989X15575286), and the choice it leads to is compared with the choice without it.
Each choice is judged on draws that took no part in the regression, so that noise is not taken for value.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from headway.core.numbers import Floats
from headway.core.yaml_files import read
from headway.scenarios.draws import stream

SHIPPED = Path(__file__).with_name("measurements.yaml")
FOLDS = 5
REPEATS = 20  # simulated results of the measurement per draw
_RIDGE = 1.0  # prior weight of "the measurement tells nothing", in draws
_TINY = 1e-9


class Measurement(BaseModel):
    """One thing that could be measured.

    Attributes:
        of: registry key, or `lever/NAME/EFFECT`. noise: standard error, in the unit of what is measured, or as a share.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    measurement: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)
    title: str = Field(min_length=1, max_length=60)
    of: str
    noise: float = Field(gt=0)
    scale: Literal["absolute", "relative"] = "absolute"
    rationale: str = Field(min_length=1)


class Measurements(BaseModel):
    """A file of measurements."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    measurements: tuple[Measurement, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _apart(self) -> Measurements:
        names = [one.measurement for one in self.measurements]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"each measurement needs a name of its own; twice: {', '.join(twice)}")
        return self


@lru_cache(maxsize=1)
def measurements() -> tuple[Measurement, ...]:
    """The measurements that ship with the package."""
    return read(Measurements, SHIPPED).measurements


@dataclass(frozen=True)
class Worth:
    """Value of one measurement.

    Attributes:
        value: mean loss it saves, in the unit of the loss; below zero only by sampling. error: its standard error.
        changes: share of simulated results that would make one choose otherwise.
    """

    measurement: Measurement
    value: float
    error: float
    changes: float


def value_of_information(
    loss: Floats, drawn: Mapping[str, Floats], asked: Sequence[Measurement], seed: int = 0
) -> list[Worth]:
    """Value of each measurement, the best first; measurements that the draws do not hold, or do not vary, are left out.

    Args:
        loss: of each strategy in each draw, (strategies, draws); less is better.
        drawn: what was drawn, by name, each (draws,).
    """
    found = [
        _worth(np.asarray(loss, np.float64), np.asarray(drawn[one.of], np.float64), one, seed)
        for one in asked
        if one.of in drawn and np.ptp(drawn[one.of]) > _TINY
    ]
    return sorted(found, key=lambda worth: -worth.value)


def perfect(loss: Floats) -> float:
    """Value of knowing everything: mean of the best in each draw against the best on average."""
    table = np.asarray(loss, np.float64)
    return float(table.mean(axis=1).min() - table.min(axis=0).mean())


def _worth(loss: Floats, truth: Floats, one: Measurement, seed: int) -> Worth:
    draws = loss.shape[1]
    rng = np.random.default_rng([seed, stream(one.measurement)])
    level = np.log(np.maximum(truth, _TINY)) if one.scale == "relative" else truth
    fold = rng.permutation(draws) % FOLDS
    blind = int(loss.mean(axis=1).argmin())
    seen = level + one.noise * rng.standard_normal((REPEATS, draws))
    saved, changed = np.zeros(draws), np.zeros(draws)
    for k in range(FOLDS):
        learn, judge = fold != k, fold == k
        usual = int(loss[:, learn].mean(axis=1).argmin())
        chosen = _expected(seen[:, learn], loss[:, learn], seen[:, judge]).argmin(axis=-1)
        saved[judge] = (loss[usual, judge] - loss[chosen, np.flatnonzero(judge)]).mean(axis=0)
        changed[judge] = (chosen != blind).mean(axis=0)
    return Worth(one, float(saved.mean()), float(saved.std(ddof=1) / np.sqrt(draws)), float(changed.mean()))


def _expected(seen: Floats, loss: Floats, new: Floats) -> Floats:
    """Expected loss of each strategy given new results, by ridge regression on a cubic.

    Args:
        seen, new: results, (repeats, draws) and (repeats, new). loss: (strategies, draws).

    Returns:
        (repeats, new, strategies).
    """
    centre, spread = seen.mean(axis=1, keepdims=True), np.maximum(seen.std(axis=1, keepdims=True), _TINY)

    def basis(values: Floats) -> Floats:
        z = np.clip((values - centre) / spread, -3, 3)
        return np.stack([z, z**2 - 1, z**3 - 3 * z], axis=-1)

    x, mean = basis(seen), loss.mean(axis=1)
    turned = x.swapaxes(1, 2)
    weights = np.linalg.solve(turned @ x + _RIDGE * np.eye(x.shape[-1]), turned @ (loss - mean[:, None]).T)
    return np.asarray(mean + basis(new) @ weights)

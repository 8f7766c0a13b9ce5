"""Linear maps from paths on the quarterly grid to readings at any time; matrices are fast to differentiate."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array

from headway.core import quarters
from headway.inference.arrays import Floats, Points, ScoredRuns

STEP = 1 / quarters.PER_YEAR


class Design(NamedTuple):
    """Where readings lie: country one-hot, (reading, country); weights of dates, (reading, date); time in years.

    Date k is the end of quarter k. Between dates a path is linear; before the first and after the last it stands still.
    """

    country: Floats
    date: Floats
    time: Floats

    def values(self, by_country: Array) -> Array:
        """Values of a per-country quantity, (reading,)."""
        return jnp.asarray(self.country) @ by_country

    def read(self, path: Array) -> Array:
        """Values of a path (date, country) at the readings, (reading,)."""
        return ((jnp.asarray(self.date) @ path) * self.country).sum(axis=1)


def design(rows: Points | ScoredRuns, countries: int, dates: int) -> Design:
    """The design of a set of readings."""
    steps = np.clip(rows.time / STEP - 1, 0, dates - 1)
    below = np.minimum(np.floor(steps), max(dates - 2, 0)).astype(np.int64)
    share = steps - below
    weights = np.zeros((len(rows), dates))
    place = np.arange(len(rows))
    weights[place, below] += 1 - share
    weights[place, np.minimum(below + 1, dates - 1)] += share
    return Design(np.eye(countries)[rows.country], weights, rows.time)

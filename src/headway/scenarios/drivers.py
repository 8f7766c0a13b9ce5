"""Drivers of the model: one value per quarter and country, labelled, before any uncertainty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from headway.core.numbers import Floats
from headway.core.periods import Grid
from headway.scenarios.quantities import quantities

UNITS: Mapping[str, str] = {name: quantity.unit for name, quantity in quantities().items()}
"""The drivers by name, with their units; a scenario may change each of them."""

RANGES: Mapping[str, tuple[float, float]] = {
    name: (quantity.low, quantity.high) for name, quantity in quantities().items() if quantity.high is not None
}
"""Least and greatest value of the drivers that are shares; all others only have to be non-negative."""


@dataclass(frozen=True)
class Drivers:
    """Attributes:
    grid: dates; row k acts in the quarter after date k.
    countries: codes, the second axis.
    paths: driver → (quarters, countries), in the units of `UNITS`.
    effort: niche → (quarters, countries), effort relative to one unit of the scenario.
    partners: (countries, countries), weights of each country's partners, rows adding up to 1 or 0.
    provider: (countries, countries), customer first, 1 for the provider that `one_provider` is about, else 0.
    """

    grid: Grid
    countries: tuple[str, ...]
    paths: Mapping[str, Floats]
    effort: Mapping[str, Floats]
    partners: Floats
    provider: Floats

    def with_path(self, name: str, path: Floats) -> Drivers:
        """The same with one driver replaced."""
        return replace(self, paths={**self.paths, name: path})

    def with_effort(self, niche: str, path: Floats) -> Drivers:
        """The same with the effort in one niche replaced."""
        return replace(self, effort={**self.effort, niche: path})

    def position(self, country: str) -> int:
        """Position of a country on the second axis."""
        return self.countries.index(country)


def clipped(name: str, path: Floats) -> Floats:
    """The path kept within what the driver can be."""
    low, high = RANGES.get(name, (0.0, np.inf))
    return np.clip(path, low, high)

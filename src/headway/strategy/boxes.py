"""Boxes in the space of futures, and how well one describes the futures in which something happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Bools = npt.NDArray[np.bool_]
Columns = Mapping[str, npt.NDArray[np.generic]]
"""What describes each future: name → numbers, or words for what comes in kinds."""


@dataclass(frozen=True)
class Between:
    """Numbers from `low` to `high`, both included; infinite where there is no bound."""

    low: float = -np.inf
    high: float = np.inf

    def record(self) -> dict[str, float | None]:
        """As plain data; None where there is no bound."""
        return {
            "low": self.low if np.isfinite(self.low) else None,
            "high": self.high if np.isfinite(self.high) else None,
        }

    def holds(self, values: npt.NDArray[np.generic]) -> Bools:
        """True where the condition holds."""
        numbers = np.asarray(values, np.float64)
        return (numbers >= self.low) & (numbers <= self.high)


@dataclass(frozen=True)
class OneOf:
    """One of a few kinds."""

    kinds: frozenset[str]

    def record(self) -> list[str]:
        """As plain data."""
        return sorted(self.kinds)

    def holds(self, values: npt.NDArray[np.generic]) -> Bools:
        """True where the condition holds."""
        return np.isin(np.asarray(values, str), list(self.kinds))


Limit = Between | OneOf


@dataclass(frozen=True)
class Box:
    """A rule: all limits hold.

    Attributes:
        coverage: share of the cases of interest that lie in the box. support: share of all futures that do.
        density: share of the futures in the box that are of interest.
    """

    limits: Mapping[str, Limit]
    coverage: float
    density: float
    support: float


def inside(limits: Mapping[str, Limit], columns: Columns) -> Bools:
    """Futures in which all limits hold."""
    count = len(next(iter(columns.values())))
    held = np.ones(count, bool)
    for name, limit in limits.items():
        held &= limit.holds(columns[name])
    return held


def measured(limits: Mapping[str, Limit], columns: Columns, interesting: Bools) -> Box:
    """The box with its coverage, density and support."""
    held = inside(limits, columns)
    cases = int(interesting.sum())
    both = int((held & interesting).sum())
    return Box(
        dict(limits), both / cases if cases else 0.0, both / held.sum() if held.any() else 0.0, float(held.mean())
    )

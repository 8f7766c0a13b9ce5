"""Known quantities: the distribution of each, draws from it, and its unit.

Draws have an order that is fixed by their key: equal keys move together, others do not.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from headway.core import periods
from headway.core.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

GRID = 4096
"""Points of a quantile function; a probability is read off to about 1 / GRID."""


class MissingEvidence(Exception):  # noqa: N818 - not an error of the user: evidence is silent
    """Evidence lacks a figure that a test asks for; the message names it."""


@dataclass(frozen=True, slots=True)
class KnownQuantity:
    """One quantity of a test.

    Attributes:
        key: identity; two uses of the same key are the same quantity and move together.
        family: the indicator or recipe; errors within one family come from one method.
        value, low, high, level: as the evidence gives it, in `unit`; low and high None where no interval was given.
        quantiles: its distribution at GRID equal steps of probability, ascending; one number for a constant.
        assumed: how the spread was found where the publisher gave none ("relative error 5 %, official statistics").
        facts: ids of evidence rows; `finding`: id of the finding, if it is one.
        sentence: its own sentence, where it is a finding or a statement; `title`: its name in few words.
    """

    key: str
    family: str
    words: str
    value: float
    unit: str
    quantiles: NDArray[np.float64]
    period: str = ""
    low: float | None = None
    high: float | None = None
    level: float | None = None
    assumed: str = ""
    tier: str = ""
    facts: tuple[str, ...] = ()
    finding: str | None = None
    sentence: str = ""
    title: str = ""

    @property
    def certain(self) -> bool:
        return self.quantiles.size == 1

    def fixed(self) -> KnownQuantity:
        """The same quantity as if it were known exactly."""
        return replace(self, quantiles=np.array([self.value]), assumed="")


@dataclass(frozen=True, slots=True)
class KnownInterval:
    """Value, low, high and the probability content of [low, high]; low and high may be missing."""

    value: float
    low: float | None = None
    high: float | None = None
    level: float | None = None
    relative: float | None = None
    points: float | None = None
    positive: bool = True
    notes: Sequence[str] = field(default=())


def probability_grid() -> NDArray[np.float64]:
    """Midpoints of GRID equal steps of probability, ascending, (GRID,)."""
    return (np.arange(GRID, dtype=np.float64) + 0.5) / GRID


def certain_value(value: float) -> NDArray[np.float64]:
    """Quantiles of a number that is not in doubt, (1,)."""
    return np.array([value], dtype=np.float64)


def quantile_function(interval: KnownInterval) -> NDArray[np.float64]:
    """Quantiles at GRID equal steps of probability, (GRID,), or (1,) for a value without spread.

    With an interval: a two-piece normal whose median is the value and whose (1 ± level)/2 quantiles are low and high;
    on a logarithmic scale where all three are positive and high exceeds twice low. Without one: normal with the
    absolute error `points`, or log-normal with the relative error. The two-piece form joins two half normals of
    different scale at the median, so that both stated quantiles are met exactly.
    """
    z = ndtri(probability_grid())
    value, low, high = interval.value, interval.low, interval.high
    if low is not None and high is not None and interval.level is not None and high > low:
        reach = float(ndtri((1.0 + interval.level) / 2.0))
        if low > 0 and value > 0 and high > 2.0 * low:
            logs = _two_piece(math.log(value), math.log(low), math.log(high), reach, z)
            return np.asarray(np.exp(logs), dtype=np.float64)
        return _two_piece(value, low, high, reach, z)
    if interval.points is not None:
        return np.asarray(value + interval.points * z, dtype=np.float64)
    if interval.relative is None or value == 0.0:
        return certain_value(value)
    if value > 0 and interval.positive:
        return np.asarray(value * np.exp(math.sqrt(math.log1p(interval.relative**2)) * z), dtype=np.float64)
    return np.asarray(value + abs(value) * interval.relative * z, dtype=np.float64)


def _two_piece(middle: float, low: float, high: float, reach: float, z: NDArray[np.float64]) -> NDArray[np.float64]:
    below, above = max(middle - low, 0.0) / reach, max(high - middle, 0.0) / reach
    return np.asarray(middle + np.where(z < 0, below, above) * z, dtype=np.float64)


def draw_order(key: str) -> NDArray[np.int64]:
    """Order in which the quantiles of the quantity `key` are drawn, a permutation of GRID positions."""
    return np.random.default_rng(zlib.crc32(key.encode())).permutation(GRID)


def independent_draws(known: KnownQuantity) -> NDArray[np.float64]:
    """Draws of `known`, (GRID,), or its one value, (1,), if it is certain."""
    return known.quantiles if known.certain else known.quantiles[draw_order(known.key)]


def validated_period(period: str | None) -> str | None:
    """`period` unchanged; raises InputError where it is not a period."""
    if period is not None:
        periods.span(period)
    return period


@lru_cache(maxsize=512)
def convert_unit(value: float, given: str, wanted: str) -> float:
    """`value`, given in the unit `given`, in the unit `wanted`; a number without a unit is in `wanted` already.

    Raises:
        InputError: the units do not measure the same thing.
    """
    given, wanted = " ".join(given.split()), " ".join(wanted.split())
    if not given or given == wanted or (given in ("%", "percent") and wanted.startswith("%")):
        return value
    if wanted.startswith("log10 "):
        from math import log10

        if value <= 0:
            raise InputError(f"{value:g} {given} has no logarithm; the quantity is in {wanted}")
        return log10(convert_unit(value, given, wanted.removeprefix("log10 ")))
    if given in ("times", "x") and wanted in ("", "times"):
        return value
    if given in ("%", "percent") and wanted in ("", "times"):
        return value / 100.0
    if given == "OOM" and wanted == "OOM":
        return value
    from headway.evidence.units import factor

    try:
        return value * factor(given, wanted)
    except InputError:
        raise InputError(
            f"the test says '{given}', the quantity is in '{wanted or 'no unit'}'; write the number in that unit"
        ) from None

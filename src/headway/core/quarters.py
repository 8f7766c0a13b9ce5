"""Quarters as running numbers (2023Q1 is 4 · 2023), the quarterly grid, and dated values laid onto it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from headway.core.errors import InputError
from headway.core.numbers import Floats

PER_YEAR = 4
MONTHS = 3
_POINTS = 13  # weeks in a quarter: a value that starts inside a quarter counts for the weeks it covers


@dataclass(frozen=True, slots=True)
class Grid:
    """Consecutive quarters; `first` and `last` are numbered year · 4 + quarter − 1. States are dated at their ends."""

    first: int
    last: int

    @classmethod
    def between(cls, first: str, last: str) -> Grid:
        """The quarters from `first` to `last`, both as `2021Q4`.

        Raises:
            InputError: not a quarter, or the last comes before the first.
        """
        grid = cls(number(first), number(last))
        if grid.last <= grid.first:
            raise InputError(f"the last quarter {last} must come after the first, {first}")
        return grid

    def __len__(self) -> int:
        return self.last - self.first + 1

    @property
    def names(self) -> tuple[str, ...]:
        """`2021Q4`, `2022Q1`, …"""
        return tuple(name(quarter) for quarter in range(self.first, self.last + 1))

    @property
    def years(self) -> Floats:
        """Decimal year of the end of each quarter."""
        return (np.arange(self.first, self.last + 1) + 1) / 4

    @property
    def weeks(self) -> Floats:
        """Decimal years of the weeks of the quarter that follows each date, (quarters, 13)."""
        inside = (np.arange(_POINTS) + 0.5) / _POINTS / 4
        return np.asarray(self.years[:, None] + inside)


def number(quarter: str) -> int:
    """Running number of a quarter written `2021Q4`.

    Raises:
        InputError: the text is no quarter.
    """
    match = re.fullmatch(r"(\d{4})Q([1-4])", quarter)
    if match is None:
        raise InputError(f"'{quarter}' is not a quarter; write 2021Q4")
    return PER_YEAR * int(match[1]) + int(match[2]) - 1


def name(quarter: int) -> str:
    """The quarter of that running number, as `2021Q4`."""
    return f"{quarter // PER_YEAR}Q{quarter % PER_YEAR + 1}"


def containing(day: dt.date) -> int:
    """The running number of the quarter that a day lies in."""
    return PER_YEAR * day.year + (day.month - 1) // MONTHS


def ends(quarter: int) -> dt.date:
    """The last day of a quarter."""
    return dt.date((quarter + 1) // PER_YEAR, MONTHS * ((quarter + 1) % PER_YEAR) + 1, 1) - dt.timedelta(days=1)


def decimal(day: dt.date) -> float:
    """A date as a decimal year."""
    start, end = dt.date(day.year, 1, 1), dt.date(day.year + 1, 1, 1)
    return day.year + (day - start).days / (end - start).days


def laid_out(grid: Grid, dates: Sequence[dt.date], values: Sequence[float], linear: bool = False) -> Floats:
    """Dated values by week of the quarter that follows each date of the grid, (quarters, 13); NaN before the first.

    Each value holds from its date to the next one, or, if `linear`, is the corner of a line between dates. A value of
    NaN ends the path until the next date.
    """
    order = np.argsort(np.asarray([decimal(day) for day in dates]))
    at = np.asarray([decimal(day) for day in dates])[order]
    level = np.asarray(values, float)[order]
    when = grid.weeks
    held = level[np.maximum(np.searchsorted(at, when, side="right") - 1, 0)]
    return np.asarray(np.where(when < at[0], np.nan, np.interp(when, at, level) if linear else held))

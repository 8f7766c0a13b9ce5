"""Periods as text (`2024`, `2024Q3`, `2024-05`, `2024-05-17`), and quarters as numbers on a grid.

Quarter 2023Q1 has the number 4 · 2023; dated values can be laid onto a grid of quarters.
"""

from __future__ import annotations

import calendar
import datetime as dt
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from headway.core.errors import InputError
from headway.core.numbers import Floats

PER_YEAR = 4
MONTHS = 3
_POINTS = 13  # weeks in a quarter: a value that starts inside a quarter counts for the weeks it covers
_FORMS = re.compile(r"(?P<year>[0-9]{4})(?:Q(?P<quarter>[1-4])|-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2}))?)?")


def today() -> dt.date:
    """Day that is written into what is made: that of SOURCE_DATE_EPOCH (in UTC) where it is set, else today's.

    Raises:
        InputError: SOURCE_DATE_EPOCH is no number of seconds since 1970.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if not given:
        return dt.date.today()
    try:
        return dt.datetime.fromtimestamp(int(given), dt.UTC).date()
    except (ValueError, OverflowError, OSError) as error:
        raise InputError(f"SOURCE_DATE_EPOCH is '{given[:40]}': give seconds since 1970, or unset it") from error


@lru_cache(maxsize=65536)
def span(period: str) -> tuple[dt.date, dt.date]:
    """First and last day of `period`.

    Raises:
        InputError: `period` has none of the four forms.
    """
    match = _FORMS.fullmatch(period)
    try:
        if match is None:
            raise ValueError
        year = int(match["year"])
        if match["day"]:
            day = dt.date(year, int(match["month"]), int(match["day"]))
            return day, day
        if match["quarter"]:
            last = MONTHS * int(match["quarter"])
            first = last - MONTHS + 1
        else:
            first, last = (int(match["month"]),) * 2 if match["month"] else (1, 12)
        return dt.date(year, first, 1), dt.date(year, last, calendar.monthrange(year, last)[1])
    except ValueError:  # calendar's error for a thirteenth month is one too
        raise InputError(f"'{period}' is not a period; write 2024, 2024Q3, 2024-05 or 2024-05-17") from None


def start(period: str) -> dt.date:
    """First day of `period`."""
    return span(period)[0]


def end(period: str) -> dt.date:
    """Last day of `period`."""
    return span(period)[1]


def quarter_of(day: dt.date) -> str:
    """Quarter that `day` lies in, as `2024Q3`."""
    return quarter_name(quarter_number_of(day))


@dataclass(frozen=True, slots=True)
class Grid:
    """Consecutive quarters; `first` and `last` are numbered year · 4 + quarter − 1. States are dated at their ends."""

    first: int
    last: int

    @classmethod
    def between(cls, first: str, last: str) -> Grid:
        """Grid of the quarters from `first` to `last`, both as `2021Q4`.

        Raises:
            InputError: not a quarter, or the last comes before the first.
        """
        grid = cls(quarter_number(first), quarter_number(last))
        if grid.last <= grid.first:
            raise InputError(f"the last quarter {last} must come after the first, {first}")
        return grid

    def __len__(self) -> int:
        return self.last - self.first + 1

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the quarters: `2021Q4`, `2022Q1`, …"""
        return tuple(quarter_name(quarter) for quarter in range(self.first, self.last + 1))

    @property
    def years(self) -> Floats:
        """Decimal year of the end of each quarter."""
        return (np.arange(self.first, self.last + 1) + 1) / 4

    @property
    def weeks(self) -> Floats:
        """Decimal years of the weeks of the quarter that follows each date, (quarters, 13)."""
        inside = (np.arange(_POINTS) + 0.5) / _POINTS / 4
        return np.asarray(self.years[:, None] + inside)


def quarter_number(quarter: str) -> int:
    """Running number of a quarter written `2021Q4`.

    Raises:
        InputError: the text is no quarter.
    """
    match = re.fullmatch(r"([0-9]{4})Q([1-4])", quarter)
    if match is None:
        raise InputError(f"'{quarter}' is not a quarter; write 2021Q4")
    return PER_YEAR * int(match[1]) + int(match[2]) - 1


def quarter_name(quarter: int) -> str:
    """Name of the quarter of that running number, as `2021Q4`."""
    return f"{quarter // PER_YEAR}Q{quarter % PER_YEAR + 1}"


def quarter_number_of(day: dt.date) -> int:
    """Running number of the quarter that a day lies in."""
    return PER_YEAR * day.year + (day.month - 1) // MONTHS


def quarter_start(quarter: int) -> dt.date:
    """First day of a quarter."""
    return dt.date(quarter // PER_YEAR, MONTHS * (quarter % PER_YEAR) + 1, 1)


def quarter_end(quarter: int) -> dt.date:
    """Last day of a quarter."""
    return dt.date((quarter + 1) // PER_YEAR, MONTHS * ((quarter + 1) % PER_YEAR) + 1, 1) - dt.timedelta(days=1)


def decimal(day: dt.date) -> float:
    """Decimal year of a date."""
    start, end = dt.date(day.year, 1, 1), dt.date(day.year + 1, 1, 1)
    return day.year + (day - start).days / (end - start).days


def laid_out(grid: Grid, dates: Sequence[dt.date], values: Sequence[float], linear: bool = False) -> Floats:
    """Values by week of the quarter that follows each date of the grid, (quarters, 13); NaN before the first.

    Each value holds from its date to the next one, or, if `linear`, is the corner of a line between dates. A value of
    NaN ends the path until the next date.
    """
    order = np.argsort(np.asarray([decimal(day) for day in dates]))
    at = np.asarray([decimal(day) for day in dates])[order]
    level = np.asarray(values, float)[order]
    when = grid.weeks
    held = level[np.maximum(np.searchsorted(at, when, side="right") - 1, 0)]
    return np.asarray(np.where(when < at[0], np.nan, np.interp(when, at, level) if linear else held))

"""Quarters as integers, so that a model can count them: 2023Q1 is 4 · 2023."""

from __future__ import annotations

import datetime as dt
import re

from headway.errors import InputError

PER_YEAR = 4
MONTHS = 3


def number(quarter: str) -> int:
    """The running number of a quarter written `2023Q1`.

    Raises:
        InputError: the text is no quarter.
    """
    match = re.fullmatch(r"(\d{4})Q([1-4])", quarter)
    if match is None:
        raise InputError(f"'{quarter}' is not a quarter; write 2026Q1")
    return PER_YEAR * int(match[1]) + int(match[2]) - 1


def name(quarter: int) -> str:
    """The quarter with that running number, as `2023Q1`."""
    return f"{quarter // PER_YEAR}Q{quarter % PER_YEAR + 1}"


def containing(day: dt.date) -> int:
    """The running number of the quarter that `day` lies in."""
    return PER_YEAR * day.year + (day.month - 1) // MONTHS


def ends(quarter: int) -> dt.date:
    """The last day of a quarter."""
    return dt.date((quarter + 1) // PER_YEAR, MONTHS * ((quarter + 1) % PER_YEAR) + 1, 1) - dt.timedelta(days=1)


def years(day: dt.date) -> float:
    """A date as a running number of years, the scale on which run dates enter the likelihood."""
    start = dt.date(day.year, 1, 1)
    return day.year + (day - start).days / ((dt.date(day.year + 1, 1, 1) - start).days)

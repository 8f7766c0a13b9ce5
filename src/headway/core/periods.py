"""Periods as text: `2024`, `2024Q3`, `2024-05`, `2024-05-17`, and the days they begin and end on."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from functools import lru_cache

from headway.core.errors import InputError

_FORMS = re.compile(r"(?P<year>\d{4})(?:Q(?P<quarter>[1-4])|-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")


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
        if match["quarter"]:
            last = 3 * int(match["quarter"])
            return dt.date(year, last - 2, 1), dt.date(year, last, calendar.monthrange(year, last)[1])
        if match["day"]:
            day = dt.date(year, int(match["month"]), int(match["day"]))
            return day, day
        if match["month"]:
            month = int(match["month"])
            return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])
        return dt.date(year, 1, 1), dt.date(year, 12, 31)
    except ValueError:
        raise InputError(f"'{period}' is not a period; write 2024, 2024Q3, 2024-05 or 2024-05-17") from None


def start(period: str) -> dt.date:
    """First day of `period`."""
    return span(period)[0]


def end(period: str) -> dt.date:
    """Last day of `period`."""
    return span(period)[1]


def quarter_of(day: dt.date) -> str:
    """The quarter that `day` lies in, as `2024Q3`."""
    return f"{day.year}Q{(day.month + 2) // 3}"

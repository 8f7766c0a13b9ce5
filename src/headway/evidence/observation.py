"""The observation table: one row says what one publisher said of one country, indicator and period.

Two dates stand in every row. `period` is the time it speaks of; `published_on` is the day it could have been known.
A hindcast sees rows by `published_on` alone.
"""

from __future__ import annotations

COLUMNS: dict[str, str] = {
    "id": "source:indicator:country:period:published_on, unique",
    "indicator": "slug in the indicator catalogue",
    "country": "ISO 3166-1 alpha-3 code, XKX for Kosovo, or a bloc code of the catalogue",
    "period": "ISO 8601 period: 2024, 2024Q3, 2024-05 or 2024-05-17",
    "value": "number in `unit`",
    "low": "lower end of the interval, or null",
    "high": "upper end of the interval, or null",
    "level": "probability content of [low, high], or null",
    "unit": "unit of value, low and high; equal to the indicator's unit",
    "source": "slug in the source catalogue",
    "published_on": "day from which it could be known",
    "retrieved_on": "day of the vintage that we read",
    "flag": "comma-joined marks: pseudo (published_on follows a rule), estimate, derived, aggregate, user",
    "inputs": "ids of the facts it was derived from, joined by a blank; empty for a publisher's own figure",
}

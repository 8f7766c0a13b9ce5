"""Limits of what may be asked, and how much is run where nothing else is asked; the same on every surface."""

from __future__ import annotations

from headway.core.errors import InputError

MEMBERS = 1024
"""Futures of a question that names no number: brief, What if, `headway simulate`, Python and the site have the same.

Chance moves the median lag of 2030 by 0.3 months and the ends of its interval, some 30 months apart, by up to 0.8 (one
standard error). With 2,000 it would be 0.2 and 0.6, for twice the time of every answer; whole months are printed.
"""
MOST_SEED = 2**32 - 1  # seeds are unsigned integers of 32 bits
MOST_DRAWS = 1_000_000  # beyond, intervals are no steadier and memory is short


def whole_number(name: str, value: int, least: int, most: int) -> int:
    """`value`, if it is a whole number from `least` to `most`.

    Raises:
        InputError: it is not; the message calls it `name`.
    """
    if isinstance(value, bool) or not hasattr(value, "__index__") or not least <= value <= most:
        raise InputError(f"{name} {value!r}: give a whole number from {least:,} to {most:,}")
    return int(value)

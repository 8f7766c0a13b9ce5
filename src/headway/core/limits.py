"""Limits of what may be asked, the same on every surface."""

from __future__ import annotations

from headway.core.errors import InputError

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

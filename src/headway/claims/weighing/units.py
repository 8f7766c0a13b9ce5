"""Units in tests: a threshold written as a person would (12 months, 1 %, 3 billion USD), in the quantity's own unit."""

from __future__ import annotations

from functools import lru_cache

from headway.core.errors import InputError


@lru_cache(maxsize=512)
def bring(value: float, given: str, wanted: str) -> float:
    """`value` in `given` as a number in `wanted`; a bare number is taken to be in `wanted` already.

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
        return log10(bring(value, given, wanted.removeprefix("log10 ")))
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

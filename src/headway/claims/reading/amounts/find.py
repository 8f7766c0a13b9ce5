"""All amounts of a sentence: finders are asked in order, and what one has taken no later one takes again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from headway.claims.reading.amounts.counted import bare, durations, measured, ranges
from headway.claims.reading.amounts.money import money
from headway.claims.reading.amounts.numbers import Amount
from headway.claims.reading.amounts.relative import multiples, ranks, shares

_FINDERS: tuple[Callable[[str], Iterator[Amount]], ...] = (
    money,
    ranges,
    multiples,
    durations,
    ranks,
    shares,
    measured,
    bare,
)


def amounts(sentence: str, dates: Sequence[tuple[int, int]] = ()) -> tuple[Amount, ...]:
    """All amounts, in order; stretches of `dates` are left alone."""
    taken = list(dates)
    found: list[Amount] = []
    for finder in _FINDERS:
        for amount in finder(sentence):
            if amount.unit and not any(amount.start < end and start < amount.end for start, end in taken):
                found.append(amount)
                taken.append((amount.start, amount.end))
    return tuple(sorted(found, key=lambda amount: amount.start))

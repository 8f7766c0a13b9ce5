"""All amounts of a sentence: finders are asked in order, and what one has taken no later one takes again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from headway.claims.reading.amounts.counted import bare, durations, halves, measured, percentages, ranges, tight
from headway.claims.reading.amounts.money import money
from headway.claims.reading.amounts.numbers import Amount
from headway.claims.reading.amounts.relative import multiples, ranks, shares

_FINDERS: tuple[Callable[[str], Iterator[Amount]], ...] = (
    money,
    ranges,
    multiples,
    durations,
    halves,
    ranks,
    shares,
    tight,
    measured,
    percentages,
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
    return tuple(_in_the_same_money(sorted(found, key=lambda amount: amount.start)))


def _in_the_same_money(found: Sequence[Amount]) -> Iterator[Amount]:
    """ "1.2 billion dollars, against 109 billion": a large number without a unit takes the currency before it."""
    currency = ""
    for amount in found:
        if len(amount.unit) == 3 and amount.unit.isupper():
            currency = amount.unit
        yield replace(amount, unit=currency) if amount.unit == "count" and amount.value >= 1e8 and currency else amount

"""Which arguments of a term name countries, and which name periods."""

from __future__ import annotations

from headway.claims.expression.tree import Term

_COUNTRIES = {
    "indicator": (1,),
    "ratio": (1, 2),
    "change": (1,),
    "growth": (1,),
    "trend": (1,),
    "rank": (1,),
    "statement": (1,),
    "count": (1,),
    "flow": (1, 2),
}
_PERIODS = {
    "indicator": (2,),
    "ratio": (3,),
    "change": (2, 3),
    "growth": (2, 3),
    "trend": (2, 3),
    "rank": (2,),
    "statement": (3,),
    "count": (3,),
    "flow": (3, 4),
}


def countries_in(term: Term) -> tuple[str, ...]:
    """The arguments that name countries; of a finding, the first."""
    return _at(term, (0,) if term.is_finding else _COUNTRIES.get(term.name, ()))


def periods_in(term: Term) -> tuple[str, ...]:
    """The arguments that name periods."""
    return _at(term, _PERIODS.get(term.name, ()))


def _at(term: Term, places: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(term.arguments[place] for place in places if place < len(term.arguments))

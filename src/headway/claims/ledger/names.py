"""Names in a ledger that must exist: countries, quantities, indicators, kinds of statement."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from headway.claims.language import Term, countries_in, periods_in, terms
from headway.claims.ledger.model import Claim, Ledger
from headway.core import periods
from headway.core.errors import InputError
from headway.evidence.catalogue import indicators
from headway.evidence.countries import resolve

_WITH_SLUG = frozenset({"indicator", "ratio", "change", "growth", "trend", "rank"})


def check_names(ledger: Ledger) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """(path of the field, complaint) for every name that does not exist."""
    if ledger.country is not None:
        yield from _country(ledger.country, ("country",))
    unknown = sorted(set(ledger.errors) - {"official", "measured", "estimate", "survey", "press", "derived"})
    if unknown:
        yield (
            ("errors", unknown[0]),
            "no such type of source; there are official, measured, estimate, survey, press, derived",
        )
    for number, claim in enumerate(ledger.claims):
        for place, code in enumerate(claim.countries):
            yield from _country(code, ("claims", number, "countries", place))
        for path, term in _terms(claim):
            for complaint in complaints(term):
                yield ("claims", number, *path), complaint


def complaints(term: Term) -> Iterator[str]:
    """What is wrong with the names in one term."""
    from headway.claims.weighing.terms import form_of

    if term.is_finding:
        yield from _finding(term)
        return
    try:
        form_of(term)
    except InputError as error:
        yield str(error)
        return
    if term.name in _WITH_SLUG and term.arguments[0] not in indicators():
        near = get_close_matches(term.arguments[0], indicators(), 3)
        hint = f"; did you mean {' or '.join(near)}?" if near else "; `headway evidence list` names them"
        yield f"unknown quantity '{term.arguments[0]}'{hint}"
    if term.name in ("statement", "count") and term.arguments[0] not in ("goal", "budget", "event", "niche"):
        yield f"'{term.arguments[0]}' is no kind of statement; there are goal, budget, event, niche"
    for name in countries_in(term):
        yield from (complaint for _, complaint in _country(name, ()))
    for period in periods_in(term):
        try:
            periods.span(period)
        except InputError as error:
            yield str(error)


def _finding(term: Term) -> Iterator[str]:
    from headway.findings.recipe import recipes

    if term.name not in recipes():
        near = get_close_matches(term.name, recipes(), 3, 0.5)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        yield f"unknown quantity '{term.name}'{hint} Known ones: {', '.join(sorted(recipes()))}"
    elif not term.arguments:
        yield f"{term.name} needs a country: {term.name}(COUNTRY)"
    else:
        yield from (complaint for _, complaint in _country(term.arguments[0], ()))


def _terms(claim: Claim) -> Iterator[tuple[tuple[str | int, ...], Term]]:
    from headway.claims.language import parse_test

    if claim.test is not None:
        yield from ((("test",), term) for term in terms(parse_test(claim.test)))
    for number, reading in enumerate(claim.readings):
        yield from ((("readings", number, "test"), term) for term in terms(reading.node))
    for number, bearing in enumerate(claim.bearing):
        yield from ((("bearing", number, "test"), term) for term in terms(parse_test(bearing.test)))


def _country(name: str, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    try:
        resolve(name)
    except InputError as error:
        yield path, str(error)

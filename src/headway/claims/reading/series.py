"""Tests that hold a statement against one indicator's series: its value, its trend, its place, its ratio."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from headway.claims.reading.amounts import Amount
from headway.claims.reading.read import Statement
from headway.claims.reading.roles import Roles

NEWEST = "2025"
"""The last whole year that a test may name by itself: models of the year after are kept for scoring forecasts."""

_MORE = re.compile(
    r"(?:more than|over|above|at least|exceed\w*|upwards of|no (?:less|fewer) than)\s+(?:US)?[$€£]?$", re.I
)
_LESS = re.compile(r"(?:less than|fewer than|under|below|at most|up to|no more than|only|just)\s+(?:US)?[$€£]?$", re.I)
_BEST = re.compile(r"\b(?:largest|biggest|most|first|highest|best|strongest|fastest|only|any other|leads?)\b", re.I)
_ONE_OF = re.compile(r"\b(?:among|one of|near the top|well placed|leading)\b", re.I)
_EFFECT_ALONE = "tests the effect alone: that it has this cause is not shown"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible test, what to know about it, and how well it fits (0 to 1)."""

    test: str
    note: str
    fit: float


def series_tests(
    statement: Statement, entry: Mapping[str, Any], sides: Roles, fill: Mapping[str, str]
) -> Iterator[Candidate]:
    """Candidates from one entry of the measures' file, in order of preference."""
    slug, first = str(entry["slug"]), fill["A"]
    operator = sign_of(statement.direction or "more")
    if entry.get("sense", 1) < 0:
        operator = {">": "<", "<": ">"}[operator]
    if statement.kind == "cause":
        if "cause" in entry:
            yield Candidate(str(entry["cause"]).format(**fill), _EFFECT_ALONE, 0.4)
        elif statement.direction in ("up", "down"):
            yield Candidate(f"trend({slug}, {first}, {fill['SINCE']}, {fill['NOW']}) {operator} 0", _EFFECT_ALONE, 0.4)
    elif statement.kind == "trend":
        yield from _trend(statement, entry, first, operator, fill)
    elif statement.kind == "comparison":
        yield from _comparison(statement, entry, sides, operator)
    else:
        yield from _level(statement, entry, slug, first)
        if "plain" in entry:
            fit = 0.35 if statement.amounts else 0.5
            yield Candidate(str(entry["plain"]).format(**fill), "the threshold is ours: set your own", fit)


def _level(statement: Statement, entry: Mapping[str, Any], slug: str, country: str) -> Iterator[Candidate]:
    for amount in statement.amounts:
        if amount.unit not in entry["units"]:
            continue
        sign = operator_of(statement, amount)
        ending = f" within {25 if statement.hedged else 15} %" if sign == "~" else ""
        wanted = f"{sign} {amount.value:g} {entry['units'][amount.unit]}".rstrip() + ending
        if period := _only_period(statement):
            yield Candidate(f"indicator({slug}, {country}, {period}) {wanted}", "", 0.9)
        note = "the newest figure, none being known for the date named" if statement.periods else ""
        yield Candidate(f"indicator({slug}, {country}) {wanted}", note, 0.6 if statement.periods else 0.85)


def _trend(
    statement: Statement, entry: Mapping[str, Any], country: str, operator: str, fill: Mapping[str, str]
) -> Iterator[Candidate]:
    slug, multiples = entry["slug"], not entry.get("absolute", False)
    if statement.periods and all(period[:4] > NEWEST for period in statement.periods):
        return  # what is to come has no trend yet
    years = sorted({period[:4] for period in statement.periods})
    begin, end = (years[0], years[-1]) if len(years) > 1 else (fill["SINCE"], fill["NOW"])
    if statement.direction == "flat" and multiples:
        yield Candidate(f"growth({slug}, {country}, {begin}, {end}) ~ 1 within 10 %", "", 0.7)
        return
    factor = first_amount(statement, "times")
    if factor and multiples and len(years) > 1 and operator == ">":
        yield Candidate(f"growth({slug}, {country}, {begin}, {end}) ~ {factor.value:g} within 25 %", "", 0.9)
    note = "" if statement.periods else "the years are ours: the sentence names none"
    yield Candidate(f"trend({slug}, {country}, {begin}, {end}) {operator} 0", note, 0.8 if statement.periods else 0.6)


def _comparison(statement: Statement, entry: Mapping[str, Any], sides: Roles, operator: str) -> Iterator[Candidate]:
    slug, multiples = entry["slug"], not entry.get("absolute", False)
    period = f", {found}" if (found := _only_period(statement)) else ""
    factor, place = first_amount(statement, "times"), first_amount(statement, "rank")
    first = sides.subjects[0]
    if place:
        yield Candidate(f"rank({slug}, {first}{period}) <= {place.value:g}", "", 0.9)
    if sides.others and factor and multiples:
        pair = (first, sides.others[0]) if operator == ">" else (sides.others[0], first)
        wanted = f"~ {factor.value:g} within 30 %" if statement.hedged else f"> {factor.value:g}"
        yield Candidate(f"ratio({slug}, {pair[0]}, {pair[1]}{period}) {wanted}", "", 0.9)
    if sides.others and statement.direction == "equal" and multiples:
        yield Candidate(f"ratio({slug}, {first}, {sides.others[0]}{period}) ~ 1 within 10 %", "", 0.8)
    elif sides.others:
        pairs = list(product(sides.subjects[:2], sides.others[:2]))
        both = [
            f"indicator({slug}, {one}{period}) {operator} indicator({slug}, {other}{period})" for one, other in pairs
        ]
        yield Candidate(" and ".join(both), "", 0.9)
        yield Candidate(both[0], "only the first two countries", 0.7)
        if multiples:
            yield Candidate(f"ratio({slug}, {first}, {sides.others[0]}) {operator} 1", "newest period of both", 0.8)
    elif not place:
        yield from _place(statement, slug, first, period, operator)


def _place(statement: Statement, slug: str, country: str, period: str, operator: str) -> Iterator[Candidate]:
    best = 10 if _ONE_OF.search(statement.text) or not _BEST.search(statement.text) else 1
    note = "" if best == 1 else "the tenth place is ours: set your own"
    sign = "<=" if operator == ">" else ">"
    yield Candidate(f"rank({slug}, {country}{period}) {sign} {best}", note, 0.7 if operator == ">" else 0.6)


def sign_of(direction: str) -> str:
    """The comparator of a direction: more and up are ">", less and down "<"."""
    return "<" if direction in ("less", "down") else ">"


def operator_of(statement: Statement, amount: Amount) -> str:
    """ ">" after "more than", "<" after "less than", else "~"."""
    before = statement.text[: amount.start]
    if _MORE.search(before):
        return ">"
    return "<" if _LESS.search(before) else "~"


def first_amount(statement: Statement, *units: str) -> Amount | None:
    """The first amount in one of `units`."""
    return next((amount for amount in statement.amounts if amount.unit in units), None)


def _only_period(statement: Statement) -> str:
    past = [period for period in statement.periods if period[:4] <= NEWEST]
    return past[0] if len(past) == 1 else ""

"""Tests of a multiple: "N times as much as", "a fiftieth of", "N percent more than" the figure of another country."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from headway.claims.proposer.candidates import CandidateTest
from headway.claims.proposer.skeleton import SIDE, ClauseSeries, countries_around, limit_of_multiple
from headway.claims.reader.amounts import Amount

_LINK_OF = re.compile(
    rf"(?: (?=G\d+'s)|(?:\s?(?:of|that of|those of|what|as (?:much|many|large|big|high|great|rich|strong|likely|often)|"
    rf"more|less|fewer|higher|lower|larger|smaller|bigger|greater|the|times)\b)[^,;.]*?){SIDE}"
)
_LINK_FOLD = re.compile(rf"[- ]fold [^,;.]*?{SIDE}")
_BETWEEN = re.compile(  # "twice as large a share in G0 as in G1": the subject stands inside
    rf"\s?(?:as|more|less|fewer|higher|larger|lower|smaller|the)\b[^,;.]*?(?P<first>G\d+|H)\b[^,;.]*? (?:as|than|of) "
    rf"(?:in |of |for |by |that of |those of |that in |those in )?{SIDE}"
)
_BARE = re.compile(
    r"\s?(?:as (?:much|many|large|big|high|often)|that|(?:more|less|fewer|higher|lower|larger|smaller))\W*$"
)
_MORE_BY = re.compile(r"\s?(?P<how>more|higher|larger|bigger|greater|less|fewer|lower|smaller)\b")
_MAKES_UP = re.compile(r"\b(?:(?:makes?|made|making) up|account\w* for|represent\w*|constitut\w*|compris\w*)\b[^,;]*$")
_LESS = frozenset({"less", "fewer", "lower", "smaller"})
_SPELLED = re.compile(r"(?:an? |one[- ])?\w*(?:th|half|third|quarter|fifth)")
_FROM_BEFORE = "the country held against it is taken from the words before"


@dataclass(frozen=True, slots=True)
class _Sides:
    """Codes on both sides of a multiple, with the link between the number and the second, and what may be noted."""

    subjects: tuple[str, ...]
    others: tuple[str, ...]
    link: str
    end: int
    note: str = ""


def multiples(series: ClauseSeries, denied: bool) -> Iterator[CandidateTest]:
    """Test of the first number that tells a multiple of another country's figure."""
    clause = series.clause
    for place, amount in enumerate(clause.numbers):
        at = re.search(rf"\bN{place}\b", clause.text)
        if at is None or amount.unit not in ("times", "percent") or (amount.unit == "times" and amount.value > 1e4):
            continue
        sides = _sides(series, at)
        factor = _factor(series, place, at, sides) if sides is not None else None
        if sides is None or factor is None:
            continue
        told_after = series.sides(sides.end, len(clause.text))
        both = set(sides.subjects) & set(sides.others)
        if len(sides.others) != 1 or not sides.subjects or both or told_after or series.free_numbers(place):
            return
        if test := _test(series, sides, factor, clause.text[: at.start()]):
            yield CandidateTest(test, sides.note, 0.75 if sides.note else 0.9, uses=(amount,))
        return


def _sides(series: ClauseSeries, at: re.Match[str]) -> _Sides | None:
    """Sides of the multiple whose number stands `at` a place; None where nothing is held against anything."""
    text = series.clause.text
    told = series.sides(0, at.start())
    inside = _BETWEEN.match(text, at.end()) if not told else None
    if inside is not None and inside["first"] != inside["side"]:
        found = series.codes(inside["first"]), series.codes(inside["side"])
        return _Sides(*found, inside[0], inside.end())
    link = _LINK_OF.match(text, at.end()) or _LINK_FOLD.match(text[at.end() :])
    if link is not None:
        end = at.end() + len(link[0])
        return _Sides(series.subjects(at.start()), series.codes(link["side"]), link[0], end)
    bare = _BARE.match(text, at.end())
    subjects = series.subjects(at.start())
    if bare is None or len(subjects) != 1:
        return None
    others = tuple(code for code in series.statement.countries if code not in subjects)
    others = others if len(others) == 1 else countries_around(series.statement, subjects[0])
    return _Sides(subjects, others, bare[0], len(text), _FROM_BEFORE) if len(others) == 1 else None


def _factor(series: ClauseSeries, place: int, at: re.Match[str], sides: _Sides) -> float | None:
    """Multiple that the number tells: "a third" of it, "a third more", "three times smaller"; None for a share."""
    clause, amount = series.clause, series.clause.numbers[place]
    more = _MORE_BY.match(sides.link) if sides.note or " than " in sides.link else None
    if amount.unit == "times":
        return 1.0 / amount.value if more is not None and more["how"] in _LESS else amount.value
    if more is not None:
        part = amount.value / 100.0
        return 1.0 - part if more["how"] in _LESS else 1.0 + part
    if _MAKES_UP.search(clause.text[: at.start()]):
        return None
    spelled = _SPELLED.fullmatch(clause.counted[place].lower()) and (series.sides(0, at.start()) or clause.subject)
    of_what = re.match(
        r"\s?of (?:what|that of|those of|the G\d+ (?:figure|level|amount|sum|total|number|rate|one)\b)", sides.link
    )
    owned = clause.text[sides.end :].startswith(
        ("'s", " level", " figure", " total", " amount", " sum", " rate", " one")
    )
    return amount.value / 100.0 if spelled or of_what or owned else None


def _test(series: ClauseSeries, sides: _Sides, factor: float, before: str) -> str:
    """Test of the multiple; of a series on a logarithmic scale, by the finding that its entry names."""
    wanted, other = limit_of_multiple(before, factor), sides.others[0]
    if series.entry.get("absolute"):
        return _orders_of_magnitude(series, sides, factor, wanted)
    if len(sides.subjects) > 1 and re.search(r"\b(?:together|combined)\b", before):
        total = " + ".join(series.of(code) for code in sides.subjects)
        return f"[{total}] / {series.of(other)} {wanted}"
    if series.divided:
        return " and ".join(f"[{series.of(code)}] / [{series.of(other)}] {wanted}" for code in sides.subjects)
    return " and ".join(f"ratio({series.slug}, {code}, {other}{series.period}) {wanted}" for code in sides.subjects)


def _orders_of_magnitude(series: ClauseSeries, sides: _Sides, factor: float, wanted: str) -> str:
    """A multiple as orders of magnitude by which the first is behind; empty where no finding tells them."""
    if "behind" not in series.entry or len(sides.subjects) != 1 or series.period or not factor > 0:
        return ""
    pair = (sides.subjects[0], sides.others[0]) if factor < 1 else (sides.others[0], sides.subjects[0])
    limit = f"{abs(math.log10(factor)):.3g} OOM"
    sign = wanted[0] if factor > 1 or wanted[0] == "~" else {"<": ">", ">": "<"}[wanted[0]]
    return f"{series.entry['behind']}({pair[0]}, {pair[1]}) {sign} {limit}{' within 15 %' if sign == '~' else ''}"


def factor_of(amount: Amount, how: str) -> float:
    """Factor of a change that is told by a number and "more" or "less" behind it: "a fifth fewer" is 0.8."""
    if amount.unit == "times":
        return 1.0 / amount.value if how in _LESS and amount.value > 1 else amount.value
    part = amount.value / 100.0
    return part if not how else 1.0 - part if how in _LESS else 1.0 + part

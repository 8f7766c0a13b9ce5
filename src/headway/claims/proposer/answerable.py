"""Reasons why a test cannot be answered from the evidence, or not about the years that a statement speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from headway.claims.language import Arithmetic, Comparison, Number, Term, leaves, parse_test, terms
from headway.claims.ledger import name_errors
from headway.claims.reader.statements import ArticleStatement
from headway.claims.reader.words import cues
from headway.core.errors import InputError
from headway.evidence.catalogue import indicators

if TYPE_CHECKING:
    from headway.claims.evaluate.lookup import EvidenceLookup

_NEWEST_FIGURE = re.compile(r"indicator\((\w+), (\w+)\)(?P<number> [<>~]=? -?[\d.]*[1-9])?")
_TOO_OLD, _DATED = 4, 2
"""Years: a figure older than the first is not held against a number of today; one older than the second is dated."""


def _newest_years(test: str, lookup: EvidenceLookup) -> Iterator[tuple[int, bool]]:
    """Year of each newest figure that the test asks for, and whether it is held against a number."""
    for match in _NEWEST_FIGURE.finditer(test):
        yield int(str(lookup.row(match[1], match[2])["period"])[:4]), match["number"] is not None


def staleness(test: str, lookup: EvidenceLookup) -> str:
    """Reason why the newest figure is too old for a statement about today; empty if it is not."""
    for year, number in _newest_years(test, lookup):
        if number and lookup.as_of.year - year > _TOO_OLD:
            return f"the newest figure is of {year}: too old to hold a number of today against"
    return ""


def age_note(test: str, lookup: EvidenceLookup) -> str:
    """A remark on the year of the newest figure, where it is some years back."""
    years = [year for year, _ in _newest_years(test, lookup)]
    return f"the newest figure is of {min(years)}" if years and lookup.as_of.year - min(years) > _DATED else ""


def reason_unfit(statement: ArticleStatement, test: str, lookup: EvidenceLookup) -> str:
    """Reason why `test` cannot be answered, or not about the years that the sentence speaks of; empty if it can."""
    try:
        return (
            reason_unanswerable(test, lookup)
            or staleness(test, lookup)
            or _far_off(test, lookup)
            or _reason_too_early(statement.text, test, lookup)
        )
    except InputError as error:
        return str(error)


_LEVEL = re.compile(r"indicator\((\w+), (\w+)(?:, [\w-]+)?\) ~ ([\d.]+(?:e[+-]?\d+)?)")
_FAR = 20.0
"""Factor from all figures of a series beyond which a number is taken to be of something else."""


def _far_off(test: str, lookup: EvidenceLookup) -> str:
    """Reason why a number can hardly be of the series that a test holds it against; empty where it may be."""
    for match in _LEVEL.finditer(test):
        values = [float(value) for value in lookup.rows(match[1], match[2])["value"]]
        number = float(match[3])
        if number > _FAR * max(values) > 0 or 0 < number * _FAR < min(values):
            name = lookup.evidence.indicators()[match[1]].name
            return f"{number:,.10g} is far from every figure of {name} of {lookup.name(match[2])}"
    return ""


_SINCE = re.compile(
    r"\b(?:since|from) (?:(?:the )?(?:\w+ )?(?:end|start|beginning|spring|summer|autumn|fall|winter|half|quarter)"
    r" of |early |late |mid-|[A-Z][a-z]+ )?(?P<year>(?:19|20)\d\d)\b(?! to\b)",
    re.IGNORECASE,
)


def reason_undated(statement: ArticleStatement) -> str:
    """Reason why a statement about a time without a year ("ten years ago") has no test; empty where it may have one."""
    past = cues("past").search(statement.text)
    if past is None or statement.periods:
        return ""
    return f"“{past[0]}” names no year, and figures of today say nothing of that time"


def _reason_too_early(text: str, test: str, lookup: EvidenceLookup) -> str:
    """Reason why a figure of the year of a "since", or from before, cannot say what happened since; else empty."""
    since = _SINCE.search(text)
    if since is None:
        return ""
    later = any(year > since["year"] for year in re.findall(r", ((?:19|20)\d\d)\b", test))
    if (
        not later
        and _NEWEST_SERIES.search(test) is None
        and re.search(rf"(?:indicator|rank|ratio)\([^()]*, {since['year']}\)", test)
    ):
        return f"the figure is of {since['year']}: it cannot say what has happened since"
    for match in _NEWEST_SERIES.finditer(test):
        year = str(lookup.row(match[1] or match[3], match[2] or match[4])["period"])[:4]
        if year <= since["year"]:
            return f"the newest figure is of {year}: it cannot say what has happened since {since['year']}"
    return ""


_NEWEST_SERIES = re.compile(r"(?:(?:indicator|rank)\((\w+), (\w+)|ratio\((\w+), (\w+), \w+)\)")


def reason_unanswerable(test: str, lookup: EvidenceLookup) -> str:
    """Reason why `test` cannot be answered from the evidence; empty if it can."""
    return lookup.silence(test, lambda: _reason_unanswerable(test, lookup))


def _reason_unanswerable(test: str, lookup: EvidenceLookup) -> str:
    from headway.claims.evaluate.probability import evaluate_test

    node = parse_test(test)
    for term in terms(node):
        for complaint in name_errors(term):
            return complaint.split(";")[0].split(" Known ones")[0]
    try:
        return "; ".join(evaluate_test(node, lookup).missing)
    except InputError as error:
        return str(error)


def decides_nothing(test: str) -> bool:
    """Whether a part of a test holds something against itself, or a figure over itself against another such."""
    for leaf in leaves(parse_test(test)):
        if isinstance(leaf, Comparison):
            sides = (leaf.left, leaf.right)
            if sides[0] == sides[1] or any(isinstance(one, Arithmetic) and one.left == one.right for one in sides):
                return True
    return False


_FARTHEST = 3.0
"""Factor on the largest figure of a series beyond which a number is taken to be of something else."""


def reason_beyond(test: str, lookup: EvidenceLookup) -> str:
    """Reason why a number is none of its series: it lies far above every figure of any country; empty if it may be."""
    for leaf in leaves(parse_test(test)):
        if not isinstance(leaf, Comparison) or not isinstance(leaf.left, Term) or not isinstance(leaf.right, Number):
            continue
        slug = leaf.left.arguments[0]
        if leaf.left.name != "indicator" or leaf.right.unit != indicators()[slug].unit:
            continue
        if abs(leaf.right.value) > _FARTHEST * float(lookup.evidence.observations(slug)["value"].abs().max()):
            return f"{leaf.right.value:g} lies far beyond every figure of {indicators()[slug].name}"
    return ""

"""Tests of a change that a clause tells of one series: by a factor, a percentage or points, or in direction alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from headway.claims.reader.amounts import Amount
from headway.claims.reader.candidates import CandidateTest
from headway.claims.reader.limits import amount_comparison
from headway.claims.reader.skeleton import HELD, ClauseSeries, Skeleton, limit_of_multiple
from headway.claims.reader.words import relation

ENDS = ("2025", "2024", "2023", "2022", "2021", "2020")
"""Where a change may end: the first year that the series reaches is taken."""
_SINCE = re.compile(r"\b(?:since|after|from)(?: the)?(?: (?:start|beginning|end) of)? D(\d+)", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between D(\d+) and D(\d+)|from D(\d+) (?:to|until|through) D(\d+)|D(\d+)\s?[–-]\s?D(\d+))")
_FROM_TO = re.compile(
    r"\bfrom (?:\w+ ){0,3}N(?P<one>\d+)(?:\s?\(?(?:in )?D(?P<first>\d+)\)?)? to (?:\w+ ){0,3}N(?P<two>\d+)"
    r"(?:\s?\(?(?:in |by )?D(?P<last>\d+)\)?)?"
)
_NOT_GROWN = re.compile(r"\b(?:has|have|had|did) not (?:grown?|risen|rise|increased?|fallen|fall|declined?)\b")
_BY = r"\bby (?:\w+ ){0,3}N(?P<by>\d+)\b"


def changes(series: ClauseSeries, denied: bool) -> Iterator[CandidateTest]:
    """A change between two years: by a factor, by a percentage, in points, or in direction alone."""
    clause, text = series.clause, series.clause.text
    up, down, still = relation("up").search(text), relation("down").search(text), relation("still").search(text)
    moved = min((one for one in (up, down) if one is not None), key=lambda one: one.start(), default=None)
    multiple = _multiple(series)
    words = [one.start() for one in (moved, still, multiple[1] if multiple else None) if one is not None]
    if not words or series.entry.get("rate") or series.divided:
        return
    told = {code for token in series.sides(0, len(text)) for code in series.codes(token)}
    subjects = series.subjects(min(words)) or (tuple(told) if len(told) == 1 else ())
    if not subjects or (told - set(subjects)) or HELD.search(text):
        return
    if (levels := _FROM_TO.search(text)) is not None:
        yield from _from_to(series, subjects, levels)
        return
    if (since := _UP_FROM.search(text)) is not None:
        yield from _up_from(series, subjects, since)
        return
    if multiple is not None and moved is None and still is None and not clause.dates:
        return
    falls = moved is not None and moved is down
    size = _size(series, multiple, falls) or (_Size("growth", "~ 1 within 10 %") if still else None)
    used = tuple(one for one in clause.numbers if size is not None and one is size.amount)
    years = _years(clause)
    if len(used) < len(clause.numbers) or (size is not None and years is None):
        return  # a factor says nothing without its years
    yield from _between_years(series, subjects, years, size, falls, used)


_UP_FROM = re.compile(r"\b(?P<how>up|down) from (?:\w+ ){0,3}N(?P<one>\d+)\b(?:\s?\(?(?:in )?D(?P<first>\d+))?")


def _up_from(series: ClauseSeries, subjects: tuple[str, ...], since: re.Match[str]) -> Iterator[CandidateTest]:
    """The level that stood before, and that it has been left: "up from N0 in D0"."""
    amount, clause = series.clause.numbers[int(since["one"])], series.clause
    if since["first"] is None or len(subjects) != 1 or len(clause.numbers) != 1:
        return
    if amount.unit not in series.entry["units"]:
        return
    then = clause.dates[int(since["first"])]
    now = [period for period in series.statement.periods if period > then]
    before = f"indicator({series.slug}, {subjects[0]}, {then})"
    after = f"indicator({series.slug}, {subjects[0]}{f', {now[-1]}' if now else ''})"
    sign = ">" if since["how"] == "up" else "<"
    limit = amount_comparison(replace(series.statement, kind="fact"), amount, series.entry)
    yield CandidateTest(f"{before} {limit} and {after} {sign} {before}", "", 0.9, uses=(amount,))


@dataclass(frozen=True, slots=True)
class _Size:
    """Size of a change: the term that tells it, what it is held against, and the amount told."""

    term: str
    limit: str
    amount: Amount | None = None


def _multiple(series: ClauseSeries) -> tuple[Amount, re.Match[str]] | None:
    """The first number that tells a factor ("tripled", "halved"), with its place."""
    for place, one in enumerate(series.clause.numbers):
        halved = one.unit == "percent" and series.clause.counted[place].lower().startswith("halv")
        at = re.search(rf"\bN{place}\b", series.clause.text)
        if at is not None and (one.unit == "times" or halved):
            return one, at
    return None


def _size(series: ClauseSeries, multiple: tuple[Amount, re.Match[str]] | None, falls: bool) -> _Size | None:
    """Size of the change that a clause tells in numbers; None where it tells the direction alone, or none that fits."""
    clause, text = series.clause, series.clause.text
    if series.entry.get("absolute"):
        return None
    if multiple is not None:
        amount, at = multiple
        factor = 0.5 if amount.unit == "percent" else amount.value
        factor = 1.0 / factor if falls and factor > 1 else factor
        return _Size("growth", limit_of_multiple(text[: at.start()], factor).replace("30 %", "15 %"), amount)
    by = re.search(_BY, text)
    if by is None or (amount := clause.numbers[int(by["by"])]).unit not in ("percent", "points"):
        return None
    value = -amount.value if falls else amount.value
    if amount.unit == "points":
        return _Size("change", f"~ {value:g} within 25 %", amount)
    limit = limit_of_multiple(text[: by.start("by") - 1], 1.0 + value / 100.0).replace("30 %", "15 %")
    if falls and limit[0] in "<>":
        limit = ("<" if limit[0] == ">" else ">") + limit[1:]
    return _Size("growth", limit, amount)


def _between_years(
    series: ClauseSeries,
    subjects: tuple[str, ...],
    years: tuple[str, tuple[str, ...]] | None,
    size: _Size | None,
    falls: bool,
    used: tuple[Amount, ...],
) -> Iterator[CandidateTest]:
    begin, ends = years if years is not None else ("2015", ENDS)
    note, fit = ("", 0.85) if years is not None else ("the years are ours: the sentence names none", 0.6)
    if size is None and falls and series.entry.get("record"):
        return  # the best so far cannot fall
    not_grown = size is None and _NOT_GROWN.search(series.clause.text) is not None
    for end in ends:
        if end[:4] <= begin[:4]:
            continue
        term, limit = (size.term, size.limit) if size is not None else ("trend", "< 0" if falls else "> 0")
        if size is None and int(end[:4]) - int(begin[:4]) < _LEAST_OF_TREND:
            term = "change"
        denial = "not " if not_grown else ""
        parts = [f"{denial}{term}({series.slug}, {code}, {begin}, {end}) {limit}" for code in subjects]
        yield CandidateTest(" and ".join(parts), note, fit, uses=used, settled=not_grown)


_LEAST_OF_TREND = 4
"""Years below which a change is the difference of two figures and no trend."""


def _years(clause: Skeleton) -> tuple[str, tuple[str, ...]] | None:
    """First year of a change and those where it may end; None where no year is named."""
    if between := _BETWEEN.search(clause.text):
        one, other = (int(number) for number in between.groups() if number is not None)
        return clause.dates[one], (clause.dates[other],)
    if since := _SINCE.search(clause.text):
        return clause.dates[int(since[1])], ENDS
    if len(clause.dates) == 1 and len(clause.dates[0]) == 4:
        year = int(clause.dates[0])
        return str(year - 1), (clause.dates[0],)
    return None


def _from_to(series: ClauseSeries, subjects: tuple[str, ...], levels: re.Match[str]) -> Iterator[CandidateTest]:
    """Levels at both ends: "from N0 in D0 to N1 in D1"."""
    clause = series.clause
    numbers = [clause.numbers[int(levels[name])] for name in ("one", "two")]
    when = [clause.dates[int(levels[name])] for name in ("first", "last") if levels[name] is not None]
    if len(when) < 2 and (between := _BETWEEN.search(clause.text)):
        when = [clause.dates[int(number)] for number in between.groups() if number is not None]
    if len(when) != 2 or len(subjects) != 1 or len(clause.numbers) != 2:
        return
    if any(one.unit not in series.entry["units"] for one in numbers):
        return
    units = series.entry["units"]
    parts = [
        f"indicator({series.slug}, {subjects[0]}, {period}) ~ {one.value:g} {units[one.unit]} within 15 %"
        for one, period in zip(numbers, when, strict=True)
    ]
    yield CandidateTest(" and ".join(parts), "", 0.9, uses=tuple(numbers))

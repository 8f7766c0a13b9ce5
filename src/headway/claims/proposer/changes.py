"""Tests of a change that a clause tells of one series: by a factor, a percentage or points, or in direction alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from headway.claims.proposer.candidates import CandidateTest
from headway.claims.proposer.limits import amount_comparison
from headway.claims.proposer.multiples import factor_of
from headway.claims.proposer.skeleton import HELD, ClauseSeries, Skeleton, limit_of_multiple
from headway.claims.reader.amounts import Amount
from headway.claims.reader.words import relation

ENDS = ("2025", "2024", "2023", "2022", "2021", "2020")
"""Where a change may end: the first year that the series reaches is taken."""
_SINCE = re.compile(r"\b(?:since|after|from)(?: the)?(?: (?:start|beginning|end) of)? D(\d+)", re.IGNORECASE)
_PART = r"(?:the (?:end|start|beginning|middle) of |early |mid-|late )?"
_BETWEEN = re.compile(
    rf"\b(?:between {_PART}D(\d+) and {_PART}D(\d+)|"
    rf"from {_PART}D(\d+) (?:to|until|through) {_PART}D(\d+)|D(\d+)\s?[–-]\s?D(\d+))",
    re.I,
)
_FROM_TO = re.compile(
    r"\bfrom (?:\w+ ){0,3}N(?P<one>\d+)(?: [\w’']+){0,3}?"
    rf"(?:,?\s?\(?(?:in |at )?{_PART}D(?P<first>\d+)\)?)?,? to (?:\w+ ){{0,3}}N(?P<two>\d+)"
    r"(?: of \w+)?(?:,?\s?\(?(?:in |by )?D(?P<last>\d+)\)?)?"
)
_YEAR_BEFORE = (
    r"(?P<before>the (?:previous year|year before)|(?:a|one) year (?:earlier|before))"
    r"|N(?P<years>\d+) (?:earlier|before)"
)
_THEN = re.compile(  # what a country has is held against what it had
    r"\b(?:(?:than|as) (?:(?:it|they|we) (?:was|were|did|had|stood) |that of |those of )?(?:back )?"
    r"(?:in |at )?(?:the end of )?"
    r"|of (?:what it (?:was|had been)|its level|the (?:amount|figure|sum|level|number)) (?:in |of )"
    r"|the (?:amount|figure|sum|level|number) (?:of|in) |(?:of|over|on|against) (?=the (?:year|previous)))"
    rf"(?:D(?P<then>\d+)|{_YEAR_BEFORE})"
)
_COMPARED_WITH_THEN = re.compile(
    r"\b(?P<how>more|higher|larger|bigger|greater|above|up|less|fewer|lower|smaller|below|down)\b|\bN\d+\b"
)
_STEADILY = re.compile(
    r"\b(?:every|each) (?:single )?year (?:since|after|from)\b|\b(?:without (?:interruption|a break|exception|fail)|"
    r"uninterruptedly|continuously|year after year|year on year|unbroken) (?:ever )?(?:since|after|from)\b",
    re.I,
)
_TO_LEVEL = re.compile(r"\b(?:to|reaching) (?:\w+ ){0,3}?N(?P<to>\d+)\b")
_NOT_GROWN = re.compile(r"\b(?:has|have|had|did) not (?:grown?|risen|rise|increased?|fallen|fall|declined?)\b")
_BY = r"\bby (?:\w+ ){0,3}N(?P<by>\d+)\b"


def changes(series: ClauseSeries, denied: bool) -> Iterator[CandidateTest]:
    """A change between two years: by a factor, by a percentage, in points, or in direction alone."""
    clause, text = series.clause, series.clause.text
    if (then := _THEN.search(text)) is not None and (against := list(_against_then(series, then))):
        yield from against
        return
    if (levels := _FROM_TO.search(text)) is not None and not series.entry.get("rate"):
        yield from _from_to(series, series.subjects(levels.start()) or _only_told(series), levels)
        return
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
    if (since := _UP_FROM.search(text)) is not None:
        yield from _up_from(series, subjects, since)
        return
    if multiple is not None and moved is None and still is None and not clause.dates:
        return
    falls = moved is not None and moved is down
    if _STEADILY.search(text) and len(clause.dates) == 1 and not clause.numbers and not still:
        yield from _each_year(series, subjects, falls)
        return
    size = _size(series, multiple, falls) or (_Size("growth", "~ 1 within 10 %") if still else None)
    used = tuple(one for one in clause.numbers if size is not None and one is size.amount)
    years = _years(clause)
    reached = _reached(series, subjects, used, years)
    if len(used) + bool(reached) < len(clause.numbers) or (size is not None and years is None):
        return  # a factor says nothing without its years
    if reached and size is None:
        yield CandidateTest(reached, "", 0.85, uses=clause.numbers)
        return
    for one in _between_years(series, subjects, years, size, falls, used):
        both = f"{one.test} and {reached}" if reached else one.test
        yield replace(one, test=both, uses=clause.numbers if reached else one.uses)


def _only_told(series: ClauseSeries) -> tuple[str, ...]:
    """Codes of the only country of the clause; none where it tells of several."""
    told = {code for token in series.sides(0, len(series.clause.text)) for code in series.codes(token)}
    return tuple(told) if len(told) == 1 else ()


def _reached(
    series: ClauseSeries, subjects: tuple[str, ...], used: tuple[Amount, ...], years: tuple[str, tuple[str, ...]] | None
) -> str:
    """Test of the level that was reached: "doubled between D0 and D1, to N1", "rose to N0 in D0"; empty without one."""
    clause = series.clause
    level = _TO_LEVEL.search(clause.text)
    if level is None or len(subjects) != 1 or len(clause.numbers) > len(used) + 1:
        return ""
    amount = clause.numbers[int(level["to"])]
    if amount in used or amount.unit not in series.limits["units"]:
        return ""
    when = clause.dates[-1:] if years is not None and clause.dates[-1:] == years[1][:1] else ()
    if clause.dates and not when and used:
        return ""
    period = f", {(when or clause.dates[-1:])[0]}" if when or clause.dates else ""
    limit = amount_comparison(replace(series.statement, kind="fact"), amount, series.limits)
    return f"indicator({series.slug}, {subjects[0]}{period}) {limit}"


def _each_year(series: ClauseSeries, subjects: tuple[str, ...], falls: bool) -> Iterator[CandidateTest]:
    """A change of the same direction in every year since one: "has risen without interruption since D0"."""
    start, sign = int(series.clause.dates[0][:4]), "<" if falls else ">"
    for end in ENDS:
        if int(end) > start and len(subjects) == 1:
            steps = [
                f"change({series.slug}, {subjects[0]}, {year}, {year + 1}) {sign} 0" for year in range(start, int(end))
            ]
            yield CandidateTest(" and ".join(steps), "", 0.9)


def _against_then(series: ClauseSeries, then: re.Match[str]) -> Iterator[CandidateTest]:
    """Figure of a country against an earlier one: "a fifth fewer than in D1", "twice the amount of the year before"."""
    clause, before = series.clause, series.clause.text[: then.start()]
    told = list(_COMPARED_WITH_THEN.finditer(before))
    subjects = series.subjects(then.start()) or _only_told(series)
    elsewhere = {code for token in series.sides(0, len(clause.text)) for code in series.codes(token)} - set(subjects)
    if not told or len(subjects) != 1 or elsewhere or series.entry.get("rate") or series.divided:
        return
    how = next((match["how"] for match in reversed(told) if match["how"]), "")
    years = None if then["years"] is None else clause.numbers[int(then["years"])]
    sized = [
        one for one in clause.numbers if one.unit in ("times", "percent") and f"N{clause.numbers.index(one)}" in before
    ]
    size = sized[-1] if sized and "," not in before[before.rindex(f"N{clause.numbers.index(sized[-1])}") :] else None
    level = [one for one in clause.numbers if one is not years and one is not size]
    if len(level) > 1 or (level and level[0].unit not in series.limits["units"]) or (size is None and not how):
        return
    if size is not None and (
        series.entry.get("absolute") or (size.unit == "percent" and not how and "of" not in then[0][:4])
    ):
        return
    place = before.rindex(f"N{clause.numbers.index(size)}") if size is not None else 0
    limit = limit_of_multiple(before[:place], factor_of(size, how)).replace("30 %", "15 %") if size is not None else ""
    for begin, end in _then_and_now(clause, then, years, series.statement.periods):
        now = series.of(subjects[0], f", {end}" if end else "")
        change = _held_against_then(series, subjects[0], begin, end, limit or ("< 1" if how in _FEWER else "> 1"))
        fact = replace(series.statement, kind="fact")
        parts = [f"{now} {amount_comparison(fact, one, series.limits)}" for one in level]
        yield CandidateTest(" and ".join([*parts, change]), "", 0.85, uses=clause.numbers)


def _held_against_then(series: ClauseSeries, code: str, begin: str, end: str, limit: str) -> str:
    """Test of a figure over an earlier one; the newest figure where no later year is told."""
    now, past = (series.of(code, f", {year}" if year else "") for year in (end, begin))
    if limit in ("< 1", "> 1"):
        return f"change({series.slug}, {code}, {begin}, {end}) {limit[0]} 0" if end else f"{now} {limit[0]} {past}"
    return f"growth({series.slug}, {code}, {begin}, {end}) {limit}" if end else f"{now} / {past} {limit}"


_FEWER = frozenset({"less", "fewer", "lower", "smaller", "below", "down"})


def _then_and_now(
    clause: Skeleton, then: re.Match[str], years: Amount | None, carried: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    """Years that are held against each other, the earlier first; the later is empty for the newest.

    A clause without a year of its own is of the one `carried` from its sentence.
    """
    told = [period for place, period in enumerate(clause.dates) if then["then"] is None or place != int(then["then"])]
    if then["then"] is not None:
        begin = clause.dates[int(then["then"])]
        told = told or [period for period in carried if period[:4] > begin[:4]]
        if len(set(told)) <= 1:
            yield begin, told[0] if told else ""
        return
    told = told or list(carried)
    back = 1 if years is None else int(years.value)
    if (years is not None and years.unit != "years") or len(set(told)) > 1:
        return
    for end in [told[0][:4]] if told else ENDS:
        yield str(int(end) - back), end


_UP_FROM = re.compile(r"\b(?P<how>up|down) from (?:\w+ ){0,3}N(?P<one>\d+)\b(?:\s?\(?(?:in )?D(?P<first>\d+))?")


def _up_from(series: ClauseSeries, subjects: tuple[str, ...], since: re.Match[str]) -> Iterator[CandidateTest]:
    """The level that stood before, and that it has been left: "up from N0 in D0"."""
    amount, clause = series.clause.numbers[int(since["one"])], series.clause
    if since["first"] is None or len(subjects) != 1 or len(clause.numbers) != 1:
        return
    if amount.unit not in series.limits["units"]:
        return
    then = clause.dates[int(since["first"])]
    now = [period for period in series.statement.periods if period > then]
    before = f"indicator({series.slug}, {subjects[0]}, {then})"
    after = f"indicator({series.slug}, {subjects[0]}{f', {now[-1]}' if now else ''})"
    sign = ">" if since["how"] == "up" else "<"
    limit = amount_comparison(replace(series.statement, kind="fact"), amount, series.limits)
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
    """Levels at both ends: "from N0 in D0 to N1 in D1"; the second is of now where no other year is told."""
    clause, units = series.clause, series.limits["units"]
    numbers = [clause.numbers[int(levels[name])] for name in ("one", "two")]
    when = [clause.dates[int(levels[name])] for name in ("first", "last") if levels[name] is not None]
    if len(when) < 2 and (between := _BETWEEN.search(clause.text)):
        when = [clause.dates[int(number)] for number in between.groups() if number is not None]
    if len(when) == 1 and levels["first"] is not None and len(clause.dates) == 1:
        when.append("")
    if len(when) != 2 or len(subjects) != 1 or len(clause.numbers) != 2:
        return
    if any(one.unit not in units for one in numbers):
        return
    limit = replace(series.statement, kind="fact")
    parts = [
        f"{series.of(subjects[0], f', {period}' if period else '')} {amount_comparison(limit, one, series.limits)}"
        for one, period in zip(numbers, when, strict=True)
    ]
    yield CandidateTest(" and ".join(parts), "", 0.9, uses=tuple(numbers))

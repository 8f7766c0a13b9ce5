"""Tests of what a clause says of one series: its slots are countries, numbers and dates, and words relate them.

A clause is reduced to a skeleton ("G0 drew roughly N0 what G1 did in D0"), in which a few frames are looked for: a
multiple of another country's figure, a place, a comparison, a change, a level. Whatever country or number a frame does
not use speaks against it, and no frame is used where two could be meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from headway.claims.proposer.candidates import LAST_YEAR, PLACE_LOST, CandidateTest, is_total
from headway.claims.proposer.changes import ENDS, changes
from headway.claims.proposer.limits import amount_test
from headway.claims.proposer.multiples import multiples
from headway.claims.proposer.skeleton import (
    HELD,
    LESS,
    MORE,
    SIDE,
    ClauseSeries,
    Skeleton,
    cities,
    skeleton,
)
from headway.claims.reader.quantities import MatchedQuantity
from headway.claims.reader.roles import excluded_countries
from headway.claims.reader.statements import ArticleStatement
from headway.claims.reader.subjects import points_back
from headway.claims.reader.words import relation
from headway.evidence.catalogue import blocs, indicators

_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|been|being) (?:\w+ )?(?:exceeded|surpassed|outspent|overtaken|outpaced|outstripped|dwarfed|"
    r"outnumbered|beaten|outranked) by\b"
)
_FRONTED = re.compile(
    r"^(?:[A-Z]\w+ )?(?:compared (?:with|to)|set against|against|beside|alongside|relative to|next to|"
    r"unlike|in contrast (?:to|with))\b",
    re.IGNORECASE,
)
_AS_MUCH = re.compile(
    rf"\bas (?:many|much|large|high|big|strong|fast|great)\b[^;.]*? as (?:that of |those of |in |does |do )?{SIDE}",
    re.I,
)
_AVERAGE = re.compile(r"\b(?:average|mean|median|norm)\b", re.IGNORECASE)
_PART_OF_YEAR = re.compile(r"\b(?:first|second|latter) (?:half|quarter|months?) of\b|\bhalf of D\d|\bH[12] D\d", re.I)


_THE_ONLY = re.compile(
    r"\bonly (?:\S+ )?(?:countr(?:y|ies)|nations?|states?|econom(?:y|ies)|members?)\b", re.IGNORECASE
)


def _is_told_of_one_alone(text: str) -> bool:
    """Whether one country alone is said to be so, of which a comparison says too little."""
    return _THE_ONLY.search(text) is not None


def _is_told_within_a_bloc(statement: ArticleStatement) -> bool:
    """Whether a place is one among the members of a bloc that is named."""
    clause = skeleton(statement)
    told = (clause.groups[int(match[1])] for match in _WITHIN.finditer(clause.text))
    return any(code in blocs() for codes in told for code in codes)


_WITHIN = re.compile(r"\b(?:in|of|within|among|across) (?:the )?G(\d+)")
_WORLDWIDE = re.compile(r"\b(?:globally|worldwide|(?:in|across|around) the world)\b", re.IGNORECASE)


def _places_something_else(text: str) -> bool:
    """Whether a place is told of models, firms or machines, which is none of countries: "the ten best models"."""
    return _PLACED.search(text) is not None


_PLACED = re.compile(
    r"\b(?:top|best|largest|biggest|leading|strongest|fastest|most \w+)\b(?: \S+){0,4}? "
    rf"(?:{relation('narrows_rank').pattern})",
    re.IGNORECASE,
)


def _told_together(statement: ArticleStatement) -> tuple[str, ...]:
    """Codes of the countries of which a clause tells in one breath before anything else; empty for a single one."""
    groups = skeleton(statement).groups
    return groups[0] if groups and len(groups[0]) > 1 else ()


def _is_of_part_of_a_year(text: str) -> bool:
    """Whether a figure is of half a year or a quarter, of which no yearly series says anything."""
    return (
        re.search(
            r"\b(?:first|second|third|fourth|latter|last) (?:half|quarter|months?) of (?:the )?(?:20|19|year)", text
        )
        is not None
    )


def frame_tests(
    statement: ArticleStatement, clause: Skeleton, quantity: MatchedQuantity, denied: bool
) -> Iterator[CandidateTest]:
    """Tests of what `clause` says of `quantity`, in order of preference; `denied` says whether it is denied.

    What is only planned, or told of the world's own figure or of a share in it, has no test.
    """
    text = clause.text
    if quantity.entry.get("forms"):
        return
    if statement.kind in ("forecast", "advice", "opinion", "none") or relation("not_yet").search(text):
        return
    if any(period[:4] > LAST_YEAR for period in clause.dates) or _PART_OF_YEAR.search(text):
        return
    if (
        PLACE_LOST.search(text)
        or _is_told_of_one_alone(text)
        or relation("of_world").search(_without_places(clause))
        or (relation("share").search(text) and is_total(quantity.entry))
    ):
        return
    series = ClauseSeries(quantity.entry, bool(relation("per_head").search(text)), clause, statement)
    frames = (_comparisons, _levels) if series.complement else _FRAMES
    for frame in frames:
        found = list(frame(series, denied))
        if found:
            yield from found
            return


def _without_places(clause: Skeleton) -> str:
    """The text without its places: "third in the world" is no share of the world."""
    places = "|".join(f"N{number}" for number, one in enumerate(clause.numbers) if one.unit == "rank")
    return re.sub(rf"\b(?:{places})\b", "", clause.text) if places else clause.text


def _ranks(series: ClauseSeries, denied: bool) -> Iterator[CandidateTest]:
    """A place among all countries: "third in the world", "in the top ten", "more than any other country"."""
    clause, text = series.clause, series.clause.text
    if "norank" in series.entry or series.divided:
        return
    places = [(place, one) for place, one in enumerate(clause.numbers) if one.unit == "rank"]
    best = _FOREMOST.search(text)
    if not places and best is None:
        return
    if relation("region").search(text):
        return
    for place, amount in places:
        at = re.search(rf"\bN{place}\b", text)
        if at is None or series.free_numbers(place) or len(places) > 1:
            return
        near = text[at.end() : at.end() + 45]
        if relation("narrows_rank").search(re.split(r"\b(?:in|for|by|on|among|behind|after)\b", near)[0]):
            return  # a place of models or firms is none of countries
        subjects = series.subjects(at.start())
        if len(subjects) != 1 or re.search(r"\b(?:in|of|within|among|across) (?:the )?G\d", text[at.start() :]):
            return
        term = f"rank({series.slug}, {subjects[0]}{series.period})"
        words = f"{text[: at.start()]}{clause.counted[place]}"
        top = amount.value <= 5 or re.search(r"\b(?:top|among|first|leading|best|strongest)\b[^,;]*$", words, re.I)
        out_of = _OUTSIDE.search(text[: at.start()])
        if out_of:
            yield CandidateTest(f"{term} > {amount.value:g}", "", 0.9, uses=(amount,))
        else:
            wanted = f"<= {amount.value:g}" if top else f"~ {amount.value:g} within 20 %"
            yield CandidateTest(f"{term} {wanted}", "", 0.9, uses=(amount,))
        return
    if best is not None and not clause.numbers:
        subjects = series.subjects(best.start()) or series.subjects(len(text))
        if (
            len(subjects) == 1
            and len(set(series.sides(0, len(text)))) <= 1
            and not relation("narrows_rank").search(best["noun"] or "")
        ):
            test = f"rank({series.slug}, {subjects[0]}{series.period}) <= 1"
            yield CandidateTest(test, "", 0.85, settled=best["nobody"] is not None)


_OUTSIDE = re.compile(r"\b(?:out of|outside|left|fell from|below|missing from)\b (?:[\w'’-]+ )*N?$")
_FOREMOST = re.compile(
    r"\b(?:more|higher|larger|bigger|greater)\b[^;.]*? than (?:in )?(?:any(?:one|body|one else|body else|"
    r" other| country| nation)?|every other|all other)\b(?P<noun>[^;,.]{0,30})"
    r"|\b(?P<nobody>no) (?:other )?(?:country|nation|state|economy|people)\b[^;.]*? "
    r"(?:as (?:many|much|large|high)|more|higher|larger|bigger|greater)\b[^;.]*? (?:as|than)\b"
    r"|\bthe (?:most|largest|highest|biggest|greatest)\b(?P<noun2>[^;.,]{0,40}?) (?:in the world|"
    r"worldwide|of (?:any|all) "
    r"(?:countr\w+|nations?|econom\w+)|on earth|globally|anywhere)\b"
    r"|\b(?:(?:tops|topped|heads|headed|leads|led) the (?:\w+ ){0,4}(?:rankings?|tables?|list|league)|leads the world|"
    r"world leader|first in the world|tops the (?:world|global)|"
    r"world['’]s (?:largest|biggest|leading) "
    r"(?:producer|publisher|source|spender|generator|economy|population))\b",
    re.IGNORECASE,
)


def _comparisons(series: ClauseSeries, denied: bool) -> Iterator[CandidateTest]:
    """Comparisons of the subject with each country that it is held against, or with these together."""
    clause, text = series.clause, series.clause.text
    if excluded_countries(series.statement):
        return
    fronted = _FRONTED.match(text)
    inside = _INSIDE.search(text)
    if inside is not None and (series.sides(0, inside.start()) or inside["first"] == inside["side"]):
        inside = None
    held = inside or HELD.search(text)
    equal = _AS_MUCH.search(text)
    if equal is not None and not clause.numbers:
        others, subjects = series.codes(equal["side"]), series.subjects(equal.start())
        if len(others) == 1 and len(subjects) == 1 and not series.entry.get("absolute") and not series.divided:
            term = f"ratio({series.slug}, {subjects[0]}, {others[0]}{series.period})"
            if denied:
                yield CandidateTest(f"{term} < 1", "", 0.85, settled=True)
            else:
                yield CandidateTest(f"{term} ~ 1 within 15 %", "", 0.8)
        return
    if fronted is not None and held is None:
        comma = text.find(", ")
        how = re.search(rf"\b(?:{MORE}|{LESS}|small|large|low|high|few|modest|tiny)\b", text[comma:], re.I)
        others = tuple(code for token in series.sides(0, comma) for code in series.codes(token))
        subjects = tuple(code for token in series.sides(comma, len(text)) for code in series.codes(token))
        subjects = subjects or clause.subject
        if how is None or not others or len(subjects) != 1 or clause.numbers:
            return
        less = re.fullmatch(rf"{LESS}|small|low|few|modest|tiny", how[0], re.IGNORECASE)
        sign = "<" if less else ">"
        yield CandidateTest(
            " and ".join(f"{series.of(subjects[0])} {sign} {series.of(code)}" for code in others), "", 0.85
        )
        return
    if held is None or clause.numbers:
        return
    subjects = series.codes(inside["first"]) if inside is not None else series.subjects(held.start())
    others = series.codes(held["side"])
    if not subjects or set(subjects) & set(others):
        return
    if series.sides(held.end(), len(text)):
        return
    average = _AVERAGE.search(text[held.end() : held.end() + 30])
    if average is not None and (is_total(series.entry) or len(others) != 1):
        return
    behind = re.fullmatch(LESS, held["how"], re.IGNORECASE) is not None or held["than"].strip() == "behind"
    sign = "<" if behind != (_PASSIVE.search(text[: held.end()]) is not None) else ">"
    no_more = _NO_MORE.search(text[: held.start("how")]) is not None
    sign = _AT_LEAST_AND_MOST[sign] if no_more else sign
    if _EVERY_YEAR.search(text) and len(clause.dates) == 1 and len(others) == 1:
        yield from _each_year(series, subjects, others[0], sign)
        return
    if series.is_joined(held["side"]):
        if is_total(series.entry) and not series.divided and len(subjects) == 1:
            total = " + ".join(series.of(code) for code in others)
            yield CandidateTest(f"{series.of(subjects[0])} {sign} {total}", "", 0.9)
        return
    if series.entry.get("people") and _MORE_HEADS.search(text) and not relation("share").search(text):
        one, other = (
            f"indicator({series.slug}, {code}{series.period}) * indicator(population, {code}{series.period})"
            for code in (subjects[0], others[0])
        )
        yield CandidateTest(f"{one} {sign} {other}", "", 0.9)
        return
    told = series.sides(0, held.start())
    if told and series.is_joined(told[0]):
        if is_total(series.entry) and not series.divided and len(others) == 1:
            total = " + ".join(series.of(code) for code in subjects)
            yield CandidateTest(f"{total} {sign} {series.of(others[0])}", "", 0.9)
        return
    if denied and len(subjects) * len(others) > 1:
        return
    if _SINCE_THEN.search(text) and len(clause.dates) == 1 and not series.divided:
        periods = (f", {clause.dates[0]}", "")
        steps = [
            f"{series.of(one, at)} {sign} {series.of(other, at)}"
            for one in subjects
            for other in others
            for at in periods
        ]
        yield CandidateTest(" and ".join(steps), "of that year and of now", 0.85)
        return
    parts = [f"{series.of(one)} {sign} {series.of(other)}" for one in subjects for other in others]
    yield CandidateTest(" and ".join(parts), "", 0.9, settled=no_more)


_INSIDE = re.compile(  # "more widely used in G0 than in G1", "more G0 than G1 are online"
    rf"\b(?P<how>{LESS}|{MORE})\b[^;.]*?\b(?P<first>G\d+|H)\b[^;.]*?"
    rf"(?P<than> than (?:(?:in|into|by|of|for|to|from|with|at|that|those|does|do|among) )*){SIDE}",
    re.IGNORECASE,
)
_MORE_HEADS = re.compile(
    r"\b(?:more|fewer) (?:(?!than\b)\w+ ){0,2}?(?:people|persons|users|adults|citizens|residents|inhabitants|G\d+)\b",
    re.I,
)


_NO_MORE = re.compile(r"\bno $", re.IGNORECASE)
_AT_LEAST_AND_MOST: Mapping[str, str] = {"<": ">=", ">": "<="}
"""Signs that "no" leaves of "worse" and of "better"."""

_SINCE_THEN = re.compile(r"\b(?:since|ever since) (?:\w+ )?D\d", re.IGNORECASE)
_EVERY_YEAR = re.compile(r"\b(?:every|each) (?:single )?year (?:since|after)\b", re.I)


def _each_year(series: ClauseSeries, subjects: tuple[str, ...], other: str, sign: str) -> Iterator[CandidateTest]:
    start = int(series.clause.dates[0][:4])
    for end in ENDS:
        if int(end) > start and len(subjects) == 1:
            steps = [
                f"{series.of(subjects[0], f', {year}')} {sign} {series.of(other, f', {year}')}"
                for year in range(start, int(end) + 1)
            ]
            yield CandidateTest(" and ".join(steps), "", 0.9)


def _none(series: ClauseSeries, denied: bool) -> Iterator[CandidateTest]:
    """Absence: a country has none of what is counted."""
    clause, text = series.clause, series.clause.text
    if "models" not in series.entry["units"] or clause.numbers:
        return
    if not re.search(r"\b(?:no|not (?:one|a single)|not any|without (?:any|a)|zero|none)\b", text, re.IGNORECASE):
        return
    told = [code for token in series.sides(0, len(text)) for code in series.codes(token)]
    subjects = tuple(dict.fromkeys(told)) or clause.subject
    if len(subjects) == 1:
        yield CandidateTest(f"indicator({series.slug}, {subjects[0]}{series.period}) < 1", "", 0.8, settled=True)


def _levels(series: ClauseSeries, denied: bool) -> Iterator[CandidateTest]:
    """A figure of one country, or the same limit on several."""
    clause, text = series.clause, series.clause.text
    units, entry = series.entry["units"], series.entry
    moves = relation("up").search(text) or relation("down").search(text)
    if not clause.numbers or (moves and not entry.get("rate")) or _WORLDWIDE.search(text):
        return
    if series.told_per_head:
        yield from _level_per_head(series)
        return
    tokens = list(dict.fromkeys(series.sides(0, len(text))))
    if len(tokens) > 1:
        return
    subjects = series.codes(tokens[0]) if tokens else clause.subject
    if clause.subject and not set(clause.subject) & set(subjects):
        return  # the figure is of the subject before, held against the country named
    joined = bool(tokens) and series.is_joined(tokens[0])
    fits = [one for one in clause.numbers if one.unit in units]
    if not subjects or len(fits) != len(clause.numbers) or len(fits) > 2:
        return
    if not series.is_of_one_year or _AVERAGE.search(text):
        return
    if len(fits) == 2:
        low, high = sorted(fits, key=lambda one: one.start)
        if not re.fullmatch(r"\s*(?:and|to|or|–|-)\s*", series.statement.text[low.end : high.start]):
            return
        term = series.of(subjects[0])
        if len(subjects) == 1:
            unit = units[low.unit]
            yield CandidateTest(
                f"{term} >= {low.value:g} {unit} and {term} <= {high.value:g} {unit}", "", 0.9, uses=tuple(fits)
            )
        return
    amount = fits[0]
    if entry.get("rate") and relation("down").search(text):
        amount = replace(amount, value=-amount.value)
    whole = series.statement.text[amount.end : amount.end + 40]
    if (
        amount.unit == "percent"
        and not entry.get("people")
        and re.match(r"\s?of (?:(?!\bits\b|\bthe\b)\w+ ){0,2}(?:G\d|[A-Z])", whole)
        and _share_of_other(entry, whole)
    ):
        return
    limit = replace(series.statement, kind="fact")
    if joined:
        if is_total(entry):
            total = " + ".join(series.of(code) for code in subjects)
            yield CandidateTest(amount_test(limit, amount, entry, total), "", 0.9, uses=(fits[0],))
        return
    neither = re.search(r"\b[Nn]either\b", text) is not None
    parts = [amount_test(limit, amount, entry, series.of(code)) for code in subjects]
    if len(parts) > 1 and any(" and " in part for part in parts):
        return
    if neither and len(parts) > 1:
        yield CandidateTest(" and ".join(f"not {part}" for part in parts), "", 0.85, uses=(fits[0],), settled=True)
    elif not denied or len(parts) == 1:
        yield CandidateTest(" and ".join(parts), "", 0.9, uses=(fits[0],))


def _level_per_head(series: ClauseSeries) -> Iterator[CandidateTest]:
    """A figure per head or per million people, where the catalogue has that series."""
    clause, own = series.clause, indicators()[series.slug].unit
    tokens = list(dict.fromkeys(series.sides(0, len(clause.text))))
    subjects = series.codes(tokens[0]) if tokens else clause.subject
    if len(clause.numbers) != 1 or len(tokens) > 1 or len(subjects) != 1 or series.slug == series.entry["slug"]:
        return
    amount = clause.numbers[0]
    per = re.search(r"\bper (million|thousand)\b", clause.text)
    size = re.search(r"\bper (million|thousand)\b", own)
    if (per[1] if per else "") != (size[1] if size else "") or amount.unit not in ("people", "count", "USD"):
        return
    if (amount.unit == "USD") != own.startswith("USD"):
        return
    limit = replace(series.statement, kind="fact")
    term = f"indicator({series.slug}, {subjects[0]}{series.period})"
    yield CandidateTest(amount_test(limit, amount, {"units": {amount.unit: own}}, term), "", 0.9, uses=(amount,))


_FRAMES = (multiples, _ranks, _comparisons, changes, _none, _levels)


def _share_of_other(entry: Mapping[str, Any], whole: str) -> bool:
    """Whether a share is of a whole that the entry does not name."""
    return not any(re.search(str(facet), whole, re.IGNORECASE) for facet in entry["facets"])


_SUPERLATIVE = re.compile(r"\b(?:highest|lowest|most|least|largest|smallest|biggest|best|worst|strongest)\b", re.I)
_OF_AVERAGE = re.compile(
    r"^(?:\w+ ){0,3}(?:half|twice|double|third|quarter|times) (?:of )?(?:the |its |their )?(?:\S+ ){0,2}"
    r"(?:average|mean|median|norm)\b",
    re.I,
)
_EFFECT_ON_CHIPS = re.compile(r"\b(?:comput\w+|clusters?|data cent(?:re|er)s?|supercomput\w+|stock)\b", re.I)


def says_something_else(statement: ArticleStatement, test: str) -> str:
    """Reason why a test of the topic is none of the sentence; empty where it may be one."""
    text = statement.text
    elsewhere = relation("region").search(text) or _is_told_within_a_bloc(statement)
    if "rank(" in test and (elsewhere or _places_something_else(text)):
        return "a place is told of something else than countries, or among some of them"
    if "statement(" in test and not statement.mentions and text[0].isupper() and not points_back(text):
        return "no word of the sentence points to a country of which something could be on record"
    if "cluster_h100e" in test and statement.kind == "cause" and not _EFFECT_ON_CHIPS.search(text):
        return "the effect that is told is on something else than computers"
    if "statement(" not in test and statement.mentions and statement.mentions[0].words in cities():
        return "the sentence tells of a city or region, and the series of countries"
    if _is_of_part_of_a_year(text):
        return "the figure is of a part of a year, and the series are yearly"
    if _is_told_of_one_alone(text) or sum(one.unit == "times" for one in statement.amounts) > 1:
        return "the sentence says more than one comparison can test"
    if _OF_AVERAGE.match(text):
        return "the sentence holds a figure against an average, of which the evidence has none"
    if elsewhere and _SUPERLATIVE.search(text) and "rank(" not in test and "statement(" not in test:
        return "a place among the countries of a region is told, which a comparison of two does not test"
    finding = "gap." in test or "outlook." in test
    if not finding and any(code not in test for code in _told_together(statement)):
        return "the sentence tells of several countries, and the test of one"
    return ""

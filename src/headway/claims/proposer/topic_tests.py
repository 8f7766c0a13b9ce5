"""Tests of a statement by its topic: outlooks, gaps, records, and the series of `lexicon/measures.toml`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from headway.claims.proposer.candidates import (
    LAST_YEAR,
    CandidateTest,
    is_total,
    per_head_tests,
    series_tests,
)
from headway.claims.proposer.limits import amount_operator, direction_operator, first_amount
from headway.claims.reader.amounts import Amount
from headway.claims.reader.roles import ComparisonRoles, comparison_roles, is_destination, restriction_roles
from headway.claims.reader.statements import ArticleStatement
from headway.claims.reader.words import cues

HOLDS_FIGURE = re.compile(r"^indicator\([^()]*\) [<>~]=? -?[\d.e+]+ \w")
"""A test that holds one figure against a number."""

_SHARE = re.compile(r"\b(?:share|proportion|percentage|fraction) of\b", re.IGNORECASE)


def topic_tests(statement: ArticleStatement, measure: Mapping[str, Any]) -> Iterator[CandidateTest]:
    """Candidates in order of preference."""
    sides = comparison_roles(statement)
    if measure.get("restricts"):
        sides = restriction_roles(statement, sides)
        if not sides.subjects or (statement.kind == "cause" and statement.direction == "up"):
            return  # nobody named is kept from anything
    years = sorted({period[:4] for period in statement.periods if period[:4] <= LAST_YEAR})
    fill = {
        "A": sides.subjects[0],
        "B": sides.others[0] if sides.others else "",
        "SINCE": years[0] if years and years[0] < LAST_YEAR else "2015",
        "NOW": LAST_YEAR,
    }
    if statement.kind == "forecast" and re.search(r"\b(?:who|which)ever\b", statement.text, re.IGNORECASE):
        return  # of nobody in particular
    if statement.kind == "forecast":
        yield from _outlook(statement, measure, fill)
        return
    yield from _gap(statement, measure, fill)
    if "widening" in measure and statement.kind in ("trend", "cause") and widening(statement):
        return  # a gap may widen while everybody rises: no level says anything of it
    for entry in measure.get("measure", ()):
        if _applies(statement, entry, fill["A"]):
            for one in _entry_tests(statement, entry, sides, fill):
                proxy = _proxy(statement, entry)
                if proxy and HOLDS_FIGURE.search(one.test):
                    continue  # a number of one thing is none of another
                either = _either(statement, entry)
                yield replace(
                    one, note="; ".join(note for note in (one.note, proxy) if note), proxy=proxy, either=either
                )
            if entry.get("last"):
                return
    if "versus" in measure and statement.kind == "comparison" and fill["B"] and statement.direction in ("less", "more"):
        pair = fill if statement.direction == "less" else {**fill, "A": fill["B"], "B": fill["A"]}
        note = "" if len(statement.countries) == 2 else "only the first two countries"
        yield from (CandidateTest(test, note, 0.7) for test in _filled_templates((measure["versus"],), pair))
    key = statement.kind if statement.kind in measure else "plain"
    bare = key == "plain" and statement.kind not in ("fact", "advice", "opinion")
    apt = "when" not in measure or re.search(measure["when"], statement.text)
    if key in measure and apt and not bare:
        note, fit = "tests that it is on record, not how well it works", 0.7
        if statement.amounts:
            note, fit = "the figure in the sentence is not tested, only that such a thing is on record", 0.45
        yield from (
            CandidateTest(test, note if "statement(" in test else "", fit)
            for test in _filled_templates((measure[key],), fill)
        )


def _entry_tests(
    statement: ArticleStatement, entry: Mapping[str, Any], sides: ComparisonRoles, fill: Mapping[str, str]
) -> Iterator[CandidateTest]:
    """Tests of an entry; of what is told per head, of its series per head, or of its total over the population."""
    if not is_total(entry) or not cues("per_head").search(statement.text):
        yield from series_tests(statement, entry, sides, fill)
    elif "per_head" in entry:
        yield from series_tests(statement, {**entry, "slug": entry["per_head"], "units": {}}, sides, fill)
    else:
        yield from per_head_tests(statement, entry, sides, direction_operator(statement.direction or "more"))


def _applies(statement: ArticleStatement, entry: Mapping[str, Any], country: str) -> bool:
    """Whether the words of the sentence admit an entry."""
    if "unless" in entry and re.search(entry["unless"], statement.text):
        return False
    if statement.kind in ("trend", "cause") and _SHARE.search(statement.text) and is_total(entry):
        return False  # a share may shrink while all grow
    if "arrivals" in entry and is_destination(statement, country):
        return bool(entry["arrivals"])
    return "when" not in entry or re.search(entry["when"], statement.text) is not None


def _either(statement: ArticleStatement, entry: Mapping[str, Any]) -> str:
    """Note on points that the sentence leaves open and the entry settles; empty where it leaves nothing open."""
    if "either" not in entry or re.search(entry["either_unless"], statement.text):
        return ""
    return str(entry["either"])


def _proxy(statement: ArticleStatement, entry: Mapping[str, Any]) -> str:
    """Note on the thing that the indicator counts in place of the sentence's; empty where it counts just that."""
    if "proxy" not in entry or re.search(entry["proxy_unless"], statement.text):
        return ""
    return str(entry["proxy"])


def _outlook(
    statement: ArticleStatement, measure: Mapping[str, Any], fill: Mapping[str, str]
) -> Iterator[CandidateTest]:
    """The test of a forecast: the first whose words stand in the sentence, at the end of 2030 or of 2035."""
    named = max((period[:4] for period in statement.periods), default="2030")
    if named > "2037":
        return  # the outlook ends years before
    by = "2030" if named <= "2032" else "2035"
    note = "" if statement.periods and named == by else f"the outlook is given for the end of {by}"
    sign = direction_operator(statement.direction or "up")
    for entry in measure.get("outlook", ()):
        if "when" not in entry or re.search(entry["when"], statement.text):
            test = str(entry["test"]).format(**fill, BY=by, SIGN=sign)
            gloomy = "probability(" in test and cues("forecast", "gloomy").search(statement.text) is not None
            yield CandidateTest(f"not {test}" if gloomy else test, note, 0.75)
            return


def _gap(statement: ArticleStatement, measure: Mapping[str, Any], fill: Mapping[str, str]) -> Iterator[CandidateTest]:
    """Tests of a lag in time, of being behind nobody in particular, and of a gap that widens or closes."""
    sign = widening(statement)
    if sign and "widening" in measure and statement.kind in ("trend", "cause"):
        for term in _filled_templates(measure["widening"], fill):
            fit = 0.8 if statement.kind == "trend" else 0.6
            yield CandidateTest(f"{term} {sign} 0", "over the years that the finding names", fit)
    months = first_amount(statement, "months", "years")
    reached = months is not None and _DOWN_TO.search(statement.text[: months.start]) is not None
    level = statement.kind in ("fact", "comparison") or (reached and len(statement.countries) == 1)
    if "lag" in measure and months and level:
        scored = _OF_A_MODEL.search(statement.text) is not None
        terms = sorted(_filled_templates(measure["lag"], fill), key=lambda term: scored and "lag_sovereign" in term)
        for term in terms:
            yield CandidateTest(_lag(statement, months, term), "", 0.9)
    if statement.kind == "comparison" and statement.direction == "less" and not fill["B"]:
        yield from (CandidateTest(test, "", 0.8) for test in _filled_templates(measure.get("behind", ()), fill))


_OF_A_MODEL = re.compile(r"\b(?:model|system)s?\b", re.IGNORECASE)
"""Words after which a lag is that of the best scored model, and not of all that a country can do."""

_DOWN_TO = re.compile(r"\b(?:to|now|stands at|is) (?:\w+ ){0,2}$")
"""Words before the level that a changing gap has reached."""


def _lag(statement: ArticleStatement, months: Amount, term: str) -> str:
    """A lag held against one duration, or against two that bound it."""
    both = [amount for amount in statement.amounts if amount.unit in ("months", "years")]
    if len(both) == 2 and re.fullmatch(r"\s*(?:and|to|or|–|-)\s*", statement.text[both[0].end : both[1].start]):
        low, high = both
        return f"{term} >= {low.value:g} {low.unit} and {term} <= {high.value:g} {high.unit}"
    operator = amount_operator(statement, months)
    ending = " within 35 %" if operator == "~" else ""
    return f"{term} {operator} {months.value:g} {months.unit}{ending}"


def widening(statement: ArticleStatement) -> str:
    """Operator on the change of the gap: ">" where the sentence lets it grow, "<" where it shrinks, else empty."""
    if cues("gap", "growing").search(statement.text):
        return ">"
    if cues("gap", "shrinking").search(statement.text):
        return "<"
    named = cues("gap", "nouns").search(statement.text) is not None
    return direction_operator(statement.direction) if named and statement.direction in ("up", "down") else ""


def _filled_templates(templates: Iterable[str], fill: Mapping[str, str]) -> Iterator[str]:
    """Templates whose places can be filled."""
    for template in templates:
        if "{B}" not in template or fill["B"]:
            yield template.format(**fill)

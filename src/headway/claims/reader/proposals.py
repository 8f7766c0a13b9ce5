"""Tests proposed for a statement of an article, each with what it covers; or the reason why there is none."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from headway.claims.ledger import ClaimReading
from headway.claims.reader.amounts import Amount
from headway.claims.reader.answerable import age_note, reason_undated, reason_unfit
from headway.claims.reader.candidates import (
    LAST_YEAR,
    CandidateTest,
    is_total,
    per_head_tests,
    series_tests,
)
from headway.claims.reader.coverage import NO_COVERAGE, Coverage, coverage
from headway.claims.reader.frames import frame_tests, says_something_else
from headway.claims.reader.kinds import has_denial_beside, is_denied, is_partial_denial
from headway.claims.reader.limits import amount_operator, direction_operator, first_amount
from headway.claims.reader.quantities import matched_quantities
from headway.claims.reader.readings import reading_sets
from headway.claims.reader.records import record_tests
from headway.claims.reader.roles import ComparisonRoles, comparison_roles, is_destination, restriction_roles
from headway.claims.reader.skeleton import skeleton
from headway.claims.reader.slots import MatchedTopic
from headway.claims.reader.statements import ArticleStatement, points_back
from headway.claims.reader.words import cues, lexicon

if TYPE_CHECKING:
    from headway.claims.evaluate.lookup import EvidenceLookup

_NARROW = 0.25
MIN_CONFIDENCE = 0.25
"""A match less sure than this is not proposed."""

_SHARE = re.compile(r"\b(?:share|proportion|percentage|fraction) of\b", re.IGNORECASE)
_AS_MUCH = re.compile(r"\bas (?:many|much|large|high|big|strong|fast)\b", re.IGNORECASE)
_FALLS_SHORT = re.compile(r"^not (ratio\([^()]*\)) ~ 1 within \d+ %$")
"""Who does "not publish as many" publishes fewer."""


_HOLDS_FIGURE = re.compile(r"^indicator\([^()]*\) [<>~]=? -?[\d.e+]+ \w")
MOST_PROPOSALS = 3


@dataclass(frozen=True, slots=True)
class Proposal:
    """Test or set of readings with the confidence of the match (0 to 1), or the reason why there is none.

    Attributes:
        readings: tests of a claim that can be understood in several ways, in place of `test`.
        no_data: what the evidence lacks.
        not_read: why the rules could not make a test of the sentence, whatever the evidence has.
        topic: the topic that led to it.
        proxy: what the test measures in place of what is claimed; empty where it measures that itself.
        coverage: the share of the claim's slots that it uses, and what it leaves out.
    """

    test: str | None
    confidence: float
    note: str = ""
    no_data: str = ""
    not_read: str = ""
    topic: str = ""
    proxy: str = ""
    coverage: Coverage = NO_COVERAGE
    readings: tuple[ClaimReading, ...] = ()


def propose(statement: ArticleStatement, lookup: EvidenceLookup) -> Proposal:
    """The first test that the rules find for `statement`, or the reason why they find none."""
    reasons = _Reasons()
    first = next(_proposals(statement, lookup, reasons), None)
    return first or reasons.as_proposal()


def proposals(statement: ArticleStatement, lookup: EvidenceLookup) -> tuple[Proposal, ...]:
    """At most `MOST_PROPOSALS` different questions: a set of readings, then the tests that cover most, proxies last."""
    found: dict[str, Proposal] = {}
    for proposal in _proposals(statement, lookup, _Reasons()):
        found.setdefault(question(proposal.test or ""), proposal)
    ranked = sorted(found.values(), key=lambda one: (bool(one.proxy), -one.coverage.share))
    return (*_set_proposals(statement, lookup), *ranked)[:MOST_PROPOSALS]


_YEARS = re.compile(r", (?:19|20)\d\d(?:Q\d|-\d\d)?\b")
_RATIO_TO_ONE = re.compile(r"ratio\((\w+), (\w+), (\w+)\) ([<>]) 1$")


def question(test: str) -> str:
    """Question of a test without its years, each part once; who has more of two has a ratio above one."""
    parts = dict.fromkeys(_YEARS.sub("", test).split(" and "))
    return _RATIO_TO_ONE.sub(r"indicator(\1, \2) \4 indicator(\1, \3)", " and ".join(parts))


class _Reasons:
    """Reasons why candidates are no proposals: what the evidence lacks, and what the rules could not read."""

    def __init__(self) -> None:
        self.no_data: list[str] = []
        self.not_read: list[str] = []

    def as_proposal(self) -> Proposal:
        """The first reason in place of a test; what the evidence lacks comes before what was not read."""
        if self.no_data:
            return Proposal(None, 0.0, no_data=self.no_data[0])
        reason = self.not_read[0] if self.not_read else "no test of this kind of statement exists for this topic"
        return Proposal(None, 0.0, not_read=reason)


def _proposals(statement: ArticleStatement, lookup: EvidenceLookup, reasons: _Reasons) -> Iterator[Proposal]:
    """Tests for which `lookup` has data, in the rules' order; what speaks against others is added to `reasons`."""
    asked = bool(statement.topics) and not statement.topics[0].words  # a model reads another topic
    framed = () if asked else (*_framed(statement, lookup, reasons), *_recorded(statement, lookup, reasons))
    yield from framed
    for topic in () if framed else _topics(statement, reasons):
        for candidate in _candidates(statement, topic.measure):
            if reason := says_something_else(statement, candidate.test):
                reasons.not_read.append(reason)
            elif proposal := _proposal(statement, topic, candidate, lookup, reasons):
                yield proposal


_QUANTITIES, _NEAR = 2, 0.7
"""How many quantities are tried, and how near to the best a second one must match."""

_FIT_OF_FRAMES = 0.8
"""Factor on their fit: what is found by words alone is never sure enough to speak against a claim by itself."""


def _framed(statement: ArticleStatement, lookup: EvidenceLookup, reasons: _Reasons) -> Iterator[Proposal]:
    """Tests of the quantities that the words of the statement name, by the relation that it tells of them."""
    if not statement.countries or reason_undated(statement):
        return
    clause = skeleton(statement)
    around = statement.sentence.replace(statement.text, " ") if statement.sentence else ""
    found = matched_quantities(clause.words, around, statement.before)
    for quantity in found[:_QUANTITIES]:
        if quantity.score < _NEAR * found[0].score or (quantity is not found[0] and not quantity.words):
            return
        entry = quantity.entry
        denied = is_denied(statement, {"measure": [entry]}, quantity.words)
        if denied is None:
            reasons.not_read.append("the sentence denies or doubts something, and it is unsure whether it denies this")
            return
        for candidate in frame_tests(statement, clause, quantity, denied):
            topic = _TestedTopic(
                MatchedTopic(str(entry["topic"]), quantity.score, quantity.words),
                {"measure": [entry]},
                denied and not candidate.settled,
            )
            if quantity.proxy and _HOLDS_FIGURE.search(candidate.test):
                continue  # a number of one thing is none of another
            used = replace(candidate, proxy=quantity.proxy, either=quantity.either, fit=_FIT_OF_FRAMES * candidate.fit)
            if proposal := _proposal(statement, topic, used, lookup, reasons):
                yield proposal
                break


def _recorded(statement: ArticleStatement, lookup: EvidenceLookup, reasons: _Reasons) -> Iterator[Proposal]:
    """Tests of the amount of a plan against the curated records."""
    for candidate in record_tests(statement, lookup):
        topic = _TestedTopic(MatchedTopic("public_funding", _FIT_OF_FRAMES, ()), {}, statement.negated)
        if proposal := _proposal(statement, topic, candidate, lookup, reasons):
            yield proposal


def _set_proposals(statement: ArticleStatement, lookup: EvidenceLookup) -> Iterator[Proposal]:
    """Sets of readings, each of at least two for which `lookup` has data; as sure as the least sure of them.

    What one reading covers, the set covers: it decides only where its readings agree.
    """
    reasons = _Reasons()
    for topic in _topics(statement, reasons):
        sides = comparison_roles(statement)
        places = {"A": sides.subjects[0], "B": sides.others[0] if sides.others else ""}
        for asked in reading_sets(statement, topic.matched.topic, places, _widening(statement), lookup):
            tests = [(one, CandidateTest(one.test, asked.note, _FIT_OF_READINGS)) for one in asked.readings]
            made = [(one, _proposal(statement, topic, test, lookup, reasons)) for one, test in tests]
            kept = [(one, found) for one, found in made if found is not None and found.test is not None]
            if len(kept) < 2:
                continue
            first = min((found for _, found in kept), key=lambda found: found.coverage.share)
            notes = dict.fromkeys(found.note for _, found in kept if found.note)
            yield replace(
                first,
                test=None,
                note="; ".join(notes),
                confidence=min(found.confidence for _, found in kept),
                readings=tuple(ClaimReading(reading=one.reading, test=found.test or "") for one, found in kept),
            )


_FIT_OF_READINGS = 0.8


@dataclass(frozen=True, slots=True)
class _TestedTopic:
    """Topic of a statement with the entry that says how it is tested, and whether a denial reaches it."""

    matched: MatchedTopic
    measure: Mapping[str, Any]
    denied: bool


def _topics(statement: ArticleStatement, reasons: _Reasons) -> Iterator[_TestedTopic]:
    """Topics of a statement that can be tested; the reasons why others cannot are added to `reasons`."""
    if statement.topic is None:
        reasons.not_read.append("no quantity of the catalogue was recognised in the sentence")
        return
    if not statement.countries:
        reasons.not_read.append("no country was recognised, and none was named before")
        return
    if undated := reason_undated(statement):
        reasons.not_read.append(undated)
        return
    for matched in _narrow_first(statement):
        measure = lexicon("measures").get(matched.topic, {})
        if "silent" in measure:
            reasons.no_data.append(str(measure["silent"]))
            continue
        if "unless" in measure and (other := re.search(measure["unless"], statement.text)):
            reasons.not_read.append(f"“{other[0]}” is something narrower than what the topic is measured by")
            continue
        denied = is_denied(statement, measure, matched.words)
        if denied is None:
            reasons.not_read.append("the sentence denies or doubts something, and it is unsure whether it denies this")
            continue
        yield _TestedTopic(matched, measure, denied)


def _proposal(
    statement: ArticleStatement,
    topic: _TestedTopic,
    candidate: CandidateTest,
    lookup: EvidenceLookup,
    reasons: _Reasons,
) -> Proposal | None:
    """Proposal of a candidate for which `lookup` has data; else None, and the reason is added to `reasons`.

    The confidence is that of the topic, lowered where the country was inferred, where a cause is only tested by its
    alleged effect, and where the sentence names a figure that the test does not use.
    """
    matched, denied = topic.matched, topic.denied
    confidence = matched.confidence * candidate.fit * _confidence_factor(statement)
    if confidence < MIN_CONFIDENCE:
        words = f"too weak a match ({matched.topic.replace('_', ' ')}, {confidence:.2f}) to propose a test"
        reasons.not_read.append(words)
        return None
    if denied and is_partial_denial(statement, candidate.test):
        reasons.not_read.append("the denial is of a degree, or of one figure among others, and leaves open what holds")
        return None
    test = _negated_test(candidate.test, topic.measure) if denied else candidate.test
    if denied and test and _AS_MUCH.search(statement.text):
        test = _FALLS_SHORT.sub(r"\1 < 1", test)
    if test is None:
        reasons.no_data.append("a record cannot show that something is not so")
        return None
    if reason := reason_unfit(statement, test, lookup):
        reasons.no_data += [reason] if not reason.startswith("unknown quantity") else []
        return None
    notes = (candidate.note, age_note(test, lookup), _on_denial(statement, denied))
    note = "; ".join(note for note in notes if note)
    covers = coverage(statement, test, matched.topic, candidate)
    if covers.figures:
        reasons.not_read.append(f"no test holds {covers.figures[0]}, which the sentence states")
        return None
    return Proposal(test, round(confidence, 2), note, topic=matched.topic, proxy=candidate.proxy, coverage=covers)


def _narrow_first(statement: ArticleStatement) -> tuple[MatchedTopic, ...]:
    """The two surest topics; who is behind in investment is behind in investment, not in everything."""
    first, *rest = statement.topics[:2]
    narrower = rest and rest[0].confidence >= _NARROW and rest[0].topic != "declared_goal"
    if statement.kind == "forecast" and first.topic == "capability_gap" and narrower:
        return (rest[0],)  # who is to overtake another in papers need not lead in anything else
    if statement.kind == "comparison" and first.topic == "capability_gap" and narrower:
        return (rest[0], first) if "silent" not in lexicon("measures").get(rest[0].topic, {}) else (rest[0],)
    return (first, *rest)


def _confidence_factor(statement: ArticleStatement) -> float:
    """Factor on the confidence, below 1 for an inferred country, for two claims, or for a denial beside the claim."""
    aside = 0.8 if has_denial_beside(statement.text) else 1.0
    return _country_factor(statement) * aside * _single_claim_factor(statement)


def _country_factor(statement: ArticleStatement) -> float:
    """Less than 1 where the country is taken from elsewhere; least where no word of the sentence points there."""
    if not statement.inferred:
        return 1.0
    return 0.8 if statement.sentence or points_back(statement.text) else 0.4


def _on_denial(statement: ArticleStatement, reach: bool) -> str:
    if reach:
        return "a denial was read: check that “not” stands where it should"
    if has_denial_beside(statement.text):
        return "the sentence denies something else, which is not tested"
    return ""


def _single_claim_factor(statement: ArticleStatement) -> float:
    """Less than 1 for a sentence that makes two claims, about topics that fit equally well."""
    two = len(statement.topics) > 1 and statement.topics[0].confidence - statement.topics[1].confidence < 0.1
    return 0.7 if two and re.search(r"; |, and ", statement.text) else 1.0


def _negated_test(test: str, measure: Mapping[str, Any]) -> str | None:
    if "statement(" in test:
        return test if measure.get("restricts") else None
    if test.startswith("not "):
        return test.removeprefix("not ")
    return f"not ({test})" if " or " in test or " and " in test else f"not {test}"


def _candidates(statement: ArticleStatement, measure: Mapping[str, Any]) -> Iterator[CandidateTest]:
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
    if "widening" in measure and statement.kind in ("trend", "cause") and _widening(statement):
        return  # a gap may widen while everybody rises: no level says anything of it
    for entry in measure.get("measure", ()):
        if _applies(statement, entry, fill["A"]):
            for one in _entry_tests(statement, entry, sides, fill):
                proxy = _proxy(statement, entry)
                if proxy and _HOLDS_FIGURE.search(one.test):
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
    sign = _widening(statement)
    if sign and "widening" in measure and statement.kind in ("trend", "cause"):
        for term in _filled_templates(measure["widening"], fill):
            fit = 0.8 if statement.kind == "trend" else 0.6
            yield CandidateTest(f"{term} {sign} 0", "over the years that the finding names", fit)
    months = first_amount(statement, "months", "years")
    reached = months is not None and _DOWN_TO.search(statement.text[: months.start]) is not None
    level = statement.kind in ("fact", "comparison") or (reached and len(statement.countries) == 1)
    if "lag" in measure and months and level:
        for term in _filled_templates(measure["lag"], fill):
            yield CandidateTest(_lag(statement, months, term), "", 0.9)
    if statement.kind == "comparison" and statement.direction == "less" and not fill["B"]:
        yield from (CandidateTest(test, "", 0.8) for test in _filled_templates(measure.get("behind", ()), fill))


_DOWN_TO = re.compile(r"\b(?:to|now|stands at|is) (?:\w+ ){0,2}$")
"""What stands before the level that a changing gap has reached."""


def _lag(statement: ArticleStatement, months: Amount, term: str) -> str:
    """A lag held against one duration, or against two that bound it."""
    both = [amount for amount in statement.amounts if amount.unit in ("months", "years")]
    if len(both) == 2 and re.fullmatch(r"\s*(?:and|to|or|–|-)\s*", statement.text[both[0].end : both[1].start]):
        low, high = both
        return f"{term} >= {low.value:g} {low.unit} and {term} <= {high.value:g} {high.unit}"
    operator = amount_operator(statement, months)
    ending = " within 35 %" if operator == "~" else ""
    return f"{term} {operator} {months.value:g} {months.unit}{ending}"


def _widening(statement: ArticleStatement) -> str:
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

"""Tests proposed for a statement of an article, each with what it covers; or the reason why there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from headway.claims.ledger import ClaimReading
from headway.claims.proposer.answerable import age_note, decides_nothing, reason_beyond, reason_undated, reason_unfit
from headway.claims.proposer.candidates import (
    CandidateTest,
)
from headway.claims.proposer.coverage import NO_COVERAGE, Coverage, coverage
from headway.claims.proposer.fillings import FilledStatement, fillings, other_senses
from headway.claims.proposer.frames import frame_tests, says_something_else
from headway.claims.proposer.migration import migration_tests
from headway.claims.proposer.readings import reading_sets
from headway.claims.proposer.records import record_tests
from headway.claims.proposer.skeleton import Skeleton, skeleton
from headway.claims.proposer.topic_tests import HOLDS_FIGURE, topic_tests, widening
from headway.claims.reader.amounts import Amount
from headway.claims.reader.kinds import has_denial_beside, is_denied, is_partial_denial
from headway.claims.reader.quantities import FROM_BEFORE, MatchedQuantity, matched_quantities, quantity_entry
from headway.claims.reader.roles import comparison_roles, excluded_countries
from headway.claims.reader.slots import MatchedTopic
from headway.claims.reader.statements import ArticleStatement
from headway.claims.reader.subjects import points_back
from headway.claims.reader.words import lexicon, relation
from headway.evidence.catalogue import indicators

if TYPE_CHECKING:
    from headway.claims.evaluate.lookup import EvidenceLookup

_NARROW = 0.25
MIN_CONFIDENCE = 0.25
"""A match less sure than this is not proposed."""

_AS_MUCH = re.compile(r"\bas (?:many|much|large|high|big|strong|fast)\b", re.IGNORECASE)
_FALLS_SHORT = re.compile(r"^not (ratio\([^()]*\)) ~ 1 within \d+ %$")
"""Who does "not publish as many" publishes fewer."""


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
        rank: how plausible the fillings of its uncertain slots are beside those that were read, 0 to 1.
        record: text of the record whose figure it holds; empty for none.
        filled: names of the slots that are filled otherwise than read.
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
    rank: float = 1.0
    record: str = ""
    filled: tuple[str, ...] = ()


def propose(statement: ArticleStatement, lookup: EvidenceLookup) -> Proposal:
    """The first test that the rules find for `statement`, or the reason why they find none."""
    reasons = _Reasons()
    first = next(_proposals(statement, lookup, reasons), None)
    return first or reasons.as_proposal()


def proposals(statement: ArticleStatement, lookup: EvidenceLookup) -> tuple[Proposal, ...]:
    """At most `MOST_PROPOSALS` different questions: the most plausible first, proxies last.

    A set of readings comes before all tests, unless one of these covers more than it.
    """
    found: list[Proposal] = []
    for filling in fillings(statement):
        if filling.only_alone if found else not filling.alone:
            continue
        for proposal in _proposals(filling.statement, lookup, _Reasons()):
            one = _as_filled(proposal, filling)
            if one.confidence < MIN_CONFIDENCE:
                continue
            dated = "period" in filling.slots
            alike = next((place for place, other in enumerate(found) if _is_asked(one, other, lookup, dated)), None)
            if alike is None:
                found.append(one)
            elif dated and filling.statement.periods and one.topic == found[alike].topic:
                read = found[alike]  # the same figure, with its year
                found[alike] = replace(one, rank=read.rank, confidence=read.confidence)
    ranked = sorted(found, key=lambda one: (bool(one.proxy), -one.rank * one.coverage.share))
    best = max((one.coverage.share for one in found if not one.proxy), default=0.0)
    sets = [one for one in _set_proposals(statement, lookup) if one.coverage.share >= best]
    return tuple(_less_sure((*sets, *ranked)[:MOST_PROPOSALS]))


def _less_sure(ranked: Sequence[Proposal]) -> Iterator[Proposal]:
    """The proposals, none surer than the one before it."""
    bound = 1.0
    for one in ranked:
        bound = bound if one.proxy else min(bound, one.confidence)
        yield replace(one, confidence=min(bound, one.confidence))


def _is_asked(one: Proposal, other: Proposal, lookup: EvidenceLookup, dated: bool) -> bool:
    """Whether two proposals ask the same; where `dated`, the one asks of another year than was read."""
    if (one.record and one.record == other.record) or (one.test and one.test == other.test):
        return True
    if one.record and other.record:
        figures = [test.split(") ")[1] for test in (one.test or "", other.test or "")]
        return figures[0] == figures[1]  # one sum, twice on record
    tests = [question(test or "", lookup) for test in (one.test, other.test)]
    return tests[0] == tests[1] or (not dated and _undated(tests[0]) == _undated(tests[1]))


_YEARS = re.compile(r", (?:19|20)\d\d(?:Q\d|-\d\d)?\b")


def _undated(question: str) -> str:
    return _YEARS.sub("", question)


def _as_filled(proposal: Proposal, filling: FilledStatement) -> Proposal:
    """The proposal with what was taken for what; as sure and as plausible as the filling lets it be."""
    note = "; ".join(part for part in (*filling.notes, proposal.note) if part)
    inferred = _country_factor(filling.statement) if "subject" in filling.slots else 1.0  # the weight says it already
    confidence = round(filling.weight * proposal.confidence / inferred, 2)
    rank = filling.weight * proposal.rank
    return replace(proposal, note=note, confidence=confidence, rank=rank, filled=filling.slots)


_NEWEST = re.compile(r"indicator\((\w+), (\w+)\)")
_RATIO_TO_ONE = re.compile(r"ratio\((\w+), (\w+), (\w+)(, [\w-]+)?\) ([<>]) 1$")


def question(test: str, lookup: EvidenceLookup) -> str:
    """Question of a test, each part once, with the year of each newest figure; a ratio above one says who has more.

    Two tests with the same question are one proposal.
    """
    parts = dict.fromkeys(test.split(" and "))
    alike = _RATIO_TO_ONE.sub(r"indicator(\1, \2\4) \5 indicator(\1, \3\4)", " and ".join(parts))
    return _NEWEST.sub(lambda one: f"indicator({one[1]}, {one[2]}, {lookup.row(one[1], one[2])['period']})", alike)


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
    framed = () if asked else tuple(one for find in _FINDERS for one in find(statement, lookup, reasons))
    yield from framed
    for topic in () if framed else _topics(statement, reasons):
        for candidate in topic_tests(statement, topic.measure):
            if reason := says_something_else(statement, candidate.test) or _another_series(statement, candidate):
                reasons.not_read.append(reason)
            elif proposal := _proposal(statement, topic, candidate, lookup, reasons):
                yield proposal


_SURE = 0.8
"""Match of a quantity from which on no series of another topic is tried in its place."""


def _another_series(statement: ArticleStatement, candidate: CandidateTest) -> str:
    """Reason why a test of a topic measures something else than the quantity that the words name; empty for none."""
    if not candidate.test.startswith(_SERIES):
        return ""
    found = _told_quantities(statement, skeleton(statement))
    sure = [one for one in found if one.score >= (_SURE if one.words else FROM_BEFORE)]
    if not sure or any(
        slug in candidate.test for one in sure for slug in (one.slug, one.entry.get("per_head", one.slug))
    ):
        return ""
    return f"the words name “{indicators()[sure[0].slug].name}”, and no test of it fits"


_SERIES = ("indicator(", "not indicator(", "trend(", "growth(", "change(", "rank(", "not rank(", "ratio(", "[")
_QUANTITIES, _NEAR = 3, 0.7
"""How many quantities are tried, and how near to the best another one must match."""

_FIT_OF_FRAMES = 0.8
"""Factor on their fit: what is found by words alone is never sure enough to speak against a claim by itself."""


def _framed(statement: ArticleStatement, lookup: EvidenceLookup, reasons: _Reasons) -> Iterator[Proposal]:
    """Tests of the quantities that the words of the statement name, by the relation that it tells of them."""
    if not statement.countries or reason_undated(statement):
        return
    clause = skeleton(statement)
    for quantity, weight in _ranked_quantities(_told_quantities(statement, clause), clause):
        entry = quantity.entry
        denied = is_denied(statement, {"measure": [entry]}, quantity.words)
        if denied is None:
            reasons.not_read.append(_UNSURE_DENIAL)
            return
        for candidate in frame_tests(statement, clause, quantity, denied):
            topic = _TestedTopic(
                MatchedTopic(str(entry["topic"]), quantity.score, quantity.words),
                {"measure": [entry]},
                denied and not candidate.settled,
            )
            if quantity.proxy and HOLDS_FIGURE.search(candidate.test):
                continue  # a number of one thing is none of another
            if "percent" not in entry["units"] and any(
                one.unit == "points" for one in candidate.uses if isinstance(one, Amount)
            ):
                continue  # only a share changes by points
            used = replace(
                candidate,
                proxy=quantity.proxy,
                either=quantity.either,
                fit=_FIT_OF_FRAMES * candidate.fit,
                words=tuple(word for word in clause.words.split() if word.strip(".,;") not in quantity.unexplained),
            )
            if proposal := _proposal(statement, topic, used, lookup, reasons):
                yield replace(proposal, rank=weight)
                break


def _told_quantities(statement: ArticleStatement, clause: Skeleton) -> tuple[MatchedQuantity, ...]:
    """Quantities that a statement tells of; of equal ones first what its sentence tells before it, then behind it."""
    earlier, _ = statement.around
    near = matched_quantities(clause.words, earlier) if earlier.strip() else ()
    seen = {one.slug for one in near}
    others = (one for one in matched_quantities(clause.words, statement.rest, statement.before) if one.slug not in seen)
    return tuple(sorted((*near, *others), key=lambda one: -one.score))


def _ranked_quantities(found: Sequence[MatchedQuantity], clause: Skeleton) -> Iterator[tuple[MatchedQuantity, float]]:
    """Quantities that a clause may mean, each with how plausible it is beside the best: matched, then of two senses."""
    best = found[0].score if found else 0.0
    near = [one for one in found[:_QUANTITIES] if one is found[0] or _is_near(one, found[0])]
    seen = {one.slug for one in near}
    for one in near:
        yield one, one.score / best
    for one in near if best and near[0].words else ():
        for slug, weight in other_senses(one.slug, clause.words):
            if slug not in seen and (sense := quantity_entry(slug)) is not None:
                seen.add(slug)
                yield (
                    replace(one, entry=sense, either="", score=round(weight * one.score, 2)),
                    weight * one.score / best,
                )


def _is_near(one: MatchedQuantity, best: MatchedQuantity) -> bool:
    """Whether a quantity may be meant beside the best: nearly as well matched, and not by fewer words of the same."""
    worse = one.score < best.score and set(one.words) <= set(best.words)
    return one.score >= _NEAR * best.score and bool(one.words) and not worse


def _moved(statement: ArticleStatement, lookup: EvidenceLookup, reasons: _Reasons) -> Iterator[Proposal]:
    """Tests of what is said of scholars who move."""
    if not statement.countries or reason_undated(statement):
        return
    for candidate in migration_tests(statement, skeleton(statement)):
        if statement.negated and not candidate.settled:
            reasons.not_read.append(_UNSURE_DENIAL)
            return
        topic = _TestedTopic(MatchedTopic("talent_outflow", 1.0, ()), {}, False)
        used = replace(candidate, fit=_FIT_OF_FRAMES * candidate.fit)
        if proposal := _proposal(statement, topic, used, lookup, reasons):
            yield proposal


def _recorded(statement: ArticleStatement, lookup: EvidenceLookup, reasons: _Reasons) -> Iterator[Proposal]:
    """Tests of the amount of a plan against the curated records."""
    for candidate in record_tests(statement, lookup):
        topic = _TestedTopic(MatchedTopic("public_funding", _FIT_OF_FRAMES, ()), {}, statement.negated)
        if proposal := _proposal(statement, topic, candidate, lookup, reasons):
            yield proposal


def _placed(statement: ArticleStatement, lookup: EvidenceLookup, reasons: _Reasons) -> Iterator[Proposal]:
    """Tests of a place that is told among all countries in AI, and of nothing that the catalogue names."""
    clause = skeleton(statement)
    places = [one for one in statement.amounts if one.unit == "rank"]
    named = matched_quantities(clause.words)
    if named or len(places) != 1 or len(statement.amounts) != 1 or len(statement.countries) != 1 or statement.negated:
        return
    planned = relation("not_yet").search(clause.text) is not None
    if planned or statement.kind not in ("fact", "comparison") or _AI_PLACE.search(clause.text) is None:
        return
    top = places[0].value <= 5 or re.search(r"\b(?:top|among|first)\b", statement.text[: places[0].end]) is not None
    limit = f"<= {places[0].value:g}" if top else f"~ {places[0].value:g} within 20 %"
    note = "the place is that by size, among all countries with data"
    candidate = CandidateTest(f"standing.scale({statement.countries[0]}) {limit}", note, 0.7, uses=tuple(places))
    topic = _TestedTopic(MatchedTopic("capability_gap", _FIT_OF_FRAMES, ()), {}, False)
    if proposal := _proposal(statement, topic, candidate, lookup, reasons):
        yield proposal


_AI_PLACE = re.compile(
    r"\bN\d+[- ](?:(?:largest|biggest|strongest|greatest|leading|most \w+|global|world) )*"
    r"(?:(?:countr(?:y|ies)|nations?|powers?|places?) )?(?:in |for |by )?(?:AI|artificial intelligence)"
    r"(?: (?:power|superpower|nation|country|player|leader|economy|race)s?)?"
    r"(?= in the world| worldwide| globally|[.,;]|$)"
)
_UNSURE_DENIAL = "the sentence denies or doubts something, and it is unsure whether it denies this"
_FINDERS = (_moved, _framed, _recorded, _placed)


def _set_proposals(statement: ArticleStatement, lookup: EvidenceLookup) -> Iterator[Proposal]:
    """Sets of readings, each of at least two for which `lookup` has data; as sure as the least sure of them.

    What one reading covers, the set covers: it decides only where its readings agree.
    """
    reasons = _Reasons()
    for topic in _topics(statement, reasons):
        sides = comparison_roles(statement)
        places = {"A": sides.subjects[0], "B": sides.others[0] if sides.others else ""}
        for asked in reading_sets(statement, topic.matched.topic, places, widening(statement), lookup):
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
            reasons.not_read.append(_UNSURE_DENIAL)
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
    if decides_nothing(test):
        return None
    if beyond := reason_beyond(test, lookup):
        reasons.not_read.append(beyond)
        return None
    if reason := reason_unfit(statement, test, lookup):
        reasons.no_data += [reason] if not reason.startswith("unknown quantity") else []
        return None
    notes = (candidate.note, age_note(test, lookup), _on_denial(statement, denied))
    note = "; ".join(note for note in notes if note)
    covers = coverage(statement, test, matched.topic, candidate)
    if test.endswith(" <= 1") and test.startswith("rank(") and _names_others(statement, test):
        reasons.not_read.append("the sentence compares with countries that it names, and a place does not")
        return None
    if covers.figures:
        reasons.not_read.append(f"no test holds {covers.figures[0]}, which the sentence states")
        return None
    return Proposal(
        test,
        round(confidence, 2),
        note,
        topic=matched.topic,
        proxy=candidate.proxy,
        coverage=covers,
        record=candidate.record,
    )


def _names_others(statement: ArticleStatement, test: str) -> bool:
    """Whether the statement holds its subject against countries that a test of its place leaves out."""
    named = {one.code for one in statement.mentions if one.sort != "organisations"} - excluded_countries(statement)
    return statement.kind == "comparison" and any(code not in test for code in named)


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
    return 0.8 if statement.sentence or statement.mentions or points_back(statement.text) else 0.4


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

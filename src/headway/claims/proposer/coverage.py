"""Slots of a claim, and the share of them that a test uses: what a proposed test leaves out is said beside it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from headway.claims.language import (
    Arithmetic,
    Comparison,
    Node,
    Not,
    Number,
    Value,
    countries_in,
    leaves,
    parse_test,
    periods_in,
    terms,
)
from headway.claims.proposer.candidates import CandidateTest
from headway.claims.proposer.limits import amounts_of_subject
from headway.claims.reader.amounts import Amount
from headway.claims.reader.kinds import has_denial_beside
from headway.claims.reader.quantities import is_plain
from headway.claims.reader.slots import dates
from headway.claims.reader.statements import ArticleStatement
from headway.claims.reader.words import blanked, clause_spans, cues, loose_cues
from headway.core.wording import the
from headway.evidence.countries import resolve

_SECOND_TOPIC = 0.25
_MARKS = ' .,;:"”“'
_SPEAKER = re.compile(
    r",? ?[\"”“]? ?\b(?:\w+ )?(?:said|says|told|argued|argues|according to|reckons?|writes|wrote that)\b.*"
    r"|,? ?if one believes .*",
    re.IGNORECASE,
)
_RELATIVE = re.compile(r"^((?:which|who)\b[^,]*),.*", re.IGNORECASE)
_FACTOR = re.compile(  # the size of a change or comparison, of which its direction says nothing
    r"\bby (?:(?:more|less|well|about|over|under|almost|nearly|roughly|some|than) )*"
    r"(?:an? )?(?:half|third|quarter|fifth|tenth|\d[\d.,]*|two|three|four|five|six|seven|eight|nine|ten|twelve)\b"
    r"|\b(?:half|double|twice|thrice|triple|quadruple|halv(?:ed|es|ing)|(?:doubl|tripl|trebl|quadrupl)(?:ed|es|ing))\b"
    r"|\b\w+[- ]?fold\b",
    re.IGNORECASE,
)
_NUMERAL = re.compile(
    r"(?<![\w.,/^-])(?:\d+(?:[.,]\d+)*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|"
    r"thirty|forty|fifty|dozens?)(?![\w/^-])(?! or more (?:employees|staff|workers|people|persons))",
    re.IGNORECASE,
)
_COMPARED = re.compile(r"\b(?:more|less|fewer|than|times|twice|half|as (?:much|many))\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ClaimSlot:
    """Slot of a claim: its name, the words that fill it, and whether the test uses it."""

    name: str
    words: str
    covered: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """Share of a claim's slots that a test uses, 0 to 1, and the words of those that it leaves out.

    Attributes:
        figures: words of the figures and dates among these.
    """

    share: float
    leaves_out: tuple[str, ...]
    figures: tuple[str, ...] = ()


NO_COVERAGE = Coverage(0.0, ())


def coverage(statement: ArticleStatement, test: str, topic: str, candidate: CandidateTest) -> Coverage:
    """Share of the slots of `statement` that `test` uses, which was made of `candidate` about `topic`."""
    slots = tuple(claim_slots(statement, parse_test(test), topic, candidate))
    slots += (ClaimSlot("quantity", candidate.either, False),) if candidate.either else ()
    used = sum(slot.covered for slot in slots)
    left_out = tuple(slot for slot in slots if not slot.covered)
    stated = ("value", "value of another", "period") if statement.sentence else ("value", "period")
    figures = tuple(slot.words for slot in left_out if slot.name in stated and slot.words.startswith("“"))
    return Coverage(round(used / len(slots), 2), tuple(slot.words for slot in left_out), figures)


def claim_slots(statement: ArticleStatement, node: Node, topic: str, candidate: CandidateTest) -> Iterator[ClaimSlot]:
    """Slots of `statement` (quantity, countries, relation, values, periods, cause, denial, further clauses)."""
    named = {code for term in terms(node) for code in countries_in(term)}
    named |= {argument for term in terms(node) if term.is_finding for argument in term.arguments}
    yield ClaimSlot("quantity", topic.replace("_", " "), True)
    spoken = set(_telling(candidate.words))
    told = _without_amounts(statement).lower()
    for other in statement.topics:
        relation = other.topic == "capability_gap" and bool(candidate.words)  # "behind", "ahead of", "overtook"
        explained = bool(spoken) and set(_telling(other.words)) <= spoken
        explained |= not any(words.lower() in told for words in other.words)  # carried over, or the unit of an amount
        goal = other.topic == "declared_goal" and bool(candidate.record)
        if other.topic != topic and other.confidence >= _SECOND_TOPIC and not (relation or explained or goal):
            yield ClaimSlot("quantity", f"“{', '.join(other.words)}”", False)
    for code in statement.countries:
        yield ClaimSlot("country", the(resolve(code).name), code in named or code in candidate.uses)
    yield from _relation(statement, node, candidate.note)
    numbers = tuple(_numbers(node))
    own = amounts_of_subject(statement)
    for amount in statement.amounts:
        yield ClaimSlot(
            "value" if amount in own else "value of another",
            f"“{_words(statement, amount)}”",
            amount in candidate.uses or _holds(amount, numbers, node),
        )
    for words, is_factor in _passed_over(statement):
        yield ClaimSlot("value" if is_factor else "number", f"“{words}”", False)
    used = {period[:4] for term in terms(node) for period in (*periods_in(term), *term.arguments)}
    for period in statement.periods:
        yield ClaimSlot("period", f"“{period}”", period[:4] in used or period[:4] in candidate.uses)
    if not statement.periods and (when := cues("past", "relative").search(statement.text)):
        yield ClaimSlot("time", f"“{when[0]}”", False)  # the day on which it was said is not known
    if statement.kind == "cause":
        yield ClaimSlot("cause", "that the one made the other", False)
    if statement.negated:
        yield ClaimSlot("negation", "the denial", candidate.settled or isinstance(node, Not) or " < 1" in str(node))
    elif has_denial_beside(statement.text):
        yield ClaimSlot("negation", "what is denied beside it", False)
    for start, end in clause_spans(statement.text)[1:]:
        clause = _RELATIVE.sub(r"\1", _SPEAKER.sub("", statement.text[start:end]))
        if cues("finite").search(clause) and statement.kind != "comparison":
            yield ClaimSlot("clause", f"“{' '.join(clause.split()).strip(_MARKS)}”", False)


def _without_amounts(statement: ArticleStatement) -> str:
    text = statement.text
    for one in statement.amounts:
        text = blanked(text, one.start, one.end)
    return text


def _telling(words: Iterable[str]) -> Iterator[str]:
    """Words, in lower case, that say something of what is measured."""
    for word in re.findall(r"[^\W\d_]{2,}", " ".join(words).lower()):
        if not is_plain(word):
            yield word


def _passed_over(statement: ArticleStatement) -> Iterator[tuple[str, bool]]:
    """Words of numbers that stand in the statement and were not read as amounts or dates, and whether each is a factor.

    A factor is the size of a change or comparison: a test of its direction alone is none of the statement.
    """
    known = [(one.start, one.end) for one in statement.amounts]
    known += [(start, end) for _, start, end in dates(statement.text)]
    for pattern, is_factor in ((_FACTOR, True), (_NUMERAL, False)):
        for match in pattern.finditer(statement.text):
            in_a_name = re.search(r"\w [A-Z][\w-]* $", statement.text[: match.start()]) is not None
            if not in_a_name and not any(start < match.end() and match.start() < end for start, end in known):
                known.append(match.span())
                yield match[0].strip(), is_factor


def _relation(statement: ArticleStatement, node: Node, note: str) -> Iterator[ClaimSlot]:
    """The direction of a change or comparison, or the degree that words without a number leave open."""
    if "years are ours" in note:
        yield ClaimSlot("period", "the years, which the sentence does not name", False)
    elif "ours" in note:
        yield ClaimSlot("relation", "the degree, which the sentence does not say in numbers", False)
    if statement.kind == "trend":
        moves = any(term.name in ("trend", "growth", "change") or term.name.endswith("_trend") for term in terms(node))
        yield ClaimSlot("relation", "the change", moves)
    elif statement.kind == "comparison" and len(statement.countries) > 1:
        sided = any(len({code for term in terms(leaf) for code in countries_in(term)}) > 1 for leaf in leaves(node))
        yield ClaimSlot("relation", "the comparison", sided or len(leaves(node)) > 1 or _names_two(node))
    elif statement.kind == "fact" and not statement.amounts and _COMPARED.search(statement.text):
        yield ClaimSlot("relation", "what it is compared with", False)
    if any(term.name == "statement" for term in terms(node)):
        yield ClaimSlot("relation", "all but that such a thing is on record", False)
    if loose_cues("negation", "not_negation").search(statement.text):
        yield ClaimSlot("relation", "“not only” and what follows", False)


def _names_two(node: Node) -> bool:
    """Whether a finding of the test holds one country against another."""
    return any(term.name in ("gap.lag_to", "gap.training_compute") for term in terms(node))


def _numbers(node: Node) -> Iterator[float]:
    for leaf in leaves(node):
        if isinstance(leaf, Comparison):
            yield from _numbers_of(leaf.left)
            yield from _numbers_of(leaf.right)


def _numbers_of(value: Value) -> Iterator[float]:
    if isinstance(value, Number):
        yield value.value
    elif isinstance(value, Arithmetic):
        yield from _numbers_of(value.left)
        yield from _numbers_of(value.right)


def _holds(amount: Amount, numbers: tuple[float, ...], node: Node) -> bool:
    """Whether the test holds something against this amount, or one below zero ("shrank by 2 percent").

    A multiple of one half may stand the other way round.
    """
    wanted = (amount.value, 1.0 / amount.value) if amount.value else (amount.value,)
    if any(math.isclose(abs(value), abs(one), rel_tol=1e-4) for value in numbers for one in wanted):
        return True
    return amount.unit == "rank" and any(term.name == "rank" for term in terms(node)) and amount.value in numbers


def _words(statement: ArticleStatement, amount: Amount) -> str:
    return statement.text[amount.start : amount.end].strip()

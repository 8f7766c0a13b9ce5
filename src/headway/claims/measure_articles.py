"""Scores of drafts of whole texts that somebody else labelled: claims found, kinds, subjects, proposals and verdicts.

Run `python -m headway.claims.measure_articles SET.json`. The folder of the set may hold `SHA256`, which the set must
match, and `judgements.jsonl`: whether a proposal says what the text says, where its slots cannot tell. What still needs
a judgement is printed after the table, one JSON object a line.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from headway.claims.check import Verdict, check
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.language import (
    And,
    Comparison,
    IsTrue,
    Node,
    Not,
    Number,
    Or,
    Term,
    countries_in,
    parse_test,
    terms,
)
from headway.claims.ledger import Claim, ProposedTest, parse_ledger
from headway.claims.measure import count_table, frozen_bytes
from headway.claims.proposer.draft import Draft, DraftedClaim, as_yaml, draft
from headway.claims.reader.article import Article
from headway.claims.reader.roles import comparison_roles
from headway.claims.reader.statements import ArticleStatement
from headway.core.errors import HeadwayError, InputError
from headway.evidence import open_evidence
from headway.evidence.countries import resolve

Relation = Literal["more", "less", "equal", "up", "down", "flat"]
_AGAINST = frozenset({Verdict.CONTRADICTED, Verdict.LEANING_AGAINST})
_FOR = frozenset({Verdict.SUPPORTED, Verdict.LEANING})
_TURNED: Mapping[str, Relation] = {"more": "less", "less": "more", "up": "down", "down": "up"}
_NEAR = 0.02
"""Relative difference up to which two values are the same."""


@dataclass(frozen=True, slots=True)
class LabelledClaim:
    """A claim as its labeller read it.

    Attributes:
        start, end: its place in the text, in characters.
        checkable: whether evidence could decide it.
        kind: as the labeller calls it; `_KINDS` says which kinds of a ledger it stands for.
        subjects, objects: codes of the countries that it is about, and of those that they are compared with.
        relation: its direction; None where the label gives none that a test has.
        values: numbers that it states, in plain units.
    """

    id: str
    words: str
    start: int
    end: int
    checkable: bool
    kind: str
    subjects: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    relation: Relation | None = None
    values: tuple[float, ...] = ()


_KINDS: Mapping[str, frozenset[str]] = {
    "level": frozenset({"fact"}),
    "share": frozenset({"fact"}),
    "policy": frozenset({"fact"}),
    "access": frozenset({"fact"}),
    "goal": frozenset({"fact", "forecast"}),
    "capability": frozenset({"fact", "comparison"}),
    "rank": frozenset({"comparison", "fact"}),
    "comparison": frozenset({"comparison"}),
    "gap": frozenset({"comparison", "trend"}),
    "trend": frozenset({"trend"}),
    "cause": frozenset({"cause"}),
    "forecast": frozenset({"forecast"}),
}
"""Kinds of a ledger that are right for a labeller's kind; any is for one that is not named here."""

_RELATIONS: Mapping[str, Relation] = {
    **dict.fromkeys(("=", "~", "equals", "about"), "equal"),
    **dict.fromkeys((">", "above", "at least"), "more"),
    **dict.fromkeys(("<", "below", "at most"), "less"),
    **dict.fromkeys(("up", "rises", "rises to"), "up"),
    **dict.fromkeys(("down", "falls"), "down"),
    "flat": "flat",
}


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text with its labelled claims."""

    id: str
    text: str
    claims: tuple[LabelledClaim, ...]


@dataclass(frozen=True, slots=True)
class SlotsOfTest:
    """Slots of a part of a test: the countries on either side, its direction, and its numbers.

    Attributes:
        finding: whether it asks for a finding, whose second country may be the leader that nobody named.
    """

    subjects: frozenset[str]
    objects: frozenset[str]
    relation: Relation | None
    values: tuple[float, ...]
    finding: bool


def slots_of_test(test: str) -> tuple[SlotsOfTest, ...]:
    """Slots of every part of a test."""
    return tuple(_slots(leaf, upright) for leaf, upright in _parts(parse_test(test)))


def _parts(node: Node, upright: bool = True) -> Iterator[tuple[Comparison | IsTrue, bool]]:
    if isinstance(node, Not):
        yield from _parts(node.part, not upright)
    elif isinstance(node, (And, Or)):
        for part in node.parts:
            yield from _parts(part, upright)
    else:
        yield node, upright


def _slots(leaf: Comparison | IsTrue, upright: bool) -> SlotsOfTest:
    found = terms(leaf)
    sides = [code for term in found for code in _countries(term)]
    subjects, objects = frozenset(sides[:1]), frozenset(sides[1:]) - frozenset(sides[:1])
    finding = any(term.is_finding for term in found)
    if isinstance(leaf, IsTrue):
        return SlotsOfTest(subjects, objects, None, (), finding)
    relation = _relation(leaf, found[0].name if found else "")
    if not upright:
        relation = _TURNED.get(relation or "")
    numbers = (leaf.right.value,) if isinstance(leaf.right, Number) else ()
    return SlotsOfTest(subjects, objects, relation, numbers, finding)


def _countries(term: Term) -> tuple[str, ...]:
    """Codes of a term's countries; the second argument of a finding may be one, and a record's id begins with one."""
    if term.name == "amount":
        code = _code(term.arguments[0].rsplit(":", 1)[-1].split("-")[0])
        return (code,) if code else ()
    if not term.is_finding:
        return countries_in(term)
    return tuple(code for name in term.arguments[:2] if (code := _code(name)))


def _relation(leaf: Comparison, name: str) -> Relation | None:
    changes = name in ("trend", "growth", "change") or name.endswith("_trend")
    if leaf.operator == "~":
        return "flat" if changes else "equal"
    more = leaf.operator.startswith(">")
    if name == "rank":
        more = not more
    if changes:
        return "up" if more else "down"
    return "more" if more else "less"


def contradicts(test: str, label: LabelledClaim) -> bool:
    """Whether slots suffice to say that a test does not say what the label says.

    They do where it is about another country or compares with another one, turns the direction round, or holds a figure
    against another number than those stated. All else a person must judge.
    """
    parts = slots_of_test(test)
    named = frozenset(code for part in parts for code in part.subjects | part.objects)
    if label.subjects and not label.subjects & named:
        return True
    held = [value for part in parts for value in part.values]
    stated = any(_same(one, form) for one in held for value in label.values for form in _forms(value))
    if label.values and not stated and any(value not in (0.0, 1.0) for value in held):
        return True
    banded = len(parts) == 2 and {part.relation for part in parts} == {"more", "less"} and len(set(held)) == 2
    if banded and parts[0].subjects == parts[1].subjects:
        return False  # "a little over one percent" lies between two figures of one term
    return any(_part_contradicts(part, label) for part in parts)


def _part_contradicts(part: SlotsOfTest, label: LabelledClaim) -> bool:
    relation, subjects, objects = label.relation, part.subjects, part.objects
    if objects and subjects <= label.objects and objects <= label.subjects:
        subjects, objects = objects, subjects  # the test stands the other way round
        relation = _TURNED.get(relation or "", relation)
    elif label.subjects and not (subjects <= label.subjects and (part.finding or objects <= label.objects)):
        return True
    return bool(relation and part.relation and _TURNED.get(relation) == part.relation)


def _forms(value: float) -> Iterator[float]:
    """Numbers as which a test may hold a stated value: a change of -20 percent as 0.8 times, a loss as below zero."""
    yield from (value, -value, 1.0 + value / 100.0, value / 100.0, 100.0 - value)
    if value > 0:
        yield from (1.0 / value, abs(math.log10(value)))


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= _NEAR * max(abs(one), abs(other))


def _code(name: str) -> str:
    try:
        return resolve(name).code
    except InputError:
        return ""


@dataclass(slots=True)
class ArticleScores:
    """Counts over labelled texts; the proposals left to a person stand in `unjudged`.

    Attributes:
        checkable, found: labelled claims that evidence could decide, and those of them that were drafted as such.
        drafted, right: drafted claims that are no opinion, and those of them that stand on a checkable label.
        kind, subject, with_subject: of those found, the ones with the right kind, with the right subject, and with a
            labelled subject that is a country or bloc.
        offered, first, among: of those found, the ones with a proposal, with a sensible first one, and one of three.
        stray: proposals on drafted claims that stand on no checkable label.
        drafts: verdicts on drafts as they are; there must be none.
        against, wrongly_against: verdicts against a drafted claim with `--assume-first`, and those on a test that does
            not say what the text says.
        supported, wrongly_supported: the same for verdicts in favour.
    """

    texts: int = 0
    checkable: int = 0
    found: int = 0
    drafted: int = 0
    right: int = 0
    kind: int = 0
    subject: int = 0
    with_subject: int = 0
    offered: int = 0
    first: int = 0
    among: int = 0
    stray: int = 0
    drafts: int = 0
    against: int = 0
    wrongly_against: int = 0
    supported: int = 0
    wrongly_supported: int = 0
    unjudged: list[dict[str, str]] = field(default_factory=list)


Judgements = Mapping[tuple[str, str, str], bool]


def article_scores(texts: Sequence[LabelledText], lookup: EvidenceLookup, judgements: Judgements) -> ArticleScores:
    """Scores of the drafts of `texts`; `judgements` decides on the proposals that slots cannot settle."""
    scores = ArticleScores(texts=len(texts))
    for text in texts:
        scores.checkable += sum(label.checkable for label in text.claims)
        drafted = draft(Article(text.text), lookup)
        if not drafted.claims:
            continue
        book = parse_ledger(as_yaml(drafted), "draft")
        plain = check(book, lookup).claims
        assumed = check(book, lookup, assume_first=True).claims
        scores.drafts += sum(one.judgement.verdict in _AGAINST | _FOR for one in plain)
        counted = [place for place, claim in enumerate(book.claims) if claim.kind != "opinion"]
        labels = _matched(text.claims, drafted, counted)
        for place in counted:
            label, claim = labels.get(place), book.claims[place]
            scores.drafted += 1
            sensible: list[bool] = []
            if label is None or not label.checkable:
                scores.stray += bool(claim.offered)
            else:
                scores.right += 1
                _count(scores, label, claim, drafted.claims[place].statement)
                sensible = [_sensible(scores, text.id, label, offer, judgements) for offer in claim.offered]
                scores.first += bool(sensible and sensible[0])
                scores.among += any(sensible)
            verdict = assumed[place].judgement.verdict
            wrong = not (sensible and sensible[0])
            scores.against += verdict in _AGAINST
            scores.wrongly_against += wrong and verdict in _AGAINST
            scores.supported += verdict in _FOR
            scores.wrongly_supported += wrong and verdict in _FOR
    return scores


def _matched(labels: Sequence[LabelledClaim], drafted: Draft, places: Sequence[int]) -> dict[int, LabelledClaim]:
    """Label of each drafted claim that has one: half of the shorter span is common to both, the closest first."""
    pairs = []
    for number, label in enumerate(labels):
        for place in places:
            one = drafted.claims[place].statement
            common = min(one.end, label.end) - max(one.start, label.start)
            shorter = min(one.end - one.start, label.end - label.start)
            if shorter > 0 and common >= 0.5 * shorter:
                longer = max(one.end, label.end) - min(one.start, label.start)
                pairs.append((-common, longer, number, place))
    found: dict[int, LabelledClaim] = {}
    taken: set[int] = set()
    for *_, number, place in sorted(pairs):
        if number not in taken and place not in found:
            taken.add(number)
            found[place] = labels[number]
    return found


def _count(scores: ArticleScores, label: LabelledClaim, claim: Claim, statement: ArticleStatement) -> None:
    scores.found += 1
    scores.kind += claim.kind in _KINDS.get(label.kind, {claim.kind})
    scores.with_subject += bool(label.subjects)
    scores.subject += bool(label.subjects & frozenset(comparison_roles(statement).subjects))
    scores.offered += bool(claim.offered)


def _sensible(
    scores: ArticleScores, text: str, label: LabelledClaim, offer: ProposedTest, judgements: Judgements
) -> bool:
    """Whether a proposal says what the label says: not where its slots contradict it, else by the judgement kept."""
    tests = [test for test in (offer.test, *(reading.test for reading in offer.readings)) if test]
    if any(contradicts(test, label) for test in tests):
        return False
    key = (text, label.id, "; ".join(tests))
    if key not in judgements:
        scores.unjudged.append({"text": text, "claim": label.id, "test": key[2], "proxy": offer.proxy})
    return judgements.get(key, False)


def judged_proposals(
    text: LabelledText, drafted: Draft, judgements: Judgements
) -> Iterator[tuple[DraftedClaim, tuple[bool, ...]]]:
    """Drafted claims of a text that stand on a checkable label, each with whether its proposals are sensible."""
    if not drafted.claims:
        return
    book = parse_ledger(as_yaml(drafted), "draft")
    counted = [place for place, claim in enumerate(book.claims) if claim.kind != "opinion"]
    for place, label in sorted(_matched(text.claims, drafted, counted).items()):
        offered = book.claims[place].offered
        if offered and label.checkable:
            right = tuple(_sensible(ArticleScores(), text.id, label, one, judgements) for one in offered)
            yield drafted.claims[place], right


def read_judgements(path: Path) -> Judgements:
    """Judgements kept in a file, one JSON object a line with `text`, `claim`, `test` and `sensible`; none without it.

    Raises:
        InputError: a line is no judgement.
    """
    if not path.exists():
        return {}
    found = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        try:
            record = json.loads(line)
            found[record["text"], record["claim"], record["test"]] = bool(record["sensible"])
        except (ValueError, LookupError, TypeError) as error:
            raise InputError(
                f"{path}, line {number}: no judgement ({error}); give text, claim, test, sensible"
            ) from error
    return found


def table(scores: ArticleScores) -> str:
    """The scores as a table in Markdown."""
    rows = (
        ("checkable claims found", scores.found, scores.checkable),
        ("drafted claims that are checkable", scores.right, scores.drafted),
        ("of those found: kind right", scores.kind, scores.found),
        ("of those found: subject right", scores.subject, scores.with_subject),
        ("of those found: with a proposal", scores.offered, scores.found),
        ("first proposal sensible", scores.first, scores.offered),
        ("one of three proposals sensible", scores.among, scores.offered),
        ("proposals on what is no checkable claim", scores.stray, scores.drafted - scores.right),
        ("verdicts on drafts", scores.drafts, scores.drafted),
        (
            "with `--assume-first`: against a claim, by a test that is not sensible",
            scores.wrongly_against,
            scores.against,
        ),
        (
            "with `--assume-first`: for a claim, by a test that is not sensible",
            scores.wrongly_supported,
            scores.supported,
        ),
    )
    return count_table(rows)


def read_texts(path: Path) -> tuple[LabelledText, ...]:
    """Labelled texts of a JSON file: a list of `{"id", "text", "sentences": [{"n", "sentence", "claims": […]}]}`.

    A claim has `span` (words of its sentence), `kind`, `subject` and `object` (codes), `relation`, `value`, `negated`
    and `checkable`.

    Raises:
        InputError: the file is missing, no JSON, or a sentence does not stand in its text.
        EvidenceError: it was changed since it was frozen.
    """
    try:
        return tuple(_text(one) for one in json.loads(frozen_bytes(path, path.with_name("SHA256"))))
    except (LookupError, TypeError, ValueError) as error:
        raise InputError(f"{path}: no set of labelled texts ({type(error).__name__}: {error})") from error


def _text(record: Mapping[str, Any]) -> LabelledText:
    text, claims, at = str(record["text"]), [], 0
    for sentence in record["sentences"]:
        at = text.index(sentence["sentence"], at)
        for number, one in enumerate(sentence["claims"], start=1):
            inside = max(0, sentence["sentence"].find(one["span"]))
            words = one["span"] if one["span"] in sentence["sentence"] else sentence["sentence"]
            claims.append(
                LabelledClaim(
                    id=f"{sentence['n']}.{number}",
                    words=words,
                    start=at + inside,
                    end=at + inside + len(words),
                    checkable=one["checkable"],
                    kind=one["kind"],
                    subjects=_codes(one["subject"]),
                    objects=_codes(one["object"]),
                    relation=None if one["negated"] else _RELATIONS.get(one["relation"]),
                    values=() if one["value"] is None else (float(one["value"]),),
                )
            )
    return LabelledText(str(record["id"]), text, tuple(claims))


def _codes(names: Sequence[str] | str) -> frozenset[str]:
    """Codes of those names that are countries or blocs; no others."""
    return frozenset(code for name in ([names] if isinstance(names, str) else names) if (code := _code(name)))


def main(arguments: Sequence[str]) -> int:
    """Print the scores of a set of labelled texts."""
    if len(arguments) != 1:
        print("usage: python -m headway.claims.measure_articles SET.json", file=sys.stderr)
        return 2
    path = Path(arguments[0])
    try:
        texts, judgements = read_texts(path), read_judgements(path.with_name("judgements.jsonl"))
        scores = article_scores(texts, EvidenceLookup(open_evidence()), judgements)
    except HeadwayError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    print(f"**{path.name}**, {scores.texts} texts\n\n{table(scores)}\n")
    for one in scores.unjudged:
        print(json.dumps(one, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

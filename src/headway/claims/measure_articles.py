"""Scores of drafts of whole texts that somebody else labelled: claims found, kinds, subjects, proposals and verdicts.

Run `python -m headway.claims.measure_articles SET.json`. The folder of the set may hold `SHA256`, which the set must
match, and `judgements.jsonl`: whether a proposal says what the text says, where its slots cannot tell. What still needs
a judgement is printed after the table, one JSON object a line.
"""

from __future__ import annotations

import hashlib
import json
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
from headway.claims.reader.article import Article
from headway.claims.reader.draft import Draft, as_yaml, draft
from headway.claims.reader.proposals import question
from headway.claims.reader.statements import ArticleStatement, comparison_roles
from headway.core.errors import EvidenceError, HeadwayError, InputError
from headway.evidence import open_evidence
from headway.evidence.countries import resolve

Relation = Literal["more", "less", "equal", "up", "down", "flat", "on record", "outlook"]
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
        subjects, objects: codes of the countries that it is about, and of those that they are compared with.
        quantities: names of indicators or findings that measure what it speaks of; empty where the label names none.
        relation: its direction; None where the label gives none that a test has.
        values: numbers that it states, in plain units.
        tests: tests in the language of tests that say what it says.
        truth: "holds", "fails", or "open" where the labeller could not be sure.
    """

    id: str
    words: str
    start: int
    end: int
    checkable: bool
    kind: str
    subjects: frozenset[str] = frozenset()
    objects: frozenset[str] = frozenset()
    quantities: frozenset[str] = frozenset()
    relation: Relation | None = None
    values: tuple[float, ...] = ()
    tests: tuple[str, ...] = ()
    truth: str = "open"


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text with its labelled claims."""

    id: str
    text: str
    claims: tuple[LabelledClaim, ...]


@dataclass(frozen=True, slots=True)
class SlotsOfTest:
    """Slots of a test: the countries on either side, what it measures, its direction, and its numbers."""

    subjects: frozenset[str]
    objects: frozenset[str]
    quantities: frozenset[str]
    relation: Relation | None
    values: tuple[float, ...]


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
    quantities = frozenset(name for term in found for name in _measured(term))
    if isinstance(leaf, IsTrue):
        relation: Relation | None = "outlook" if leaf.term.is_finding else "on record"
        return SlotsOfTest(subjects, objects, quantities, relation if upright else None, ())
    relation = _relation(leaf, found[0].name if found else "")
    if not upright:
        relation = _TURNED.get(relation or "")
    numbers = (leaf.right.value,) if isinstance(leaf.right, Number) else ()
    return SlotsOfTest(subjects, objects, quantities, relation, numbers)


def _countries(term: Term) -> tuple[str, ...]:
    """Codes of a term's countries; the second argument of a finding may be one."""
    if not term.is_finding:
        return countries_in(term)
    return tuple(code for name in term.arguments[:2] if (code := _code(name)))


def _measured(term: Term) -> tuple[str, ...]:
    """Names under which a label may call what a term measures: its series, its finding, or its kind of record."""
    return (term.name,) if term.is_finding else (term.arguments[0], term.name)


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


def agrees(test: str, label: LabelledClaim) -> bool | None:
    """Whether a test says what the label says, as far as slots can tell; None where a person must judge.

    It does where it is one of the label's tests but for years, or where all slots of the label are filled and equal. It
    does not where it is about another country or compares with another one, turns the direction round, or holds a
    figure against another number than those stated.
    """
    if any(question(str(parse_test(test))) == question(str(parse_test(one))) for one in label.tests):
        return True
    parts = slots_of_test(test)
    verdicts = [_part_agrees(part, label) for part in parts]
    named = frozenset(code for part in parts for code in part.subjects | part.objects)
    if False in verdicts or (label.subjects and not label.subjects <= named):
        return False
    return True if all(verdicts) and label.objects <= named else None


def _part_agrees(part: SlotsOfTest, label: LabelledClaim) -> bool | None:
    if not label.subjects:
        return None
    relation = label.relation
    subjects, objects = part.subjects, part.objects
    if part.subjects <= label.objects and part.objects and part.objects <= label.subjects:
        subjects, objects = objects, subjects  # the test stands the other way round
        relation = _TURNED.get(relation or "", relation)
    elif not subjects <= label.subjects or not objects <= label.objects:
        return False
    if relation and part.relation and relation != part.relation:
        return False if _TURNED.get(relation) == part.relation else None
    if label.values and part.values and not any(_same(one, other) for one in part.values for other in label.values):
        return None if part.values in ((0.0,), (1.0,)) else False
    known = relation is not None and part.relation is not None and bool(part.quantities & label.quantities)
    return True if known and (not label.values or part.values) else None


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= _NEAR * max(abs(one), abs(other))


def _code(name: str) -> str:
    try:
        return resolve(name).code
    except InputError:
        return ""


@dataclass(frozen=True, slots=True)
class MatchedClaim:
    """A labelled claim, and the drafted one that stands where it stands."""

    text: str
    label: LabelledClaim
    statement: ArticleStatement
    claim: Claim


@dataclass(slots=True)
class ArticleScores:
    """Counts over labelled texts; the proposals left to a person stand in `unjudged`.

    Attributes:
        checkable, found: labelled claims that evidence could decide, and those of them that were drafted as such.
        drafted, right: drafted claims that are no opinion, and those of them that stand on a checkable label.
        kind, subject, with_subject: of those found, the ones with the right kind, with the right subject, and with a
            labelled subject.
        offered, first, among: of those found, the ones with a proposal, with a sensible first one, and one of three.
        stray: proposals on drafted claims that stand on no checkable label.
        drafts: verdicts on drafts as they are; there must be none.
        against, wrongly_against: verdicts against a drafted claim with `--assume-first`, and those without a label that
            bears them.
        supported, wrongly_supported: the same for verdicts in favour, on claims labelled false.
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
        drafted = draft(Article(text.text), lookup)
        book = parse_ledger(as_yaml(drafted), "draft") if drafted.claims else None
        plain = check(book, lookup).claims if book else ()
        assumed = check(book, lookup, assume_first=True).claims if book else ()
        verdicts = [one.judgement.verdict for one in assumed]
        scores.drafts += sum(one.judgement.verdict in _AGAINST | _FOR for one in plain)
        claims = book.claims if book else ()
        counted = [place for place, claim in enumerate(claims) if claim.kind != "opinion"]
        places = _matched(text.claims, drafted, counted)
        on_label = {place: label for label, place in places.items()}
        scores.drafted += len(counted)
        scores.right += sum(place in on_label and text_claim(text, on_label[place]).checkable for place in counted)
        scores.stray += sum(
            bool(claims[place].offered)
            for place in counted
            if place not in on_label or not text_claim(text, on_label[place]).checkable
        )
        for place, verdict in enumerate(verdicts):
            truth = text_claim(text, on_label[place]).truth if place in on_label else "open"
            scores.against += verdict in _AGAINST
            scores.wrongly_against += verdict in _AGAINST and truth != "fails"
            scores.supported += verdict in _FOR
            scores.wrongly_supported += verdict in _FOR and truth == "fails"
        for label in text.claims:
            at = places.get(label.id)
            if at is None:
                scores.checkable += label.checkable
            else:
                matched = MatchedClaim(text.id, label, drafted.claims[at].statement, claims[at])
                _count(scores, matched, judgements)
    return scores


def text_claim(text: LabelledText, id: str) -> LabelledClaim:
    """The labelled claim of that id."""
    return next(claim for claim in text.claims if claim.id == id)


def _matched(labels: Sequence[LabelledClaim], drafted: Draft, places: Sequence[int]) -> dict[str, int]:
    """Place of the drafted claim for each label that has one: at least half of the shorter span is common to both."""
    pairs = []
    for label in labels:
        for place in places:
            one = drafted.claims[place].statement
            common = min(one.end, label.end) - max(one.start, label.start)
            shorter = min(one.end - one.start, label.end - label.start)
            if shorter > 0 and common >= 0.5 * shorter:
                pairs.append((-common, label.id, place))
    found: dict[str, int] = {}
    for _, id, place in sorted(pairs):
        if id not in found and place not in found.values():
            found[id] = place
    return found


def _count(scores: ArticleScores, one: MatchedClaim, judgements: Judgements) -> None:
    label = one.label
    if not label.checkable:
        return
    scores.checkable += 1
    scores.found += 1
    scores.kind += one.claim.kind == label.kind
    if label.subjects:
        scores.with_subject += 1
        scores.subject += bool(label.subjects & frozenset(comparison_roles(one.statement).subjects))
    if not one.claim.offered:
        return
    scores.offered += 1
    sensible = [_sensible(scores, one, offer, judgements) for offer in one.claim.offered]
    scores.first += sensible[0]
    scores.among += any(sensible)


def _sensible(scores: ArticleScores, one: MatchedClaim, offer: ProposedTest, judgements: Judgements) -> bool:
    """Whether a proposal says what the label says: by its slots, else by the judgement kept of it."""
    tests = [test for test in (offer.test, *(reading.test for reading in offer.readings)) if test]
    key = (one.text, one.label.id, "; ".join(tests))
    if key in judgements:
        return judgements[key]
    outcomes = [agrees(test, one.label) for test in tests]
    if None not in outcomes:
        return all(outcomes)
    if False in outcomes:
        return False
    scores.unjudged.append(
        {"text": key[0], "claim": key[1], "test": key[2], "words": one.label.words, "proxy": offer.proxy}
    )
    return False


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


def frozen_bytes(path: Path) -> bytes:
    """Bytes of a file, which match the hash beside it where there is one.

    Raises:
        InputError: it cannot be read.
        EvidenceError: it was changed since it was frozen.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error})") from error
    frozen = path.with_name("SHA256")
    if frozen.exists() and hashlib.sha256(data).hexdigest() != frozen.read_text("utf-8").split()[0]:
        raise EvidenceError(f"{path}: changed since it was frozen (SHA256); its score would mean nothing")
    return data


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
        ("with `--assume-first`: against a claim, wrongly", scores.wrongly_against, scores.against),
        ("with `--assume-first`: for a claim labelled false", scores.wrongly_supported, scores.supported),
    )
    lines = ["| what | number | of |", "|---|---:|---:|"]
    return "\n".join([*lines, *(f"| {name} | {number} | {of} |" for name, number, of in rows)])


def read_texts(path: Path) -> tuple[LabelledText, ...]:
    """Labelled texts of a JSON file: `{"texts": [{"id", "text", "claims": [{"id", "words", …}]}]}`.

    Each claim has the fields of `LabelledClaim`; `words` are found in the text where `start` and `end` are missing.

    Raises:
        InputError: the file is missing, no JSON, or a claim's words do not stand in its text.
        EvidenceError: it was changed since it was frozen.
    """
    try:
        record = json.loads(frozen_bytes(path))
        return tuple(_text(one) for one in record["texts"])
    except (LookupError, TypeError, ValueError) as error:
        raise InputError(f"{path}: no set of labelled texts ({type(error).__name__}: {error})") from error


def _text(record: Mapping[str, Any]) -> LabelledText:
    text, claims, at = str(record["text"]), [], 0
    for one in record["claims"]:
        words = str(one["words"])
        start = int(one["start"]) if "start" in one else text.index(words, at)
        at = start
        claims.append(
            LabelledClaim(
                id=str(one["id"]),
                words=words,
                start=start,
                end=int(one.get("end", start + len(words))),
                checkable=bool(one["checkable"]),
                kind=str(one["kind"]),
                subjects=frozenset(one.get("subjects", ())),
                objects=frozenset(one.get("objects", ())),
                quantities=frozenset(one.get("quantities", ())),
                relation=one.get("relation"),
                values=tuple(float(value) for value in one.get("values", ())),
                tests=tuple(one.get("tests", ())),
                truth=str(one.get("truth", "open")),
            )
        )
    return LabelledText(str(record["id"]), text, tuple(claims))


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

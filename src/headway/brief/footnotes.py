"""Footnotes: which publisher stands behind each finding. One note to a source and vintage, with the facts it gave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headway.core import wording
from headway.evidence.observations import GRADES, on_one_page

if TYPE_CHECKING:
    from headway.evidence.store import Evidence, Fact
    from headway.findings import Finding


@dataclass(frozen=True, slots=True)
class FootnoteReference:
    """Source of a fact, as a reader would cite it.

    Attributes:
        dated: date of the page as it gives it, or empty.
        grade: how near the page that was read is to the publisher, one of `GRADES`; empty for its own table.
        read_in: pages where a typed row was read, joined by a blank; empty where it was read at `url`.
    """

    publisher: str
    title: str
    url: str
    licence: str
    citation: str
    retrieved_on: dt.date | None
    dated: str = ""
    grade: str = ""
    read_in: str = ""


@dataclass(frozen=True, slots=True)
class Footnote:
    """One reference and the facts that this brief takes from it: pairs of id and text."""

    number: int
    reference: FootnoteReference
    facts: tuple[tuple[str, str], ...]


def footnotes(
    findings: Iterable[Finding], evidence: Evidence
) -> tuple[tuple[Footnote, ...], Mapping[str, tuple[int, ...]]]:
    """All footnotes in order of first use, and their numbers by finding id.

    A derived fact is listed under the publishers of the facts it was derived from.
    """
    findings = tuple(findings)
    known = chain(evidence, (identifier for finding in findings for identifier in finding.observations))
    texts = {identifier: describe(fact, evidence) for identifier, fact in known.items()}
    numbers: dict[FootnoteReference, int] = {}
    facts: dict[FootnoteReference, dict[str, str]] = {}
    marks: dict[str, tuple[int, ...]] = {}
    roots: dict[str, tuple[FootnoteReference, ...]] = {}
    for finding in findings:
        used: set[int] = set()
        for identifier in finding.observations:
            for root in _references(identifier, known, roots):
                facts.setdefault(root, {})[identifier] = texts[identifier]
                used.add(numbers.setdefault(root, len(numbers) + 1))
        if used:
            marks[finding.id] = tuple(sorted(used))
    notes = tuple(Footnote(n, reference, tuple(facts[reference].items())) for reference, n in numbers.items())
    return notes, marks


def chain(evidence: Evidence, identifiers: Iterable[str]) -> dict[str, Fact]:
    """The facts of these ids, and all that they were derived from, read one step of derivation at a time.

    Raises:
        InputError: a fact that the evidence does not have.
    """
    known: dict[str, Fact] = {}
    wanted = list(dict.fromkeys(identifiers))
    while wanted:
        found = evidence.facts(wanted)
        for identifier in wanted:
            if identifier not in found:
                evidence.fact(identifier)  # says what is wrong with it
        known |= found
        below = dict.fromkeys(i for fact in found.values() for i in fact.inputs)
        wanted = [identifier for identifier in below if identifier not in known]
    return known


def reference(fact: Fact) -> FootnoteReference:
    """The publisher's reference of one fact; a statement that we typed carries the page it was read on."""
    row, source = fact.row, fact.source
    own_vintage = _day(row.get("retrieved_on"))
    return FootnoteReference(
        publisher=source.publisher,
        title=source.title,
        url=source.url,
        licence=source.licence,
        citation=source.citation,
        retrieved_on=own_vintage or source.retrieved_on,
        dated=_text(row, "source_date"),
        grade=_text(row, "grade"),
        read_in=_text(row, "read_in"),
    )


def reading(note: FootnoteReference) -> str:
    """Sentence on the grade of a typed row and where it was read; empty for a figure from a publisher's table.

    A row that rests on one page of somebody else says so.
    """
    if not note.grade:
        return ""
    pages = f"; read in {wording.listing(note.read_in.split())}" if note.read_in else ""
    if on_one_page(note.grade, note.read_in.split()):
        pages = f"; one {note.grade} page only{f', {note.read_in}' if note.read_in else ''}"
    return f"Grade: {note.grade}, {GRADES.get(note.grade, 'as the snapshot has it')}{pages}."


def describe(fact: Fact, evidence: Evidence) -> str:
    """One fact in a line: what, whom, when, how much, since when it can be known."""
    row = fact.row
    since = f"published {_day(row.get('published_on'))}"
    if fact.table == "observations":
        indicator = evidence.indicators().get(str(row["indicator"]))
        name = indicator.name if indicator else str(row["indicator"])
        amount = wording.amount(float(row["value"]), str(row["unit"]))
        return f"{name}, {row['country']}, {wording.period(str(row['period']))}: {amount} ({since})"
    if fact.table == "models":
        makers = _text(row, "organization") or _text(row, "countries").replace(";", ", ")
        return (
            f"{row['model']} ({makers}), released {_day(row.get('released')) or _day(row.get('published'))} ({since})"
        )
    if fact.table == "flows":
        return f"{row['kind']}, {row['origin']} to {row['destination']}, {row['period']}: {row['value']:,.0f} ({since})"
    return f"{_text(row, 'text') or _text(row, 'metric')} ({since})"


def _references(
    identifier: str, known: Mapping[str, Fact], roots: dict[str, tuple[FootnoteReference, ...]]
) -> tuple[FootnoteReference, ...]:
    """The publishers' references below a fact."""
    if identifier not in roots:
        roots[identifier] = ()  # a cycle ends here
        fact = known[identifier]
        below = [root for i in fact.inputs for root in _references(i, known, roots)]
        roots[identifier] = tuple(dict.fromkeys(below)) or (reference(fact),)
    return roots[identifier]


def _text(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    return "" if value is None or value != value else str(value)


def _day(value: Any) -> dt.date | None:
    """A date from a date or a timestamp; None from nothing or not-a-time."""
    if value is None or value != value:
        return None
    return value.date() if isinstance(value, dt.datetime) else value

"""Footnotes: which publisher stands behind each finding. One note to a source and vintage, with the facts it gave."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headway.findings import words

if TYPE_CHECKING:
    from headway.evidence.store import Evidence, Fact
    from headway.findings import Finding


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a fact comes from, as a reader would cite it."""

    publisher: str
    title: str
    url: str
    licence: str
    citation: str
    retrieved_on: dt.date | None
    dated: str = ""


@dataclass(frozen=True, slots=True)
class Footnote:
    """One reference and the facts that this brief takes from it: pairs of id and text."""

    number: int
    reference: Reference
    facts: tuple[tuple[str, str], ...]


def footnotes(
    findings: Iterable[Finding], evidence: Evidence
) -> tuple[tuple[Footnote, ...], Mapping[str, tuple[int, ...]]]:
    """All footnotes in order of first use, and their numbers by finding id.

    A derived fact is listed under the publishers of the facts it was derived from.
    """
    numbers: dict[Reference, int] = {}
    facts: dict[Reference, dict[str, str]] = {}
    marks: dict[str, tuple[int, ...]] = {}
    roots: dict[str, tuple[Reference, ...]] = {}
    for finding in findings:
        used: dict[int, None] = {}
        for identifier in finding.observations:
            fact = evidence.fact(identifier)
            for reference in _references(fact, evidence, roots):
                number = numbers.setdefault(reference, len(numbers) + 1)
                facts.setdefault(reference, {})[identifier] = describe(fact, evidence)
                used[number] = None
        if used:
            marks[finding.id] = tuple(sorted(used))
    notes = tuple(Footnote(n, reference, tuple(facts[reference].items())) for reference, n in numbers.items())
    return notes, marks


def reference(fact: Fact) -> Reference:
    """The publisher's reference of one fact; a statement that we typed carries the page it was read on."""
    row, source = fact.row, fact.source
    own_vintage = _day(row.get("retrieved_on"))
    return Reference(
        publisher=source.publisher,
        title=source.title,
        url=source.url,
        licence=source.licence,
        citation=source.citation,
        retrieved_on=own_vintage or source.retrieved_on,
        dated=_text(row, "source_date"),
    )


def describe(fact: Fact, evidence: Evidence) -> str:
    """One fact in a line: what, whom, when, how much, since when it can be known."""
    row = fact.row
    since = f"published {_day(row.get('published_on'))}"
    if fact.table == "observations":
        indicator = evidence.indicators().get(str(row["indicator"]))
        name = indicator.name if indicator else str(row["indicator"])
        amount = words.amount(float(row["value"]), str(row["unit"]))
        return f"{name}, {row['country']}, {words.period(str(row['period']))}: {amount} ({since})"
    if fact.table == "models":
        makers = _text(row, "organization") or _text(row, "countries").replace(";", ", ")
        return (
            f"{row['model']} ({makers}), released {_day(row.get('released')) or _day(row.get('published'))} ({since})"
        )
    if fact.table == "flows":
        return f"{row['kind']}, {row['origin']} to {row['destination']}, {row['period']}: {row['value']:,.0f} ({since})"
    return f"{_text(row, 'text') or _text(row, 'metric')} ({since})"


def _references(fact: Fact, evidence: Evidence, known: dict[str, tuple[Reference, ...]]) -> tuple[Reference, ...]:
    if fact.id not in known:
        known[fact.id] = ()  # a cycle ends here
        below = [r for i in fact.inputs for r in _references(evidence.fact(i), evidence, known)]
        known[fact.id] = tuple(dict.fromkeys(below)) or (reference(fact),)
    return known[fact.id]


def _text(row: Mapping[str, Any], column: str) -> str:
    value = row.get(column)
    return "" if value is None or value != value else str(value)


def _day(value: Any) -> dt.date | None:
    """A date from a date or a timestamp; None from nothing or not-a-time."""
    if value is None or value != value:
        return None
    return value.date() if isinstance(value, dt.datetime) else value

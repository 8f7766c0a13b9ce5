"""Sets of readings for causes, trends and gaps, as the shipped ledgers write them, for the countries of a claim."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headway.claims.ledger import ClaimReading
from headway.claims.reader.statements import ArticleStatement
from headway.claims.reader.words import lexicon

if TYPE_CHECKING:
    from headway.claims.evaluate.lookup import EvidenceLookup


@dataclass(frozen=True, slots=True)
class ReadingSet:
    """Readings of a claim, and a note on what they settle that the claim leaves open."""

    readings: tuple[ClaimReading, ...]
    note: str


def reading_sets(
    statement: ArticleStatement, topic: str, places: Mapping[str, str], widening: str, lookup: EvidenceLookup
) -> Iterator[ReadingSet]:
    """Sets of readings for a claim about `topic`, in the order of the file.

    Args:
        places: codes of the subject (A) and of the country it is compared with (B, or empty).
        widening: operator on the change of the gap that the claim speaks of; empty where it speaks of none.
    """
    for entry in lexicon("readings")["set"]:
        if entry["topic"] == topic and _fits(statement, entry, widening):
            other = places["B"] or _leader(places["A"], lookup)
            years = tuple(sorted({period[:4] for period in statement.periods}))
            undated = "years" in entry and len(years) < 2
            note = "the years are ours: the sentence names none" if undated else str(entry.get("note", ""))
            if other:
                yield ReadingSet(filled_readings(entry, {"A": places["A"], "B": other}, years, widening or ">"), note)


def filled_readings(
    entry: Mapping[str, Any], countries: Mapping[str, str], years: tuple[str, ...] = (), sign: str = ">"
) -> tuple[ClaimReading, ...]:
    """Readings of an entry of the file for these countries; without two `years`, over those of the entry."""
    begin, end = (years[0], years[-1]) if len(years) > 1 else entry.get("years", ("", ""))
    fill = {**countries, "FROM": begin, "TO": end, "SIGN": sign}
    return tuple(
        ClaimReading(reading=one["reading"], test=str(one["test"]).format(**fill)) for one in entry["readings"]
    )


def _fits(statement: ArticleStatement, entry: Mapping[str, Any], widening: str) -> bool:
    direction = {">": "widening", "<": "narrowing"}.get(widening, statement.direction or "")
    if statement.kind not in entry["kinds"] or direction not in entry["direction"]:
        return False
    if "when" in entry and re.search(entry["when"], statement.text) is None:
        return False
    return "unless" not in entry or re.search(entry["unless"], statement.text) is None


def _leader(country: str, lookup: EvidenceLookup) -> str:
    """Code of the leader in capability, or of the second where the country itself leads; empty where none is known."""
    from headway.findings import Context
    from headway.findings.rivals import leaders

    return next(iter(leaders(Context(lookup.evidence, country, ()), 1)), "")

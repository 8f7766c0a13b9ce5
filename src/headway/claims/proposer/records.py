"""Tests of the sum or number of a plan against the curated record whose words fit best."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from headway.claims.proposer.candidates import CandidateTest
from headway.claims.proposer.limits import amount_test
from headway.claims.reader.amounts import Amount
from headway.claims.reader.quantities import is_plain
from headway.claims.reader.roles import comparison_roles
from headway.claims.reader.statements import ArticleStatement

if TYPE_CHECKING:
    from headway.claims.evaluate.lookup import EvidenceLookup

_PLANNED = re.compile(
    r"\b(?:plan(?:s|ned)?|programmes?|programs?|mission|funds?|strateg(?:y|ies)|budget(?:s|ed)?|campus|pledg\w+|promis\w+|announc\w+|"
    r"targets?|targeting|goals?|instructions?|objectives?|is to become|ask(?:s|ed)? for|"
    r"earmark\w*|commit\w*|allocat\w+|set aside|outlay|package|initiative|"
    r"will (?:spend|invest|train|"
    r"put|build|buy|raise)|to (?:spend|invest|train|build|buy|raise)|aims?|wants?|approv\w+|appropriat\w+|permission|"
    r"licen[cs]e\w*|may be (?:shipped|sold|exported)|unveiled|vow\w*|envisag\w+|war chest|scheme|project)\b",
    re.IGNORECASE,
)
_UNITS: Mapping[str, Mapping[str, float]] = {
    "MW": {"GW": 0.001},
    "GPUs": {"GPUs": 1, "GPUs/yr": 1, "chips": 1, "chips/yr": 1},
    "people": {"persons": 1, "persons/yr": 1, "posts": 1},
    "percent": {"%": 1},
    "exaflops": {"EFLOPS": 1, "AI EFLOPS": 1},
    "rank": {"rank": 1},
    "EUR": {"million EUR": 1e-6},
    "count": {"vehicles": 1, "licences": 1, "companies": 1, "sites": 1, "posts": 1, "rides/week": 1, "centres": 1},
}
_DOLLARS = frozenset({"AUD", "CAD", "SGD", "TWD"})
_LEAST_SHARED = 0.3
"""Share of the weight of a clause's words that a record must have."""

_LEAST_WEIGHT = 2.0
"""Weight that these must have together: that of one word of a seventh of all records is less."""

_FARTHEST, _FARTHEST_PLACE = 1.6, 3.0
"""Factors beyond which a record is taken to be of something else than the amount, and than the place aimed at."""

_SAME = 1.03
"""Factor up to which a record gives the same figure: then a word in common is enough."""

_LEAST_OF_SAME = 100.0
"""Figure below which the same number may stand for anything."""

_NEAR = 0.85
_MOST = 2


@dataclass(frozen=True, slots=True)
class _FoundRecord:
    row: Mapping[str, Any]
    unit: str
    factor: float
    score: float
    same: bool


def record_tests(statement: ArticleStatement, lookup: EvidenceLookup) -> Iterator[CandidateTest]:
    """Tests of the amount that a clause tells of a plan, against the records that share most of its words."""
    told = f"{statement.text} {statement.sentence}"
    if len(statement.countries) == 0 or statement.kind in ("opinion", "none"):
        return
    planned = _PLANNED.search(told) is not None
    counted = (_as_chips(statement, one) for one in statement.amounts)
    amounts = [one for one in counted if one.unit not in ("years", "months", "times")]
    if len(amounts) != 1 or statement.negated:
        return
    amount = amounts[0]
    fitting = [one for one in _fitting(statement, amount, lookup) if planned or one.same or one.row["kind"] == "niche"]
    found = _once(sorted(fitting, key=lambda one: (-one.same, -one.score)))
    spans = [one for one in statement.amounts if one.unit in ("years", "months")]
    best = [one for one in found if one.same == found[0].same and one.score >= _NEAR * found[0].score]
    for record in best[:_MOST]:
        told_amount = Amount(amount.value * record.factor, amount.unit, amount.start, amount.end)
        identifier = str(record.row["id"]).rsplit(":", 1)[-1]
        test = amount_test(statement, told_amount, {"units": {amount.unit: record.unit}}, f'amount("{identifier}")')
        note = f"the record: {str(record.row['text']).rstrip('.')}"
        if record.unit != amount.unit and record.unit in _DOLLARS:
            note += f"; the dollars are taken for {record.unit}"
        years = re.findall(r"(?<!\d)20\d\d(?!\d)", f"{record.row['text']} {record.row['date']}")
        own = " ".join(str(record.row[name] or "") for name in ("text", "metric", "topic", "title"))
        yield CandidateTest(
            test,
            note,
            min(0.9, (0.7 if record.same else 0.5) + record.score / 2),
            uses=(amount, *spans, *years, str(record.row["country"])),
            words=tuple(word for word in re.findall(r"\w+", statement.text) if _words(word) & _words(own)),
            record=str(record.row["text"]).rstrip("."),
        )


_CHIPS = re.compile(r"\b(?:chips?|GPUs?|accelerators?|processors?)\b", re.IGNORECASE)


def _as_chips(statement: ArticleStatement, amount: Amount) -> Amount:
    """The amount as one of chips where words behind a bare number say so: "500,000 of the most advanced chips"."""
    chips = amount.unit == "count" and _CHIPS.search(statement.text[amount.end : amount.end + 60])
    return replace(amount, unit="GPUs") if chips else amount


def _once(found: Sequence[_FoundRecord]) -> list[_FoundRecord]:
    """The records, each figure once: a goal and a budget may tell the same sum."""
    kept: dict[tuple[str, float], _FoundRecord] = {}
    for record in found:
        kept.setdefault((record.unit, float(record.row["value"])), record)
    return list(kept.values())


def _fitting(statement: ArticleStatement, amount: Amount, lookup: EvidenceLookup) -> Iterator[_FoundRecord]:
    """Records of the countries named whose unit fits, with the share of the clause's words that they have."""
    clause_text, weights = statement.text, _weights_of(lookup)
    rows = lookup.evidence.statements()
    rows = rows[rows["kind"] != "outcome"]
    clause = _words(f"{statement.text[: amount.start]} {statement.text[amount.end :]}")
    wanted = clause or _words(statement.sentence)
    total = sum(weights.get(word, weights[""]) for word in wanted) or 1.0
    for row in rows[rows["country"] == comparison_roles(statement).subjects[0]].to_dict("records"):
        unit, factor = _unit(statement, amount, str(row["unit"] or ""))
        if not unit or row["value"] is None or row["value"] != row["value"]:
            continue
        own = _words(f"{row['text']} {row['metric']} {row['topic']} {row['title'] or ''} {row['document'] or ''}")
        shared = sum(weights.get(word, weights[""]) for word in wanted & own)
        score = shared / total
        distance = _distance(float(row["value"]), amount.value * factor)
        near = distance <= (_FARTHEST_PLACE if unit == "rank" else _FARTHEST)
        same = distance <= _SAME and amount.value >= _LEAST_OF_SAME and (shared > 0 or _is_rare(amount))
        enough = near and score >= _LEAST_SHARED and shared >= _LEAST_WEIGHT
        if (same or enough) and not _other_purse(clause_text, str(row["text"]) + str(row["metric"])):
            yield _FoundRecord({str(key): value for key, value in row.items()}, unit, factor, score, same)


def _is_rare(amount: Amount) -> bool:
    """Whether a figure is so exact that another of the same country would hardly have it."""
    return (
        amount.unit not in ("percent", "people")
        and len(f"{amount.value:g}".split("e")[0].strip("0.").replace(".", "")) > 1
    )


def _distance(one: float, other: float) -> float:
    """Factor between two figures, at least 1; infinite where one of them is not above zero."""
    return max(one / other, other / one) if one > 0 and other > 0 else math.inf


_PUBLIC = re.compile(r"\b(?:public|state|government|federal|taxpayers?)\b", re.IGNORECASE)
_PRIVATE = re.compile(r"\bprivate\b", re.IGNORECASE)


def _other_purse(clause: str, record: str) -> bool:
    """Whether the one tells of public money alone, and the other of private money alone."""
    told = [(bool(_PUBLIC.search(text)), bool(_PRIVATE.search(text))) for text in (clause, record)]
    return sorted(told) == [(False, True), (True, False)]


def _unit(statement: ArticleStatement, amount: Amount, unit: str) -> tuple[str, float]:
    """Unit of a record in which the amount can be written, and the factor to it; empty where it does not fit."""
    if amount.unit in (unit, unit.removesuffix("/yr")):
        return unit, 1.0
    if unit in _UNITS.get(amount.unit, {}):
        return unit, _UNITS[amount.unit][unit]
    words = statement.text[max(0, amount.start - 3) : amount.end]
    bare = amount.unit == "USD" and not re.search(r"US|American", words) and re.search(r"dollar|\$", words)
    return (unit, 1.0) if bare and unit in _DOLLARS else ("", 1.0)


_OF_EVERY_RECORD = frozenset({"year", "years", "billion", "million", "trillion", "new", "announced", "plan", "planned"})


def _words(text: object) -> frozenset[str]:
    """Stems of the words that say something."""
    found = re.findall(r"[^\W\d_]{2,}", str(text).lower())
    return frozenset(
        re.sub(r"(?:es|s|ing|ed|e)$", "", word)[:7]
        for word in found
        if not is_plain(word) and word not in _OF_EVERY_RECORD
    )


@lru_cache(maxsize=2)
def _weights_of(lookup: EvidenceLookup) -> Mapping[str, float]:
    """Weights of the stems of all records, computed once for the evidence of a lookup."""
    return _weights([_words(row) for row in lookup.evidence.statements()["text"]])


def _weights(documents: Sequence[frozenset[str]]) -> Mapping[str, float]:
    """Inverse document frequency of each stem; that of "" is for a stem that no record has."""
    counts = Counter(word for words in documents for word in words)
    size = len(documents) + 1
    return {word: math.log(size / count) for word, count in counts.items()} | {"": math.log(size) / 2.0}

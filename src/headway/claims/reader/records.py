"""Tests of the sum or number of a plan against the curated record whose words fit best."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from headway.claims.reader.amounts import Amount
from headway.claims.reader.candidates import CandidateTest
from headway.claims.reader.limits import amount_test
from headway.claims.reader.quantities import is_plain
from headway.claims.reader.roles import comparison_roles
from headway.claims.reader.statements import ArticleStatement

if TYPE_CHECKING:
    from headway.claims.evaluate.lookup import EvidenceLookup

_PLANNED = re.compile(
    r"\b(?:plan(?:s|ned)?|programmes?|programs?|mission|funds?|strateg(?:y|ies)|budget(?:s|ed)?|campus|pledg\w+|promis\w+|announc\w+|"
    r"targets?|targeting|goals?|earmark\w*|commit\w*|allocat\w+|set aside|outlay|package|initiative|"
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
}
_DOLLARS = frozenset({"AUD", "CAD", "SGD", "TWD"})
_LEAST_SHARED = 0.3
"""Share of the weight of a clause's words that a record must have."""

_LEAST_WEIGHT = 2.0
"""Weight that these must have together: that of one word of a seventh of all records is less."""

_FARTHEST = 1.6
"""Factor beyond which a record is taken to be of something else than the amount."""

_NEAR = 0.85
_MOST = 2


@dataclass(frozen=True, slots=True)
class _FoundRecord:
    row: Mapping[str, Any]
    unit: str
    factor: float
    score: float


def record_tests(statement: ArticleStatement, lookup: EvidenceLookup) -> Iterator[CandidateTest]:
    """Tests of the amount that a clause tells of a plan, against the records that share most of its words."""
    told = f"{statement.text} {statement.sentence}"
    if len(statement.countries) == 0 or _PLANNED.search(told) is None or statement.kind in ("opinion", "none"):
        return
    amounts = [one for one in statement.amounts if one.unit not in ("years", "months", "rank", "times", "count")]
    if len(amounts) != 1 or statement.negated:
        return
    amount = amounts[0]
    found = sorted(_fitting(statement, amount, lookup), key=lambda one: -one.score)
    for record in [one for one in found if one.score >= _NEAR * found[0].score][:_MOST]:
        told_amount = Amount(amount.value * record.factor, amount.unit, amount.start, amount.end)
        identifier = str(record.row["id"]).rsplit(":", 1)[-1]
        test = amount_test(statement, told_amount, {"units": {amount.unit: record.unit}}, f'amount("{identifier}")')
        note = f"the record: {str(record.row['text']).rstrip('.')}"
        if record.unit != amount.unit and record.unit in _DOLLARS:
            note += f"; the dollars are taken for {record.unit}"
        years = re.findall(r"\b20\d\d\b", f"{record.row['text']} {record.row['date']}")
        yield CandidateTest(
            test, note, min(0.9, 0.5 + record.score / 2), uses=(amount, *years, str(record.row["country"]))
        )


def _fitting(statement: ArticleStatement, amount: Amount, lookup: EvidenceLookup) -> Iterator[_FoundRecord]:
    """Records of the countries named whose unit fits, with the share of the clause's words that they have."""
    rows, clause_text = lookup.evidence.statements(), statement.text
    weights = _weights([_words(row) for row in rows["text"]])
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
        near = 1.0 / _FARTHEST <= float(row["value"]) / (amount.value * factor or 1.0) <= _FARTHEST
        if (
            score >= _LEAST_SHARED
            and shared >= _LEAST_WEIGHT
            and near
            and not _other_purse(clause_text, str(row["text"]) + str(row["metric"]))
        ):
            yield _FoundRecord({str(key): value for key, value in row.items()}, unit, factor, score)


_PUBLIC = re.compile(r"\b(?:public|state|government|federal|taxpayers?)\b", re.IGNORECASE)
_PRIVATE = re.compile(r"\bprivate\b", re.IGNORECASE)


def _other_purse(clause: str, record: str) -> bool:
    """Whether the one tells of public money alone, and the other of private money alone."""
    told = [(bool(_PUBLIC.search(text)), bool(_PRIVATE.search(text))) for text in (clause, record)]
    return sorted(told) == [(False, True), (True, False)]


def _unit(statement: ArticleStatement, amount: Amount, unit: str) -> tuple[str, float]:
    """Unit of a record in which the amount can be written, and the factor to it; empty where it does not fit."""
    if unit == amount.unit:
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


def _weights(documents: Sequence[frozenset[str]]) -> Mapping[str, float]:
    """Inverse document frequency of each stem; that of "" is for a stem that no record has."""
    counts = Counter(word for words in documents for word in words)
    size = len(documents) + 1
    return {word: math.log(size / count) for word, count in counts.items()} | {"": math.log(size) / 2.0}

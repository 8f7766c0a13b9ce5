"""Grades of answers: value within its interval, date right, source right, and no answer to what is not known."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.questions.expected import BenchmarkQuestion, ExpectedAnswer
from headway.core import periods
from headway.core.errors import InputError
from headway.evidence.countries import resolve


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """Answer as it was given.

    Attributes:
        known: whether an answer was given at all; False says that it is not known.
        value: number, or name.
        date: period or day. source: publisher, title or address, whatever was named.
    """

    known: bool = True
    value: float | str | None = None
    date: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class AnswerGrade:
    """Grade of one answer; None where a part was not asked for.

    Attributes:
        refusal: whether it said “not known” exactly where nothing is known.
    """

    value: bool | None
    date: bool | None
    source: bool | None
    refusal: bool

    @property
    def right(self) -> bool:
        """Whether every part that was asked for is right."""
        return self.refusal and all(part is not False for part in (self.value, self.date, self.source))


def grade(given: GivenAnswer | None, wanted: ExpectedAnswer) -> AnswerGrade:
    """Grade of an answer; one that could not be read is wrong in every part."""
    asked = {
        "value": wanted.known and (wanted.low is not None or bool(wanted.names)),
        "date": wanted.known and bool(wanted.date),
        "source": wanted.known and bool(wanted.sources),
    }
    if given is None or given.known != wanted.known:
        parts = {name: False if needed else None for name, needed in asked.items()}
        return AnswerGrade(**parts, refusal=False)
    return AnswerGrade(
        value=_value_right(given.value, wanted) if asked["value"] else None,
        date=_date_right(given.date, wanted.date) if asked["date"] else None,
        source=any(word in given.source.lower() for word in wanted.sources) if asked["source"] else None,
        refusal=True,
    )


def _value_right(value: float | str | None, wanted: ExpectedAnswer) -> bool:
    if wanted.names:
        return isinstance(value, str) and bool({value.strip().lower(), _code(value)} & set(wanted.names))
    number = value if isinstance(value, float) else _number(value)
    return (
        number is not None
        and wanted.low is not None
        and wanted.high is not None
        and wanted.low <= number <= wanted.high
    )


def _code(text: str) -> str:
    """Code of the country that a text names, in lower case; empty where it names none."""
    try:
        return resolve(text).code.lower()
    except InputError:
        return ""


def _number(text: str | None) -> float | None:
    """Number at the beginning of a text: `4.9 %`, `−18 months`, `22,557`."""
    found = re.match(r"\s*[$€£]?\s*([-−+]?\d[\d,]*\.?\d*(?:[eE][-+]?\d+)?)", text or "")
    return float(found[1].replace(",", "").replace("−", "-")) if found else None


def _date_right(given: str, wanted: str) -> bool:
    """Whether the period or day lies within the one that is right: a day of 2023 is in 2023, not the reverse."""
    try:
        (begin, end), (first, last) = periods.span(given.strip().upper()), periods.span(wanted)
    except InputError:
        return False
    return first <= begin and end <= last


def read_answer(text: str) -> GivenAnswer | None:
    """The answer in the last JSON object of a text, or None where there is none that can be read."""
    for start in reversed([found.start() for found in re.finditer(r"\{", text)]):
        try:
            record, _ = json.JSONDecoder().raw_decode(text[start:])
        except (ValueError, RecursionError):
            continue
        if isinstance(record, dict) and isinstance(record.get("known"), bool):
            return given_answer(record)
    return None


def given_answer(record: Mapping[str, Any]) -> GivenAnswer | None:
    """Answer from plain data with `known`, `value`, `date` and `source`; None where `known` is missing."""
    known, value = record.get("known"), record.get("value")
    if not isinstance(known, bool):
        return None
    number = float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    told = number if number is not None else value if isinstance(value, str) else None
    date, source = (str(record.get(name) or "") for name in ("date", "source"))
    return GivenAnswer(known, told, date, source)


def summary(graded: Iterable[tuple[BenchmarkQuestion, AnswerGrade]]) -> list[dict[str, Any]]:
    """One row a kind and one over all: questions, right in every part, and right in each part where it was asked for.

    `invented` counts answers to what is not known; `withheld` counts refusals, and replies without a readable
    answer, where there is one.
    """
    pairs = list(graded)
    kinds = [*dict.fromkeys(question.kind for question, _ in pairs), "all"]
    rows = []
    for kind in kinds:
        chosen = [(question, found) for question, found in pairs if kind in (question.kind, "all")]
        grades = [found for _, found in chosen]
        row: dict[str, Any] = {"kind": kind, "questions": len(chosen), "right": sum(found.right for found in grades)}
        for part in ("value", "date", "source"):
            parts = [asdict(found)[part] for found in grades]
            asked = [one for one in parts if one is not None]
            row[part] = f"{sum(asked)} of {len(asked)}" if asked else ""
        row["invented"] = sum(question.kind == "trap" and not found.refusal for question, found in chosen)
        row["withheld"] = sum(question.kind != "trap" and not found.refusal for question, found in chosen)
        rows.append(row)
    return rows

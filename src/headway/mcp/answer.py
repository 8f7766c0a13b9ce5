"""Answers of the tools: sentences with number, interval, tier, id and source, cut to a budget of characters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from headway.brief.footnotes import FootnoteReference
    from headway.evidence import Evidence, Fact
    from headway.findings import Finding

MOST_SOURCES = 4  # printed under one statement; a trace has all
MODEL_PAGE, EVIDENCE_PAGE = "headway://docs/model", "headway://docs/evidence"


class _AnswerModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class AnswerSource(_AnswerModel):
    """Publisher's data set that a statement rests on."""

    number: int = 0
    publisher: str
    title: str
    url: str = Field(description="address of the source")
    licence: str = ""


class AnswerStatement(_AnswerModel):
    """One statement with its number; `trace` shows what stands behind its id."""

    sentence: str
    value: float | str | None = None
    low: float | None = None
    high: float | None = None
    level: float | None = Field(default=None, description="probability content of [low, high]")
    unit: str = ""
    period: str = Field(default="", description="period that the number speaks of")
    known_on: dt.date | None = Field(default=None, description="day from which the figure could be known")
    tier: str = Field(default="", description="observed, coded, derived, modelled or scenario")
    id: str = Field(default="", description="id of a finding or a fact, for the tool trace")
    rests_on: tuple[str, ...] = Field(default=(), description="ids of the findings or facts behind it")
    caveat: str = ""
    sources: tuple[int, ...] = Field(default=(), description="numbers of the sources below")


class ToolAnswer(_AnswerModel):
    """Answer of one tool."""

    as_of: dt.date = Field(description="date of the evidence")
    statements: tuple[AnswerStatement, ...] = ()
    not_known: tuple[str, ...] = Field(default=(), description="parts of the question that the evidence cannot answer")
    sources: tuple[AnswerSource, ...] = ()
    left_out: str = Field(default="", description="statements that did not fit, and how to get them")
    made_by: str = Field(default="", description="command that gives the same on a command line")

    def text(self) -> str:
        """The answer as one line of JSON, fields without content left out."""
        return self.model_dump_json(exclude_defaults=True, by_alias=True)


@dataclass(frozen=True, slots=True)
class SourcedStatement:
    """Statement whose sources have no numbers yet."""

    statement: AnswerStatement
    sources: tuple[AnswerSource, ...] = ()


@dataclass(frozen=True, slots=True)
class UncutAnswer:
    """Answer before it is cut: the most prominent statements first.

    Attributes:
        narrower: words that tell how to ask for less or for more than this.
    """

    as_of: dt.date
    statements: tuple[SourcedStatement, ...] = ()
    not_known: tuple[str, ...] = ()
    made_by: str = ""
    narrower: str = ""


def cut(answer: UncutAnswer, most: int) -> ToolAnswer:
    """As many of the first statements as `most` characters of JSON hold; the first is shortened where it must be."""
    fits, fails = 0, len(answer.statements) + 1
    while fails - fits > 1:
        middle = (fits + fails) // 2
        if len(_numbered(answer, middle).text()) <= most:
            fits = middle
        else:
            fails = middle
    if fits or not answer.statements:
        return _shortened_reasons(answer, fits, most)
    return _with_short_first(answer, most)


def _shortened_reasons(answer: UncutAnswer, count: int, most: int) -> ToolAnswer:
    """Answer with `count` statements, of whose reasons for what is not known the last are dropped until it fits."""
    made = _numbered(answer, count)
    while len(made.text()) > most and answer.not_known:
        answer = replace(answer, not_known=answer.not_known[:-1])
        made = _numbered(answer, count)
    return made


def _with_short_first(answer: UncutAnswer, most: int) -> ToolAnswer:
    """Answer with the first statement alone, of which parts are dropped until it fits; its number and id stay."""
    first = answer.statements[0]
    source = tuple(one.model_copy(update={"title": shorter(one.title, 40)}) for one in first.sources[:1])
    bare = {"caveat": "", "rests_on": first.statement.rests_on[:1]}
    smaller = SourcedStatement(first.statement.model_copy(update=bare), source)
    only = replace(answer, statements=(smaller, *answer.statements[1:]), not_known=())
    for told in (only, replace(only, narrower=""), replace(only, narrower="", made_by="")):
        made = _numbered(told, 1)
        if len(made.text()) <= most:
            return made
    kept = max(40, len(smaller.statement.sentence) - len(made.text()) + most)
    sentence = shorter(smaller.statement.sentence, kept)
    last = replace(smaller, statement=smaller.statement.model_copy(update={"sentence": sentence}))
    return _numbered(replace(told, statements=(last, *answer.statements[1:])), 1)


def shorter(text: str, most: int) -> str:
    """The text, if it has at most `most` characters; else its beginning with an ellipsis."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _numbered(answer: UncutAnswer, count: int) -> ToolAnswer:
    """Answer with its first `count` statements and the sources of those, numbered in order of first use."""
    numbers: dict[AnswerSource, int] = {}
    shown = []
    for one in answer.statements[:count]:
        used = tuple(numbers.setdefault(source, len(numbers) + 1) for source in one.sources[:MOST_SOURCES])
        shown.append(one.statement.model_copy(update={"sources": used}))
    rest = len(answer.statements) - count
    hint = f"; {answer.narrower}" if answer.narrower else ""
    return ToolAnswer(
        as_of=answer.as_of,
        statements=tuple(shown),
        not_known=answer.not_known,
        sources=tuple(source.model_copy(update={"number": number}) for source, number in numbers.items()),
        left_out=f"{rest} more: ask again with a larger max_chars{hint}" if rest else "",
        made_by=answer.made_by,
    )


def of_findings(findings: Iterable[Finding], evidence: Evidence) -> tuple[SourcedStatement, ...]:
    """Findings as statements, with the publishers behind each; one without facts rests on the model alone."""
    from headway.brief.footnotes import footnotes

    told = tuple(findings)
    notes, marks = footnotes(told, evidence)
    by_number = {note.number: _source(note.reference) for note in notes}
    said: set[str] = set()
    statements = []
    for one in told:
        statement = of_finding(one)
        if statement.caveat in said:  # a caveat that several findings share stands at the first of them
            statement = statement.model_copy(update={"caveat": ""})
        said.add(one.caveat)
        sources = tuple(dict.fromkeys(by_number[number] for number in marks.get(one.id, ())))
        statements.append(SourcedStatement(statement, sources or (_without_facts(one),)))
    return tuple(statements)


def of_finding(finding: Finding) -> AnswerStatement:
    """Finding as a statement, its numbers to six significant digits."""
    from headway.brief.view import spoken

    return AnswerStatement(
        sentence=spoken(finding),
        value=finding.value if isinstance(finding.value, str) else rounded(finding.value),
        low=rounded(finding.low),
        high=rounded(finding.high),
        level=finding.level,
        unit=finding.unit,
        period=finding.period,
        tier=str(finding.tier),
        id=finding.id,
        caveat=finding.caveat,
    )


def of_fact(fact: Fact, evidence: Evidence) -> SourcedStatement:
    """Fact of the evidence as a statement: observed where a publisher states it, derived where it was computed."""
    from headway.brief.footnotes import describe, reference

    row, number = fact.row, fact.table == "observations"
    statement = AnswerStatement(
        sentence=f"{describe(fact, evidence).rstrip('.')}.",
        value=rounded(row["value"]) if number else None,
        low=rounded(row.get("low")) if number else None,
        high=rounded(row.get("high")) if number else None,
        level=rounded(row.get("level")) if number and rounded(row.get("low")) is not None else None,
        unit=str(row["unit"]) if number else "",
        period=str(row["period"]) if number else "",
        known_on=_day(row.get("published_on")),
        tier="derived" if fact.inputs or "derived" in str(row.get("flag", "")).split(",") else "observed",
        id=fact.id,
    )
    return SourcedStatement(statement, (_source(reference(fact)),))


def _without_facts(finding: Finding) -> AnswerSource:
    """Source of a finding that no single fact stands behind: the model, or the evidence that has nothing on it."""
    if finding.tier in ("modelled", "scenario"):
        return model_source(finding.posterior)
    title = f"Evidence as known on {finding.as_of}, searched as a whole"
    return AnswerSource(publisher="Headway", title=title, url=EVIDENCE_PAGE, licence="Apache-2.0")


def model_source(fit: str) -> AnswerSource:
    """The model as a source: the hash of the fit it was drawn from, `none` or `prior` for its prior, and its page."""
    drawn = "drawn from its prior" if fit in ("none", "prior") else f"fit {fit}" if fit else ""
    title = ", ".join(filter(None, ("Model", drawn)))
    return AnswerSource(publisher="Headway", title=title, url=MODEL_PAGE, licence="Apache-2.0")


def rounded(value: object) -> float | None:
    """Number to six significant digits; None where it is missing or not finite."""
    if not isinstance(value, (int, float)) and not hasattr(value, "__float__"):
        return None
    number = float(value)
    return float(f"{number:.6g}") if abs(number) < float("inf") else None


def _source(note: FootnoteReference) -> AnswerSource:
    """Reference as a source; a row that was typed is addressed by the page that it was read on."""
    url = note.url or (note.read_in.split() or [""])[0]
    return AnswerSource(publisher=note.publisher, title=note.title, url=url, licence=note.licence)


def _day(value: object) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date() if value == value else None
    return value if isinstance(value, dt.date) else None


def names(given: Sequence[str] | str) -> tuple[str, ...]:
    """Names given as a list or joined by commas."""
    parts = given.split(",") if isinstance(given, str) else given
    return tuple(part.strip() for part in parts if part.strip())

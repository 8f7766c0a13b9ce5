"""The brief as JSON: what `--json` prints, what `--diff` reads, and the schema of both."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pydantic
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from headway.brief.judgement import Step
from headway.brief.view import judgement
from headway.core import wording
from headway.core.errors import InputError
from headway.core.files import read_json
from headway.findings.finding import Finding, Section

if TYPE_CHECKING:
    from headway.brief.compose import Brief

SCHEMA_VERSION = 2
READABLE = (1, 2)  # findings of the first had title, coverage, posterior and table among their details
MOST_BYTES = 50_000_000  # of a brief that is read; one has less than a tenth of it


class _DocumentModel(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


@pydantic.dataclasses.dataclass(frozen=True, slots=True, kw_only=True, config=ConfigDict(allow_inf_nan=False))
class CitedFinding(Finding):
    """Finding with the numbers of its sources in the list of a brief; `headway trace ID` makes it again from its id."""

    footnotes: tuple[int, ...] = Field(default=(), description="numbers of the sources")


class ProvenanceRecord(_DocumentModel):
    """Inputs that made the brief: the same inputs give the same findings."""

    version: str
    snapshot: str
    posterior: str | None = None
    scenario: str | None = None
    seed: int = 0
    user: str | None = None


class ClauseRecord(_DocumentModel):
    """Part of a sentence of the judgement, with the findings that it was made from."""

    text: str
    findings: tuple[str, ...]


class SentenceRecord(_DocumentModel):
    """One sentence of the judgement: its part in the argument, its text, its clauses in order."""

    step: Step
    text: str
    clauses: tuple[ClauseRecord, ...]


class FactRecord(_DocumentModel):
    """One source of the brief, with the facts taken from it."""

    number: int
    publisher: str
    title: str
    url: str
    licence: str
    citation: str
    retrieved_on: dt.date | None = None
    dated: str = ""
    grade: str = ""
    read_in: str = ""
    facts: dict[str, str]


class MissingRecord(_DocumentModel):
    """Why a part, or something in it, is not there."""

    section: Section
    reason: str


class Document(_DocumentModel):
    """A brief of one country."""

    schema_version: Literal[1, 2]
    country: str
    name: str = ""
    as_of: dt.date
    against: tuple[str, ...] = ()
    recipe: ProvenanceRecord
    judgement: tuple[SentenceRecord, ...] = Field(default=(), description="the brief as one argument")
    findings: tuple[CitedFinding, ...]
    missing: tuple[MissingRecord, ...] = ()
    sources: tuple[FactRecord, ...] = ()


def document(brief: Brief) -> dict[str, Any]:
    """The brief as plain data, `schema_version` left to who prints it."""
    return {
        "country": brief.country,
        "name": brief.name,
        "as_of": brief.as_of.isoformat(),
        "against": list(brief.against),
        "recipe": plain_data(brief.recipe),
        "judgement": [
            {"step": one.step, "text": one.text, "clauses": plain_data(one.clauses)} for one in judgement(brief)
        ],
        "findings": [record(f, brief.marks.get(f.id, ())) for f in brief.findings],
        "missing": [
            {"section": chapter.part.key, "reason": reason}
            for chapter in brief.chapters
            for reason in (
                *chapter.notes,
                *([chapter.part.needs] if not chapter.findings and chapter.part.needs else []),
            )
        ],
        "sources": [
            {"number": note.number, **plain_data(note.reference), "facts": dict(note.facts)} for note in brief.footnotes
        ],
    }


def record(finding: Finding, footnotes: tuple[int, ...] = ()) -> dict[str, Any]:
    """One finding as plain data."""
    plain: dict[str, Any] = plain_data(finding)
    plain["footnotes"] = list(footnotes)
    return plain


def text(brief: Brief) -> str:
    """The JSON file."""
    whole = {"schema_version": SCHEMA_VERSION, **document(brief)}
    return json.dumps(whole, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def read(path: Path) -> Document:
    """Read a brief that `--json` printed.

    Raises:
        InputError: not readable, not JSON, not a brief, or of another schema version; the message names file and field.
    """
    data = read_json(Path(path), MOST_BYTES)
    version = data.get("schema_version") if isinstance(data, dict) else None
    if version is None or not {"country", "findings"} <= set(data):
        raise InputError(f"{path} is not a brief: make one with `headway brief COUNTRY --json > {path}`")
    if version not in READABLE:
        reads = wording.listing([str(one) for one in READABLE])
        raise InputError(f"{path} has schema version {version!r}; this version of Headway reads {reads}")
    try:
        return Document.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{path}: {where}: {first['msg']}") from error
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a brief, as published in `headway/brief/schema/brief-2.json`."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Document.model_json_schema()}


def plain_data(value: Any) -> Any:
    """Dataclasses, mappings, sequences, dates and array scalars as JSON has them; what is not finite is null."""
    if type(value) is float:  # most of what there is
        return (value or 0.0) if abs(value) < float("inf") else None  # and no minus nothing
    if value is None or type(value) in (str, int, bool):
        return value
    if hasattr(value, "__dataclass_fields__"):
        return {name: plain_data(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, str):
        return str(value)
    if isinstance(value, dict) or hasattr(value, "items"):
        return {str(key): plain_data(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain_data(item) for item in value]
    if hasattr(value, "isoformat"):
        return value.isoformat()
    if hasattr(value, "item"):
        return plain_data(value.item())
    return value

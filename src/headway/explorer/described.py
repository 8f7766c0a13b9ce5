"""Shapes of the answers, for the description of the API; what a view tells besides is allowed by them, not listed."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Told(BaseModel):
    """A record that may hold more than is named here."""

    model_config = ConfigDict(extra="allow")


class MadeRecord(_Told):
    """What an answer was made from."""

    version: str
    snapshot: str
    model: str = Field(description="hash of the posterior, `prior`, or empty where the model takes no part")
    as_of: str = Field(json_schema_extra={"format": "date"})
    user: str | None
    note: str


class ChartRecord(_Told):
    """A chart; its Vega-Lite specification where a width was given."""

    name: str
    title: str
    alternative: str
    spec: dict[str, Any] = Field(default_factory=dict)


class TableRecord(_Told):
    """Rows with the keys of `columns`."""

    name: str
    title: str
    columns: dict[str, str]
    rows: list[dict[str, Any]]


class AnswerRecord(_Told):
    """The answer of a view."""

    schema_version: Literal[1]
    address: str = Field(description="canonical address of what was asked")
    title: str
    sentence: str
    caveat: str
    source: str
    notes: list[str]
    made: MadeRecord
    tables: list[TableRecord]
    charts: list[ChartRecord]
    differs: list[str] = Field(description="evidence or posterior other than the address was made with")


class Versioned(_Told):
    """Any other record."""

    schema_version: Literal[1]


class StepRecord(BaseModel):
    """A line of a search: one of its runs, or the last line, with what was found."""

    model_config = ConfigDict(extra="forbid")
    done: int = 0
    of: int = 0
    value: float = 0
    probability: float = 0
    found: float | None = None
    lever: str = ""
    sentence: str = ""


class Wrong(BaseModel):
    """What is wrong, and where."""

    loc: list[str | int]
    msg: str
    type: str


class Refusal(BaseModel):
    """Why there is no answer."""

    detail: list[Wrong]


REFUSALS: dict[int | str, dict[str, Any]] = {
    404: {"description": "no such page or finding, or the evidence cannot answer", "model": Refusal},
    413: {"description": "too large", "model": Refusal},
    414: {"description": "the address is too long", "model": Refusal},
    422: {"description": "a parameter that cannot be; `loc` names it", "model": Refusal},
    429: {"description": "still computing, or too many wait: ask the same again", "model": Refusal},
}
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "svg": "image/svg+xml",
    "png": "image/png",
}
"""Media type of every form of an answer but JSON."""
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_TEXT = {"schema": {"type": "string"}}

ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "the answer in the form that the suffix asks for",
        "model": AnswerRecord,
        "content": {
            media.partition(";")[0]: _TEXT if media.startswith("text") or shape == "svg" else _BINARY
            for shape, media in MEDIA.items()
        },
    }
}
RECORD: dict[int | str, dict[str, Any]] = {200: {"description": "the record", "model": Versioned}}
LINES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "one record a line, the last one with what was found",
        "content": {"application/x-ndjson": {"schema": StepRecord.model_json_schema()}},
    }
}

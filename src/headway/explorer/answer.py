"""Answer of a view: words first, then charts and tables; and its shape in the description of the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, overload

from pydantic import BaseModel, ConfigDict, Field

from headway import __version__
from headway.brief.document import plain_data
from headway.charts import Caption, png, specification, svg, svg_png
from headway.explorer.reproduce import reproduction
from headway.findings.finding import Picture

Draw = Callable[[float], dict[str, Any]]
"""From a width in px to a Vega-Lite specification."""


@dataclass(frozen=True, slots=True)
class AnswerChart:
    """A chart under the name that addresses and pages use.

    Attributes:
        figures: from which a page draws lines that can be walked by keys; without them it draws the specification.
    """

    name: str
    title: str
    alternative: str
    draw: Draw
    figures: Mapping[str, Any] = field(default_factory=dict)

    def shown(self, width: float) -> dict[str, Any]:
        """Fields from which a page draws it."""
        return {"spec": self.draw(width), **({"figures": dict(self.figures)} if self.figures else {})}

    def svg(self, width: float) -> str:
        """The chart as a file."""
        return svg(self.draw(width), self.title, self.alternative, background="#ffffff")

    def png(self, width: float) -> bytes:
        """The chart as a file."""
        return png(self.draw(width))


@dataclass(frozen=True, slots=True)
class AnswerMap:
    """A world map, drawn as SVG.

    Attributes:
        paint: from a width in px, and whether countries lead to their pages, to an SVG.
        order: codes in which keys go from country to country. marked: codes of countries that are drawn bolder.
    """

    name: str
    title: str
    alternative: str
    paint: Callable[[float, bool], str]
    order: Sequence[str]
    marked: Sequence[str] = ()

    def shown(self, width: float) -> dict[str, Any]:
        """Fields from which a page draws it."""
        return {"svg": self.paint(width, True), "order": list(self.order), "marked": list(self.marked)}

    def svg(self, width: float) -> str:
        """The map as a file."""
        return self.paint(width, False)

    def png(self, width: float) -> bytes:
        """The map as a file."""
        return svg_png(self.paint(width, False), scale=2.0)


Row = Mapping[str, Any]


class Later(Sequence[Row]):
    """Rows that are worked out when somebody first reads them: while a slider moves nobody does."""

    def __init__(self, make: Callable[[], Sequence[Row]]) -> None:
        self._make = make

    @cached_property
    def _rows(self) -> Sequence[Row]:
        return self._make()

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Row: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...
    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        return self._rows[place]


@dataclass(frozen=True, slots=True)
class AnswerTable:
    """Rows under a name; `columns` are keys of the rows with the headings that a page prints."""

    name: str
    title: str
    columns: Mapping[str, str]
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class AnswerProvenance:
    """Sources of an answer."""

    snapshot: str
    model: str
    as_of: dt.date
    user: str | None = None
    version: str = __version__

    @property
    def note(self) -> str:
        """One line for files and citations."""
        model = "prior draws" if self.model == "prior" else f"posterior {self.model[:12]}" if self.model else ""
        parts = [f"Headway {self.version}", f"evidence {self.snapshot[:12]} as of {self.as_of}", model]
        return ", ".join(filter(None, [*parts, f"user evidence {self.user}" if self.user else ""]))


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of a view; `tables[0]` is what CSV and Parquet hold, `charts[0]` what SVG and PNG show by default.

    Attributes:
        extra: further fields of its JSON. One given as a function belongs to the tables, and is worked out with them.
        remark: words without which it must not be shown in any form.
    """

    title: str
    sentence: str
    made: AnswerProvenance
    caveat: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    charts: tuple[AnswerChart | AnswerMap, ...] = ()
    tables: tuple[AnswerTable, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)
    remark: str = ""


def picture_chart(name: str, picture: Picture, caption: Caption) -> AnswerChart:
    """A chart of the kinds that briefs have."""
    return AnswerChart(name, picture.title, picture.alternative, lambda width: specification(picture, caption, width))


def record(answer: Answer, canonical: str, width: float | None = None, *, tables: bool = True) -> dict[str, Any]:
    """The answer as plain data; with a width, each chart's Vega-Lite specification too.

    Without `tables` only what moves with a slider: words, charts and small numbers.
    """
    made = answer.made
    out: dict[str, Any] = {
        "schema_version": 1,
        "address": canonical,
        "title": answer.title,
        "sentence": answer.sentence,
        "caveat": answer.caveat,
        "remark": answer.remark,
        "source": answer.source,
        "notes": list(answer.notes),
        "made": {
            "version": made.version,
            "snapshot": made.snapshot,
            "model": made.model,
            "as_of": made.as_of.isoformat(),
            "user": made.user,
            "note": made.note,
        },
        "tables": [
            {
                "name": table.name,
                "title": table.title,
                "columns": dict(table.columns),
                "rows": [
                    {key: plain_data(row.get(key)) for key in (*table.columns, *_marks(row))} for row in table.rows
                ],
            }
            for table in (answer.tables if tables else ())
        ],
        **({"reproduce": reproduction(canonical)} if tables else {}),
        **{
            key: plain_data(value() if callable(value) else value)
            for key, value in answer.extra.items()
            if tables or not callable(value)
        },
    }
    charts: list[dict[str, Any]] = [
        {"name": chart.name, "title": chart.title, "alternative": chart.alternative} for chart in answer.charts
    ]
    if width is not None:
        charts = [{**told, **chart.shown(width)} for told, chart in zip(charts, answer.charts, strict=True)]
    return {**out, "charts": charts}


def _marks(row: Mapping[str, Any]) -> list[str]:
    """Keys that help a page and are no column: the address a row leads to."""
    return [key for key in ("href", "highlight") if key in row]


class _Told(BaseModel):
    """A record that may hold more than is named here."""

    model_config = ConfigDict(extra="allow")


class MadeRecord(_Told):
    """Sources of an answer."""

    version: str
    snapshot: str
    model: str = Field(description="hash of the posterior, `prior`, or empty where the model takes no part")
    as_of: str = Field(json_schema_extra={"format": "date"})
    user: str | None
    note: str


class ChartRecord(_Told):
    """A chart; where a width was given its Vega-Lite specification, or of a map its SVG."""

    name: str
    title: str
    alternative: str
    spec: dict[str, Any] = Field(default_factory=dict)
    svg: str = ""


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
    remark: str = Field(description="words without which it must not be shown; mostly empty")
    source: str
    notes: list[str]
    made: MadeRecord
    tables: list[TableRecord]
    charts: list[ChartRecord]
    reproduce: dict[str, str] = Field(
        default_factory=dict, description="a command, lines of Python and a line of R that give the answer again"
    )
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
    """Description of a fault, and its place."""

    loc: list[str | int]
    msg: str
    type: str


class Refusal(BaseModel):
    """Why there is no answer."""

    detail: list[Wrong]


REFUSALS: dict[int | str, dict[str, Any]] = {
    401: {"description": "this server asks for a token", "model": Refusal},
    403: {"description": "a post from a page of another site", "model": Refusal},
    404: {"description": "no such page or finding, or the evidence cannot answer", "model": Refusal},
    413: {"description": "too large", "model": Refusal},
    414: {"description": "the address is too long", "model": Refusal},
    422: {"description": "a parameter that cannot be; `loc` names it", "model": Refusal},
    429: {"description": "still computing, too many wait, or too many asked: ask the same again", "model": Refusal},
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
    },
    304: {"description": "the answer is still the one whose `etag` was sent as `if-none-match`"},
}
RECORD: dict[int | str, dict[str, Any]] = {200: {"description": "the record", "model": Versioned}}
LINES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "one record a line, the last one with what was found",
        "content": {"application/x-ndjson": {"schema": StepRecord.model_json_schema()}},
    }
}

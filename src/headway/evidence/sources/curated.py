"""Facts typed by us, each with its source: goals, outcomes, budgets, events, niches, prices (statements) and figures.

One pydantic model per table says what a row must hold before it may become evidence. The tables ship in
`headway/evidence/curated/`; how a row is chosen, worded, coded and dated is in docs/curated.md. `published_on` is the
end of the page's own date where it has one. Else it follows a rule and the row is flagged `pseudo`: the end of a
statement's date, or the usual lag of a figure's source; where neither is known, the day we typed it. An official act is
public on its day, so events are always dated by the act.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeVar

import pandas as pd
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from headway.core import periods
from headway.core.errors import InputError
from headway.core.wording import counted
from headway.evidence.catalogue import indicators, sources
from headway.evidence.countries import resolve
from headway.evidence.observations import GRADES, STATEMENT_COLUMNS, WORLD
from headway.evidence.sources.base import PSEUDO, SourceShapeError, Tables, publication_date

MAPPED_UNITS: dict[str, tuple[str, ...]] = {
    "rank_capability": ("rank",),
    "largest_training_run": ("log10 FLOP",),
    "compute_stock_h100e": ("H100e",),
    "compute_share": ("share",),
    "ai_spending": ("USD", "USD/yr", "*", "*/yr"),
    "ai_private_investment": ("USD", "USD/yr", "*", "*/yr"),
    "researchers": ("persons",),
    "ai_graduates": ("persons/yr",),
    "adoption": ("%",),
    "ai_using_organisations_share": ("%",),
    "none": (),
}
"""Units in which a target may be mapped to a quantity; `*` is any ISO 4217 currency code."""

_CURRENCY = r"^[A-Z]{3}(/yr)?$"


def _whole_period(value: str | None) -> str | None:
    if value is not None:
        try:
            periods.span(value)
        except InputError as error:
            raise ValueError(str(error)) from error
    return value


def _known_place(value: str) -> str:
    if value == WORLD:
        return value
    try:
        found = resolve(value)
    except InputError as error:
        raise ValueError(str(error)) from error
    if found.code != value:
        raise ValueError(f"write the code {found.code}, not '{value}'")
    return value


def _known_grade(value: str) -> str:
    if value not in GRADES:
        raise ValueError(f"'{value}' is not one of {', '.join(GRADES)}")
    return value


Period = Annotated[str, BeforeValidator(_whole_period)]
Place = Annotated[str, BeforeValidator(_known_place)]
Line = Annotated[str, Field(min_length=1, max_length=320)]
Address = Annotated[str, Field(pattern=r"^https?://[^\s]+\.[^\s]+$")]
Grade = Annotated[str, AfterValidator(_known_grade)]


class CitedRow(BaseModel):
    """Row with the body that made it, the pages where we read it, how near they are to it, when, and what we doubt.

    second_read_on: day on which somebody who had not typed the row read its figure again, or nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Line
    publisher: Line
    url: Address
    source_date: Period | None = None
    grade: Grade
    read_in: tuple[Address, ...] = ()
    verified: Literal["V", "S"]
    transcribed_on: dt.date
    second_read_on: dt.date | None = None
    doubt: str | None = None

    @field_validator("read_in", mode="before")
    @classmethod
    def _pages(cls, value: object) -> object:
        return tuple(value.split()) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _typed_after_it_appeared(self) -> Self:
        if self.source_date is not None and periods.start(self.source_date) > self.transcribed_on:
            raise ValueError(f"source_date {self.source_date} lies after transcribed_on {self.transcribed_on}")
        if self.second_read_on is not None and self.second_read_on < self.transcribed_on:
            raise ValueError(
                f"second_read_on {self.second_read_on} lies before transcribed_on {self.transcribed_on}; "
                "empty it when the row is typed anew"
            )
        return self


class CuratedStatement(CitedRow):
    """Statement in words, with the fields that its kinds share."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    date: Period | None = None
    text: Line

    @model_validator(mode="after")
    def _made_before_it_was_typed(self) -> Self:
        if self.date is not None and periods.start(self.date) > self.transcribed_on:
            raise ValueError(f"date {self.date} lies after transcribed_on {self.transcribed_on}")
        return self


class Goal(CuratedStatement):
    """Goal that a state, or a body close to it, declared."""

    country: Place
    document: str | None = None
    who: str | None = None
    topic: Literal[
        "position", "compute", "money", "talent", "adoption", "economy", "research", "sovereignty", "defence"
    ]
    metric: Line
    value: float | None = None
    unit: str | None = None
    target_year: int | None = Field(default=None, ge=2015, le=2060)
    comparator: (
        Literal["top_n", "at_least", "adds_at_least", "cumulative_at_least", "times_at_least", "exists"] | None
    ) = None
    maps_to: str = "none"
    scope: Place | None = None
    target_basis: Literal["stated", "coded"] | None = None
    baseline: float | None = None
    baseline_year: int | None = None
    mapped_value: float | None = None
    mapped_unit: str | None = None
    status: Literal["adopted", "announced", "draft", "recommendation", "reported"]

    @field_validator("maps_to")
    @classmethod
    def _known_quantity(cls, value: str) -> str:
        if value not in MAPPED_UNITS:
            raise ValueError(f"'{value}' is not one of {', '.join(MAPPED_UNITS)}")
        return value

    @model_validator(mode="after")
    def _target_is_whole(self) -> Self:
        if (self.value is None) != (self.unit is None):
            raise ValueError("value and unit go together")
        if (self.value is None) != (self.target_basis is None):
            raise ValueError("a value says whether it is stated or coded, in target_basis")
        if self.value is not None and self.comparator is None:
            raise ValueError("a value needs a comparator")
        if (self.comparator == "top_n") != (self.scope is not None):
            raise ValueError("scope goes with the comparator top_n, and only with it")
        return self

    @model_validator(mode="after")
    def _mapping_is_whole(self) -> Self:
        if (self.maps_to == "none") != (self.mapped_value is None) or (self.mapped_value is None) != (
            self.mapped_unit is None
        ):
            raise ValueError("maps_to other than none needs mapped_value and mapped_unit, and only then")
        if self.mapped_unit is not None and not _unit_fits(self.mapped_unit, MAPPED_UNITS[self.maps_to]):
            raise ValueError(f"mapped_unit '{self.mapped_unit}' does not fit {self.maps_to}")
        if self.target_basis == "coded" and not self.doubt:
            raise ValueError("a coded number says so in doubt")
        return self


class GoalOutcome(CuratedStatement):
    """Outcome of a goal whose date has passed; `id` is that of the goal."""

    country: Place
    date: Period
    status: Literal["met", "missed", "unknown"]
    value: float | None = None
    unit: str | None = None

    @model_validator(mode="after")
    def _value_has_a_unit(self) -> Self:
        if (self.value is None) != (self.unit is None):
            raise ValueError("value and unit go together")
        return self


class Budget(CuratedStatement):
    """Public money named for AI; never to be added up across rows."""

    country: Place
    period: str | None = None
    metric: Literal["request", "commitment", "plan", "part", "spent"]
    value: float = Field(gt=0)
    unit: str = Field(pattern=r"^[A-Z]{3}$")
    topic: Literal["ai", "defence", "compute", "digital", "chips_and_ai", "technology"]


class Event(CuratedStatement):
    """Dated act that widened or narrowed a country's access to chips, tools, services or money."""

    date: Period
    targets: tuple[Place, ...] = Field(min_length=1)
    who: Line
    topic: Literal["chips", "tools", "services", "finance", "entities", "domestic"]
    direction: Literal["tighten", "loosen"]

    @field_validator("targets", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(value.split(";")) if isinstance(value, str) else value


class Niche(CuratedStatement):
    """Outcome in one field of application."""

    country: Place
    date: Period
    topic: Literal[
        "autonomous_vehicles",
        "face_recognition",
        "cybersecurity",
        "defence_ai",
        "space",
        "national_language_model",
        "public_compute",
        "robotics",
    ]
    metric: Line
    value: float
    unit: Line


class Price(CuratedStatement):
    """Price that all countries face, or how fast it falls; it belongs to no country."""

    date: Period
    topic: Literal["rented_models"]
    metric: Line
    value: float = Field(gt=0)
    value_high: float | None = None
    unit: Line

    @model_validator(mode="after")
    def _range_is_ordered(self) -> Self:
        if self.value_high is not None and self.value_high <= self.value:
            raise ValueError(f"value_high {self.value_high} should lie above value {self.value}")
        return self


class CuratedFigure(CitedRow):
    """Number of one country and period, quoted singly from a report."""

    indicator: str
    country: Place
    period: Period
    value: float
    low: float | None = None
    high: float | None = None
    level: float | None = Field(default=None, gt=0, lt=1)
    unit: str
    source: str = Field(pattern=r"^[a-z0-9][a-z0-9_]*$")
    flag: Literal["estimate", "target"] | None = None

    @model_validator(mode="after")
    def _interval_is_ordered(self) -> Self:
        if (self.low is None) != (self.high is None):
            raise ValueError("low and high go together")
        if self.low is not None and self.high is not None and not self.low <= self.value <= self.high:
            raise ValueError(f"value {self.value} lies outside {self.low} to {self.high}")
        if self.country == WORLD:
            raise ValueError("a figure belongs to a country or a bloc")
        return self


def _unit_fits(unit: str, allowed: tuple[str, ...]) -> bool:
    money = re.match(_CURRENCY, unit)
    return unit in allowed or (money is not None and f"*{money[1] or ''}" in allowed)


Row = TypeVar("Row", bound=CitedRow)

STATEMENT_KINDS: dict[str, tuple[str, type[CuratedStatement]]] = {
    "goals": ("goal", Goal),
    "goal_outcomes": ("outcome", GoalOutcome),
    "budgets": ("budget", Budget),
    "events": ("event", Event),
    "niches": ("niche", Niche),
    "prices": ("price", Price),
}
"""Role of a file → kind of its statements and the model of its rows."""

FIGURES = "figures"


class Curated:
    """Adapter of the curated tables; the roles are those of `STATEMENT_KINDS`, and figures."""

    slug = "curated"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """Read the tables given in `files`; `vintage` is not used, because every row carries its own dates.

        Raises:
            SourceShapeError: an unknown role, a wrong header, or a row that breaks a rule; names file, row and field.
        """
        statements: list[dict[str, Any]] = []
        figures: list[dict[str, Any]] = []
        for role, path in sorted(files.items()):
            if role == FIGURES:
                figures = [_observation(row) for row in _figures(path)]
            elif role in STATEMENT_KINDS:
                kind, model = STATEMENT_KINDS[role]
                for row in _unique(path, rows(path, model)):
                    statements.extend(_statements(kind, row))
            else:
                expected = ", ".join([*STATEMENT_KINDS, FIGURES])
                raise SourceShapeError(path, f"role '{role}' is none of {expected}")
        return Tables(
            observations=pd.DataFrame(figures),
            statements=pd.DataFrame(statements, columns=list(STATEMENT_COLUMNS)) if statements else pd.DataFrame(),
        )


def rows(path: Path, model: type[Row]) -> Iterator[tuple[int, Row]]:
    """Rows of a curated CSV, checked by `model`, with their row number (the header is row 1).

    Raises:
        SourceShapeError: unreadable, a wrong header, a row of the wrong length, or a field that breaks a rule.
    """
    expected = list(model.model_fields)
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            table = list(csv.reader(stream, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceShapeError(path, f"not a readable CSV file: {error}") from error
    if not table or sorted(table[0]) != sorted(expected):
        found = ", ".join(table[0]) if table else "nothing"
        raise SourceShapeError(path, f"header should name {', '.join(expected)}; found: {found}", row=1)
    for number, cells in enumerate(table[1:], start=2):
        if len(cells) != len(expected):
            raise SourceShapeError(path, f"{counted(len(cells), 'cell')} instead of {len(expected)}", row=number)
        filled = {name: cell for name, cell in zip(table[0], cells, strict=True) if cell != ""}
        try:
            yield number, model.model_validate(filled)
        except ValidationError as error:
            first = error.errors()[0]
            column = str(first["loc"][0]) if first["loc"] else None
            raise SourceShapeError(path, first["msg"], column=column, row=number) from error


def second_readings() -> dict[tuple[str, dt.date], dt.date]:
    """Days on which statements of the shipped tables were read again, by id and the day on which each was typed."""
    folder = Path(__file__).parents[1] / "curated"
    return {
        (statement["id"], row.transcribed_on): row.second_read_on
        for role, (kind, model) in STATEMENT_KINDS.items()
        for _, row in rows(folder / f"{role}.csv", model)
        for statement in _statements(kind, row)
        if row.second_read_on is not None
    }


def published_on(row: CitedRow, fallback: str | None) -> tuple[dt.date, str]:
    """Day from which a row could be known, and its mark: the page's date, `fallback`, or the day we typed it."""
    if row.source_date is not None:
        return min(periods.end(row.source_date), row.transcribed_on), ""
    if fallback is not None:
        return min(periods.end(fallback), row.transcribed_on), PSEUDO
    return row.transcribed_on, PSEUDO


def _unique(path: Path, found: Iterator[tuple[int, CuratedStatement]]) -> Iterator[CuratedStatement]:
    seen: dict[str, int] = {}
    for number, row in found:
        if row.id in seen:
            raise SourceShapeError(path, f"id {row.id} stands in row {seen[row.id]} too", column="id", row=number)
        seen[row.id] = number
        yield row


def _statements(kind: str, row: CuratedStatement) -> Iterator[dict[str, Any]]:
    """One statement per country concerned: an event counts for each of its targets."""
    if isinstance(row, Event):
        known, flag = periods.end(row.date), PSEUDO
        places: Sequence[str] = row.targets
    else:
        known, flag = published_on(row, row.date)
        places = (getattr(row, "country", WORLD),)
    fields = row.model_dump(exclude={"id", "targets", "country"})
    for place in places:
        yield {
            **fields,
            "id": f"curated:{kind}:{place}:{row.id}",
            "kind": kind,
            "country": place,
            "date": periods.start(row.date) if row.date else None,
            "date_precision": _precision(row.date),
            "source_date": row.source_date or "",
            "read_in": " ".join(row.read_in),
            "published_on": known,
            "flag": flag,
        }


def _precision(date: str | None) -> str:
    if date is None:
        return ""
    return "quarter" if "Q" in date else ("year", "month", "day")[date.count("-")]


def _figures(path: Path) -> Iterator[CuratedFigure]:
    """Figures whose indicator, unit and source stand in the catalogue, each once."""
    seen: dict[tuple[str, ...], int] = {}
    for number, row in rows(path, CuratedFigure):
        problem = _catalogue_problem(row)
        if problem:
            raise SourceShapeError(path, problem[1], column=problem[0], row=number)
        key = (row.source, row.indicator, row.country, row.period)
        if key in seen:
            raise SourceShapeError(path, f"the same figure stands in row {seen[key]}", column="indicator", row=number)
        seen[key] = number
        yield row


def _catalogue_problem(row: CuratedFigure) -> tuple[str, str] | None:
    """Column and words of what the catalogue does not know, or None."""
    if row.indicator not in indicators():
        return "indicator", f"'{row.indicator}' is not in indicators.toml"
    unit = indicators()[row.indicator].unit
    if row.unit != unit:
        return "unit", f"'{row.unit}' should be '{unit}', the unit of {row.indicator}"
    if row.source not in sources():
        return "source", f"'{row.source}' is not in sources.toml"
    if sources()[row.source].url != row.url:
        return "url", f"differs from that of {row.source} in sources.toml, {sources()[row.source].url}"
    return None


def _observation(row: CuratedFigure) -> dict[str, Any]:
    lag = sources()[row.source].lag_days
    if row.source_date is None and lag is not None:
        known, mark = publication_date(row.period, lag, row.transcribed_on), PSEUDO
    else:
        known, mark = published_on(row, None)
    kept = ("indicator", "country", "period", "value", "low", "high", "level", "unit", "source")
    return {
        **{name: getattr(row, name) for name in kept},
        "grade": row.grade,
        "read_in": " ".join(row.read_in),
        "published_on": known,
        "flag": ",".join(sorted(filter(None, (row.flag, mark)))),
    }


ADAPTERS = (Curated(),)

"""One pydantic model per curated table: what a row must hold before it may become evidence."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from headway.core import periods
from headway.core.errors import InputError
from headway.evidence.countries import resolve

WORLD = "WORLD"
"""Scope of a rank, or target of an event, that no bloc names."""

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


Period = Annotated[str, BeforeValidator(_whole_period)]
Place = Annotated[str, BeforeValidator(_known_place)]
Line = Annotated[str, Field(min_length=1, max_length=320)]


class CitedRow(BaseModel):
    """The part every row shares: where we read it, how good that place is, when we typed it, what we doubt."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Line
    publisher: Line
    url: str = Field(pattern=r"^https?://[^\s]+\.[^\s]+$")
    source_date: Period | None = None
    reliability: Literal["primary", "secondary", "press"]
    verified: Literal["V", "S"]
    transcribed_on: dt.date
    doubt: str | None = None

    @model_validator(mode="after")
    def _typed_after_it_appeared(self) -> Self:
        if self.source_date is not None and periods.start(self.source_date) > self.transcribed_on:
            raise ValueError(f"source_date {self.source_date} lies after transcribed_on {self.transcribed_on}")
        return self


class CuratedStatement(CitedRow):
    """What the four kinds of statement share."""

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    date: Period | None = None
    text: Line

    @model_validator(mode="after")
    def _made_before_it_was_typed(self) -> Self:
        if self.date is not None and periods.start(self.date) > self.transcribed_on:
            raise ValueError(f"date {self.date} lies after transcribed_on {self.transcribed_on}")
        return self


class Goal(CuratedStatement):
    """A goal that a state, or a body close to it, declared."""

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


class Budget(CuratedStatement):
    """Public money named for AI; never to be added up across rows."""

    country: Place
    period: str | None = None
    metric: Literal["request", "commitment", "plan", "part", "spent"]
    value: float = Field(gt=0)
    unit: str = Field(pattern=r"^[A-Z]{3}$")
    topic: Literal["ai", "defence", "compute", "digital", "chips_and_ai", "technology"]


class Event(CuratedStatement):
    """A dated act that widened or narrowed a country's access to chips, tools, services or money."""

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
    """An outcome in one field of application."""

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


class CuratedFigure(CitedRow):
    """One number of one country and period, quoted singly from a report."""

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

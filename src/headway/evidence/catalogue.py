"""Catalogue of indicators, of the sources that publish them, and of blocs of countries."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from headway.core.errors import EvidenceError

Domain = Literal[
    "compute",
    "capability",
    "talent",
    "flows",
    "research",
    "money",
    "education",
    "institutions",
    "economy",
    "adoption",
    "energy",
    "own",
]
BlocRule = Literal["sum", "weighted", "max", "none"]
_SLUG = r"^[a-z0-9][a-z0-9_]*$"


class Indicator(BaseModel):
    """Indicator: a measured quantity with its unit and rules.

    Attributes:
        slug: the name in tables and commands.
        unit: unit of every value, as `headway.evidence.units` reads it (`USD`, `% of GDP`, `log10 FLOP`, `H100e`).
        kind: `scale` grows with the size of the country, `intensity` does not.
        direction: +1 where more is better for AI capability, -1 where less is, 0 where neither is claimed.
        bloc: how a bloc's value follows from its members'; `weighted` needs `weight`.
        weight: slug of the scale indicator that weighs the members.
        census: whether the source lists all there are, so that a country without a row has none.
        lists_first: how many countries the source lists, where it lists the first only; to be listed is no weakness.
        denominator: slug of the scale indicator by which this one becomes an intensity, if any.
        splice: whether editions (sources) may be mixed in one series; if not, only the newest edition known counts.
        lag_days: days from the end of a period to publication, where the source's own rule does not hold.
        minimum, maximum: values outside cannot be right (a share above 100 %).
        rule: for derived series, how they are computed, in one sentence.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: str = Field(pattern=_SLUG)
    name: str
    unit: str
    domain: Domain
    kind: Literal["scale", "intensity"]
    direction: Literal[-1, 0, 1]
    description: str
    bloc: BlocRule = "none"
    weight: str | None = None
    denominator: str | None = None
    census: bool = False
    lists_first: int | None = Field(default=None, ge=1)
    splice: bool = True
    lag_days: int | None = Field(default=None, ge=0)
    minimum: float | None = None
    maximum: float | None = None
    rule: str = ""

    @model_validator(mode="after")
    def _weight_where_needed(self) -> Indicator:
        if (self.bloc == "weighted") != (self.weight is not None):
            raise ValueError("`weight` goes with bloc = 'weighted', and only with it")
        return self


class Source(BaseModel):
    """Source: a publisher's data set with licence, citation and usual lag.

    Attributes:
        url: the publisher's page; `file://` for a user's own table, empty for the facts we typed, where every row
            carries its own.
        retrieved_on: day of the vintage that the snapshot was built from.
        lag_days: known-by rule: days from the end of a period until this source publishes it; None where the source
            dates its own rows.
        lag_rule: the same rule in words, with its reason.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: str = Field(pattern=_SLUG)
    publisher: str
    title: str
    url: str = Field(default="", pattern=r"^((https?|file)://.+)?$")
    licence: str
    licence_url: str = ""
    citation: str
    retrieved_on: dt.date
    lag_days: int | None = Field(default=None, ge=0)
    lag_rule: str = ""


class Bloc(BaseModel):
    """Group of countries; members are those of `as_of`, the membership used for every period."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: str = Field(pattern=r"^[A-Z][A-Z0-9]{1,11}$")
    name: str
    members: tuple[str, ...] = Field(min_length=1)
    as_of: dt.date
    note: str = ""
    aliases: tuple[str, ...] = ()


class OwnedMaker(BaseModel):
    """Maker of models with its seat in one country, whose models count for another one, that of its owner."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: str = Field(pattern=_SLUG)
    maker: str
    seat: str = Field(pattern=r"^[A-Z]{3}$")
    owner: str
    counts_for: str = Field(pattern=r"^[A-Z]{3}$")


Entry = TypeVar("Entry", Indicator, Source, Bloc, OwnedMaker)


def read_entries(kind: type[Entry], text: str, name: str) -> dict[str, Entry]:
    """Read one TOML catalogue whose tables are keyed by slug.

    Raises:
        EvidenceError: not TOML, or an entry lacks a field or has a wrong one; the message names file, entry and field.
    """
    try:
        tables: dict[str, Any] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EvidenceError(f"{name}: not valid TOML ({error})") from error
    entries: dict[str, Entry] = {}
    for slug, fields in tables.items():
        try:
            entries[slug] = kind.model_validate({"slug": slug, **fields})
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise EvidenceError(f"{name}: [{slug}] {where}: {first['msg']}") from error
    return entries


def _shipped(name: str) -> str:
    resource = files("headway.evidence").joinpath("catalogue", name)
    return resource.read_text("utf-8") if resource.is_file() else ""


@lru_cache(maxsize=1)
def indicators() -> Mapping[str, Indicator]:
    """All indicators, by slug.

    Raises:
        EvidenceError: a weight or denominator that is no scale indicator of the catalogue.
    """
    entries = read_entries(Indicator, _shipped("indicators.toml"), "indicators.toml")
    for slug, entry in entries.items():
        for field in (entry.weight, entry.denominator):
            if field is not None and (field not in entries or entries[field].kind != "scale"):
                raise EvidenceError(f"indicators.toml: [{slug}] names {field}, which is no scale indicator there")
    return entries


@lru_cache(maxsize=1)
def sources() -> Mapping[str, Source]:
    """All sources, by slug."""
    return read_entries(Source, _shipped("sources.toml"), "sources.toml")


@lru_cache(maxsize=1)
def blocs() -> Mapping[str, Bloc]:
    """All shipped blocs, by code."""
    return read_entries(Bloc, _shipped("blocs.toml"), "blocs.toml")


@lru_cache(maxsize=1)
def owned_makers() -> Mapping[str, OwnedMaker]:
    """Makers whose models count for the country of their owner, by slug."""
    return read_entries(OwnedMaker, _shipped("owned_makers.toml"), "owned_makers.toml")

"""The country table: dated facts about single countries, each with its source."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from headway.core.errors import InputError
from headway.core.numbers import Floats
from headway.core.periods import Grid, decimal, laid_out, quarter_number

SHIPPED = Path(__file__).with_name("countries.toml")


class _Sourced(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    citation: str = ""
    url: str = Field(default="", pattern=r"^(https?://\S+)?$")
    rationale: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _accounted_for(self) -> _Sourced:
        if not ((self.citation and self.url) or self.rationale):
            raise ValueError("a row needs a citation with its url, or a rationale")
        return self


class DatedValue(_Sourced):
    """A value that holds from a date on, and grows after it where `growth` (1/year) is given."""

    value: float = Field(ge=0)
    since: dt.date = Field(alias="from")
    growth: float = 0.0


class DatedEstimate(_Sourced):
    """An estimate of a stock at the end of a quarter, with its 90 % interval."""

    value: float = Field(ge=0)
    quarter: str
    low: float = Field(gt=0)
    high: float = Field(gt=0)


class BarredAccess(_Sourced):
    """Providers (codes of countries or blocs) that do not serve their models to the country, until a day if any."""

    by: tuple[str, ...] = Field(min_length=1)
    since: dt.date = Field(alias="from")
    until: dt.date | None = None


class CountryFacts(BaseModel):
    """Row of one country; an empty list says that nothing is known, not that nothing happened."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    controls: tuple[DatedValue, ...] = ()
    grey: tuple[DatedValue, ...] = ()
    partner: tuple[DatedValue, ...] = ()
    domestic: tuple[DatedValue, ...] = ()
    exodus: tuple[DatedValue, ...] = ()
    compute: tuple[DatedEstimate, ...] = ()
    barred: tuple[BarredAccess, ...] = ()


def path(rows: tuple[DatedValue, ...], grid: Grid, as_of: dt.date | None = None) -> Floats:
    """Mean over each following quarter of a dated fact, (quarters,); 0 before the first date.

    Rows that start after `as_of` are left out: they were not known.
    """
    rows = tuple(row for row in rows if as_of is None or row.since <= as_of)
    if not rows:
        return np.zeros(len(grid))
    weeks = laid_out(grid, [row.since for row in rows], [row.value for row in rows])
    last = max(rows, key=lambda row: row.since)
    # Growth starts a year after the date: the figure is the flow of its first year.
    grown = np.exp(last.growth * np.maximum(grid.weeks - decimal(last.since) - 1, 0))
    return np.asarray(np.nan_to_num(weeks * grown).mean(axis=1))


def estimated(rows: tuple[DatedEstimate, ...], grid: Grid) -> tuple[Floats, float]:
    """Natural log of an estimated stock, (quarters,), on lines between estimates, and the sd of the last one."""
    at = np.asarray([quarter_number(row.quarter) for row in rows], float)
    order = np.argsort(at)
    logs = np.log([row.value for row in rows])[order]
    last = max(rows, key=lambda row: quarter_number(row.quarter))
    sd = float(np.log(last.high / last.low) / 2 / 1.645)
    return np.asarray(np.interp(np.arange(grid.first, grid.last + 1), at[order], logs)), sd


@lru_cache(maxsize=1)
def country_table() -> Mapping[str, CountryFacts]:
    """The table that ships with the package, by country code.

    Raises:
        InputError: a row is malformed or without source; names file, country and row.
    """
    raw = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    try:
        return TypeAdapter(dict[str, CountryFacts]).validate_python(raw)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"{SHIPPED}: [{where}] {first['msg'].removeprefix('Value error, ')}") from error

"""Interface of a publisher's adapter: files in, tables out, and the columns that every adapter fills alike.

An adapter is one module of this package that ends in `ADAPTERS = (…,)`; several instances may stand for several
editions of one publisher. It names countries by `headway.evidence.countries.code_of`, dates rows by
`publication_date`, and leaves `id`, `retrieved_on` and absent nullable columns to the builder. It downloads nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from headway.core import periods
from headway.core.errors import EvidenceError, HeadwayError
from headway.evidence.catalogue import indicators, sources

PSEUDO = "pseudo"  # mark of rows whose published_on follows a rule instead of a record


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables that one adapter read; any table may be empty.

    observations: at least indicator, country, period, value, unit, source, published_on; optional low, high, level,
        flag, inputs (see `observations.COLUMNS`).
    models, flows, statements: columns of `headway.evidence.observations`; `id` may be left out of models and flows.
    """

    observations: pd.DataFrame = field(default_factory=pd.DataFrame)
    models: pd.DataFrame = field(default_factory=pd.DataFrame)
    flows: pd.DataFrame = field(default_factory=pd.DataFrame)
    statements: pd.DataFrame = field(default_factory=pd.DataFrame)


class Adapter(Protocol):
    """Reader of the files of one source (or one edition of it)."""

    @property
    def slug(self) -> str:
        """Name that the manifest's `adapter` field uses."""
        ...

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """Read `files`, keyed by the roles of the manifest; `vintage` is the day of the newest of them.

        A file of an older vintage says so in its role: `all_models@2025-03-14` (see `role_date`).

        Raises:
            SourceShapeError: a file is not of the publisher's known shape.
        """
        ...


class SourceShapeError(EvidenceError):
    """A publisher's file has changed its shape: names file, column and row, and what was expected."""

    def __init__(self, file: Path | str, problem: str, *, column: str | None = None, row: int | None = None) -> None:
        where = ", ".join(
            part for part in (f"column '{column}'" if column else "", f"row {row}" if row is not None else "") if part
        )
        super().__init__(f"{file}{f' ({where})' if where else ''}: {problem}")
        self.file, self.column, self.row = str(file), column, row


def read_csv(path: Path, columns: Mapping[str, type | str] | list[str], **options: Any) -> pd.DataFrame:
    """Table of a CSV that must have `columns` (names, or names with dtypes); others are kept. `NA` stays text.

    Empty cells become missing; row numbers in errors count the header as row 1, as a spreadsheet does.

    Raises:
        SourceShapeError: unreadable, empty, a column missing, or a number that is none.
    """
    try:
        frame: pd.DataFrame = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""], **options)
    except FileNotFoundError as error:
        raise SourceShapeError(path, "file is missing") from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise SourceShapeError(path, f"not a readable CSV file: {error}") from error
    for column in columns:
        if column not in frame.columns:
            found = ", ".join(map(str, frame.columns[:12]))
            raise SourceShapeError(path, f"column is missing; found: {found}", column=column)
    if isinstance(columns, Mapping):
        for column, kind in columns.items():
            if kind in (float, int, "float", "int"):
                frame[column] = numbers(frame[column], path)
    return frame


def numbers(column: pd.Series[Any], path: Path | str) -> pd.Series[Any]:
    """Numbers (float64) from text, missing as NaN.

    Raises:
        SourceShapeError: a cell that is not a number, named by row.
    """
    values = pd.to_numeric(column, errors="coerce")
    bad = values.isna() & column.notna()
    if bad.any():
        at = int(bad.to_numpy().argmax())
        raise SourceShapeError(path, f"'{column.iloc[at]}' is not a number", column=str(column.name), row=at + 2)
    return values.astype("float64")


def codes(column: pd.Series[Any], path: Path | str, code_of: Callable[[str], str | None]) -> pd.Series[Any]:
    """Codes of country cells; aggregates become missing, an unknown name is an error that names its row."""
    known: dict[str, str | None] = {}
    for at, cell in enumerate(column):
        if isinstance(cell, str) and cell not in known:
            try:
                known[cell] = code_of(cell)
            except HeadwayError as error:
                raise SourceShapeError(path, str(error), column=str(column.name), row=at + 2) from error
    return column.map(lambda cell: known.get(cell) if isinstance(cell, str) else None)


def slug_of(name: str) -> str:
    """Name of a model as part of an id: lower case, with hyphens for all but letters and digits."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")


def role_date(role: str) -> dt.date | None:
    """Vintage in a role such as `all_models@2025-03-14`, or None."""
    _, mark, day = role.partition("@")
    return dt.date.fromisoformat(day) if mark else None


def publication_date(period: str, lag_days: int, vintage: dt.date) -> dt.date:
    """Pseudo-real-time publication date: the end of `period` plus the source's usual lag, at the latest `vintage`.

    Rows dated so carry the flag `pseudo`: revisions between that day and `vintage` are not seen.
    """
    return min(periods.end(period) + dt.timedelta(days=lag_days), vintage)


FIRST_YEAR = 2010


def lag_of(indicator: str, source: str) -> int:
    """Days from the end of a period to its publication: the indicator's rule, else the source's."""
    own = indicators()[indicator].lag_days
    days = own if own is not None else sources()[source].lag_days
    if days is None:
        raise ValueError(f"neither indicator {indicator} nor source {source} has lag_days")
    return days


def pseudo_dated(frame: pd.DataFrame, source: str, vintage: dt.date, flag: str = "") -> pd.DataFrame:
    """Observations of one source whose publication days follow the stated lag; rows without value or country go.

    Args:
        frame: indicator, country, period, value and, if there are any, low, high and level.
        flag: further marks beside `pseudo`, comma-joined.
    """
    return _finished(frame, source, flag=f"{PSEUDO},{flag}" if flag else PSEUDO).assign(
        published_on=lambda rows: [
            publication_date(period, lag_of(indicator, source), vintage)
            for indicator, period in zip(rows["indicator"], rows["period"], strict=True)
        ]
    )


def dated(frame: pd.DataFrame, source: str, published_on: dt.date, flag: str = "") -> pd.DataFrame:
    """Observations of one source that were all published on one day."""
    return _finished(frame, source, flag=flag).assign(published_on=published_on)


def _finished(frame: pd.DataFrame, source: str, flag: str) -> pd.DataFrame:
    known = indicators()
    rows = frame.dropna(subset=["country", "value"]).reset_index(drop=True)
    return rows.assign(unit=rows["indicator"].map(lambda slug: known[slug].unit), source=source, flag=flag)


def years(column: pd.Series[Any]) -> pd.Series[Any]:
    """Years as periods: 2014.0 and "2014" become "2014"; a missing year becomes missing."""
    numbers = pd.to_numeric(column, errors="coerce")
    return numbers.map(lambda year: f"{int(year):04d}" if pd.notna(year) else None)


def recent(frame: pd.DataFrame, column: str = "year") -> pd.DataFrame:
    """Rows of `FIRST_YEAR` and later; the year stands in `column` as a number or as text."""
    return frame[pd.to_numeric(frame[column], errors="coerce") >= FIRST_YEAR].reset_index(drop=True)

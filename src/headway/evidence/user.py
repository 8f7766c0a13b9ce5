"""Evidence of the user: a CSV file in the schema of the observations, checked, converted, and marked as theirs."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import numpy as np
import pandas as pd

from headway.core import periods
from headway.core.errors import InputError
from headway.evidence.blocs import read_groups
from headway.evidence.catalogue import Bloc, Indicator, Source
from headway.evidence.countries import resolve
from headway.evidence.observations import COLUMNS, NUMBERS, tidy, validate
from headway.evidence.units import convert

REQUIRED = ("indicator", "country", "period", "value", "unit", "source")
LIMIT = 50 << 20  # bytes; a table of observations is far smaller


@dataclass(frozen=True, slots=True)
class UserEvidence:
    """Observations, sources and groups that the user added.

    Attributes:
        observations: tidy rows, flagged `user`.
        sources: the user's sources, by slug (`user_…`).
        groups: the user's groups of countries, by code.
        hash: first 8 hex digits of the sha256 of all files, in the order given.
    """

    observations: pd.DataFrame
    sources: Mapping[str, Source]
    groups: Mapping[str, Bloc]
    hash: str


def read_user_files(files: Sequence[Path], indicators: Mapping[str, Indicator], newest: dt.date) -> UserEvidence:
    """Evidence from the user's tables (`.csv`) and groups (`.toml`, `.yaml`, `.yml`).

    Args:
        newest: the last day on which a row may have been published.

    Raises:
        InputError: names file, row and field, and what would be right.
    """
    digest = hashlib.sha256()
    tables: list[pd.DataFrame] = []
    sources: dict[str, Source] = {}
    groups: dict[str, Bloc] = {}
    for path in map(Path, files):
        data = _bytes(path)
        digest.update(data)
        if path.suffix in (".toml", ".yaml", ".yml"):
            groups |= read_groups(path)
        elif path.suffix == ".csv":
            table, named = _read_table(path, data, indicators, newest)
            tables.append(table)
            sources |= named
        else:
            raise InputError(f"{path}: give a .csv table of observations, or a .toml or .yaml file of groups")
    rows = pd.concat(tables, ignore_index=True) if tables else tidy(pd.DataFrame(columns=[*REQUIRED, "published_on"]))
    twice = rows["id"].duplicated()
    if twice.any():
        raise InputError(f"{', '.join(map(str, files))}: {rows['id'][twice].iloc[0]} stands in two files")
    return UserEvidence(rows, sources, groups, digest.hexdigest()[:8])


def _read_table(
    path: Path, data: bytes, indicators: Mapping[str, Indicator], newest: dt.date
) -> tuple[pd.DataFrame, dict[str, Source]]:
    raw = _cells(path, data)
    table = raw.assign(
        **{column: _numbers(path, raw[column]) for column in NUMBERS if column in raw},
        country=_mapped(path, raw["country"], lambda text: resolve(text).code),
        period=raw["period"].str.strip(),
        indicator=_mapped(path, raw["indicator"], lambda text: _indicator(text, indicators)),
    )
    table = _in_unit(path, table, indicators)
    named = _sources(path, table["source"], newest)
    table["source"] = table["source"].map(_source_slug)
    table["published_on"], pseudo = _published(path, table, newest)
    flag = table["flag"].fillna("") if "flag" in table else pd.Series("", index=table.index)
    table["flag"] = flag + np.where(pseudo, ",user,pseudo", ",user")
    kept = tidy(table.drop(columns=[c for c in ("retrieved_on", "note") if c in table]), newest)
    return validate(kept, indicators, named, str(path), error=InputError, row_of=_row), named


def _row(position: int) -> str:
    return f"row {position + 2}"  # the header is row 1


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LIMIT:
            raise InputError(f"{path}: larger than {LIMIT >> 20} MB; give only the rows you add")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror or error}") from error


def _cells(path: Path, data: bytes) -> pd.DataFrame:
    if not data.strip():
        raise InputError(f"{path}: the file is empty; its first row should be {','.join(REQUIRED)}")
    if b"\x00" in data:
        raise InputError(f"{path}: not a text file; save the table as CSV in UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise InputError(f"{path}: row {row} is not UTF-8; save the table as CSV in UTF-8") from error
    raw = _parsed(path, text)
    _check_header(path, raw)
    for column in REQUIRED:
        if raw[column].isna().any():
            at = int(raw[column].isna().to_numpy().argmax())
            raise InputError(f"{path}: row {at + 2}, field '{column}' is empty; every row needs {', '.join(REQUIRED)}")
    return raw


def _parsed(path: Path, text: str) -> pd.DataFrame:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise InputError(f"{path}: not a CSV table: {error}") from error
    header = [cell.strip() for cell in rows[0]]
    for column in header:
        if header.count(column) > 1:
            raise InputError(f"{path}: column '{column}' stands twice")
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise InputError(f"{path}: row {number} has {len(row)} cells, the header {len(header)}")
    cells = [[cell.strip() or None for cell in row] for row in rows[1:]]
    return pd.DataFrame(cells, columns=header, dtype="str")


def _check_header(path: Path, raw: pd.DataFrame) -> None:
    allowed = [*COLUMNS, "note"]
    for column in REQUIRED:
        if column not in raw.columns:
            raise InputError(f"{path}: column '{column}' is missing; found {', '.join(raw.columns)}")
    for column in raw.columns:
        if column not in allowed:
            near = get_close_matches(column, allowed, 1)
            meant = f"; did you mean '{near[0]}'?" if near else f"; allowed are {', '.join(allowed)}"
            raise InputError(f"{path}: column '{column}' is not known{meant}")
    if raw.empty:
        raise InputError(f"{path}: there is no row below the header")


def _numbers(path: Path, cells: pd.Series[str]) -> pd.Series[float]:
    values = pd.to_numeric(cells, errors="coerce")
    bad = (values.isna() & cells.notna()) | np.isinf(values)
    if bad.any():
        at = int(bad.to_numpy().argmax())
        raise InputError(
            f"{path}: row {at + 2}, field '{cells.name}' is '{cells.iloc[at]}': give a finite number such as 1234.5, "
            "without unit or thousands separator"
        )
    return values.astype("float64")


def _mapped(path: Path, cells: pd.Series[str], one: Callable[[str], str]) -> pd.Series[str]:
    known: dict[str, str] = {}
    for at, cell in enumerate(cells):
        if cell not in known:
            try:
                known[cell] = one(cell)
            except InputError as error:
                raise InputError(f"{path}: row {at + 2}, field '{cells.name}': {error}") from None
    return cells.map(known)


def _indicator(text: str, indicators: Mapping[str, Indicator]) -> str:
    if text in indicators:
        return text
    near = get_close_matches(text.casefold(), indicators, 3)
    meant = f"; did you mean {' or '.join(near)}?" if near else "; `headway evidence list` names them"
    raise InputError(f"'{text}' is not an indicator{meant}")


def _in_unit(path: Path, table: pd.DataFrame, indicators: Mapping[str, Indicator]) -> pd.DataFrame:
    """Value, low and high in the indicator's unit, whatever compatible unit the user gave."""
    table = table.copy()
    for (slug, unit), rows in table.groupby(["indicator", "unit"], sort=False):
        wanted = indicators[str(slug)].unit
        if unit == wanted:
            continue
        for column in ("value", "low", "high"):
            if column in table:
                try:
                    table.loc[rows.index, column] = convert(rows[column].to_numpy(), str(unit), wanted)
                except InputError as error:
                    row = int(rows.index[0]) + 2
                    raise InputError(f"{path}: row {row}, field 'unit': {error} for {slug}") from None
        table.loc[rows.index, "unit"] = wanted
    return table


def _published(path: Path, table: pd.DataFrame, newest: dt.date) -> tuple[pd.Series[pd.Timestamp], pd.Series[bool]]:
    """Days of publication; where none is given, the end of the period, at the latest `newest`."""
    given = table["published_on"] if "published_on" in table else pd.Series(None, index=table.index, dtype="object")
    days = []
    for at, (cell, period) in enumerate(zip(given, table["period"], strict=True)):
        try:
            day = min(periods.end(period), newest) if pd.isna(cell) else dt.date.fromisoformat(cell)
        except InputError as error:
            raise InputError(f"{path}: row {at + 2}, field 'period': {error}") from None
        except ValueError:
            raise InputError(
                f"{path}: row {at + 2}, field 'published_on' is '{cell}': write a day as 2024-05-17"
            ) from None
        if day > newest:
            raise InputError(
                f"{path}: row {at + 2}, field 'published_on' is {day}: it lies after {newest}, the day asked about"
            )
        days.append(day)
    return pd.to_datetime(pd.Series(days, index=table.index)), given.isna()


def _source_slug(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_") or "source"
    return words if words.startswith("user_") else f"user_{words}"


def _sources(path: Path, names: pd.Series[str], newest: dt.date) -> dict[str, Source]:
    return {
        _source_slug(name): Source(
            slug=_source_slug(name),
            publisher=name,
            title=path.name,
            url=path.resolve().as_uri(),
            licence="the user's own",
            citation=f"{name}, as given in {path.name}",
            retrieved_on=newest,
        )
        for name in names.unique()
    }

"""Table of an index's data: labelled arrays whose rows stay in one order, and its reader, which names faulty cells.

Data files of an index: one row per unit (and year), one column per indicator. Every fault names column and row.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from headway.core.errors import InputError
from headway.standing.moments import Array
from headway.standing.settings import Denominate, Impute
from headway.standing.spec import Spec


@dataclass(frozen=True)
class Table:
    """Data of an index: one row per unit (and year), sorted by both, so that the order in a file does not matter.

    Attributes:
        units: unit of each row. years: year of each row, or None.
        indicators: names of the columns of `values`, shape (rows, indicators); NaN is missing.
        groups: group columns by name, one entry per row, empty where unknown.
        extras: further numeric columns (denominators) by name.
        errors: standard errors of values, NaN where not given. ages: years between the row's year and the year that
            the value speaks of, zero where not given.
        labels: what readers call a unit.
    """

    units: tuple[str, ...]
    indicators: tuple[str, ...]
    values: Array
    years: npt.NDArray[np.int64] | None = None
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    extras: Mapping[str, Array] = field(default_factory=dict)
    errors: Array | None = None
    ages: Array | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.values.shape != (len(self.units), len(self.indicators)):
            raise ValueError(
                f"values have the shape {self.values.shape}, labels {len(self.units), len(self.indicators)}"
            )
        keys = list(zip(self.years if self.years is not None else [0] * len(self.units), self.units, strict=True))
        order = sorted(range(len(keys)), key=keys.__getitem__)
        if order != list(range(len(keys))):
            for name, entry in vars(self._taken(np.asarray(order))).items():
                object.__setattr__(self, name, entry)
        for first, second in itertools.pairwise(order):
            if keys[first] == keys[second]:
                when = f" in {keys[first][0]}" if self.years is not None else ""
                raise InputError(
                    f"unit '{keys[first][1]}' stands twice{when}; one row per unit{' and year' if when else ''}"
                )

    def _taken(self, rows: npt.NDArray[np.int64]) -> Table:
        new = object.__new__(Table)
        fields = {
            "units": tuple(self.units[i] for i in rows),
            "indicators": self.indicators,
            "values": self.values[rows],
            "years": None if self.years is None else self.years[rows],
            "groups": {name: tuple(column[i] for i in rows) for name, column in self.groups.items()},
            "extras": {name: column[rows] for name, column in self.extras.items()},
            "errors": None if self.errors is None else self.errors[rows],
            "ages": None if self.ages is None else self.ages[rows],
            "labels": self.labels,
        }
        for name, entry in fields.items():
            object.__setattr__(new, name, entry)
        return new

    def take(self, rows: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> Table:
        """Table with some of the rows, in the same order."""
        return self._taken(np.flatnonzero(rows) if rows.dtype == bool else np.sort(rows))

    def of_year(self, year: int) -> Table:
        """Table with the rows of one year.

        Raises:
            InputError: no such year.
        """
        if self.years is None:
            raise InputError("this table has no years")
        if year not in self.years:
            raise InputError(f"no rows of {year}; the data hold {', '.join(map(str, self.distinct_years))}")
        return self.take(self.years == year)

    @property
    def distinct_years(self) -> tuple[int, ...]:
        """Years in increasing order; empty without years."""
        return () if self.years is None else tuple(int(year) for year in np.unique(self.years))

    def blocks(self) -> list[npt.NDArray[np.int64]]:
        """Row numbers of each year, or of all rows without years."""
        if self.years is None:
            return [np.arange(len(self.units))]
        return [np.flatnonzero(self.years == year) for year in self.distinct_years]

    def name(self, unit: str) -> str:
        """Name of a unit for readers."""
        return self.labels.get(unit) or unit

    @cached_property
    def hash(self) -> str:
        """Twelve hexadecimal digits of the data: labels and every number."""
        digest = hashlib.sha256()
        digest.update(repr((self.units, self.indicators, sorted(self.groups.items()), sorted(self.extras))).encode())
        arrays = (self.values, self.years, *(self.extras[k] for k in sorted(self.extras)), self.errors, self.ages)
        for array in arrays:
            digest.update(b"-" if array is None else np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:12]


MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "..", "–", "…"})
"""Cells that mean "no value", in any case."""

MAX_ROWS = 200_000


def read_table(path: Path, spec: Spec) -> Table:
    """Table from a CSV file: the columns that `spec` names.

    Beside the indicators: the unit and year columns, a column `label` if there is one, group and denominator columns
    of the steps, and for each indicator optionally `<indicator>.se` (standard error) and `<indicator>.year` (the year
    that the value speaks of). Further columns are ignored.

    Raises:
        InputError: the file cannot be read, a column is missing or stands twice, a unit stands twice, a cell is no
            number or is infinite, or there are no rows or too many.
    """
    try:
        text = Path(path).read_text("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text") from error
    return parse_table(text, spec, str(path))


def parse_table(text: str, spec: Spec, where: str) -> Table:
    """Table as by `read_table`, from the text of a file; `where` names it in errors."""
    header, rows = _rows(text, where)
    columns = _Columns(header, rows, where)
    units = columns.texts(spec.unit)
    _check_units(units, columns.numbers(spec.year) if spec.year else None, columns)
    years = columns.numbers(spec.year) if spec.year else None
    wanted = spec.tree.leaves
    errors, ages = _optional(columns, wanted, ".se"), _optional(columns, wanted, ".year")
    if ages is not None:
        speaking = years if years is not None else np.full(len(rows), np.nanmax(ages))
        ages = np.nan_to_num(np.clip(speaking[:, None] - ages, 0, None))
    return Table(
        units=units,
        indicators=wanted,
        values=np.column_stack([columns.numbers(name) for name in wanted]),
        years=None if years is None else years.astype(np.int64),
        groups={name: columns.texts(name, required=False) for name in _groups(spec)},
        extras={name: columns.numbers(name) for name in _denominators(spec)},
        errors=errors,
        ages=ages,
        labels=dict(zip(units, columns.texts("label", required=False), strict=True)) if "label" in header else {},
    )


class _Row(NamedTuple):
    """Cells of a row, and the line of the file on which it ends."""

    line: int
    cells: list[str]


def _rows(text: str, where: str) -> tuple[list[str], list[_Row]]:
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    lines = [_Row(reader.line_num, line) for line in reader if any(cell.strip() for cell in line)]
    if len(lines) < 2:
        raise InputError(f"{where}: no rows; the first line names the columns, each further line is a unit")
    header = [cell.strip() for cell in lines[0].cells]
    twice = next((name for name in header if name and header.count(name) > 1), None)
    if twice:
        raise InputError(f"{where}: column '{twice}' stands twice")
    if len(lines) - 1 > MAX_ROWS:
        raise InputError(f"{where}: {len(lines) - 1:,} rows; at most {MAX_ROWS:,}")
    for row in lines[1:]:
        if len(row.cells) != len(header):
            raise InputError(
                f"{where}, line {row.line}: {len(row.cells)} cells, but the first line names {len(header)} columns"
            )
    return header, lines[1:]


class _Columns:
    """Columns of the file by name."""

    def __init__(self, header: Sequence[str], rows: list[_Row], where: str) -> None:
        self.where, self.rows = where, rows
        self._at: Mapping[str, int] = {name: i for i, name in enumerate(header)}

    def __contains__(self, name: str) -> bool:
        return name in self._at

    def cells(self, name: str) -> Iterator[str]:
        """Cells of a column; the error for an unknown name suggests the nearest one."""
        if name not in self._at:
            near = difflib.get_close_matches(name, self._at, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else f"; the file has {', '.join(list(self._at)[:12])}"
            raise InputError(f"{self.where}: no column '{name}'{hint}")
        at = self._at[name]
        return (row.cells[at].strip() for row in self.rows)

    def texts(self, name: str, required: bool = True) -> tuple[str, ...]:
        """Texts of a column."""
        out = tuple(self.cells(name))
        if required:
            for row, cell in zip(self.rows, out, strict=True):
                if not cell:
                    raise InputError(f"{self.where}, line {row.line}: column '{name}' is empty")
        return out

    def numbers(self, name: str) -> Array:
        """Numbers of a column, NaN where a cell is empty; shape (rows,)."""
        out = np.empty(len(self.rows))
        for i, cell in enumerate(self.cells(name)):
            try:
                out[i] = float(cell)
            except ValueError:
                if cell.casefold() not in MISSING:
                    raise InputError(
                        f"{self.where}, line {self.rows[i].line}, column '{name}': '{cell}' is not a number"
                        f"{_advice(cell)}; leave the cell empty where there is no value"
                    ) from None
                out[i] = math.nan
            if math.isinf(out[i]):
                raise InputError(
                    f"{self.where}, line {self.rows[i].line}, column '{name}': {cell} is not a finite number"
                )
        return out


def _advice(cell: str) -> str:
    return " (write decimals with a point and no thousands separator)" if any(c.isdigit() for c in cell) else ""


def _check_units(units: Sequence[str], years: Array | None, columns: _Columns) -> None:
    if years is not None:
        for row, year in zip(columns.rows, years, strict=True):
            if not float(year).is_integer():
                raise InputError(f"{columns.where}, line {row.line}: the year {year} is not a whole number")
    seen: dict[tuple[str, float], int] = {}
    for i, unit in enumerate(units):
        line = columns.rows[i].line
        key = (unit, 0.0 if years is None else float(years[i]))
        if key in seen:
            when = f" in {key[1]:.0f}" if years is not None else ""
            raise InputError(f"{columns.where}, lines {seen[key]} and {line}: unit '{unit}' stands twice{when}")
        seen[key] = line


def _optional(columns: _Columns, names: Sequence[str], suffix: str) -> Array | None:
    if not any(name + suffix in columns for name in names):
        return None
    empty = np.full(len(columns.rows), np.nan)
    return np.column_stack([columns.numbers(n + suffix) if n + suffix in columns else empty for n in names])


def _groups(spec: Spec) -> list[str]:
    return sorted({step.group for step in spec.steps if isinstance(step, Impute) and step.group})


def _denominators(spec: Spec) -> list[str]:
    steps = [step for step in spec.steps if isinstance(step, Denominate)]
    used = {step.settings(leaf).by for step in steps for leaf in spec.tree.leaves if step.applies(leaf)}
    return sorted(name for name in used if name)

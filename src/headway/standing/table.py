"""The data of an index: labelled arrays whose rows stay in one fixed order.

Values on their way through the steps, with what happened to each cell.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from headway.core.errors import InputError
from headway.standing.marks import Mark, Marks
from headway.standing.moments import Array


@dataclass(frozen=True)
class Table:
    """One row per unit (and year), sorted by year and unit, so that no result depends on the order of rows in a file.

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
        """The table with some of its rows, in the same order."""
        return self._taken(np.flatnonzero(rows) if rows.dtype == bool else np.sort(rows))

    def of_year(self, year: int) -> Table:
        """The rows of one year.

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
        """What readers call the unit."""
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


Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Values of some rows of a table.

    Attributes:
        values: shape (…, rows, indicators); leading axes are members of an ensemble.
        marks: what happened to each cell, shape (rows, indicators) or that of `values`.
        sd: standard deviation of imputed cells about their true values, broadcastable to `values`; zero elsewhere.
        ages: years between the row's year and that of its value, shape (rows, indicators).
        rows: row numbers in the table, shape (rows,).
    """

    values: Array
    marks: Marks
    sd: Array
    ages: Array
    rows: Rows

    @classmethod
    def of(cls, table: Table) -> Sheet:
        """The table's own values, nothing done yet."""
        marks = np.where(np.isnan(table.values), np.uint8(Mark.MISSING), np.uint8(0)).astype(np.uint8)
        ages = np.zeros(table.values.shape) if table.ages is None else table.ages
        return cls(table.values, marks, np.zeros(table.values.shape), ages, np.arange(len(table.units)))

    def take(self, at: Rows) -> Sheet:
        """Some rows, by position."""
        parts = (self.values[..., at, :], self.marks[..., at, :], self.sd[..., at, :], self.ages[at], self.rows[at])
        return Sheet(*parts)


def stacked(parts: list[Sheet]) -> Sheet:
    """Blocks of rows put below each other."""
    if len(parts) == 1:
        return parts[0]
    return Sheet(
        np.concatenate([part.values for part in parts], axis=-2),
        np.concatenate([part.marks for part in parts], axis=-2),
        np.concatenate([part.sd for part in parts], axis=-2),
        np.concatenate([part.ages for part in parts]),
        np.concatenate([part.rows for part in parts]),
    )

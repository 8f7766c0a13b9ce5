"""Table of an index's data: labelled arrays whose rows stay in one order."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from headway.core.errors import InputError
from headway.standing.moments import Array


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
        remarks: how the data were read, in words, where that was not plain.
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
    remarks: tuple[str, ...] = ()

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
            "remarks": self.remarks,
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

"""Values on their way through the steps, with what happened to each cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from headway.standing.marks import Mark, Marks
from headway.standing.moments import Array
from headway.standing.table import Table

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

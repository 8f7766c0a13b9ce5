"""Sheet of values on their way through the steps, with marks of what happened to each cell.

Every value that is not the publisher's own says so by its marks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntFlag
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from headway.standing.custom import Functions
from headway.standing.moments import Array
from headway.standing.settings import Step
from headway.standing.spec import Spec
from headway.standing.table import Table

if TYPE_CHECKING:
    from headway.standing.screen import Screened

StepKind = TypeVar("StepKind", bound=Step)


class Mark(IntFlag):
    """Marks of one cell; several may hold at once. 0 is an observed, untouched value."""

    OBSERVED = 0
    MISSING = 1
    IMPUTED = 2
    IMPUTED_FALLBACK = 4  # the group had no data, so the stated fallback rule filled the cell
    CARRIED = 8  # taken from another year
    WINSORISED_HIGH = 16
    WINSORISED_LOW = 32
    TRANSFORMED = 64  # log or Box–Cox
    CAPPED = 128  # cut to a goalpost or a target


Marks = npt.NDArray[np.uint8]


def mark_words(mark: int) -> str:
    """Marks in words, such as `imputed+winsorised high`; empty for an untouched value."""
    return "+".join(flag.name.lower().replace("_", " ") for flag in Mark if flag and mark & flag and flag.name)


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
        """Sheet of the table's own values, before any step."""
        marks = np.where(np.isnan(table.values), np.uint8(Mark.MISSING), np.uint8(0)).astype(np.uint8)
        ages = np.zeros(table.values.shape) if table.ages is None else table.ages
        return cls(table.values, marks, np.zeros(table.values.shape), ages, np.arange(len(table.units)))

    def take(self, at: Rows) -> Sheet:
        """Sheet of some rows, by position."""
        parts = (self.values[..., at, :], self.marks[..., at, :], self.sd[..., at, :], self.ages[at], self.rows[at])
        return Sheet(*parts)


def stacked(parts: list[Sheet]) -> Sheet:
    """Sheet of several blocks of rows, one below the other."""
    if len(parts) == 1:
        return parts[0]
    return Sheet(
        np.concatenate([part.values for part in parts], axis=-2),
        np.concatenate([part.marks for part in parts], axis=-2),
        np.concatenate([part.sd for part in parts], axis=-2),
        np.concatenate([part.ages for part in parts]),
        np.concatenate([part.rows for part in parts]),
    )


@dataclass(frozen=True, slots=True)
class StepFrame:
    """Surroundings of a step: the specification, the table, and parameters fixed beforehand.

    Attributes:
        references: step name → the values of all years from which a `scope: all` normalisation takes its parameters.
        screened: step name → the decision of a screening step, where it was taken before.
        functions: step name → a function of one's own in its place.
    """

    spec: Spec
    table: Table
    references: Mapping[str, Array]
    screened: Mapping[str, Screened]
    functions: Functions = field(default_factory=dict)

    @property
    def directions(self) -> Array:
        """Direction of each indicator, +1 or -1, shape (indicators,)."""
        return np.array([float(self.spec.indicators[leaf].direction) for leaf in self.spec.tree.leaves])


def columns_by_setting(step: StepKind, leaves: Sequence[str]) -> Iterator[tuple[StepKind, list[int]]]:
    """Settings of a step with the columns that share them, so that each setting takes one call."""
    grouped: dict[str, tuple[StepKind, list[int]]] = {}
    for j, leaf in enumerate(leaves):
        if step.applies(leaf):
            own = step.settings(leaf)
            key = own.model_dump_json(exclude={"per", "indicators"})
            grouped.setdefault(key, (own, []))[1].append(j)
    yield from grouped.values()

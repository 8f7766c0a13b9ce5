"""Screening: units with too few data, or with too many zeros, are left out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from headway.core.errors import InputError
from headway.standing.custom import custom_screen
from headway.standing.moments import Array, Bool
from headway.standing.settings import Screen
from headway.standing.sheet import Sheet, StepFrame


@dataclass(frozen=True, slots=True)
class Screened:
    """Decision for each unit and what it rests on; every array has the shape (units,)."""

    keep: Bool
    available: Array  # share of indicators with a value
    nonzero: Array  # share of the values present that are not zero; NaN without values
    low_data: Bool
    many_zeros: Bool

    def of(self, rows: npt.NDArray[np.int64] | Bool) -> Screened:
        """Decisions on some rows."""
        return Screened(*(getattr(self, name)[rows] for name in self.__slots__))


def screen(
    x: Array,
    minimum_data: float | None = None,
    minimum_nonzero: float | None = None,
    include: Bool | None = None,
    exclude: Bool | None = None,
) -> Screened:
    """Decisions by the rules on `x` (units, indicators); units forced in or out win over the rules.

    Args:
        minimum_data: share of indicators that must be present.
        minimum_nonzero: share of the present values that must not be zero.
    """
    n, p = x.shape
    present = (~np.isnan(x)).sum(axis=1)
    zeros = (x == 0).sum(axis=1)
    available = present / p if p else np.ones(n)
    nonzero = 1 - zeros / np.where(present > 0, present, np.nan)
    low = available < minimum_data if minimum_data is not None else np.zeros(n, bool)
    many = nonzero < minimum_nonzero if minimum_nonzero is not None else np.zeros(n, bool)
    keep = ~(low | many)
    if include is not None:
        keep = keep | include
    if exclude is not None:
        keep = keep & ~exclude
    return Screened(keep, available, nonzero, low, many)


def decide(step: Screen, sheet: Sheet, frame: StepFrame) -> Screened:
    """Decisions of a screening step on the rows of a sheet.

    Raises:
        InputError: a unit forced in or out that the data do not hold, or no unit is left.
    """
    units = np.array([frame.table.units[i] for i in sheet.rows])
    for name in (*step.include, *step.exclude):
        if name not in frame.table.units:
            raise InputError(f"step '{step.name}': unit '{name}' is not in the data")
    columns = [j for j, leaf in enumerate(frame.spec.tree.leaves) if step.applies(leaf)]
    include, exclude = np.isin(units, step.include), np.isin(units, step.exclude)
    if step.name in frame.functions:
        own = custom_screen(step.name, sheet.values, frame, units)
        include, exclude = include | own, exclude | ~(own | include)
    decided = screen(sheet.values[:, columns], step.minimum_data, step.minimum_nonzero, include, exclude)
    if not decided.keep.any():
        raise InputError(f"step '{step.name}' leaves no unit; the rules ask for more data than any unit has")
    return decided


def screen_sheet(step: Screen, sheet: Sheet, frame: StepFrame) -> Sheet:
    """Sheet with the rows that a screening step keeps."""
    decided = frame.screened.get(step.name) or decide(step, sheet, frame)
    return sheet.take(np.flatnonzero(decided.keep))

"""Denomination: one column divided by another, or another function of the two, to take size out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np

from headway.standing.moments import Array
from headway.standing.settings import Denominate
from headway.standing.sheet import Mark, Sheet, StepFrame, columns_by_setting

Denomination = Callable[[Array, Array], Array]


def _ratio(x: Array, by: Array) -> Array:
    return x / np.where(by == 0, np.nan, by)


FUNCTIONS: Mapping[str, Denomination] = {
    "ratio": _ratio,
    "product": lambda x, by: x * by,
    "difference": lambda x, by: x - by,
    "log_ratio": lambda x, by: np.log(np.where(_ratio(x, by) > 0, _ratio(x, by), np.nan)),
}
"""Named functions of (values, scaled denominators) that a specification may ask for."""


def denominate(x: Array, by: Array, scale: float = 1.0, function: str | Denomination = "ratio") -> Array:
    """Values of `function(x, by / scale)`: with `scale` 1000 and population as `by`, a rate per 1,000 people.

    Args:
        x: any shape. by: broadcastable to it.
        function: a name in `FUNCTIONS`, or any function of two arrays.

    Returns:
        Values shaped as `x`; missing where either is missing or the denominator is zero.
    """
    apply = FUNCTIONS[function] if isinstance(function, str) else function
    return apply(x, by / scale)


def denominate_sheet(step: Denominate, sheet: Sheet, frame: StepFrame) -> Sheet:
    """Sheet after a denomination; cells without a denominator, or with a zero one, become missing."""
    values = sheet.values.copy()
    for own, columns in columns_by_setting(step, frame.spec.tree.leaves):
        if own.by is None:
            continue
        by = frame.table.extras[own.by][sheet.rows][:, None]
        values[..., columns] = denominate(values[..., columns], by, own.scale, own.function)
    gone = np.isnan(values) & ~np.isnan(sheet.values)
    marks = np.where(gone, sheet.marks | np.uint8(Mark.MISSING), sheet.marks).astype(np.uint8)
    return replace(sheet, values=values, marks=marks)

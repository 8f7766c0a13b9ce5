"""Treatment of outliers: a column that fails on skewness and kurtosis is winsorised, and if need be transformed.

Source: OECD/JRC Handbook on Constructing Composite Indicators (2008), section on data treatment; the thresholds and
the 0.01 · range shift are those of the JRC's COIN tool.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from headway.standing.moments import Array, Bool, extent, shape, skewness
from headway.standing.settings import Treat
from headway.standing.sheet import Mark, Marks, Sheet, StepFrame, columns_by_setting

Transform = Literal["log", "log_mirrored", "boxcox", "none"]


def fails(x: Array, skew: float = 2.0, kurt: float = 3.5) -> Bool:
    """Whether each column of `x` (units, columns) has |skewness| ≥ `skew` and kurtosis ≥ `kurt`; shape (columns,).

    Columns with fewer than 4 values, or none that differ, have no such moments and do not fail.
    """
    return _beyond(*shape(x), skew, kurt)


def _beyond(skewed: Array, peaked: Array, skew: float, kurt: float) -> Bool:
    return np.asarray((np.abs(skewed) >= skew) & (peaked >= kurt))


def winsorise(
    x: Array, winmax: int | None = 5, skew: float = 2.0, kurt: float = 3.5, force: bool = False
) -> tuple[Array, Marks]:
    """Values whose extremes are pulled to the next value, one distinct value at a time, while a column fails.

    Each round moves every cell equal to the maximum (minimum, when skewness is negative) to the next largest
    (smallest) distinct value, while fewer than `winmax` cells have been touched, both ends together; ties may exceed
    `winmax`.

    Args:
        x: shape (units, columns).
        winmax: None for no limit.
        force: go on to `winmax` whatever the test says.

    Returns:
        The treated values and their marks, both shaped as `x`.
    """
    x = x.copy()
    high, low = np.zeros(x.shape, bool), np.zeros(x.shape, bool)
    limit = x.size if winmax is None else winmax
    skewed, peaked = shape(x)
    active = np.flatnonzero((force | _beyond(skewed, peaked, skew, kurt)) & (limit > 0))
    skewed = skewed[active]
    while active.size:
        upward = skewed >= 0
        part = x[:, active] * np.where(upward, 1.0, -1.0)  # so that the end to be moved is the upper one
        edge = np.fmax.reduce(part)
        target = np.where(part < edge, part, -np.inf).max(axis=0)
        moved = (part == edge) & (target > -np.inf)
        part = np.where(moved, target, part) * np.where(upward, 1.0, -1.0)
        x[:, active] = part
        high[:, active] |= moved & upward
        low[:, active] |= moved & ~upward
        touched = high[:, active].sum(0) + low[:, active].sum(0)
        skewed, peaked = shape(part)
        on = (force | _beyond(skewed, peaked, skew, kurt)) & (touched < limit) & moved.any(0)
        active, skewed = active[on], skewed[on]
    marks = high * np.uint8(Mark.WINSORISED_HIGH) + low * np.uint8(Mark.WINSORISED_LOW)
    return x, marks.astype(np.uint8)


def log_shifted(x: Array, mirrored: bool = False) -> Array:
    """Values ln(x - min + 0.01 · range); `mirrored` columns of negative skewness take -ln(max + 0.01 · range - x).

    A column without spread stays as it is.
    """
    low, high = extent(x)
    spread = np.where(high > low, high - low, np.nan)
    plain = np.log(x - low + 0.01 * spread)
    if mirrored:
        flipped = -np.log(high + 0.01 * spread - x)
        plain = np.where(skewness(x) < 0, flipped, plain)
    return np.where(np.isnan(spread), x, plain)


def boxcox(x: Array, power: float) -> Array:
    """Box–Cox transforms with a stated `power` (lambda) after shifting each column's minimum to 1."""
    shifted = x - extent(x)[0] + 1
    return np.asarray(np.log(shifted) if power == 0 else (shifted**power - 1) / power)


def transformed(x: Array, transform: Transform, power: float = 0.0) -> Array:
    """Values under one of the named transformations."""
    if transform == "none":
        return x
    if transform == "boxcox":
        return boxcox(x, power)
    return log_shifted(x, mirrored=transform == "log_mirrored")


def treat(
    x: Array,
    *,
    winmax: int | None = 5,
    skew: float = 2.0,
    kurt: float = 3.5,
    transform: Transform = "log",
    power: float = 0.0,
    force: bool = False,
    combine: bool = False,
) -> tuple[Array, Marks]:
    """Values with failing columns winsorised; those that still fail are transformed from their original values.

    Args:
        x: shape (…, units, columns).
        combine: transform the winsorised instead of the original values.

    Returns:
        The treated values and their marks, both shaped as `x`.
    """
    batch, n = x.shape[:-2], x.shape[-2]
    flat = np.moveaxis(x, -2, 0).reshape(n, -1)
    out, marks = flat.copy(), np.zeros(flat.shape, np.uint8)
    todo = np.flatnonzero(fails(flat, skew, kurt) | force)
    if todo.size:
        out[:, todo], marks[:, todo] = winsorise(flat[:, todo], winmax, skew, kurt, force)
        still = todo[fails(out[:, todo], skew, kurt)]
        if still.size and transform != "none":
            base = out if combine else flat
            out[:, still] = transformed(base[:, still], transform, power)
            kept = marks[:, still] if combine else np.uint8(0)
            present = ~np.isnan(flat[:, still])
            marks[:, still] = np.where(present, kept | np.uint8(Mark.TRANSFORMED), 0)
    shape = (n, *batch, x.shape[-1])
    return np.moveaxis(out.reshape(shape), 0, -2), np.moveaxis(marks.reshape(shape), 0, -2)


def treat_sheet(step: Treat, sheet: Sheet, frame: StepFrame) -> Sheet:
    """Sheet after outlier treatment; cells that were changed are marked."""
    values, marks = sheet.values.copy(), np.broadcast_to(sheet.marks, sheet.values.shape).copy()
    for own, columns in columns_by_setting(step, frame.spec.tree.leaves):
        if own.bottom is not None:
            low = values[..., columns] < own.bottom
            values[..., columns] = np.where(low, own.bottom, values[..., columns])
            marks[..., columns] |= (low * np.uint8(Mark.WINSORISED_LOW)).astype(np.uint8)
        values[..., columns], new = treat(
            values[..., columns],
            winmax=own.winmax,
            skew=own.skewness,
            kurt=own.kurtosis,
            transform=own.transform,
            power=own.power,
            force=own.force,
            combine=own.combine,
        )
        marks[..., columns] |= new
    return replace(sheet, values=values, marks=marks)

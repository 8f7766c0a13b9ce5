"""Normalisation: indicators on one scale. Values arrive multiplied by their direction, so that more is better.

Source: OECD/JRC Handbook (2008), section on normalisation; Mazziotta and Pareto (2016), On a generalized
non-compensatory composite index, Social Indicators Research 127.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from headway.core.errors import InputError
from headway.standing.moments import Array, Bool, ascending_ranks, deviation, extent, mean
from headway.standing.settings import Normalise
from headway.standing.sheet import Mark, Sheet, StepFrame, columns_by_setting


def minmax(x: Array, lower: float = 0.0, upper: float = 100.0, reference: Array | None = None) -> Array:
    """Scores on [lower, upper]: the worst value of each column at `lower`, the best at `upper`.

    Args:
        x: shape (…, units, columns).
        reference: values that set the parameters (all years, say), same columns; `x` itself by default.
    """
    low, high = extent(x if reference is None else reference)
    low, spread = low[..., None, :], (high - low)[..., None, :]
    return (x - low) / _nonzero(spread) * (upper - lower) + lower


def zscore(x: Array, mean_: float = 0.0, sd: float = 1.0, ddof: int = 1, reference: Array | None = None) -> Array:
    """Scores with mean `mean_` and standard deviation `sd`; deviations divide by n - `ddof`. Shapes as in `minmax`."""
    source = x if reference is None else reference
    centre, spread = mean(source)[..., None, :], deviation(source, ddof)[..., None, :]
    return (x - centre) / _nonzero(spread) * sd + mean_


def scaled(x: Array, low: Array, high: Array, lower: float = 0.0, upper: float = 100.0) -> Array:
    """Scores (x - low) / (high - low) on [lower, upper], `low` and `high` stated by column; nothing is cut."""
    return (x - low) / (high - low) * (upper - lower) + lower


def goalposts(
    x: Array, low: Array, high: Array, *, lower: float = 0.0, upper: float = 1.0, cap: bool = True
) -> tuple[Array, Bool]:
    """Scores as in `scaled`, cut to [lower, upper] when `cap`, and where a value was cut (boolean)."""
    share = (x - low) / (high - low)
    cut = ((share < 0) | (share > 1)) & cap
    return np.where(cut, np.clip(share, 0, 1), share) * (upper - lower) + lower, cut


def rank(x: Array, reference: Array | None = None) -> Array:
    """Ranks, 1 for the worst; ties share the smallest. With `reference`: 1 + how many of its values are smaller."""
    if reference is None:
        return ascending_ranks(x)
    columns = [np.searchsorted(_present(reference[:, j]), x[..., j]) + 1.0 for j in range(x.shape[-1])]
    return np.where(np.isnan(x), np.nan, np.stack(columns, axis=-1))


def borda(x: Array, reference: Array | None = None) -> Array:
    """Numbers of units beaten: `rank` - 1."""
    return rank(x, reference) - 1


def percentile_rank(x: Array, reference: Array | None = None) -> Array:
    """Percentile ranks (rank - 1) / (n - 1) over the n values present."""
    n = (~np.isnan(x if reference is None else reference)).sum(axis=-2)[..., None, :]
    return borda(x, reference) / np.where(n > 1, n - 1, np.nan)


def distance_to_maximum(x: Array, reference: Array | None = None) -> Array:
    """Scores 1 - (max - x) / (max - min)."""
    low, high = extent(x if reference is None else reference)
    return 1 - (high[..., None, :] - x) / _nonzero((high - low)[..., None, :])


def distance_to_reference(x: Array, value: Array, cap: bool = False, reference: Array | None = None) -> Array:
    """Scores 1 - (x_ref - x) / (x_ref - min); above 1 beyond the reference unless `cap`."""
    low = extent(x if reference is None else reference)[0][..., None, :]
    score = 1 - (value - x) / _nonzero(value - low)
    return np.where(score > 1, 1.0, score) if cap else score


def distance_to_target(x: Array, target: Array, cap: bool = False, reference: Array | None = None) -> Array:
    """Scores (x - min) / (target - min); above 1 beyond the target unless `cap`."""
    low = extent(x if reference is None else reference)[0][..., None, :]
    score = (x - low) / _nonzero(target - low)
    return np.where(score > 1, 1.0, score) if cap else score


def fraction_of_maximum(x: Array, reference: Array | None = None) -> Array:
    """Scores x / max."""
    return x / _nonzero(extent(x if reference is None else reference)[1][..., None, :])


def reference_band(x: Array, value: Array | None = None, reference: Array | None = None) -> Array:
    """Scores on the adjusted Mazziotta–Pareto scale: 100 at the reference value, 60 points from end to end.

    The band is the reference value (the column's mean by default) plus and minus half the column's range; its ends
    score 70 and 130.
    """
    source = x if reference is None else reference
    low, high = extent(source)
    centre = mean(source)[..., None, :] if value is None else value
    return (x - centre) / _nonzero((high - low)[..., None, :]) * 60 + 100


def _nonzero(x: Array) -> Array:
    """Divisors with zeros as NaN: the caller has checked for constant columns and names them in its error."""
    return np.where(x == 0, np.nan, x)


def _present(column: Array) -> Array:
    return np.sort(column[~np.isnan(column)])


def normalise_sheet(step: Normalise, sheet: Sheet, frame: StepFrame) -> Sheet:
    """Sheet after a normalisation; cells that were cut are marked.

    Raises:
        InputError: a column without values or without the spread that the method needs, a value without logarithm, or a
            reference unit that is missing.
    """
    values, marks = sheet.values.copy(), np.broadcast_to(sheet.marks, sheet.values.shape).copy()
    leaves = frame.spec.tree.leaves
    for own, columns in columns_by_setting(step, leaves):
        x, turn = sheet.values[..., columns], frame.directions[columns]
        if own.log:
            _above_zero(own, x, sheet, frame, columns)
            x = np.log(np.where(x > 0, x, np.nan))
        reference = frame.references.get(step.name) if own.scope == "all" else None
        against = None if reference is None else _logged(own, reference[:, columns]) * turn
        _check_spread(own, x * turn if against is None else against, [leaves[j] for j in columns], frame)
        values[..., columns], cut = _scale(own, x * turn, turn, against, sheet, frame, columns)
        marks[..., columns] |= (cut * np.uint8(Mark.CAPPED)).astype(np.uint8)
    return replace(sheet, values=values, marks=marks)


def _logged(step: Normalise, x: Array) -> Array:
    return np.log(np.where(x > 0, x, np.nan)) if step.log else x


def _point(step: Normalise, value: float | None) -> float:
    assert value is not None
    return float(np.log(value)) if step.log else float(value)


def _scale(
    step: Normalise, x: Array, turn: Array, reference: Array | None, sheet: Sheet, frame: StepFrame, columns: list[int]
) -> tuple[Array, Bool]:
    """Scores of values times direction, and where a value was cut."""
    lower, upper = step.range
    never = np.zeros(x.shape, bool)
    match step.method:
        case "minmax":
            return minmax(x, lower, upper, reference), never
        case "zscore":
            return zscore(x, step.mean, step.sd, step.ddof, reference), never
        case "rank":
            return rank(x, reference), never
        case "borda":
            return borda(x, reference), never
        case "percentile_rank":
            return percentile_rank(x, reference), never
        case "distance_to_maximum":
            return distance_to_maximum(x, reference), never
        case "fraction_of_maximum":
            return fraction_of_maximum(x, reference), never
        case "none":
            return x, never
        case "reference_band":
            value = None if step.reference is None else _reference(step, x, turn, sheet, frame, columns)
            return reference_band(x, value, reference), never
        case "distance_to_reference":
            value = _reference(step, x, turn, sheet, frame, columns)
            scores = distance_to_reference(x, value, bool(step.cap), reference)
            return scores, (x > value) & bool(step.cap)
        case "distance_to_target":
            target = _point(step, step.target) * turn
            scores = distance_to_target(x, target, bool(step.cap), reference)
            return scores, (x > target) & bool(step.cap)
        case "scaled" | "goalposts":
            ends = _point(step, step.low) * turn, _point(step, step.high) * turn
            low, high = np.minimum(*ends), np.maximum(*ends)
            if step.method == "scaled":
                return scaled(x, low, high, lower, upper), never
            return goalposts(x, low, high, lower=lower, upper=upper, cap=step.cap is not False)


def _reference(step: Normalise, x: Array, turn: Array, sheet: Sheet, frame: StepFrame, columns: list[int]) -> Array:
    """Reference value of each column times direction; shape (…, 1, columns)."""
    if not isinstance(step.reference, str):
        return np.asarray(_point(step, step.reference) * turn)
    units = [frame.table.units[i] for i in sheet.rows]
    if step.reference not in units:
        raise InputError(f"step '{step.name}': the reference unit '{step.reference}' is not in the data")
    row = units.index(step.reference)
    value = x[..., row : row + 1, :]
    missing = np.flatnonzero(np.isnan(value).reshape(-1, x.shape[-1]).any(axis=0))
    if missing.size:
        leaf = frame.spec.tree.leaves[columns[int(missing[0])]]
        raise InputError(f"step '{step.name}': the reference unit '{step.reference}' has no value of '{leaf}'")
    return np.asarray(value)


def _above_zero(step: Normalise, x: Array, sheet: Sheet, frame: StepFrame, columns: list[int]) -> None:
    if x.ndim > 2 or not (x <= 0).any():
        return
    row, column = np.argwhere(x <= 0)[0]
    unit, leaf = frame.table.units[sheet.rows[row]], frame.spec.tree.leaves[columns[column]]
    raise InputError(
        f"step '{step.name}': {leaf} of {unit} is {x[row, column]:g}, which has no logarithm; "
        "switch `log` off for this indicator or treat the value before"
    )


_NEEDS_SPREAD = frozenset(
    {"minmax", "zscore", "distance_to_maximum", "reference_band", "percentile_rank", "fraction_of_maximum"}
)


def _check_spread(step: Normalise, x: Array, leaves: Sequence[str], frame: StepFrame) -> None:
    """Refusal of constant and empty columns, which have no scale; the error names the indicator and its node."""
    if x.ndim > 2:
        return
    low, high = extent(x)
    for j, leaf in enumerate(leaves):
        node = frame.spec.tree.parent[leaf]
        if np.isnan(low[j]):
            raise InputError(f"node '{node}': indicator '{leaf}' has no values when step '{step.name}' comes to it")
        if step.method in _NEEDS_SPREAD and low[j] == high[j] and step.method != "fraction_of_maximum":
            raise InputError(
                f"node '{node}': indicator '{leaf}' is constant ({x[~np.isnan(x[:, j]), j][0]:g}) when step "
                f"'{step.name}' comes to it, so {step.method} cannot scale it; drop it or use goalposts"
            )
        if step.method == "fraction_of_maximum" and high[j] <= 0:
            raise InputError(f"node '{node}': the maximum of '{leaf}' is {high[j]:g}; a fraction of it has no meaning")
        if (
            step.method == "distance_to_target"
            and _point(step, step.target) * frame.spec.indicators[leaf].direction == low[j]
        ):
            raise InputError(f"node '{node}': the target of '{leaf}' is its worst value, so there is no distance to it")

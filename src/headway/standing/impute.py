"""Imputation: gaps are filled, and every filled cell says how uncertain it is. Observed values never change.

Values have the shape (…, units, columns); `sd` is the standard deviation of a filled cell about its true value,
estimated from how far observed cells lie from the value that the same rule would have given them (zero where a value
was observed).
Source: OECD/JRC Handbook (2008), section on imputation; Little and Rubin (2002), Statistical Analysis with Missing
Data.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from headway.core.errors import InputError
from headway.standing.moments import Array, Bool, ascending_ranks, deviation, extent, mean
from headway.standing.settings import Impute
from headway.standing.sheet import Mark, Rows, Sheet, StepFrame, columns_by_setting

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Imputed:
    """Filled values, the standard deviation of each filled cell, and which cells took the fallback; one shape."""

    values: Array
    sd: Array
    fallback: Bool


def _filled(x: Array, value: Array, sd: Array, fallback: Bool | None = None) -> Imputed:
    gap = np.isnan(x)
    shape = np.broadcast_shapes(x.shape, value.shape)
    values = np.where(gap, value, x)
    error = np.where(gap & ~np.isnan(np.broadcast_to(value, shape)), np.broadcast_to(sd, shape), 0.0)
    none = np.zeros(shape, bool)
    return Imputed(values, error, none if fallback is None else fallback & gap & ~np.isnan(values))


def by_column(x: Array, median: bool = False) -> Imputed:
    """Values whose gaps take the mean (median) of their column; an empty column stays empty."""
    centre = _median(x) if median else mean(x)
    n = (~np.isnan(x)).sum(axis=-2)
    spread = deviation(x) * np.sqrt(1 + 1 / np.maximum(n, 1))
    return _filled(x, centre[..., None, :], np.nan_to_num(spread)[..., None, :])


def by_group(x: Array, groups: Codes, median: bool = False, fallback: str = "column") -> Imputed:
    """Values whose gaps take the mean (median) of their group in the column.

    A group without a value in the column, or a unit without a group (code -1), takes the column's own mean (median)
    when `fallback` is "column" and stays missing when it is "none"; cells so filled are marked.

    Args:
        groups: group code per unit, shape (units,).
    """
    value, spread = np.full(x.shape, np.nan), np.full(x.shape, np.nan)
    for code in np.unique(groups[groups >= 0]):
        rows = groups == code
        part = x[..., rows, :]
        value[..., rows, :] = (_median(part) if median else mean(part))[..., None, :]
        n = (~np.isnan(part)).sum(axis=-2)
        spread[..., rows, :] = (deviation(part) * np.sqrt(1 + 1 / np.maximum(n, 1)))[..., None, :]
    whole = by_column(x, median)
    overall = deviation(x)[..., None, :]
    spread = np.where(np.isnan(spread), overall, spread)
    alone = np.isnan(value)
    if fallback == "column":
        value = np.where(alone & np.isnan(x), whole.values, value)
    return _filled(x, value, np.nan_to_num(spread), alone)


def by_row(x: Array, directions: Array, median: bool = False, minimum: float = 0.0) -> Imputed:
    """Values whose gaps take the mean (median) of the unit's other indicators, on scaled values and scaled back.

    Columns are turned by `directions` and brought to [0, 1]; the row's mean goes back through the same scale. A unit
    without any value keeps its gaps.

    Args:
        directions: +1 or -1 per column, shape (columns,).
        minimum: share of the columns that a unit must have for its gaps to be filled.
    """
    turned = x * directions
    low, high = extent(turned)
    low, spread = low[..., None, :], (high - low)[..., None, :]
    share = (turned - low) / np.where(spread > 0, spread, np.nan)
    across = np.swapaxes(share, -1, -2)
    centre = np.swapaxes((_median(across) if median else mean(across))[..., None, :], -1, -2)
    enough = (~np.isnan(x)).mean(axis=-1, keepdims=True) >= minimum
    value = np.where(enough, (centre * spread + low) * directions, np.nan)
    error = mean((share - centre) ** 2)[..., None, :]
    return _filled(x, value, np.nan_to_num(np.sqrt(error) * spread))


def by_floor(x: Array, directions: Array) -> Imputed:
    """Values whose gaps take the worst value of their column: where a source lists the largest, absence is smallness.

    Args:
        directions: +1 or -1 per column, shape (columns,).
    """
    worst = _worst(x, directions)[..., None, :]
    return _filled(x, worst, np.zeros(worst.shape))


def _worst(x: Array, directions: Array) -> Array:
    """Worst value of each column, shape (…, columns)."""
    low, high = extent(x)
    return np.asarray(np.where(directions < 0, high, low))


def by_neighbours(
    x: Array, columns: list[int], k: int = 5, like: Array | None = None, absent: Array | None = None
) -> Imputed:
    """Columns whose gaps take the mean of the `k` most similar units that have a value there.

    Similarity is the mean squared distance over all columns of `x` that two units share, each in standard deviations;
    units that share none are not compared. The spread of the neighbours is the filled cell's uncertainty.

    Args:
        x: shape (…, units, all columns). columns: those whose gaps are filled.
        like: further columns for similarity, shape (units, more), taken as percentile ranks.
        absent: what a similar unit without a value counts with, shape (…, columns); it is passed over by default.

    Returns:
        Imputed values of `columns`, shape (…, units, columns).

    Source: Troyanskaya et al. (2001), Missing value estimation methods for DNA microarrays, Bioinformatics 17(6).
    """
    batch = x.reshape(-1, *x.shape[-2:])
    stand_in = (
        None if absent is None else np.broadcast_to(absent, (*x.shape[:-2], len(columns))).reshape(len(batch), -1)
    )
    extra = np.empty((x.shape[-2], 0)) if like is None else _unit_spread(_shares_of_rank(like))
    value, sd = np.full((*batch.shape[:-1], len(columns)), np.nan), np.zeros((*batch.shape[:-1], len(columns)))
    for i, one in enumerate(batch):
        wanted = one[:, columns]
        missing = np.isnan(wanted)
        rows = np.flatnonzero(missing.any(axis=1))
        if not rows.size:
            continue
        distance = _distances(np.column_stack([_unit_spread(one), extra]), rows)
        distance[np.arange(rows.size), rows] = np.inf
        for j in np.flatnonzero(missing.any(axis=0)):
            gaps = missing[rows, j]
            pool = wanted[:, j] if stand_in is None else np.where(missing[:, j], stand_in[i, j], wanted[:, j])
            donors = np.flatnonzero(~np.isnan(pool))
            if not donors.size:
                continue
            near, n = _nearest(distance[gaps][:, donors], pool[donors], min(k, donors.size))
            centre = np.nansum(near, axis=1) / np.where(n > 0, n, np.nan)
            square = np.nansum((near - centre[:, None]) ** 2, axis=1) / np.where(n > 1, n - 1, np.nan)
            value[i, rows[gaps], j] = centre
            sd[i, rows[gaps], j] = np.sqrt(np.nan_to_num(square) * (1 + 1 / np.maximum(n, 1)))
    shape = (*x.shape[:-1], len(columns))
    return _filled(x[..., columns], value.reshape(shape), sd.reshape(shape))


def _nearest(distance: Array, values: Array, k: int) -> tuple[Array, Array]:
    """Values of the `k` nearest donors of each row, NaN for those at no known distance, and how many are known."""
    at = np.argpartition(distance, k - 1, axis=1)[:, :k]
    known = np.isfinite(np.take_along_axis(distance, at, axis=1))
    return np.where(known, values[at], np.nan), known.sum(axis=1).astype(float)


def _unit_spread(x: Array) -> Array:
    spread = deviation(x)
    return np.asarray((x - mean(x)) / np.where(spread > 0, spread, np.nan))


def _shares_of_rank(x: Array) -> Array:
    return np.asarray(ascending_ranks(x, ties="average") / np.maximum((~np.isnan(x)).sum(axis=0), 1))


def _distances(z: Array, rows: Rows) -> Array:
    """Mean squared distance of some rows to all over the columns that both have; infinite where they share none."""
    present = (~np.isnan(z)).astype(float)
    filled = np.nan_to_num(z)
    square = filled**2
    shared = present[rows] @ present.T
    total = square[rows] @ present.T + present[rows] @ square.T - 2 * filled[rows] @ filled.T
    return np.asarray(np.where(shared > 0, np.maximum(total, 0.0) / np.maximum(shared, 1.0), np.inf))


def over_years(x: Array, years: Array, method: str = "latest", limit: float | None = None) -> tuple[Array, Array]:
    """Series of one unit whose gaps are filled from its own other years.

    `latest`: the last earlier value. `constant`: the same, and the first value before it. `linear`: interpolated
    inside, constant at the ends.

    Args:
        x: shape (years, columns), rows in the order of `years`.
        years: shape (years,), increasing.
        limit: greatest distance in years to the value used (for `linear`: to the nearer of the two).

    Returns:
        Values, and the year that each cell's value speaks of (interpolated cells: their own year), both shaped as `x`.
    """
    out = x.copy()
    of = np.where(np.isnan(x), np.nan, years[:, None])
    for j in range(x.shape[1]):
        known = np.flatnonzero(~np.isnan(x[:, j]))
        if not known.size:
            continue
        for i in np.flatnonzero(np.isnan(x[:, j])):
            before, after = known[known < i], known[known > i]
            near = [before[-1]] if before.size else []
            if method == "linear" and before.size and after.size:
                gap = min(years[i] - years[before[-1]], years[after[0]] - years[i])
                if limit is None or gap <= limit:
                    out[i, j] = np.interp(years[i], years[known], x[known, j])
                    of[i, j] = years[i]
                continue
            if not near and method != "latest":
                near = [after[0]]
            if near and (limit is None or abs(years[i] - years[near[0]]) <= limit):
                out[i, j], of[i, j] = x[near[0], j], years[near[0]]
    return out, of


def chained(x: Array, draws: int = 0, seed: int = 0, rounds: int = 10) -> tuple[Imputed, Array]:
    """Imputation by chained equations (scikit-learn's `IterativeImputer` with Bayesian ridge regressions).

    Args:
        x: shape (units, columns); every column needs a value.
        draws: how many further data sets to draw from the predictive distributions (multiple imputation).

    Returns:
        The mean imputation with the spread of the draws, and the draws, shape (draws, units, columns).
        Source: van Buuren and Groothuis-Oudshoorn (2011), mice, Journal of Statistical Software 45(3).
    """
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401  # registers the class below
    from sklearn.impute import IterativeImputer

    scale = np.where(np.nan_to_num(deviation(x)) > 0, deviation(x), 1.0)
    centre = mean(x)
    z = (x - centre) / scale

    def once(sample: bool, state: int) -> Array:
        imputer = IterativeImputer(max_iter=rounds, sample_posterior=sample, random_state=state)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            return np.where(np.isnan(x), imputer.fit_transform(z) * scale + centre, x)

    values = once(False, seed)
    pool = np.stack([once(True, seed + 1 + i) for i in range(draws)]) if draws else np.empty((0, *x.shape))
    sd = np.where(np.isnan(x), pool.std(axis=0, ddof=1), 0.0) if draws > 1 else np.zeros(x.shape)
    return Imputed(values, sd, np.zeros(x.shape, bool)), pool


def _median(x: Array) -> Array:
    """Column medians; NaN for an empty column."""
    empty = np.asarray(np.isnan(x).all(axis=-2))
    return np.where(empty, np.nan, np.nanmedian(np.where(empty[..., None, :], 0.0, x), axis=-2))


def impute_sheet(step: Impute, sheet: Sheet, frame: StepFrame) -> Sheet:
    """Sheet whose gaps are filled from the same year: by column, group, row, neighbours or chained equations."""
    values, sd, marks = sheet.values.copy(), np.broadcast_to(sheet.sd, sheet.values.shape).copy(), sheet.marks
    fallback = np.zeros(values.shape, bool)
    for own, columns in columns_by_setting(step, frame.spec.tree.leaves):
        for part in _pillars(own, columns, frame):
            if own.method == "neighbours":  # all indicators say which units are alike
                done = _neighbours(own, sheet, frame, part)
            else:
                done = _fill(own, values[..., part], frame, sheet.rows, part)
            new = np.isnan(values[..., part]) & ~np.isnan(done.values)
            sd[..., part] = np.where(new, done.sd, sd[..., part])
            values[..., part] = done.values
            fallback[..., part] |= done.fallback
    filled = np.isnan(sheet.values) & ~np.isnan(values)
    new_marks = np.uint8(Mark.IMPUTED) + fallback * np.uint8(Mark.IMPUTED_FALLBACK)
    return replace(sheet, values=values, sd=sd, marks=np.where(filled, new_marks, marks).astype(np.uint8))


def impute_over_years(step: Impute, sheet: Sheet, frame: StepFrame) -> Sheet:
    """Sheet whose gaps are filled from the same unit's other years.

    Raises:
        InputError: the data have no years.
    """
    if frame.table.years is None:
        raise InputError(f"step '{step.name}': {step.method} fills from other years, but the data have no year column")
    values, ages, marks = sheet.values.copy(), sheet.ages.copy(), sheet.marks.copy()
    years = frame.table.years[sheet.rows].astype(float)
    units = np.array([frame.table.units[i] for i in sheet.rows])
    for own, columns in columns_by_setting(step, frame.spec.tree.leaves):
        order = np.argsort(units, kind="stable")
        for rows in np.split(order, np.flatnonzero(units[order][1:] != units[order][:-1]) + 1):
            at = np.ix_(rows, np.asarray(columns))
            before = values[at]
            if not own.over_years or not np.isnan(before).any():
                continue
            filled, of = over_years(before, years[rows], own.method, own.limit)
            new = np.isnan(before) & ~np.isnan(filled)
            values[at] = filled
            ages[at] = np.where(new, np.abs(years[rows][:, None] - of), ages[at])
            marks[at] = np.where(new, np.uint8(Mark.IMPUTED | Mark.CARRIED), marks[at])
    return replace(sheet, values=values, ages=ages, marks=marks)


NEIGHBOUR_UNITS = 5000
"""Most units that are compared with one another."""


def _neighbours(step: Impute, sheet: Sheet, frame: StepFrame, columns: list[int]) -> Imputed:
    if len(sheet.rows) > NEIGHBOUR_UNITS:
        raise InputError(
            f"step '{step.name}': neighbours compares all pairs and takes at most {NEIGHBOUR_UNITS} units, not "
            f"{len(sheet.rows)}"
        )
    like = np.column_stack([frame.table.extras[name][sheet.rows] for name in step.like]) if step.like else None
    worst = _worst(sheet.values[..., columns], frame.directions[columns]) if step.donors == "all" else None
    return by_neighbours(sheet.values, columns, step.neighbours, like, worst)


def _pillars(step: Impute, columns: list[int], frame: StepFrame) -> list[list[int]]:
    """Lists of columns that are imputed together: those under one ancestor for row methods, else all."""
    if not step.method.startswith("row") or step.within == 0:
        return [columns]
    pillars: dict[str, list[int]] = {}
    for j in columns:
        above = frame.spec.tree.ancestors(frame.spec.tree.leaves[j])
        pillars.setdefault(above[min(step.within, len(above)) - 1], []).append(j)
    return list(pillars.values())


def _fill(step: Impute, x: Array, frame: StepFrame, rows: Rows, columns: list[int]) -> Imputed:
    median = step.method.endswith("median")
    if step.method.startswith("group"):
        assert step.group is not None
        names = frame.table.groups[step.group]
        known = sorted({name for name in names if name})
        codes = np.array([known.index(names[i]) if names[i] else -1 for i in rows], dtype=np.int64)
        return by_group(x, codes, median, step.fallback)
    if step.method.startswith("row"):
        return by_row(x, frame.directions[columns], median, step.minimum)
    if step.method == "floor":
        return by_floor(x, frame.directions[columns])
    if step.method == "chained":
        return _chained(step, x, frame, columns)
    return by_column(x, median)


def _chained(step: Impute, x: Array, frame: StepFrame, columns: list[int]) -> Imputed:
    empty = np.flatnonzero(np.isnan(x).all(axis=-2).reshape(-1, x.shape[-1]).any(axis=0))
    if empty.size:
        leaf = frame.spec.tree.leaves[columns[int(empty[0])]]
        raise InputError(
            f"step '{step.name}': indicator '{leaf}' has no value at all, so nothing can be regressed on it"
        )
    if x.ndim == 2:
        return chained(x, draws=10, seed=step.seed)[0]
    done = [chained(one, seed=step.seed)[0].values for one in x.reshape(-1, *x.shape[-2:])]
    values = np.stack(done).reshape(x.shape)
    return Imputed(values, np.zeros(x.shape), np.zeros(x.shape, bool))

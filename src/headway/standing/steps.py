"""The steps of a specification applied to a sheet: settings become calls of the array functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from headway.core.errors import InputError
from headway.standing import impute as fill
from headway.standing import normalise as norm
from headway.standing.denominate import denominate
from headway.standing.marks import Mark
from headway.standing.moments import Array, Bool, extent
from headway.standing.screen import Screened, screen
from headway.standing.settings import AnyStep, Denominate, Impute, Normalise, Screen, Step, Treat
from headway.standing.spec import Spec
from headway.standing.table import Rows, Sheet, Table, stacked
from headway.standing.treat import treat

S = TypeVar("S", bound=Step)


@dataclass(frozen=True, slots=True)
class StepFrame:
    """What steps may look at beside the values: the specification, the table, and parameters fixed beforehand.

    Attributes:
        references: step name → the values of all years from which a `scope: all` normalisation takes its parameters.
        screened: step name → the decision of a screening step, where it was taken before.
    """

    spec: Spec
    table: Table
    references: Mapping[str, Array]
    screened: Mapping[str, Screened]

    @property
    def directions(self) -> Array:
        """+1 or -1 per indicator."""
        return np.array([float(self.spec.indicators[leaf].direction) for leaf in self.spec.tree.leaves])


def apply(step: AnyStep, sheet: Sheet, frame: StepFrame) -> Sheet:
    """One step over all rows.

    Raises:
        InputError: naming the step, the indicator and, where one is at fault, the unit.
    """
    if isinstance(step, Screen):
        return _screen(step, sheet, frame)
    if isinstance(step, Denominate):
        return _denominate(step, sheet, frame)
    if isinstance(step, Impute) and step.over_years:
        return _over_years(step, sheet, frame)
    single: Callable[[Sheet], Sheet]
    if isinstance(step, Impute):
        single = lambda block: _impute(step, block, frame)  # noqa: E731
    elif isinstance(step, Treat):
        single = lambda block: _treat(step, block, frame)  # noqa: E731
    else:
        single = lambda block: _normalise(step, block, frame)  # noqa: E731
    return stacked([single(sheet.take(rows)) for rows in _blocks(sheet, frame.table)])


def _blocks(sheet: Sheet, table: Table) -> list[Rows]:
    if table.years is None:
        return [np.arange(len(sheet.rows))]
    years = table.years[sheet.rows]
    return [np.flatnonzero(years == year) for year in np.unique(years)]


def same(step: S, leaves: Sequence[str]) -> Iterator[tuple[S, list[int]]]:
    """Columns that share one setting, so that each setting is one call."""
    grouped: dict[str, tuple[S, list[int]]] = {}
    for j, leaf in enumerate(leaves):
        if step.applies(leaf):
            own = step.settings(leaf)
            key = own.model_dump_json(exclude={"per", "indicators"})
            grouped.setdefault(key, (own, []))[1].append(j)
    yield from grouped.values()


def _screen(step: Screen, sheet: Sheet, frame: StepFrame) -> Sheet:
    decided = frame.screened.get(step.name) or decide(step, sheet, frame)
    return sheet.take(np.flatnonzero(decided.keep))


def decide(step: Screen, sheet: Sheet, frame: StepFrame) -> Screened:
    """Which rows a screening step keeps.

    Raises:
        InputError: a unit forced in or out that the data do not hold, or no unit is left.
    """
    units = np.array([frame.table.units[i] for i in sheet.rows])
    for name in (*step.include, *step.exclude):
        if name not in frame.table.units:
            raise InputError(f"step '{step.name}': unit '{name}' is not in the data")
    columns = [j for j, leaf in enumerate(frame.spec.tree.leaves) if step.applies(leaf)]
    include, exclude = np.isin(units, step.include), np.isin(units, step.exclude)
    decided = screen(sheet.values[:, columns], step.minimum_data, step.minimum_nonzero, include, exclude)
    if not decided.keep.any():
        raise InputError(f"step '{step.name}' leaves no unit; the rules ask for more data than any unit has")
    return decided


def _denominate(step: Denominate, sheet: Sheet, frame: StepFrame) -> Sheet:
    values = sheet.values.copy()
    for own, columns in same(step, frame.spec.tree.leaves):
        if own.by is None:
            continue
        by = frame.table.extras[own.by][sheet.rows][:, None]
        values[..., columns] = denominate(values[..., columns], by, own.scale, own.function)
    gone = np.isnan(values) & ~np.isnan(sheet.values)
    marks = np.where(gone, sheet.marks | np.uint8(Mark.MISSING), sheet.marks).astype(np.uint8)
    return replace(sheet, values=values, marks=marks)


def _over_years(step: Impute, sheet: Sheet, frame: StepFrame) -> Sheet:
    if frame.table.years is None:
        raise InputError(f"step '{step.name}': {step.method} fills from other years, but the data have no year column")
    values, ages, marks = sheet.values.copy(), sheet.ages.copy(), sheet.marks.copy()
    years = frame.table.years[sheet.rows].astype(float)
    units = np.array([frame.table.units[i] for i in sheet.rows])
    for own, columns in same(step, frame.spec.tree.leaves):
        order = np.argsort(units, kind="stable")
        for rows in np.split(order, np.flatnonzero(units[order][1:] != units[order][:-1]) + 1):
            at = np.ix_(rows, np.asarray(columns))
            before = values[at]
            if not own.over_years or not np.isnan(before).any():
                continue
            filled, of = fill.over_years(before, years[rows], own.method, own.limit)
            new = np.isnan(before) & ~np.isnan(filled)
            values[at] = filled
            ages[at] = np.where(new, np.abs(years[rows][:, None] - of), ages[at])
            marks[at] = np.where(new, np.uint8(Mark.IMPUTED | Mark.CARRIED), marks[at])
    return replace(sheet, values=values, ages=ages, marks=marks)


def _impute(step: Impute, sheet: Sheet, frame: StepFrame) -> Sheet:
    values, sd, marks = sheet.values.copy(), np.broadcast_to(sheet.sd, sheet.values.shape).copy(), sheet.marks
    fallback = np.zeros(values.shape, bool)
    for own, columns in same(step, frame.spec.tree.leaves):
        for part in _pillars(own, columns, frame):
            done = _fill(own, values[..., part], frame, sheet.rows, part)
            new = np.isnan(values[..., part]) & ~np.isnan(done.values)
            sd[..., part] = np.where(new, done.sd, sd[..., part])
            values[..., part] = done.values
            fallback[..., part] |= done.fallback
    filled = np.isnan(sheet.values) & ~np.isnan(values)
    new_marks = np.uint8(Mark.IMPUTED) + fallback * np.uint8(Mark.IMPUTED_FALLBACK)
    return replace(sheet, values=values, sd=sd, marks=np.where(filled, new_marks, marks).astype(np.uint8))


def _pillars(step: Impute, columns: list[int], frame: StepFrame) -> list[list[int]]:
    """Columns that are imputed together: those under one ancestor for row methods, else all."""
    if not step.method.startswith("row") or step.within == 0:
        return [columns]
    pillars: dict[str, list[int]] = {}
    for j in columns:
        above = frame.spec.tree.ancestors(frame.spec.tree.leaves[j])
        pillars.setdefault(above[min(step.within, len(above)) - 1], []).append(j)
    return list(pillars.values())


def _fill(step: Impute, x: Array, frame: StepFrame, rows: Rows, columns: list[int]) -> fill.Imputed:
    median = step.method.endswith("median")
    if step.method.startswith("group"):
        assert step.group is not None
        names = frame.table.groups[step.group]
        known = sorted({name for name in names if name})
        codes = np.array([known.index(names[i]) if names[i] else -1 for i in rows], dtype=np.int64)
        return fill.by_group(x, codes, median, step.fallback)
    if step.method.startswith("row"):
        return fill.by_row(x, frame.directions[columns], median, step.minimum)
    if step.method == "chained":
        return _chained(step, x, frame, columns)
    return fill.by_column(x, median)


def _chained(step: Impute, x: Array, frame: StepFrame, columns: list[int]) -> fill.Imputed:
    empty = np.flatnonzero(np.isnan(x).all(axis=-2).reshape(-1, x.shape[-1]).any(axis=0))
    if empty.size:
        leaf = frame.spec.tree.leaves[columns[int(empty[0])]]
        raise InputError(
            f"step '{step.name}': indicator '{leaf}' has no value at all, so nothing can be regressed on it"
        )
    if x.ndim == 2:
        return fill.chained(x, draws=10, seed=step.seed)[0]
    done = [fill.chained(one, seed=step.seed)[0].values for one in x.reshape(-1, *x.shape[-2:])]
    values = np.stack(done).reshape(x.shape)
    return fill.Imputed(values, np.zeros(x.shape), np.zeros(x.shape, bool))


def _treat(step: Treat, sheet: Sheet, frame: StepFrame) -> Sheet:
    values, marks = sheet.values.copy(), np.broadcast_to(sheet.marks, sheet.values.shape).copy()
    for own, columns in same(step, frame.spec.tree.leaves):
        values[..., columns], new = treat(
            values[..., columns],
            own.winmax,
            own.skewness,
            own.kurtosis,
            own.transform,
            own.power,
            own.force,
            own.combine,
        )
        marks[..., columns] |= new
    return replace(sheet, values=values, marks=marks)


def _normalise(step: Normalise, sheet: Sheet, frame: StepFrame) -> Sheet:
    values, marks = sheet.values.copy(), np.broadcast_to(sheet.marks, sheet.values.shape).copy()
    leaves = frame.spec.tree.leaves
    for own, columns in same(step, leaves):
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
    """Scores of turned values and where a value was cut."""
    lower, upper = step.range
    never = np.zeros(x.shape, bool)
    match step.method:
        case "minmax":
            return norm.minmax(x, lower, upper, reference), never
        case "zscore":
            return norm.zscore(x, step.mean, step.sd, step.ddof, reference), never
        case "rank":
            return norm.rank(x, reference), never
        case "borda":
            return norm.borda(x, reference), never
        case "percentile_rank":
            return norm.percentile_rank(x, reference), never
        case "distance_to_maximum":
            return norm.distance_to_maximum(x, reference), never
        case "fraction_of_maximum":
            return norm.fraction_of_maximum(x, reference), never
        case "none":
            return x, never
        case "reference_band":
            value = None if step.reference is None else _reference(step, x, turn, sheet, frame, columns)
            return norm.reference_band(x, value, reference), never
        case "distance_to_reference":
            value = _reference(step, x, turn, sheet, frame, columns)
            scores = norm.distance_to_reference(x, value, bool(step.cap), reference)
            return scores, (x > value) & bool(step.cap)
        case "distance_to_target":
            target = _point(step, step.target) * turn
            scores = norm.distance_to_target(x, target, bool(step.cap), reference)
            return scores, (x > target) & bool(step.cap)
        case "scaled" | "goalposts":
            ends = _point(step, step.low) * turn, _point(step, step.high) * turn
            low, high = np.minimum(*ends), np.maximum(*ends)
            if step.method == "scaled":
                return norm.scaled(x, low, high, lower, upper), never
            return norm.goalposts(x, low, high, lower, upper, step.cap is not False)


def _reference(step: Normalise, x: Array, turn: Array, sheet: Sheet, frame: StepFrame, columns: list[int]) -> Array:
    """The reference value of each column, turned; shape (…, 1, columns)."""
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
    """Constant and empty columns have no scale: an error that names the indicator and its node."""
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

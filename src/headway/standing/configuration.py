"""Configurations of a robustness study: each legal combination of options, built once and ready for errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import Any

import numpy as np

from headway.core.errors import InputError
from headway.standing.build import Index, apply_step, build
from headway.standing.custom import Functions
from headway.standing.moments import Array
from headway.standing.settings import AnyStep, Impute, Normalise, Robustness, Screen
from headway.standing.sheet import Rows, Sheet, StepFrame
from headway.standing.spec import Spec
from headway.standing.table import Table


@dataclass(frozen=True)
class Configuration:
    """One legal combination of options with its nominal index.

    Attributes:
        options: choice → option taken.
        start: the sheet of the studied year before the first step that errors pass through (filling from other years
            comes before it).
        steps: the steps from there on.
        leaves: nominal normalised indicators of the year, shape (units, indicators). at: their rows among the year's
            units.
        weights: node → nominal weights of the year.
    """

    options: Mapping[str, str]
    index: Index
    start: Sheet
    steps: tuple[AnyStep, ...]
    frame: StepFrame
    leaves: Array
    at: Rows
    weights: Mapping[str, Array]
    references: Mapping[str, Array]

    @property
    def spec(self) -> Spec:
        """Specification with the options taken."""
        return self.index.spec

    def process(self, x: Array, z: Array | None) -> Array:
        """Normalised indicators, shape (members, units, indicators), of values with errors.

        Args:
            x: shape (members, units of `start`, indicators). z: standard normals of that shape for imputed cells, or
                None to leave them at their expectation.
        """
        sheet = Sheet(x, np.zeros(x.shape[-2:], np.uint8), np.zeros(x.shape[-2:]), self.start.ages, self.start.rows)
        rows = np.arange(x.shape[-2])
        for step in self.steps:
            before = sheet.values
            if isinstance(step, Impute) and step.method == "chained":
                sheet = _as_nominal(sheet, self.index.stages[step.name])
            else:
                sheet = apply_step(step, sheet, self.frame)
            if isinstance(step, Screen):
                rows = rows[self.frame.screened[step.name].keep]
            if isinstance(step, Impute) and z is not None:
                new = np.isnan(before) & ~np.isnan(sheet.values)
                drawn = np.where(new, sheet.values + sheet.sd * z[:, rows], sheet.values)
                sheet = Sheet(drawn, sheet.marks, sheet.sd, sheet.ages, sheet.rows)
        return sheet.values


def _as_nominal(sheet: Sheet, stage: Sheet) -> Sheet:
    """Sheet filled from the nominal imputation, because fitting regressions anew in every member would take hours."""
    at = np.searchsorted(stage.rows, sheet.rows)
    values = np.where(np.isnan(sheet.values), stage.values[at], sheet.values)
    return Sheet(values, sheet.marks, stage.sd[at], sheet.ages, sheet.rows)


def configurations(
    spec: Spec, table: Table, study: Robustness, year: int | None, functions: Functions | None = None
) -> tuple[tuple[Configuration, ...], tuple[str, ...]]:
    """Configurations of all legal combinations of the study's options, and a remark on each that is not legal.

    Raises:
        InputError: the nominal combination itself cannot be built.
    """
    names = list(study.choices)
    made: list[Configuration] = []
    refused: list[str] = []
    for options in product(*(study.choices[name] for name in names)):
        chosen = dict(zip(names, options, strict=True))
        changes = [study.choices[name][option] for name, option in chosen.items()]
        try:
            varied = spec if not any(changes) else spec.with_changes(reduce(_merged, changes, {}))
            known = {step.name for step in varied.steps} | set(varied.nodes)
            own = {name: function for name, function in (functions or {}).items() if name in known}
            made.append(_configure(chosen, build(varied, table, own), year))
        except InputError as error:
            if not any(changes):
                raise
            said = ", ".join(f"{name}: {option}" for name, option in chosen.items())
            refused.append(f"left out {said} ({error})")
    if not made:
        raise InputError(f"none of the alternatives can be built; {refused[0]}")
    return tuple(made), tuple(refused)


def _merged(
    one: Mapping[str, Mapping[str, Any] | None], other: Mapping[str, Mapping[str, Any] | None]
) -> dict[str, Mapping[str, Any] | None]:
    """Changes of two assumptions together; two that change one field contradict each other."""
    out: dict[str, Mapping[str, Any] | None] = dict(one)
    for target, fields in other.items():
        before = out.get(target, {})
        if fields is None or before is None:
            out[target] = None
            continue
        clash = sorted(set(before) & set(fields))
        if clash and any(before[key] != fields[key] for key in clash):
            raise InputError(f"two assumptions set `{clash[0]}` of {target}")
        out[target] = {**before, **fields}
    return out


def _configure(options: Mapping[str, str], index: Index, year: int | None) -> Configuration:
    spec, table = index.spec, index.table
    first = first_varied_step(spec)
    before = list(index.stages)[first]
    start, end = index.stages[before], index.final
    if table.years is not None:
        start = start.take(np.flatnonzero(table.years[start.rows] == year))
    mine = np.arange(len(end.rows)) if table.years is None else np.flatnonzero(table.years[end.rows] == year)
    block = 0 if table.years is None else [int(y) for y in np.unique(table.years[end.rows])].index(year or 0)
    steps = spec.steps[first:]
    names = list(index.stages)
    references = {
        s.name: index.stages[names[names.index(s.name) - 1]].values for s in steps if isinstance(s, Normalise)
    }
    rows = np.arange(len(table.units)) if table.years is None else np.flatnonzero(table.years == year)
    screened = {}
    for step in steps:
        if isinstance(step, Screen):
            earlier = index.stages[names[names.index(step.name) - 1]]
            here = np.arange(len(earlier.rows)) if table.years is None else table.years[earlier.rows] == year
            screened[step.name] = index.screened[step.name].of(here)
    return Configuration(
        options=options,
        index=index,
        start=start,
        steps=steps,
        frame=StepFrame(spec, table, references, screened, index.functions),
        leaves=end.values[mine],
        at=np.searchsorted(rows, end.rows[mine]),
        weights={node: w[min(block, len(w) - 1)] for node, w in index.weights.items()},
        references=index.unscaled,
    )


def first_varied_step(spec: Spec) -> int:
    """Position of the first step that errors pass through.

    Raises:
        InputError: values are filled from other years after they have been changed.
    """
    over = [i for i, step in enumerate(spec.steps) if isinstance(step, Impute) and step.over_years]
    if not over:
        return 0
    for step in spec.steps[: over[-1]]:
        if not isinstance(step, Screen | Impute):
            raise InputError(
                f"step '{spec.steps[over[-1]].name}' fills from other years after '{step.name}'; a robustness study "
                "needs it before"
            )
    return over[-1] + 1

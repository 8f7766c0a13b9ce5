"""Causes of a change of rank between two editions: own data, others' data, revisions of the old data, or the method.

The old edition is first restated with its data as known now; that step is the effect of revisions. From there the
change is split by Shapley values over the other three causes: each is credited with its mean effect over all orders in
which they could have come, so that the parts add up to the change exactly.
Source: Shapley (1953), A value for n-person games; Shorrocks (2013), Decomposition procedures for distributional
analysis, Journal of Economic Inequality 11.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import factorial

import numpy as np

from headway.core.errors import InputError
from headway.standing.build import build
from headway.standing.configuration import first_varied_step
from headway.standing.moments import Array
from headway.standing.spec import Spec
from headway.standing.table import Table


@dataclass(frozen=True, slots=True)
class RankChange:
    """Rank of a unit before and after, and the part of the change due to each cause (positive: towards worse ranks)."""

    unit: str
    before: float
    after: float
    own: float
    others: float
    revisions: float
    method: float

    @property
    def change(self) -> float:
        """Rank after minus rank before; negative is a rise."""
        return self.after - self.before


@dataclass(frozen=True)
class IndexEdition:
    """Data of one year under one specification."""

    spec: Spec
    table: Table


def rank_changes(
    old: IndexEdition, new: IndexEdition, revised: Table | None = None, units: Sequence[str] | None = None
) -> tuple[tuple[RankChange, ...], tuple[str, ...]]:
    """Changes of rank from `old` to `new`, split by cause, and remarks on units that only one edition has.

    Args:
        old: the earlier edition as it was published. new: the later one.
        revised: the earlier year's data as known now; the same as published by default.
        units: whose changes; all that both editions rank by default.

    Returns:
        Changes by unit, and remarks on units that only one edition has. Ranks are among the units of both.

    Raises:
        InputError: tables with several years, or editions without a common unit.
    """
    revised = old.table if revised is None else revised
    for table in (old.table, new.table, revised):
        if len(table.distinct_years) > 1:
            raise InputError("a change of rank is between two years: give one year at a time (`Table.of_year`)")
    common = [unit for unit in old.table.units if unit in new.table.units and unit in revised.units]
    if not common:
        raise InputError("the two editions have no unit in common")
    tables = [_only(table, common) for table in (old.table, revised, new.table)]
    remarks = [
        f"{len(gone)} units are in the {which} data alone and take no part: {', '.join(gone[:8])}"
        for which, table in (("earlier", old.table), ("later", new.table))
        if (gone := [unit for unit in table.units if unit not in common])
    ]
    shared = _RestatedRanks((old.spec, new.spec), tables, common)
    wanted = common if units is None else list(units)
    unknown = [unit for unit in wanted if unit not in common]
    if unknown:
        raise InputError(f"'{unknown[0]}' is not in both editions")
    return tuple(_split(shared, unit) for unit in wanted), tuple(remarks)


class _RestatedRanks:
    """Ranks between the restated old edition and the new one; tables that single out no unit are built once."""

    def __init__(self, specs: tuple[Spec, Spec], tables: list[Table], units: list[str]) -> None:
        self._specs, self._tables, self.units = specs, tables, units
        self._built: dict[tuple[int, int], Array] = {}

    def published(self, unit: str) -> float:
        """Rank of the unit in the old edition as it was published."""
        return float(self._whole(0, 0)[self.units.index(unit)])

    def rank(self, unit: str, own: int, others: int, method: int) -> float:
        """Rank of the unit with each cause on (1) or off (0), old data being as revised."""
        at, (_, revised, new) = self.units.index(unit), self._tables
        if own == others:
            return float(self._whole(2 if own else 1, method)[at])
        table = _swapped(revised, new, at) if own else _swapped(new, revised, at)
        return float(self._ranks(table, method)[at])

    def _whole(self, table: int, method: int) -> Array:
        if (table, method) not in self._built:
            self._built[table, method] = self._ranks(self._tables[table], method)
        return self._built[table, method]

    def _ranks(self, table: Table, method: int) -> Array:
        index = build(self._specs[method], table)
        ranks = np.full(len(self.units), np.nan)
        ranks[index.rows] = index.ranks[index.spec.tree.root]
        return ranks


def _split(worlds: _RestatedRanks, unit: str) -> RankChange:
    k = 3
    ranks = {on: worlds.rank(unit, *on) for on in product((0, 1), repeat=k)}
    parts = []
    for i in range(k):
        part = 0.0
        for on, rank in ranks.items():
            if on[i]:
                before = ranks[(*on[:i], 0, *on[i + 1 :])]
                size = sum(on) - 1
                part += factorial(size) * factorial(k - size - 1) / factorial(k) * (rank - before)
        parts.append(part)
    published = worlds.published(unit)
    own, others, method = parts
    revisions = ranks[0, 0, 0] - published
    return RankChange(unit, published, ranks[1, 1, 1], own, others, revisions, method)


def filled_edition(spec: Spec, table: Table) -> IndexEdition:
    """Edition of a panel after its steps that fill from other years, under the specification without them.

    Raises:
        InputError: values are filled from other years after they have been changed.
    """
    first = first_varied_step(spec)
    if first == 0:
        return IndexEdition(spec, table)
    index = build(spec, table)
    sheet = index.stages[list(index.stages)[first]]
    kept = index.table.take(sheet.rows)
    full = Table(
        kept.units,
        kept.indicators,
        sheet.values,
        kept.years,
        kept.groups,
        kept.extras,
        kept.errors,
        sheet.ages,
        kept.labels,
    )
    done = {step.name: None for step in spec.steps[:first]}
    return IndexEdition(spec.with_changes(done), full)


def _only(table: Table, units: list[str]) -> Table:
    kept = table.take(np.isin(np.array(table.units), units))
    return Table(
        kept.units, kept.indicators, kept.values, None, kept.groups, kept.extras, kept.errors, kept.ages, kept.labels
    )


def _swapped(table: Table, other: Table, row: int) -> Table:
    """Copy of `table` with one unit's row from `other`, matched by label."""
    columns = [other.indicators.index(name) for name in table.indicators]
    values = table.values.copy()
    values[row] = other.values[row, columns]
    extras = {name: column.copy() for name, column in table.extras.items()}
    for name in extras:
        extras[name][row] = other.extras[name][row] if name in other.extras else extras[name][row]
    return Table(table.units, table.indicators, values, None, table.groups, extras, None, None, table.labels)

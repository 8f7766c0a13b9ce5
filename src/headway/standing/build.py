"""Building an index: from a table and a specification to scores, ranks, marks and remarks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from headway.core.errors import InputError
from headway.standing import custom
from headway.standing.aggregate import aggregate_children, check_scores, positive_scores, rescale_node
from headway.standing.custom import Functions, check_functions, custom_node, custom_step
from headway.standing.denominate import denominate_sheet
from headway.standing.impute import impute_over_years, impute_sheet
from headway.standing.moments import Array, descending_ranks
from headway.standing.normalise import normalise_sheet
from headway.standing.reader import as_table
from headway.standing.screen import Screened, decide, screen_sheet
from headway.standing.settings import AnyStep, Denominate, Impute, Normalise, Screen, Treat
from headway.standing.sheet import Mark, Rows, Sheet, StepFrame, stacked
from headway.standing.spec import Spec
from headway.standing.table import Table
from headway.standing.treat import treat_sheet
from headway.standing.weights import FROM_DATA, node_weights

if TYPE_CHECKING:
    import pandas as pd

LARGEST = 1e70
"""Largest size of a value."""


@dataclass(frozen=True)
class Index:
    """Built index. Arrays are in the order of `table` after screening: by year, then unit.

    Attributes:
        table: the data that went in, all rows.
        rows: row numbers of `table` that are in the index.
        stages: step name → the sheet after it, from `data` (nothing done) on.
        weights: node → weights of its children, summing to one, by block (year).
        scores, ranks: indicator or node → values per row; indicators' scores are normalised. Rank 1 is best, within
            the year.
        unscaled: node → scores before its `rescale`, for nodes that have one.
        remarks: what a reader should know, in words.
        functions: functions that took the place of steps or aggregations.
    """

    spec: Spec
    table: Table
    rows: Rows
    stages: Mapping[str, Sheet]
    weights: Mapping[str, tuple[Array, ...]]
    scores: Mapping[str, Array]
    ranks: Mapping[str, Array]
    unscaled: Mapping[str, Array] = field(default_factory=dict)
    screened: Mapping[str, Screened] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    functions: Functions = field(default_factory=dict)

    def to_frame(self, kind: Literal["results", "cells", "weights"] = "results") -> pd.DataFrame:
        """Frame of the results (ranks and scores by unit), of all cells with their marks, or of the weights.

        Raises:
            InputError: no such kind.
        """
        from headway.standing import export

        kinds = {"results": export.results, "cells": export.cells, "weights": export.weights}
        if kind not in kinds:
            raise InputError(f"'{kind}' is no frame of an index; there are {', '.join(kinds)}")
        return kinds[kind](self)

    @property
    def units(self) -> tuple[str, ...]:
        """Unit of each row."""
        return tuple(self.table.units[i] for i in self.rows)

    @property
    def years(self) -> tuple[int, ...] | None:
        """Year of each row, or None."""
        return None if self.table.years is None else tuple(int(self.table.years[i]) for i in self.rows)

    @property
    def final(self) -> Sheet:
        """Sheet after the last step: normalised indicators with all marks."""
        return self.stages[list(self.stages)[-1]]

    def blocks(self) -> list[Rows]:
        """Positions of each year's rows, or of all."""
        return _blocks(self.table, self.rows)

    def share_imputed(self) -> Array:
        """Share of indicators per row that were not observed, imputed or still missing; shape (rows,)."""
        bad = Mark.IMPUTED | Mark.MISSING
        return np.asarray(((self.final.marks & np.uint8(bad)) > 0).mean(axis=-1))


def build(spec: Spec, data: Table | pd.DataFrame, functions: Functions | None = None) -> Index:
    """Index from a specification and a table or a DataFrame: all steps, then aggregation up the tree.

    Args:
        functions: functions of one's own in place of steps or of the aggregation of nodes, by name; see `custom`.

    Raises:
        InputError: the table lacks an indicator, or a step or node cannot work with the data; the message names step or
            node, indicator and unit.
    """
    table = _columns(spec, as_table(spec, data))
    _check_size(table)
    functions = functions or {}
    check_functions(spec, functions)
    sheet = Sheet.of(table)
    stages, screened = {"data": sheet}, {}
    frame = StepFrame(spec, table, {}, {}, functions)
    for step in spec.steps:
        if isinstance(step, Screen):
            screened[step.name] = decide(step, sheet, frame)
            frame = replace(frame, references={}, screened=dict(screened))
        elif isinstance(step, Normalise):
            frame = replace(frame, references={step.name: sheet.values})
        sheet = apply_step(step, sheet, frame)
        stages[step.name] = sheet
    scores, weights, unscaled, remarks = _aggregate_tree(spec, sheet, table, functions)
    blocks = _blocks(table, sheet.rows)
    ranks = {name: _ranked(spec.rounded(name, values), blocks) for name, values in scores.items()}
    remarks = [
        *table.remarks,
        *custom.remarks(functions),
        *_remarks(spec, sheet, table, scores[spec.tree.root], screened, stages),
        *remarks,
    ]
    return Index(spec, table, sheet.rows, stages, weights, scores, ranks, unscaled, screened, tuple(remarks), functions)


def apply_step(step: AnyStep, sheet: Sheet, frame: StepFrame) -> Sheet:
    """Sheet after one step; parameters come from each year by itself, unless the step says otherwise.

    Raises:
        InputError: naming the step, the indicator and, where one is at fault, the unit.
    """
    if isinstance(step, Screen):
        return screen_sheet(step, sheet, frame)
    single: Callable[[Sheet], Sheet]
    if step.name in frame.functions:
        single = lambda block: custom_step(step.name, block, frame)  # noqa: E731
        return _by_year(single, sheet, frame)
    if isinstance(step, Denominate):
        return denominate_sheet(step, sheet, frame)
    if isinstance(step, Impute) and step.over_years:
        return impute_over_years(step, sheet, frame)
    if isinstance(step, Impute):
        single = lambda block: impute_sheet(step, block, frame)  # noqa: E731
    elif isinstance(step, Treat):
        single = lambda block: treat_sheet(step, block, frame)  # noqa: E731
    else:
        single = lambda block: normalise_sheet(step, block, frame)  # noqa: E731
    return _by_year(single, sheet, frame)


def _by_year(single: Callable[[Sheet], Sheet], sheet: Sheet, frame: StepFrame) -> Sheet:
    """Sheet after a step that is taken year by year."""
    parts = []
    for rows in _blocks(frame.table, sheet.rows):
        with _naming_year(frame.table, sheet.rows[rows]):
            parts.append(single(sheet.take(rows)))
    return stacked(parts)


@contextmanager
def _naming_year(table: Table, rows: Rows) -> Iterator[None]:
    """Errors inside the block that start with the year of its rows, for data with several years."""
    try:
        yield
    except InputError as error:
        if table.years is None or len(table.distinct_years) < 2:
            raise
        raise InputError(f"year {table.years[rows[0]]}: {error}") from error


def _check_size(table: Table) -> None:
    """Refusal of values so large that their fourth powers, which kurtosis needs, are not numbers."""
    if not (np.abs(table.values) > LARGEST).any():
        return
    row, column = np.argwhere(np.abs(table.values) > LARGEST)[0]
    value, leaf, unit = table.values[row, column], table.indicators[column], table.units[row]
    raise InputError(
        f"'{leaf}' of {unit} is {value:g}; values beyond {LARGEST:g} cannot be computed with: use a larger unit of "
        "measurement"
    )


def _columns(spec: Spec, table: Table) -> Table:
    """Table with its columns in the order of the tree, matched by label."""
    leaves = spec.tree.leaves
    if table.indicators == leaves:
        return table
    missing = [leaf for leaf in leaves if leaf not in table.indicators]
    if missing:
        raise InputError(f"the data have no column '{missing[0]}'; they have {', '.join(table.indicators)}")
    at = [table.indicators.index(leaf) for leaf in leaves]
    return replace(
        table,
        indicators=leaves,
        values=table.values[:, at],
        errors=None if table.errors is None else table.errors[:, at],
        ages=None if table.ages is None else table.ages[:, at],
    )


def _blocks(table: Table, rows: Rows) -> list[Rows]:
    if table.years is None:
        return [np.arange(len(rows))]
    years = table.years[rows]
    return [np.flatnonzero(years == year) for year in np.unique(years)]


def _aggregate_tree(
    spec: Spec, sheet: Sheet, table: Table, functions: Functions
) -> tuple[dict[str, Array], dict[str, tuple[Array, ...]], dict[str, Array], list[str]]:
    """Scores, weights, scores before rescaling, and remarks of every node, year by year."""
    tree, blocks = spec.tree, _blocks(table, sheet.rows)
    when = ["" if table.years is None else f" in {table.years[i]}" for i in sheet.rows]
    units = [f"{table.units[i]}{words}" for i, words in zip(sheet.rows, when, strict=True)]
    scores = {leaf: sheet.values[:, j] for j, leaf in enumerate(tree.leaves)}
    weights: dict[str, tuple[Array, ...]] = {}
    unscaled: dict[str, Array] = {}
    remarks: list[str] = []
    for node in tree.nodes:
        settings, how = spec.nodes[node], spec.aggregation(node)
        minimum = spec.minimum_data if settings.minimum_data is None else settings.minimum_data
        given = np.column_stack([scores[child] for child in tree.children[node]])
        x = positive_scores(given, how)
        changed = int((x != given).sum() - np.isnan(given).sum())
        if changed:
            done = "left out as not positive" if how.floor is None else f"raised to the floor of {how.floor:g}"
            remarks.append(f"node '{node}': {changed} scores are {done}")
        own = functions.get(node)
        if own is None:
            check_scores(node, tree.children[node], x, how, units)
        y, of_node = np.full(len(units), np.nan), []
        for block in blocks:
            with _naming_year(table, sheet.rows[block]):
                w, said = node_weights(node, tree.children[node], settings.weighting, x[block])
                if own is None:
                    y[block], noted = aggregate_children(x[block], w, how, minimum)
                else:
                    y[block], noted = custom_node(node, own, given[block], w, tree.children[node]), []
            of_node.append(w)
            remarks += [*said, *(f"node '{node}': {words}" for words in noted)]
        if settings.rescale is not None:
            whole = settings.rescale.scope == "all"
            unscaled[node] = y
            parts = [rescale_node(node, y[block], settings.rescale, y if whole else None) for block in blocks]
            y = y.copy()
            for block, part in zip(blocks, parts, strict=True):
                y[block] = part
        scores[node], weights[node] = y, tuple(of_node)
    return scores, weights, unscaled, list(dict.fromkeys(remarks))


def _ranked(values: Array, blocks: list[Rows]) -> Array:
    ranks = np.full(len(values), np.nan)
    for block in blocks:
        ranks[block] = descending_ranks(values[block])
    return ranks


def _remarks(
    spec: Spec,
    sheet: Sheet,
    table: Table,
    root: Array,
    screened: Mapping[str, Screened],
    stages: Mapping[str, Sheet],
) -> list[str]:
    """Remarks on what happened to units and cells, with counts."""
    out = []
    for name, decided in screened.items():
        before = list(stages)[list(stages).index(name) - 1]
        gone = [table.name(table.units[stages[before].rows[i]]) for i in np.flatnonzero(~decided.keep)]
        if gone:
            out.append(f"step '{name}' left out {len(gone)} of {len(decided.keep)} rows: {_some(gone)}")
    unscored = [table.name(table.units[sheet.rows[i]]) for i in np.flatnonzero(np.isnan(root))]
    if unscored:
        out.append(f"{len(unscored)} rows have too little data for a score: {_some(unscored)}")
    counts = {
        "imputed": Mark.IMPUTED,
        "imputed by the fallback rule": Mark.IMPUTED_FALLBACK,
        _moved_in(spec): Mark.WINSORISED_HIGH | Mark.WINSORISED_LOW,
        "transformed": Mark.TRANSFORMED,
        "cut to a goalpost or target": Mark.CAPPED,
    }
    for words, mark in counts.items():
        n = int(((sheet.marks & np.uint8(mark)) > 0).sum())
        if n:
            out.append(f"{n} of {sheet.marks.size} cells are {words}")
    left = int(np.isnan(sheet.values).sum())
    if left:
        imputing = any(isinstance(step, Impute) for step in spec.steps)
        out.append(f"{left} of {sheet.marks.size} cells are missing{' after imputation' if imputing else ''}")
    if any(spec.nodes[n].weighting.method in FROM_DATA for n in spec.tree.nodes) and table.years is not None:
        out.append("weights that follow the data differ from year to year")
    return out


def _moved_in(spec: Spec) -> str:
    """Words for the treatment of extreme values: winsorised, raised to a bottom, or both."""
    own = [step.settings(leaf) for step in spec.steps if isinstance(step, Treat) for leaf in spec.tree.leaves]
    words = ["winsorised"] if any(step.winmax != 0 for step in own) else []
    words += ["raised to a bottom"] if any(step.bottom is not None for step in own) else []
    return " or ".join(words) or "winsorised"


def _some(names: list[str], most: int = 8) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more

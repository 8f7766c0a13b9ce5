"""Steps of an index on DataFrames, one by one: units in the index, indicators in the columns.

Each function does what the step of that name does in a specification, with the same settings as keywords, so that a
frame may go through a pipe: `frame.pipe(treat).pipe(normalise, lower=1).pipe(aggregate, method="geometric")`. Values
come back in the frame's own order. A frame whose index has a level `year` is a panel: parameters come from each year by
itself, unless a setting says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from headway.core.errors import InputError
from headway.standing.build import apply_step, build
from headway.standing.reader import table_from_frame
from headway.standing.settings import Screen
from headway.standing.sheet import Sheet, StepFrame
from headway.standing.spec import Spec, parse
from headway.standing.table import Table

if TYPE_CHECKING:
    import pandas as pd

YEAR, UNIT, NODE = "year", "unit", "aggregate"
Extras = Mapping[str, "pd.Series[Any]"]


def screen(frame: pd.DataFrame, **settings: Any) -> pd.DataFrame:
    """Rows of a frame that a screening step keeps; settings as in `settings.Screen`.

    Raises:
        InputError: an unknown setting, or no unit is left.
    """
    return _through(frame, "screen", settings)


def denominate(frame: pd.DataFrame, by: pd.Series[Any], **settings: Any) -> pd.DataFrame:
    """Frame whose columns are divided by `by` (one number per row), or related otherwise; see `settings.Denominate`."""
    return _through(frame, "denominate", {"by": "by", **settings}, extras={"by": by})


def impute(frame: pd.DataFrame, *, groups: pd.Series[Any] | None = None, **settings: Any) -> pd.DataFrame:
    """Frame with its gaps filled; settings as in `settings.Impute`.

    Args:
        groups: group of each row, for the methods by group.
    """
    if groups is None:
        return _through(frame, "impute", settings)
    return _through(frame, "impute", {"group": "groups", **settings}, extras={"groups": groups})


def treat(frame: pd.DataFrame, **settings: Any) -> pd.DataFrame:
    """Frame after outlier treatment; settings as in `settings.Treat`."""
    return _through(frame, "treat", settings)


def normalise(frame: pd.DataFrame, *, directions: Mapping[str, int] | None = None, **settings: Any) -> pd.DataFrame:
    """Frame of scores on one scale, on which more is better; settings as in `settings.Normalise`.

    Args:
        directions: -1 for columns of which less is better; +1 by default.

    Raises:
        InputError: an unknown setting or column, or a column without spread.
    """
    return _through(frame, "normalise", settings, directions)


def aggregate(
    frame: pd.DataFrame, *, weights: Mapping[str, float] | str | None = None, minimum_data: float = 0.0, **settings: Any
) -> pd.Series[Any]:
    """Scores of the rows, aggregated over the columns; settings as in `settings.Aggregation`.

    Args:
        weights: relative weights by column, or a method's name; equal by default.
        minimum_data: share of columns that a row must have.

    Raises:
        InputError: an unknown setting, or scores that the method cannot take.
    """
    node = {"children": list(map(str, frame.columns)), "minimum_data": minimum_data}
    node |= {"aggregate": settings} if settings else {}
    node |= {"weights": weights} if weights is not None else {}
    spec = _spec(frame, {"nodes": {NODE: node}})
    index = build(spec, _table(frame, spec))
    return _in_order(index.scores[NODE][:, None], index.table, index.rows, frame, [NODE])[NODE]


def _through(
    frame: pd.DataFrame,
    kind: str,
    settings: Mapping[str, Any],
    directions: Mapping[str, int] | None = None,
    extras: Extras | None = None,
) -> pd.DataFrame:
    """Frame after one step."""
    unknown = [name for name in directions or {} if name not in frame.columns]
    if unknown:
        raise InputError(f"directions: the frame has no column '{unknown[0]}'")
    entries = {str(name): {"direction": (directions or {}).get(name, 1)} for name in frame.columns}
    spec = _spec(frame, {"indicators": entries, "steps": [{"step": kind, **settings}]})
    table = _table(frame if not extras else frame.assign(**extras), spec)
    (step,) = spec.steps
    sheet = Sheet.of(table)
    after = apply_step(step, sheet, StepFrame(spec, table, {step.name: sheet.values}, {}))
    return _in_order(after.values, table, after.rows, frame, list(frame.columns), keep_all=not isinstance(step, Screen))


def _spec(frame: pd.DataFrame, more: Mapping[str, Any]) -> Spec:
    columns = list(map(str, frame.columns))
    raw = {"name": "frame", "unit": UNIT, "indicators": columns, "nodes": {NODE: {"children": columns}}}
    raw |= {YEAR: YEAR} if YEAR in frame.index.names else {}
    return parse({**raw, **more}, "the frame")


def _table(frame: pd.DataFrame, spec: Spec) -> Table:
    """Table of a frame whose index holds the units, and the years of a panel."""
    others = [name for name in frame.index.names if name != YEAR]
    if len(others) != 1:
        raise InputError(f"the frame's index must hold the units, and for a panel a level '{YEAR}', not {others}")
    level = next(i for i, name in enumerate(frame.index.names) if name != YEAR)
    index = frame.index.set_names(UNIT, level=level) if frame.index.nlevels > 1 else frame.index.rename(UNIT)
    return table_from_frame(frame.set_axis(index).reset_index(), spec)


def _in_order(
    values: np.ndarray[Any, Any],
    table: Table,
    rows: np.ndarray[Any, Any],
    frame: pd.DataFrame,
    columns: list[Any],
    keep_all: bool = True,
) -> pd.DataFrame:
    """Frame of values in the order of the rows of `frame`."""
    import pandas as pd

    at = {key: i for i, key in enumerate(_keys(table, rows))}
    wanted = _frame_keys(frame)
    kept = [i for i, key in enumerate(wanted) if key in at] if not keep_all else list(range(len(wanted)))
    order = [at[wanted[i]] for i in kept]
    return pd.DataFrame(values[order], index=frame.index[kept], columns=columns)


def _keys(table: Table, rows: np.ndarray[Any, Any]) -> list[tuple[str, int]]:
    return [(table.units[i], 0 if table.years is None else int(table.years[i])) for i in rows]


def _frame_keys(frame: pd.DataFrame) -> list[tuple[str, int]]:
    level = next(i for i, name in enumerate(frame.index.names) if name != YEAR)
    units = [str(unit).strip() for unit in frame.index.get_level_values(level)]
    years = frame.index.get_level_values(YEAR) if YEAR in frame.index.names else [0] * len(units)
    return [(unit, int(year)) for unit, year in zip(units, years, strict=True)]

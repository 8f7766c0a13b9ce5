"""Functions of one's own in place of a step or of the aggregation of a node, given from Python to `build`.

A function for a step takes the values of one year as a DataFrame (units × indicators) and gives values of the same
shape, a screening step's one boolean per unit (whether it stays). A function for a node takes its children's scores
(units × children) and their weights (a Series), and gives one score per unit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from headway.core.errors import InputError
from headway.standing.moments import Array, Bool

if TYPE_CHECKING:
    from headway.standing.sheet import Sheet, StepFrame
    from headway.standing.spec import Spec

Functions = Mapping[str, Callable[..., Any]]
"""Functions by the name of the step or node."""


def check_functions(spec: Spec, functions: Functions) -> None:
    """Refusal of functions for steps and nodes that are not there.

    Raises:
        InputError: naming the first.
    """
    known = [*(step.name for step in spec.steps), *spec.nodes]
    unknown = [name for name in functions if name not in known]
    if unknown:
        raise InputError(f"functions: '{unknown[0]}' is neither a step nor a node; there are {', '.join(known)}")


def remarks(functions: Functions) -> list[str]:
    """Remarks that a specification does not hold what a function did."""
    return [
        f"'{name}' is done by a function given from Python ({getattr(function, '__name__', 'unnamed')}), which the "
        "specification does not hold"
        for name, function in functions.items()
    ]


def custom_step(name: str, sheet: Sheet, frame: StepFrame) -> Sheet:
    """Sheet after the function for a step; filled cells are marked as imputed, changed ones as transformed.

    Raises:
        InputError: the function gives another shape.
    """
    from headway.standing.sheet import Mark

    function = frame.functions[name]
    units, leaves = [frame.table.units[i] for i in sheet.rows], frame.spec.tree.leaves
    out = np.stack([_called(name, function, one, units, leaves) for one in _members(sheet.values)])
    values = out.reshape(sheet.values.shape)
    was, now = np.isnan(sheet.values), np.isnan(values)
    marks = np.where(was & ~now, np.uint8(Mark.IMPUTED), sheet.marks)
    marks = np.where(~was & ~now & (values != sheet.values), marks | np.uint8(Mark.TRANSFORMED), marks)
    return replace(sheet, values=values, marks=np.where(now, marks | np.uint8(Mark.MISSING), marks).astype(np.uint8))


def custom_screen(name: str, x: Array, frame: StepFrame, units: Iterable[str]) -> Bool:
    """Decisions of the function for a screening step, shape (units,).

    Raises:
        InputError: the function gives another shape.
    """
    import pandas as pd

    given = frame.functions[name](pd.DataFrame(x, index=list(units), columns=list(frame.spec.tree.leaves)))
    return np.asarray(_shaped(name, np.asarray(given, dtype=bool), (len(x),)))


def custom_node(name: str, function: Callable[..., Any], x: Array, w: Array, children: Iterable[str]) -> Array:
    """Scores by the function for a node, shape (…, units).

    Args:
        x: shape (…, units, children). w: shape (…, children).

    Raises:
        InputError: the function gives another shape.
    """
    import pandas as pd

    names = list(children)
    batch = np.broadcast_shapes(x.shape[:-2], w.shape[:-1])
    xs = _members(np.broadcast_to(x, (*batch, *x.shape[-2:])))
    ws = np.broadcast_to(w, (*batch, w.shape[-1])).reshape(-1, w.shape[-1])
    out = [
        _shaped(name, np.asarray(function(pd.DataFrame(one, columns=names), pd.Series(weights, index=names)), float),
                (x.shape[-2],))
        for one, weights in zip(xs, ws, strict=True)
    ]  # fmt: skip
    return np.stack(out).reshape(*batch, x.shape[-2])


def _members(values: Array) -> Array:
    return values.reshape(-1, *values.shape[-2:])


def _called(name: str, function: Callable[..., Any], x: Array, units: list[str], leaves: Iterable[str]) -> Array:
    import pandas as pd

    given = function(pd.DataFrame(x.copy(), index=units, columns=list(leaves)))
    return np.asarray(_shaped(name, np.asarray(given, dtype=float), x.shape))


def _shaped(name: str, given: Any, shape: tuple[int, ...]) -> Any:
    if given.shape != shape:
        raise InputError(f"the function for '{name}' gives the shape {given.shape}, not {shape}")
    return given

"""Specification and table from the two tables of a COINr coin, `iData` and `iMeta`.

Source: Becker, Caperna, Del Sorbo, Norlén, Papadimitriou and Saisana (2022), COINr: An R package for developing
composite indicators, Journal of Open Source Software 7(78); the tables are described in its vignette "Building coins".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from headway.core.errors import InputError
from headway.standing.mistakes import nearest
from headway.standing.reader import table_from_frame
from headway.standing.spec import Spec, parse
from headway.standing.table import Table

if TYPE_CHECKING:
    import pandas as pd

UNIT, NAME, TIME = "uCode", "uName", "Time"
NEEDED = ("iCode", "Type", "Parent")
INDICATOR, AGGREGATE = "Indicator", "Aggregate"


def from_coinr(
    data: pd.DataFrame, meta: pd.DataFrame, steps: Sequence[Any] = ("normalise",), name: str = "coin"
) -> tuple[Spec, Table]:
    """Specification and table that COINr's `iData` and `iMeta` describe, for `build`.

    Indicators keep code, name, unit and direction; aggregates become nodes with the weights that `iMeta` gives, in its
    order. Rows of `iMeta` whose type is Group, Denominator or Other are no indicators; their columns stay available to
    steps (`group`, `by`). What COINr does in functions (`qTreat`, `Normalise` …) is said in `steps`.

    Args:
        data: one row per unit (and year): `uCode`, optionally `uName` and `Time`, and one column per indicator.
        meta: one row per column of `data` and per aggregate: `iCode`, `Type`, `Parent`, and optionally `iName`,
            `Direction`, `Weight`, `Unit`.
        steps: as in a specification; COINr's default normalisation (min–max to 0–100) by default.

    Raises:
        InputError: a column or a parent that is not there, or tables that make no index.
    """
    absent = [column for column in NEEDED if column not in meta.columns]
    if absent:
        raise InputError(f"iMeta has no column '{absent[0]}'{nearest(absent[0], map(str, meta.columns))}")
    if UNIT not in data.columns:
        raise InputError(f"iData has no column '{UNIT}'{nearest(UNIT, map(str, data.columns))}")
    rows = [{key: value for key, value in row.items() if value == value} for row in meta.to_dict("records")]
    children: dict[str, dict[str, float]] = {}
    for row in rows:
        if row.get("Type") in (INDICATOR, AGGREGATE) and row.get("Parent"):
            children.setdefault(str(row["Parent"]), {})[str(row["iCode"])] = float(row.get("Weight", 1))
    labels = {str(row["iCode"]): str(row.get("iName", "")) for row in rows}
    lost = [
        parent for parent in children if parent not in {str(r["iCode"]) for r in rows if r.get("Type") == AGGREGATE}
    ]
    if lost:
        raise InputError(f"iMeta: '{lost[0]}' is a parent, but no row of type {AGGREGATE} describes it")
    raw = {
        "name": re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-") or "coin",
        "unit": UNIT,
        **({"year": TIME} if TIME in data.columns else {}),
        "indicators": {str(row["iCode"]): _indicator(row) for row in rows if row.get("Type") == INDICATOR},
        "nodes": {
            node: {"label": labels.get(node, ""), "children": list(of), "weights": of} for node, of in children.items()
        },
        "steps": list(steps),
    }
    spec = parse(raw, "iMeta")
    return spec, table_from_frame(data.rename(columns={NAME: "label"}), spec, "iData")


def _indicator(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "label": str(row.get("iName", "")),
        "unit": str(row.get("Unit", "")),
        "direction": int(row.get("Direction", 1)),
    }

"""Specification and table from the tables of a COINr coin (`iData`, `iMeta`), or from a workbook of the COIN Tool.

Source: Becker, Caperna, Del Sorbo, Norlén, Papadimitriou and Saisana (2022), COINr: An R package for developing
composite indicators, Journal of Open Source Software 7(78); the tables are described in its vignette "Building coins".
The workbook's layout is that of its `import_coin_tool` (R/coinToolIn.R), whose author took part in the COIN Tool. Sheet
Database: indicators in columns E to CY, with weight in row 7, direction in 8, lower and upper goalpost in 9 and 10,
codes of index, sub-index, pillar and sub-pillar in 11 to 14, name in 15, code in 16; units from row 17 on, name in B,
code in C; `n/a` is missing. Sheet Framework: one row per aggregate below a head in row 4 (5 in versions of before 2019)
that holds `Dimension/indicator`: code in column C, weight in E, name in H. A level whose codes are the same for all
indicators is not in use.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headway.core.errors import InputError
from headway.core.files import read_bytes
from headway.standing.mistakes import nearest
from headway.standing.reader import MAX_BYTES, table_from_frame
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


DATA, FRAMEWORK, HEAD = "Database", "Framework", "Dimension/indicator"
WEIGHT, DIRECTION, LOWER, UPPER, INDEX, SUB_PILLAR, INDICATOR_NAME, INDICATOR_CODE, FIRST = (
    7,
    8,
    9,
    10,
    11,
    14,
    15,
    16,
    17,
)
LAST_ROW, FIRST_COLUMN, LAST_COLUMN = 315, 5, 103
UNIT_NAME_COLUMN, UNIT_CODE_COLUMN = 2, 3
NODE_CODE, NODE_WEIGHT, NODE_NAME = 3, 5, 8  # columns of the sheet Framework

Cells = list[tuple[Any, ...]]


def from_coin_tool(
    path: Path, steps: Sequence[Any] | None = None, name: str = "", *, goalposts: bool = False
) -> tuple[Spec, Table]:
    """Specification and table of a COIN Tool workbook (.xlsx or .xlsm), for `build`.

    Args:
        steps: as in a specification; min–max to 0–100 by default.
        name: of the specification; the file's by default.
        goalposts: scale between the sheet's goalposts, to 0–100, in place of `steps`.

    Raises:
        InputError: no such workbook, a sheet or a code that is not there, or tables that make no index.
    """
    return from_coin_tool_frames(*coin_tool_frames(path), path, steps, name, goalposts=goalposts)


def from_coin_tool_frames(
    data: pd.DataFrame,
    meta: pd.DataFrame,
    path: Path,
    steps: Sequence[Any] | None = None,
    name: str = "",
    *,
    goalposts: bool = False,
) -> tuple[Spec, Table]:
    """Specification and table of the frames that `coin_tool_frames` read from `path`.

    Raises:
        InputError: as `from_coin_tool`.
    """
    if goalposts:
        steps = [_between_goalposts(meta, path)]
    return from_coinr(data, meta, ["normalise"] if steps is None else steps, name or Path(path).stem)


def coin_tool_frames(path: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables of a COIN Tool workbook in the form of COINr's `iData` (rows named by their row in the sheet) and `iMeta`.

    Raises:
        InputError: as `from_coin_tool`.
    """
    import pandas as pd

    sheets = _sheets(Path(path))
    cells, where = sheets[DATA], f"{path}, sheet {DATA}"
    columns = [
        column
        for column in range(FIRST_COLUMN, LAST_COLUMN + 1)
        if any(_at(cells, row, column) is not None for row in range(FIRST, LAST_ROW + 1))
    ]
    rows = [row for row in range(FIRST, LAST_ROW + 1) if any(_at(cells, row, column) is not None for column in columns)]
    if not rows:
        raise InputError(f"{where}: no values from row {FIRST}, column E on")
    codes = [
        _text(cells, INDICATOR_CODE, column, f"{where}: an indicator has values and no code") for column in columns
    ]
    data = pd.DataFrame(
        {
            UNIT: [_text(cells, row, UNIT_CODE_COLUMN, f"{where}: a unit has values and no code") for row in rows],
            NAME: [str(_at(cells, row, UNIT_NAME_COLUMN) or "") for row in rows],
            **{code: [_at(cells, row, column) for row in rows] for code, column in zip(codes, columns, strict=True)},
        },
        index=rows,
    )
    return data, pd.DataFrame(_meta(cells, columns, codes, sheets[FRAMEWORK], str(path)))


def _meta(
    cells: Cells, columns: Sequence[int], codes: Sequence[str], framework: Cells, path: str
) -> list[dict[str, object]]:
    """Rows of `iMeta`: indicators with their goalposts, then the aggregates that are in use."""
    index = {_at(cells, INDEX, column) for column in columns}
    if len(index) != 1 or None in index:
        raise InputError(f"{path}, sheet {DATA}: row {INDEX} must hold the index's code under every indicator")
    levels = [row for row in range(SUB_PILLAR, INDEX, -1) if len({_at(cells, row, column) for column in columns}) > 1]
    nodes = _nodes(framework, path)
    parents: dict[str, str | None] = {}
    rows: list[dict[str, object]] = []
    for column, code in zip(columns, codes, strict=True):
        chain = [str(_at(cells, row, column)) for row in (*levels, INDEX) if _at(cells, row, column) is not None]
        rows.append(
            {
                "iCode": code,
                "iName": str(_at(cells, INDICATOR_NAME, column) or code),
                "Direction": _number(cells, DIRECTION, column, path, 1),
                "Weight": _number(cells, WEIGHT, column, path, 1),
                "Lower": _number(cells, LOWER, column, path, None),
                "Upper": _number(cells, UPPER, column, path, None),
                "Type": INDICATOR,
                "Parent": chain[0],
            }
        )
        for node, parent in zip(chain, [*chain[1:], None], strict=True):
            if parents.setdefault(node, parent) != parent:
                raise InputError(f"{path}, sheet {DATA}: '{node}' stands under '{parents[node]}' and under '{parent}'")
    for node, parent in parents.items():
        if node not in nodes:
            raise InputError(f"{path}, sheet {FRAMEWORK}: no row has the code '{node}', which sheet {DATA} uses")
        label, weight = nodes[node]
        rows.append({"iCode": node, "iName": label, "Weight": weight, "Type": AGGREGATE, "Parent": parent})
    return rows


def _nodes(cells: Cells, path: str) -> dict[str, tuple[str, float]]:
    """Name and weight of each aggregate, by code."""
    head = next((row for row in (4, 5) if HEAD in (cells[row - 1] if row <= len(cells) else ())), None)
    if head is None:
        raise InputError(f"{path}, sheet {FRAMEWORK}: neither row 4 nor row 5 holds '{HEAD}'")
    out = {}
    for row in range(head + 1, len(cells) + 1):
        code = _at(cells, row, NODE_CODE)
        if code is not None:
            weight = _at(cells, row, NODE_WEIGHT)
            out[str(code)] = (
                str(_at(cells, row, NODE_NAME) or code),
                float(weight) if isinstance(weight, int | float) else 1.0,
            )
    return out


def _between_goalposts(meta: pd.DataFrame, path: Path) -> dict[str, Any]:
    """Step that scales every indicator between its goalposts.

    Raises:
        InputError: an indicator without goalposts.
    """
    rows = meta[meta["Type"] == INDICATOR]
    bare = rows[rows["Lower"].isna() | rows["Upper"].isna()]
    if len(bare):
        raise InputError(f"{path}, sheet {DATA}: indicator '{bare['iCode'].iloc[0]}' has no goalposts in rows 9 and 10")
    per = {str(row.iCode): {"low": float(row.Lower), "high": float(row.Upper)} for row in rows.itertuples(index=False)}
    return {"normalise": {"method": "goalposts", "lower": 0, "upper": 100, "per": per}}


def _sheets(path: Path) -> dict[str, Cells]:
    """Cells of the two sheets, row by row."""
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise InputError(f"{path} is an Excel file, which needs openpyxl: pip install 'headway[index]'") from error
    content = read_bytes(path, MAX_BYTES)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever its parts raise
        raise InputError(f"{path} cannot be read as an Excel workbook ({error}); the COIN Tool's is .xlsm") from error
    absent = [sheet for sheet in (DATA, FRAMEWORK) if sheet not in book.sheetnames]
    if absent:
        raise InputError(
            f"{path} has no sheet '{absent[0]}', as a COIN Tool workbook has; it has {', '.join(book.sheetnames)}"
        )
    most = {DATA: LAST_ROW, FRAMEWORK: 53}
    return {
        sheet: list(book[sheet].iter_rows(max_row=rows, max_col=LAST_COLUMN, values_only=True))
        for sheet, rows in most.items()
    }


def _at(cells: Cells, row: int, column: int) -> Any:
    """Value of a cell, None where it is empty, `n/a` or `--`."""
    value = cells[row - 1][column - 1] if row <= len(cells) and column <= len(cells[row - 1]) else None
    return None if isinstance(value, str) and value.strip().casefold() in {"", "n/a", "--"} else value


def _text(cells: Cells, row: int, column: int, fault: str) -> str:
    value = _at(cells, row, column)
    if value is None:
        raise InputError(f"{fault} (row {row}, column {_letters(column)})")
    return str(value).strip()


def _number(cells: Cells, row: int, column: int, path: str, default: float | None) -> float | None:
    value = _at(cells, row, column)
    if value is None:
        return default
    if not isinstance(value, int | float):
        raise InputError(f"{path}, sheet {DATA}, cell {_letters(column)}{row}: '{value}' is not a number")
    return value


def _letters(column: int) -> str:
    """Name of a column as a spreadsheet has it: 5 is E, 27 is AA."""
    first, last = divmod(column - 1, 26)
    return (chr(64 + first) if first else "") + chr(65 + last)

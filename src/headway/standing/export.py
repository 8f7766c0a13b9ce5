"""Exports of a built index: results, cells with their marks, weights, and the recipe that makes it again."""

from __future__ import annotations

import html
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from headway import __version__
from headway.core.errors import InputError
from headway.core.files import make_folder, refuse_taken_names, write_atomically
from headway.standing.build import Index
from headway.standing.sheet import mark_words
from headway.standing.spec import dump
from headway.standing.weightspace import effective_weights

if TYPE_CHECKING:
    import pandas as pd


def results(index: Index) -> pd.DataFrame:
    """Table with one row per unit (and year), best first: rank and score of the index, then of every node below it."""
    import pandas as pd

    root = index.spec.tree.root
    nodes = (root, *(node for node in reversed(index.spec.tree.nodes) if node != root))
    columns: dict[str, Any] = {"unit": index.units}
    if index.table.labels:
        columns["label"] = [index.table.name(unit) for unit in index.units]
    if index.years is not None:
        columns["year"] = index.years
    for node in nodes:
        columns[f"{node}.rank"] = pd.array(_whole(index.ranks[node]), dtype="Int64")
        columns[f"{node}.score"] = index.scores[node]
    columns["share_not_observed"] = index.share_imputed()
    frame = pd.DataFrame(columns)
    by = [*(["year"] if index.years is not None else []), f"{root}.rank", "unit"]
    return frame.sort_values(by, na_position="last", ignore_index=True)


def cells(index: Index) -> pd.DataFrame:
    """Table with one row per unit (and year) and indicator: value before and after each step, score, and marks."""
    import pandas as pd

    leaves, n = index.spec.tree.leaves, len(index.rows)
    units = np.array(index.units, dtype=object)
    columns: dict[str, Any] = {"unit": np.repeat(units, len(leaves)), "indicator": list(leaves) * n}
    if index.years is not None:
        columns["year"] = np.repeat(np.array(index.years), len(leaves))
    for name, sheet in index.stages.items():
        at = np.searchsorted(sheet.rows, index.rows)
        columns[name] = sheet.values[at].ravel()
    marks = index.final.marks
    columns["marks"] = [mark_words(int(mark)) for mark in marks.ravel()]
    return pd.DataFrame(columns)


def weights(index: Index) -> pd.DataFrame:
    """Table with one row per node and child (and year): weight within the node, and weight in the whole index."""
    import pandas as pd

    years = sorted(set(index.years or ()))
    whole = [effective_weights(index, block=block) for block in range(max(1, len(years)))]
    rows = []
    for node in index.spec.tree.nodes:
        for block, w in enumerate(index.weights[node]):
            for child, weight in zip(index.spec.tree.children[node], w, strict=True):
                under = sum(whole[block][leaf] for leaf in index.spec.tree.under(child))
                year = {"year": years[block]} if years else {}
                rows.append({**year, "node": node, "child": child, "weight": float(weight), "effective": under})
    return pd.DataFrame(rows)


def recipe(index: Index) -> dict[str, Any]:
    """Versions and hashes that make the index again, bit for bit on one platform."""
    return {
        "index": index.spec.name,
        "headway": __version__,
        "numpy": np.__version__,
        "specification": index.spec.hash,
        "data": index.table.hash,
        "steps": [step.name for step in index.spec.steps],
        "units": len(set(index.units)),
        "remarks": list(index.remarks),
    }


FILES = ("results.csv", "cells.csv", "weights.csv", "recipe.json", "specification.yaml")  # names of `csv_files`


def csv_files(index: Index) -> dict[str, str]:
    """Contents by file name: three tables, the recipe and the specification."""
    return {
        "results.csv": results(index).to_csv(index=False),
        "cells.csv": cells(index).to_csv(index=False),
        "weights.csv": weights(index).to_csv(index=False),
        "recipe.json": json.dumps(recipe(index), indent=2, ensure_ascii=False) + "\n",
        "specification.yaml": dump(index.spec),
    }


def excel(index: Index) -> bytes:
    """Excel workbook with the same tables.

    Raises:
        InputError: openpyxl is not installed, or there are more rows than a sheet can hold.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.styles import Font
    except ImportError as error:
        raise InputError("Excel files need openpyxl: pip install 'headway[index]'") from error
    book = Workbook()
    book.remove(book.worksheets[0])
    tables = {"results": results(index), "cells": cells(index), "weights": weights(index)}
    for name, frame in tables.items():
        if len(frame) >= 1_048_576:
            raise InputError(
                f"sheet '{name}' would have {len(frame):,} rows; an Excel sheet holds 1,048,576. Export CSV"
            )
        sheet = book.create_sheet(name)
        sheet.append(list(frame.columns))
        for row in frame.itertuples(index=False):
            sheet.append([_cell(value) for value in row])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        sheet.freeze_panes = "B2"
    sheet = book.create_sheet("recipe")
    for key, value in recipe(index).items():
        for line in value if isinstance(value, list) else [value]:
            sheet.append([key, _cell(line)])
    sheet = book.create_sheet("specification")
    for line in dump(index.spec).splitlines():
        sheet.append([_cell(line)])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def page(index: Index) -> str:
    """Self-contained HTML page: results, weights, remarks, and the specification."""
    title = html.escape(index.spec.title or index.spec.name)
    described = f"<p>{html.escape(index.spec.description)}</p>" if index.spec.description else ""
    source = f"<p>Source of the method: {html.escape(index.spec.source)}</p>" if index.spec.source else ""
    remarks = "".join(f"<li>{html.escape(remark)}</li>" for remark in index.remarks)
    made = recipe(index)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><h1>{title}</h1>{described}{source}"
        f"<h2>Results</h2>{_table(results(index))}<h2>Weights</h2>{_table(weights(index))}"
        f"<h2>What to know</h2><ul>{remarks}</ul><h2>Specification</h2><pre>{html.escape(dump(index.spec))}</pre>"
        f"<footer>headway {made['headway']}, specification {made['specification']}, data {made['data']}</footer>"
        "</body></html>\n"
    )


_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1a1a1a}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    "th,td{padding:.2rem .6rem;text-align:right;border-bottom:1px solid #ddd}th{position:sticky;top:0;background:#fff}"
    "th:first-child,td:first-child{text-align:left}pre{background:#f6f6f6;padding:1rem;overflow-x:auto}"
)


def _table(frame: pd.DataFrame) -> str:
    head = "".join(f'<th scope="col">{html.escape(str(column))}</th>' for column in frame.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(_shown(value))}</td>" for value in row) + "</tr>"
        for row in frame.itertuples(index=False)
    )
    return f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _shown(value: Any) -> str:
    value = _cell(value)
    return "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)


def _cell(value: Any) -> Any:
    """Plain value for a file: None for missing; text that a spreadsheet would take for a formula is quoted."""
    import pandas as pd

    if pd.isna(value) is True:  # also pandas' own NA, the rank of a unit without a score, which no comparison may meet
        return None
    if isinstance(value, np.generic):
        return value.item()
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+@" else value


def _whole(ranks: Any) -> list[int | None]:
    return [None if rank != rank else int(rank) for rank in ranks]


def write_folder(folder: Path, files: Mapping[str, str | bytes], *, force: bool = False) -> list[Path]:
    """Paths of files written into a folder, all or none: every name is checked before the first is written.

    Raises:
        InputError: a file exists and `force` is false, or the folder cannot be made or written.
    """
    folder = Path(folder)
    refuse_taken_names(folder, files, force=force)
    make_folder(folder, f"cannot make the folder {folder}")
    return [write_atomically(folder / name, content, force=force) for name, content in files.items()]

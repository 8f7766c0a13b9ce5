"""Exports of a built index: results, cells with their marks, weights, its recipe; as HTML, Excel and CSV."""

from __future__ import annotations

import datetime as dt
import html
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from headway import __version__
from headway.charts import Caption, picture_svg
from headway.core import periods
from headway.core.errors import InputError
from headway.core.files import make_folder, refuse_taken_names, write_atomically
from headway.core.numbers import LEVEL
from headway.findings.finding import Picture
from headway.standing.build import Index
from headway.standing.ensemble import prepare, run
from headway.standing.sheet import mark_words
from headway.standing.spec import dump
from headway.standing.weightspace import effective_weights

if TYPE_CHECKING:
    import pandas as pd


def document(title: str, body: str) -> str:
    """HTML document; `title` is text, `body` HTML."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body>{body}<script>{_SORT}</script></body></html>\n"
    )


def sortable(columns: Sequence[str], rows: Sequence[Sequence[str]], styles: Sequence[Sequence[str]] = ()) -> str:
    """HTML of a table of text; a click on a column's head sorts it.

    Args:
        styles: CSS of each cell, in the shape of `rows`; none by default.
    """
    head = "".join(
        f'<th scope="col" aria-sort="none"><button type="button">{html.escape(name)}</button></th>' for name in columns
    )
    lines = []

    def style(css: str) -> str:
        return f' style="{css}"' if css else ""

    for i, row in enumerate(rows):
        own = styles[i] if styles else [""] * len(row)
        cells = zip(row, own, strict=True)
        lines.append("".join(f"<td{style(css)}>{html.escape(cell)}</td>" for cell, css in cells))
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def figure_html(picture: Picture, caption: Caption) -> str:
    """HTML of a picture."""
    return f"<figure>{picture_svg(picture, caption)}</figure>"


_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1a1a1a}"
    ".wide{overflow-x:auto}table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
    "th,td{padding:.2rem .6rem;text-align:right;border-bottom:1px solid #ddd}th{position:sticky;top:0;background:#fff}"
    "th:first-child,td:first-child{text-align:left;white-space:pre}pre{background:#f6f6f6;padding:1rem;overflow-x:auto}"
    "th button{font:inherit;font-weight:bold;border:0;background:none;cursor:pointer;text-align:inherit;padding:0}"
    "th[aria-sort=ascending] button::after{content:' ▲'}th[aria-sort=descending] button::after{content:' ▼'}"
    "figure{margin:1rem 0}figure svg{max-width:100%;height:auto}"
    "section{border-top:2px solid #1a1a1a;margin-top:2.5rem}.muted{color:#566370}"
    ".grade{color:#fff;border-radius:3px;padding:0 .4em;font-size:.75em;font-weight:bold;text-transform:uppercase}"
    ".good{background:#00704f}.look{background:#9a5b00}.poor{background:#a32020}li.remark{list-style:none}"
    "@media print{section{break-before:page}}"
)
_SORT = (
    "document.querySelectorAll('table').forEach(t=>t.querySelectorAll('th').forEach((h,i)=>h.addEventListener('click',"
    "()=>{const up=h.getAttribute('aria-sort')!=='ascending';t.querySelectorAll('th').forEach(o=>o.setAttribute("
    "'aria-sort','none'));h.setAttribute('aria-sort',up?'ascending':'descending');const b=t.tBodies[0];"
    "[...b.rows].sort((p,q)=>{const x=p.cells[i].textContent,y=q.cells[i].textContent;if(!x||!y)return x?-1:y?1:0;"
    "const d=isNaN(x)||isNaN(y)?x.localeCompare(y):x-y;return up?d:-d}).forEach(r=>b.append(r))})))"
)


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


def intervals(index: Index, draws: int | None = None) -> tuple[pd.DataFrame | None, str]:
    """Table of rank intervals of the latest year, best first, and a remark; None where nothing is varied.

    Args:
        draws: members of the ensemble; the specification's own number by default.
    """
    study = prepare(index.spec, index.table, functions=index.functions)
    if not study.choices and not study.errors:
        return None, "the specification states nothing to vary, so that ranks have no intervals"
    try:
        made = run(study, draws)
    except InputError as error:
        return None, f"ranks have no intervals: {error}"
    frame = made.to_frame().reset_index()
    if index.table.labels:
        frame.insert(1, "label", [index.table.name(unit) for unit in frame["unit"]])
    year = "" if study.year is None else f" in {study.year}"
    return frame, f"low and high: 90% interval of the rank{year} over {len(made.scores)} alternatives"


def with_intervals(index: Index, ranked: pd.DataFrame | None) -> pd.DataFrame:
    """Results with the interval (whole places) and the tier of the root's rank, for the rows of the latest year."""
    frame = results(index)
    if ranked is None:
        return frame
    at = frame.columns.get_loc(f"{index.spec.tree.root}.score") + 1
    by_unit = ranked.set_index("unit")
    by_unit = by_unit.assign(low=np.floor(by_unit["low"]), high=np.ceil(by_unit["high"]))
    latest = frame["year"] == frame["year"].max() if "year" in frame.columns else [True] * len(frame)
    for offset, name in enumerate(("low", "high", "tier")):
        column = frame["unit"].map(by_unit[name]).where(latest)
        frame.insert(at + offset, f"{index.spec.tree.root}.{name}", column)
    return frame


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


def excel(index: Index, ranked: pd.DataFrame | None = None) -> bytes:
    """Excel workbook with the same tables, and the rank intervals where they are given.

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
    tables |= {} if ranked is None else {"intervals": ranked}
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


PICTURES = ("framework", "scores", "ranks", "availability", "structure")
"""Pictures of a page, in this order; one that has nothing to show is left out."""


def page(index: Index, date: dt.date | None = None, ranked: pd.DataFrame | None = None, remark: str = "") -> str:
    """Self-contained HTML page: results with intervals, pictures, weights, remarks, and the specification.

    Tables are sorted by a click on the head of a column. Nothing is loaded from elsewhere.

    Args:
        date: of the data, which pictures state; today by default.
        ranked, remark: as from `intervals`.
    """
    title = html.escape(index.spec.title or index.spec.name)
    described = f"<p>{html.escape(index.spec.description)}</p>" if index.spec.description else ""
    source = f"<p>Source of the method: {html.escape(index.spec.source)}</p>" if index.spec.source else ""
    said = [*([remark] if remark else []), *index.remarks]
    remarks = "".join(f"<li>{html.escape(words)}</li>" for words in said)
    made = recipe(index)
    heads = {node: index.spec.label(node) for node in (*index.spec.tree.nodes, *index.spec.tree.leaves)}
    shown = with_intervals(index, ranked)
    named = weights(index).assign(
        node=lambda frame: frame["node"].map(heads), child=lambda frame: frame["child"].map(heads)
    )
    body = (
        f"<h1>{title}</h1>{described}{source}"
        f"<h2>Results</h2>{_table(shown, heads)}"
        f"<h2>Pictures</h2>{_pictures(index, date or periods.today(), ranked is not None)}"
        f"<h2>Weights</h2>{_table(named, {})}"
        f"<h2>What to know</h2><ul>{remarks}</ul><h2>Specification</h2><pre>{html.escape(dump(index.spec))}</pre>"
        f"<footer>headway {made['headway']}, specification {made['specification']}, data {made['data']}</footer>"
    )
    return document(index.spec.title or index.spec.name, body)


def _pictures(index: Index, date: dt.date, varied: bool) -> str:
    """Pictures as figures; one that has nothing to show, or needs what is not varied, is left out."""
    from headway.standing.pictures import picture

    out = []
    for kind in PICTURES:
        if kind == "ranks" and not varied:
            continue
        try:
            made = picture(kind, index)
        except InputError:
            continue
        about = made.alternative.split(". ")[0].rstrip(".") + "."
        out.append(figure_html(made, Caption(date, LEVEL if kind == "ranks" else None, about)))
    return "".join(out)


def _table(frame: pd.DataFrame, heads: Mapping[str, str]) -> str:
    """Table whose columns `node.what` are headed by the node's label."""
    names = [_head(str(column), heads) for column in frame.columns]
    return sortable(names, [[_shown(value) for value in row] for row in frame.itertuples(index=False)])


def _head(column: str, heads: Mapping[str, str]) -> str:
    node, _, what = column.rpartition(".")
    return f"{heads[node]}: {what}" if node in heads else column.replace("_", " ")


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
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "@")) else value


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

"""Audit report of an index: the Handbook's ten steps, one page each, as an HTML page and as a PDF.

Source: OECD/JRC Handbook on Constructing Composite Indicators (2008), table 1 (the ten steps); the statistics are those
of the JRC's statistical audits.
"""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

import numpy as np

from headway.charts import Caption, picture_svg
from headway.charts.paper import typeset
from headway.core import wording
from headway.core.errors import InputError
from headway.core.numbers import LEVEL
from headway.findings.finding import Picture
from headway.standing.audit import AuditRemark, audit
from headway.standing.audit_data import (
    data_page,
    framework_page,
    imputation_page,
    multivariate_page,
    normalisation_page,
)
from headway.standing.audit_parts import Audited, AuditPage, ReportTable
from headway.standing.audit_ranks import (
    comparable,
    details_page,
    links_page,
    presentation_page,
    robustness_page,
    weighting_page,
)
from headway.standing.build import Index
from headway.standing.ensemble import IndexEnsemble, Study, prepare, run
from headway.standing.export import document, figure_html, recipe, sortable
from headway.standing.ranks import summary
from headway.standing.sensitivity import Sensitivity, mean_rank_shift, sensitivity

POINTS = 256
"""Base sample of the sensitivity analysis in a report."""


@dataclass(frozen=True)
class AuditReport:
    """Report of an audit: a summary and ten pages.

    Attributes:
        lines: what the index is made of and from, for the summary.
        made: versions and hashes that make it again.
    """

    title: str
    lines: tuple[str, ...]
    pages: tuple[AuditPage, ...]
    made: Mapping[str, object] = field(default_factory=dict)

    @property
    def verdict(self) -> tuple[tuple[int, AuditRemark], ...]:
        """Graded remarks with the number of their step."""
        return tuple((page.number, remark) for page in self.pages for remark in page.graded)


def audit_report(index: Index, others: Mapping[str, Mapping[str, float]] | None = None) -> AuditReport:
    """Report on an index, or on its latest year.

    Args:
        others: variables outside the index, name → unit → value, with which step 9 compares it.

    Raises:
        InputError: a variable shares too few units with the index.
    """
    study = prepare(index.spec, index.table, functions=index.functions)
    ensemble, moved, unvaried = _varied(study)
    last = index.blocks()[-1]
    beside = {
        name: np.array([values.get(index.units[row], np.nan) for row in last])
        for name, values in {**_extras(index), **(others or {})}.items()
    }
    beside = {name: values for name, values in beside.items() if name in (others or {}) or comparable(index, values)}
    stats = summary(ensemble) if ensemble else None
    of = Audited(index, audit(index), study, ensemble, stats, moved, unvaried, beside)
    year = "" if study.year is None else f" in {study.year}"
    counted = f"{len(last)} units{year}, {len(index.spec.tree.leaves)} indicators, {len(index.spec.tree.nodes)} nodes"
    lines = (counted, *((index.spec.source,) if index.spec.source else ()))
    pages = tuple(
        make(of)
        for make in (
            framework_page,
            data_page,
            imputation_page,
            multivariate_page,
            normalisation_page,
            weighting_page,
            robustness_page,
            details_page,
            links_page,
            presentation_page,
        )
    )
    return AuditReport(index.spec.title or index.spec.name, lines, pages, recipe(index))


def _varied(study: Study) -> tuple[IndexEnsemble | None, Sensitivity | None, str]:
    """Ensemble and sensitivity of a study, and in words why one is absent."""
    if not study.choices and not study.errors:
        return None, None, "The specification states nothing to vary (robustness), so that ranks have no intervals."
    try:
        ensemble = run(study)
    except InputError as error:
        return None, None, f"Ranks have no intervals: {error}."
    try:
        return ensemble, sensitivity(study, mean_rank_shift(study), points=POINTS), ""
    except InputError as error:
        return ensemble, None, f"There is no sensitivity analysis: {error}."


def _extras(index: Index) -> dict[str, dict[str, float]]:
    """Further columns of the data (denominators, columns for similarity), name → unit → value in the latest year."""
    rows = index.rows[index.blocks()[-1]]
    return {
        name.replace("_", " "): {index.table.units[i]: float(values[i]) for i in rows}
        for name, values in index.table.extras.items()
    }


READING = (
    "Good: as the bounds ask. Look: something that the authors should explain. Poor: something that they should "
    "change, or that a reader must know. The text names each bound; bounds are customary, and no law."
)
_PAPER, _HALF = 700, 400  # widths in px that a picture is drawn for: the page's, or half of it
_WORD = re.compile(r"[^\W\d_]+")
_IN_FIGURES = frozenset({"to", "yes", "million", "billion", "trillion"})
_BLUE, _RED = "79,134,198", "208,96,94"


def pdf(report: AuditReport, day: dt.date) -> bytes:
    """PDF of the report: a summary and one page a step.

    Raises:
        EvidenceError: what cannot be set.
    """
    template = files("headway.standing").joinpath("templates/audit.typ").read_bytes()
    return typeset(template, content(report, day), day)


def content(report: AuditReport, day: dt.date) -> dict[str, Any]:
    """Content of the PDF as plain data."""
    title = f"{report.title}: audit"
    made = {name: value for name, value in report.made.items() if name not in {"remarks", "units"}}
    return {
        "title": title,
        "footer": f"{title} · {wording.day(day)} · specification {report.made['specification']}",
        "lines": [*report.lines, wording.day(day)],
        "verdict": [{"step": step, "grade": r.grade, "text": r.text} for step, r in report.verdict],
        "reading": READING,
        "made": [(name, ", ".join(value) if isinstance(value, list) else str(value)) for name, value in made.items()],
        "pages": [_page(made_page, day) for made_page in report.pages],
    }


def _page(of: AuditPage, day: dt.date) -> dict[str, Any]:
    beside = of.narrow and len(of.pictures) == 1 and len(of.tables) > 0
    width = _HALF if of.narrow and (beside or len(of.pictures) > 1) else _PAPER
    return {
        "number": of.number,
        "title": of.title,
        "question": of.question,
        "chosen": list(of.chosen),
        "found": list(of.found),
        "graded": [{"grade": remark.grade, "text": remark.text} for remark in of.graded],
        "narrow": of.narrow,
        "beside": beside,
        "pictures": [
            {
                "svg": picture_svg(picture, _caption(picture, day), width),
                "alternative": f"{picture.title}. {picture.alternative}",
            }
            for picture in of.pictures
        ],
        "tables": [_table(table) for table in of.tables],
    }


def _table(table: ReportTable) -> dict[str, Any]:
    return {
        "title": table.title,
        "columns": list(table.columns),
        "rows": [[cell.replace("  ", "\u2003") for cell in row] for row in table.rows],
        "tints": [list(row) for row in table.tints],
        "words": [any(_is_text(row[place]) for row in table.rows) for place in range(len(table.columns))],
    }


def _is_text(cell: str) -> bool:
    """Whether a cell holds words rather than a figure; `3–7` and `0.4 to 0.6` are figures."""
    return bool({*_WORD.findall(cell)} - _IN_FIGURES)


def _caption(picture: Picture, day: dt.date) -> Caption:
    """Date below a picture, its level where it shows intervals of ranks, and how to read it."""
    level = LEVEL if picture.x.startswith("rank") else None
    return Caption(day, level, picture.alternative.split(". ")[0].rstrip(".") + ".")


def page_html(report: AuditReport, day: dt.date) -> str:
    """HTML page of the report, self-contained."""
    title = f"{report.title}: audit"
    lines = " · ".join(html.escape(line) for line in (*report.lines, wording.day(day)))
    verdict = "".join(_remark(r.grade, r.text, f"Step {step}. ") for step, r in report.verdict)
    made = ", ".join(
        f"{name} {value}" for name, value in report.made.items() if name in {"headway", "specification", "data"}
    )
    body = (
        f'<h1>{html.escape(report.title)}</h1><p class="muted">Statistical audit · {lines}</p>'
        f'<h2>Verdict, by step</h2><ul>{verdict}</ul><p class="muted">{html.escape(READING)}</p>'
        f"{''.join(_section(made_page, day) for made_page in report.pages)}<footer>{html.escape(made)}</footer>"
    )
    return document(title, body)


def _section(of: AuditPage, day: dt.date) -> str:
    chosen = "".join(f"<li>{html.escape(words)}</li>" for words in of.chosen)
    found = "".join(_remark(remark.grade, remark.text) for remark in of.graded)
    found += "".join(f"<li>{html.escape(words)}</li>" for words in of.found)
    pictures = "".join(figure_html(picture, _caption(picture, day)) for picture in of.pictures)
    tables = "".join(
        f"<h3>{html.escape(table.title)}</h3>{sortable(table.columns, table.rows, _styles(table))}"
        for table in of.tables
    )
    return (
        f'<section><h2>{of.number}. {html.escape(of.title)}</h2><p class="muted">{html.escape(of.question)}</p>'
        f"<h3>What was chosen</h3><ul>{chosen}</ul><h3>What the data say</h3><ul>{found}</ul>{pictures}{tables}"
        "</section>"
    )


def _remark(grade: str, text: str, before: str = "") -> str:
    return (
        f'<li class="remark">{html.escape(before)}<span class="grade {grade}">{grade}</span> {html.escape(text)}</li>'
    )


def _styles(table: ReportTable) -> list[list[str]]:
    """CSS of the cells of a matrix: blue for positive, red for negative; nothing for a plain table."""

    def css(r: float | None) -> str:
        return "" if r is None else f"background:rgba({_BLUE if r >= 0 else _RED},{0.75 * abs(r):.2f})"

    return [[css(r) for r in row] for row in table.tints]

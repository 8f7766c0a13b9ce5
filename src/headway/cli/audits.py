"""Audit reports as files, for the commands that write one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from headway.core.errors import InputError
from headway.core.files import refuse_early, write_atomically

if TYPE_CHECKING:
    from headway.standing.build import Index


def refuse_report(out: Path, *, force: bool) -> None:
    """Refuse a report's file that cannot be written or is of no known kind."""
    if out.suffix.lower() not in {".pdf", ".html"}:
        raise InputError(f"--out {out}: write .pdf or .html")
    refuse_early(out, force=force)


def write_report(
    index: Index, out: Path, links: Path | None, date: dt.date | None, *, force: bool,
    resolve: Callable[[str], str | None] | None = None,
) -> Path:  # fmt: skip
    """Path of the audit report, written.

    Args:
        resolve: unit that a name in `links` stands for; the unit or its label by default.
    """
    from headway.core.periods import today
    from headway.standing.audit_report import audit_report, page_html, pdf
    from headway.standing.compare import read_variables

    units = {name: unit for unit in index.units for name in (unit, index.table.name(unit))}
    others = {} if links is None else read_variables(links, resolve or units.get)
    report, day = audit_report(index, others), date or today()
    made = pdf(report, day) if out.suffix.lower() == ".pdf" else page_html(report, day)
    return write_atomically(out, made, force=force)

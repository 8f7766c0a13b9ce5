"""Parts of an audit report that its pages share: tables, pages, what they are made from, and figures in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from headway.core import wording
from headway.core.errors import InputError
from headway.findings.finding import Picture
from headway.standing.audit import Audit, AuditRemark
from headway.standing.build import Index
from headway.standing.ensemble import IndexEnsemble, Study
from headway.standing.moments import Array
from headway.standing.pictures import picture
from headway.standing.ranks import RankSummary
from headway.standing.sensitivity import Sensitivity
from headway.standing.sheet import Rows

MOST_ROWS = 20
"""Rows of a table and of a picture in the report, so that a step fits one page; the rest is in `--json` and exports."""


@dataclass(frozen=True, slots=True)
class ReportTable:
    """Table of a report: cells are text. `tints` are numbers from -1 to 1 by which cells of a matrix are coloured."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    tints: tuple[tuple[float | None, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class AuditPage:
    """One step: its question, what the authors chose, what the data say of it, remarks with a grade, pictures, tables.

    Pictures with `narrow` stand two in a row.
    """

    number: int
    title: str
    question: str
    chosen: tuple[str, ...]
    found: tuple[str, ...]
    graded: tuple[AuditRemark, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[ReportTable, ...] = ()
    narrow: bool = False


@dataclass(frozen=True)
class Audited:
    """Index with everything that several pages need.

    Attributes:
        ensemble, ranks, sensitivity: None where there is none, which `unvaried` gives the reason for.
        others: variables outside the index, name → values of the latest year's units.
    """

    index: Index
    audit: Audit
    study: Study
    ensemble: IndexEnsemble | None
    ranks: RankSummary | None
    sensitivity: Sensitivity | None
    unvaried: str
    others: Mapping[str, Array]

    @property
    def last(self) -> Rows:
        """Positions of the latest year's rows."""
        return self.index.blocks()[-1]

    def name(self, row: int) -> str:
        """Name of the unit of a row."""
        return self.index.table.name(self.index.units[row])


def drawn(index: Index, *kinds: str) -> tuple[Picture, ...]:
    """Pictures that have something to show, with no more rows than a page holds."""
    out = []
    for kind in kinds:
        try:
            made = picture(kind, index)
        except InputError:
            continue
        more = len(made.rows) - MOST_ROWS
        shorter = f"{made.title} (the first {MOST_ROWS})"
        out.append(replace(made, rows=made.rows[:MOST_ROWS], title=shorter) if more > 0 else made)
    return tuple(out)


def cut(table: ReportTable, most: int = MOST_ROWS) -> ReportTable:
    """Table with at most so many rows; its title says how many there are."""
    if len(table.rows) <= most:
        return table
    return replace(table, title=f"{table.title} (the first {most} of {len(table.rows)})", rows=table.rows[:most])


def ranked_rows(index: Index, last: Rows) -> list[int]:
    """Rows of the latest year with a score, best first."""
    ranks = index.ranks[index.spec.tree.root]
    return sorted((int(i) for i in last if ranks[i] == ranks[i]), key=lambda i: (ranks[i], index.units[i]))


def capped(sentences: Sequence[str], most: int = 8) -> list[str]:
    """First sentences, and how many more there are."""
    more = len(sentences) - most
    return [
        *sentences[:most],
        *([f"{more} more remarks, which the command headway index build prints."] if more > 0 else []),
    ]


def share(value: float) -> str:
    """Share in percent with one decimal where it needs one."""
    return f"{100 * value:.1f}".removesuffix(".0") + "%"


def percent(value: float) -> str:
    """Share in whole percent; empty where there is none."""
    return "" if value != value else f"{value:.0%}"


def figure(value: float) -> str:
    """Number in three digits with words for millions and more; empty where there is none."""
    return "" if value != value else wording.number(value)


def two_digits(value: float) -> str:
    """Number with two decimals; empty where there is none."""
    return "" if value != value else f"{value + 0.0:.2f}".replace("-0.00", "0.00").replace("-", "−")


def yes(flag: bool) -> str:
    """Flag as `yes` or nothing."""
    return "yes" if flag else ""

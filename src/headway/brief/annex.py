"""Annex of a brief: tables in plain words, goals with their verdicts and ranks in one table each, numbered caveats."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headway.brief.compose import Brief, Chapter
from headway.core import wording
from headway.findings import Finding, FindingId

_NAMES = {
    "eci": "capability points", "oom": "orders of magnitude (tenfold steps)", "compute_share": "% of world compute",
    "months_alone": "months if taken away alone", "before_data": "before the data",
}  # fmt: skip
_NOTHING = 5e-4  # what rounds to nothing in a table
_VIEWS = {"scale": "by size", "intensity": "by intensity", "frontier": "at the frontier"}
_GOALS, _RANKS = ("ambition.goal", "ambition.verdict"), ("standing.domain",)


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """Row of a table made of several findings: its cells, and the findings behind it, most important first."""

    cells: tuple[str, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class AnnexTable:
    """Table made of several findings; `widths` of its columns are relative."""

    title: str
    columns: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[AnnexRow, ...]


def annex_tables(chapter: Chapter) -> tuple[AnnexTable, ...]:
    """Tables that stand for findings of a part: goals with their verdicts, ranks by domain."""
    made = (_goals(chapter.findings), _ranks(chapter.findings))
    return tuple(table for table in made if table.rows)


def caveat_numbers(brief: Brief) -> dict[str, int]:
    """Number of each caveat, in the order in which findings carry it first."""
    distinct = dict.fromkeys(finding.caveat for finding in brief.findings if finding.caveat)
    return {text: number for number, text in enumerate(distinct, start=1)}


def _goals(findings: Sequence[Finding]) -> AnnexTable:
    verdicts = {_arguments(one)[0]: one for one in findings if _is(one, "ambition.verdict") and _arguments(one)}
    rows = []
    for goal in findings:
        verdict = verdicts.get(_arguments(goal)[0]) if _is(goal, "ambition.goal") and _arguments(goal) else None
        if verdict is not None:
            said = " ".join(filter(None, (str(goal.details.get("document") or ""), goal.details.get("declared_on"))))
            text = str(goal.details.get("text") or goal.sentence)
            short, why = str(verdict.details["short"]), str(verdict.details["why"])
            rows.append(AnnexRow((text, said, short, why), (verdict, goal)))
    columns = ("goal", "declared", "verdict", "why")
    return AnnexTable("Declared goals and their verdicts", columns, (4, 2.4, 1.6, 4), tuple(rows))


def _ranks(findings: Sequence[Finding]) -> AnnexTable:
    """Ranks by domain, one column to a view."""
    domains: dict[str, dict[str, Finding]] = {}
    for one in findings:
        if _is(one, "standing.domain"):
            domain, view = _arguments(one)
            domains.setdefault(domain, {})[view] = one
    views = [view for view in _VIEWS if any(view in held for held in domains.values())]
    rows = tuple(
        AnnexRow((_domain(held), *(_rank(held.get(view)) for view in views)), tuple(held.values()))
        for held in domains.values()
    )
    columns = ("domain", *(_VIEWS[view] for view in views))
    return AnnexTable("Ranks by domain", columns, (1,) * len(columns), rows)


def _domain(held: Mapping[str, Finding]) -> str:
    """`Compute`, from the quantity of its findings, `rank in compute by size`."""
    named = re.sub(r"^rank in | (by size|by intensity|at the frontier)$", "", next(iter(held.values())).quantity)
    return named[:1].upper() + named[1:]


def _rank(finding: Finding | None) -> str:
    """`14th (90%: 8th–23rd) of 131`; empty where the view lacks the domain."""
    if finding is None:
        return ""
    if not isinstance(finding.value, int | float):
        return "nothing on record"
    said = wording.quantity(float(finding.value), finding.low, finding.high, finding.level, finding.unit)
    return f"{said} of {finding.details['countries']}"


def covered_by_tables(findings: Sequence[Finding]) -> set[str]:
    """Ids of findings that a table of the annex shows."""
    return {one.id for table in (_goals(findings), _ranks(findings)) for row in table.rows for one in row.findings}


def plain_table(rows: Sequence[Mapping[str, Any]]) -> tuple[list[str], list[list[str]]]:
    """Columns and cells of a finding's table in plain words: an interval stands beside its number in one cell."""
    keys = list(dict.fromkeys(str(key) for row in rows for key in row))
    shown = [key for key in keys if not _is_end(key, keys)]
    ends = {key: _ends(key, shown, keys) for key in shown}
    return [_NAMES.get(key, key.replace("_", " ")) for key in shown], [
        [_cell(row.get(key), *(row.get(end) for end in ends[key])) for key in shown] for row in rows
    ]


def _is_end(key: str, keys: Sequence[str]) -> bool:
    """Whether a column is the low or high end of another one."""
    return key in ("low", "high") or any(key == f"{other}{end}" for other in keys for end in ("_low", "_high"))


def _ends(key: str, shown: Sequence[str], keys: Sequence[str]) -> tuple[str, ...]:
    """Columns with the ends of the interval of a column; plain `low` and `high` belong to the column before them."""
    if f"{key}_low" in keys:
        return f"{key}_low", f"{key}_high"
    if "low" in keys and keys.index(key) + 1 == keys.index("low"):
        return "low", "high"
    return ()


def _cell(value: Any, low: Any = None, high: Any = None) -> str:
    if value is None or value != value:
        return ""
    if not isinstance(value, float):
        return str(value)
    if abs(value) < _NOTHING:
        value = 0.0
    if low is None or high is None:
        return wording.number(value)
    return f"{wording.amount(value, '', low, high)} ({wording.interval(low, high)})"


def _is(finding: Finding, recipe: str) -> bool:
    return FindingId.parse(finding.id).recipe == recipe


def _arguments(finding: Finding) -> tuple[str, ...]:
    return FindingId.parse(finding.id).arguments

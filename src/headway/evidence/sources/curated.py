"""Facts typed by us with a source each: goals, budgets, events, niches (statements) and single figures (observations).

The tables ship in `headway/evidence/curated/`; how a row is chosen, worded, coded and dated is in docs/curated.md.
`published_on` is the end of the page's own date where it has one. Else it follows a rule and the row is flagged
`pseudo`: the end of a statement's date, or the usual lag of a figure's source; where neither is known, the day we typed
it. An official act is public on its day, so events are always dated by the act.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import pandas as pd
from pydantic import ValidationError

from headway.core import periods
from headway.evidence.catalogue import indicators, sources
from headway.evidence.curated.rows import WORLD, Budget, CitedRow, CuratedFigure, CuratedStatement, Event, Goal, Niche
from headway.evidence.facts import STATEMENT_COLUMNS
from headway.evidence.sources.base import PSEUDO, SourceShapeError, Tables, known_by

Row = TypeVar("Row", bound=CitedRow)

STATEMENT_KINDS: dict[str, tuple[str, type[CuratedStatement]]] = {
    "goals": ("goal", Goal),
    "budgets": ("budget", Budget),
    "events": ("event", Event),
    "niches": ("niche", Niche),
}
"""Role of a file → kind of its statements and the model of its rows."""

FIGURES = "figures"


class Curated:
    """Reads the five curated tables; the roles are goals, budgets, events, niches and figures."""

    slug = "curated"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """Read the tables given in `files`; `vintage` is not used, because every row carries its own dates.

        Raises:
            SourceShapeError: an unknown role, a wrong header, or a row that breaks a rule; names file, row and field.
        """
        statements: list[dict[str, Any]] = []
        figures: list[dict[str, Any]] = []
        for role, path in sorted(files.items()):
            if role == FIGURES:
                figures = [_observation(row) for row in _figures(path)]
            elif role in STATEMENT_KINDS:
                kind, model = STATEMENT_KINDS[role]
                for row in _unique(path, rows(path, model)):
                    statements.extend(_statements(kind, row))
            else:
                expected = ", ".join([*STATEMENT_KINDS, FIGURES])
                raise SourceShapeError(path, f"role '{role}' is none of {expected}")
        return Tables(
            observations=pd.DataFrame(figures),
            statements=pd.DataFrame(statements, columns=list(STATEMENT_COLUMNS)) if statements else pd.DataFrame(),
        )


def rows(path: Path, model: type[Row]) -> Iterator[tuple[int, Row]]:
    """The rows of a curated CSV, checked by `model`, with their row number (the header is row 1).

    Raises:
        SourceShapeError: unreadable, a wrong header, a row of the wrong length, or a field that breaks a rule.
    """
    expected = list(model.model_fields)
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            table = list(csv.reader(stream, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceShapeError(path, f"not a readable CSV file: {error}") from error
    if not table or sorted(table[0]) != sorted(expected):
        found = ", ".join(table[0]) if table else "nothing"
        raise SourceShapeError(path, f"header should name {', '.join(expected)}; found: {found}", row=1)
    for number, cells in enumerate(table[1:], start=2):
        if len(cells) != len(expected):
            raise SourceShapeError(path, f"{len(cells)} cells instead of {len(expected)}", row=number)
        filled = {name: cell for name, cell in zip(table[0], cells, strict=True) if cell != ""}
        try:
            yield number, model.model_validate(filled)
        except ValidationError as error:
            first = error.errors()[0]
            column = str(first["loc"][0]) if first["loc"] else None
            raise SourceShapeError(path, first["msg"], column=column, row=number) from error


def published_on(row: CitedRow, fallback: str | None) -> tuple[dt.date, str]:
    """The day from which a row could be known, and its mark: the page's date, `fallback`, or the day we typed it."""
    if row.source_date is not None:
        return min(periods.end(row.source_date), row.transcribed_on), ""
    if fallback is not None:
        return min(periods.end(fallback), row.transcribed_on), PSEUDO
    return row.transcribed_on, PSEUDO


def _unique(path: Path, found: Iterator[tuple[int, CuratedStatement]]) -> Iterator[CuratedStatement]:
    seen: dict[str, int] = {}
    for number, row in found:
        if row.id in seen:
            raise SourceShapeError(path, f"id {row.id} stands in row {seen[row.id]} too", column="id", row=number)
        seen[row.id] = number
        yield row


def _statements(kind: str, row: CuratedStatement) -> Iterator[dict[str, Any]]:
    """One statement per country concerned: an event counts for each of its targets."""
    if isinstance(row, Event):
        known, flag = periods.end(row.date), PSEUDO
        places: Sequence[str] = row.targets
    else:
        known, flag = published_on(row, row.date)
        places = (getattr(row, "country", WORLD),)
    fields = row.model_dump(exclude={"id", "targets", "country"})
    for place in places:
        yield {
            **fields,
            "id": f"curated:{kind}:{place}:{row.id}",
            "kind": kind,
            "country": place,
            "date": periods.start(row.date) if row.date else None,
            "date_precision": _precision(row.date),
            "source_date": row.source_date or "",
            "published_on": known,
            "flag": flag,
        }


def _precision(date: str | None) -> str:
    if date is None:
        return ""
    return "quarter" if "Q" in date else ("year", "month", "day")[date.count("-")]


def _figures(path: Path) -> Iterator[CuratedFigure]:
    """Figures whose indicator, unit and source stand in the catalogue, each once."""
    seen: dict[tuple[str, ...], int] = {}
    for number, row in rows(path, CuratedFigure):
        problem = _catalogue_problem(row)
        if problem:
            raise SourceShapeError(path, problem[1], column=problem[0], row=number)
        key = (row.source, row.indicator, row.country, row.period)
        if key in seen:
            raise SourceShapeError(path, f"the same figure stands in row {seen[key]}", column="indicator", row=number)
        seen[key] = number
        yield row


def _catalogue_problem(row: CuratedFigure) -> tuple[str, str] | None:
    """Column and words of what the catalogue does not know, or None."""
    if row.indicator not in indicators():
        return "indicator", f"'{row.indicator}' is not in indicators.toml"
    unit = indicators()[row.indicator].unit
    if row.unit != unit:
        return "unit", f"'{row.unit}' should be '{unit}', the unit of {row.indicator}"
    if row.source not in sources():
        return "source", f"'{row.source}' is not in sources.toml"
    if sources()[row.source].url != row.url:
        return "url", f"differs from that of {row.source} in sources.toml, {sources()[row.source].url}"
    return None


def _observation(row: CuratedFigure) -> dict[str, Any]:
    lag = sources()[row.source].lag_days
    if row.source_date is None and lag is not None:
        known, mark = known_by(row.period, lag, row.transcribed_on), PSEUDO
    else:
        known, mark = published_on(row, None)
    kept = ("indicator", "country", "period", "value", "low", "high", "level", "unit", "source")
    return {
        **{name: getattr(row, name) for name in kept},
        "published_on": known,
        "flag": ",".join(sorted(filter(None, (row.flag, mark)))),
    }


ADAPTERS = (Curated(),)

"""Ledgers as tables, for people who keep their claims in a spreadsheet: one claim a row, one field a column.

A field of several parts has a column for each (`said.title`), a list of countries stands in one cell, and what has an
inner order of its own (readings, proposals, corrections) is JSON in its cell. Fields of the ledger itself stand in
columns `ledger.title`, `ledger.country` … of the first row. Columns that an export adds to show verdicts are not read.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping
from typing import Any

from headway.claims.check import LedgerReport
from headway.claims.ledger import Claim, Ledger, checked_ledger
from headway.core.errors import InputError
from headway.core.text_tables import read_text_table
from headway.core.yaml_files import Location

RESULTS = ("verdict", "probability", "low", "high", "why", "as_of", "version")
"""Columns that an export adds: the verdict of each claim, the day of the evidence, and the claim's version."""

_FIRST = ("id", "claim", "kind", "status", "countries", "speaks_of", "test")
_HEAD = "ledger."
_JSON = frozenset({"readings", "bearing", "proposals", "corrections", "thresholds", "errors"})
_FORMULA = re.compile(r"^'*[=+\-@\t]")  # what a spreadsheet would take for a formula


def ledger_table(report: LedgerReport) -> str:
    """CSV of a checked ledger: a row a claim, with its verdict."""
    book = report.ledger
    head = {
        f"{_HEAD}{key}": value for key, value in _cells(book.model_dump(mode="json", exclude_defaults=True)).items()
    }
    head = {key: value for key, value in head.items() if key != f"{_HEAD}claims"}
    rows = []
    for item in report.claims:
        judged = item.judgement
        results = (judged.verdict, judged.probability, judged.low, judged.high, judged.why, report.as_of)
        shown = [f"{one:.3f}" if isinstance(one, float) else "" if one is None else str(one) for one in results]
        cells = _cells(item.claim.model_dump(mode="json", exclude_defaults=True))
        rows.append({**cells, **dict(zip(RESULTS, (*shown, str(item.claim.version)), strict=True))})
    used = [key for row in rows for key in row if key not in (*_FIRST, *RESULTS)]
    columns = [*_FIRST, *dict.fromkeys(used), *RESULTS, *head]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    for number, row in enumerate(rows):
        full = {**row, **(head if number == 0 else {})}
        writer.writerow({key: f"'{value}" if _FORMULA.match(value) else value for key, value in full.items()})
    return out.getvalue()


def _cells(record: Mapping[str, Any]) -> dict[str, str]:
    """Fields of a record as the texts of its cells."""
    found: dict[str, str] = {}
    for key, value in record.items():
        if key in _JSON:
            found[key] = json.dumps(value, ensure_ascii=False)
        elif isinstance(value, dict):
            found.update({f"{key}.{part}": str(text) for part, text in value.items()})
        elif isinstance(value, list):
            found[key] = "; ".join(map(str, value))
        else:
            found[key] = str(value)
    return found


def ledger_from_table(data: bytes, name: str, slug: str) -> Ledger:
    """Ledger from the bytes of a table (CSV with comma, semicolon or tab, or .xlsx); messages call it `name`.

    Args:
        slug: name of the ledger where no column `ledger.ledger` gives one.

    Raises:
        InputError: no table, an unknown column, or a cell that breaks a rule; the message names row and column.
    """
    table = read_text_table(data, name)
    if table.faults:
        raise InputError(f"{name}: row {table.faults[0][0]} {table.faults[0][1]}")
    for column in ("id", "claim", "kind"):
        if column not in table.header:
            raise InputError(f"{name}, row 1: no column '{column}'; a table of claims needs id, claim and kind")
    _refuse_unknown(table.header, name)
    head: dict[str, Any] = {"ledger": slug, "title": slug}
    claims: list[dict[str, Any]] = []
    for number, row in zip(table.numbers, table.rows, strict=True):
        cells = {
            key: _FORMULA.sub(lambda match: match[0].removeprefix("'"), cell)
            for key, cell in zip(table.header, row, strict=True)
            if cell and key not in RESULTS
        }
        where = f"{name}, row {number}"
        if not claims:
            own = {key.removeprefix(_HEAD): cell for key, cell in cells.items() if key.startswith(_HEAD)}
            head |= _record(own, where)
        claims.append(_record({key: cell for key, cell in cells.items() if not key.startswith(_HEAD)}, where))

    def place(where: Location) -> str:
        """Row and column of a field."""
        if where[:1] == ("claims",) and len(where) > 1:
            return f"row {table.numbers[int(where[1])]}, {'.'.join(map(str, where[2:])) or 'claim'}"
        return f"row {table.numbers[0] if table.numbers else 1}, {_HEAD}{'.'.join(map(str, where))}"

    return checked_ledger({**head, "claims": claims}, name, place)


def _refuse_unknown(header: tuple[str, ...], name: str) -> None:
    claim = [*Claim.model_fields, *RESULTS]
    head = [f"{_HEAD}{field}" for field in Ledger.model_fields if field != "claims"]
    for column in header:
        field = column if not column.startswith(_HEAD) else f"{_HEAD}{column.removeprefix(_HEAD).split('.')[0]}"
        if (field.split(".")[0] if not field.startswith(_HEAD) else field) not in (*claim, *head):
            raise InputError(f"{name}, row 1: unknown column '{column}'; known are {', '.join((*claim, *head))}")


def _record(cells: Mapping[str, str], where: str) -> dict[str, Any]:
    """Fields that the texts of a row's cells give."""
    found: dict[str, Any] = {}
    for key, cell in cells.items():
        field, _, part = key.partition(".")
        if field in _JSON:
            try:
                found[field] = json.loads(cell)
            except (ValueError, RecursionError) as error:
                raise InputError(f"{where}, {key}: not JSON ({error})") from error
        elif part:
            inner = found.setdefault(field, {})
            if not isinstance(inner, dict):
                raise InputError(f"{where}, {key}: '{field}' has a column of its own; keep one of the two")
            inner[part] = cell
        elif field == "countries":
            found[field] = re.split(r"[;,\s]+", cell.strip(" ;,"))
        else:
            found[field] = cell
    return found

"""What came true: a table of best scores so far, checked row by row."""

from __future__ import annotations

import csv
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from headway.core import quarters
from headway.core.errors import InputError

COLUMNS = ("country", "quarter", "eci")
LOWEST, HIGHEST = 0.0, 500.0  # no score of the scale lies outside


@dataclass(frozen=True)
class Actual:
    """Best published score of a country up to the end of a quarter."""

    country: str
    quarter: int
    eci: float


def read_actuals(path: Path, forecast: Collection[str], span: tuple[int, int]) -> list[Actual]:
    """Read a CSV table with the columns country (ISO 3166-1 alpha-3), quarter (2026Q1) and eci (best score so far).

    Args:
        forecast: codes of the countries that have a forecast. span: first and last quarter forecast.

    Raises:
        InputError: the file cannot be read or a row breaks a rule; the message names file, row and field.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} is not UTF-8 text ({error.reason} at byte {error.start}); save it as CSV UTF-8"
        ) from None
    reader = csv.DictReader(text.splitlines())
    header = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = header
    if missing := [name for name in COLUMNS if name not in header]:
        raise InputError(
            f"{path}: no column {', '.join(missing)}; the header must hold {', '.join(COLUMNS)} "
            f"and holds {', '.join(header) or 'nothing'}"
        )
    rows = [_row(f"{path}, row {line}", row, forecast, span) for line, row in enumerate(reader, start=2)]
    if not rows:
        raise InputError(f"{path} holds no row below its header")
    _consistent(path, rows)
    return rows


def _row(where: str, row: Mapping[str | None, str | None], forecast: Collection[str], span: tuple[int, int]) -> Actual:
    if None in row:
        raise InputError(f"{where}: more cells than the header has columns; quote cells that hold a comma")
    country, quarter, eci = ((row.get(name) or "").strip() for name in COLUMNS)
    if country not in forecast:
        hint = f"; write {country.upper()}" if country.upper() in forecast else ""
        raise InputError(
            f"{where}: country '{country}' has no forecast{hint}; forecast are {', '.join(sorted(forecast))}"
        )
    try:
        number = quarters.number(quarter)
    except InputError as error:
        raise InputError(f"{where}: quarter {error}") from None
    if not span[0] <= number <= span[1]:
        raise InputError(
            f"{where}: quarter {quarter} is not forecast; forecasts run from {quarters.name(span[0])} "
            f"to {quarters.name(span[1])}"
        )
    try:
        score = float(eci)
    except ValueError:
        raise InputError(f"{where}: eci '{eci}' is not a number; write a score such as 157.3") from None
    if not math.isfinite(score) or not LOWEST < score < HIGHEST:
        raise InputError(f"{where}: eci {eci} is not a score; scores lie between {LOWEST:g} and {HIGHEST:g}")
    return Actual(country, number, score)


def _consistent(path: Path, rows: list[Actual]) -> None:
    """No pair twice, and no record that falls."""
    seen: dict[tuple[str, int], int] = {}
    for line, row in enumerate(rows, start=2):
        if (row.country, row.quarter) in seen:
            raise InputError(
                f"{path}, row {line}: {row.country} {quarters.name(row.quarter)} stands in row "
                f"{seen[row.country, row.quarter]} already"
            )
        seen[row.country, row.quarter] = line
    ordered = sorted(rows, key=lambda row: (row.country, row.quarter))
    for before, after in pairwise(ordered):
        if before.country == after.country and after.eci < before.eci:
            raise InputError(
                f"{path}, row {seen[after.country, after.quarter]}: eci {after.eci:g} of {after.country} is below "
                f"{before.eci:g} in {quarters.name(before.quarter)}; the best score so far never falls"
            )

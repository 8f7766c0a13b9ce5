"""What pandera finds wrong with a table, told as file, row, field, and what would be right."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pandas as pd

from headway.core.errors import HeadwayError

if TYPE_CHECKING:
    import pandera.pandas as pa

SHOWN = 5


def enforce(
    schema: pa.DataFrameSchema,
    frame: pd.DataFrame,
    name: str,
    *,
    error: type[HeadwayError],
    row_of: Callable[[int], str] | None = None,
) -> None:
    """Check `frame` (with a 0..n-1 index) against `schema`, whose checks carry as `error` what would be right.

    Args:
        row_of: what a row is called in messages, from its position; by default its number and id.

    Raises:
        error: names the first problems by row and field.
    """
    import pandera.errors

    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as found:
        lines = _lines(found.failure_cases, frame, row_of or (lambda at: f"row {at + 1} ({frame['id'].iloc[at]})"))
        more = f"\n  … and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
        raise error(f"{name}: " + "\n  ".join(lines[:SHOWN]) + more) from None


def _lines(cases: pd.DataFrame, frame: pd.DataFrame, row_of: Callable[[int], str]) -> list[str]:
    lines: dict[tuple[int, str], str] = {}
    for column, check, case, index in cases[["column", "check", "failure_case", "index"]].to_numpy():
        if index is None or index != index:  # not about a row: a column is missing or of the wrong type
            lines.setdefault((-1, f"{column}{check}"), f"column '{case}': {check}")
            continue
        position = int(index)
        field, _, right = str(check).partition(": ")
        if not right:
            field, right = str(column), "must not be empty" if check == "not_nullable" else f"must pass {check}"
        shown = "" if pd.isna(cell := frame[field].iloc[position]) else cell
        if isinstance(shown, pd.Timestamp):
            shown = shown.date()
        lines.setdefault((position, field), f"{row_of(position)}, field '{field}' is '{shown}': {right}")
    return [line for _, line in sorted(lines.items())]

"""Functions that commands share: streams for messages, and the forms in which tables are printed."""

from __future__ import annotations

import datetime as dt
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from headway.core.errors import InputError
from headway.core.files import write_atomically

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

SCHEMA_VERSION = 1


class SentenceGroup(TyperGroup):
    """Group whose help lists the whole first sentence of each command, in lines, and not its beginning."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.get_short_help_str(1000)) for name, one in found if one and not one.hidden])


class TableFormat(StrEnum):
    """Shapes of a table on stdout or in a file."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    PARQUET = "parquet"


def one_day(text: str) -> dt.datetime:
    """Midnight of a day that an option gives; raises BadParameter for anything but year, month and day."""
    try:
        return dt.datetime.strptime(text, "%Y-%m-%d")
    except ValueError as error:
        raise typer.BadParameter(f"'{text}' is no day such as 2023-12-31") from error


def say(words: str) -> None:
    """Words for the person, on stderr."""
    print(words, file=sys.stderr)


def console(width: int | None = None) -> Console:
    """A Rich console on stdout: coloured on a terminal, plain when piped or under NO_COLOR.

    Args:
        width: columns; by default those of the terminal.
    """
    from rich.console import Console

    return Console(width=width, highlight=False, soft_wrap=not sys.stdout.isatty())


def print_json(record: dict[str, Any]) -> None:
    """One JSON document on stdout, its schema version first."""
    document = {"schema_version": SCHEMA_VERSION, **record}
    print(json.dumps(document, indent=2, ensure_ascii=False, default=str, allow_nan=False))


def emit_table(
    frame: pd.DataFrame, shape: TableFormat, *, name: str, out: Path | None = None, force: bool = False, title: str = ""
) -> None:
    """Print `frame` on stdout, or write it to `out`, in the asked shape.

    Raises:
        InputError: Parquet without a file to write to, or a file that exists already.
    """
    import io

    if shape is TableFormat.PARQUET and out is None:
        raise InputError("--format parquet needs --out FILE: Parquet is binary")
    if shape is TableFormat.JSON:
        rows = json.loads(frame.to_json(orient="records", date_format="iso"))
        text = json.dumps({"schema_version": SCHEMA_VERSION, name: rows}, indent=2, ensure_ascii=False) + "\n"
    elif shape is TableFormat.CSV:
        text = frame.to_csv(index=False)
    elif shape is TableFormat.PARQUET:
        buffer = io.BytesIO()
        frame.to_parquet(buffer, index=False)
        assert out is not None
        write_atomically(out, buffer.getvalue(), force=force)
        return
    else:
        if out is None:
            _print_rich(frame, title)
            return
        text = _blanked(frame).to_string(index=False, na_rep="") + "\n"
    if out is None:
        sys.stdout.write(text)
    else:
        write_atomically(out, text, force=force)


def _blanked(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with blank text for what is missing in columns of pandas' own types, which `na_rep` does not reach."""
    import pandas as pd

    own = [name for name in frame.columns if pd.api.types.is_extension_array_dtype(frame[name].dtype)]
    return frame.assign(**{name: frame[name].astype(object).where(frame[name].notna(), "") for name in own})


def _print_rich(frame: pd.DataFrame, title: str) -> None:
    from rich import box
    from rich.table import Table

    table = Table(title=title or None, box=box.SIMPLE_HEAD, title_justify="left")
    for column in frame.columns:
        numeric = frame[column].dtype.kind in "if"
        first = column == frame.columns[0]
        table.add_column(str(column), justify="right" if numeric else "left", overflow="fold", no_wrap=first)
    for row in frame.itertuples(index=False):
        table.add_row(*map(_shown, row))
    width = None if sys.stdout.isatty() else 10_000  # a pipe has no width: nothing is folded
    console(width).print(table)


def _shown(cell: Any) -> str:
    """A cell as the terminal shows it: blank where it is missing, six significant digits where it is a number."""
    import pandas as pd

    if pd.isna(cell) is True:  # also pandas' own NA, which no comparison may meet
        return ""
    return f"{cell:,.6g}" if isinstance(cell, float) else str(cell)

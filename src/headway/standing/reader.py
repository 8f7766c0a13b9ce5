"""Reader of an index's data: CSV in the dialects that people bring, Excel, or a DataFrame; all faulty cells at once.

A file has one row per unit (and year) and one column per indicator. Every fault names column and row.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from headway.core.archives import open_archive
from headway.core.errors import InputError
from headway.core.files import read_bytes
from headway.core.text_tables import MOST_UNPACKED, refuse_control_characters
from headway.standing.mistakes import nearest, several
from headway.standing.moments import Array
from headway.standing.settings import Impute
from headway.standing.spec import Spec, further_columns
from headway.standing.table import Table

if TYPE_CHECKING:
    import pandas as pd

MISSING = frozenset({"", "na", "n/a", "nan", "null", "none", "-", "..", "–", "…"})
"""Cells that mean "no value", in any case."""

MAX_BYTES, MAX_ROWS, MAX_CELLS = 200_000_000, 200_000, 50_000_000
LABEL = "label"
YEAR_NAMES = frozenset({"year", "time", "period"})
FileColumns = Mapping[str, Mapping[int | None, str]]
"""Columns of a file by name in the specification and year; the year is None where a column holds all years."""
_SPELLINGS = sorted({f(word) for word in MISSING for f in (str.lower, str.upper, str.capitalize)} | {"NaN", "N/a"})
_NUMBER = re.compile(r"[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?inf(inity)?", re.IGNORECASE)
_LATIN = "the file is not UTF-8; it is read as Latin-1 (Windows-1252)"
_YEAR = re.compile(r"(19|20)[0-9]{2}")


def read_table(path: Path, spec: Spec, columns: Mapping[str, str] | None = None) -> Table:
    """Table from a CSV or Excel file (its first sheet): the columns that `spec` names.

    Beside the indicators: the unit and year columns, a column `label` if there is one, group and denominator columns
    of the steps, and for each indicator optionally `<indicator>.se` (standard error) and `<indicator>.year` (the year
    that the value speaks of). Further columns are ignored. Columns may be separated by commas, semicolons (then also
    with decimal commas) or tabs. Text is UTF-8 or UTF-16; anything else is read as Latin-1, and a remark says so.
    With a year column in `spec` and none in the file, columns `<indicator>_<year>` are taken as a panel.

    Args:
        columns: name in the specification → name of the column in the file, where they differ.

    Raises:
        InputError: the file cannot be read, a column is missing or stands twice, a unit stands twice, a cell is no
            number or is infinite, or there are no rows or too many. All faulty cells are named together.
    """
    text, said = _text(path)
    table = parse_table(text, spec, str(path), columns)
    return replace(table, remarks=(*said, *table.remarks))


def parse_table(text: str, spec: Spec, where: str, columns: Mapping[str, str] | None = None) -> Table:
    """Table as by `read_table`, from the text of a file; `where` names it in errors."""
    lines = _lines(text, where)
    file_of = _file_columns(spec, lines.header, columns, where)
    frame = _frame(lines, spec, file_of)
    said = ("decimal commas are read as decimal points",) if lines.decimal == "," else ()
    table = _table(frame, spec, where, lambda row: f"line {lines.numbers[row]}", lines.header, file_of)
    return replace(table, remarks=said)


def table_from_frame(frame: pd.DataFrame, spec: Spec, where: str = "the frame") -> Table:
    """Table from a DataFrame with the same columns as a file for `read_table`; units may be its index.

    Raises:
        InputError: as `read_table`; a row is named by its label in the frame.
    """
    own = [name for name in (spec.unit, spec.year) if name and name not in frame.columns]
    if own and all(name in frame.index.names for name in own):
        frame = frame.reset_index()
    elif own == [spec.unit] and frame.index.nlevels == 1 and frame.index.dtype.kind not in "iu":
        frame = frame.rename_axis(spec.unit).reset_index()
    frame = frame.rename(columns=str)
    if not frame.columns.is_unique:
        raise InputError(f"{where}: column '{frame.columns[frame.columns.duplicated()][0]}' stands twice")
    if not len(frame):
        raise InputError(f"{where}: no rows; each row is a unit")
    labels = list(frame.index)
    return _table(frame.reset_index(drop=True), spec, where, lambda row: f"row {labels[row]}", list(frame.columns))


def as_table(spec: Spec, data: Table | pd.DataFrame) -> Table:
    """Table itself, or the one that a DataFrame describes.

    Raises:
        InputError: neither of the two, or as `table_from_frame`.
    """
    import pandas as pd

    if isinstance(data, Table):
        return data
    if not isinstance(data, pd.DataFrame):
        raise InputError(f"the data are a {type(data).__name__}; give a DataFrame, or a table that was read")
    return table_from_frame(data, spec)


def read_columns(path: Path) -> tuple[dict[str, list[str]], tuple[str, ...]]:
    """Cells of a CSV or Excel file by column, and remarks on how it was read; dialects as in `read_table`.

    Raises:
        InputError: the file cannot be read, has no rows or too many, or rows of other lengths.
    """
    text, said = _text(path)
    lines = _lines(text, str(path))
    rows = [[cell.strip() for cell in _cells(line, lines.delimiter)] for line in lines.rows]
    if lines.decimal == ",":
        rows = [
            [cell.replace(",", ".") if _NUMBER.fullmatch(cell.replace(",", ".")) else cell for cell in row]
            for row in rows
        ]
    return {name: [row[i] for row in rows] for i, name in enumerate(lines.header)}, tuple(said)


def number(cell: str) -> float | None:
    """Number that a cell of a file holds, NaN where it stands for no value; None where it is no number."""
    if cell.casefold() in MISSING:
        return float("nan")
    return float(cell) if _NUMBER.fullmatch(cell) else None


def _text(path: Path) -> tuple[str, list[str]]:
    """Text of a CSV or Excel file, and remarks on how it was read."""
    content = read_bytes(Path(path), MAX_BYTES)
    if content.startswith(b"PK\x03\x04"):
        return _excel(content, str(path)), ["read from the first sheet of an Excel file"]
    return _decoded(content, str(path))


def _decoded(content: bytes, where: str) -> tuple[str, list[str]]:
    """Text of a file, and a remark where its encoding had to be guessed."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(f"{where} is an Excel file of before 2007 (.xls); save it as .xlsx or as CSV")
    try:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            return content.decode("utf-16"), []
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        if content.count(b"\0"):
            raise InputError(f"{where} is not a text file: it holds zero bytes; save it as CSV") from error
        return content.decode("cp1252", errors="replace"), [_LATIN]


def _excel(content: bytes, where: str) -> str:
    """First sheet of an Excel workbook as CSV, row for row."""
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise InputError(f"{where} is an Excel file, which needs openpyxl: pip install 'headway[index]'") from error
    try:
        open_archive(content, MOST_UNPACKED).close()
        sheet = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        sheet.reset_dimensions()  # rows are as wide as they are, not as a file says
        rows = [_without_end(row) for row in sheet.iter_rows(max_row=MAX_ROWS + 2, values_only=True)]
    except Exception as error:  # openpyxl raises whatever its parts raise
        raise InputError(f"{where} looks like an Excel file but cannot be read as one ({error})") from error
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    if len(rows) > MAX_ROWS + 1:
        raise InputError(f"{where}: more than {MAX_ROWS:,} rows")
    width = max(map(len, rows), default=0)
    if width * len(rows) > MAX_CELLS:
        raise InputError(f"{where}: {len(rows):,} rows of {width:,} cells; at most {MAX_CELLS:,} cells")
    for row in rows:
        cells = ["" if cell is None else str(cell).replace("\n", " ") for cell in row]
        writer.writerow([*cells, *[""] * (width - len(row))])
    return buffer.getvalue()


def _without_end(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Cells of a row up to the last that holds anything."""
    return row[: max((place for place, cell in enumerate(row, start=1) if cell is not None), default=0)]


@dataclass(frozen=True)
class _Lines:
    """Rows of a file, one line each, with the numbers that an editor gives to the lines on which they end."""

    header: list[str]
    rows: list[str]
    numbers: list[int]
    delimiter: str
    decimal: str


def _lines(text: str, where: str) -> _Lines:
    """Rows of a file, blank ones left out.

    Raises:
        InputError: no rows or too many, a column name that stands twice, or rows with other numbers of cells.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    refuse_control_characters(text, where)
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    listed = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip(f"{delimiter} \t")]
    if any(line.count('"') % 2 for _, line in listed if '"' in line):
        listed = _rejoined(text, delimiter)
    if len(listed) < 2:
        raise InputError(f"{where}: no rows; the first line names the columns, each further line is a unit")
    header = [cell.strip() for cell in _cells(listed[0][1], delimiter)]
    twice = next((name for name in header if name and header.count(name) > 1), None)
    if twice:
        raise InputError(f"{where}: column '{twice}' stands twice")
    if len(listed) - 1 > MAX_ROWS:
        raise InputError(f"{where}: {len(listed) - 1:,} rows; at most {MAX_ROWS:,}")
    uneven = []
    for number, line in listed[1:]:
        found = len(_cells(line, delimiter)) if '"' in line else line.count(delimiter) + 1
        if found != len(header):
            uneven.append(f"line {number}: {found} cells, but the first line names {len(header)} columns")
    if uneven:
        raise InputError(several(where, uneven))
    comma = delimiter != "," and re.search(r"[0-9],[0-9]", text) and not re.search(r"[0-9]\.[0-9]", text)
    rows, numbers = [line for _, line in listed[1:]], [number for number, _ in listed[1:]]
    return _Lines(header, rows, numbers, delimiter, "," if comma else ".")


def _cells(line: str, delimiter: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter))


def _rejoined(text: str, delimiter: str) -> list[tuple[int, str]]:
    """Rows of a file in which quoted cells hold line breaks, each row on one line."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    out = []
    for cells in reader:
        if any(cell.strip() for cell in cells):
            buffer = io.StringIO()
            csv.writer(buffer, delimiter=delimiter, lineterminator="").writerow([c.replace("\n", " ") for c in cells])
            out.append((reader.line_num, buffer.getvalue()))
    return out


def _file_columns(
    spec: Spec, header: Sequence[str], given: Mapping[str, str] | None, where: str
) -> dict[str, dict[int | None, str]]:
    """Columns of the file by name in the specification and year; the year is None where a column holds all years."""
    given = given or {}
    unknown = [name for name in given if name not in _names(spec)]
    if unknown:
        raise InputError(
            f"{where}: the specification knows no '{unknown[0]}' that a column could stand for"
            f"{nearest(unknown[0], _names(spec))}"
        )
    absent = [name for name in given.values() if name not in header]
    if absent:
        raise InputError(f"{where}: no column '{absent[0]}'{_hint(absent[0], header)}")
    out: dict[str, dict[int | None, str]] = {}
    panel = spec.year is not None and given.get(spec.year, spec.year) not in header
    for name in _names(spec):
        column = given.get(name, name)
        if column in header:
            out[name] = {None: column}
        elif panel:
            pattern = re.compile(rf"{re.escape(column)}_((?:19|20)[0-9]{{2}})")
            years: dict[int | None, str] = {
                int(found[1]): entry for entry in header if (found := pattern.fullmatch(entry))
            }
            if years:
                out[name] = years
    return out


def _names(spec: Spec) -> list[str]:
    """All names that a column may have, those of units and labels first."""
    leaves = spec.tree.leaves
    more = [LABEL, *([spec.year] if spec.year else []), *_groups(spec), *further_columns(spec)]
    return [
        *dict.fromkeys([spec.unit, *more, *leaves, *(f"{leaf}{end}" for leaf in leaves for end in (".se", ".year"))])
    ]


def _frame(lines: _Lines, spec: Spec, file_of: FileColumns) -> pd.DataFrame:
    """Rows as a frame under the specification's names; years that stand as columns become rows."""
    import pandas as pd

    texts = {spec.unit, LABEL, *_groups(spec)}
    wanted = list(dict.fromkeys(column for by_year in file_of.values() for column in by_year.values()))
    as_text = [column for name in texts for column in file_of.get(name, {}).values()]
    numeric = [column for column in wanted if column not in as_text]
    read = pd.read_csv(
        io.StringIO("\n".join(lines.rows)),
        sep=lines.delimiter,
        decimal=lines.decimal,
        header=None,
        names=[name or f"column {i}" for i, name in enumerate(lines.header, start=1)],
        usecols=wanted,
        dtype=dict.fromkeys(as_text, object),
        na_values=dict.fromkeys(numeric, _SPELLINGS),
        keep_default_na=False,
        index_col=False,
        low_memory=False,
    )
    single = {name: read[by_year[None]] for name, by_year in file_of.items() if None in by_year}
    years = sorted({year for by_year in file_of.values() for year in by_year if year is not None})
    if not years:
        return pd.DataFrame(single)
    parts = []
    for year in years:
        own = {name: read[by_year[year]] for name, by_year in file_of.items() if year in by_year}
        parts.append(pd.DataFrame({**single, **own}).assign(**{str(spec.year): year}))
    return pd.concat(parts)


def _table(
    frame: pd.DataFrame,
    spec: Spec,
    where: str,
    place: Callable[[int], str],
    header: Sequence[str],
    file_of: FileColumns | None = None,
) -> Table:
    """Table from a frame under the specification's names.

    Args:
        place: name of the row with a number (in the frame's index) for errors.
        header: columns of the file, for hints.
        file_of: columns of the file by name and year, for errors; the same names by default.

    Raises:
        InputError: with all faults found.
    """
    columns = _Columns(frame, place, header, file_of or {}, spec.year)
    units = columns.texts(spec.unit)
    years = columns.numbers(spec.year) if spec.year else None
    leaves = spec.tree.leaves
    values = np.column_stack([columns.numbers(name) for name in leaves])
    groups = {name: columns.texts(name, required=False) for name in _groups(spec)}
    extras = {name: columns.numbers(name) for name in further_columns(spec)}
    errors, ages = columns.optional(leaves, ".se"), columns.optional(leaves, ".year")
    labels = columns.texts(LABEL, required=False) if LABEL in frame.columns else ()
    if not columns.faults or columns.cells_only:
        _check_years(columns, years)
        _check_units(columns, units, years)
    if columns.faults:
        raise InputError(several(where, columns.faults))
    if ages is not None:
        speaking = years if years is not None else np.full(len(units), np.nanmax(ages))
        ages = np.nan_to_num(np.clip(speaking[:, None] - ages, 0, None))
    return Table(
        units=units,
        indicators=leaves,
        values=values,
        years=None if years is None else years.astype(np.int64),
        groups=groups,
        extras=extras,
        errors=errors,
        ages=ages,
        labels=dict(zip(units, labels, strict=True)) if labels else {},
    )


class _Columns:
    """Columns of a frame by name, and the faults found while reading them."""

    def __init__(
        self,
        frame: pd.DataFrame,
        place: Callable[[int], str],
        header: Sequence[str],
        file_of: FileColumns,
        year: str | None,
    ) -> None:
        self.frame, self.place, self.header, self.file_of, self.year = frame, place, header, file_of, year
        self.rows = [int(row) for row in frame.index]
        self.faults: list[str] = []
        self.cells_only = True

    def texts(self, name: str, required: bool = True) -> tuple[str, ...]:
        """Texts of a column, empty where a cell is."""
        if not self._known(name):
            return ("",) * len(self.frame)
        column = self.frame[name]
        out = tuple("" if cell is None or cell != cell else str(cell).strip() for cell in column.tolist())
        if required:
            empty = [row for row, cell in enumerate(out) if not cell]
            self.faults += [f"{self.at(row)}: column '{self.column(name, row)}' is empty" for row in empty]
        return out

    def numbers(self, name: str) -> Array:
        """Numbers of a column, NaN where a cell is empty or faulty; shape (rows,)."""
        import pandas as pd

        if not self._known(name):
            return np.full(len(self.frame), np.nan)
        column = self.frame[name]
        if pd.api.types.is_numeric_dtype(column) and column.dtype != bool:
            out = np.asarray(column.to_numpy(dtype=float, na_value=np.nan))
        else:
            out = np.array([self._number(name, row, cell) for row, cell in enumerate(column.tolist())], dtype=float)
        self.faults += [
            f"{self.at(int(row))}, column '{self.column(name, int(row))}': {out[row]:g} is not a finite number"
            for row in np.flatnonzero(np.isinf(out))
        ]
        return out

    def optional(self, names: Sequence[str], suffix: str) -> Array | None:
        """Columns of names with a suffix, NaN for those that are not there; None when none is."""
        if not any(name + suffix in self.frame.columns for name in names):
            return None
        empty = np.full(len(self.frame), np.nan)
        found = [self.numbers(n + suffix) if n + suffix in self.frame.columns else empty for n in names]
        return np.column_stack(found)

    def at(self, row: int) -> str:
        """Name of the row at a position."""
        return self.place(self.rows[row])

    def column(self, name: str, row: int) -> str:
        """Column of the file that a value comes from."""
        by_year = self.file_of.get(name, {None: name})
        return by_year[None] if None in by_year else by_year[int(self.frame[self.year].iloc[row])]

    def _known(self, name: str) -> bool:
        if name in self.frame.columns:
            return True
        self.faults.append(f"no column '{name}'{_hint(name, self.header)}")
        self.cells_only = False
        return False

    def _number(self, name: str, row: int, given: Any) -> float:
        cell = "" if given is None else str(given).strip()
        if cell.casefold() in MISSING or cell == "<NA>":
            return float("nan")
        if not isinstance(given, bool) and (_NUMBER.fullmatch(cell) or _INFINITE.fullmatch(cell)):
            return float(cell)
        self.faults.append(
            f"{self.at(row)}, column '{self.column(name, row)}': '{cell}' is not a number{_advice(cell)}; leave the "
            "cell empty where there is no value"
        )
        return float("nan")


def _hint(name: str, header: Sequence[str]) -> str:
    """Rest of a sentence about a column that is not there: the nearest one, years as columns, or those there are."""
    dated = [column for column in header if re.fullmatch(rf"{re.escape(name)}_(19|20)[0-9]{{2}}", column)]
    if dated:
        return (
            f"; the file has one column a year ({dated[0]} … {dated[-1]}): give the specification `year: year` to read "
            f"them as a panel, or name one of them ({name}={dated[-1]})"
        )
    years = [column for column in header if _YEAR.fullmatch(column)]
    if len(years) >= 3:
        return (
            f"; the file has years as columns ({years[0]} … {years[-1]}): it needs one row per unit and year and one "
            "column per indicator, or columns named INDICATOR_YEAR"
        )
    return nearest(name, header) or f"; the file has {', '.join(header[:12])}"


def _advice(cell: str) -> str:
    return " (write decimals with a point and no thousands separator)" if any(c.isdigit() for c in cell) else ""


def _check_years(columns: _Columns, years: Array | None) -> None:
    for row in [] if years is None else np.flatnonzero(~(years == np.floor(years))):
        columns.faults.append(f"{columns.at(int(row))}: the year {years[row]} is not a whole number")  # type: ignore[index]


def _check_units(columns: _Columns, units: Sequence[str], years: Array | None) -> None:
    year = next((name for name in columns.header if name.casefold() in YEAR_NAMES), None)
    panel = f"; for data with years give the specification `year: {year}`" if year else ""
    seen: dict[tuple[str, float], int] = {}
    for row, unit in enumerate(units):
        key = (unit, 0.0 if years is None else float(years[row]))
        first = seen.setdefault(key, row)
        if first != row and unit:
            when = f" in {key[1]:.0f}" if years is not None else ""
            places = _places(columns.at(first), columns.at(row))
            columns.faults.append(f"{places}: unit '{unit}' stands twice{when}{'' if years is not None else panel}")


def _places(first: str, second: str) -> str:
    """Two rows in one breath: `line 2` and `line 4` give `lines 2 and 4`."""
    kind, _, number = second.partition(" ")
    return f"{kind}s {first.partition(' ')[2]} and {number}"


def _groups(spec: Spec) -> list[str]:
    return sorted({step.group for step in spec.steps if isinstance(step, Impute) and step.group})

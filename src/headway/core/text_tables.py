"""Tables that people bring, as rows of text: delimited text in the usual dialects and encodings, or an Excel workbook.

Separators are comma, semicolon or tab. Text is UTF-8 or UTF-16, anything else Windows-1252 (Latin-1) unless an encoding
is named. Titles above the header, blank rows and notes below the table are left out. What numbers look like is judged
from many cells at once (`number_style`), since one cell such as `1,234` may be 1.234 or 1234.
"""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import io
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from headway.core import wording
from headway.core.archives import open_archive
from headway.core.errors import InputError

MOST_ROWS = 200_000
MOST_COLUMNS = 2_000
MOST_UNPACKED = 2**30  # bytes of the parts of a workbook
_TITLES = 20  # rows above a header that may be titles
_LOOKED_AT = 60  # rows from which the separator is judged
_SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
_XLSX, _XLS = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"

Row = tuple[int, tuple[str, ...]]  # its number as an editor or a spreadsheet shows it, and its cells


@dataclass(frozen=True, slots=True)
class TextTable:
    """Table as text, every cell without blanks around it.

    Attributes:
        header: names of the columns.
        rows: cells of each row, as many as the header has.
        numbers: number of each row as an editor or a spreadsheet shows it; the first line is 1.
        dialect: how it was read, in words ("semicolon, UTF-8").
        faults: rows that have another number of cells than the header: number and what is wrong.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    dialect: str
    faults: tuple[tuple[int, str], ...] = ()


def read_text_table(data: bytes, where: str, encoding: str | None = None) -> TextTable:
    """Table in the bytes of a file.

    Args:
        where: name of the file, for errors.
        encoding: name of the encoding; judged from the bytes if None.

    Raises:
        InputError: no table: empty, binary, of an unknown encoding, too large, or a column that stands twice.
    """
    if not data.strip():
        raise InputError(f"{where}: the file is empty")
    if data.startswith(_XLS):
        raise InputError(f"{where}: an Excel file of before 2007 (.xls); save it as .xlsx or as CSV")
    if data.startswith(_XLSX):
        rows, dialect = _sheet(data, where)
        return _framed(rows, dialect, where)
    text, named = _decoded(data, where, encoding)
    if not text.strip():
        raise InputError(f"{where}: the file is empty")
    refuse_control_characters(text, where)
    separator = _separator(text)
    rows = _records(text, separator, where)
    return _framed(rows, f"{_SEPARATORS[separator]}, {named}", where)


def _decoded(data: bytes, where: str, encoding: str | None) -> tuple[str, str]:
    """Text and the name of its encoding."""
    if encoding is not None:
        try:
            codecs.lookup(encoding)
            return data.decode(encoding).removeprefix("\ufeff"), encoding
        except LookupError:
            raise InputError(f"'{encoding}' is not an encoding; write utf-8, cp1252, cp1251, utf-16 …") from None
        except UnicodeError as error:
            raise InputError(f"{where}: not text in {encoding}: {error}") from None
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16"), "UTF-16"
        if b"\x00" in data:
            raise InputError(f"{where}: not a text file, nor an Excel workbook; save the table as CSV or .xlsx")
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("cp1252"), "Latin-1 (Windows-1252)"
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise InputError(
            f"{where}: row {row} is neither UTF-8 nor Windows-1252; save it as CSV in UTF-8, or name its encoding"
        ) from None


def refuse_control_characters(text: str, where: str) -> None:
    """Refuse text with characters that are no part of a table and that a terminal would obey.

    Raises:
        InputError: there is one; names its row.
    """
    found = _CONTROL.search(text)
    if found is not None:
        row = text.count("\n", 0, found.start()) + 1
        raise InputError(
            f"{where}: row {row} holds the control character U+{ord(found[0]):04X}; remove it, or save the "
            "table as CSV in UTF-8"
        )


def named_rows(text: str, where: str) -> tuple[list[str], list[dict[str | None, Any]]]:
    """Header of a CSV table and its rows by column; surplus cells stand under None, cells too few are None.

    Raises:
        InputError: not CSV, a control character, or a column that stands twice; names row or column.
    """
    refuse_control_characters(text, where)
    reader = csv.DictReader(text.splitlines())
    try:
        header = [name.strip() for name in reader.fieldnames or []]
        reader.fieldnames = header
        rows: list[dict[str | None, Any]] = list(reader)
    except csv.Error as error:
        raise InputError(f"{where}: not a CSV table: row {reader.line_num}: {error}") from error
    if twice := [name for name in header if name and header.count(name) > 1]:
        raise InputError(f"{where}: column '{twice[0]}' stands twice")
    return header, rows


def _separator(text: str) -> str:
    """Separator under which most rows have as many cells as the header, then the highest and widest header.

    A wrong one that stands in the numbers alone (decimal commas) takes the true header for a title, and so a lower one.
    """
    head = "\n".join(text.splitlines()[: _TITLES + _LOOKED_AT])

    def worth(separator: str) -> tuple[float, int, int]:
        try:
            rows = [row for row in csv.reader(io.StringIO(head, newline=""), delimiter=separator) if any(row)]
        except csv.Error:  # a cell beyond csv's limit: the reader of all rows says which
            rows = []
        if not rows:
            return 0.0, 0, 0
        at = _header_at(rows)
        width, below = len(rows[at]), rows[at + 1 :]
        alike = sum(len(row) == width for row in below) / len(below) if below else 1.0
        return (round(alike, 1) if width > 1 else 0.0), -at, width

    return max(_SEPARATORS, key=worth)


def _header_at(rows: Sequence[Sequence[str]]) -> int:
    """Position of the header: the first row that is not a title, which fills less than half of the columns."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows[: _TITLES + _LOOKED_AT]]
    widest = max(filled)
    return next(at for at, count in enumerate(filled) if 2 * count >= widest or at == _TITLES)


def _records(text: str, separator: str, where: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[Row] = []
    before = 0
    try:
        for row in reader:
            rows.append((before + 1, tuple(" ".join(cell.split()) for cell in row)))
            before = reader.line_num
            if len(rows) > MOST_ROWS + _TITLES:
                raise InputError(f"{where}: more than {MOST_ROWS:,} rows; give only those you add")
    except csv.Error as error:
        raise InputError(f"{where}: not a CSV table: row {before + 1}: {error}") from error
    return rows


def _sheet(data: bytes, where: str) -> tuple[list[Row], str]:
    """Rows of the first sheet that holds any."""
    try:
        from openpyxl import load_workbook
    except ImportError as error:
        raise InputError(f"{where}: an Excel file needs openpyxl: pip install 'headway[index]'") from error
    try:
        open_archive(data, MOST_UNPACKED).close()
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever its parts raise
        raise InputError(f"{where}: looks like an Excel file but cannot be read as one ({error})") from error
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # rows are as wide as they are, not as a file says
            last = MOST_ROWS + _TITLES + 1
            rows = [
                (n, tuple(map(_cell, row[:MOST_COLUMNS]))) for n, row in enumerate(sheet.iter_rows(max_row=last), 1)
            ]
            if any(any(cells) for _, cells in rows):
                break
        else:
            raise InputError(f"{where}: the workbook holds no rows")
    except InputError:
        raise
    except Exception as error:
        raise InputError(f"{where}: looks like an Excel file but cannot be read as one ({error})") from error
    if len(rows) > MOST_ROWS + _TITLES:
        raise InputError(f"{where}: more than {MOST_ROWS:,} rows; give only those you add")
    width = max(max((at + 1 for at, cell in enumerate(cells) if cell), default=0) for _, cells in rows)
    more = f" (the first of {len(book.worksheets)} sheets with rows)" if len(book.worksheets) > 1 else ""
    padded = [(n, (*cells, *[""] * (width - len(cells)))[:width]) for n, cells in rows]
    return padded, f"Excel sheet '{sheet.title}'{more}"


def _cell(cell: Any) -> str:
    """Text of a cell of a workbook, with the per cent sign that its format shows."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, bool) or not isinstance(value, int | float):
        return " ".join(str(value).split())
    if "%" in str(cell.number_format):
        return f"{value * 100:.15g}%"
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def _framed(rows: list[Row], dialect: str, where: str) -> TextTable:
    """Table without titles, blank rows, notes below and columns without any cell."""
    full = [row for row in rows if any(row[1])]
    if not full:
        raise InputError(f"{where}: the file is empty")
    at = _header_at([cells for _, cells in full])
    header, body = list(full[at][1]), _without_notes(full[at + 1 :], rows)
    while header and not header[-1] and all(len(cells) < len(header) or not cells[-1] for _, cells in body):
        header.pop()
        body = [(n, cells[: len(header)] if len(cells) == len(header) + 1 else cells) for n, cells in body]
    for column in header:
        if column and header.count(column) > 1:
            raise InputError(f"{where}: column '{column}' stands twice")
    uneven = [(n, cells) for n, cells in body if len(cells) != len(header)]
    faults = tuple((n, f"has {wording.counted(len(cells), 'cell')}, the header {len(header)}") for n, cells in uneven)
    even = [(n, cells) for n, cells in body if len(cells) == len(header)]
    return TextTable(tuple(header), tuple(c for _, c in even), tuple(n for n, _ in even), dialect, faults)


def _without_notes(body: list[Row], rows: list[Row]) -> list[Row]:
    """Rows up to a blank one below which every row fills one cell: a source line, a day of update."""
    numbers = {n for n, cells in rows if any(cells)}
    for at, (n, _) in enumerate(body):
        after_blank = at > 0 and n - 1 not in numbers
        if after_blank and all(sum(map(bool, cells)) == 1 for _, cells in body[at:]) and len(body[0][1]) > 1:
            return body[:at]
    return body


Mark = Literal[".", ","]
_EXPONENT = r"([eE][-+]?[0-9]+)?"


@dataclass(frozen=True, slots=True)
class NumberStyle:
    """Notation of numbers: the decimal mark, and whether the other mark surely groups thousands."""

    decimal: Mark = "."
    grouped: bool = False


def number_style(cells: Iterable[str], decimal: Mark | None = None) -> NumberStyle:
    """Style in which the numbers among `cells` are written.

    A comma is the decimal mark if some number can be read in no other way (`3,1`, `0,125`, `1.234,5`), and none needs a
    point. `1,234` alone shows nothing.

    Args:
        decimal: the mark, where it is known; the other one then groups thousands.
    """
    if decimal is not None:
        return NumberStyle(decimal, True)
    bare = [_bare(cell) for cell in cells]
    shown = {mark: any(_shows(cell, mark) for cell in bare) for mark in (".", ",")}
    mark: Mark = "," if shown[","] and not shown["."] else "."
    return NumberStyle(mark, any(_groups(cell, mark) for cell in bare))


def read_number(text: str, style: NumberStyle) -> float | None:
    """Finite number that `text` is in this style, or None: no number, or one that may be read in two ways."""
    bare, other = _bare(text), _other(style.decimal)
    least = 1 if style.grouped else 2
    grouped = rf"[-+]?[0-9]{{1,3}}(\{other}[0-9]{{3}})+(\{style.decimal}[0-9]+)?"
    if re.fullmatch(grouped, bare) and (bare.count(other) >= least or style.decimal in bare):
        bare = bare.replace(other, "")
    if not re.fullmatch(rf"[-+]?([0-9]+\{style.decimal}?[0-9]*|\{style.decimal}[0-9]+){_EXPONENT}", bare):
        return None
    number = float(bare.replace(style.decimal, "."))
    return number if math.isfinite(number) else None


def _bare(text: str) -> str:
    """Number without blanks or apostrophes between groups of three digits, and with an ASCII minus."""
    plain = text.strip().replace("−", "-")
    return re.sub(r"(?<=[0-9])[ \u00a0\u202f\u2009'’](?=[0-9]{3}(?![0-9]))", "", plain)


def _other(mark: str) -> str:
    return "." if mark == "," else ","


def _shows(cell: str, mark: str) -> bool:
    """Whether a number can only be read with `mark` as the decimal mark."""
    m = re.escape(mark)
    forms = (rf"[0-9]+{m}([0-9]{{1,2}}|[0-9]{{4,}})", rf"0{m}[0-9]+", rf"{m}[0-9]+", rf"[0-9]{{4,}}{m}[0-9]+")
    return _groups(cell, mark) or any(re.fullmatch(rf"[-+]?{form}{_EXPONENT}", cell) for form in forms)


def _groups(cell: str, mark: str) -> bool:
    """Whether a number surely has thousands grouped by the mark that is not `mark`."""
    m, o = re.escape(mark), re.escape(_other(mark))
    twice, fraction = rf"[0-9]{{1,3}}({o}[0-9]{{3}}){{2,}}", rf"[0-9]{{1,3}}({o}[0-9]{{3}})+{m}[0-9]+"
    return re.fullmatch(rf"[-+]?({twice}|{fraction})", cell) is not None

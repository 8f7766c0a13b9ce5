"""Layout of a user's table: which column holds which field, found from the header or told by a mapping.

Four layouts are known: long tables of ours (`indicator, country, period, value, unit, source`), years as columns, that
of Our World in Data (`Entity, Code, Year`, one column of values) and that of the World Bank (`Country Name, Country
Code, Indicator Name, Indicator Code`, years as columns). Other long tables are read where a mapping says which column
is which.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import cast

import pandas as pd

from headway.core.errors import InputError
from headway.core.text_tables import Mark, TextTable, number_style, read_number
from headway.evidence.observations import COLUMNS

REQUIRED = ("indicator", "country", "period", "value", "unit", "source")
FIELDS = (*REQUIRED, "low", "high", "level", "published_on", "flag", "accept_outlier")
CONSTANT = ("indicator", "country", "period", "unit", "source", "published_on", "flag")  # one value for all rows
OURS = (*COLUMNS, "note", "accept_outlier")
_KEPT = tuple(name for name in COLUMNS if name not in (*FIELDS, "id", "retrieved_on"))  # as an export has them
MISSING = frozenset({"", "..", "...", "…", "n/a", "na", "#n/a", "null", "none", "-", "–", "—", ":"})
"""Cells that mean "no value", in any case."""

# Names of columns by field, folded; a second list is read where the first one's cell is empty or unknown.
_CODES = {
    "country": (
        "country code", "code", "iso", "iso3", "iso a3", "iso code", "iso3c", "iso3 code", "iso alpha 3",
        "alpha 3 code",        "ref area", "geo", "m49", "m49 code", "country",
    ),
    "indicator": ("indicator", "indicator code", "series code", "series"),
    "period": ("period", "year", "time period", "time", "date", "quarter"),
    "value": ("value", "obs value", "amount"),
    "unit": ("unit", "units", "unit of measure", "unit measure"),
    "source": ("source", "publisher"),
    "low": ("low", "lower"),
    "high": ("high", "upper"),
}  # fmt: skip
_NAMES = {
    "country": ("country name", "entity", "economy", "country or area", "country/territory", "location", "area"),
    "indicator": ("indicator name", "series name", "variable"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """Choices of the user about their tables.

    Attributes:
        mapping: field of `FIELDS` → column, or for those of `CONSTANT` one value for all rows; also `decimal` (`comma`
            or `point`) and `encoding`.
        accept_outliers: whether values far from all known ones are taken.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    accept_outliers: bool = False

    @property
    def decimal(self) -> Mark | None:
        """Decimal mark, where the user says it."""
        marks: dict[str, Mark] = {"comma": ",", "point": ".", ",": ",", ".": "."}
        return marks[self.mapping["decimal"]] if "decimal" in self.mapping else None

    @property
    def encoding(self) -> str | None:
        """Encoding, where the user says it."""
        return self.mapping.get("encoding")


AS_FOUND = Reading()


class OwnFiles(tuple[Path, ...]):
    """Files of the user: tables and settings in the order given, and how to read them; a posterior and parameters.

    Attributes:
        posterior: file of `headway calibrate` that the model draws from in place of the shipped one.
        parameters: file of distributions in place of those of the parameter registry.
    """

    reading: Reading
    posterior: Path | None
    parameters: Path | None

    def __new__(
        cls,
        files: Iterable[Path] = (),
        reading: Reading = AS_FOUND,
        *,
        posterior: Path | None = None,
        parameters: Path | None = None,
    ) -> OwnFiles:
        made = super().__new__(cls, map(Path, files))
        made.reading, made.posterior, made.parameters = reading, posterior, parameters
        return made

    def with_model(self, posterior: str | Path | None, parameters: str | Path | None) -> OwnFiles:
        """The same files with a posterior and parameters, where they are given."""
        return OwnFiles(
            self,
            self.reading,
            posterior=self.posterior if posterior is None else Path(posterior),
            parameters=self.parameters if parameters is None else Path(parameters),
        )

    def __bool__(self) -> bool:
        """True if the user gave anything."""
        return bool(len(self) or self.posterior or self.parameters)


_SETTINGS = ("decimal", "encoding")


def parse_mapping(texts: Sequence[str]) -> dict[str, str]:
    """Mapping from texts `FIELD=COLUMN`, several in one text parted by commas.

    A comma parts only before a field and `=`, so that columns may hold commas themselves.

    Raises:
        InputError: no such field, a field given twice or without a column.
    """
    known = (*FIELDS, *_SETTINGS)
    found: dict[str, str] = {}
    for text in texts:
        for part in re.split(rf",\s*(?=(?:{'|'.join(known)})\s*=)", text):
            name, joint, column = (piece.strip() for piece in part.partition("="))
            if not joint or not column:
                raise InputError(f"--map '{part.strip()}': write FIELD=COLUMN, as --map 'country=Code,unit=% of GDP'")
            if name in found and found[name] != column:
                raise InputError(f"--map: '{name}' is given twice, as '{found[name]}' and as '{column}'")
            found[name] = column
    return checked_mapping(found, "--map")


def checked_mapping(mapping: Mapping[str, str], where: str) -> dict[str, str]:
    """Mapping, if its fields and settings are known.

    Raises:
        InputError: names `where`, the field, and what would be right.
    """
    known = (*FIELDS, *_SETTINGS)
    for name, column in mapping.items():
        if name not in known:
            near = get_close_matches(name, known, 1)
            meant = f"did you mean '{near[0]}'?" if near else f"fields are {', '.join(known)}"
            raise InputError(f"{where}: '{name}' is not a field; {meant}")
        if name == "decimal" and column not in ("comma", "point", ",", "."):
            raise InputError(f"{where}: decimal is '{column}': write decimal=comma or decimal=point")
    return dict(mapping)


@dataclass(frozen=True, slots=True)
class Layout:
    """Layout of one table: where each field stands.

    Attributes:
        name: layout in words; empty for our own long table.
        columns: position of the column by field.
        fallback: position of a second column by field, for cells that the first one leaves open.
        constants: one value for all rows, by field.
        periods: period by position of the columns that hold values; empty for long tables.
        unread: names of the columns that are not read.
    """

    name: str
    columns: Mapping[str, int]
    fallback: Mapping[str, int]
    constants: Mapping[str, str]
    periods: Mapping[int, str]
    unread: tuple[str, ...]


def lay_out(table: TextTable, mapping: Mapping[str, str], indicators: Sequence[str], where: str) -> Layout:
    """Layout of a table, told by `mapping` where it says something and else found from the header.

    Raises:
        InputError: fields that no column holds, columns of our own long table that are misspelt; all are named at once.
    """
    header = table.header
    folded = [_fold(name) for name in header]
    given, constants = _told(mapping, header, where)
    ours = not mapping and {"indicator", "country", "period", "value"} <= set(header)
    columns = dict(given)
    fallback: dict[str, int] = {}
    for name in FIELDS:
        if name not in columns and name not in constants:
            at = _first(folded, _CODES.get(name, (name.replace("_", " "),)))
            second = _first(folded, _NAMES.get(name, ()))
            if at is None and second is not None:
                at, second = second, None
            if at is not None:
                columns[name] = at
            if second is not None and second != at:
                fallback[name] = second
    periods = {} if "value" in columns else _periods(header)
    if periods:
        columns.pop("period", None)
    if ours:
        _refuse_unknown(header, where)
        columns |= {name: header.index(name) for name in _KEPT if name in header}
    elif not periods and "value" not in columns and "indicator" not in columns:
        columns |= _lone_value(table, {*columns.values(), *fallback.values()}, where)
    held = "value" in columns and header[columns["value"]]
    if "indicator" not in columns and "indicator" not in constants and held in indicators:
        constants["indicator"] = str(held)
    _refuse_missing(header, columns, constants, bool(periods), where)
    used = {*columns.values(), *fallback.values(), *periods}
    unread = () if ours else tuple(name for at, name in enumerate(header) if at not in used and name)
    return Layout(_name(folded, periods, ours), columns, fallback, constants, periods, unread)


def long_rows(table: TextTable, layout: Layout) -> pd.DataFrame:
    """Rows of text, one per value: every field that the layout holds, and where it stands.

    Columns: the fields (absent cells are empty texts), `country_name` and `indicator_name` for second columns, `row`
    (number of the row) and `column` (name of the column of the value).
    """
    cells = pd.DataFrame(list(table.rows), columns=range(len(table.header)), dtype="object")
    rows = pd.DataFrame({"row": table.numbers}, index=cells.index)
    for name, at in layout.columns.items():
        rows[name] = cells[at]
    for name, at in layout.fallback.items():
        rows[f"{name}_name"] = cells[at]
    for name, text in layout.constants.items():
        rows[name] = text
    if not layout.periods:
        return rows.assign(column=table.header[layout.columns["value"]])
    parts = [
        rows.assign(period=period, value=cells[at], column=table.header[at]) for at, period in layout.periods.items()
    ]
    return pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)


def plain_period(text: str) -> str:
    """Period in our form, from the usual others.

    Forms read are `2024-Q3`, `Q3 2024`, `2024M05` and `2024 [YR2024]`; `FY2024` is none.
    """
    words = text.strip()
    for pattern, form in (
        (r"([0-9]{4}) ?\[YR\1\]", r"\1"),
        (r"([0-9]{4})\.0+", r"\1"),
        (r"([0-9]{4})[- /]?[Qq]([1-4])", r"\1Q\2"),
        (r"[Qq]([1-4])[- /]?([0-9]{4})", r"\2Q\1"),
        (r"([0-9]{4})[Mm]([0-9]{2})", r"\1-\2"),
    ):
        if re.fullmatch(pattern, words):
            return re.sub(pattern, form, words)
    return words


def _fold(name: str) -> str:
    """Name of a column without case, underscores and what Eurostat puts behind a backslash."""
    return " ".join(re.sub(r"[_-]+", " ", name.partition("\\")[0]).casefold().split())


def _first(folded: Sequence[str], names: Sequence[str]) -> int | None:
    return next((folded.index(name) for name in names if name in folded), None)


def _told(mapping: Mapping[str, str], header: Sequence[str], where: str) -> tuple[dict[str, int], dict[str, str]]:
    """Positions of columns and values for all rows that the mapping names.

    Raises:
        InputError: a column that is not there, for a field that needs one.
    """
    columns: dict[str, int] = {}
    constants: dict[str, str] = {}
    plain = [name.casefold() for name in header]
    for name, text in mapping.items():
        if name in _SETTINGS:
            continue
        if text in header:
            columns[name] = header.index(text)
        elif name in CONSTANT:
            constants[name] = text
        elif text.casefold() in plain:
            columns[name] = plain.index(text.casefold())
        else:
            near = get_close_matches(text, header, 1)
            meant = f"did you mean '{near[0]}'?" if near else f"there are {_listed(header)}"
            raise InputError(f"{where}: --map {name}={text}: no column '{text}'; {meant}")
    return columns, constants


def _periods(header: Sequence[str]) -> dict[int, str]:
    """Periods by position, of a header in which at least two columns are named for one."""
    found = {at: plain_period(name) for at, name in enumerate(header)}
    kept = {at: text for at, text in found.items() if re.fullmatch(r"(19|20)[0-9]{2}(Q[1-4]|-[0-9]{2})?", text)}
    return kept if len(kept) > 1 else {}


def _lone_value(table: TextTable, used: set[int], where: str) -> dict[str, int]:
    """Position of the only column of numbers that holds no other field, as the field `value`.

    Raises:
        InputError: several columns may be meant.
    """
    found = [at for at in range(len(table.header)) if at not in used and _numeric([row[at] for row in table.rows])]
    if len(found) > 1:
        raise InputError(
            f"{where}: several columns may hold the value: {_listed([table.header[at] for at in found])}; "
            f"say which, as --map 'value={table.header[found[0]]}'"
        )
    return {"value": found[0]} if found else {}


def _numeric(cells: Sequence[str]) -> bool:
    full = [cell for cell in cells if cell.casefold() not in MISSING]
    style = number_style(full)
    return bool(full) and sum(read_number(cell, style) is not None for cell in full) > len(full) / 2


def _refuse_unknown(header: Sequence[str], where: str) -> None:
    words = []
    for column in header:
        if column not in OURS:
            near = get_close_matches(column, OURS, 1)
            meant = f"; did you mean '{near[0]}'?" if near else f"; allowed are {', '.join(OURS)}"
            words.append(f"column '{column}' is not known{meant}")
    if words:
        raise InputError(f"{where}: " + "\n  ".join(words))


def _refuse_missing(
    header: Sequence[str], columns: Mapping[str, int], constants: Mapping[str, str], wide: bool, where: str
) -> None:
    filled = {*columns, *constants, *(("period", "value") if wide else ())}
    missing = [name for name in ("indicator", "country", "period", "value") if name not in filled]
    if missing:
        example = {"indicator": "rd_share_gdp", "country": "Code", "period": "Year", "value": "Amount"}
        told = ",".join(f"{name}={example[name]}" for name in missing)
        named = " and ".join(f"column '{name}' is missing" for name in missing)
        raise InputError(f"{where}: {named}; found {_listed(header)}; say where it stands, as --map '{told}'")


def _name(folded: Sequence[str], periods: Mapping[int, str], ours: bool) -> str:
    if ours:
        return ""
    if periods:
        bank = "country code" in folded and ("indicator code" in folded or "series code" in folded)
        return "the World Bank's layout, years as columns" if bank else "years as columns"
    return "the layout of Our World in Data" if {"entity", "code", "year"} <= set(folded) else "a long table"


def _listed(names: Sequence[str]) -> str:
    shown = [f"'{name}'" if "," in name else name for name in names[:12]]
    return ", ".join(shown) + (f" and {len(names) - 12} more" if len(names) > 12 else "")


def text_of(rows: pd.DataFrame, name: str) -> pd.Series[str]:
    """Texts of a field; empty where the table does not hold it."""
    return cast("pd.Series[str]", rows[name] if name in rows else pd.Series("", index=rows.index, dtype="object"))


MOST = 20
"""Most faults that one message lists."""


class Faults:
    """Faults of one file: the row, and what is wrong there; a fault that many rows share is told once.

    Row 0 stands for the file as a whole.
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self._rows: dict[str, list[int]] = {}

    def __bool__(self) -> bool:
        return bool(self._rows)

    def add(self, row: int, words: str) -> None:
        """Note one fault of a row."""
        self._rows.setdefault(words, []).append(row)

    def refuse(self) -> None:
        """Do nothing if there are no faults.

        Raises:
            InputError: all faults, the first `MOST` of them in words, by row.
        """
        if not self._rows:
            return
        ordered = sorted(self._rows.items(), key=lambda entry: (min(entry[1]), entry[0]))
        lines = [_line(sorted(set(rows)), words) for words, rows in ordered]
        if len(lines) == 1:
            raise InputError(f"{self.where}: {lines[0]}")
        more = [f"and {len(lines) - MOST} more"] if len(lines) > MOST else []
        raise InputError("\n  ".join([f"{self.where}: {len(lines)} faults", *lines[:MOST], *more]))


def _line(rows: list[int], words: str) -> str:
    if rows[0] == 0:
        return words
    if len(rows) == 1:
        return f"row {rows[0]}{words}"
    shown = ", ".join(map(str, rows[1:4])) + (" …" if len(rows) > 4 else "")
    return f"row {rows[0]}{words} (so in {len(rows) - 1} more: {shown})"

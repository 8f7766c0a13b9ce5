"""Evidence of the user: their tables and settings, checked, converted, and marked as theirs (docs/own-evidence.md)."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from headway.core import periods
from headway.core.errors import InputError
from headway.core.files import cache_folder, make_folder, read_bytes
from headway.core.plugins import SOURCES, loaded, plugins
from headway.core.text_tables import NumberStyle, TextTable, number_style, read_number, read_text_table
from headway.evidence.catalogue import Bloc, Indicator, Source
from headway.evidence.countries import Country, classify, fold, resolve
from headway.evidence.layout import (
    AS_FOUND,
    MISSING,
    Faults,
    OwnFiles,
    Reading,
    lay_out,
    long_rows,
    plain_period,
    text_of,
)
from headway.evidence.observations import FIRST_YEAR, broken_rules, schema, tidy
from headway.evidence.settings import read_settings
from headway.evidence.units import convert

LIMIT = 50 << 20  # bytes; a table of observations is far smaller
TABLES, SETTINGS = (".csv", ".tsv", ".txt", ".xlsx"), (".toml", ".yaml", ".yml")
OUTLIER = 5  # orders of magnitude from all known values

Ranges = Mapping[tuple[str, str], tuple[float, float]]
"""Least and largest size of the known values, by indicator and country; '' stands for all countries."""


_YES, _NO = ("yes", "true", "1", "x"), ("", "no", "false", "0")


@dataclass(frozen=True, slots=True)
class UserEvidence:
    """Observations, sources, groups and indicators that the user added.

    Attributes:
        observations: tidy rows, flagged `user`.
        sources: the user's sources, by slug (`user_…`).
        groups: the user's groups of countries, by code.
        indicators: the user's own indicators, by slug.
        remarks: how each table was read and what was left out, a sentence each.
        hash: first 8 hex digits of the sha256 of all files, in the order given, and of the reading.
        posterior, parameters: files of the user that the model reads, see `OwnFiles`.
    """

    observations: pd.DataFrame
    sources: Mapping[str, Source]
    groups: Mapping[str, Bloc]
    indicators: Mapping[str, Indicator]
    remarks: tuple[str, ...]
    hash: str
    posterior: Path | None = None
    parameters: Path | None = None


def read_user_files(
    files: Sequence[Path],
    indicators: Mapping[str, Indicator],
    newest: dt.date,
    ranges: Callable[[], Ranges] = dict,
) -> UserEvidence:
    """Evidence from the user's tables (`.csv`, `.tsv`, `.txt`, `.xlsx`) and settings (`.toml`, `.yaml`, `.yml`).

    Settings of the same name beside a table (`my.toml` beside `my.csv`) are read too.

    Args:
        files: paths, or names of sources that plug-ins add; if `OwnFiles`, what they say goes before what the settings
            say.
        newest: the last day on which a row may have been published.
        ranges: known values, from which a value may not lie `OUTLIER` orders of magnitude away unless the user accepts
            it.

    Raises:
        InputError: names file, row and field, and what would be right; all faults of a file at once.
    """
    given = files if isinstance(files, OwnFiles) else OwnFiles(files)
    reading = given.reading
    digest = hashlib.sha256()
    tables: list[pd.DataFrame] = []
    sources: dict[str, Source] = {}
    remarks: list[str] = []
    paths = [path for file in files for path in _of_source(Path(file))]
    beside = {path.with_suffix(".toml") for path in paths if path.suffix in TABLES} - set(paths)
    chosen = [path for path in paths if path.suffix in SETTINGS] + sorted(path for path in beside if path.is_file())
    content = {path: _bytes(path) for path in [*paths, *chosen]}
    settings = read_settings(chosen, indicators)
    known = {**indicators, **settings.indicators}
    told = Reading({**settings.mapping, **reading.mapping}, reading.accept_outliers or settings.accept_outliers)
    for path, data in content.items():
        digest.update(data)
        if path.suffix in TABLES:
            own = _Table(path, data, known, newest, told, {} if told.accept_outliers else ranges())
            tables.append(own.rows)
            sources |= own.sources
            remarks += own.remarks
        elif path.suffix not in SETTINGS:
            raise InputError(
                f"{path}: give a .csv table of observations (or .tsv, .txt, .xlsx), or a .toml or .yaml file of groups "
                "and indicators"
            )
    if reading != AS_FOUND:
        digest.update(repr((sorted(reading.mapping.items()), reading.accept_outliers)).encode())
    for file in (given.posterior, given.parameters):
        if file is not None:
            digest.update(_bytes(file))
    empty = pd.DataFrame(columns=["indicator", "country", "period", "value", "unit", "source", "published_on"])
    rows = pd.concat(tables, ignore_index=True) if tables else tidy(empty)
    twice = rows["id"].duplicated()
    if twice.any():
        raise InputError(f"{', '.join(map(str, files))}: {rows['id'][twice].iloc[0]} stands in two files")
    return UserEvidence(
        rows, sources, settings.groups, settings.indicators, tuple(remarks), digest.hexdigest()[:8],
        given.posterior, given.parameters,
    )  # fmt: skip


def _of_source(given: Path) -> Sequence[Path]:
    """Files that the plug-in's source of this name writes; the path itself where it names no such source."""
    name = str(given)
    if name not in plugins(SOURCES) or given.exists():
        return [given]
    folder = cache_folder("sources") / name
    make_folder(folder, f"cannot write {folder}")
    try:
        return [Path(path) for path in loaded(SOURCES, name)(folder)]
    except OSError as error:
        raise InputError(f"source {name}: {error.strerror or error}") from error


def _bytes(path: Path) -> bytes:
    return read_bytes(path, LIMIT, "give only the rows you add")


class _Table:
    """One table of the user: `rows` are tidy observations, `sources` who says so, `remarks` how it was read."""

    def __init__(
        self,
        path: Path,
        data: bytes,
        indicators: Mapping[str, Indicator],
        newest: dt.date,
        reading: Reading,
        ranges: Ranges,
    ) -> None:
        self.path, self.indicators, self.newest, self.reading = path, indicators, newest, reading
        self.faults = Faults(str(path))
        if path.suffix == ".xlsx" and data.strip() and not data.startswith(b"PK"):
            raise InputError(f"{path}: not an Excel workbook, in spite of its name")
        table = read_text_table(data, str(path), reading.encoding)
        if not table.rows and not table.faults:
            raise InputError(f"{path}: there is no row below the header")
        for number, words in table.faults:
            self.faults.add(number, f" {words}")
        self.layout = lay_out(table, reading.mapping, list(indicators), str(path))
        self.ours = not self.layout.name
        self._columns = {name: table.header[at] for name, at in self.layout.columns.items()}
        frame = self._with_values(long_rows(table, self.layout)) if table.rows else None
        self.left_out: list[str] = []
        if frame is None or frame.empty:
            self.faults.refuse()
            raise InputError(f"{path}: no row holds a value")
        style = number_style(
            [cell for name in ("value", "low", "high", "level") for cell in text_of(frame, name)], reading.decimal
        )
        valued = len(frame)
        frame = self._numbers(self._places(self._named(frame)), style)
        frame = self._in_unit(frame)
        frame = self._plausible(self._dated(frame), ranges)
        self.rows, self.sources = self._checked(frame)
        self.faults.refuse()
        self.remarks = (self._remark(table, style, valued), *self.left_out)

    def _remark(self, table: TextTable, style: NumberStyle, valued: int) -> str:
        mark = ", decimal comma" if style.decimal == "," else ""
        layout = f", {self.layout.name}" if self.layout.name else ""
        empty = len(table.rows) * (len(self.layout.periods) or 1) - valued
        without = f", {empty} cell{'s' * (empty > 1)} without a value" if empty else ""
        unread = f"; columns not read: {', '.join(self.layout.unread[:8])}" if self.layout.unread else ""
        more = f" and {len(self.layout.unread) - 8} more" if len(self.layout.unread) > 8 else ""
        return (
            f"{self.path.name}: read as {table.dialect}{mark}{layout}: {_rows(len(self.rows))}{without}{unread}{more}"
        )

    def _at(self, name: str, column: str | None = None) -> str:
        """Words for a cell: its field, or its column where that has another name."""
        column = column or self._columns.get(name, name)
        return f", field '{name}'" if column == name else f", column '{column}'"

    def _with_values(self, frame: pd.DataFrame) -> pd.DataFrame:
        missing = frame["value"].str.casefold().isin(MISSING)
        bounded = [~text_of(frame, name).str.casefold().isin(MISSING) for name in ("low", "high") if name in frame]
        for row in frame["row"][missing & np.logical_or.reduce(bounded)] if bounded else ():
            self.faults.add(int(row), f"{self._at('value')} is empty, but low or high is not")
        return frame[~missing].reset_index(drop=True)

    def _keep(self, frame: pd.DataFrame, good: Sequence[bool] | pd.Series[bool]) -> pd.DataFrame:
        return frame[np.asarray(good, dtype=bool)].reset_index(drop=True)

    def _mapped(self, frame: pd.DataFrame, name: str, one: Callable[[str], str]) -> tuple[pd.Series[str], list[bool]]:
        """Field `name` by `one`, and which rows it knows; a fault for each text that it does not."""
        known: dict[str, str | None] = {}
        faults: dict[str, str] = {}
        for text in frame[name].unique():
            try:
                known[text] = one(text) if text else None
            except InputError as error:
                known[text], faults[text] = None, f"{self._at(name)}: {error}"
        for row, text in zip(frame["row"], frame[name], strict=True):
            if text in faults:
                self.faults.add(int(row), faults[text])
            elif not text:
                self.faults.add(int(row), f"{self._at(name)} is empty; every row needs it")
        found = frame[name].map(known)
        return found.fillna(""), found.notna().tolist()

    def _named(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Indicators by slug, with the unit where the table does not say it."""
        second = text_of(frame, "indicator_name")
        given = frame["indicator"].where(frame["indicator"] != "", second)
        slugs, good = self._mapped(
            frame.assign(indicator=given), "indicator", lambda text: indicator_of(text, self.indicators)
        )
        units = text_of(frame, "unit")
        if "unit" not in frame:
            said = [in_brackets(*names) for names in zip(second, given, frame["column"], strict=True)]
            standard = [self.indicators[slug].unit if slug else "" for slug in slugs]
            units = pd.Series(said, index=frame.index, dtype="object")
            units = units.where(~given.isin(world_bank_series()), pd.Series(standard, index=frame.index))
        return self._keep(frame.assign(indicator=slugs, unit=units), good)

    def _places(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Countries by code; in tables that are not in our layout, regions and blocs are left out."""
        second = text_of(frame, "country_name")
        found: dict[tuple[str, str], str] = {}
        regions: dict[str, None] = {}
        faults: dict[tuple[str, str], str] = {}
        for pair in dict.fromkeys(zip(frame["country"], second, strict=True)):
            try:
                found[pair] = self._place(*pair)
            except InputError as error:
                faults[pair] = f"{self._at('country')}{'' if str(error).startswith(' is empty') else ': '}{error}"
            if found.get(pair) == "":
                regions.setdefault(pair[1] or pair[0])
        codes = []
        for row, pair in zip(frame["row"], zip(frame["country"], second, strict=True), strict=True):
            codes.append(found.get(pair, ""))
            if pair in faults:
                self.faults.add(int(row), faults[pair])
        if regions:
            more = f" and {len(regions) - 5} more" if len(regions) > 5 else ""
            self.left_out.append(f"{self.path.name}: left out, as no countries: {', '.join([*regions][:5])}{more}")
        return self._keep(frame.assign(country=codes), [bool(code) for code in codes])

    def _place(self, text: str, name: str) -> str:
        """Code of the country that a code or else a name means; empty for a region in a table of another layout.

        Raises:
            InputError: neither is known, or a region in a table of our layout.
        """
        given = [part.zfill(3) if part.isdigit() else part for part in (text, name) if part]
        if not given:
            raise InputError(" is empty; every row needs it")
        if self.ours:
            return resolve(given[0]).code
        for part in given:
            try:
                found = classify(part)
            except InputError:
                continue
            return found.code if isinstance(found, Country) and found.kind == "country" else ""
        if name and not text:  # the publisher gives every country a code, and this row none
            return ""
        return resolve(given[-1]).code

    def _numbers(self, frame: pd.DataFrame, style: NumberStyle) -> pd.DataFrame:
        good = pd.Series(True, index=frame.index)
        parsed: dict[str, list[float]] = {}
        for name in ("value", "low", "high", "level"):
            if name not in frame:
                continue
            parsed[name] = []
            for at, (text, unit) in enumerate(zip(frame[name], frame["unit"], strict=True)):
                number = np.nan if text.casefold() in MISSING else self._number(text, unit, style)
                if number is None:
                    column = str(frame["column"].iloc[at]) if name == "value" else None
                    self.faults.add(
                        int(frame["row"].iloc[at]), f"{self._at(name, column)} is '{text}': {_advice(text, style)}"
                    )
                    good.iloc[at] = False
                parsed[name].append(np.nan if number is None else number)
        numbers = {name: pd.Series(cells, index=frame.index, dtype="float64") for name, cells in parsed.items()}
        return self._keep(frame.assign(**numbers), good)

    def _number(self, text: str, unit: str, style: NumberStyle) -> float | None:
        if text.endswith("%") and re.match(r"%|per ?cent|pct", unit, re.IGNORECASE):
            text = text.removesuffix("%").strip()
        return read_number(text, style)

    def _in_unit(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Value, low and high in the indicator's unit, whatever compatible unit the user gave."""
        good = pd.Series(True, index=frame.index)
        frame = frame.copy()
        for (slug, unit), rows in frame.groupby(["indicator", "unit"], sort=False):
            wanted = self.indicators[str(slug)].unit
            if unit == wanted:
                continue
            try:
                if not unit and "unit" not in self._columns:
                    raise InputError(
                        f"column 'unit' is missing: add one, or say it for all rows, as --map 'unit={wanted}'"
                    )
                for column in ("value", "low", "high"):
                    if column in frame:
                        frame.loc[rows.index, column] = convert(rows[column].to_numpy(), str(unit), wanted)
            except InputError as error:
                good[rows.index] = False
                if not unit and "unit" not in self._columns:
                    self.faults.add(0, str(error))
                    continue
                empty = f"{self._at('unit')} is empty; give '{wanted}' or a multiple of it"
                for row in rows["row"]:
                    self.faults.add(int(row), f"{self._at('unit')}: {error} for {slug}" if unit else empty)
            frame.loc[rows.index, "unit"] = wanted
        return self._keep(frame, good)

    def _dated(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Periods in our form, and days of publication: where none is given, the period's end, at most `newest`."""
        frame = frame.assign(period=frame["period"].map(plain_period))
        if not self.ours:
            early = frame["period"].str.fullmatch(r"[0-9]{4}.*") & (frame["period"].str[:4] < str(FIRST_YEAR))
            if early.any():
                self.left_out.append(f"{self.path.name}: left out: {_rows(int(early.sum()))} of before {FIRST_YEAR}")
                frame = self._keep(frame, ~early)
        _, good = self._mapped(frame, "period", lambda text: periods.end(text).isoformat())
        frame = self._keep(frame, good)
        given = text_of(frame, "published_on")
        days: list[dt.date | None] = []
        for row, cell, period in zip(frame["row"], given, frame["period"], strict=True):
            day = self._published(cell, period)
            if isinstance(day, str):
                self.faults.add(int(row), f"{self._at('published_on')} is {day}")
            days.append(None if isinstance(day, str) else day)
        frame = frame.assign(published_on=pd.to_datetime(pd.Series(days, index=frame.index)), pseudo=given == "")
        return self._keep(frame, [day is not None for day in days])

    def _published(self, cell: str, period: str) -> dt.date | str:
        """Day of publication, or what is wrong with the cell."""
        if not cell:
            return min(periods.end(period), self.newest)
        try:
            day = dt.date.fromisoformat(cell)
        except ValueError:
            return f"'{cell}': write a day as 2024-05-17"
        return day if day <= self.newest else f"{day}: it lies after {self.newest}, the day asked about"

    def _plausible(self, frame: pd.DataFrame, ranges: Ranges) -> pd.DataFrame:
        """Rows whose values lie near known ones, those of the country or else of all countries, or are accepted."""
        for text in text_of(frame, "accept_outlier").unique():
            if text.casefold() not in (*_YES, *_NO):
                raise InputError(f"{self.path}: column 'accept_outlier' holds '{text}': write yes or leave it empty")
        accepted = text_of(frame, "accept_outlier").str.casefold().isin(_YES)
        good = []
        for row, slug, code, value, column, taken in zip(
            *(frame[name] for name in ("row", "indicator", "country", "value", "column")), accepted, strict=True
        ):
            own = (slug, code) in ranges
            known = ranges.get((slug, code)) or ranges.get((slug, ""))
            far = known is not None and not taken and _orders_off(value, known, self.indicators[slug].unit) >= OUTLIER
            if far and known is not None:
                whose = resolve(code).name if own else "all countries"
                words = _doubt(value, known, self.indicators[slug], whose)
                self.faults.add(int(row), f"{self._at('value', column)} is {words}")
            good.append(not far)
        return self._keep(frame, good)

    def _checked(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, Source]]:
        names = frame["source"] if "source" in frame else pd.Series(self.path.name, index=frame.index)
        for row in frame["row"][names == ""]:
            self.faults.add(int(row), f"{self._at('source')} is empty; every row needs it")
        frame, names = self._keep(frame, names != ""), names[names != ""].reset_index(drop=True)
        sources = _sources(self.path, names, self.newest)
        flag = (text_of(frame, "flag") if self.ours else "") + np.where(frame["pseudo"], ",user,pseudo", ",user")
        table = tidy(frame.assign(source=names.map(_source_slug), flag=flag), self.newest)
        for at, words in broken_rules(schema(self.indicators, sources), table) if len(table) else ():
            row = int(frame["row"].iloc[at]) if at >= 0 else 0
            column = f", column '{frame['column'].iloc[at]}'" if at >= 0 and self.layout.periods else ""
            self.faults.add(row, f"{column}, {words}" if row else words)
        return table, sources


def indicator_of(text: str, indicators: Mapping[str, Indicator]) -> str:
    """Slug of the indicator that a slug, a name of the catalogue or a code of the World Bank means.

    Raises:
        InputError: none, with suggestions.
    """
    series = world_bank_series()
    if text in indicators:
        return text
    if text in series:
        return series[text]
    named = [slug for slug, entry in indicators.items() if fold(text) in (fold(entry.name), fold(slug))]
    if len(named) == 1:
        return named[0]
    near = get_close_matches(text.casefold(), indicators, 3)
    meant = f"; did you mean {' or '.join(named or near)}?" if named or near else "; `headway evidence list` names them"
    raise InputError(f"'{text}' is not an indicator{meant}")


def world_bank_series() -> Mapping[str, str]:
    """Slugs of indicators by the World Bank's code."""
    from headway.evidence.sources.worldbank import DEVELOPMENT_SERIES

    return DEVELOPMENT_SERIES


def in_brackets(*names: Any) -> str:
    """Text in the brackets that end the first of `names` that ends in any: "GDP (current US$)" gives "current US$"."""
    found = (re.search(r"\(([^()]+)\)\s*$", str(name)) for name in names)
    return next((match[1] for match in found if match), "")


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _advice(text: str, style: NumberStyle) -> str:
    """Words on what would be right in place of `text`."""
    right = "give a finite number such as 1234.5, without unit or thousands separator"
    other = "." if style.decimal == "," else ","
    if re.fullmatch(rf"[-+]?[0-9]{{1,3}}\{other}[0-9]{{3}}", text):
        plain, fraction = text.replace(other, ""), text.replace(other, style.decimal)
        return f"it may mean {plain} or {fraction}; write one of them, or say --map decimal=comma or decimal=point"
    if re.fullmatch(rf"[-+]?[0-9]*\{other}[0-9]+", text):
        written = "comma" if style.decimal == "," else "point"
        return f"{right}; other cells of the table show a decimal {written}"
    if text.endswith("%"):
        return f"{right}; say % as unit"
    return right


def _orders_off(value: float, known: tuple[float, float], unit: str) -> float:
    """Orders of magnitude by which the size of a value lies outside the known sizes."""
    if unit.startswith("log10 "):
        return max(known[0] - value, value - known[1], 0.0)
    if value == 0:
        return 0.0
    return float(max(np.log10(known[0] / abs(value)), np.log10(abs(value) / known[1]), 0.0))


def _doubt(value: float, known: tuple[float, float], entry: Indicator, whose: str) -> str:
    """Words on a value that lies far from all known ones, with the scale that would bring it among them."""
    scales = {1e3: "thousand", 1e6: "million", 1e9: "billion", 1e12: "trillion"}
    linear = not entry.unit.startswith("log10 ")
    fits = [times for times in scales if linear and known[0] / 3 <= abs(value) * times <= known[1] * 3]
    meant = f"; did you mean {value * fits[-1]:g} (unit '{scales[fits[-1]]} {entry.unit}')? " if fits else ". "
    return (
        f"{value:g} {entry.unit}: {entry.name} of {whose} lies between {known[0]:.3g} and {known[1]:.3g} in the "
        f"shipped evidence{meant}If it is right, say --accept-outliers, or yes in a column accept_outlier of this row"
    )


def _source_slug(text: str) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_") or "source"
    return words if words.startswith("user_") else f"user_{words}"


def _sources(path: Path, names: pd.Series[str], newest: dt.date) -> dict[str, Source]:
    return {
        _source_slug(name): Source(
            slug=_source_slug(name),
            publisher=name,
            title=path.name,
            url=path.resolve().as_uri(),
            licence="the user's own",
            citation=f"{name}, as given in {path.name}",
            retrieved_on=newest,
        )
        for name in names.unique()
    }

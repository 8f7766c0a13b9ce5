"""Tables of the snapshot and their rules: observations, models, bilateral flows, and curated statements in words.

One row of the observations says what one publisher said of one country, indicator and period. Two dates stand in every
row of every table: `period` (or another date) is the time it speaks of; `published_on` is the day it could have been
known. A hindcast sees rows by `published_on` alone. A row that breaks a rule is refused with its table, row and field.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from headway.core import periods
from headway.core.errors import EvidenceError, HeadwayError
from headway.evidence.catalogue import Indicator, Source, blocs
from headway.evidence.countries import countries

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
    called = row_of or (lambda at: f"row {at + 1} ({frame['id'].iloc[at]})")
    lines = [f"{called(at)}, {words}" if at >= 0 else words for at, words in broken_rules(schema, frame)]
    if lines:
        more = f"\n  … and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
        raise error(f"{name}: " + "\n  ".join(lines[:SHOWN]) + more)


def broken_rules(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> list[tuple[int, str]]:
    """Position of each row of `frame` that breaks a rule of `schema` (−1: a column does), and the rule in words."""
    import pandera.errors

    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as found:
        return _broken(found.failure_cases, frame)
    return []


def _broken(cases: pd.DataFrame, frame: pd.DataFrame) -> list[tuple[int, str]]:
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
        lines.setdefault((position, field), f"field '{field}' is '{shown}': {right}")
    return [(at, words) for (at, _), words in sorted(lines.items())]


COLUMNS: dict[str, str] = {
    "id": "source:indicator:country:period:published_on, unique",
    "indicator": "slug in the indicator catalogue",
    "country": "ISO 3166-1 alpha-3 code, XKX for Kosovo, or a bloc code of the catalogue",
    "period": "ISO 8601 period: 2024, 2024Q3, 2024-05 or 2024-05-17",
    "value": "number in `unit`",
    "low": "lower end of the interval, or null",
    "high": "upper end of the interval, or null",
    "level": "probability content of [low, high]; null without interval, or where the publisher states none",
    "unit": "unit of value, low and high; equal to the indicator's unit",
    "source": "slug in the source catalogue",
    "published_on": "day from which it could be known",
    "retrieved_on": "day of the vintage that we read",
    "flag": "comma-joined marks: pseudo (published_on follows a rule), estimate, derived, aggregate, target, user",
    "inputs": "ids of the facts it was derived from, joined by a blank; empty for a publisher's own figure",
    "grade": "typed figures: how near the page that we read is to who made the figure (`GRADES`); empty elsewhere",
    "read_in": "typed figures: pages where it was read, joined by a blank; empty where it was read at the source's url",
}

GRADES: dict[str, str] = {
    "primary": "the text of the body that made it",
    "statistical office": "the text of a statistical office",
    "press": "a newspaper or news agency",
    "secondary": "an analyst, a law firm or a reference work",
    "copy": "a repost on the page of another",
}
"""Grades of the page where a typed row was read, the nearest to the maker of the figure or act first."""

NEAR_GRADES = ("primary", "statistical office")
"""Grades of a page that carries the body's own text, so that one page is enough."""


def on_one_page(grade: str, read_in: Sequence[str]) -> bool:
    """Whether a typed row rests on one page of somebody else; without `read_in` its address is the one page."""
    return grade not in NEAR_GRADES and len(set(read_in)) < 2


FLAGS = ("aggregate", "derived", "estimate", "pseudo", "target", "user")
NUMBERS = ("value", "low", "high", "level")
DATES = ("published_on", "retrieved_on")
FIRST_YEAR, LAST_YEAR = 1950, 2040


def tidy(frame: pd.DataFrame, retrieved_on: dt.date | None = None) -> pd.DataFrame:
    """Table with all columns in order and of their types (text, float64, datetime64[us]); absent ones filled.

    Args:
        frame: at least indicator, country, period, value, unit, source, published_on.
        retrieved_on: day of the vintage, where the frame has no such column.
    """
    table = frame.reset_index(drop=True).copy()
    if "retrieved_on" not in table:
        table["retrieved_on"] = retrieved_on
    for column in COLUMNS:
        if column not in table:
            table[column] = np.nan if column in NUMBERS else ""
    for column in NUMBERS:
        table[column] = table[column].astype("float64")
    for column in DATES:
        table[column] = pd.to_datetime(table[column]).astype("datetime64[us]")
    for column in set(COLUMNS) - set(NUMBERS) - set(DATES):
        table[column] = table[column].astype("str").where(table[column].notna(), "")
    table["flag"] = table["flag"].map({flag: _ordered(flag) for flag in table["flag"].unique()})
    table["id"] = make_ids(table)
    return table[list(COLUMNS)]


def make_ids(frame: pd.DataFrame) -> pd.Series[str]:
    """Ids of all rows: `source:indicator:country:period:published_on`."""
    day = pd.to_datetime(frame["published_on"]).dt.strftime("%Y-%m-%d")
    return frame["source"] + ":" + frame["indicator"] + ":" + frame["country"] + ":" + frame["period"] + ":" + day


def validate(
    frame: pd.DataFrame,
    indicators: Mapping[str, Indicator],
    sources: Mapping[str, Source],
    name: str = "observations",
    *,
    error: type[HeadwayError] = EvidenceError,
    row_of: Callable[[int], str] | None = None,
) -> pd.DataFrame:
    """Check a tidy table: vocabulary, units, intervals, dates, uniqueness; return it unchanged.

    Raises:
        error: names `name`, row, field and what would be right.
    """
    enforce(schema(indicators, sources), frame, name, error=error, row_of=row_of)
    return frame


def schema(indicators: Mapping[str, Indicator], sources: Mapping[str, Source]) -> pa.DataFrameSchema:
    """Schema (pandera) of the observation table against these catalogues."""
    import pandera.pandas as pa

    places = {*countries(), *blocs()}
    units = {slug: entry.unit for slug, entry in indicators.items()}
    least = {slug: -np.inf if entry.minimum is None else entry.minimum for slug, entry in indicators.items()}
    most = {slug: np.inf if entry.maximum is None else entry.maximum for slug, entry in indicators.items()}

    def known(field: str, vocabulary: object, right: str) -> pa.Column:
        return pa.Column(str, pa.Check.isin(list(vocabulary), error=f"{field}: {right}"))  # type: ignore[call-overload]

    def row(field: str, right: str, good: Callable[[pd.DataFrame], pd.Series[bool]]) -> pa.Check:
        return pa.Check(good, error=f"{field}: {right}", ignore_na=False)

    number = pa.Column(float, pa.Check(np.isfinite, error="value: give a finite number"), nullable=False)
    end = pa.Column(float, nullable=True)
    day = pa.Column("datetime64[us]", nullable=False)
    return pa.DataFrameSchema(
        {
            "id": pa.Column(str, unique=False),
            "indicator": known("indicator", units, "name one of `headway evidence list`"),
            "country": known("country", places, "give an ISO 3166-1 alpha-3 code, XKX, or a bloc of the catalogue"),
            "period": pa.Column(
                str, pa.Check(_sane_period, error=f"period: write 2024, 2024Q3, 2024-05 or 2024-05-17, {_RANGE}")
            ),
            "value": number,
            "low": end,
            "high": end,
            "level": pa.Column(
                float, pa.Check.in_range(0, 1, False, False, error="level: give a number in (0, 1)"), nullable=True
            ),
            "unit": pa.Column(str),
            "source": known("source", sources, "name one of `headway evidence sources`"),
            "published_on": day,
            "retrieved_on": day,
            "flag": pa.Column(str, pa.Check(_sane_flag, error=f"flag: use {', '.join(FLAGS)}, joined by commas")),
            "inputs": pa.Column(str),
            "grade": pa.Column(
                str, pa.Check.isin(["", *GRADES], error=f"grade: use {', '.join(GRADES)}, or leave it empty")
            ),
            "read_in": pa.Column(str),
        },
        checks=[
            row("unit", "it must be the unit of the indicator", lambda t: t["unit"] == t["indicator"].map(units)),
            row("value", "it is below what the indicator allows", lambda t: ~(t["value"] < t["indicator"].map(least))),
            row("value", "it is above what the indicator allows", lambda t: ~(t["value"] > t["indicator"].map(most))),
            row("low", "it must not be above the value", lambda t: ~(t["low"] > t["value"])),
            row("high", "it must not be below the value", lambda t: ~(t["high"] < t["value"])),
            row(
                "level",
                "it needs low and high",
                lambda t: t["level"].isna() | (t["low"].notna() & t["high"].notna()),
            ),
            row("high", "low and high go together: give both or none", lambda t: t["low"].isna() == t["high"].isna()),
            row("published_on", "it lies before the period begins (a plan carries the flag target)", _not_foretold),
            row(
                "id", "the same source, indicator, country, period and day stand twice", lambda t: ~t["id"].duplicated()
            ),
        ],
        ordered=True,
        strict=True,
    )


_RANGE = f"between {FIRST_YEAR} and {LAST_YEAR}"


def _sane_period(column: pd.Series[str]) -> pd.Series[bool]:
    def sane(text: str) -> bool:
        try:
            return FIRST_YEAR <= periods.start(text).year <= LAST_YEAR
        except HeadwayError:
            return False

    return column.map({text: sane(text) for text in column.unique()}).astype(bool)


def _sane_flag(column: pd.Series[str]) -> pd.Series[bool]:
    return column.map({text: set(filter(None, text.split(","))) <= set(FLAGS) for text in column.unique()}).astype(bool)


def _not_foretold(table: pd.DataFrame) -> pd.Series[bool]:
    begins: dict[str, pd.Timestamp | None] = {}
    for text in table["period"].unique():
        try:
            begins[text] = pd.Timestamp(periods.start(text))
        except HeadwayError:  # told by the check of the period itself
            begins[text] = None
    first = pd.to_datetime(table["period"].map(begins))
    return first.isna() | (table["published_on"] >= first) | table["flag"].str.contains("target")


def _ordered(flag: str) -> str:
    return ",".join(sorted({part.strip() for part in flag.split(",") if part.strip()}))


MODEL_COLUMNS: dict[str, str] = {
    "id": "source:model:slug, unique",
    "model": "name of the model version",
    "model_group": "versions that are one model at several settings share a group",
    "organization": "developer, as the publisher names it",
    "countries": "ISO 3166-1 alpha-3 codes joined by ';', exclusive attribution first; empty when not known",
    "published": "day the publisher of the data says that the model was published",
    "released": "day of release to users, or null",
    "domain": "Epoch's domains joined by ';'",
    "log10_compute": "log10 of training compute in FLOP, or null",
    "base_model": "models it was trained further from, as the publisher names them, or empty",
    "log10_own_compute": "log10_compute less what others spent on the base model, or null (docs/evidence.md)",
    "compute_confidence": "Confident, Likely, Speculative or null",
    "eci": "Epoch Capabilities Index in points, or null",
    "eci_low": "lower end of the 90 % interval, or null",
    "eci_high": "upper end of the 90 % interval, or null",
    "open_weights": "whether the weights can be downloaded, or null",
    "notable": "in Epoch's notable models",
    "large_scale": "in Epoch's large-scale models",
    "frontier": "among the ten largest training runs at its release, by Epoch",
    "source": "slug in the source catalogue",
    "published_on": "day from which the fact could be known",
    "withdrawn_on": "day from which the publisher no longer said so, or null",
}

FLOW_COLUMNS: dict[str, str] = {
    "id": "source:kind:origin>destination:period, unique",
    "kind": "scholars, collaborators or coauthors",
    "origin": "ISO 3166-1 alpha-3 code",
    "destination": "ISO 3166-1 alpha-3 code",
    "period": "ISO 8601 period",
    "value": "number in `unit`",
    "unit": "unit of value",
    "source": "slug in the source catalogue",
    "published_on": "day from which it could be known",
}

STATEMENT_COLUMNS: dict[str, str] = {
    "id": "source:kind:country:key, unique",
    "kind": "goal, outcome (of the goal with the same key), budget, event, niche or price",
    "country": "ISO 3166-1 alpha-3 code, XKX, or a bloc code",
    "date": "day the statement was made or the event happened, or null",
    "date_precision": "day, month, quarter, year or empty",
    "text": "the statement in our words, in English",
    "metric": "what is measured, or empty",
    "value": "number in `unit`, or null",
    "value_high": "upper end where a range was stated, or null",
    "unit": "unit of value, with its scale",
    "target_year": "year the goal is set for, or null",
    "document": "strategy, law or programme it stands in",
    "who": "who said it",
    "title": "title of the page that carries it",
    "publisher": "body that made the statement or figure; where its own address was not found, after whom we have it",
    "url": "address of the body for it; where none was found, of the page where it was read",
    "source_date": "date of that page as it gives it, or empty",
    "grade": "how near the page that we read is to the body: primary, statistical office, press, secondary or copy",
    "read_in": "pages where it was read, joined by a blank; empty where it was read at `url`",
    "verified": "V: read in a primary copy; S: read in a secondary source",
    "published_on": "day from which it could be known",
    "flag": "pseudo where published_on follows a rule, or empty",
    "transcribed_on": "day we typed it",
    "doubt": "what we doubt about the row, or empty",
    "topic": "what a statement is about: position, compute, money, talent, chips, a niche …",
    "period": "budgets: the years the money is for, as the page puts them, or empty",
    "status": "goals: adopted, announced, draft, recommendation or reported; outcomes: met, missed or unknown",
    "comparator": "goals: top_n, at_least, adds_at_least, cumulative_at_least, times_at_least, exists, or empty",
    "scope": "goals: WORLD or the bloc within which a rank counts, or empty",
    "target_basis": "goals: stated, or coded where words were turned into a number (docs/curated.md), or empty",
    "baseline": "goals: where the metric stood, in `unit`, or null",
    "baseline_year": "goals: year of the baseline, or null",
    "maps_to": "goals: the quantity that stands for the metric, or none; empty elsewhere",
    "mapped_value": "goals: the target in `mapped_unit`, or null",
    "mapped_unit": "goals: unit of the quantity it maps to, or empty",
    "direction": "events: tighten or loosen; empty elsewhere",
}

WORLD = "WORLD"  # in place of a country or bloc: all countries, as the scope of a rank or the target of an event


@dataclass(frozen=True, slots=True)
class TableShape:
    """Shape of a table beside the observations: columns, their types, and how its ids are made."""

    name: str
    columns: Mapping[str, str]
    numbers: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    truths: tuple[str, ...] = ()
    id_parts: tuple[str, ...] = ()


MODELS = TableShape(
    "models",
    MODEL_COLUMNS,
    numbers=("log10_compute", "log10_own_compute", "eci", "eci_low", "eci_high"),
    dates=("published", "released", "published_on", "withdrawn_on"),
    truths=("open_weights", "notable", "large_scale", "frontier"),
)
FLOWS = TableShape(
    "flows",
    FLOW_COLUMNS,
    numbers=("value",),
    dates=("published_on",),
    id_parts=("source", "kind", "origin", "destination", "period"),
)
STATEMENTS = TableShape(
    "statements",
    STATEMENT_COLUMNS,
    numbers=("value", "value_high", "target_year", "baseline", "baseline_year", "mapped_value"),
    dates=("date", "published_on", "transcribed_on"),
)


def tidy_facts(frame: pd.DataFrame, shape: TableShape) -> pd.DataFrame:
    """Table with all columns of `shape` in order and of their types; ids are made where the table has a rule.

    What is absent is null in numbers, dates and truths, and the empty text in text.
    """
    table = frame.reset_index(drop=True).copy()
    for column in shape.columns:
        if column not in table:
            table[column] = None
    for column in shape.columns:
        if column in shape.numbers:
            table[column] = table[column].astype("float64")
        elif column in shape.dates:
            table[column] = pd.to_datetime(table[column]).astype("datetime64[us]")
        elif column in shape.truths:
            table[column] = table[column].astype("boolean")
        else:
            table[column] = table[column].astype("str").where(table[column].notna(), "")
    if shape.id_parts and (table["id"] == "").all():
        table["id"] = table[shape.id_parts[0]]
        for part in shape.id_parts[1:]:
            table["id"] = table["id"] + ":" + table[part]
    return table[list(shape.columns)]


def validate_facts(frame: pd.DataFrame, shape: TableShape, sources: Mapping[str, Source]) -> pd.DataFrame:
    """Check a tidy table: ids unique, countries and sources known, intervals ordered, dates there; return it unchanged.

    Raises:
        EvidenceError: names table, row, field and what would be right.
    """
    import pandera.pandas as pa

    places = {*countries(), *blocs(), *([WORLD] if shape is STATEMENTS else [])}
    checks = [_row("id", "it must be unique and not empty", lambda t: ~t["id"].duplicated() & (t["id"] != ""))]
    for field in ("country", "origin", "destination"):
        if field in shape.columns:
            checks.append(_row(field, "give an ISO 3166-1 alpha-3 code, XKX or a bloc", _isin(field, places)))
    if "source" in shape.columns:
        checks.append(_row("source", "name one of sources.toml", _isin("source", set(sources))))
    if shape is MODELS:
        right = "join ISO 3166-1 alpha-3 codes by ';'"
        checks.append(
            _row("countries", right, lambda t: t["countries"].map(lambda c: set(c.split(";")) <= {"", *places}))
        )
        checks.append(_row("eci_low", "it must not be above eci", lambda t: ~(t["eci_low"] > t["eci"])))
        checks.append(_row("eci_high", "it must not be below eci", lambda t: ~(t["eci_high"] < t["eci"])))
    else:
        checks.append(_row("value", "give a finite number", lambda t: ~np.isinf(t["value"])))
    columns = {"published_on": pa.Column("datetime64[us]", nullable=False)}
    enforce(pa.DataFrameSchema(columns, checks=checks), frame, shape.name, error=EvidenceError)
    return frame


def _row(field: str, right: str, good: Callable[[pd.DataFrame], pd.Series[bool]]) -> pa.Check:
    import pandera.pandas as pa

    return pa.Check(good, error=f"{field}: {right}", ignore_na=False)


def _isin(field: str, vocabulary: set[str]) -> Callable[[pd.DataFrame], pd.Series[bool]]:
    return lambda table: table[field].isin(vocabulary)

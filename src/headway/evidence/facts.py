"""The three tables beside the observations: models, bilateral flows, and statements (curated facts in words)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from headway.core.errors import EvidenceError
from headway.evidence.catalogue import Source, blocs
from headway.evidence.countries import countries
from headway.evidence.observation import enforce

if TYPE_CHECKING:
    import pandera.pandas as pa

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
    "kind": "goal, budget, event or niche",
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
    "publisher": "publisher of that page",
    "url": "address of that page",
    "source_date": "date of that page as it gives it, or empty",
    "reliability": "primary, secondary or press",
    "verified": "V: read in a primary copy; S: read in a secondary source",
    "published_on": "day from which it could be known",
    "flag": "pseudo where published_on follows a rule, or empty",
    "transcribed_on": "day we typed it",
    "doubt": "what we doubt about the row, or empty",
    "topic": "what a statement is about: position, compute, money, talent, chips, a niche …",
    "period": "budgets: the years the money is for, as the page puts them, or empty",
    "status": "goals: adopted, announced, draft, recommendation or reported; empty elsewhere",
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

WORLD = "WORLD"  # in place of a country: a statement about all of them


@dataclass(frozen=True, slots=True)
class TableShape:
    """What a table beside the observations looks like: columns, their types, and how its ids are made."""

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
    """All columns of `shape` in order and of their types; ids are made where the table has a rule.

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

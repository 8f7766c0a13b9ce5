"""Epoch AI, Data on AI Models: training compute of notable and large-scale models, with what older tables said.

Two current tables, which are not nested, are joined by model name. Older full tables carry their day in the role
(`all_models@2025-03-14`): they date what was known by then, and keep estimates that Epoch later changed or withdrew.
Names, attribution and flags follow the newest table that has a model; only its compute has vintages.
"""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

import pandas as pd

from headway.core.errors import InputError
from headway.evidence.catalogue import sources
from headway.evidence.countries import code_of, codes_in
from headway.evidence.sources.base import SourceShapeError, Tables, numbers, read_csv, role_date, slug_of
from headway.evidence.sources.epoch_vintages import Entry, Version, homes, name_key, own_compute, versions

CONFIDENCES = ("Confident", "Likely", "Speculative")
NUMBERS = ("Training compute (FLOP)", "Finetune compute (FLOP)")
COLUMNS = (
    *("Model", "Organization", "Publication date", "Domain", "Confidence", "Country (of organization)", "Base model"),
    *("Model accessibility", *NUMBERS),
)
FORMER = {"System": "Model", "Country (from Organization)": "Country (of organization)"}
"""Names that columns had in older tables."""
LEAST_FINETUNE = 1e12
"""FLOP below which a figure for fine-tuning is a slip of the table (older ones hold 1, 2, 8)."""


@dataclass(frozen=True, slots=True)
class EpochModels:
    """Roles: `notable`, `large_scale`, and any number of `all_models@DAY`."""

    slug: str = "epoch_models"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """Models with a day of publication; those of older tables alone only where their compute is known."""
        current = _current(_entries(files["notable"], notable=True), _entries(files["large_scale"], large_scale=True))
        older = sorted((day, _entries(path)) for role, path in files.items() if (day := role_date(role)))
        lag = dt.timedelta(days=sources()[self.slug].lag_days or 0)
        places = homes([*(table for _, table in older), current])
        rows = [_row(version, own_compute(version, places)) for version in versions(current, older, vintage, lag)]
        return Tables(models=pd.DataFrame(rows).assign(source=self.slug).sort_values("id", ignore_index=True))


def attribution(cell: str) -> tuple[str, ...]:
    """Codes of a cell that names one country per organisation: the country of most organisations first.

    On a tie the first-named leads; the others follow as named. Aggregates ("Multinational") count for nobody.
    """
    named = codes_in(cell)
    counts: Counter[str | None] = Counter()
    for part in cell.split(","):
        try:
            counts[code_of(part)] += 1
        except InputError:  # a piece of a name that holds a comma; `codes_in` has read the whole of it
            continue
    return tuple(sorted(named, key=lambda code: (code != _leader(named, counts), named.index(code))))


def _leader(named: Sequence[str], counts: Mapping[str | None, int]) -> str:
    return max(named, key=lambda code: (counts.get(code, 0), -named.index(code)))


def open_weights(accessibility: object) -> bool | None:
    """True where the weights can be downloaded, from Epoch's column on accessibility; None where it is empty."""
    return accessibility.startswith("Open weights") if isinstance(accessibility, str) else None


def day_of(text: object) -> dt.date | None:
    """Day from text such as 2024-05-17; None where the cell is empty."""
    return dt.date.fromisoformat(text[:10]) if isinstance(text, str) else None


def log10_of(flop: float) -> float | None:
    """log10 of a compute figure; None where it is missing."""
    return round(math.log10(flop), 4) if flop == flop and flop > 0 else None


def _entries(path: Path, *, notable: bool = False, large_scale: bool = False) -> dict[str, Entry]:
    """Models of one table by name key; of two rows with one key, the larger run."""
    table = read_csv(path, []).rename(columns=FORMER)
    for column in COLUMNS:
        if column not in table:
            raise SourceShapeError(path, "column is missing", column=column)
    table = table.assign(**{column: numbers(table[column], path) for column in NUMBERS})
    found: dict[str, Entry] = {}
    for at, row in enumerate(table.to_dict("records")):
        if not isinstance(row["Model"], str) or not isinstance(row["Publication date"], str):
            continue
        try:
            entry = replace(_entry(row), notable=notable, large_scale=large_scale)
        except (InputError, ValueError) as error:
            raise SourceShapeError(path, str(error), row=at + 2) from error
        key = name_key(entry.model)
        if key not in found or (entry.log10_compute or 0) > (found[key].log10_compute or 0):
            found[key] = entry
    return found


def _entry(row: Mapping[Any, Any]) -> Entry:
    confidence = row["Confidence"] if row["Confidence"] in CONFIDENCES else None
    country = row["Country (of organization)"]
    published = day_of(row["Publication date"])
    assert published is not None
    return Entry(
        model=" ".join(row["Model"].split()),
        organization=row["Organization"] if isinstance(row["Organization"], str) else "",
        countries=attribution(country) if isinstance(country, str) else (),
        published=published,
        domain=corrections("area").get(row["Model"], _areas(row["Domain"])),
        log10_compute=None if row["Confidence"] == "Wrong" else log10_of(row["Training compute (FLOP)"]),
        confidence=confidence,
        base_model=row["Base model"]
        if isinstance(row["Base model"], str)
        else corrections("base").get(row["Model"], ""),
        finetune=log10_of(row["Finetune compute (FLOP)"]) if row["Finetune compute (FLOP)"] > LEAST_FINETUNE else None,
        open_weights=open_weights(row["Model accessibility"]),
        frontier=row.get("Frontier model") == "True",
    )


def _areas(cell: object) -> str:
    return ";".join(part.strip() for part in cell.split(",")) if isinstance(cell, str) else ""


@lru_cache(maxsize=4)
def corrections(kind: str) -> Mapping[str, str]:
    """Corrections of one kind (`base`, `withdrawn`, `area`) by model, from `catalogue/model_corrections.toml`."""
    text = resources("headway.evidence").joinpath("catalogue", "model_corrections.toml").read_text("utf-8")
    return dict(tomllib.loads(text)[kind])


def _current(notable: Mapping[str, Entry], large: Mapping[str, Entry]) -> dict[str, Entry]:
    """Union of the two current tables; a model in both carries both flags, and a withdrawn estimate is none."""
    both = {key: replace(entry, large_scale=key in large) for key, entry in notable.items()}
    gone = corrections("withdrawn")
    return {
        key: replace(entry, log10_compute=None, confidence=None) if entry.model in gone else entry
        for key, entry in {**large, **both}.items()
    }


def _row(version: Version, own: float | None) -> dict[str, Any]:
    newest, told = version.newest, version.told
    return {
        "id": f"epoch_models:model:{slug_of(newest.model)}:{version.known:%Y%m%d}",
        "model": newest.model,
        "model_group": newest.model,
        "organization": newest.organization,
        "countries": ";".join(newest.countries),
        "published": newest.published,
        "released": None,
        "domain": newest.domain,
        "log10_compute": told.log10_compute,
        "base_model": newest.base_model,
        "log10_own_compute": own,
        "compute_confidence": told.confidence if told.log10_compute is not None else None,
        "eci": None,
        "eci_low": None,
        "eci_high": None,
        "open_weights": newest.open_weights,
        "notable": newest.notable,
        "large_scale": newest.large_scale,
        "frontier": newest.frontier,
        "published_on": version.known,
        "withdrawn_on": version.until,
    }


ADAPTERS = (EpochModels(),)

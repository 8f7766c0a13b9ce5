"""Epoch AI, Data on AI Models: training compute of notable and large-scale models, with what older tables said.

Two current tables, which are not nested, are joined by model name. Older full tables carry their day in the role
(`all_models@2025-03-14`): they date what was known by then, and keep estimates that Epoch later changed or withdrew.
Names, attribution and flags follow the newest table that has a model; only its compute has vintages.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

import pandas as pd

from headway.errors import InputError
from headway.evidence.catalogue import sources
from headway.evidence.countries import code_of, codes_in
from headway.evidence.sources.base import SourceShapeError, Tables, read_csv, role_date

CONFIDENCES = ("Confident", "Likely", "Speculative")
SAME = math.log10(1.01)  # two estimates that differ by less than 1 % are one
COLUMNS: dict[str, type] = {
    "Model": str,
    "Organization": str,
    "Publication date": str,
    "Domain": str,
    "Training compute (FLOP)": float,
    "Confidence": str,
    "Country (of organization)": str,
    "Base model": str,
    "Finetune compute (FLOP)": float,
    "Model accessibility": str,
}
LEAST_FINETUNE = 1e12
"""FLOP below which a figure for fine-tuning is a slip of the table (older ones hold 1, 2, 8)."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One model as one table has it; compute in log10 FLOP, its own (`finetune`) and with that of the base model."""

    model: str
    organization: str
    countries: tuple[str, ...]
    published: dt.date
    domain: str
    log10_compute: float | None
    confidence: str | None
    open_weights: bool | None
    base_model: str = ""
    finetune: float | None = None
    notable: bool = False
    large_scale: bool = False
    frontier: bool = False


@dataclass(frozen=True, slots=True)
class EpochModels:
    """Roles: `notable`, `large_scale`, and any number of `all_models@DAY`."""

    slug: str = "epoch_models"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """Models with a day of publication; those of older tables alone only where their compute is known."""
        current = _current(_entries(files["notable"], notable=True), _entries(files["large_scale"], large_scale=True))
        older = sorted((day, _entries(path)) for role, path in files.items() if (day := role_date(role)))
        lag = dt.timedelta(days=sources()[self.slug].lag_days or 0)
        homes = _homes([*(table for _, table in older), current])
        rows = list(_rows(current, older, vintage, lag, homes))
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


def name_key(text: str) -> str:
    """Form in which model names are compared between tables: letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def open_weights(accessibility: object) -> bool | None:
    """Whether the weights can be downloaded, from Epoch's column on accessibility; None where it is empty."""
    return accessibility.startswith("Open weights") if isinstance(accessibility, str) else None


def day_of(text: object) -> dt.date | None:
    """A day written as 2024-05-17; None where the cell is empty."""
    return dt.date.fromisoformat(text[:10]) if isinstance(text, str) else None


def log10_of(flop: float) -> float | None:
    """log10 of a compute figure; None where it is missing."""
    return round(math.log10(flop), 4) if flop == flop and flop > 0 else None


def _entries(path: Path, *, notable: bool = False, large_scale: bool = False) -> dict[str, Entry]:
    """Models of one table by name key; of two rows with one key, the larger run."""
    table = read_csv(path, COLUMNS)
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
        domain=";".join(part.strip() for part in row["Domain"].split(",")) if isinstance(row["Domain"], str) else "",
        log10_compute=None if row["Confidence"] == "Wrong" else log10_of(row["Training compute (FLOP)"]),
        confidence=confidence,
        base_model=row["Base model"] if isinstance(row["Base model"], str) else _missing_bases().get(row["Model"], ""),
        finetune=log10_of(row["Finetune compute (FLOP)"]) if row["Finetune compute (FLOP)"] > LEAST_FINETUNE else None,
        open_weights=open_weights(row["Model accessibility"]),
        frontier=row.get("Frontier model") == "True",
    )


@lru_cache(maxsize=1)
def _missing_bases() -> Mapping[str, str]:
    text = resources("headway.evidence").joinpath("catalogue", "base_models.toml").read_text("utf-8")
    return dict(tomllib.loads(text)["base"])


def _current(notable: Mapping[str, Entry], large: Mapping[str, Entry]) -> dict[str, Entry]:
    """Union of the two current tables; a model in both carries both flags."""
    both = {key: replace(entry, large_scale=key in large) for key, entry in notable.items()}
    return {**large, **both}


def _rows(
    current: Mapping[str, Entry],
    older: Sequence[tuple[dt.date, Mapping[str, Entry]]],
    vintage: dt.date,
    lag: dt.timedelta,
    homes: Mapping[str, str],
) -> Iterator[dict[str, Any]]:
    full_days = [day for day, _ in older]
    used: list[set[str]] = [set() for _ in older]
    finders = [_finder(table) for _, table in older]
    for key, entry in current.items():
        history: list[tuple[dt.date, Entry]] = []
        for at, (day, table) in enumerate(older):
            match = finders[at](key, entry)
            if match is not None and match not in used[at]:
                used[at].add(match)
                history.append((day, table[match]))
        yield from _versions(entry, [*history, (vintage, entry)], full_days, lag, homes)
    rest: dict[str, list[tuple[dt.date, Entry]]] = {}
    for at, (day, table) in enumerate(older):
        for key, entry in table.items():
            if key not in used[at] and entry.log10_compute is not None and key not in current:
                rest.setdefault(key, []).append((day, entry))
    for history in rest.values():
        yield from _versions(history[-1][1], history, full_days, lag, homes)


def _homes(tables: Sequence[Mapping[str, Entry]]) -> dict[str, str]:
    """Name key of a model → the country it is attributed to; later tables win."""
    return {key: entry.countries[0] for table in tables for key, entry in table.items() if entry.countries}


def own_compute(entry: Entry, homes: Mapping[str, str]) -> float | None:
    """What the model's country spent on it: all, or the fine-tuning alone where a base model is of another country.

    Epoch's figure for a fine-tuned model holds the training of its base. A base model that no table has counts as
    foreign; where the fine-tuning has no figure of its own, none is given.
    """
    bases = [name_key(name) for name in entry.base_model.split(",") if name_key(name)]
    home = entry.countries[0] if entry.countries else None
    if all(homes.get(base) == home for base in bases):
        return entry.log10_compute
    if entry.log10_compute is None or entry.finetune is None or entry.finetune > entry.log10_compute:
        return None
    return entry.finetune


def _finder(table: Mapping[str, Entry]) -> Callable[[str, Entry], str | None]:
    """Looks a model of the current tables up in an older one, by the first of three rules that holds.

    The same name; or the same day, organisations and compute (a model that was renamed); or the same day, with one name
    the beginning of the other ("GPT-4 Turbo" and "GPT-4 Turbo (Nov 2023)").
    """
    by_likeness: dict[tuple[dt.date, str, float], list[str]] = {}
    by_day: dict[dt.date, list[str]] = {}
    for key, entry in table.items():
        by_day.setdefault(entry.published, []).append(key)
        if (like := _likeness(entry)) is not None:
            by_likeness.setdefault(like, []).append(key)

    def find(key: str, entry: Entry) -> str | None:
        if key in table:
            return key
        like = _likeness(entry)
        alike = by_likeness.get(like, []) if like is not None else []
        if len(alike) == 1:
            return alike[0]
        begun = [name for name in by_day.get(entry.published, []) if name.startswith(key) or key.startswith(name)]
        return begun[0] if len(begun) == 1 else None

    return find


def _likeness(entry: Entry) -> tuple[dt.date, str, float] | None:
    """What a renamed model keeps: its day, its organisations and its compute."""
    if entry.log10_compute is None:
        return None
    return entry.published, name_key(entry.organization), round(entry.log10_compute, 2)


def _versions(
    newest: Entry,
    history: Sequence[tuple[dt.date, Entry]],
    full_days: Sequence[dt.date],
    lag: dt.timedelta,
    homes: Mapping[str, str],
) -> Iterator[dict[str, Any]]:
    """One row per change of the compute figure; each stands from its day until the next."""
    known = first_known(newest.published, history[0][0], full_days, lag)
    facts = [(known, history[0][1])]
    for day, entry in history[1:]:
        if _differs(facts[-1][1], entry):
            facts.append((day, entry))
    for at, (day, entry) in enumerate(facts):
        slug = re.sub(r"[^a-z0-9]+", "-", newest.model.casefold()).strip("-")
        yield {
            "id": f"epoch_models:model:{slug}:{day:%Y%m%d}",
            "model": newest.model,
            "model_group": newest.model,
            "organization": newest.organization,
            "countries": ";".join(newest.countries),
            "published": newest.published,
            "released": None,
            "domain": newest.domain,
            "log10_compute": entry.log10_compute,
            "base_model": newest.base_model,
            "log10_own_compute": own_compute(replace(newest, log10_compute=entry.log10_compute), homes),
            "compute_confidence": entry.confidence if entry.log10_compute is not None else None,
            "eci": None,
            "eci_low": None,
            "eci_high": None,
            "open_weights": newest.open_weights,
            "notable": newest.notable,
            "large_scale": newest.large_scale,
            "frontier": newest.frontier,
            "published_on": day,
            "withdrawn_on": facts[at + 1][0] if at + 1 < len(facts) else None,
        }


def first_known(published: dt.date, first_table: dt.date, full_days: Sequence[dt.date], lag: dt.timedelta) -> dt.date:
    """Day from which a model counts as known (docs/evidence.md, "When could it have been known").

    Publication plus `lag`, at the latest the day of the first table that has it; but that day itself where an earlier
    full table lacked the model although it should have had it by that rule.
    """
    by_rule = published + lag
    lacked = any(by_rule <= day < first_table for day in full_days)
    return first_table if lacked else min(by_rule, first_table)


def _differs(before: Entry, after: Entry) -> bool:
    if before.log10_compute is None or after.log10_compute is None:
        return before.log10_compute is not after.log10_compute
    moved = abs(before.log10_compute - after.log10_compute) > SAME
    return moved or before.confidence != after.confidence


ADAPTERS = (EpochModels(),)

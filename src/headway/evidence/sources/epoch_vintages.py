"""Vintages of tables on the same models: which entry is which, what changed, and since when it was known."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

SAME = math.log10(1.01)
"""Two estimates (log10 FLOP) that differ by less than 1 % are one."""

Table = Mapping[str, "Entry"]
"""Models of one table by `name_key`."""


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
class Version:
    """Statement on one model's compute that stood from `known` until `until` (None: to this day); else as `newest`."""

    newest: Entry
    told: Entry
    known: dt.date
    until: dt.date | None


def name_key(text: str) -> str:
    """Form in which model names are compared between tables: letters and digits only."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def versions(
    current: Table, older: Sequence[tuple[dt.date, Table]], vintage: dt.date, lag: dt.timedelta
) -> Iterator[Version]:
    """Every model of the current table and, where their compute is known, those of the older ones alone, in versions.

    Args:
        older: full tables with their days, oldest first.
        vintage: day of the current table.
        lag: usual time from a model's publication to its entry.
    """
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
        yield from _of_one([*history, (vintage, entry)], full_days, lag)
    rest: dict[str, list[tuple[dt.date, Entry]]] = {}
    for at, (day, table) in enumerate(older):
        for key, entry in table.items():
            if key not in used[at] and key not in current and entry.log10_compute is not None:
                rest.setdefault(key, []).append((day, entry))
    for history in rest.values():
        yield from _of_one(history, full_days, lag)


def _of_one(
    history: Sequence[tuple[dt.date, Entry]], full_days: Sequence[dt.date], lag: dt.timedelta
) -> Iterator[Version]:
    """One version per change of the compute figure; each stands from its day until the next."""
    finetunes = [entry.finetune for _, entry in reversed(history) if entry.finetune is not None]
    newest = replace(history[-1][1], finetune=finetunes[0] if finetunes else None)
    facts = [(first_known(newest.published, history[0][0], full_days, lag), history[0][1])]
    facts += [(day, after) for (_, before), (day, after) in pairwise(history) if _differs(before, after)]
    for at, (known, told) in enumerate(facts):
        yield Version(newest, told, known, facts[at + 1][0] if at + 1 < len(facts) else None)


def first_known(published: dt.date, first_table: dt.date, full_days: Sequence[dt.date], lag: dt.timedelta) -> dt.date:
    """Day from which a model counts as known (docs/evidence.md, "When could it have been known").

    Publication plus `lag`, at the latest the day of the first table that has it; but that day itself where an earlier
    full table lacked the model although it should have had it by that rule.
    """
    by_rule = published + lag
    lacked = any(by_rule <= day < first_table for day in full_days)
    return first_table if lacked else min(by_rule, first_table)


def own_compute(version: Version, homes: Mapping[str, str]) -> float | None:
    """Compute (log10 FLOP) that the model's country spent on it: the fine-tuning alone if a base model is foreign.

    Epoch's figure for a fine-tuned model holds the training of its base. A base model that no table has counts as
    foreign; where the fine-tuning has no figure of its own, none is given.

    Args:
        homes: country of every model, by name key.
    """
    entry, compute = version.newest, version.told.log10_compute
    bases = [name_key(name) for name in entry.base_model.split(",") if name_key(name)]
    home = entry.countries[0] if entry.countries else None
    if all(homes.get(base) == home for base in bases):
        return compute
    if compute is None or entry.finetune is None or entry.finetune > compute:
        return None
    return entry.finetune


def homes(tables: Sequence[Table]) -> dict[str, str]:
    """Country that each model is attributed to, by name key; later tables win."""
    return {key: entry.countries[0] for table in tables for key, entry in table.items() if entry.countries}


def _finder(table: Mapping[str, Entry]) -> Callable[[str, Entry], str | None]:
    """Function that finds a model of the current tables in an older one, by the first of three rules that holds.

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
    """Day, organisations and compute, which a renamed model keeps."""
    if entry.log10_compute is None:
        return None
    return entry.published, name_key(entry.organization), round(entry.log10_compute, 2)


def _differs(before: Entry, after: Entry) -> bool:
    if before.log10_compute is None or after.log10_compute is None:
        return before.log10_compute is not after.log10_compute
    moved = abs(before.log10_compute - after.log10_compute) > SAME
    return moved or before.confidence != after.confidence

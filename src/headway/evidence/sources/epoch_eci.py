"""Epoch AI, Capabilities Index: one row per scored model version; versions at several reasoning settings share a group.

Dated copies of the table say since when a score was known. What is older than the first copy counts as known some days
after the model's release, although Epoch may have computed it later and has rescaled the index since.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd

from headway.core.errors import InputError
from headway.evidence.catalogue import sources
from headway.evidence.sources.base import SourceShapeError, Tables, read_csv, role_date
from headway.evidence.sources.capability_scale import load_base_models, own_countries
from headway.evidence.sources.epoch_models import CONFIDENCES, attribution, day_of, log10_of, open_weights
from headway.evidence.sources.epoch_vintages import name_key

COLUMNS: dict[str, type] = {
    "Model": str,
    "id_model_version": str,
    "Organization": str,
    "Country (of organization)": str,
    "Version release date": str,
    "Publication date": str,
    "Model accessibility": str,
    "Training compute (FLOP)": float,
    "Confidence": str,
    "model_group": str,
    "eci": float,
    "eci_ci_low": float,
    "eci_ci_high": float,
}


RECORD_LAG = dt.timedelta(days=7)
"""Usual time from the release of a country's best model to its score; in the dated copies the median is 6.5 days."""


@dataclass(frozen=True, slots=True)
class EpochECI:
    """Roles: `benchmarked_models`, and any number of `benchmarked_models@DAY`."""

    slug: str = "epoch_eci"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """Scored versions with a day of release (of publication where that is empty)."""
        path = files["benchmarked_models"]
        usual = dt.timedelta(days=sources()[self.slug].lag_days or 0)
        copies = sorted((day, _scored_names(old)) for role, old in files.items() if (day := role_date(role)))
        copies.append((vintage, _scored_names(path)))
        rows, models = [], []
        for at, row in enumerate(read_csv(path, COLUMNS).to_dict("records")):
            if pd.isna(row["eci"]):
                continue
            try:
                fact = _row(row)
            except (InputError, ValueError) as error:
                raise SourceShapeError(path, str(error), row=at + 2) from error
            if (released := fact["released"]) is not None:
                names = {name_key(str(row["Model"])), name_key(str(row["id_model_version"]))}
                country = fact["countries"].split(";")[0]
                models.append(ScoredModel(released, country, fact["eci"], _bounds(released, names, copies)))
                rows.append({**fact, "source": self.slug})
        known = [min(day, vintage) for day in known_days(models, usual)]
        return Tables(models=pd.DataFrame(rows).assign(published_on=known).sort_values("id", ignore_index=True))


Bounds = tuple[dt.date, dt.date]
"""First dated copy of the table with a model's score, and the copy before it, which lacked the score."""


@dataclass(frozen=True, slots=True)
class ScoredModel:
    """One scored model: day of release, country (empty where none is named), score in ECI points, and its `Bounds`."""

    released: dt.date
    country: str
    score: float
    bounds: Bounds | None = None


def known_days(models: Sequence[ScoredModel], usual: dt.timedelta) -> list[dt.date]:
    """Day from which each score counts as known, in the order of `models`.

    It is `RECORD_LAG` after release where the model was then its country's best, else `usual` after it; not before the
    copy that lacked the score was passed, nor after one showed it.
    """
    found = []
    for model in models:
        earlier = [m.score for m in models if m.country == model.country and m.released < model.released]
        leads = model.country != "" and model.score > max(earlier, default=-math.inf)
        day = model.released + (RECORD_LAG if leads else usual)
        if model.bounds is not None:
            shown, lacked = model.bounds
            day = min(shown, max(day, lacked + dt.timedelta(days=1)))
        found.append(day)
    return found


def _bounds(released: dt.date, names: set[str], copies: Sequence[tuple[dt.date, set[str]]]) -> Bounds | None:
    """Bounds of a model that the copies can date: one released after the first of them.

    Copies differ in how they name older models, so that a name which an early copy lacks says nothing of those.
    """
    if released < copies[0][0]:
        return None
    return next(((day, before) for (before, _), (day, scored) in pairwise(copies) if scored & names), None)


def _scored_names(path: Path) -> set[str]:
    """Keys of the models and versions that a copy of the table scores."""
    table = read_csv(path, ["Model", "id_model_version", "eci"])
    scored = table[table["eci"].notna()]
    return {name_key(name) for column in ("Model", "id_model_version") for name in scored[column].dropna()}


def _row(row: Mapping[Any, Any]) -> dict[str, Any]:
    published = day_of(row["Publication date"]) or day_of(row["Version release date"])
    country = row["Country (of organization)"]
    compute = log10_of(row["Training compute (FLOP)"])
    group = row["model_group"] if isinstance(row["model_group"], str) else row["Model"]
    makers = ";".join(attribution(country)) if isinstance(country, str) else ""
    return {
        "id": f"epoch_eci:model:{row['id_model_version']}",
        "model": row["id_model_version"],
        "model_group": group,
        "organization": row["Organization"] if isinstance(row["Organization"], str) else "",
        "countries": ";".join(own_countries(group, makers, load_base_models())),
        "published": published,
        "released": day_of(row["Version release date"]) or published,
        "domain": "",
        "log10_compute": compute,
        "base_model": "",
        "log10_own_compute": None,
        "compute_confidence": row["Confidence"] if compute is not None and row["Confidence"] in CONFIDENCES else None,
        "eci": row["eci"],
        "eci_low": _number(row["eci_ci_low"]),
        "eci_high": _number(row["eci_ci_high"]),
        "open_weights": open_weights(row["Model accessibility"]),
        "notable": False,
        "large_scale": False,
        "frontier": False,
        "withdrawn_on": None,
    }


def _number(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


ADAPTERS = (EpochECI(),)

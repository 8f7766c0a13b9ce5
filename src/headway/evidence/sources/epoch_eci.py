"""Epoch AI, Capabilities Index: one row per scored model version; versions at several reasoning settings share a group.

Dated copies of the table say since when a score was known. What is older than the first copy counts as known some days
after the model's release, although Epoch may have computed it later and has rescaled the index since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from headway.core.errors import InputError
from headway.evidence.catalogue import sources
from headway.evidence.sources.base import SourceShapeError, Tables, read_csv, role_date
from headway.evidence.sources.capability_scale import load_base_models, own_countries
from headway.evidence.sources.epoch_models import CONFIDENCES, attribution, day_of, log10_of, open_weights
from headway.evidence.sources.epoch_vintages import first_known, name_key

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
        older = sorted((day, _scored_names(old)) for role, old in files.items() if (day := role_date(role)))
        days = [day for day, _ in older]
        rows = []
        for at, row in enumerate(read_csv(path, COLUMNS).to_dict("records")):
            if pd.isna(row["eci"]):
                continue
            try:
                fact = _row(row)
            except (InputError, ValueError) as error:
                raise SourceShapeError(path, str(error), row=at + 2) from error
            if fact["released"] is not None:
                names = {name_key(str(row["Model"])), name_key(str(row["id_model_version"]))}
                first = next((day for day, scored in older if scored & names), vintage)
                rows.append({**fact, "source": self.slug, "first_table": first})
        table = pd.DataFrame(rows).sort_values(["released", "id"], ignore_index=True)
        lags = [RECORD_LAG if record else usual for record in _broke_record(table)]
        known = [
            first_known(released, first, days, lag)
            for released, first, lag in zip(table["released"], table["first_table"], lags, strict=True)
        ]
        table = table.assign(published_on=[min(day, vintage) for day in known]).drop(columns="first_table")
        return Tables(models=table.sort_values("id", ignore_index=True))


def _scored_names(path: Path) -> set[str]:
    """Keys of the models and versions that a dated copy of the table scores."""
    table = read_csv(path, ["Model", "id_model_version", "eci"])
    scored = table[table["eci"].notna()]
    return {name_key(name) for column in ("Model", "id_model_version") for name in scored[column].dropna()}


def _broke_record(table: pd.DataFrame) -> pd.Series:
    """Whether each model, at its release, was the best of its country so far; `table` is in order of release."""
    leader = table["countries"].str.split(";").str[0]
    return table["eci"].ge(table.groupby(leader)["eci"].cummax()) & leader.ne("")


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

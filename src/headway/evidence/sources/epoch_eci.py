"""Epoch AI, Capabilities Index: one row per scored model version; versions at several reasoning settings share a group.

One vintage is at hand. A score counts as known some days after its model's release (the source's `lag_days`), although
Epoch may have computed it later and has rescaled the index since: what stands before the vintage is pseudo-real-time.
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
from headway.evidence.sources.base import SourceShapeError, Tables, read_csv
from headway.evidence.sources.epoch_models import CONFIDENCES, attribution, day_of, log10_of, open_weights

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


@dataclass(frozen=True, slots=True)
class EpochECI:
    """Role: `benchmarked_models`."""

    slug: str = "epoch_eci"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """Scored versions with a day of release (of publication where that is empty)."""
        path = files["benchmarked_models"]
        lag = dt.timedelta(days=sources()[self.slug].lag_days or 0)
        rows = []
        for at, row in enumerate(read_csv(path, COLUMNS).to_dict("records")):
            if pd.isna(row["eci"]):
                continue
            try:
                fact = _row(row)
            except (InputError, ValueError) as error:
                raise SourceShapeError(path, str(error), row=at + 2) from error
            if fact["released"] is not None:
                rows.append({**fact, "source": self.slug, "published_on": min(fact["released"] + lag, vintage)})
        return Tables(models=pd.DataFrame(rows).sort_values("id", ignore_index=True))


def _row(row: Mapping[Any, Any]) -> dict[str, Any]:
    published = day_of(row["Publication date"]) or day_of(row["Version release date"])
    country = row["Country (of organization)"]
    compute = log10_of(row["Training compute (FLOP)"])
    return {
        "id": f"epoch_eci:model:{row['id_model_version']}",
        "model": row["id_model_version"],
        "model_group": row["model_group"] if isinstance(row["model_group"], str) else row["Model"],
        "organization": row["Organization"] if isinstance(row["Organization"], str) else "",
        "countries": ";".join(attribution(country)) if isinstance(country, str) else "",
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

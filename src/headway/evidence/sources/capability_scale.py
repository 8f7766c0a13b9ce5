"""Open capability scale (`headway.capability`): levels of models that the published index has not scored.

Only models that may anchor their country's level are read (column `anchors`): trained on the country's own base, placed
by two benchmarks or more, and surely above what the published index knew of the country.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import pandas as pd

from headway.evidence.benchmarks import FOLDER, SCALE
from headway.evidence.sources.base import SourceShapeError, Tables, read_csv, slug_of
from headway.evidence.sources.epoch_models import day_of

COLUMNS: dict[str, type] = {
    **dict.fromkeys(
        ("model", "setting", "organisation", "own_countries", "released", "known_on", "open", "anchors"), str
    ),
    **dict.fromkeys(("level", "low", "high"), float),
}


@dataclass(frozen=True, slots=True)
class CapabilityScale:
    """Role: `levels`."""

    slug: str = SCALE

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """One row for each model that anchors its country's level."""
        path = files["levels"]
        table = read_csv(path, COLUMNS)
        rows = []
        for at, row in enumerate(table.to_dict("records")):
            if row["anchors"] != "True":
                continue
            released, known = day_of(row["released"]), day_of(row["known_on"])
            if released is None or known is None:
                raise SourceShapeError(path, "an anchor needs its release and the day it was known", row=at + 2)
            rows.append(
                {
                    "id": f"{SCALE}:model:{slug_of(row['model'])}",
                    "model": row["model"],
                    "model_group": row["model"],
                    "organization": row["organisation"] if isinstance(row["organisation"], str) else "",
                    "countries": row["own_countries"],
                    "published": released,
                    "released": released,
                    "domain": "Language",
                    "log10_compute": None,
                    "base_model": "",
                    "log10_own_compute": None,
                    "compute_confidence": None,
                    "eci": row["level"],
                    "eci_low": row["low"],
                    "eci_high": row["high"],
                    "open_weights": True if row["open"] == "yes" else None,
                    "notable": False,
                    "large_scale": False,
                    "frontier": False,
                    "withdrawn_on": None,
                    "source": self.slug,
                    "published_on": min(known, vintage),
                }
            )
        return Tables(models=pd.DataFrame(rows).sort_values("id", ignore_index=True)) if rows else Tables()


@lru_cache(maxsize=1)
def load_base_models() -> Mapping[str, tuple[str, ...]]:
    """Countries (ISO 3166-1 alpha-3) of the base of each model that was trained from somebody else's open weights."""
    text = (FOLDER / "base_models.toml").read_text("utf-8")
    return {name: tuple(entry["base_countries"]) for name, entry in tomllib.loads(text)["models"].items()}


def own_countries(model: str, countries: str, base_models: Mapping[str, Sequence[str]]) -> list[str]:
    """Countries for which a model is trained at home: its makers', or those among them that made its base too."""
    made = [code for code in countries.split(";") if code]
    return [code for code in made if code in base_models[model]] if model in base_models else made


ADAPTERS = (CapabilityScale(),)

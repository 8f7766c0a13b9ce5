"""Ember, by way of Our World in Data: electricity generated, by country and year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from headway.evidence.countries import code_of
from headway.evidence.sources.base import Tables, codes, read_csv
from headway.evidence.sources.rows import pseudo_dated, recent, years


@dataclass(frozen=True, slots=True)
class Ember:
    """Role: `generation`."""

    slug: str = "ember"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """Generation in TWh; rows without a code are regions."""
        path = files["generation"]
        table = read_csv(path, {"Entity": str, "Code": str, "Year": float, "Total electricity": float})
        table = recent(table.dropna(subset=["Code"]), "Year")
        frame = pd.DataFrame(
            {
                "indicator": "electricity_generation",
                "country": codes(table["Code"], path, code_of),
                "period": years(table["Year"]),
                "value": table["Total electricity"],
            }
        )
        return Tables(observations=pseudo_dated(frame, self.slug, vintage))


ADAPTERS = (Ember(),)

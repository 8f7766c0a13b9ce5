"""Ember, by way of Our World in Data: electricity generated, by country and year."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from headway.evidence.countries import code_of
from headway.evidence.sources.base import (
    SourceShapeError,
    Tables,
    codes,
    numbers,
    pseudo_dated,
    read_csv,
    recent,
    years,
)

VALUES = ("Total electricity", "Electricity generation - TWh")
"""Names of the column of values, in tables of several and of one series."""


@dataclass(frozen=True, slots=True)
class Ember:
    """Role: `generation`."""

    slug: str = "ember"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """Generation in TWh; rows without a code are regions."""
        path = files["generation"]
        table = read_csv(path, {"Entity": str, "Code": str, "Year": float})
        named = [name for name in VALUES if name in table.columns]
        if not named:
            raise SourceShapeError(path, f"column is missing; found: {', '.join(table.columns)}", column=VALUES[0])
        table = recent(table.dropna(subset=["Code"]), "Year")
        frame = pd.DataFrame(
            {
                "indicator": "electricity_generation",
                "country": codes(table["Code"], path, code_of),
                "period": years(table["Year"]),
                "value": numbers(table[named[0]], path),
            }
        )
        return Tables(observations=pseudo_dated(frame, self.slug, vintage))


ADAPTERS = (Ember(),)

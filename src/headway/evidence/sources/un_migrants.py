"""United Nations, International Migrant Stock 2020: people born in a country who live in another, every five years."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from headway.evidence.countries import code_of
from headway.evidence.sources.base import Tables, codes, numbers, pseudo_dated, read_csv, recent, years


@dataclass(frozen=True, slots=True)
class UNMigrants:
    """Role: `stock`."""

    slug: str = "un_migrant_stock"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """`emigrant_stock`; the stock of residents born abroad comes newer from the World Bank."""
        path = files["stock"]
        table = read_csv(path, {"alpha3": str, "year": float, "disp": str})
        table = recent(table[table["alpha3"] != "NA"])  # not Namibia: a territory without a code
        frame = pd.DataFrame(
            {
                "indicator": "emigrant_stock",
                "country": codes(table["alpha3"], path, code_of),
                "period": years(table["year"]),
                "value": numbers(table["disp"].where(table["disp"] != "NA"), path),
            }
        )
        return Tables(observations=pseudo_dated(frame, self.slug, vintage))


ADAPTERS = (UNMigrants(),)

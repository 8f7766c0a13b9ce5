"""MPIDR, Scholarly Migration Database: researchers who publish, and where their affiliation moves (Scopus).

Years after 2020 are censored (a move shows only in later papers) and are left out: the series cannot show what wars and
sanctions did since.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from headway.evidence.countries import code_of
from headway.evidence.sources.base import (
    FIRST_YEAR,
    SourceShapeError,
    Tables,
    codes,
    lag_of,
    pseudo_dated,
    publication_date,
    read_csv,
    years,
)

LAST_YEAR = 2020
LEAST_SCHOLARS = 100
"""Countries with fewer researchers in a year get no rates: one person would move them."""
LEAST_MOVES = 10
"""Pairs of countries with fewer moves in a year are left out."""

COUNTS: dict[str, str] = {
    "scholars": "padded_population_of_researchers",
    "scholars_in": "number_of_inmigrations",
    "scholars_out": "number_of_outmigrations",
}
RATES: dict[str, str] = {
    "scholars_in_rate": "inmigrationrate",
    "scholars_out_rate": "outmigrationrate",
    "scholars_net_rate": "netmigrationrate",
}


@dataclass(frozen=True, slots=True)
class MPIDR:
    """Roles: `countries` (CSV) and `flows` (CSV, or Parquet as the publisher serves it)."""

    slug: str = "mpidr"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """Researchers, moves and rates (per thousand) by country, and moves between two countries, by year."""
        frame = _countries(files["countries"])
        flows = _flows(files["flows"], self.slug, vintage) if "flows" in files else pd.DataFrame()
        return Tables(observations=pseudo_dated(frame, self.slug, vintage), flows=flows)


def _countries(path: Path) -> pd.DataFrame:
    columns = {"year": float, "iso3code": str, **dict.fromkeys([*COUNTS.values(), *RATES.values()], float)}
    table = read_csv(path, columns)
    table = table[table["year"].between(FIRST_YEAR, LAST_YEAR)].reset_index(drop=True)
    table = table.assign(country=codes(table["iso3code"], path, code_of), period=years(table["year"]))
    enough = table["padded_population_of_researchers"] >= LEAST_SCHOLARS
    place = ["country", "period"]
    parts = [table.assign(indicator=slug, value=table[column]) for slug, column in COUNTS.items()]
    parts += [table[enough].assign(indicator=slug, value=1000 * table[column]) for slug, column in RATES.items()]
    return pd.concat([part[["indicator", *place, "value"]] for part in parts], ignore_index=True)


def _flows(path: Path, slug: str, vintage: dt.date) -> pd.DataFrame:
    columns = {"migrationfrom": str, "migrationto": str, "year": float, "n_migrations": float}
    table = _parquet(path, list(columns)) if path.read_bytes()[:4] == b"PAR1" else read_csv(path, columns)
    table = table[table["year"].between(FIRST_YEAR, LAST_YEAR) & (table["n_migrations"] >= LEAST_MOVES)]
    table = table.reset_index(drop=True)
    table = table.assign(
        origin=codes(table["migrationfrom"], path, code_of),
        destination=codes(table["migrationto"], path, code_of),
        period=years(table["year"]),
    ).dropna(subset=["origin", "destination", "period"])
    lag = lag_of("scholars", slug)
    return pd.DataFrame(
        {
            "kind": "scholars",
            "origin": table["origin"],
            "destination": table["destination"],
            "period": table["period"],
            "value": table["n_migrations"],
            "unit": "persons",
            "source": slug,
            "published_on": [publication_date(period, lag, vintage) for period in table["period"]],
        }
    )


def _parquet(path: Path, columns: list[str]) -> pd.DataFrame:
    try:
        return pd.read_parquet(path, columns=columns).astype({"year": float, "n_migrations": float})
    except (OSError, ValueError, KeyError) as error:
        raise SourceShapeError(path, f"not Parquet with columns {', '.join(columns)}: {error}") from error


ADAPTERS = (MPIDR(),)

"""World Bank, Worldwide Governance Indicators: two editions, which do not join.

The method was revised between them, so that one country's figures of neighbouring years may differ by the revision
alone. Each edition is a source of its own, and its indicators say `splice = false`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from headway.evidence.countries import code_of
from headway.evidence.sources.base import SourceShapeError, Tables, codes, dated, pseudo_dated, read_csv, recent, years

SERIES: dict[str, str] = {
    "cc": "control_of_corruption",
    "ge": "government_effectiveness",
    "pv": "political_stability",
    "rl": "rule_of_law",
    "rq": "regulatory_quality",
    "va": "voice_accountability",
}
Z90 = 1.6449  # half-width of a central 90 % interval of a normal distribution, in standard deviations


@dataclass(frozen=True, slots=True)
class Edition2024:
    """One long table by country name, with standard errors; 1996 to 2023."""

    slug: str = "worldbank_wgi_2024"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """Estimates from 2010 on with 90 % intervals (estimate ± 1.645 standard errors)."""
        path = files["all"]
        kinds = {"countryname": str, "year": float, "indicator": str, "estimate": float, "stddev": float}
        table = recent(read_csv(path, kinds))
        unknown = set(table["indicator"]) - set(SERIES)
        if unknown:
            raise SourceShapeError(path, f"unknown series '{sorted(unknown)[0]}'", column="indicator")
        frame = pd.DataFrame(
            {
                "indicator": table["indicator"].map(SERIES),
                "country": codes(table["countryname"], path, code_of),
                "period": years(table["year"]),
                "value": table["estimate"],
                "low": table["estimate"] - Z90 * table["stddev"],
                "high": table["estimate"] + Z90 * table["stddev"],
                "level": table["stddev"].map(lambda error: 0.9 if pd.notna(error) else None),
            }
        )
        return Tables(observations=pseudo_dated(frame, self.slug, vintage, flag="estimate"))


@dataclass(frozen=True, slots=True)
class Edition2025:
    """One file an indicator, by code; 2018 to 2024. The files carry no standard errors."""

    slug: str = "worldbank_wgi_2025"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """Estimates, all known from the day of the edition that was read."""
        parts = [_one(role, path) for role, path in sorted(files.items())]
        return Tables(observations=dated(pd.concat(parts, ignore_index=True), self.slug, vintage, flag="estimate"))


def _one(role: str, path: Path) -> pd.DataFrame:
    table = recent(read_csv(path, {"iso3": str, "year": float, "value": float, "wb_indicator": str}))
    wanted = f"{role.upper()}.EST"
    other = set(table["wb_indicator"].dropna()) - {wanted}
    if role not in SERIES or other:
        raise SourceShapeError(path, f"expected series {wanted}, one of {', '.join(SERIES)}", column="wb_indicator")
    return pd.DataFrame(
        {
            "indicator": SERIES[role],
            "country": codes(table["iso3"], path, code_of),
            "period": years(table["year"]),
            "value": table["value"],
        }
    )


ADAPTERS = (Edition2024(), Edition2025())

"""World Bank: World Development Indicators, one file a series, and two editions of the Worldwide Governance Indicators.

Development series are read in three shapes: JSON as api.worldbank.org serves it, and two CSV layouts of published
copies. The method of the governance indicators was revised between their editions, so that one country's figures of
neighbouring years may differ by the revision alone. Each edition is a source of its own, and its indicators say
`splice = false`.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from headway.core.numbers import LEVEL
from headway.evidence.countries import code_of
from headway.evidence.sources.base import (
    SourceShapeError,
    Tables,
    codes,
    dated,
    numbers,
    pseudo_dated,
    read_csv,
    recent,
    years,
)

DEVELOPMENT_SERIES: dict[str, str] = {
    "NY.GDP.MKTP.CD": "gdp_usd",
    "NY.GDP.MKTP.KD.ZG": "gdp_growth",
    "NY.GDP.PCAP.CD": "gdp_per_capita_usd",
    "NY.GDP.PCAP.PP.CD": "gdp_per_capita_ppp",
    "SP.POP.TOTL": "population",
    "NE.GDI.TOTL.ZS": "investment_share_gdp",
    "BX.KLT.DINV.CD.WD": "fdi_inflows_usd",
    "NY.GDP.TOTL.RT.ZS": "resource_rents_share",
    "TX.VAL.FUEL.ZS.UN": "fuel_exports_share",
    "TX.VAL.TECH.CD": "hightech_exports_usd",
    "TX.VAL.TECH.MF.ZS": "hightech_exports_share",
    "TX.VAL.ICTG.ZS.UN": "ict_goods_exports_share",
    "BX.GSR.CCIS.ZS": "ict_services_exports_share",
    "MS.MIL.XPND.GD.ZS": "military_share_gdp",
    "GB.XPD.RSDV.GD.ZS": "rd_share_gdp",
    "SP.POP.SCIE.RD.P6": "researchers_per_million",
    "IP.JRN.ARTC.SC": "journal_articles",
    "IP.PAT.RESD": "patents_resident",
    "IP.PAT.NRES": "patents_nonresident",
    "SE.TER.ENRR": "tertiary_enrolment",
    "SE.XPD.TOTL.GD.ZS": "education_spending_share",
    "SM.POP.NETM": "net_migration",
    "SM.POP.TOTL": "immigrant_stock",
    "IT.NET.USER.ZS": "internet_users_share",
    "IT.NET.BBND.P2": "broadband_per_100",
    "IT.NET.SECR.P6": "secure_servers_per_million",
    "EG.USE.ELEC.KH.PC": "electricity_use_per_capita",
    "EG.ELC.RNEW.ZS": "renewables_share",
}
"""World Bank code (the role in the manifest) → indicator."""


@dataclass(frozen=True, slots=True)
class WorldBank:
    """World Development Indicators."""

    slug: str = "worldbank_wdi"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """Countries from 2010 on; regions and income groups are left out.

        Raises:
            SourceShapeError: a file is of none of the three shapes, holds another series, or is for an unknown code.
        """
        parts = [_series(role, path) for role, path in sorted(files.items())]
        return Tables(observations=pseudo_dated(pd.concat(parts, ignore_index=True), self.slug, vintage))


def _series(code: str, path: Path) -> pd.DataFrame:
    if code not in DEVELOPMENT_SERIES:
        raise SourceShapeError(path, f"no indicator is known for the World Bank series {code}")
    table = recent(_table(path, code))
    return pd.DataFrame(
        {
            "indicator": DEVELOPMENT_SERIES[code],
            "country": codes(table["code"], path, code_of),
            "period": years(table["year"]),
            "value": table["value"],
        }
    )


def _table(path: Path, code: str) -> pd.DataFrame:
    """Columns code, year, value."""
    with path.open("rb") as stream:
        first = stream.read(200).lstrip(b"\xef\xbb\xbf \n\r\t")
    if first[:1] in (b"[", b"{"):
        return _from_api(path, code)
    if first.startswith(b"iso3"):
        table = read_csv(path, {"iso3": str, "year": float, "value": float, "wb_indicator": str})
        other = set(table["wb_indicator"].dropna()) - {code}
        if other:
            raise SourceShapeError(path, f"holds {sorted(other)[0]}, not {code}", column="wb_indicator")
        return table.rename(columns={"iso3": "code"})
    table = read_csv(path, {"Country Code": str, "Year": float, "Value": float})
    return table.rename(columns={"Country Code": "code", "Year": "year", "Value": "value"})


def _from_api(path: Path, code: str) -> pd.DataFrame:
    try:
        head, rows = json.loads(path.read_text("utf-8"))
        table = pd.DataFrame(
            {
                "code": [row["countryiso3code"] or None for row in rows],
                "year": [row["date"] for row in rows],
                "value": [row["value"] for row in rows],
                "series": [row["indicator"]["id"] for row in rows],
            }
        )
        pages = int(head["pages"])
    except (ValueError, TypeError, KeyError, UnicodeDecodeError) as error:
        raise SourceShapeError(path, f"not the World Bank's JSON of two parts, head and rows: {error!r}") from error
    if pages != 1:
        raise SourceShapeError(path, f"holds page {head.get('page')} of {pages}; ask for all rows on one page")
    if set(table["series"]) - {code}:
        raise SourceShapeError(path, f"holds {sorted(set(table['series']) - {code})[0]}, not {code}")
    return table.assign(year=numbers(table["year"], path), value=numbers(table["value"], path))


GOVERNANCE_SERIES: dict[str, str] = {
    "cc": "control_of_corruption",
    "ge": "government_effectiveness",
    "pv": "political_stability",
    "rl": "rule_of_law",
    "rq": "regulatory_quality",
    "va": "voice_accountability",
}
# Half-width of a 90 % interval in standard errors; the shipped snapshot was built with these four decimals.
HALF_WIDTH = 1.6449


@dataclass(frozen=True, slots=True)
class Edition2024:
    """One long table by country name, with standard errors; 1996 to 2023."""

    slug: str = "worldbank_wgi_2024"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """Estimates from 2010 on with 90 % intervals (estimate ± 1.645 standard errors)."""
        path = files["all"]
        kinds = {"countryname": str, "year": float, "indicator": str, "estimate": float, "stddev": float}
        table = recent(read_csv(path, kinds))
        unknown = set(table["indicator"]) - set(GOVERNANCE_SERIES)
        if unknown:
            raise SourceShapeError(path, f"unknown series '{sorted(unknown)[0]}'", column="indicator")
        frame = pd.DataFrame(
            {
                "indicator": table["indicator"].map(GOVERNANCE_SERIES),
                "country": codes(table["countryname"], path, code_of),
                "period": years(table["year"]),
                "value": table["estimate"],
                "low": table["estimate"] - HALF_WIDTH * table["stddev"],
                "high": table["estimate"] + HALF_WIDTH * table["stddev"],
                "level": table["stddev"].map(lambda error: LEVEL if pd.notna(error) else None),
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
    if role not in GOVERNANCE_SERIES or other:
        raise SourceShapeError(
            path, f"expected series {wanted}, one of {', '.join(GOVERNANCE_SERIES)}", column="wb_indicator"
        )
    return pd.DataFrame(
        {
            "indicator": GOVERNANCE_SERIES[role],
            "country": codes(table["iso3"], path, code_of),
            "period": years(table["year"]),
            "value": table["value"],
        }
    )


ADAPTERS = (WorldBank(), Edition2024(), Edition2025())

"""Epoch AI on hardware: AI chips by owner since 2022, and known GPU clusters by place, both by country and quarter.

Chips are cumulative H100 equivalents with 5th and 95th percentile. Owners are put in the country of their headquarters
(`catalogue/chip_owners.toml`). Where the publisher names a country as an owner, it counts lawful purchases alone: no
smuggled chips, no rented ones abroad, no domestic designs. Quarters that Epoch marks as incomplete are left out.

Of clusters the publisher knows a minority of the world's stock, and more of some countries than of others: shares and
timing can be read from them, totals cannot. Rows outside its standard analysis (doubtful, doubled, planned) are left
out.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files as resources
from pathlib import Path

import pandas as pd

from headway.core import periods
from headway.core.numbers import LEVEL
from headway.evidence.countries import code_of
from headway.evidence.sources.base import FIRST_YEAR, SourceShapeError, Tables, codes, pseudo_dated, read_csv

OWNED: dict[str, str] = {
    "nvidia_owners": "nvidia_owned_h100e",
    "coreweave_owners": "nvidia_owned_h100e",
    "tpu_owners": "tpu_owned_h100e",
    "trainium_owners": "trainium_owned_h100e",
    "amd_owners": "amd_owned_h100e",
}
"""Role in the manifest → indicator; files of one indicator add up."""


@dataclass(frozen=True, slots=True)
class EpochChips:
    """Roles: those of `OWNED`, and `nvidia_totals` (all owners of the world together)."""

    slug: str = "epoch_chips"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """Stocks by country and quarter, and each country's share of the yearly Nvidia flow.

        The interval of a sum adds the percentiles of its parts, as if owners were wrong together: rather too wide.
        """
        owned = pd.concat([_owned(role, path) for role, path in sorted(files.items()) if role in OWNED])
        stock = owned.groupby(["indicator", "country", "period"], as_index=False)[["value", "low", "high"]].sum()
        share = nvidia_flow_share(stock[stock["indicator"] == "nvidia_owned_h100e"], _totals(files["nvidia_totals"]))
        frame = pd.concat([stock.assign(level=LEVEL), share], ignore_index=True)
        return Tables(observations=pseudo_dated(frame, self.slug, vintage, flag="estimate"))


@lru_cache(maxsize=1)
def homes() -> Mapping[str, str | None]:
    """Codes of home countries by owner, or None for owners that have no single one."""
    text = resources("headway.evidence").joinpath("catalogue", "chip_owners.toml").read_text("utf-8")
    document = tomllib.loads(text)
    return {**document["home"], **dict.fromkeys(document["no_home"])}


def _owned(role: str, path: Path) -> pd.DataFrame:
    """Columns indicator, country, period, value, low, high; one row per owner and quarter."""
    median = "Compute estimate in H100e (median)"
    kinds = {"Owner": str, "End date": str, median: float, "H100e (5th percentile)": float}
    table = _complete(read_csv(path, {**kinds, "H100e (95th percentile)": float}))
    unknown = sorted(set(table["Owner"].dropna()) - set(homes()))
    if unknown:
        raise SourceShapeError(path, f"owner '{unknown[0]}' has no entry in chip_owners.toml", column="Owner")
    frame = pd.DataFrame(
        {
            "indicator": OWNED[role],
            "country": table["Owner"].map(lambda owner: homes()[owner]),
            "period": _quarters(table["End date"], path),
            "value": table[median],
            "low": table["H100e (5th percentile)"],
            "high": table["H100e (95th percentile)"],
        }
    )
    return frame.dropna(subset=["country"])


def _totals(path: Path) -> pd.Series[float]:
    """World total by quarter, H100e."""
    median = "Compute estimate in H100e (median)"
    table = _complete(read_csv(path, {"End date": str, median: float}))
    return pd.Series(table[median].to_numpy(), index=_quarters(table["End date"], path).to_numpy())


def nvidia_flow_share(owned: pd.DataFrame, totals: pd.Series[float]) -> pd.DataFrame:
    """Share (%) of the Nvidia compute delivered in a year that went to owners based in a country.

    Flow of a year = cumulative H100e at its fourth quarter less that of the year before (nothing before 2022). The
    publisher gives percentiles of stocks, not of flows, so a share has no interval.

    Args:
        owned: country, period (quarters), value (cumulative H100e).
        totals: the world's cumulative H100e, index quarters.
    """
    ends = owned[owned["period"].str.endswith("Q4")]
    stock = ends.pivot_table(index="period", columns="country", values="value", aggfunc="sum").sort_index()
    whole = totals[totals.index.str.endswith("Q4")].sort_index()
    share = 100 * stock.diff().fillna(stock.iloc[:1]).div(whole.diff().fillna(whole.iloc[:1]), axis=0)
    long = share.reset_index().melt(id_vars="period", var_name="country").dropna(subset=["value"])
    return long.assign(indicator="nvidia_flow_share", period=long["period"].str[:4])


def _complete(table: pd.DataFrame) -> pd.DataFrame:
    marks = table["Incomplete"] if "Incomplete" in table.columns else pd.Series(None, index=table.index, dtype=object)
    return table[marks.isna()]


def _quarters(column: pd.Series[str], path: Path) -> pd.Series[str]:
    """Quarters of US dates (m/d/Y)."""
    try:
        return column.map(lambda text: periods.quarter_of(dt.datetime.strptime(text, "%m/%d/%Y").date()))
    except (TypeError, ValueError) as error:
        raise SourceShapeError(path, f"expected a day as 3/31/2024: {error}", column=str(column.name)) from error


COLUMNS: dict[str, type] = {
    "Name": str,
    "Status": str,
    "Country": str,
    "H100 equivalents": float,
    "First Operational Date": str,
    "Superseded by": str,
    "Include in Standard Analysis": str,
}


@dataclass(frozen=True, slots=True)
class EpochClusters:
    """Role: `clusters`."""

    slug: str = "epoch_clusters"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """`cluster_h100e` and `largest_cluster_h100e`, from a country's first cluster to the last full quarter."""
        clusters = _clusters(files["clusters"])
        rows = [row for country, group in clusters.groupby("country") for row in _series(str(country), group, clusters)]
        return Tables(observations=pseudo_dated(pd.DataFrame(rows), self.slug, vintage, flag="estimate"))


def _clusters(path: Path) -> pd.DataFrame:
    """Standing clusters with a place, a day and a size: country, h100e, start, end (day it was superseded, or NaT)."""
    table = read_csv(path, COLUMNS)
    table = table[(table["Include in Standard Analysis"] == "True") & (table["Status"] == "Existing")]
    if table.empty:
        raise SourceShapeError(path, "no row is marked True", column="Include in Standard Analysis")
    start = pd.to_datetime(table["First Operational Date"], errors="coerce", format="%Y-%m-%d")
    unread = start.isna() & table["First Operational Date"].notna()
    if unread.any():
        cell = table.loc[unread, "First Operational Date"].iloc[0]
        raise SourceShapeError(path, f"expected a day as 2024-05-17, found '{cell}'", column="First Operational Date")
    begun = dict(zip(table["Name"], start, strict=True))
    frame = pd.DataFrame(
        {
            "country": codes(table["Country"], path, code_of),
            "h100e": table["H100 equivalents"],
            "start": start,
            "end": table["Superseded by"].map(lambda name: begun.get(name, pd.NaT)),
        }
    )
    return frame.dropna(subset=["country", "h100e", "start"])


def _series(country: str, group: pd.DataFrame, every: pd.DataFrame) -> list[dict[str, object]]:
    """Rows of one country by quarter; a cluster stands until the one that supersedes it begins to work."""
    newest = every["start"].max()
    rows: list[dict[str, object]] = []
    for year in range(max(FIRST_YEAR, group["start"].min().year), newest.year + 1):
        for quarter in (f"{year}Q{number}" for number in range(1, 5)):
            end = pd.Timestamp(periods.end(quarter))
            standing = group[(group["start"] <= end) & ~(group["end"] <= end)]["h100e"]
            if end <= newest and len(standing):
                place = {"country": country, "period": quarter}
                rows.append({"indicator": "cluster_h100e", **place, "value": standing.sum()})
                rows.append({"indicator": "largest_cluster_h100e", **place, "value": standing.max()})
    return rows


ADAPTERS = (EpochChips(), EpochClusters())

"""Epoch AI, GPU clusters: compute of the known clusters by country and quarter.

The publisher knows a minority of the world's stock, and more of some countries than of others: shares and timing can be
read from it, totals cannot. Rows outside its standard analysis (doubtful, doubled, planned) are left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from headway.core import periods
from headway.evidence.countries import code_of
from headway.evidence.sources.base import FIRST_YEAR, SourceShapeError, Tables, codes, pseudo_dated, read_csv

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
    """A cluster stands from its first day until the cluster that supersedes it begins to work."""
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


ADAPTERS = (EpochClusters(),)

"""GitHub Innovation Graph: accounts, pushes, topics and collaboration by economy and quarter since 2020.

The publisher's aggregate "EU" is left out: blocs are summed from their members. Namibia's code is the text `NA`.
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

from headway.evidence.countries import code_of
from headway.evidence.sources.base import Tables, codes, lag_of, pseudo_dated, publication_date, read_csv

COUNTS: dict[str, tuple[str, str]] = {
    "developers": ("developers", "developers"),
    "git_pushes": ("git_pushes", "git_pushes"),
    "organizations": ("organizations", "github_organizations"),
    "repositories": ("repositories", "github_repositories"),
}
"""Role in the manifest → column of the file, indicator."""
LEAST_COLLABORATION = 1000
"""Pairs of economies with less in a year are left out."""


@dataclass(frozen=True, slots=True)
class GitHub:
    """Roles: those of `COUNTS`, `topics` and `economy_collaborators`."""

    slug: str = "github_innovation_graph"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """Counts by quarter, pushers by field of software by year, collaboration between economies by year."""
        parts = [_counts(files[role], *COUNTS[role]) for role in COUNTS if role in files]
        if "topics" in files:
            parts.append(_fields(files["topics"]))
        flows = pd.DataFrame()
        if "economy_collaborators" in files:
            flows = _collaboration(files["economy_collaborators"], self.slug, vintage)
        frame = pd.concat(parts, ignore_index=True)
        return Tables(observations=pseudo_dated(frame, self.slug, vintage), flows=flows)


@lru_cache(maxsize=1)
def fields() -> tuple[Mapping[str, tuple[str, ...]], frozenset[str]]:
    """Topic of GitHub → fields of software that it stands for, and the topics that stand for none (`topics.toml`)."""
    text = resources("headway.evidence").joinpath("catalogue", "topics.toml").read_text("utf-8")
    document = tomllib.loads(text)
    of_topic: dict[str, tuple[str, ...]] = {}
    for field, topics in document["fields"].items():
        for topic in topics:
            of_topic[topic] = (*of_topic.get(topic, ()), field)
    return of_topic, frozenset(document["noise"]["topics"])


def _quarterly(path: Path, value: str, *further: str) -> pd.DataFrame:
    kinds = {"iso2_code": str, "year": str, "quarter": str, value: float}
    table = read_csv(path, {**kinds, **dict.fromkeys(further, str)})
    return table.assign(
        country=codes(table["iso2_code"], path, code_of), period=table["year"] + "Q" + table["quarter"]
    ).dropna(subset=["country"])


def _counts(path: Path, column: str, indicator: str) -> pd.DataFrame:
    table = _quarterly(path, column)
    return table.assign(indicator=indicator, value=table[column])[["indicator", "country", "period", "value"]]


def _fields(path: Path) -> pd.DataFrame:
    """Pushers by field: sum over the field's topics in a quarter, mean over the quarters that the year has.

    A topic is reported for an economy only with 100 pushers or more, so small economies show few fields.
    """
    table = _quarterly(path, "num_pushers", "topic")
    of_topic, noise = fields()
    table = table[~table["topic"].isin(noise)]
    table = table.assign(field=table["topic"].map(lambda topic: ("all", *of_topic.get(topic, ())))).explode("field")
    quarters = table.groupby("year")["period"].nunique()
    sums = table.groupby(["field", "country", "year"], as_index=False)["num_pushers"].sum()
    return pd.DataFrame(
        {
            "indicator": "pushers_" + sums["field"],
            "country": sums["country"],
            "period": sums["year"],
            "value": sums["num_pushers"] / sums["year"].map(quarters),
        }
    )


def _collaboration(path: Path, slug: str, vintage: dt.date) -> pd.DataFrame:
    """Yearly weights between two economies; years of fewer than four quarters are left out."""
    table = read_csv(path, {"weight": float, "source": str, "destination": str, "year": str, "quarter": str})
    table = table.assign(
        origin=codes(table["source"], path, code_of), destination=codes(table["destination"], path, code_of)
    ).dropna(subset=["origin", "destination"])
    full = table.groupby("year")["quarter"].nunique().loc[lambda counts: counts == 4].index
    sums = (
        table[table["year"].isin(full) & (table["origin"] != table["destination"])]
        .groupby(["origin", "destination", "year"], as_index=False)["weight"]
        .sum()
    )
    sums = sums[sums["weight"] >= LEAST_COLLABORATION]
    lag = lag_of("git_pushes", slug)
    return pd.DataFrame(
        {
            "kind": "collaborators",
            "origin": sums["origin"],
            "destination": sums["destination"],
            "period": sums["year"],
            "value": sums["weight"],
            "unit": "pushes and pull requests",
            "source": slug,
            "published_on": [publication_date(year, lag, vintage) for year in sums["year"]],
        }
    )


ADAPTERS = (GitHub(),)

"""NCSES, Science and Engineering Indicators: AI articles, who writes them with whom, and venture capital.

Tables on co-authorship add the years 2003 to 2022; their rows stand under the last of them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from headway.core.errors import InputError
from headway.evidence.countries import code_of
from headway.evidence.sources.base import (
    SourceShapeError,
    Tables,
    codes,
    lag_of,
    numbers,
    pseudo_dated,
    publication_date,
    read_csv,
    recent,
    years,
)

LAST_YEAR = "2022"
LEAST_SHARED = 5
"""Pairs with fewer articles in the twenty years are left out."""
LEAST_ARTICLES = 100
"""Economies with fewer articles in the twenty years get no share of international ones."""
VENTURE: dict[str, tuple[str, str]] = {
    "venture_capital": ("venture_capital_usd", "region_country_or_economy"),
    "ai_venture_capital": ("ai_venture_capital_usd", "country_or_region_level_3"),
}


@dataclass(frozen=True, slots=True)
class NCSES:
    """Roles: `articles`, `coauthorship`, `bilateral`, `venture_capital`, `ai_venture_capital`."""

    slug: str = "ncses"

    def read(self, files: Mapping[str, Path], vintage: dt.date) -> Tables:
        """Articles by economy and year, shares of international ones, pairs of co-authors, venture capital."""
        parts = [_articles(files["articles"]), _international(files["coauthorship"])]
        parts += [_venture(files[role], *VENTURE[role]) for role in VENTURE if role in files]
        frame = pd.concat(parts, ignore_index=True)
        flows = _pairs(files["bilateral"], self.slug, vintage)
        return Tables(observations=pseudo_dated(frame, self.slug, vintage), flows=flows)


def _articles(path: Path) -> pd.DataFrame:
    table = recent(read_csv(path, {"economy": str, "year": float, "ai_articles_whole_count": float}))
    return pd.DataFrame(
        {
            "indicator": "ai_articles",
            "country": codes(table["economy"], path, code_of),
            "period": years(table["year"]),
            "value": table["ai_articles_whole_count"],
        }
    )


def _international(path: Path) -> pd.DataFrame:
    whole, abroad = "number_of_papers_whole_", "papers_involving_international_institutions_whole_"
    table = read_csv(path, {"region_country_or_economy": str, whole: float, abroad: float})
    table = table[table[whole] >= LEAST_ARTICLES].reset_index(drop=True)
    return pd.DataFrame(
        {
            "indicator": "ai_articles_international_share",
            "country": codes(table["region_country_or_economy"], path, code_of),
            "period": LAST_YEAR,
            "value": 100 * table[abroad] / table[whole],
        }
    )


def _pairs(path: Path, slug: str, vintage: dt.date) -> pd.DataFrame:
    """The square table of co-authored articles; a pair stands once in each direction."""
    table = read_csv(path, ["region_country_or_economy"])
    columns = [name for name in table.columns if name not in ("table_id", "row_id", "region_country_or_economy")]
    try:
        partners = {name: code_of(name.replace("_", " ")) for name in columns}
    except InputError as error:
        raise SourceShapeError(path, str(error)) from error
    table = table.assign(origin=codes(table["region_country_or_economy"], path, code_of))
    long = table.melt(id_vars="origin", value_vars=columns, var_name="partner", value_name="value")
    long = long.assign(destination=long["partner"].map(partners), value=numbers(long["value"], path))
    long = long.dropna(subset=["origin", "destination"])
    long = long[(long["value"] >= LEAST_SHARED) & (long["origin"] != long["destination"])]
    return pd.DataFrame(
        {
            "kind": "coauthors",
            "origin": long["origin"],
            "destination": long["destination"],
            "period": LAST_YEAR,
            "value": long["value"],
            "unit": "articles of 2003 to 2022",
            "source": slug,
            "published_on": publication_date(LAST_YEAR, lag_of("ai_articles", slug), vintage),
        }
    )


def _venture(path: Path, indicator: str, name: str) -> pd.DataFrame:
    """Wide tables in million dollars; regions ("Rest of Asia") are left out, `NA` means nothing recorded."""
    table = read_csv(path, [name]).dropna(subset=[name]).reset_index(drop=True)
    columns = {column: match[1] for column in table.columns if (match := re.fullmatch(r"(?:field_)?(20\d\d)", column))}
    table = table.assign(country=codes(table[name], path, code_of))
    long = table.melt(id_vars="country", value_vars=list(columns), var_name="column").dropna(subset=["value"])
    amounts = numbers(long["value"].where(long["value"] != "NA"), path)
    long = long.assign(year=long["column"].map(columns), value=1e6 * amounts)
    long = recent(long)
    return pd.DataFrame(
        {"indicator": indicator, "country": long["country"], "period": long["year"], "value": long["value"]}
    )


ADAPTERS = (NCSES(),)

"""Sums and ratios of series: the stock of AI compute, intensities, GDP at constant prices, specialisations.

A ratio relates two series of the same country; its unit is that of the result. A specialisation is a ratio of shares
(revealed comparative advantage): the fields that a country does more in than the world does, whatever its size.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

import pandas as pd

from headway.evidence.catalogue import indicators
from headway.evidence.observations import make_ids

FACTS = ["country", "period", "value", "low", "high", "level", "source", "published_on", "retrieved_on", "flag", "id"]


def series(observations: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Newest vintage of one indicator, one row per country and period. Columns `FACTS`."""
    if observations.empty:
        return pd.DataFrame(columns=FACTS)
    rows = observations[observations["indicator"] == indicator].sort_values("published_on", kind="stable")
    return rows.drop_duplicates(["country", "period"], keep="last")[FACTS].reset_index(drop=True)


def complete_rows(frame: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Rows of a derived indicator with unit, flag and id, from columns country … inputs.

    `flag`, where the frame has it, holds the marks of the inputs: `pseudo` and `estimate` are handed down.
    """
    marks = frame["flag"] if "flag" in frame else pd.Series("", index=frame.index)
    rows = frame.assign(
        indicator=indicator, unit=indicators()[indicator].unit, flag=[inherited_flags(mark) for mark in marks]
    )
    return rows.assign(id=make_ids(rows)) if len(rows) else rows.assign(id="")


def inherited_flags(*marks: str) -> str:
    """Marks of a derived row: `derived`, and of its inputs' marks those that still hold of it."""
    given = {part for mark in marks for part in mark.split(",")}
    return ",".join(sorted({"derived", *(given & {"pseudo", "estimate"})}))


PARTS = ("nvidia_owned_h100e", "tpu_owned_h100e", "trainium_owned_h100e", "amd_owned_h100e")


def compute_stock(observations: pd.DataFrame) -> pd.DataFrame:
    """`compute_stock_h100e`: cumulative H100e by country and quarter, the sum of what `PARTS` hold for that quarter.

    Ends of the 90 % intervals add up, as if all estimates were wrong in the same direction: rather too wide. A maker
    whose counts begin later (TPU 2023, Trainium and AMD 2024) enters when they begin. The stock is that of the owners
    the publisher names, by headquarters: it leaves out smaller owners, chips of other makers, smuggled chips and rented
    compute, and counts nothing off as it ages. Clusters by place are another series (`cluster_h100e`).
    """
    if observations.empty:
        return pd.DataFrame()
    rows = observations[observations["indicator"].isin(PARTS)].sort_values(["published_on", "indicator"])
    rows = rows.drop_duplicates(["indicator", "country", "period"], keep="last")
    if rows.empty:
        return pd.DataFrame()
    sums = rows.groupby(["country", "period"], as_index=False).agg(
        value=("value", "sum"),
        low=("low", "sum"),
        high=("high", "sum"),
        level=("level", "min"),
        source=("source", "first"),
        published_on=("published_on", "max"),
        retrieved_on=("retrieved_on", "max"),
        flag=("flag", lambda marks: ",".join(sorted(set(marks)))),
        inputs=("id", lambda ids: " ".join(sorted(ids))),
    )
    return complete_rows(sums, "compute_stock_h100e")


BASE_YEAR = 2015
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ratio:
    """Rule of a ratio: `result` = factor · numerator / denominator, or factor · numerator · denominator where `times`.

    `back`: the denominator's year counted from the numerator's: 0 the same, 1 the year before. Series of quarters take
    the year before, whose figure is out when theirs is.
    """

    result: str
    numerator: str
    denominator: str
    factor: float = 1.0
    times: bool = False
    back: int = 0


RATIOS = (
    Ratio("fdi_inflows_share_gdp", "fdi_inflows_usd", "gdp_usd", 100),
    Ratio("rd_spending_usd", "rd_share_gdp", "gdp_usd", 0.01, times=True),
    Ratio("researchers", "researchers_per_million", "population", 1e-6, times=True),
    Ratio("journal_articles_per_million", "journal_articles", "population", 1e6),
    Ratio("patents_resident_per_million", "patents_resident", "population", 1e6),
    Ratio("ai_articles_per_million", "ai_articles", "population", 1e6),
    Ratio("scholars_per_million", "scholars", "population", 1e6),
    Ratio("net_migration_per_thousand", "net_migration", "population", 1e3),
    Ratio("electricity_generation_per_capita", "electricity_generation", "population", 1e9),  # TWh to kWh
    Ratio("developers_per_thousand", "developers", "population", 1e3, back=1),
    Ratio("git_pushes_per_thousand", "git_pushes", "population", 1e3, back=1),
    Ratio("ai_developers_per_million", "pushers_artificial_intelligence", "population", 1e6, back=1),
    Ratio("cluster_h100e_per_million", "cluster_h100e", "population", 1e6, back=1),
    Ratio("compute_stock_per_million", "compute_stock_h100e", "population", 1e6, back=1),
)


def ratios(observations: pd.DataFrame) -> pd.DataFrame:
    """All of `RATIOS` that the observations allow."""
    parts = [ratio(observations, rule) for rule in RATIOS]
    full = [part for part in parts if len(part)]
    return pd.concat(full, ignore_index=True) if full else pd.DataFrame()


def ratio(observations: pd.DataFrame, rule: Ratio) -> pd.DataFrame:
    """Rows of one rule, applied where both series have the country and the year.

    The interval is the numerator's, scaled: the denominator's error is small beside it, and is not published.
    """
    top, bottom = series(observations, rule.numerator), series(observations, rule.denominator)
    top = top.assign(year=top["period"].str[:4].astype(int) - rule.back if len(top) else 0)
    bottom = bottom[bottom["period"].str.fullmatch(r"[0-9]{4}")] if len(bottom) else bottom
    bottom = bottom.assign(year=bottom["period"].astype(int) if len(bottom) else 0)
    both = top.merge(bottom, on=["country", "year"], suffixes=("", "_below"))
    both = both[both["value_below"] > 0]
    if both.empty:
        return pd.DataFrame()
    scale = rule.factor * (both["value_below"] if rule.times else 1 / both["value_below"])
    made = pd.DataFrame(
        {
            "country": both["country"],
            "period": both["period"],
            "value": both["value"] * scale,
            "low": both["low"] * scale,
            "high": both["high"] * scale,
            "level": both["level"],
            "source": both["source"],
            "published_on": both[["published_on", "published_on_below"]].max(axis=1),
            "retrieved_on": both[["retrieved_on", "retrieved_on_below"]].max(axis=1),
            "flag": [inherited_flags(*marks) for marks in zip(both["flag"], both["flag_below"], strict=True)],
            "inputs": both["id"] + " " + both["id_below"],
        }
    )
    return complete_rows(made, rule.result).drop(columns="id")


def constant_price_gdp(observations: pd.DataFrame) -> pd.DataFrame:
    """`gdp_constant`: GDP of `BASE_YEAR` in its dollars, carried to other years with the growth of GDP in real terms.

    v(t) = v(t−1) · (1 + g(t)/100) after the base year and v(t−1) = v(t) / (1 + g(t)/100) before it; the chain stops at
    the first missing growth rate. A row's inputs are its neighbour in the chain and the growth rate between them.
    """
    level, growth = series(observations, "gdp_usd"), series(observations, "gdp_growth")
    rates: dict[tuple[str, int], Row] = {(row["country"], int(row["period"])): row for row in _rows_of(growth)}
    rows: list[Row] = []
    for start in _rows_of(level[level["period"] == str(BASE_YEAR)]):
        base = {**start, "low": None, "high": None, "level": None, "inputs": start["id"]}
        rows.extend([base, *_chain(base, rates, 1), *_chain(base, rates, -1)])
    return complete_rows(pd.DataFrame(rows), "gdp_constant").drop(columns="id") if rows else pd.DataFrame()


def _rows_of(frame: pd.DataFrame) -> list[Row]:
    return cast("list[Row]", frame.to_dict("records"))


def _chain(base: Row, rates: Mapping[tuple[str, int], Row], step: int) -> Iterator[Row]:
    """Rows after (`step` 1) or before (-1) the base year, as far as growth rates go without a gap."""
    row, year = base, BASE_YEAR
    while (rate := rates.get((row["country"], year + (step == 1)))) is not None:
        factor = 1 + rate["value"] / 100
        neighbour = f"{row['source']}:gdp_constant:{row['country']}:{year}:{row['published_on']:%Y-%m-%d}"
        year += step
        row = {
            **row,
            "period": str(year),
            "value": row["value"] * factor**step,
            "published_on": max(row["published_on"], rate["published_on"]),
            "flag": inherited_flags(row["flag"], rate["flag"]),
            "inputs": f"{neighbour} {rate['id']}",
        }
        yield row


LEAST_PUSHERS = 1000
"""Economies with fewer developer-topics in a year show too few fields for a profile."""
LEAST_ARTICLES = 200
"""Economies with fewer articles in a year are left out: a few papers would make a specialisation."""


def specialisations(observations: pd.DataFrame) -> pd.DataFrame:
    """`rca_ai_in_science` from articles, and `rca_FIELD` from `pushers_FIELD` for every field of the catalogue.

    Balassa's index, (x_cf / x_c) / (sum_c x_cf / sum_c x_c), over the countries that have the total in that year. A
    field that an economy does not show has no row: the publisher reports topics above 100 developers only, so that the
    index of a small economy is known for its largest fields alone.
    """
    fields = [slug.removeprefix("pushers_") for slug in indicators() if slug.startswith("pushers_")]
    parts = [
        balassa(observations, f"pushers_{field}", "pushers_all", f"rca_{field}", LEAST_PUSHERS)
        for field in fields
        if field != "all"
    ]
    parts.append(balassa(observations, "ai_articles", "journal_articles", "rca_ai_in_science", LEAST_ARTICLES))
    full = [part for part in parts if len(part)]
    return pd.concat(full, ignore_index=True) if full else pd.DataFrame()


def balassa(observations: pd.DataFrame, part: str, whole: str, result: str, least: float) -> pd.DataFrame:
    """Balassa's index of one field; rows where `whole` is at least `least`. Inputs: the country's own two figures."""
    both = series(observations, part).merge(
        series(observations, whole), on=["country", "period"], how="right", suffixes=("", "_whole")
    )
    both = both[both["value_whole"] > 0]
    world = both.groupby("period")[["value", "value_whole"]].sum()
    share = (world["value"] / world["value_whole"]).rename("world")
    known = both.dropna(subset=["value"]).join(share, on="period")
    known = known[(known["value_whole"] >= least) & (known["world"] > 0)]
    if known.empty:
        return pd.DataFrame()
    made = pd.DataFrame(
        {
            "country": known["country"],
            "period": known["period"],
            "value": known["value"] / known["value_whole"] / known["world"],
            "source": known["source"],
            "published_on": known[["published_on", "published_on_whole"]].max(axis=1),
            "retrieved_on": known[["retrieved_on", "retrieved_on_whole"]].max(axis=1),
            "flag": [inherited_flags(*marks) for marks in zip(known["flag"], known["flag_whole"], strict=True)],
            "inputs": known["id"] + " " + known["id_whole"],
        }
    )
    return complete_rows(made, result).drop(columns="id")

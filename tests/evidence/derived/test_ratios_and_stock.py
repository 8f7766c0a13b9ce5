"""Intensities, the chained series, specialisation and the stock of compute, worked by hand."""

import pandas as pd
import pytest
import tiny
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.evidence.catalogue import indicators
from headway.evidence.derived import derive
from headway.evidence.derived.ratios import RATIOS, balassa, compute_stock, constant_price_gdp, ratios, specialisations
from headway.evidence.sources.base import Tables

row = tiny.row


def one(frame: pd.DataFrame, indicator: str, country: str, period: str) -> pd.Series:
    rows = frame[(frame["indicator"] == indicator) & (frame["country"] == country) & (frame["period"] == period)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_a_yearly_intensity_takes_the_population_of_its_year() -> None:
    frame = tiny.observations(
        row("ai_articles", "TUV", "2022", 3.0, "2024-04-24", "ncses"),
        row("population", "TUV", "2022", 10_000, "2023-06-29"),
        row("population", "TUV", "2021", 5_000, "2022-06-29"),
    )
    made = one(ratios(frame), "ai_articles_per_million", "TUV", "2022")
    assert made["value"] == pytest.approx(300.0)
    assert (made["published_on"], made["source"]) == (pd.Timestamp("2024-04-24"), "ncses")
    assert made["inputs"].split() == [
        "ncses:ai_articles:TUV:2022:2024-04-24",
        "worldbank_wdi:population:TUV:2022:2023-06-29",
    ]


def test_a_quarterly_intensity_takes_the_population_of_the_year_before_and_hands_marks_down() -> None:
    frame = tiny.observations(
        row("git_pushes", "TUV", "2022Q1", 50.0, "2022-07-29", "github_innovation_graph", flag="pseudo"),
        row("population", "TUV", "2021", 5_000, "2022-06-29"),
        row("population", "TUV", "2022", 10_000, "2023-06-29"),
    )
    made = one(ratios(frame), "git_pushes_per_thousand", "TUV", "2022Q1")
    assert made["value"] == pytest.approx(10.0)
    assert made["published_on"] == pd.Timestamp("2022-07-29")
    assert made["flag"] == "derived,pseudo"


def test_spending_and_researchers_are_share_times_whole() -> None:
    frame = tiny.observations(
        row("rd_share_gdp", "FRA", "2021", 2.0, "2023-06-24"),
        row("gdp_usd", "FRA", "2021", 3e12, "2022-06-29"),
        row("researchers_per_million", "FRA", "2021", 5000, "2023-06-24"),
        row("population", "FRA", "2021", 60e6, "2022-06-29"),
    )
    assert one(ratios(frame), "rd_spending_usd", "FRA", "2021")["value"] == pytest.approx(6e10)
    assert one(ratios(frame), "researchers", "FRA", "2021")["value"] == pytest.approx(300_000)


def test_an_interval_is_scaled_with_its_value() -> None:
    frame = tiny.observations(
        row(
            "compute_stock_h100e", "FRA", "2023Q4", 100.0, "2024-03-30", "epoch_chips", low=80.0, high=150.0, level=0.9
        ),
        row("population", "FRA", "2022", 50e6, "2023-06-29"),
    )
    made = one(ratios(frame), "compute_stock_per_million", "FRA", "2023Q4")
    assert (made["low"], made["value"], made["high"], made["level"]) == pytest.approx((1.6, 2.0, 3.0, 0.9))


def test_every_ratio_names_indicators_of_the_catalogue_with_a_rule() -> None:
    for ratio in RATIOS:
        assert {ratio.result, ratio.numerator, ratio.denominator} <= set(indicators())
        assert indicators()[ratio.result].rule


def growth_rows(*rates: float) -> pd.DataFrame:
    years = range(2015 - 1, 2015 - 1 + len(rates))
    return tiny.observations(
        row("gdp_usd", "FRA", "2015", 100.0, "2016-06-28"),
        *(
            row("gdp_growth", "FRA", str(year), rate, f"{year + 1}-06-29")
            for year, rate in zip(years, rates, strict=True)
        ),
    )


def test_the_chain_goes_both_ways_from_its_base_and_stops_at_a_gap() -> None:
    frame = growth_rows(0.0, 25.0, 10.0, -50.0)  # 2014 … 2017
    frame = pd.concat([frame, tiny.observations(row("gdp_growth", "FRA", "2019", 9.0, "2020-06-29"))])
    made = constant_price_gdp(frame).set_index("period")["value"].to_dict()
    assert made == pytest.approx({"2013": 80.0, "2014": 80.0, "2015": 100.0, "2016": 110.0, "2017": 55.0})


def test_each_link_names_its_neighbour_which_is_a_row_of_the_series() -> None:
    made = tiny.tidy(constant_price_gdp(growth_rows(1.0, 2.0, 3.0, 4.0)))
    ids = set(made["id"])
    for link in made.to_dict("records"):
        neighbour = link["inputs"].split()[0]
        assert link["period"] == "2015" or neighbour in ids
    assert made.set_index("period")["published_on"]["2017"] == pd.Timestamp("2018-06-29")


@settings(max_examples=20)
@given(rates=st.lists(st.floats(-30, 30), min_size=2, max_size=10))
def test_the_chain_gives_the_growth_rates_back(rates: list[float]) -> None:
    made = constant_price_gdp(growth_rows(*rates)).set_index("period")["value"]
    for year, rate in enumerate(rates, start=2014):
        assert 100 * (made[str(year)] / made[str(year - 1)] - 1) == pytest.approx(rate, abs=1e-9)


def pushers(field: str, country: str, value: float) -> dict[str, object]:
    return row(f"pushers_{field}", country, "2024", value, "2025-04-30", "github_innovation_graph")


def test_specialisation_is_the_share_at_home_over_the_share_everywhere() -> None:
    frame = tiny.observations(
        pushers("science", "FRA", 300),
        pushers("all", "FRA", 3000),
        pushers("science", "USA", 100),
        pushers("all", "USA", 5000),
        pushers("all", "TUV", 2000),  # shows no such field, and counts in the whole
    )
    made = specialisations(frame)
    assert one(made, "rca_science", "FRA", "2024")["value"] == pytest.approx((300 / 3000) / (400 / 10_000))
    assert one(made, "rca_science", "USA", "2024")["value"] == pytest.approx((100 / 5000) / (400 / 10_000))
    assert "TUV" not in set(made["country"])


def test_small_totals_get_no_specialisation_but_count_in_the_world() -> None:
    frame = tiny.observations(
        pushers("science", "FRA", 300),
        pushers("all", "FRA", 3000),
        pushers("science", "TUV", 90),
        pushers("all", "TUV", 100),
    )
    made = balassa(frame, "pushers_science", "pushers_all", "rca_science", 1000)
    assert list(made["country"]) == ["FRA"]
    assert made["value"].iloc[0] == pytest.approx(0.1 / (390 / 3100))


@settings(max_examples=20)
@given(
    st.dictionaries(
        st.sampled_from(["FRA", "USA", "DEU", "KOR"]), st.tuples(st.integers(1, 500), st.integers(1000, 9000))
    )
)
def test_weighted_by_size_specialisations_average_to_one(world: dict[str, tuple[int, int]]) -> None:
    rows = [
        pushers(field, code, pair[at]) for code, pair in world.items() for at, field in enumerate(("science", "all"))
    ]
    if not rows:
        return
    made = balassa(tiny.observations(*rows), "pushers_science", "pushers_all", "rca_science", 0).set_index("country")
    whole = sum(pair[1] for pair in world.values())
    assert sum(made["value"][code] * pair[1] / whole for code, pair in world.items()) == pytest.approx(1.0)


def test_the_stock_adds_makers_and_their_intervals() -> None:
    def owned(maker: str, value: float, published: str = "2024-03-30") -> dict[str, object]:
        ends = {"low": value / 2, "high": value * 2, "level": 0.9, "flag": "pseudo,estimate"}
        return row(f"{maker}_owned_h100e", "USA", "2023Q4", value, published, "epoch_chips", **ends)

    made = compute_stock(tiny.observations(owned("nvidia", 100.0), owned("tpu", 40.0, "2024-04-15")))
    assert len(made) == 1
    total = made.iloc[0]
    assert (total["low"], total["value"], total["high"]) == (70.0, 140.0, 280.0)
    assert total["published_on"] == pd.Timestamp("2024-04-15")
    assert len(total["inputs"].split()) == 2
    assert total["flag"] == "derived,estimate,pseudo"


def test_derive_makes_what_the_facts_allow_and_nothing_of_none() -> None:
    assert derive(Tables()).empty
    frame = tiny.observations(
        row("nvidia_owned_h100e", "USA", "2023Q4", 100.0, "2024-03-30", "epoch_chips", low=90.0, high=110.0, level=0.9),
        row("population", "USA", "2022", 300e6, "2023-06-29"),
    )
    made = derive(Tables(observations=frame))
    assert set(made["indicator"]) == {"compute_stock_h100e", "compute_stock_per_million"}
    assert all("derived" in flag for flag in made["flag"])
    tidied = tiny.tidy(made)
    stock = tidied[tidied["indicator"] == "compute_stock_h100e"]["id"].iloc[0]
    assert stock in tidied[tidied["indicator"] == "compute_stock_per_million"]["inputs"].iloc[0]

"""Every adapter on small files of its publisher's true shape: right numbers, right codes, right days."""

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
import shelf

from headway.evidence.catalogue import indicators, sources
from headway.evidence.observations import FLOWS, MODELS, tidy, tidy_facts, validate, validate_facts
from headway.evidence.sources import adapters
from headway.evidence.sources.base import Tables


def read(adapter: str) -> Tables:
    return adapters()[adapter].read(shelf.paths(adapter), shelf.DAY)


def value(table: pd.DataFrame, indicator: str, country: str, period: str) -> float:
    rows = table[(table["indicator"] == indicator) & (table["country"] == country) & (table["period"] == period)]
    assert len(rows) == 1
    return float(rows["value"].iloc[0])


@pytest.mark.parametrize("adapter", sorted(shelf.FILES))
def test_what_an_adapter_reads_passes_every_check_of_the_tables(adapter: str) -> None:
    tables = read(adapter)
    assert len(tables.observations) + len(tables.models) > 0
    if len(tables.observations):
        frame = validate(tidy(tables.observations, shelf.DAY), indicators(), sources(), adapter)
        assert (frame["source"] == adapter).all()
        assert (frame["period"] >= "2010").all()
        assert (frame["published_on"] <= pd.Timestamp(shelf.DAY)).all()
    if len(tables.models):
        validate_facts(tidy_facts(tables.models, MODELS), MODELS, sources())
    if len(tables.flows):
        validate_facts(tidy_facts(tables.flows, FLOWS), FLOWS, sources())


def test_every_adapter_of_the_package_has_a_fixture() -> None:
    assert set(adapters()) - {"curated"} == set(shelf.FILES)


def test_world_bank_keeps_countries_and_drops_regions_and_empty_cells() -> None:
    table = read("worldbank_wdi").observations
    assert set(table["country"]) == {"RUS", "FRA", "TUV", "XKX", "KOR"}
    assert value(table, "population", "TUV", "2024") == 9646
    assert value(table, "gdp_usd", "FRA", "2015") == pytest.approx(2.44e12, rel=0.01)
    assert not ((table["indicator"] == "population") & (table["period"] == "2025")).any()


def test_world_bank_dates_rows_by_the_indicator_s_lag_before_the_source_s() -> None:
    table = read("worldbank_wdi").observations
    gdp = table[(table["indicator"] == "gdp_usd") & (table["period"] == "2023")]["published_on"]
    internet = table[(table["indicator"] == "internet_users_share") & (table["period"] == "2023")]["published_on"]
    assert set(gdp) == {dt.date(2023, 12, 31) + dt.timedelta(days=180)}
    assert set(internet) == {dt.date(2023, 12, 31) + dt.timedelta(days=360)}
    assert (table["flag"] == "pseudo").all()


def test_governance_2024_has_intervals_and_2025_is_known_from_its_day_alone() -> None:
    old, new = read("worldbank_wgi_2024").observations, read("worldbank_wgi_2025").observations
    row = old[(old["country"] == "RUS") & (old["period"] == "2023") & (old["indicator"] == "government_effectiveness")]
    assert float(row["value"].iloc[0]) == pytest.approx(-0.71, abs=0.01)
    assert float(row["low"].iloc[0]) < float(row["value"].iloc[0]) < float(row["high"].iloc[0])
    assert set(new["published_on"]) == {shelf.DAY}
    assert "AND" in set(new["country"])  # the file writes ADO for Andorra
    assert not indicators()["government_effectiveness"].splice


def test_chips_reproduce_the_share_of_the_yearly_flow() -> None:
    table = read("epoch_chips").observations
    shares = [round(value(table, "nvidia_flow_share", "CHN", str(year)), 1) for year in range(2022, 2026)]
    assert shares == [11.0, 13.2, 4.3, 0.9]


def test_chips_of_an_owner_go_to_its_home_and_incomplete_quarters_go_nowhere() -> None:
    table = read("epoch_chips").observations
    assert set(table["country"]) == {"USA", "CHN"}
    assert not (table["period"] > "2025Q4").any()
    assert value(table, "tpu_owned_h100e", "USA", "2025Q4") == 3_812_878
    assert value(table, "amd_owned_h100e", "CHN", "2025Q4") == 10_523
    stock = table[table["indicator"].str.endswith("owned_h100e")]
    assert ((stock["low"] <= stock["value"]) & (stock["value"] <= stock["high"])).all()


def test_clusters_stand_until_the_cluster_that_supersedes_them() -> None:
    table = read("epoch_clusters").observations
    assert value(table, "cluster_h100e", "USA", "2024Q3") == pytest.approx(100_000, rel=1e-3)
    later = value(table, "cluster_h100e", "USA", "2025Q1")
    assert later == pytest.approx(200_000, rel=1e-3)  # phase 2 takes the place of phase 1, it does not add to it
    assert value(table, "largest_cluster_h100e", "RUS", "2021Q4") == pytest.approx(501.97, abs=0.01)


def test_github_reads_na_as_namibia_and_leaves_the_union_to_its_members() -> None:
    tables = read("github_innovation_graph")
    assert (
        {"NAM", "RUS", "XKX"}
        >= set(tables.observations.query("indicator == 'developers'")["country"])
        >= {"NAM", "RUS"}
    )
    assert set(tables.flows["origin"]) == {"RUS"}
    assert set(tables.flows["period"]) == {"2024"}  # 2025 has no fourth quarter
    assert (tables.flows["value"] >= 1000).all()


def test_github_fields_are_means_of_quarters_and_leave_profile_tags_out() -> None:
    table = read("github_innovation_graph").observations
    raw = pd.read_csv(shelf.SHELF / "github/topics.csv", keep_default_na=False)
    german = raw[raw["iso2_code"] == "DE"]
    learned = german[german["topic"].isin(["machine-learning", "computer-vision", "llm"])]["num_pushers"].sum()
    everything = german[german["topic"] != "config"]["num_pushers"].sum()
    assert value(table, "pushers_artificial_intelligence", "DEU", "2024") == learned / 4
    assert value(table, "pushers_all", "DEU", "2024") == everything / 4


def test_scholars_end_in_2020_and_small_countries_have_counts_but_no_rates() -> None:
    tables = read("mpidr")
    table = tables.observations
    assert table["period"].max() == "2020"
    assert value(table, "scholars_net_rate", "RUS", "2020") == pytest.approx(-1.385, abs=0.001)
    assert not ((table["country"] == "TUV") & table["indicator"].str.endswith("rate")).any()
    assert set(tables.flows["period"]) <= {"2019", "2020"}
    assert (tables.flows["value"] >= 10).all()


def test_scholar_flows_are_read_from_parquet_too(tmp_path: Path) -> None:
    flows = pd.read_csv(shelf.SHELF / "mpidr/flows.csv", keep_default_na=False, na_values=[""])
    path = tmp_path / "flows.parquet"
    flows.to_parquet(path)
    other = adapters()["mpidr"].read(shelf.paths("mpidr", flows=path), shelf.DAY)
    pd.testing.assert_frame_equal(other.flows, read("mpidr").flows)


def test_articles_pairs_and_venture_capital_of_ncses() -> None:
    tables = read("ncses")
    table = tables.observations
    assert value(table, "ai_articles", "RUS", "2022") == 1869
    assert value(table, "ai_venture_capital_usd", "CHN", "2020") == 16_923e6
    assert value(table, "venture_capital_usd", "IND", "2020") == 12_215e6  # "India " in the file
    assert value(table, "ai_articles_international_share", "CHN", "2022") == pytest.approx(100 * 43814 / 274096)
    pair = tables.flows[(tables.flows["origin"] == "RUS") & (tables.flows["destination"] == "DEU")]
    assert list(pair["value"]) == [271]


def test_electricity_olympiad_and_migrants() -> None:
    assert value(read("ember").observations, "electricity_generation", "RUS", "2024") == pytest.approx(1209.31)
    olympiad = read("imo").observations
    assert value(olympiad, "imo_score", "CHN", "2024") == pytest.approx(100 * 190 / 252)
    assert not ((olympiad["country"] == "RUS") & (olympiad["period"] == "2024")).any()  # it did not come
    migrants = read("un_migrant_stock").observations
    assert value(migrants, "emigrant_stock", "NAM", "2020") == 47_770  # the row coded NA is another territory

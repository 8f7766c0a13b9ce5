import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
import tiny
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from headway.core.errors import EvidenceError, InputError
from headway.evidence import Evidence, open_evidence
from headway.evidence.observations import COLUMNS


@pytest.fixture(scope="module")
def evidence(tiny_snapshot: Path) -> Evidence:
    return open_evidence(folder=tiny_snapshot)


def at(folder: Path, day: str) -> Evidence:
    return open_evidence(dt.date.fromisoformat(day), folder=folder)


def values(frame: pd.DataFrame) -> dict[str, float]:
    return dict(zip(frame["period"], frame["value"], strict=True))


def test_by_default_all_that_the_snapshot_knows(evidence: Evidence) -> None:
    assert evidence.as_of == evidence.snapshot_date == tiny.DAY
    assert evidence.user_hash is None
    assert len(evidence.snapshot_hash) == 64
    assert list(evidence.observations().columns) == list(COLUMNS)


def test_the_newest_vintage_known_on_the_day_wins(tiny_snapshot: Path, evidence: Evidence) -> None:
    assert values(evidence.observations("gdp_usd", "FRA"))["2020"] == 2.7e12
    assert values(at(tiny_snapshot, "2023-06-30").observations("gdp_usd", "FRA")) == {"2020": 2.6e12, "2021": 2.9e12}
    assert values(at(tiny_snapshot, "2023-07-01").observations("gdp_usd", "FRA"))["2020"] == 2.7e12


def test_editions_that_may_not_be_mixed_are_not(tiny_snapshot: Path, evidence: Evidence) -> None:
    assert values(evidence.observations("rule_of_law", "FRA")) == {"2021": 1.5}
    assert values(at(tiny_snapshot, "2025-11-30").observations("rule_of_law", "FRA")) == {"2020": 1.1, "2021": 1.2}


def test_a_withdrawn_fact_is_gone_from_its_day(tiny_snapshot: Path, evidence: Evidence) -> None:
    assert evidence.models()["log10_compute"].tolist() == [23.5]
    assert at(tiny_snapshot, "2023-05-31").models()["log10_compute"].tolist() == [24.0]
    assert at(tiny_snapshot, "2022-01-31").models().empty


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(day=st.dates(dt.date(2017, 1, 1), dt.date(2026, 12, 31)))
def test_nothing_published_later_is_ever_seen(tiny_snapshot: Path, day: dt.date) -> None:
    known = open_evidence(day, folder=tiny_snapshot)
    blocs = known.observations(country=["EAEU", "EU"])
    for table in (known.observations(), blocs, known.models(), known.statements(), known.flows("scholars")):
        assert (table["published_on"] <= pd.Timestamp(day)).all()
    keys = ["indicator", "country", "period"]
    assert not known.observations().duplicated(keys).any()


def test_periods_and_names_choose_rows(evidence: Evidence) -> None:
    assert set(values(evidence.observations("gdp_usd", "France", since=2021))) == {"2021", "2022"}
    assert set(values(evidence.observations("gdp_usd", "fr", until="2021"))) == {"2020", "2021"}
    assert set(evidence.observations(["gdp_usd", "gdp_growth"], ["RUS", "KAZ"])["indicator"]) == {
        "gdp_usd",
        "gdp_growth",
    }
    assert evidence.observations("gdp_usd", "TUV").empty


def test_latest_and_panel_leave_targets_out(evidence: Evidence) -> None:
    assert evidence.latest("gpus_reported").empty
    assert evidence.panel("gpus_reported").empty
    assert len(evidence.observations("gpus_reported")) == 1
    newest = evidence.latest("gdp_usd").set_index("country")
    assert newest.loc["FRA", "period"] == "2022"
    assert set(evidence.latest("gdp_usd", max_age_years=4.5)["country"]) == {"FRA"}
    panel = evidence.panel("gdp_usd")
    assert panel.loc["2021", "DEU"] == 4.1e12
    assert panel.index.tolist() == ["2019", "2020", "2021", "2022"]


@pytest.mark.parametrize("call", ["gdp", "GDP_USD", ""])
def test_an_unknown_indicator_gets_a_suggestion(evidence: Evidence, call: str) -> None:
    with pytest.raises(InputError, match="is not an indicator"):
        evidence.observations(call)
    with pytest.raises(InputError, match="gdp_usd"):
        evidence.observations("gdp_us")


def test_an_unknown_kind_of_flow_is_an_error(evidence: Evidence) -> None:
    with pytest.raises(InputError, match="not a kind of flow"):
        evidence.flows("tourists")


def test_a_fact_leads_to_publisher_and_address(evidence: Evidence) -> None:
    old = evidence.fact("worldbank_wdi:gdp_usd:FRA:2020:2021-07-01")
    assert (old.table, old.row["value"]) == ("observations", 2.6e12)
    assert old.source.publisher == "World Bank"
    assert old.source.url.startswith("https://")
    said = evidence.fact("curated:goal:FRA:one")
    assert (said.table, said.source.publisher, said.source.url) == ("statements", "Élysée", "https://www.elysee.fr")
    assert evidence.fact("epoch_models:model:a:2").table == "models"
    assert evidence.fact("worldbank_wdi:scholars:RUS:DEU:2018").table == "flows"
    with pytest.raises(InputError, match="no fact has the id"):
        evidence.fact("worldbank_wdi:gdp_usd:FRA:2020:1999-01-01")


def test_a_typed_row_carries_its_grade_and_the_pages_where_it_was_read(evidence: Evidence) -> None:
    figure = evidence.observations("top500_systems", "FRA").iloc[0]
    assert (figure["grade"], figure["read_in"]) == ("secondary", "https://example.org/list")
    assert evidence.fact(figure["id"]).row["grade"] == "secondary"
    goal = evidence.fact("curated:goal:FRA:one").row
    assert (goal["grade"], goal["read_in"]) == ("press", "https://example.org/a https://example.net/b")
    assert set(evidence.observations("gdp_usd")["grade"]) == {""}


def test_a_snapshot_from_before_grades_can_still_be_read(tmp_path: Path) -> None:
    old = tiny.without_grades(tiny.write(tmp_path / "data").folder)
    given = tmp_path / "mine.csv"
    given.write_text("indicator,country,period,value,unit,source\ngdp_usd,FRA,2023,3.1e12,USD,me\n")
    evidence = open_evidence(folder=old, user_files=[given])
    rows = evidence.observations()
    assert list(rows.columns) == list(COLUMNS)
    assert set(rows["grade"]) == set(rows["read_in"]) == {""}
    assert evidence.fact("curated:goal:FRA:one").row["grade"] == "press"
    assert evidence.statements("goal")["grade"].tolist() == ["press"]


def test_every_id_that_comes_out_leads_back(evidence: Evidence) -> None:
    frames = [evidence.observations(), evidence.observations(country="EAEU"), evidence.models(), evidence.statements()]
    for id in pd.concat([frame["id"] for frame in frames]):
        fact = evidence.fact(id)
        assert fact.id == id
        for below in fact.inputs:
            assert evidence.fact(below).source.publisher


def test_frames_without_a_choice_of_country_hold_no_blocs(evidence: Evidence) -> None:
    assert evidence.observations()["country"].str.len().eq(3).all()
    assert "EAEU" not in set(evidence.observations()["country"])


def test_a_damaged_snapshot_is_noticed_on_opening(tmp_path: Path) -> None:
    folder = tiny.write(tmp_path / "data").folder
    open_evidence(folder=folder)
    (folder / "flows.parquet").write_bytes(b"PAR1")
    with pytest.raises(EvidenceError, match=r"flows\.parquet") as caught:
        open_evidence(folder=folder)
    assert caught.value.exit_code == 3


def test_another_snapshot_can_be_named_by_the_environment(tiny_snapshot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADWAY_EVIDENCE", str(tiny_snapshot))
    assert len(open_evidence().observations("gdp_usd")) == 9


def test_the_same_snapshot_on_the_same_day_is_opened_once_and_never_with_own_files(
    tiny_snapshot: Path, tmp_path: Path
) -> None:
    first = at(tiny_snapshot, "2023-06-30")
    assert at(tiny_snapshot, "2023-06-30") is first
    assert at(tiny_snapshot, "2023-07-01") is not first
    own = tmp_path / "own.csv"
    own.write_text("indicator,country,period,value,unit,source\ngdp_usd,FRA,2020,2.5e12,USD,mine\n")
    mine = [open_evidence(dt.date(2023, 6, 30), [own], tiny_snapshot) for _ in range(2)]
    assert mine[0] is not mine[1]
    assert values(first.observations("gdp_usd", "FRA"))["2020"] == 2.6e12

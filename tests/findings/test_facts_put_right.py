"""Figures that briefs once had wrong, on the shipped evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from headway.evidence import Evidence, open_evidence
from headway.findings import Context, Finding
from headway.findings.recipe import recipes
from headway.inference.findings.verdicts import judge_goal


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return open_evidence(dt.date(2026, 11, 22))


def found(evidence: Evidence, country: str, recipe: str) -> Mapping[str, Finding]:
    """Findings of one recipe by their arguments."""
    made = recipes()[recipe](Context(evidence, country))
    return {one.id.partition("@")[0].removeprefix(f"{country}:{recipe}").lstrip(":"): one for one in made}


@pytest.mark.parametrize(
    ("country", "left", "came"),
    [("RUS", 5_795, 5_614), ("FRA", 33_298, 27_951), ("CHN", 47_026, 53_824), ("USA", 112_320, 122_696)],
)
def test_scholars_are_counted_by_totals_not_by_pairs_that_few_moves_leave_out(
    evidence: Evidence, country: str, left: int, came: int
) -> None:
    one = found(evidence, country, "why.scholars")[""]
    assert one.period == "2016–2020"
    assert one.value == came - left
    totals = [f"mpidr:scholars_{way}:{country}:2020:2022-12-31" for way in ("out", "in")]
    assert set(totals) <= set(one.observations)


def test_public_money_is_that_of_the_fiscal_year_nearest_the_date(evidence: Evidence) -> None:
    budgets = list(found(evidence, "USA", "ambition.budget").values())
    assert (budgets[0].period, budgets[0].value) == ("FY2026", 13.4e9)
    assert 54e9 <= max(float(one.value) for one in budgets if one.period == "FY2027") < 55e9  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("country", "never"), [("RUS", "AI investment"), ("IND", "a count of AI chips"), ("FRA", "a count of AI chips")]
)
def test_what_stands_in_the_evidence_is_not_called_unobserved(evidence: Evidence, country: str, never: str) -> None:
    missing = found(evidence, country, "unknowns.missing")
    assert all(never not in one.sentence for one in missing.values())


def test_chips_of_makers_at_home_count(evidence: Evidence) -> None:
    one = found(evidence, "USA", "gap.compute_stock")["CHN"]
    assert isinstance(one.value, float)
    assert 1 / one.value == pytest.approx(13.6, abs=0.1)
    assert "stanford_ai_index_2026:domestic_compute_h100e:CHN:2025Q4:2026-05-04" in one.observations
    assert "domestic" in one.caveat


def test_no_trend_starts_from_a_toy(evidence: Evidence) -> None:
    trends = found(evidence, "RUS", "gap.training_trend")
    assert trends
    assert not any(name.endswith(":5y") for name in trends)


def test_a_size_was_passed_so_long_before_a_date_that_is_said(evidence: Evidence) -> None:
    sentence = found(evidence, "FRA", "gap.training_compute")["USA"].sentence
    assert sentence.endswith("a size that the United States passed 52 months before 30 June 2026.")


def test_export_controls_run_on_to_the_latest_package(evidence: Evidence) -> None:
    assert "the latest, 23 April 2026" in found(evidence, "RUS", "why.controls")[""].sentence


def test_export_controls_count_the_packages_on_software_and_ai_services(evidence: Evidence) -> None:
    counted = found(evidence, "RUS", "why.controls")[""].observations
    assert {f"curated:event:RUS:{day}" for day in ("2025-02-24-eu-16th", "2025-10-23-eu-19th")} <= set(counted)


def test_korea_counts_the_budget_as_adopted_and_its_chips_have_years(evidence: Evidence) -> None:
    budgets = list(found(evidence, "KOR", "ambition.budget").values())
    assert (budgets[0].period, budgets[0].value) == ("2026", 9.9e12)
    goals = evidence.statements("goal", "KOR").set_index("id")
    chips = goals.loc[["curated:goal:KOR:KOR-05", "curated:goal:KOR:KOR-06"], ["value", "target_year"]]
    assert chips.to_numpy().tolist() == [[52_000, 2028], [260_000, 2030]]


def test_the_plans_that_were_missing_are_declared(evidence: Evidence) -> None:
    china = evidence.statements("goal", "CHN")
    assert china["document"].str.startswith("15th Five-Year Plan").sum() >= 4
    france, emirates = (evidence.statements("goal", code).set_index("id") for code in ("FRA", "ARE"))
    assert france.loc["curated:goal:FRA:FRA-08", "value"] == 2.5e9
    assert emirates.loc["curated:goal:ARE:ARE-09", "target_year"] == 2027
    assert 13e9 in set(evidence.statements("budget", "ARE")["value"])


@pytest.mark.parametrize(
    ("country", "goal"), [("CHN", "CHN-07"), ("CHN", "CHN-05"), ("KOR", "KOR-02"), ("IND", "IND-02")]
)
def test_a_goal_whose_year_has_passed_or_that_was_beaten_has_a_verdict(
    evidence: Evidence, country: str, goal: str
) -> None:
    goals = evidence.statements("goal", country).set_index("id", drop=False)
    outcomes = evidence.statements("outcome", country).set_index("id")
    declared, outcome = goals.loc[f"curated:goal:{country}:{goal}"], outcomes.loc[f"curated:outcome:{country}:{goal}"]
    assert judge_goal(Context(evidence, country), declared, outcome).kind == "met"

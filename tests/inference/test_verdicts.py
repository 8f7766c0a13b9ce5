"""Verdicts on declared goals, on made statements, figures and futures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t

from headway.evidence.observations import STATEMENTS, tidy_facts
from headway.findings import Context
from headway.findings.finding import Finding, FindingTier
from headway.inference.findings import verdicts
from headway.inference.outlook import CountryOutlook

QUARTERS = tuple(f"{year}Q{quarter}" for year in range(2024, 2036) for quarter in range(1, 5))


def statement(kind: str, key: str, **more: Any) -> dict[str, Any]:
    made = {"id": f"curated:{kind}:CHN:{key}", "kind": kind, "country": "CHN", "date": "2024-02-15", "topic": "compute"}
    return {**made, "maps_to": "none", "metric": "machines", "status": "adopted", "text": f"Goal {key}.", **more}


def counted(key: str, comparator: str, maps_to: str, value: float, unit: str, **more: Any) -> dict[str, Any]:
    aim = {"value": value, "unit": unit, "mapped_value": value, "mapped_unit": unit, "target_basis": "stated"}
    return statement("goal", key, comparator=comparator, maps_to=maps_to, **aim, **more)


TABLE = tidy_facts(
    pd.DataFrame(
        [
            counted("place", "top_n", "rank_capability", 5, "rank", target_year=2030, scope="WORLD"),
            counted("past", "top_n", "rank_capability", 5, "rank", target_year=2025, scope="WORLD"),
            counted("far", "top_n", "rank_capability", 5, "rank", target_year=2047, scope="WORLD"),
            counted("low", "top_n", "rank_capability", 50, "rank", target_year=2030, scope="WORLD"),
            counted("chips", "adds_at_least", "compute_stock_h100e", 5000, "H100e"),
            counted("users", "at_least", "adoption", 10, "%", target_year=2030),
            counted("money", "cumulative_at_least", "ai_private_investment", 9e9, "USD", target_year=2030),
            counted("firms", "at_least", "ai_using_organisations_share", 50, "%", target_year=2030),
            statement("goal", "old", target_year=2020, comparator="at_least", value=1.0),
            statement("outcome", "old", status="met", text="Twelve were built."),
            statement("goal", "lost", target_year=2020, comparator="at_least", value=1.0),
            statement("outcome", "lost", status="missed", text="None was built."),
            statement("goal", "silent", target_year=2020, comparator="at_least", value=1.0),
            statement("goal", "deed", target_year=2030, comparator="exists"),
        ]
    ),
    STATEMENTS,
)
FIGURES = {
    "ai_adoption_share": ("% of working-age people", {"2025": 12.0}),
    "ai_using_organisations_share": ("% of organisations", {"2021": 8.0, "2023": 9.0, "2024": 13.0, "2025": 20.0}),
    "ai_private_investment_usd": ("USD", {"2023": 5e9, "2024": 2e9, "2025": 3e9}),
}


class Stub:
    """Evidence of one country with the statements and figures above."""

    as_of = dt.date(2026, 11, 22)
    snapshot_hash, user_hash = "made", None

    def resolve(self, code: str) -> Any:
        return SimpleNamespace(code=code, name="China", kind="country")

    def statements(self, kind: str, country: str) -> pd.DataFrame:
        return TABLE[(TABLE["kind"] == kind) & (TABLE["country"] == country)]

    def indicators(self) -> Any:
        return {slug: SimpleNamespace(name=slug) for slug in FIGURES}

    def observations(self, indicator: str, country: str) -> pd.DataFrame:
        unit, values = FIGURES[indicator]
        rows = [(f"made:{indicator}:{period}", period, value, unit, "") for period, value in values.items()]
        return pd.DataFrame(rows, columns=["id", "period", "value", "unit", "flag"])


def futures(context: Context) -> CountryOutlook:
    """Among the first five in one future of four at the end of 2030, never in 2025; chips grow by 1,000 a year."""
    shape = (len(QUARTERS), 1, 400)
    rank, compute = np.full(shape, 9.0), np.zeros(shape)
    rank[QUARTERS.index("2026Q1") :, :, :100] = 3.0
    compute[:] = 250.0 * np.arange(len(QUARTERS))[:, None, None]
    runs: dict[str, Any] = {"rank": rank, "compute": compute}
    return CountryOutlook(runs, ("CHN",), QUARTERS, "2026Q2", "abc", False, 0)


def ranked(low: float, high: float) -> Iterator[Any]:
    """A rank by size of typically 35th."""
    yield SimpleNamespace(value=35.0, low=low, high=high, observations=("made:rank",))


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> dict[str, Finding]:
    monkeypatch.setattr(verdicts, "why_not", lambda evidence, code: None)
    monkeypatch.setattr(verdicts, "futures", futures)
    monkeypatch.setattr(verdicts, "diffused_lags", lambda context: None)
    monkeypatch.setattr(verdicts, "scale", lambda context: ranked(27.0, 45.0))
    found = verdicts.verdicts(Context(Stub(), "CHN"))  # type: ignore[arg-type]
    return {finding.id.partition("ambition.verdict")[2].partition("@")[0].strip(":"): finding for finding in found}


def test_an_outcome_on_record_decides_and_silence_is_no_verdict(said: dict[str, Finding]) -> None:
    assert (said["old"].value, said["lost"].value, said["silent"].value) == ("met", "missed", None)
    assert said["old"].sentence == "“Goal old” (15 February 2024): met: Twelve were built."
    assert said["old"].observations == ("curated:goal:CHN:old", "curated:outcome:CHN:old")
    assert "cannot be tested, because its year has passed and no account" in said["silent"].sentence
    assert "its year, 2030, has not passed and it names no number" in said["deed"].sentence


def test_a_place_has_the_chance_that_the_futures_give_at_its_year(said: dict[str, Finding]) -> None:
    assert (said["place"].value, said["place"].period, said["place"].tier) == (0.25, "2030Q4", FindingTier.MODELLED)
    assert "in 25 of 100 futures (unlikely) it is met by the end of 2030" in said["place"].sentence
    assert (said["far"].value, said["far"].period) == (0.25, "2035Q4")
    assert said["far"].details["verdict"] == "chance"
    assert "missed, by the model" in said["past"].sentence
    assert said["low"].value == "met"
    assert "it ranks typically 35th today (27th–45th in nine of ten rankings made otherwise)" in said["low"].sentence


def test_chips_are_counted_from_the_date_of_the_goal(said: dict[str, Finding]) -> None:
    assert said["chips"].value == 1.0  # 6,750 more from early 2024 to the end of 2030, of 5,000 wanted
    assert "it names no year" in said["chips"].sentence
    assert "between Q1 2024 and the end of 2030" in said["chips"].sentence


def test_figures_decide_where_they_reach_the_goal_and_few_of_them_make_no_trend(said: dict[str, Finding]) -> None:
    assert said["users"].value == "met"
    assert said["users"].observations[1:] == ("made:ai_adoption_share:2025",)
    money = said["money"]  # five billion of 2023 came before the goal
    assert money.value is None
    assert "on record are $5.00 billion in 2024 to 2025, of $9.00 billion wanted" in money.sentence


def test_four_yearly_figures_make_a_trend_with_its_interval(said: dict[str, Finding]) -> None:
    found = said["firms"]
    x = np.column_stack([np.ones(4), [2021, 2023, 2024, 2025]])
    share, then = np.array([0.08, 0.09, 0.13, 0.2]), np.array([1.0, 2030.0])
    fit, (squares,), *_ = np.linalg.lstsq(x, np.log(share / (1 - share)), rcond=None)
    error = np.sqrt(squares / 2 * (1 + then @ np.linalg.inv(x.T @ x) @ then))
    assert found.tier is FindingTier.DERIVED
    assert "nothing says that their trend goes on" in found.caveat
    assert found.value == pytest.approx(t.sf(-then @ fit / error, 2), abs=1e-6)  # even odds are wanted
    middle = 100 / (1 + np.exp(-then @ fit))
    assert f"leads to {middle:.0f}% (90%: " in found.sentence
    assert len(found.observations) == 5


def test_all_verdicts_stand_in_one_table(said: dict[str, Finding]) -> None:
    whole = said[""]
    counts = whole.details["counts"]
    assert counts == {"met": 3, "missed": 2, "chance": 4, "untested": 3}
    assert len(whole.table) == sum(counts.values()) == len(said) - 1
    assert whole.sentence == (
        "Of 12 goals that China declared, 3 are met, 2 are missed, 4 have a chance that can be computed and 3 cannot "
        "be tested with what is published."
    )


def test_what_cannot_be_tested_says_which_evidence_would_decide_it(said: dict[str, Finding]) -> None:
    untested = [finding for finding in said.values() if finding.details.get("verdict") == "untested"]
    assert len(untested) == 3
    assert all(finding.sentence.endswith(" would decide it.") for finding in untested)


@pytest.mark.parametrize(
    ("low", "high", "year", "kind"),
    [
        (52.0, 70.0, 2025, "missed"),
        (52.0, 70.0, 2030, "untested"),
        (40.0, 60.0, 2025, "untested"),
        (20, 50, 2025, "met"),
    ],
)
def test_a_ranking_of_today_settles_a_place_only_where_nearly_all_rankings_agree(
    monkeypatch: pytest.MonkeyPatch, low: float, high: float, year: int, kind: str
) -> None:
    monkeypatch.setattr(verdicts, "scale", lambda context: ranked(low, high))
    goal = TABLE.set_index(TABLE["id"].str.rpartition(":")[2]).loc["low"].copy()
    goal["target_year"] = year
    assert verdicts.judge_goal(Context(Stub(), "CHN"), goal, None).kind == kind  # type: ignore[arg-type]


def test_a_bloc_stands_where_its_best_member_stands_and_owns_what_all_own(monkeypatch: pytest.MonkeyPatch) -> None:
    class Bloc(Stub):
        def resolve(self, code: str) -> Any:
            return SimpleNamespace(code=code, name=code, kind="bloc", members=("DEU", "FRA"))

    def two(evidence: Any, countries: tuple[str, ...], *args: Any) -> CountryOutlook:
        one = futures(Context(Stub(), "CHN"))  # type: ignore[arg-type]
        rank = np.concatenate([one.runs["rank"], one.runs["rank"][:, :, ::-1]], axis=1)  # each in other futures
        runs: dict[str, Any] = {"rank": rank, "compute": np.repeat(one.runs["compute"], 2, axis=1)}
        return CountryOutlook(runs, countries, QUARTERS, "2026Q2", "abc", False, 0)

    monkeypatch.setattr(verdicts, "outlook", two)
    monkeypatch.setattr(verdicts, "why_not", lambda evidence, code: None)
    goals = TABLE.assign(id=TABLE["id"]).set_index(TABLE["id"].str.rpartition(":")[2])
    context = Context(Bloc(), "EU")  # type: ignore[arg-type]
    assert verdicts.judge_goal(context, goals.loc["place"], None).chance == 0.5
    many = goals.loc["chips"].copy()
    many["mapped_value"] = 13_000  # two times 6,750 are more
    assert verdicts.judge_goal(context, many, None).chance == 1.0


@pytest.mark.parametrize(
    ("kinds", "sentence", "short"),
    [
        (["untested"], "The one goal that China declared cannot be tested with what is published.",
         "The one declared goal cannot be tested with what is published."),
        (["untested"] * 4, "None of the 4 goals that China declared can be tested with what is published.",
         "None of 4 declared goals can be tested."),
        (["met"] * 2, "All 2 goals that China declared are met.", "2 declared goals: 2 met."),
        (["met", "untested", "chance"],
         "Of 3 goals that China declared, 1 is met, 1 has a chance that can be computed and 1 cannot be tested with "
         "what is published.", "3 declared goals: 1 met, 1 with a computed chance, 1 that cannot be tested."),
    ],
)  # fmt: skip
def test_the_verdicts_on_all_goals_are_counted_in_plain_words(kinds: list[Any], sentence: str, short: str) -> None:
    day = dt.date(2026, 1, 1)
    context: Any = SimpleNamespace(
        country="CHN", as_of=day, the=lambda _: "China", id=lambda quantity: f"CHN:{quantity}@{day}"
    )
    goal = pd.Series({"id": "one", "text": "Lead.", "date": "2024-03-01", "date_precision": "day"})
    told = [(goal, verdicts.GoalVerdict(kind, "says", 0.5)) for kind in kinds]
    found = verdicts._summary(context, told)
    assert (found.sentence, found.short) == (sentence, short)

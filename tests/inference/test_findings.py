"""Sentences of the modelled gap, the outlook and the unknowns, on made-up futures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from headway.findings import Context
from headway.findings.finding import Finding, FindingTier
from headway.inference.findings import common, gap, long_run, outlook, rented, unknowns
from headway.inference.outlook import SERIES, CountryOutlook

QUARTERS = [f"{year}Q{q}" for year in range(2023, 2036) for q in range(1, 5)]
MEMBERS = 400
ANCHOR = "2025Q4"


class Stub:
    """Evidence of three countries, of which LUX has no score."""

    as_of = dt.date(2026, 1, 31)
    snapshot_hash, user_hash, own = "made", None, None

    def resolve(self, code: str) -> Any:
        return SimpleNamespace(
            code=code, name={"USA": "United States", "FRA": "France"}.get(code, code), kind="country"
        )

    def once(self, key: Any, make: Callable[[], Any]) -> Any:
        return make()

    def models(self) -> pd.DataFrame:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in ("countries", "eci", "released", "published")})

    def observations(self, indicator: str, country: str | None = None) -> pd.DataFrame:
        known = indicator != "capability_level" or country != "LUX"
        rows = [(f"made:{indicator}:{country}", "2025Q4", 1.0)] if known else []
        return pd.DataFrame(rows, columns=["id", "period", "value"])

    def statements(self, kind: str) -> pd.DataFrame:
        made = {"id": f"made:{kind}", "publisher": "A maker", "date": dt.date(2025, 3, 12), "date_precision": "day"}
        return pd.DataFrame([{**made, "text": "Tokens got cheaper."}])


def futures(context: Context, scenario: str | None = None, level: float = 12.0) -> CountryOutlook:
    """The United States grow by ten points a year; the others follow 12 or 40 points behind, give or take two."""
    rng = np.random.default_rng(0)
    time = np.arange(len(QUARTERS)) / 4
    lead = 120.0 + 10.0 * time[:, None] + 0.5 * rng.standard_normal(MEMBERS)
    behind = {"USA": 0.0, "FRA": level, "LUX": 40.0}
    rows: dict[str, Any] = {name: np.zeros((len(QUARTERS), 3, MEMBERS)) for name in SERIES}
    for k, distance in enumerate(behind.values()):
        own = lead - distance + (2.0 * rng.standard_normal(MEMBERS) if distance else 0.0)
        frontier = lead if distance else lead - level
        rows["sovereign"][:, k], rows["frontier"][:, k] = own, frontier
        rows["gap"][:, k] = frontier - own
        rows["gap_oom"][:, k] = (frontier - own) / 9.0
        months = 12 * (frontier - own) / 10.0
        reach = 12 * np.broadcast_to(time[:, None], months.shape)
        rows["lag"][:, k] = np.clip(months, -reach, reach)
        rows["lag_censored"][:, k] = months > reach
        rows["accessible_lag"][:, k], rows["accessible_lag_censored"][:, k] = np.minimum(months, 9.0), 0.0
        cut = (scenario or context.scenario) == "api-cut"
        rows["available_lag"][:, k] = np.minimum(months, 9.0 if cut else 1.0)
        rows["least_use"][:, k] = 1.0 if cut else 0.25
        rows["accessible"][:, k], rows["rank"][:, k] = own + (distance > 0), k + 1
        rows["compute"][:, k], rows["talent"][:, k], rows["spending_share"][:, k] = 1e5, 1e4, 0.01
        rows["training_run"][:, k], rows["level"][:, k] = 25.0 + own / 30, 1.0
    return CountryOutlook(rows, tuple(behind), tuple(QUARTERS), ANCHOR, "abc", True, 0)


@pytest.fixture(autouse=True)
def made_world(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (gap, long_run, outlook, rented, unknowns):
        monkeypatch.setattr(
            module, "why_not", lambda evidence, code: None if code != "TUV" else "nothing of it is known"
        )
        monkeypatch.setattr(module, "futures", futures, raising=False)
    for module in (gap, unknowns):
        monkeypatch.setattr(module, "companions", lambda context: (("USA",), ()), raising=False)
    monkeypatch.setattr(unknowns, "chosen_for", lambda evidence: None)


def about(country: str, recipe: Any) -> list[Finding]:
    return list(recipe(Context(Stub(), country)))  # type: ignore[arg-type]


def test_the_lag_of_a_follower_is_told_with_its_interval() -> None:
    (found,) = about("FRA", gap.lag_sovereign)
    assert found.tier is FindingTier.MODELLED
    assert found.value == pytest.approx(14.4, abs=0.5)
    assert found.low is not None
    assert found.low < found.value < (found.high or 0)  # type: ignore[operator]
    assert "14 months" in found.sentence
    assert "France" in found.sentence
    assert found.posterior == "abc"


def test_a_lag_longer_than_the_series_is_a_lower_bound_and_marked_inferred() -> None:
    (found,) = about("LUX", gap.lag_sovereign)
    assert "more than 33 months" in found.sentence
    assert "inferred" in found.caveat


def test_the_leader_is_told_to_lead() -> None:
    (found,) = about("USA", gap.lag_sovereign)
    assert "ahead of" in found.sentence
    assert "behind" not in found.sentence


def test_against_a_rival() -> None:
    (found,) = about("FRA", gap.lag_to)
    assert found.id == "FRA:gap.lag_to:USA@2026-01-31"
    assert "the United States" in found.sentence
    assert found.details["probability_behind"] == 1.0


@pytest.mark.parametrize(
    "recipe", [gap.modelled_gap, gap.modelled_trend, outlook.fan, outlook.scenarios, outlook.probability]
)
@pytest.mark.parametrize("country", ["USA", "FRA", "LUX"])
def test_every_finding_is_whole(recipe: Any, country: str) -> None:
    for found in about(country, recipe):
        assert found.sentence[0].isupper()
        assert "nan" not in found.sentence.lower().split()
        assert found.scenario == "baseline"
        if found.unit == "probability":
            assert 0 <= float(found.value or 0) <= 1


def test_probabilities_of_the_leader_and_of_the_last() -> None:
    first = {f.id.split("@")[0]: f.value for f in about("USA", outlook.probability)}
    last = {f.id.split("@")[0]: f.value for f in about("LUX", outlook.probability)}
    assert first["USA:outlook.probability:frontier:2030"] == 1.0
    assert last["LUX:outlook.probability:within_24:2030"] == 0.0
    assert last["LUX:outlook.probability:top_5:2035"] == 1.0


def test_a_score_is_what_a_country_without_one_needs_most() -> None:
    found = about("LUX", unknowns.measurement)
    shares = {row["measurement"]: row["share of variance"] for row in found[0].table}
    assert shares["a score of the best model of LUX"] > 0.4
    assert shares["a count of the AI compute in LUX"] < 0.05, "what does not vary cannot inform"
    assert float(found[0].value or 0) == pytest.approx(max(shares.values()), abs=0.001)


def test_a_country_without_evidence_gets_a_sentence_and_no_number() -> None:
    (lag,) = about("TUV", gap.lag_sovereign)
    (fan,) = about("TUV", outlook.fan)
    for found in (lag, fan):
        assert found.quantity == "not_available"
        assert found.value is None
        assert "nothing of it is known" in found.sentence
    assert about("TUV", gap.lag_to) == []
    assert about("TUV", unknowns.measurement) == []


def test_estimates_leave_out_what_is_not_known() -> None:
    assert common.ModelledInterval.of(np.array([1.0, 2.0, 3.0, np.nan])).value == 2.0


def under(scenario: str | None, recipe: Any) -> list[Finding]:
    return list(recipe(Context(Stub(), "FRA", scenario=scenario)))  # type: ignore[arg-type]


def test_dependence_names_what_remains_step_by_step() -> None:
    (found,) = under(None, rented.dependence)
    assert found.tier is FindingTier.SCENARIO
    assert found.value == pytest.approx(8.0, abs=0.1), "nine months behind without rented models, one with them"
    places = [found.sentence.index(words) for words in ("a month ", "9 months ", "14 months ")]
    assert places == sorted(places)
    (share,) = under(None, rented.least_use)
    assert share.value == pytest.approx(25.0)
    assert "up to 4 times today’s price" in share.sentence, "the same money buys a quarter at four times the price"
    assert "made:price" in share.observations
    assert share.caveat.endswith("A maker (12 March 2025): Tokens got cheaper.")
    assert under("api-cut", rented.least_use) == [], "what is not served is worth nothing at any share"


class Models(Stub):
    """Stub with models: two firms of one country lead, another country follows, open weights stand last."""

    def models(self) -> pd.DataFrame:
        rows = [
            ("a", "First", "USA", "2025-12-31", 150.0, False),
            ("b", "Second", "USA", "2025-10-31", 145.0, False),
            ("c", "Third", "CHN", "2025-12-01", 140.0, False),
            ("d", "Third", "CHN", "2025-01-01", 130.0, True),
            ("e", "First", "USA", "2025-06-30", 140.0, False),
            ("f", "Fourth", "FRA", "2025-01-01", 120.0, False),
        ]
        made = pd.DataFrame(rows, columns=["model", "organization", "countries", "released", "eci", "open_weights"])
        released = pd.to_datetime(made["released"])
        level = {"eci_low": made["eci"], "eci_high": made["eci"]}
        return made.assign(id=made["model"], model_group=made["model"], released=released, published=released, **level)


def test_one_provider_that_stops_takes_its_own_models_and_leaves_the_rest() -> None:
    (found,) = rented.one_provider(Context(Models(), "FRA"))  # type: ignore[arg-type]
    assert found.tier is FindingTier.SCENARIO
    assert found.value == pytest.approx(6.05, abs=0.1), "without the leader's two firms: where it stood in June"
    assert found.details["months_by_firm"] == pytest.approx(2.0, abs=0.1), "its second firm is two months behind"
    assert (found.details["maker"], found.details["firm"]) == ("USA", "First")
    assert "(c, of CHN)" in found.sentence
    (leader,) = rented.one_provider(Context(Models(), "USA"))  # type: ignore[arg-type]
    assert "no provider's cut alone" in leader.sentence.lower()
    assert leader.value == 0


def test_a_scenario_tells_what_it_takes_of_access_and_others_say_nothing() -> None:
    (found,) = under("api-cut", rented.access)
    assert found.value == pytest.approx(8.0, abs=0.1)
    assert "no longer rented out" in found.sentence
    assert found.period == "2027Q4"
    assert under(None, rented.access) == under("head-on", rented.access) == []

"""The hindcast on made-up worlds whose right answer is known."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from made_data import made, made_releases, posterior

from headway.core.errors import EvidenceError
from headway.inference.forecaster import MEMBERS, Settings, forecast
from headway.inference.hindcast import hindcast, panel, targets, usable
from headway.inference.record import HEADWAY
from headway.inference.structure import mechanistic, structures

ORIGIN = dt.date(2024, 12, 31)
EARLIER = dt.date(2024, 6, 30)
TRUTH = made_releases(quarters=12)
KNOWN = posterior(made(quarters=8))


@pytest.fixture(scope="module")
def record() -> dict[str, object]:
    return hindcast(TRUTH, {ORIGIN: KNOWN})


def test_targets_are_every_horizon_and_country_with_scores() -> None:
    found = targets(TRUTH, usable(TRUTH, {ORIGIN: KNOWN}))
    assert panel(TRUTH) == ("AAA", "BBB")
    assert [(p.months, p.country) for p in found] == [(6, "AAA"), (6, "BBB"), (12, "AAA"), (12, "BBB")]
    assert found[0].origin.ahead == pytest.approx([0.25, 0.5, 0.75, 1.0], abs=0.01)
    assert found[0].actual == pytest.approx(120.0 + 10 / 4 * 10)


def test_every_forecaster_is_scored_on_every_target(record: dict[str, dict[str, dict[str, float]]]) -> None:
    names = {HEADWAY, *MEMBERS, *mechanistic(), "persistence", "pooled drift", "12 a year"}
    assert names <= set(record["summary"])
    assert {row["n"] for row in record["summary"].values()} == {4.0}
    assert sum(record["weights"].values()) == pytest.approx(1.0)  # type: ignore[arg-type]


def test_a_world_of_constant_drift_is_forecast_better_than_by_persistence(
    record: dict[str, dict[str, dict[str, float]]],
) -> None:
    """The made-up world rises by ten points a year: persistence must lose, the truth lie inside."""
    summary = record["summary"]
    assert summary[HEADWAY]["crps"] < 0.5 * summary["persistence"]["crps"]
    assert summary[HEADWAY]["coverage90"] == 1.0
    assert abs(summary[HEADWAY]["bias"]) < 2.5


def test_what_is_scored_is_what_the_forecaster_says(record: dict[str, list[dict[str, float]]]) -> None:
    """The row of a target is the forecaster's own, made from the origin's knowledge with what other origins taught."""
    learned = record["learned"][ORIGIN.isoformat()]  # type: ignore[call-overload]
    settings = Settings(learned["drift"], learned["weights"])
    made_then = forecast(TRUTH.until(ORIGIN), KNOWN, 4 * 2025 + 3, settings)
    row = next(r for r in record["points"] if r["forecast"] == HEADWAY and r["months"] == 12 and r["country"] == "BBB")
    assert row["median"] == pytest.approx(made_then.of(HEADWAY, "BBB", 4 * 2025 + 3)[19], abs=1e-3)


def test_settings_are_learned_without_the_scored_origin() -> None:
    """Only a target of the later origin sees a leap: the earlier origin learns of it, the later one must not."""
    leap = dt.date(2025, 6, 30)
    later = [replace(row, score=row.score + (10.0 if row.released > leap else 0.0)) for row in TRUTH.rows]
    origins = {EARLIER: posterior(made(quarters=6)), ORIGIN: KNOWN}
    found = hindcast(replace(TRUTH, rows=tuple(later)), origins)["learned"]
    alone = hindcast(TRUTH, origins)["learned"]
    assert found[ORIGIN.isoformat()] == alone[ORIGIN.isoformat()]
    assert found[EARLIER.isoformat()]["drift"] > alone[EARLIER.isoformat()]["drift"]


def test_longer_horizons_are_scored_apart() -> None:
    found = hindcast(TRUTH, {EARLIER: posterior(made(quarters=6))})
    assert set(found["by_horizon"]) == {"6", "12", "18"}
    assert found["summary"][HEADWAY]["n"] == 4.0


def test_the_spread_given_to_a_naive_forecast_is_the_kindest(record: dict[str, object]) -> None:
    """A world without noise: the exact drift deserves the least spread that is tried."""
    spreads: dict[str, float] = record["spreads"]  # type: ignore[assignment]
    assert spreads["own 12-month drift"] == pytest.approx(0.5)
    assert spreads["persistence"] > 3.0


def test_nothing_to_score_is_an_error_in_words() -> None:
    with pytest.raises(EvidenceError, match="ends before"):
        hindcast(made_releases(quarters=8), {ORIGIN: KNOWN})


@pytest.mark.parametrize("name", list(structures()))
def test_every_structure_starts_from_the_last_scores(name: str) -> None:
    paths = structures()[name].forecast(KNOWN, KNOWN.data.last + 4, np.random.default_rng(0))
    start = paths.at(KNOWN.data.last)
    for code in ("AAA", "BBB"):
        index = KNOWN.data.countries.index(code)
        known = KNOWN.data.frontier.of(index).value[-1]
        assert np.median(paths.sovereign[:, index, start]) == pytest.approx(known, abs=1.5)
    unscored = KNOWN.data.countries.index("CCC")
    assert np.isfinite(paths.sovereign[:, unscored, start:]).all()
    assert np.isfinite(paths.run[:, :, start:]).all()
    spread = [np.ptp(np.quantile(paths.sovereign[:, i, -1], [0.05, 0.95])) for i in (0, unscored)]
    assert spread[1] > spread[0], "a country without scores must be less certain"


def test_forecasts_of_one_seed_are_the_same() -> None:
    runs = [
        structures()["statistical"].forecast(KNOWN, KNOWN.data.last + 2, np.random.default_rng(5)) for _ in range(2)
    ]
    np.testing.assert_array_equal(runs[0].sovereign, runs[1].sovereign)


def test_withholding_a_country_hides_its_scores_and_nothing_else() -> None:
    data = made()
    hidden = data.without_scores_of("BBB")
    assert hidden.scored == (0,)
    assert not hidden.live[1].any()
    assert not (hidden.runs.country == 1).any()
    assert len(hidden.records) == len(data.records)
    assert replace(hidden).countries == data.countries

"""The hindcast on made-up worlds whose right answer is known."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from made_data import made, posterior

from headway.core.errors import EvidenceError
from headway.inference.hindcast import LEFT_OUT, hindcast, panel, targets
from headway.inference.record import STACK
from headway.inference.structure import structures

ORIGIN = dt.date(2024, 12, 31)
TRUTH = made(quarters=12)
KNOWN = posterior(made(quarters=8))


@pytest.fixture(scope="module")
def record() -> dict[str, object]:
    return hindcast(TRUTH, {ORIGIN: KNOWN})


def test_targets_are_every_horizon_and_country_with_scores() -> None:
    found = targets(TRUTH, {ORIGIN: KNOWN})
    assert panel(TRUTH) == ("AAA", "BBB")
    assert [(p.months, p.country) for p in found] == [(6, "AAA"), (6, "BBB"), (12, "AAA"), (12, "BBB")]
    assert found[0].ahead == pytest.approx(0.5)
    assert found[0].actual == pytest.approx(120.0 + 10 / 4 * 10)


def test_every_forecaster_is_scored_on_every_target(record: dict[str, dict[str, dict[str, float]]]) -> None:
    names = {*structures(), STACK, LEFT_OUT, "persistence", "pooled drift", "12 a year"}
    assert names <= set(record["summary"])
    assert {row["n"] for row in record["summary"].values()} == {4.0}
    assert sum(record["weights"].values()) == pytest.approx(1.0)  # type: ignore[arg-type]


def test_a_world_of_constant_drift_is_forecast_better_than_by_persistence(
    record: dict[str, dict[str, dict[str, float]]],
) -> None:
    """The draws drift by ten points a year, as the made-up world does: persistence must lose, the truth lie inside."""
    summary = record["summary"]
    assert summary["statistical"]["crps"] < 0.5 * summary["persistence"]["crps"]
    assert summary["statistical"]["coverage90"] == 1.0
    assert abs(summary["statistical"]["bias"]) < 2.0


def test_the_spread_given_to_a_naive_forecast_is_the_kindest(record: dict[str, object]) -> None:
    """A world without noise: the exact drift deserves the least spread that is tried."""
    spreads: dict[str, float] = record["spreads"]  # type: ignore[assignment]
    assert spreads["own 12-month drift"] == pytest.approx(0.5)
    assert spreads["persistence"] > 3.0


def test_nothing_to_score_is_an_error_in_words() -> None:
    with pytest.raises(EvidenceError, match="ends before"):
        hindcast(made(quarters=8), {ORIGIN: KNOWN})


@pytest.mark.parametrize("name", list(structures()))
def test_every_structure_starts_from_the_last_scores(name: str) -> None:
    paths = structures()[name].forecast(KNOWN, KNOWN.data.last + 4, np.random.default_rng(0))
    start = paths.at(KNOWN.data.last)
    for code in ("AAA", "BBB"):
        index = KNOWN.data.countries.index(code)
        known = KNOWN.data.frontier.of(index).value[-1]
        assert np.median(paths.sovereign[:, index, start]) == pytest.approx(known, abs=1.5)
        assert (paths.record[:, index, 0] == known).all()
        assert (np.diff(paths.record[:, index], axis=1) >= 0).all()
    unscored = KNOWN.data.countries.index("CCC")
    assert np.isnan(paths.record[:, unscored]).mean() > 0.7, "a country nobody scored has a record only by exception"
    assert np.isfinite(paths.sovereign[:, unscored, start:]).all()
    assert np.isfinite(paths.run[:, :, start:]).all()
    spread = [np.ptp(np.quantile(paths.sovereign[:, i, -1], [0.05, 0.95])) for i in (0, unscored)]
    assert spread[1] > spread[0], "a country without scores must be less certain"


def test_forecasts_of_one_seed_are_the_same() -> None:
    runs = [
        structures()["statistical"].forecast(KNOWN, KNOWN.data.last + 2, np.random.default_rng(5)) for _ in range(2)
    ]
    np.testing.assert_array_equal(runs[0].record, runs[1].record)


def test_withholding_a_country_hides_its_scores_and_nothing_else() -> None:
    data = made()
    hidden = data.without_scores_of("BBB")
    assert hidden.scored == (0,)
    assert not hidden.live[1].any()
    assert not (hidden.runs.country == 1).any()
    assert len(hidden.records) == len(data.records)
    assert replace(hidden).countries == data.countries

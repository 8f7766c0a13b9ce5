"""Scores against closed forms and hand-worked cases."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from headway.inference import scores
from headway.inference.hindcast import stacked


def normal_crps(mean: float, sd: float, actual: float) -> float:
    """Closed form for a normal forecast (Gneiting and Raftery 2007, eq. 5)."""
    z = (actual - mean) / sd
    return float(sd * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / np.sqrt(np.pi)))


@given(st.floats(-20, 20), st.floats(0.5, 10), st.floats(-30, 30))
def test_crps_of_quantiles_is_near_the_closed_form(mean: float, sd: float, actual: float) -> None:
    quantiles = norm.ppf(scores.PROBABILITIES, mean, sd)
    expected = normal_crps(mean, sd, actual)
    assert scores.crps_of_quantiles(quantiles, actual) == pytest.approx(expected, abs=0.03 * sd + 0.03 * expected)


def test_crps_of_draws_is_near_the_closed_form() -> None:
    draws = norm.ppf((np.arange(4000) + 0.5) / 4000, 150.0, 4.0)
    assert scores.crps(draws, 155.0) == pytest.approx(normal_crps(150.0, 4.0, 155.0), rel=0.01)


def test_a_point_forecast_scores_its_error() -> None:
    assert scores.crps(np.array([150.0]), 153.5) == 3.5
    assert scores.crps_of_quantiles(np.full(len(scores.PROBABILITIES), 150.0), 153.5) == pytest.approx(3.5)


def test_intervals_hold_as_often_as_they_say() -> None:
    rng = np.random.default_rng(3)
    quantiles = norm.ppf(scores.PROBABILITIES, 0.0, 1.0)
    actual = rng.standard_normal(4000)
    for level in scores.LEVELS:
        share = np.mean([scores.covered(quantiles, value, level) for value in actual])
        assert share == pytest.approx(level, abs=0.02)


def test_a_record_that_did_not_move_lies_inside() -> None:
    quantiles = scores.quantiles(np.concatenate([np.full(300, 116.49), np.linspace(116.49, 150.0, 100)]))
    assert scores.covered(quantiles, 116.49, 0.9)


def test_the_pool_prefers_the_better_forecaster_and_mixes_where_each_sees_half() -> None:
    rng = np.random.default_rng(5)
    actual = rng.normal(0.0, 1.0, 60)
    good = [rng.normal(value, 1.0, 300) for value in actual]
    bad = [rng.normal(value + 6.0, 1.0, 300) for value in actual]
    weights = stacked([good, bad], actual)
    assert weights.sum() == pytest.approx(1.0)
    assert weights[0] > 0.9
    low = [rng.normal(value - 2.0, 1.0, 300) for value in actual]
    high = [rng.normal(value + 2.0, 1.0, 300) for value in actual]
    assert stacked([low, high], actual)[0] == pytest.approx(0.5, abs=0.1)


def test_a_mixture_takes_its_parts_by_weight() -> None:
    rng = np.random.default_rng(6)
    pool = scores.mixture([np.zeros(10), np.ones(10)], [1, 3], 8000, rng)
    assert pool.mean() == pytest.approx(0.75, abs=0.02)


def test_all_scores_of_a_forecast_by_hand() -> None:
    """Quantiles from 0 to 1 at their own probabilities: the median is 0.5, the central half lies from 0.25 to 0.75."""
    values = np.asarray(scores.PROBABILITIES)
    high, inside = scores.score(values, 0.7), scores.score(values, 0.3)
    assert high["error"] == pytest.approx(-0.2), "the forecast lies below what came"
    assert inside["error"] == pytest.approx(0.2)
    assert [high["mae"], inside["mae"]] == pytest.approx([0.2, 0.2])
    assert [high[name] for name in ("in50", "in80", "in90")] == [1, 1, 1]
    assert scores.score(values, 0.8)["in50"] == 0
    assert scores.score(values, 0.8)["in80"] == 1
    assert scores.score(values, 0.96)["in90"] == 0
    assert [scores.covered(values, end, 0.5) for end in (0.25, 0.75)] == [True, True], "both ends count"
    # Integral of (p - [0.7 <= p])² over p from 0 to 1.
    assert high["crps"] == pytest.approx((0.7**3 + 0.3**3) / 3, abs=0.01)


def test_means_over_forecasts_are_of_one_forecaster_by_name() -> None:
    def row(name: str, error: float, inside: float) -> dict[str, object]:
        return {"forecast": name, "crps": abs(error) / 2, "error": error, "mae": abs(error), "in50": inside,
                "in80": 1.0, "in90": 1.0}  # fmt: skip

    found = scores.summary([row("ours", 2.0, 1.0), row("ours", -4.0, 0.0), row("naive", 100.0, 0.0)], "ours")
    assert found == {
        "n": 2, "crps": 1.5, "mae": 3, "bias": -1, "coverage50": 0.5, "coverage80": 1, "coverage90": 1
    }  # fmt: skip
    assert scores.summary([row("naive", 1.0, 1.0)], "ours") == {}
    assert scores.summary([row("naive", 1.0, 1.0)], "naive")["n"] == 1

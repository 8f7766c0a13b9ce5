"""The value of information where it can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from headway.scenarios.registry import registry
from headway.strategy.levers import levers
from headway.strategy.voi import Measurement, measurements, perfect, value_of_information


def measure(noise: float, of: str = "theta") -> Measurement:
    return Measurement(measurement="m", title="M", of=of, noise=noise, rationale="made up")


def two_choices(draws: int = 4000, seed: int = 0) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """One choice loses nothing, the other loses theta, a standard normal number."""
    theta = np.random.default_rng(seed).standard_normal(draws)
    other = np.random.default_rng(seed + 1).standard_normal(draws)
    return np.stack([np.zeros(draws), theta]), {"theta": theta, "other": other}


@pytest.mark.parametrize("noise", [0.3, 1.0, 2.0])
def test_two_choices_and_a_normal_measurement(noise: float) -> None:
    """Worth E[max(0, −E[theta | y])] = sd(E[theta | y]) φ(0), with sd² = 1 / (1 + noise²)."""
    loss, drawn = two_choices()
    (worth,) = value_of_information(loss, drawn, [measure(noise)])
    assert worth.value == pytest.approx(norm.pdf(0) / np.sqrt(1 + noise**2), abs=0.03)
    assert worth.changes == pytest.approx(0.5, abs=0.05)


def test_more_exact_is_worth_more_and_nothing_is_worth_more_than_everything() -> None:
    loss, drawn = two_choices()
    worths = [value_of_information(loss, drawn, [measure(noise)])[0].value for noise in (0.1, 0.5, 2.0)]
    assert worths[0] > worths[1] > worths[2] > 0
    assert worths[0] <= perfect(loss) + 1e-9


def test_what_does_not_bear_on_the_choice_is_worth_nothing() -> None:
    loss, drawn = two_choices()
    (worth,) = value_of_information(loss, drawn, [measure(0.1, "other")])
    assert abs(worth.value) < 0.03


def test_a_large_variance_without_a_choice_is_worth_nothing() -> None:
    """Not a ranking of variances: theta moves both choices alike, so knowing it changes nothing."""
    _, drawn = two_choices()
    shared = np.stack([100 * drawn["theta"], 100 * drawn["theta"] + 1])
    (worth,) = value_of_information(shared, drawn, [measure(0.1)])
    assert worth.value == 0
    assert worth.changes == 0


def test_every_shipped_measurement_tells_of_something_that_is_drawn() -> None:
    known = {*registry().parameters, *(f"lever/{name}" for name in levers().effect_names)}
    assert {one.of for one in measurements()} <= known

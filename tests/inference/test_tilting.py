"""Rows of a posterior are weighed towards the forecast as little as that needs; the shipped weights are current."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.evidence import open_evidence
from headway.inference import record, storage, tilting
from headway.inference.posterior import TILT, as_draws, untilted
from headway.inference.releases import scored_releases

DAY = dt.date(2023, 12, 31)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(-1.2, 1.2))
def test_the_mean_becomes_the_target_and_weights_stay_as_equal_as_they_can(seed: int, shift: float) -> None:
    values = np.random.default_rng(seed).normal(150, 4, 400)
    found = tilting.tilted(values, float(values.mean() + shift * values.std()))
    assert found.weight.sum() == pytest.approx(1)
    assert found.after == pytest.approx(found.target, abs=1e-4)
    order = np.argsort(values)
    ratio = np.diff(np.log(found.weight[order])) / np.diff(values[order])
    assert np.ptp(ratio) < 1e-3  # log weights are linear in the values: relative entropy is least
    assert 0 < found.effective <= 1 + 1e-12


def test_a_target_out_of_reach_is_approached_only_so_far() -> None:
    values = np.random.default_rng(0).normal(150, 4, 400)
    for target in (100.0, 300.0):
        found = tilting.tilted(values, target)
        assert found.effective == pytest.approx(tilting.LEAST, rel=1e-3)
        assert (found.after > found.before) == (target > found.before)


def test_equal_values_keep_equal_weights() -> None:
    found = tilting.tilted(np.full(10, 3.0), 5.0)
    np.testing.assert_allclose(found.weight, 0.1)


def test_resampling_draws_each_row_as_often_as_it_weighs() -> None:
    draws = untilted(storage.read(storage.path_of(DAY)), record.weights())
    weight = np.zeros(len(draws))
    weight[[3, 7]] = 0.25, 0.75
    slopes, counts = np.unique(draws.resampled(weight).values["slope"], return_counts=True)
    share = dict(zip(slopes, counts / len(draws), strict=True))
    assert share[draws.values["slope"][3]] == pytest.approx(0.25, abs=0.01)
    assert share[draws.values["slope"][7]] == pytest.approx(0.75, abs=0.01)


@pytest.mark.parametrize("day", storage.dates())
def test_every_shipped_posterior_is_weighed_with_the_settings_of_the_shipped_record(day: dt.date) -> None:
    posterior = storage.read(storage.path_of(day))
    assert posterior.record[TILT]["readings"] == record.weights()
    assert posterior.record[TILT]["after"] == pytest.approx(posterior.record[TILT]["target"], abs=0.05)
    assert len(np.unique(as_draws(posterior).values["slope"])) > len(as_draws(posterior)) * tilting.LEAST


def test_the_shipped_weights_are_made_again() -> None:
    posterior = storage.read(storage.path_of(DAY))
    again = tilting.tilt(open_evidence(DAY), scored_releases(open_evidence()), posterior)
    np.testing.assert_allclose(again.draws[TILT]["weight"], posterior.draws[TILT]["weight"], rtol=1e-3, atol=1e-6)


def test_the_baseline_scenario_holds_its_intervals_in_the_hindcast() -> None:
    shipped = record.stored()
    assert shipped is not None
    row = shipped["summary"][record.BASELINE_SCENARIO]
    assert row["coverage90"] > 0.8
    assert abs(row["bias"]) < 1

"""Naive forecasts on a series that can be worked by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from made_data import made, made_releases

from headway.inference.baselines import BASELINES, NaiveSeries, known_series, series

# Leader: 100, 103, … one step of 3 a quarter; follower 6 behind, i.e. two quarters late.
TIMES = (np.arange(6) + 1) / 4
VALUES = np.array([100.0 + 3.0 * np.arange(6), 94.0 + 3.0 * np.arange(6)])
HAND = NaiveSeries(TIMES, VALUES, leader=0, releasing=np.array([True, True]))


@pytest.mark.parametrize(
    ("name", "row", "expected"),
    [
        ("persistence", 1, 109.0),
        ("own 12-month drift", 1, 109.0 + 12.0 * 0.5),
        ("leader shifted by the lag", 1, 115.0),
        ("leader shifted by the lag", 0, 115.0 + 6.0),
        ("gap held", 1, 115.0),
        ("9 a year", 1, 109.0 + 4.5),
        ("12 a year", 1, 109.0 + 6.0),
        ("pooled drift", 1, 109.0 + 0.5 * (0.5 * 9.0 + 0.5 * 12.0)),
    ],
)
def test_half_a_year_ahead(name: str, row: int, expected: float) -> None:
    assert BASELINES[name](HAND, row, 0.5) == pytest.approx(expected)


def test_a_series_shorter_than_a_year_takes_the_pooled_drift() -> None:
    values = VALUES.copy()
    values[1, :4] = np.nan
    short = NaiveSeries(TIMES, values, 0, HAND.releasing)
    assert short.own_drift(1) == pytest.approx(12.0)


def test_a_country_that_stopped_releasing_takes_no_part_in_the_pooled_drift() -> None:
    silent = np.vstack([VALUES, np.full(6, 90.0)])
    found = NaiveSeries(TIMES, silent, 0, np.array([True, True, False]))
    assert found.pooled_recent() == pytest.approx(12.0)
    assert BASELINES["pooled drift"](found, 2, 1.0) == pytest.approx(90.0 + 0.5 * 9.0 + 0.5 * 12.0)


def test_series_end_on_the_day_of_what_is_known() -> None:
    """One release a quarter, rising 2.5: three months apart, carried flat through silence."""
    known = made_releases(quarters=8).until(dt.date(2024, 12, 31))
    found = known_series(known, ("AAA", "BBB"))
    assert found.times[-1] == pytest.approx(2025.0, abs=0.01)
    assert found.values[0, -5:] == pytest.approx(120.0 + 2.5 * np.arange(4, 9))
    assert found.leader == 0
    assert found.own_drift(1) == pytest.approx(10.0)
    later = known_series(replace(known, as_of=dt.date(2025, 6, 30)), ("AAA", "BBB"))
    assert (later.values[0, -3:] == 140.0).all()


def test_a_country_without_a_score_has_none_in_the_series() -> None:
    assert np.isnan(series(made(quarters=6)).values[2]).all()

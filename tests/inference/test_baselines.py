"""Naive forecasts on a series that can be worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from made_data import made

from headway.inference.baselines import BASELINES, NaiveSeries, series

# Leader: 100, 103, … one step of 3 a quarter; follower 6 behind, i.e. two quarters late.
TIMES = (np.arange(6) + 1) / 4
VALUES = np.array([100.0 + 3.0 * np.arange(6), 94.0 + 3.0 * np.arange(6)])
HAND = NaiveSeries(TIMES, VALUES, leader=0)


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
    short = NaiveSeries(TIMES, values, leader=0)
    assert short.own_drift(1) == pytest.approx(12.0)


def test_silence_carries_the_record_flat() -> None:
    data = made(quarters=6)
    longer = series(data, until=data.last + 2)
    assert longer.values[0, -1] == longer.values[0, 5]
    assert np.isnan(longer.values[2]).all()

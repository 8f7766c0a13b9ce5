"""Lags of a country behind the best of all others."""

from __future__ import annotations

import numpy as np
import pytest

from headway.inference.paths import LevelPaths, lags


def paths(sovereign: np.ndarray) -> LevelPaths:
    nothing = np.full_like(sovereign, np.nan)
    names = tuple("ABCDEF"[: sovereign.shape[1]])
    return LevelPaths(0, sovereign.shape[2] - 1, names, sovereign, nothing, nothing)


def test_lag_of_a_follower_two_quarters_late() -> None:
    leader = 100.0 + 3.0 * np.arange(8)
    both = np.stack([leader, leader - 6.0])[None]
    assert lags(paths(both), 1)[0, -1] == pytest.approx(6.0)
    assert lags(paths(both), 0)[0, -1] == pytest.approx(-6.0)


def test_lag_between_two_quarters_is_interpolated() -> None:
    leader = 100.0 + 3.0 * np.arange(8)
    both = np.stack([leader, leader - 4.5])[None]
    assert lags(paths(both), 1)[0, -1] == pytest.approx(4.5)


def test_a_lag_behind_the_first_quarter_is_cut_there() -> None:
    both = np.stack([np.full(8, 100.0), np.full(8, 50.0)])[None]
    assert lags(paths(both), 1)[0, -1] == pytest.approx(21.0)

"""Lags, records and what silence does to them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.inference.paths import LevelPaths, lags, published, running_best


def paths(sovereign: np.ndarray) -> LevelPaths:
    nothing = np.full_like(sovereign, np.nan)
    names = tuple("ABCDEF"[: sovereign.shape[1]])
    return LevelPaths(0, sovereign.shape[2] - 1, names, sovereign, nothing, nothing, nothing, nothing[:, 0])


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


@given(st.integers(0, 1000))
def test_the_published_record_never_falls_and_never_leads_what_was_built(seed: int) -> None:
    rng = np.random.default_rng(seed)
    level = running_best(120.0 + np.cumsum(rng.normal(1.0, 2.0, (20, 2, 6)), axis=2))
    live = np.array([[True, True, False], [False, False, False]])
    best = np.array([110.0, np.nan])
    record = published(level, best, live, 0, rng)
    steps = np.diff(record, axis=2)
    assert not (steps < 0).any()
    assert (np.nan_to_num(record, nan=-1.0) <= np.fmax(level, 110.0)).all()


def test_a_silent_country_keeps_its_record() -> None:
    rng = np.random.default_rng(0)
    level = np.full((400, 1, 5), 200.0)
    record = published(level, np.array([116.0]), np.zeros((1, 40), dtype=bool), 0, rng)
    assert (record[:, 0, -1] == 116.0).mean() > 0.85

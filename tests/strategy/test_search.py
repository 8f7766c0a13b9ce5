"""Mixes, corners and what no other beats."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from headway.core.periods import Grid
from headway.strategy.levers import levers
from headway.strategy.sampling import PHASES, corners, mixes, phased, within_budget
from headway.strategy.search import undominated

GRID = Grid.between("2025Q4", "2035Q4")
DAYS = (dt.date(2027, 1, 1), dt.date(2031, 1, 1))
TABLES = arrays(np.float64, st.tuples(st.integers(1, 12), st.integers(1, 4)), elements=st.floats(-5, 5))


@given(arrays(np.float64, (3, PHASES, 8), elements=st.floats(0, 1)))
def test_no_mix_spends_more_than_the_budget(raw: np.ndarray) -> None:
    shares = within_budget(raw)
    assert (shares.sum(axis=-1) <= 1 + 1e-9).all()
    money = phased(shares, 0.5, GRID, DAYS)
    assert (money.sum(axis=-1) <= 0.5 + 1e-9).all()


def test_phases_begin_on_their_days() -> None:
    shares = np.zeros((1, PHASES, 8))
    shares[0, 0, 0] = shares[0, 1, 1] = 1
    money = phased(shares, 2.0, GRID, DAYS)[0]
    row = GRID.names.index
    assert money[row("2026Q3")].sum() == 0
    assert money[row("2027Q1"), 0] == 2
    assert money[row("2031Q1"), 1] == 2
    assert money[row("2031Q1"), 0] == 0


def test_mixes_reach_the_corners_of_the_space() -> None:
    found = mixes(500, 8, 0)
    assert found.shape == (500, PHASES, 8)
    assert (found.max(axis=(0, 1)) > 0.6).all()
    assert (found.min(axis=(0, 1)) < 0.01).all()


def test_corners_are_levers_alone_and_in_pairs() -> None:
    found = corners(levers(), DAYS[0])
    assert len(found) == 8 + 28
    assert len({one.strategy for one in found}) == len(found)
    assert all(sum(mix.values()) == pytest.approx(1) for one in found for mix in one.mix.values())


@given(TABLES)
def test_what_is_left_beats_one_another_nowhere_and_all_others_somewhere(losses: np.ndarray) -> None:
    left = undominated(losses)
    assert left.any()
    for i in np.flatnonzero(~left):
        worse = (losses[left] <= losses[i]).all(axis=1) & (losses[left] < losses[i]).any(axis=1)
        assert worse.any()

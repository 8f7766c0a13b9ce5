"""Winsorisation and transformation, cell by cell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indexes import flat, table

from headway.standing.build import build
from headway.standing.moments import kurtosis, skewness
from headway.standing.sheet import Mark, mark_words
from headway.standing.treat import boxcox, fails, log_shifted, treat, winsorise


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)[:, None]


HOPELESS = column(*np.linspace(1, 2, 25), 1e3, 1e6, 1e9)
OUTLYING = column(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30, 100)


def test_one_point_is_pulled_to_the_next() -> None:
    assert fails(OUTLYING)[0]
    x, marks = winsorise(OUTLYING)
    np.testing.assert_array_equal(x[:, 0], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 30, 30])
    assert not fails(x)[0]
    assert marks[:, 0].tolist() == [0] * 11 + [Mark.WINSORISED_HIGH]


def test_low_outliers_are_pulled_up() -> None:
    x, marks = winsorise(-OUTLYING)
    np.testing.assert_array_equal(x[-2:, 0], [-30, -30])
    assert marks[-1, 0] == Mark.WINSORISED_LOW


def test_the_count_is_of_cells_touched_and_ties_may_exceed_it() -> None:
    x = column(*range(20), 1000, 1000, 1000)
    once, marks = winsorise(x, winmax=2, skew=0.01, kurt=-5)
    assert (marks == Mark.WINSORISED_HIGH).sum() == 3
    assert once.max() == 19


def test_it_stops_at_winmax() -> None:
    x = column(1, 1, 1, 1, 2, 4, 8, 16, 1e3, 1e6, 1e9)
    assert (winsorise(x, winmax=1)[1] > 0).sum() == 1
    np.testing.assert_array_equal(winsorise(x, winmax=0)[0], x)


def test_what_still_fails_is_logged_from_the_original_values() -> None:
    x = HOPELESS
    treated, marks = treat(x, winmax=1)
    np.testing.assert_allclose(treated, np.log(x - 1 + 0.01 * (1e9 - 1)), rtol=0, atol=0)
    assert (marks == Mark.TRANSFORMED).all()
    kept, _ = treat(x, winmax=1, transform="none")
    np.testing.assert_array_equal(kept, winsorise(x, winmax=1)[0])


def test_the_combined_treatment_logs_the_winsorised_values() -> None:
    x = HOPELESS
    treated, marks = treat(x, winmax=1, combine=True)
    pulled = winsorise(x, winmax=1)[0]
    np.testing.assert_array_equal(treated, log_shifted(pulled))
    assert marks[-1, 0] == Mark.TRANSFORMED | Mark.WINSORISED_HIGH


def test_a_well_behaved_column_is_left_alone() -> None:
    x = np.random.default_rng(1).normal(size=(50, 1))
    treated, marks = treat(x)
    np.testing.assert_array_equal(treated, x)
    assert not marks.any()


def test_gaps_stay_gaps() -> None:
    x = np.vstack([OUTLYING, [[np.nan]]])
    treated, marks = treat(x, winmax=0)
    assert np.isnan(treated[-1, 0])
    assert marks[-1, 0] == 0


def test_logs_by_hand() -> None:
    x = column(0, 50, 100)
    np.testing.assert_allclose(log_shifted(x)[:, 0], np.log([1, 51, 101]))
    left = column(100, 99, 98, 0)
    np.testing.assert_allclose(log_shifted(left, mirrored=True)[:, 0], -np.log([1, 2, 3, 101]))
    np.testing.assert_array_equal(log_shifted(column(2, 2, 2)), column(2, 2, 2))


def test_box_cox_by_hand() -> None:
    np.testing.assert_allclose(boxcox(column(5, 6, 8), 2)[:, 0], [0, 1.5, 7.5])
    np.testing.assert_allclose(boxcox(column(5, 6, 8), 0)[:, 0], np.log([1, 2, 4]))


def test_batches_are_treated_member_by_member() -> None:
    x = np.exp(2 * np.random.default_rng(2).normal(size=(4, 30, 3)))
    whole, marks = treat(x)
    for i in range(4):
        one, own = treat(x[i])
        np.testing.assert_array_equal(whole[i], one)
        np.testing.assert_array_equal(marks[i], own)


@settings(max_examples=50)
@given(st.integers(0, 10_000), st.integers(1, 6))
def test_winsorising_never_widens_and_keeps_order(seed: int, winmax: int) -> None:
    x = np.exp(1.5 * np.random.default_rng(seed).normal(size=(25, 1)))
    y, marks = winsorise(x, winmax)
    assert x.min() <= y.min() <= y.max() <= x.max()
    order = np.argsort(x[:, 0])
    assert (np.diff(y[order, 0]) >= 0).all()
    assert ((y != x) <= (marks > 0)).all()


def test_thresholds_are_at_least_not_above() -> None:
    x = OUTLYING
    exactly = float(skewness(x)[0]), float(kurtosis(x)[0])
    assert fails(x, *exactly)[0]
    assert not fails(x, np.nextafter(exactly[0], 99), exactly[1])[0]


@pytest.mark.parametrize("force", [True, False])
def test_forced_winsorisation_goes_on_to_its_limit(force: bool) -> None:
    x = np.arange(20.0)[:, None]
    assert (winsorise(x, 3, force=force)[1] > 0).sum() == (3 if force else 0)


def test_values_below_the_bottom_are_set_to_it_before_anything_else() -> None:
    spec = flat(2, [{"treat": {"winmax": 0, "transform": "none", "per": {"a": {"bottom": 3}}}}, "normalise"])
    index = build(spec, table([[1, 1], [2, 2], [3, 3], [5, 5]]))
    assert index.stages["treat"].values.tolist() == [[3, 1], [3, 2], [3, 3], [5, 5]]
    assert [mark_words(int(mark)) for mark in index.stages["treat"].marks[:, 0]] == ["winsorised low"] * 2 + [""] * 2

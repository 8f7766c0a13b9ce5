"""Regret and robustness against their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from headway.strategy import robustness

TABLES = arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 20)), elements=st.floats(-1e3, 1e3))


def test_savages_example_by_hand() -> None:
    loss = np.asarray([[0.0, 9.0], [4.0, 4.0], [7.0, 0.0]])
    np.testing.assert_array_equal(robustness.regret(loss), [[0, 9], [4, 4], [7, 0]])
    assert robustness.least_regret(loss) == 1


def test_measures_by_hand() -> None:
    hundred = np.arange(101.0)[None]
    assert [float(end[0]) for end in robustness.within(hundred)] == pytest.approx([5, 95])
    assert [float(end[0]) for end in robustness.within(hundred, 0.5)] == pytest.approx([25, 75])
    four = np.asarray([[1.0, 2.0, 3.0, 6.0], [4.0, 4.0, 4.0, 4.0]])
    assert robustness.expected(four).tolist() == [3, 4]
    assert robustness.worst(four).tolist() == [6, 4]
    assert robustness.satisficing(four, 2.0).tolist() == [0.5, 0]
    assert robustness.satisficing(four, 2.0, at_most=False).tolist() == [0.75, 1]


def test_regret_of_a_share_of_the_futures_and_against_others() -> None:
    """The first choice regrets 0, 0 and 9, the second 1, 1 and 0: half of the futures prefer the first, all the second.

    Against a choice that is not in the table, which loses 0, 1 and 2, they regret 0, 0, 9 and 1, 1, 0.
    """
    loss = np.asarray([[0.0, 1.0, 11.0], [1.0, 2.0, 2.0]])
    assert robustness.largest_regret(loss).tolist() == [9, 1]
    assert robustness.largest_regret(loss, 0.5).tolist() == [0, 1]
    assert (robustness.least_regret(loss), robustness.least_regret(loss, 0.5)) == (1, 0)
    assert robustness.largest_regret(loss[:1], best=[0.0, 1.0, 2.0]).tolist() == [9]
    assert robustness.regret(loss, [-1.0, 0.0, 2.0]).tolist() == [[1, 1, 9], [2, 2, 0]]
    assert robustness.least_regret([[2.0], [1.0], [1.0]]) == 1, "the first of those that tie"


@given(TABLES)
def test_somebody_has_no_regret_in_every_future_and_nobody_less(loss: np.ndarray) -> None:
    table = robustness.regret(loss)
    assert (table >= 0).all()
    assert (table.min(axis=0) == 0).all()


@given(TABLES, st.data())
def test_what_all_choices_share_leaves_no_regret(loss: np.ndarray, data: st.DataObject) -> None:
    shared = data.draw(arrays(np.float64, loss.shape[1], elements=st.floats(-100, 100)))
    np.testing.assert_allclose(robustness.regret(loss + shared), robustness.regret(loss), atol=1e-9)


@given(TABLES, st.integers(0, 5))
def test_a_worse_choice_changes_nobodys_regret(loss: np.ndarray, which: int) -> None:
    worse = np.vstack([loss, loss[which % len(loss)] + 1])
    np.testing.assert_allclose(robustness.regret(worse)[:-1], robustness.regret(loss), atol=1e-9)
    assert robustness.least_regret(worse) == robustness.least_regret(loss)


@given(TABLES, st.floats(0.01, 100))
def test_regret_has_the_unit_of_the_loss(loss: np.ndarray, scale: float) -> None:
    np.testing.assert_allclose(
        robustness.largest_regret(scale * loss), scale * robustness.largest_regret(loss), rtol=1e-6
    )


@given(TABLES)
def test_largest_regret_grows_with_the_share_of_futures(loss: np.ndarray) -> None:
    assert (robustness.largest_regret(loss, 0.5) <= robustness.largest_regret(loss, 0.9) + 1e-9).all()
    assert (robustness.largest_regret(loss, 0.9) <= robustness.largest_regret(loss) + 1e-9).all()


def test_a_line_is_no_table() -> None:
    with pytest.raises(ValueError, match="table of choices by futures"):
        robustness.regret([1.0, 2.0])
    with pytest.raises(ValueError, match=r"its shape is \(0, 3\)"):
        robustness.regret(np.empty((0, 3)))


@given(TABLES, st.floats(-1e3, 1e3))
def test_shares_above_and_below_a_bound_add_up(values: np.ndarray, bound: float) -> None:
    below = robustness.satisficing(values, bound)
    above = robustness.satisficing(values, np.nextafter(bound, np.inf), at_most=False)
    np.testing.assert_allclose(below + above, 1)


@given(TABLES)
def test_the_mean_lies_between_the_ends(values: np.ndarray) -> None:
    low, high = robustness.within(values, 1.0)
    mean = robustness.expected(values)
    assert (low <= mean + 1e-6).all()
    assert (mean <= high + 1e-6).all()
    np.testing.assert_array_equal(robustness.worst(values), high)

"""Moments and ranks against spreadsheets' formulas, SciPy, and tables worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from headway.standing import moments as m

columns = st.lists(st.floats(-1e6, 1e6, allow_nan=False), min_size=5, max_size=40)


@given(columns)
def test_type_2_moments_agree_with_scipy(values: list[float]) -> None:
    x = np.array(values)
    if np.std(x) < 1e-3 * (1 + np.abs(x).max()):
        return
    assert m.skewness(x[:, None])[0] == pytest.approx(stats.skew(x, bias=False), rel=1e-9, abs=1e-9)
    assert m.kurtosis(x[:, None])[0] == pytest.approx(stats.kurtosis(x, bias=False), rel=1e-9, abs=1e-9)


def test_moments_as_in_a_spreadsheet() -> None:
    """SKEW and KURT of the example that spreadsheet manuals print: 3, 4, 5, 2, 3, 4, 5, 6, 4, 7."""
    x = np.array([[3, 4, 5, 2, 3, 4, 5, 6, 4, 7]], dtype=float).T
    assert m.skewness(x)[0] == pytest.approx(0.359543071, abs=1e-9)
    assert m.kurtosis(x)[0] == pytest.approx(-0.151799637, abs=1e-9)


def test_too_few_values_have_no_moments() -> None:
    x = np.array([[1.0, 1.0], [2.0, 2.0], [np.nan, 4.0]])
    assert np.isnan(m.skewness(x)[0])
    assert not np.isnan(m.skewness(x)[1])
    assert np.isnan(m.kurtosis(x)).all()


def test_a_constant_column_has_no_shape() -> None:
    assert np.isnan(m.skewness(np.ones((6, 1)))).all()


def test_missing_values_are_left_out() -> None:
    x = np.array([1.0, 5.0, 2.0, 9.0, 4.0])
    with_gaps = np.array([1.0, np.nan, 5.0, 2.0, 9.0, np.nan, 4.0])
    for f in (m.skewness, m.kurtosis, m.mean, m.deviation):
        assert f(x[:, None])[0] == f(with_gaps[:, None])[0]


def test_batches_are_computed_member_by_member() -> None:
    x = np.random.default_rng(0).normal(size=(3, 7, 2))
    for f in (m.skewness, m.kurtosis, m.mean, m.deviation):
        np.testing.assert_array_equal(f(x)[1], f(x[1]))


def test_ranks_share_the_smallest_and_keep_gaps() -> None:
    x = np.array([10.0, 30.0, np.nan, 30.0, 20.0])
    np.testing.assert_array_equal(m.descending_ranks(x), [4, 1, np.nan, 1, 3])
    np.testing.assert_array_equal(m.ascending_ranks(x[:, None])[:, 0], [1, 3, np.nan, 3, 2])


@given(st.lists(st.integers(0, 5), min_size=1, max_size=12))
def test_descending_ranks_agree_with_scipy(values: list[int]) -> None:
    x = np.array(values, dtype=float)
    np.testing.assert_array_equal(m.descending_ranks(x), stats.rankdata(-x, method="min"))


@given(st.integers(0, 1000), st.floats(0, 1))
def test_quantiles_are_of_type_7_and_leave_gaps_out(seed: int, p: float) -> None:
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(11, 3))
    x[rng.random(x.shape) < 0.2] = np.nan
    x[0] = 0.0
    np.testing.assert_allclose(m.quantiles(x, (p,))[0], np.nanquantile(x, p, axis=0), atol=1e-12)
    assert np.isnan(m.quantiles(np.full((4, 1), np.nan), (0.5,))).all()

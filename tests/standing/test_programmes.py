"""Kemeny orders and benefit of the doubt: linear and integer programmes against brute force and known duals."""

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indexes import flat, sample, table

from headway.core.errors import InputError
from headway.standing.benefit_of_doubt import benefit_of_the_doubt
from headway.standing.build import build
from headway.standing.outranking import _local_search, kemeny, outranking


def cost(share: np.ndarray, order: tuple[int, ...]) -> float:
    return float(sum(share[order[j], order[i]] for i in range(len(order)) for j in range(i + 1, len(order))))


def brute(x: np.ndarray, w: np.ndarray) -> float:
    share = outranking(x, w).share
    return min(cost(share, order) for order in permutations(range(len(x))))


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_kemeny_is_no_worse_than_any_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, w = rng.integers(0, 6, size=(6, 5)).astype(float), rng.random(5)
    found = kemeny(x, w)
    assert found.exact
    assert found.cost == pytest.approx(brute(x, w), abs=1e-9)


def test_a_condorcet_circle() -> None:
    """Three voters, a > b > c, b > c > a, c > a > b: every order contradicts the same; the first voter weighs more."""
    x = np.array([[3.0, 1.0, 2.0], [2.0, 3.0, 1.0], [1.0, 2.0, 3.0]])
    found = kemeny(x, np.array([0.4, 0.3, 0.3]))
    assert found.scores.tolist() == [2, 1, 0]
    assert found.cost == pytest.approx(0.3 + 0.3 + 0.6)


def test_thirty_units_in_circles_are_exact() -> None:
    rng = np.random.default_rng(0)
    found = kemeny(rng.random((30, 7)), np.ones(7))
    assert found.exact
    assert sorted(found.scores) == list(range(30))


def test_more_units_without_circles_are_exact_too() -> None:
    x = np.arange(80.0)[:, None] + np.random.default_rng(0).normal(scale=0.4, size=(80, 3))
    assert kemeny(x, np.ones(3)).exact


def test_beyond_thirty_in_circles_it_is_a_heuristic_and_says_so() -> None:
    x = np.random.default_rng(1).random((60, 9))
    index = build(flat(8, aggregate="kemeny"), table(x[:, :8]))
    assert any("heuristic, not proven" in words for words in index.remarks)


def test_the_heuristic_comes_close_to_the_optimum() -> None:
    x, w = np.random.default_rng(2).random((14, 6)), np.ones(6)
    share = outranking(x, w).share
    assert cost(share, tuple(_local_search(share))) <= 1.01 * kemeny(x, w).cost


def test_even_neighbours_share_a_score_and_the_empty_have_none() -> None:
    x = np.array([[2.0, 2.0], [2.0, 2.0], [1.0, 1.0], [np.nan, np.nan]])
    np.testing.assert_array_equal(kemeny(x, np.ones(2)).scores, [2, 2, 0, np.nan])


def test_doubt_without_limits_lets_the_best_of_any_child_score_one() -> None:
    x = np.array([[1.0, 0.2], [0.2, 1.0], [0.5, 0.5]])
    found = benefit_of_the_doubt(x)
    np.testing.assert_allclose(found.scores, [1, 1, 0.5 / 0.6])


def test_share_limits_bind() -> None:
    x = np.array([[1.0, 0.2], [0.2, 1.0], [0.5, 0.5]])
    found = benefit_of_the_doubt(x, lower=0.3, upper=0.7)
    assert (found.shares > 0.3 - 1e-9).all()
    assert (found.shares < 0.7 + 1e-9).all()
    assert found.scores[0] < 1


def test_impossible_limits_and_scores_are_refused() -> None:
    with pytest.raises(InputError, match="no weights of 2 children"):
        benefit_of_the_doubt(np.ones((3, 2)), lower=0.6)
    with pytest.raises(InputError, match="zero or more"):
        benefit_of_the_doubt(-np.ones((3, 2)))


def test_gaps_get_no_weight() -> None:
    x = np.array([[1.0, np.nan], [0.5, 1.0], [np.nan, np.nan], [0.0, 0.0]])
    found = benefit_of_the_doubt(x)
    assert found.scores[0] == pytest.approx(1)
    assert np.isnan(found.scores[2])
    assert found.scores[3] == 0


@settings(max_examples=20)
@given(st.integers(0, 1000))
def test_doubt_does_not_depend_on_units_of_measurement(seed: int) -> None:
    x = 0.1 + sample(12, 3, seed)
    one, other = benefit_of_the_doubt(x).scores, benefit_of_the_doubt(x * [1, 10, 0.1]).scores
    np.testing.assert_allclose(one, other, atol=1e-7)
    assert one.max() == pytest.approx(1)


def test_the_most_even_of_equally_good_weights() -> None:
    """The best in everything may choose any weights: it gets even ones; others keep their scores."""
    x = np.array([[1.0, 1.0, 1.0], [0.5, 0.9, 0.2], [0.3, 0.1, 0.8]])
    found, even = benefit_of_the_doubt(x), benefit_of_the_doubt(x, even=True)
    np.testing.assert_allclose(even.scores, found.scores)
    np.testing.assert_allclose(even.shares[0], 1 / 3, atol=1e-6)
    np.testing.assert_allclose(even.shares.sum(axis=1), 1, atol=1e-6)

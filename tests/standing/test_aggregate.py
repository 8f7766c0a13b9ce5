"""Aggregations by hand, with gaps, and their order-theoretic invariants."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indexes import flat, sample, table

from headway.core.errors import InputError
from headway.standing import aggregate as ag
from headway.standing.build import build
from headway.standing.outranking import copeland, outranking

X = np.array([[2.0, 8.0], [4.0, 4.0], [1.0, np.nan]])
W = np.array([1.0, 3.0])


def test_means_by_hand_leave_gaps_out() -> None:
    np.testing.assert_allclose(ag.weighted_mean(X, W), [6.5, 4, 1])
    np.testing.assert_allclose(ag.geometric(X, W), [2 ** (1 / 4 + 9 / 4), 4, 1])
    np.testing.assert_allclose(ag.harmonic(X, W), [4 / (1 / 2 + 3 / 8), 4, 1])
    np.testing.assert_allclose(ag.power(X, W, 2), [np.sqrt((4 + 3 * 64) / 4), 4, 1])
    np.testing.assert_allclose(ag.power(X, W, 0), ag.geometric(X, W))
    assert np.isnan(ag.weighted_mean(np.array([[np.nan, np.nan]]), W)).all()


def test_without_any_weight_there_is_no_mean() -> None:
    with np.errstate(all="raise"):
        assert np.isnan(ag.weighted_mean(X, np.zeros(2))).all()
        assert np.isnan(ag.weighted_mean(X[:2], np.zeros(2))).all()


def test_scores_of_a_node_on_a_scale_of_their_own() -> None:
    """Means 2, 4 and 8: goalposts at 2 and 6 give 0, 50 and 100, the last of them cut; min-max 0, 100/3 and 100."""
    x = np.array([[1.0, 3.0], [4.0, 4.0], [6.0, 10.0]])
    posts = {"method": "goalposts", "low": 2, "high": 6, "lower": 0, "upper": 100}
    for rescale, wanted in (
        (posts, [0, 50, 100]),
        ({**posts, "cap": False}, [0, 50, 150]),
        ({"method": "minmax"}, [0, 100 / 3, 100]),
    ):
        assert build(flat(2, [], rescale=rescale), table(x)).scores["top"] == pytest.approx(wanted)
    assert build(flat(2, [], rescale=posts), table(np.full((3, 2), 4.0))).scores["top"] == pytest.approx([50] * 3)
    with pytest.raises(InputError, match="its scores are all 4, so minmax cannot rescale them"):
        build(flat(2, [], rescale={"method": "minmax"}), table(np.full((3, 2), 4.0)))


def test_batches_of_weights_and_of_scores_agree() -> None:
    x, w = sample(12, 3), np.random.default_rng(0).random((5, 3))
    many = ag.weighted_mean(x, w)
    for i in range(5):
        np.testing.assert_allclose(many[i], ag.weighted_mean(x, w[i]))
    stacked = np.stack([x, 2 * x])
    np.testing.assert_allclose(ag.weighted_mean(stacked, w[:2])[1], 2 * ag.weighted_mean(x, w[1]))


def test_mazziotta_pareto_by_hand() -> None:
    """Scores 90 and 110: mean 100, sd 10, cv 0.1: 99 downwards, 101 upwards; a balanced unit keeps its mean."""
    x, w = np.array([[90.0, 110.0], [100.0, 100.0]]), np.ones(2)
    np.testing.assert_allclose(ag.mazziotta_pareto(x, w), [99, 100])
    np.testing.assert_allclose(ag.mazziotta_pareto(x, w, penalty=1), [101, 100])


def test_outranking_by_hand() -> None:
    x = np.array([[3.0, 1.0, 2.0], [2.0, 2.0, 2.0], [1.0, 3.0, np.nan]])
    w = np.array([0.5, 0.3, 0.2])
    share = outranking(x, w).share
    np.testing.assert_allclose(share[0], [0, 0.5 + 0.1, 0.5 / 0.8])
    np.testing.assert_allclose(share[1], [0.4, 0, 0.5 / 0.8])
    np.testing.assert_allclose(share[2], [0.3 / 0.8, 0.3 / 0.8, 0])


def test_copeland_by_hand_and_by_majority() -> None:
    x = np.array([[3.0, 1.0], [2.0, 2.0], [1.0, 3.0]])
    scores, missing = copeland(x, np.array([0.75, 0.25]))
    np.testing.assert_allclose(scores, [1.5, 1.0, 0.5])
    assert not missing.any()
    np.testing.assert_allclose(copeland(x, np.array([0.75, 0.25]), majority=True)[0], [2, 1, 0])
    np.testing.assert_allclose(copeland(x, np.array([0.5, 0.5]), majority=True)[0], [1, 1, 1])


def test_copeland_with_gaps_does_not_depend_on_the_order_of_rows() -> None:
    x = sample(15, 5, missing=0.4)
    scores, missing = copeland(x, np.arange(1.0, 6))
    order = np.random.default_rng(1).permutation(15)
    shuffled, also = copeland(x[order], np.arange(1.0, 6))
    np.testing.assert_allclose(shuffled, scores[order])
    np.testing.assert_array_equal(also, missing[order])


def test_copeland_with_and_without_the_short_cut_agree() -> None:
    x, w = np.round(sample(20, 4), 1), np.array([1.0, 2.0, 3.0, 4.0])
    fast = copeland(x, w)[0]
    slow = outranking(x, w).share.sum(axis=1)
    np.testing.assert_allclose(fast, slow)


def test_missing_comparisons_are_counted_and_even() -> None:
    x = np.array([[1.0, np.nan], [np.nan, 1.0], [2.0, 2.0]])
    scores, missing = copeland(x, np.ones(2))
    np.testing.assert_allclose(scores, [0.5, 0.5, 2])
    assert missing.tolist() == [1, 1, 0]
    index = build(flat(2, [], aggregate="copeland"), table(x))
    assert "node 'top': 1 pairs of units share no child and count as even" in index.remarks


def test_dominance_counts_pairs() -> None:
    x = np.array([[3.0, 3.0], [2.0, 2.0], [1.0, 2.5]])
    assert outranking(x, np.ones(2)).dominance == pytest.approx(2 / 3)


@pytest.mark.parametrize("method", ["geometric", "harmonic", "mazziotta_pareto"])
def test_what_a_mean_cannot_take_names_node_child_and_unit(method: str) -> None:
    with pytest.raises(InputError, match=r"node 'top': .* needs positive scores, but 'b' of u001 is 0;"):
        build(flat(2, [], aggregate=method), table([[1.0, 2.0], [3.0, 0.0]]))


def test_the_least_share_of_data_makes_a_node_missing() -> None:
    x = np.array([[1.0, 2.0, 3.0], [1.0, np.nan, 3.0], [1.0, np.nan, np.nan], [0.0, 1.0, 2.0]])
    index = build(flat(3, [], minimum_data=0.5), table(x))
    np.testing.assert_array_equal(np.isnan(index.scores["top"]), [False, False, True, False])
    assert any("1 rows have too little data for a score: u002" in words for words in index.remarks)


@settings(max_examples=60)
@given(
    st.integers(0, 10_000),
    st.sampled_from(["arithmetic", "geometric", "harmonic", "copeland"]),
    st.integers(0, 9),
    st.integers(0, 2),
)
def test_doing_better_never_lowers_the_rank(seed: int, method: str, unit: int, child: int) -> None:
    x = np.round(1 + sample(10, 3, seed), 2)
    spec = flat(3, [], aggregate=method, weights={"a": 1, "b": 2, "c": 3})
    before = build(spec, table(x)).ranks["top"][unit]
    better = x.copy()
    better[unit, child] += 1
    assert build(spec, table(better)).ranks["top"][unit] <= before


@given(st.integers(0, 1000), st.floats(0.1, 50))
def test_weights_are_relative(seed: int, factor: float) -> None:
    x, w = 1 + sample(8, 3, seed), np.array([1.0, 2.0, 4.0])
    for f in (ag.weighted_mean, ag.geometric, ag.harmonic):
        np.testing.assert_allclose(f(x, w), f(x, factor * w))


def test_means_are_ordered() -> None:
    x, w = 1 + sample(30, 4), np.array([1.0, 2.0, 3.0, 4.0])
    assert (ag.harmonic(x, w) <= ag.geometric(x, w) + 1e-12).all()
    assert (ag.geometric(x, w) <= ag.weighted_mean(x, w) + 1e-12).all()

"""Aggregations by hand, with gaps, and their order-theoretic invariants."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indexes import flat, pillars, sample, table

from headway.core.errors import InputError
from headway.standing import aggregate as ag
from headway.standing.benefit_of_doubt import benefit_of_the_doubt
from headway.standing.build import build
from headway.standing.outranking import KemenyOrder, copeland, kemeny, outranking
from headway.standing.settings import Aggregation, ScaleSetting

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


def test_the_best_of_all_orders_is_solved_for_each_index_of_a_batch() -> None:
    """Programmes take one index at a time: a batch of scores (3) against one of weights (2 × 3) gives 2 × 3 of them."""
    x = np.round(1 + np.stack([sample(4, 2, seed) for seed in range(3)]), 2)
    w = np.random.default_rng(0).random((2, 3, 2)) + 0.1
    bounded = Aggregation(method="benefit_of_the_doubt", lower=0.3, upper=0.6)
    for how in (Aggregation(method="kemeny"), bounded):
        y, remarks = ag.aggregate_children(x, w, how)
        assert y.shape == (2, 3, 4)
        assert remarks == []
        for i, j in np.ndindex(2, 3):
            one = kemeny(x[j], w[i, j]) if how.method == "kemeny" else benefit_of_the_doubt(x[j], 0.3, 0.6)
            np.testing.assert_allclose(y[i, j], one.scores)


def test_one_order_that_is_not_proven_is_remarked(monkeypatch: pytest.MonkeyPatch) -> None:
    proven = iter([True, False, True])
    monkeypatch.setattr(ag, "kemeny", lambda x, w: KemenyOrder(np.zeros(len(x)), 0.0, next(proven)))
    remarks = ag.aggregate_children(np.ones((3, 4, 2)), np.ones(2), Aggregation(method="kemeny"))[1]
    assert remarks == ["more than 30 units compare in circles: their Kemeny order is a heuristic, not proven"]


def test_a_burden_is_punished_upwards() -> None:
    x = np.array([[90.0, 110.0]])
    up = ag.aggregate_children(x, np.ones(2), Aggregation(method="mazziotta_pareto", penalty="up"))[0]
    down = ag.aggregate_children(x, np.ones(2), Aggregation(method="mazziotta_pareto"))[0]
    np.testing.assert_allclose([*up, *down], [101, 99])


def test_the_least_share_of_data_counts_children_of_each_member() -> None:
    x = np.stack([X[[0, 2, 2]], X[[2, 0, 0]]])  # a child is missing of two units in the one and one in the other
    mean = Aggregation()
    np.testing.assert_allclose(ag.aggregate_children(x, W, mean, 0.6)[0], [[6.5, np.nan, np.nan], [np.nan, 6.5, 6.5]])
    np.testing.assert_allclose(ag.aggregate_children(x, W, mean, 0.5)[0], [[6.5, 1, 1], [1, 6.5, 6.5]])
    np.testing.assert_allclose(ag.aggregate_children(x, W, mean)[0], [[6.5, 1, 1], [1, 6.5, 6.5]])


def test_scores_are_raised_to_the_floor_or_left_out() -> None:
    x = np.array([[0.0, 0.5, 3.0, np.nan]])
    for how, wanted in (
        (Aggregation(method="geometric", floor=1), [1, 1, 3, np.nan]),
        (Aggregation(method="geometric", nonpositive="missing"), [np.nan, 0.5, 3, np.nan]),
        (Aggregation(method="geometric"), [0, 0.5, 3, np.nan]),
    ):
        np.testing.assert_array_equal(ag.positive_scores(x, how), [wanted])


@pytest.mark.parametrize(
    ("method", "x", "words"),
    [
        ("geometric", [[1.0, 0.0]], "needs positive scores, but 'b' of u is 0; give the node a `floor`, use minmax"),
        ("geometric", [[-1.0, 0.0]], r"'a' of u is -1 \(and 1 more score like it\); give"),
        ("geometric", [[-1.0, 0.0], [1.0, -2.0]], r"\(and 2 more scores like it\)"),
        ("benefit_of_the_doubt", [[0.0, -2.0]], "needs scores of zero or more, but 'b' of u is -2; use minmax"),
    ],
)
def test_a_refusal_says_how_many_and_what_would_help(method: str, x: list[list[float]], words: str) -> None:
    with pytest.raises(InputError, match=words):
        ag.check_scores("top", ("a", "b"), np.array(x), Aggregation.model_validate(method), ["u", "v"])


def test_pairs_of_too_many_units_are_refused_only_where_they_are_compared_one_by_one() -> None:
    whole, gap = np.ones((3001, 2)), np.ones((3001, 2))
    gap[5, 1] = np.nan
    copelands, majority = Aggregation(method="copeland"), Aggregation(method="copeland", majority=True)
    for x, how in ((gap, copelands), (whole, majority)):
        with pytest.raises(InputError, match="at most 3000 units with gaps, not 3001; impute first"):
            ag.check_scores("top", ("a", "b"), x, how, ["u"] * 3001)
        ag.check_scores("top", ("a", "b"), x[:3000], how, ["u"] * 3000)
    ag.check_scores("top", ("a", "b"), whole, copelands, ["u"] * 3001)
    ag.check_scores("top", ("a", "b"), gap, Aggregation(), ["u"] * 3001)


def test_an_ensemble_goes_up_the_tree_by_hand() -> None:
    """Left: geometric means 2, 4, 3, nothing in the member with a zero. Right: means 2 and 4 on a scale from 0 to 10.

    The last unit lacks half of its right children, fewer than it needs. The top is the mean of what there is.
    """
    spec = pillars(
        [],
        nodes={
            "top": {"children": ["left", "right"], "rescale": {"method": "zscore", "mean": 5, "scope": "year"}},
            "left": {"children": ["a", "b"], "aggregate": "geometric"},
            "right": {
                "children": ["c", "d"],
                "minimum_data": 0.75,
                "rescale": {"method": "minmax", "lower": 0, "upper": 100, "scope": "all"},
            },
        },
    )
    member = np.array([[1.0, 4, -1, 5], [4, 4, 4, 4], [9, 1, 6, np.nan]])
    leaves = np.stack([member, member])
    leaves[1, 0, 0] = 0.0
    even = {node: np.full((2, 2), 0.5) for node in ("top", "left", "right")}
    references = {"right": np.array([0.0, 10.0]), "top": np.array([0.0, 1.0])}  # that of the top is not asked for

    found = ag.aggregate_scores(spec, leaves, even, references)
    np.testing.assert_allclose(found["left"], [[2, 4, 3], [np.nan] * 3])
    np.testing.assert_allclose(found["right"], [[20, 40, np.nan]] * 2)
    raw = np.array([11.0, 22.0, 3.0])
    np.testing.assert_allclose(found["top"][0], (raw - 12) / raw.std(ddof=1) + 5)
    np.testing.assert_allclose(found["top"][1, :2], [5 - np.sqrt(0.5), 5 + np.sqrt(0.5)])

    own = ag.aggregate_scores(spec, leaves[:1], even, references, {"left": lambda x, w: x["a"] + 10 * x["b"]})
    np.testing.assert_allclose(own["left"], [[41, 44, 19]] * 2)
    without = ag.aggregate_scores(spec, leaves, even)["right"]
    np.testing.assert_allclose(without[0], [0, 100, np.nan])


def test_scales_of_a_node_by_hand() -> None:
    y, reference = np.array([1.0, 2.0, 4.0]), np.array([0.0, 2.0, 8.0, 8.0])
    for scale, wanted, against in (
        ({"method": "rank"}, [1, 2, 3], [2, 2, 3]),
        ({"method": "percentile_rank"}, [0, 0.5, 1], [1 / 3, 1 / 3, 2 / 3]),
        ({"method": "zscore", "sd": 2, "ddof": 0}, 2 * (y - 7 / 3) / y.std(), 2 * (y - 4.5) / reference.std()),
        ({"method": "minmax", "upper": 8}, [0, 8 / 3, 8], [1, 2, 4]),
    ):
        setting = ScaleSetting.model_validate(scale)
        np.testing.assert_allclose(ag.rescale_node("top", y, setting), wanted)
        np.testing.assert_allclose(ag.rescale_node("top", y, setting, reference), against)


def test_a_member_with_a_score_that_a_root_cannot_take_is_missing_and_zero_is_none() -> None:
    """Means of roots 1/2 and 1/2, then of 0 and 2, squared; there is no root of −1."""
    spec = flat(2, [], aggregate={"method": "power", "exponent": 0.5})
    leaves = np.array([[[0.25, 0.25], [0.0, 4.0]], [[0.25, 0.25], [-1.0, 4.0]]])
    found = ag.aggregate_scores(spec, leaves, {"top": np.full((2, 2), 0.5)})["top"]
    np.testing.assert_allclose(found, [[0.25, 1], [np.nan, np.nan]])

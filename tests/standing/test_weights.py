"""Weights by hand, against published tables, and their invariants."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indexes import flat, sample, table, tai_2001

from headway.core.errors import InputError
from headway.standing import weights as w
from headway.standing.build import build
from headway.standing.weights import balanced_weights, correlation_importance, correlation_ratio, varimax


def test_eigenvalues_of_the_handbook() -> None:
    """OECD/JRC Handbook (2008), table 16: eigenvalues of the TAI data set and their shares of variance."""
    values, _ = w.components(tai_2001()[2])
    np.testing.assert_allclose(values, [3.3, 1.7, 1.0, 0.9, 0.5, 0.3, 0.2, 0.1], atol=0.06)
    np.testing.assert_allclose(100 * values / 8, [41.9, 21.8, 12.3, 11.1, 6.0, 3.7, 2.2, 0.9], atol=0.15)


def test_rotated_loadings_of_the_handbook() -> None:
    """Handbook table 17, first row: patents load 0.07, 0.97, 0.06, 0.06 on the four factors, 0.67 of factor 2."""
    values, vectors = w.components(tai_2001()[2])
    loadings = varimax(vectors[:, :4] * np.sqrt(values[:4]))
    patents = np.sort(np.abs(loadings[0]))
    np.testing.assert_allclose(patents, [0.06, 0.06, 0.07, 0.97], atol=0.015)
    squared = loadings**2 / (loadings**2).sum(axis=0)
    assert squared[0].max() == pytest.approx(0.67, abs=0.01)


def test_rotation_keeps_what_each_child_shares() -> None:
    values, vectors = w.components(sample(60, 6))
    loadings = vectors[:, :3] * np.sqrt(values[:3])
    rotated = varimax(loadings)
    np.testing.assert_allclose((rotated**2).sum(axis=1), (loadings**2).sum(axis=1))
    assert (rotated**4).sum() >= (loadings**4).sum() - 1e-9


def test_factor_weights_by_hand() -> None:
    """Two independent twins: each factor explains half, each child half of its factor."""
    rng = np.random.default_rng(0)
    q, _ = np.linalg.qr(rng.normal(size=(50, 4)) - rng.normal(size=(50, 4)).mean(axis=0))
    q = q - q.mean(axis=0)
    x = np.column_stack([q[:, 0], q[:, 0] + 1e-9 * q[:, 2], q[:, 1], q[:, 1] + 1e-9 * q[:, 3]])
    np.testing.assert_allclose(w.factor_weights(x), 0.25, atol=0.01)


def test_factors_of_different_size_give_each_child_its_share() -> None:
    """Three twins and two: the factors explain 3/5 and 2/5, and their children 1/3 and 1/2 of those."""
    q, _ = np.linalg.qr(sample(50, 2) - sample(50, 2).mean(axis=0))
    q = q - q.mean(axis=0)
    x = q[:, [0, 0, 0, 1, 1]] + 1e-9 * sample(50, 5)
    np.testing.assert_allclose(w.factor_weights(x), 0.2, atol=1e-3)


def test_a_single_factor_gives_each_child_its_squared_entry() -> None:
    """One eigenvalue above one: nothing is rotated, the squared loadings λv² sum to λ, and the weights are v²."""
    common = np.linspace(-1, 1, 50)
    x = common[:, None] * [1.0, 1.0, 1.0, 0.5] + 0.3 * np.random.default_rng(7).normal(size=(50, 4))
    values, vectors = w.components(x)
    assert values[0] > 1 > values[1]
    assert np.ptp(vectors[:, 0]) > 0.05
    np.testing.assert_allclose(w.factor_weights(x), vectors[:, 0] ** 2)
    assert (w.components(x)[1].sum(axis=0) >= 0).all()


def test_components_point_where_most_children_do() -> None:
    for seed in range(5):
        assert (w.components(sample(40, 4, seed))[1].sum(axis=0) >= -1e-12).all()


def test_a_child_that_loads_on_nothing_stays_there() -> None:
    rotated = varimax(np.array([[0.9, 0.1], [0.2, 0.8], [0.0, 0.0]]))
    assert rotated[2].tolist() == [0, 0]
    assert np.isfinite(rotated).all()


def test_the_index_of_random_judgements_rises_ever_more_slowly() -> None:
    steps = np.diff([0.0, *w.RANDOM_INDEX.values()])
    assert (steps > 0).all()
    assert (np.diff(steps) < 0.05).all()


def test_pca_weights_of_two_children_are_equal() -> None:
    x = sample(30, 2)
    np.testing.assert_allclose(w.pca_weights(x), [0.5, 0.5])


def test_pca_uses_complete_cases_and_says_so() -> None:
    x = sample(30, 3)
    x[0, 0] = np.nan
    index = build(flat(3, weights="pca"), table(x))
    whole = build(flat(3, weights="pca"), table(x[1:]))
    assert not np.allclose(index.weights["top"][0], 1 / 3)
    assert any("1 units with gaps" in words for words in index.remarks)
    assert w.pca_weights(x) == pytest.approx(w.pca_weights(x[1:]))
    assert whole.remarks == ()


def test_a_negative_component_entry_is_refused_kept_or_cut() -> None:
    x = sample(40, 3)
    x[:, 2] = -x[:, 0] + 0.1 * x[:, 2]
    with pytest.raises(InputError, match="gives 'c' the weight -"):
        build(flat(3, weights="pca"), table(x))
    kept = build(flat(3, weights={"method": "pca", "negative": "keep"}), table(x)).weights["top"][0]
    cut = build(flat(3, weights={"method": "pca", "negative": "zero"}), table(x)).weights["top"][0]
    assert kept[2] < 0
    assert cut[2] == 0
    assert cut.sum() == pytest.approx(1)


def test_entropy_by_hand() -> None:
    """A child that is equal everywhere tells nothing; shares (1, 0, 0, 0) tell all: weights 0 and 1."""
    x = np.array([[1.0, 1.0], [1.0, 0.0], [1.0, 0.0], [1.0, 0.0]])
    np.testing.assert_allclose(w.entropy_weights(x), [0, 1])
    half = np.array([[1.0, 1.0], [1.0, 1.0], [0.0, 0.0], [0.0, 2.0]])
    e1, e2 = 0.5, (2 * 0.25 * np.log(4) + 0.5 * np.log(2)) / np.log(4)
    np.testing.assert_allclose(w.entropy_weights(half), np.array([1 - e1, 1 - e2]) / (2 - e1 - e2))
    with pytest.raises(InputError, match="zero or more"):
        w.entropy_weights(-x)
    with pytest.raises(InputError, match="not all zero"):
        w.entropy_weights(x * [1, 0])
    assert w.entropy_weights(np.ones((4, 2))).tolist() == [0.5, 0.5], "where no child tells anything"


def test_critic_by_hand() -> None:
    x = np.array([[0.0, 0.0, 1.0], [0.5, 0.5, 0.0], [1.0, 1.0, 0.5]])
    sd, r = 0.5, np.corrcoef(x, rowvar=False)
    information = sd * (1 - r).sum(axis=0)
    np.testing.assert_allclose(w.critic_weights(x), information / information.sum())
    np.testing.assert_allclose(w.critic_weights(x * [1, 100, 3]), w.critic_weights(x))
    gap = np.vstack([x, [0.5, np.nan, 0.25]])  # of the unit with a gap what is there counts for contrast alone
    sds = [np.std([0, 0.5, 1, 0.5], ddof=1), 0.5, np.std([1, 0, 0.5, 0.25], ddof=1)]
    raw = np.array(sds) * (1 - r).sum(axis=0)
    np.testing.assert_allclose(w.critic_weights(gap), raw / raw.sum())


def test_ahp_of_a_consistent_judge() -> None:
    matrix = w.judgement_matrix(("a", "b", "c"), {"a": {"b": 2, "c": 6}, "b": {"c": 3}})
    weights, ratio = w.ahp_weights(matrix)
    np.testing.assert_allclose(weights, [0.6, 0.3, 0.1])
    assert ratio == pytest.approx(0, abs=1e-12)


def test_ahp_consistency_by_hand() -> None:
    """1, 3, 5 / 1/3, 1, 3 / 1/5, 1/3, 1: lambda_max 3.0385, CI 0.0193, CR 0.033 (Saaty)."""
    matrix = w.judgement_matrix(("a", "b", "c"), {"a": {"b": 3, "c": 5}, "b": {"c": 3}})
    weights, ratio = w.ahp_weights(matrix)
    np.testing.assert_allclose(weights, [0.637, 0.258, 0.105], atol=5e-4)
    assert ratio == pytest.approx(0.0385 / 2 / 0.58, abs=2e-4)


def test_two_children_cannot_contradict_and_many_share_the_last_index() -> None:
    weights, ratio = w.ahp_weights(np.array([[1.0, 4.0], [0.25, 1.0]]))
    np.testing.assert_allclose(weights, [0.8, 0.2])
    assert ratio == 0
    many = np.ones((12, 12))
    many[0, 1], many[1, 0] = 9.0, 1 / 9
    top = np.linalg.eigvals(many).real.max()
    assert w.ahp_weights(many)[1] == pytest.approx((top - 12) / 11 / 1.49)


@pytest.mark.parametrize(("against", "doubt"), [(1.5, False), (1 / 9, True)])
def test_judgements_that_contradict_each_other_are_remarked(against: float, doubt: bool) -> None:
    judged = {"method": "ahp", "judgements": {"a": {"b": 3, "c": 5}, "b": {"c": against}}}
    index = build(flat(3, weights=judged), table(sample(10, 3)))
    assert any("contradict each other" in words for words in index.remarks) is doubt
    assert sum("consistency ratio of the judgements" in words for words in index.remarks) == 1


@pytest.mark.parametrize(
    ("judgements", "words"),
    [
        ({"a": {"b": 2}}, "no judgement of a against c"),
        ({"a": {"b": 2, "c": 3, "x": 1}}, "judgement a against x"),
        ({"a": {"b": 2, "c": 3}, "b": {"a": 2, "c": 1}}, "disagree"),
        ({"a": {"b": 0, "c": 3}, "b": {"c": 1}}, "above zero"),
    ],
)
def test_bad_judgements_are_named(judgements: dict[str, dict[str, float]], words: str) -> None:
    with pytest.raises(InputError, match=words):
        flat(3, weights={"method": "ahp", "judgements": judgements})


def test_balanced_weights_equalise_importance_and_stay_positive() -> None:
    x = sample(200, 4, seed=3)
    x[:, 0] *= 30
    weights, off = balanced_weights(x)
    assert weights.sum() == pytest.approx(1)
    assert (weights > 0).all()
    assert off < 1e-6
    importance = correlation_importance(x, x @ weights)
    np.testing.assert_allclose(importance / importance.sum(), 0.25, atol=1e-6)


def test_balanced_weights_meet_other_targets_or_say_by_how_much_they_miss() -> None:
    x = sample(200, 3, seed=4)
    weights, off = balanced_weights(x, np.array([2.0, 1.0, 1.0]))
    importance = correlation_importance(x, x @ weights)
    assert importance[0] / importance.sum() == pytest.approx(0.5, abs=off + 1e-6)
    against = np.column_stack([x[:, 0], x[:, 1], -x[:, 0] - x[:, 1]])
    assert balanced_weights(against)[1] > 0.01


def test_the_correlation_ratio_sees_what_correlation_does_not() -> None:
    child = np.linspace(-1, 1, 400)
    parent = child**2
    assert correlation_importance(child[:, None], parent)[0] < 1e-6
    assert correlation_ratio(child[:, None], parent)[0] > 0.9


def test_importances_by_hand() -> None:
    """Halves of the child have the parent's means 1 and 4 about 2.5: 9 of a sum of squares of 11 lie between them."""
    child, parent = np.array([1.0, 2.0, 3.0, 4.0, np.nan]), np.array([1.0, 1.0, 3.0, 5.0, 9.0])
    x = np.column_stack([child, [1, 1, 1, 1, 2], [1, 2, 3, np.nan, np.nan], [2, 2, 2, 2, 2]])
    for bins in (2, None):  # two is also the root of four
        np.testing.assert_allclose(correlation_ratio(x[:, :1], parent, bins), [9 / 11])
    np.testing.assert_allclose(correlation_ratio(x[:4, 1:2], parent[:4], 2), [0])  # all in one bin, the other empty
    assert np.isnan(correlation_ratio(x[:, 2:3], parent)[0]), "three units are too few"
    assert np.isnan(correlation_ratio(x[:4, :1], np.ones(4))[0])
    nine = np.arange(9.0)
    np.testing.assert_allclose(correlation_ratio(nine[:, None], nine), [54 / 60])  # three bins of three: 2 · 3 · 9
    r = correlation_importance(x, parent)
    assert r[0] == pytest.approx(7**2 / (5 * 11))  # covariance 7, squares 5 and 11
    assert r[2] == pytest.approx(2**2 / (2 * 8 / 3))
    assert np.isnan(r[3])
    assert np.isnan(correlation_importance(x[:2], parent[:2])[0]), "two units always correlate"


def test_given_weights_are_relative_and_shares_that_do_not_add_up_are_remarked() -> None:
    x = sample(10, 2)
    even = build(flat(2, weights={"a": 3, "b": 3}), table(x))
    assert even.weights["top"][0].tolist() == [0.5, 0.5]
    assert even.remarks == build(flat(2), table(x)).remarks
    off = build(flat(2, weights={"a": 0.5, "b": 0.4}), table(x))
    assert any("weights sum to 0.9; rescaled to one" in words for words in off.remarks)
    percent = build(flat(2, weights={"a": 50, "b": 45}), table(x))
    assert any("weights sum to 95" in words for words in percent.remarks)
    small = build(flat(2, weights={"a": 94.5, "b": 0.5}), table(x))
    assert any("weights sum to 95" in words for words in small.remarks)
    assert build(flat(2, weights={"a": 0.5, "b": 3}), table(x)).remarks == even.remarks
    assert build(flat(1, weights={"a": 0.5}), table(x[:, :1])).remarks == ()
    for right in ({"a": 0.25, "b": 0.75}, {"a": 25, "b": 75}):
        assert build(flat(2, weights=right), table(x)).remarks == even.remarks
    for far in (40, 60):  # sums of 80 and 120 are no slips of 100
        assert build(flat(2, weights={"a": far, "b": far}), table(x)).remarks == even.remarks


@settings(max_examples=25)
@given(st.integers(0, 1000), st.sampled_from(["pca", "factor", "entropy", "critic", "balance", "benefit_of_the_doubt"]))
def test_weights_follow_their_children_not_their_places(seed: int, method: str) -> None:
    x = sample(25, 4, seed)
    first = build(flat(4, weights={"method": method, "negative": "keep"} if method == "pca" else method), table(x))
    swapped = first.spec.with_changes({"top": {"children": ["c", "a", "d", "b"]}})
    second = build(swapped, table(x))
    by_name = dict(zip(first.spec.tree.children["top"], first.weights["top"][0], strict=True))
    again = dict(zip(swapped.tree.children["top"], second.weights["top"][0], strict=True))
    for child, weight in by_name.items():
        assert again[child] == pytest.approx(weight, abs=1e-4)


@pytest.mark.parametrize("method", ["pca", "factor", "critic", "balance"])
def test_too_few_complete_units_are_named(method: str) -> None:
    x = sample(5, 2)
    x[:3, 0] = np.nan
    with pytest.raises(InputError, match="at least 3 units with all of a, b"):
        build(flat(2, weights=method), table(x))

"""The audit: reliability by hand, influence, leave one out, and a verdict that can say both good and bad."""

import numpy as np
import pytest
from indexes import flat, pillars, sample, table
from scipy import stats

from headway.standing.audit import audit, verdict
from headway.standing.build import build
from headway.standing.moments import correlations, cronbach_alpha, kmo


def test_alpha_by_hand() -> None:
    """Covariance [[2, 1], [1, 2]]: 2 · (1 - 4/6) = 2/3."""
    x = np.array([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0]])
    c = np.cov(x, rowvar=False)
    assert cronbach_alpha(x) == pytest.approx(2 * (1 - np.trace(c) / c.sum()))
    twins = np.column_stack([x[:, 0], x[:, 0]])
    assert cronbach_alpha(twins) == pytest.approx(1)
    assert np.isnan(cronbach_alpha(x[:, :1]))


def test_kmo_of_two_columns_is_one_half_and_of_a_common_factor_high() -> None:
    assert kmo(sample(30, 2))[0] == pytest.approx(0.5)
    rng = np.random.default_rng(0)
    factor = rng.normal(size=(400, 1))
    assert kmo(factor + 0.5 * rng.normal(size=(400, 6)))[0] > 0.85
    assert kmo(rng.normal(size=(400, 6)))[0] < 0.6
    assert np.isnan(kmo(np.ones((5, 3)))[0])


@pytest.mark.parametrize("kind", ["pearson", "spearman", "kendall"])
def test_correlations_use_pairs_that_both_have(kind: str) -> None:
    x = sample(30, 3, missing=0.2)
    r, p = correlations(x, kind=kind)  # type: ignore[arg-type]
    both = ~(np.isnan(x[:, 0]) | np.isnan(x[:, 2]))
    test = {"pearson": stats.pearsonr, "spearman": stats.spearmanr, "kendall": stats.kendalltau}[kind]
    expected = test(x[both, 0], x[both, 2])
    assert (r[0, 2], p[0, 2]) == (expected.statistic, expected.pvalue)
    np.testing.assert_allclose(r, r.T)
    assert np.isnan(correlations(np.ones((5, 2)))[0]).all()


def test_statistics_of_indicators_as_they_came() -> None:
    x = np.vstack([np.linspace(1, 2, 25)[:, None], [[1e3], [1e6], [np.nan], [0.0]]])
    (found,) = audit(build(flat(1, ["treat", "normalise"]), table(x))).statistics
    assert (found.n, found.minimum, found.maximum, found.distinct) == (28, 0, 1e6, 28)
    assert found.available == pytest.approx(28 / 29)
    assert found.zeros == pytest.approx(1 / 28)
    assert found.outliers


def test_a_coherent_index_passes() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 1)) + 0.7 * rng.normal(size=(200, 4))
    index = build(pillars([{"normalise": {}}]), table(x, "abcd"))
    found = audit(index)
    *lines, dependence = verdict(index, found)
    assert {line.grade for line in lines} == {"good"}
    assert dependence.text.startswith("Without ")
    assert found.effective == pytest.approx(dict.fromkeys("abcd", 0.25))
    assert sum(i.share for i in found.influence if i.node == "top") == pytest.approx(1)


def test_children_that_share_nothing_hang_together_loosely() -> None:
    index = build(flat(3), table(np.random.default_rng(0).normal(size=(100, 3))))
    assert any("loosely (alpha below 0.6): top" in line.text for line in verdict(index, audit(index)))


def test_faults_are_found_and_named() -> None:
    rng = np.random.default_rng(0)
    base = rng.normal(size=(200, 1))
    x = base + 0.6 * rng.normal(size=(200, 4))
    x[:, 3] = x[:, 2] + 0.01 * rng.normal(size=200)  # the same thing twice
    x[rng.random(200) < 0.5, 0] = np.nan
    index = build(pillars([{"normalise": {}}]), table(x, "abcd"))
    said = " ".join(line.text for line in verdict(index, audit(index)) if line.grade != "good")
    for words in ("fewer than 65% of units: a", "Nearly the same thing twice", "c and d"):
        assert words in said


def test_an_indicator_that_runs_against_its_parent_is_called_so() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(100, 1)) + 0.3 * rng.normal(size=(100, 3))
    x[:, 2] *= -1
    index = build(flat(3), table(x))
    (line,) = [line for line in verdict(index, audit(index)) if "punished: c (-" in line.text]
    assert line.grade == "poor"


def test_leaving_one_out_is_the_index_without_it() -> None:
    x = sample(20, 4)
    index = build(pillars(), table(x, "abcd"))
    left = audit(index).left_out[0]
    without = build(index.spec.with_changes({"left": {"weights": {"a": 0, "b": 1}}}), index.table)
    shift = np.abs(without.ranks["top"] - index.ranks["top"])
    assert left.indicator == "a"
    assert left.mean_shift == pytest.approx(shift.mean())
    assert left.largest_shift == shift.max()
    assert shift[index.units.index(left.unit)] == shift.max()


def test_single_indicators_can_be_audited() -> None:
    index = build(flat(1), table(sample(10, 1)))
    assert audit(index).left_out == ()
    assert verdict(index, audit(index))


def test_what_a_function_did_is_done_when_an_indicator_is_left_out() -> None:
    """A normalisation given from Python and the same one of the specification shift ranks alike."""
    x = table(sample(30, 2))
    own = build(flat(2), x, {"normalise": lambda frame: frame.rank()})
    same = build(flat(2, [{"normalise": {"method": "rank"}}]), x)
    shifts = [[entry.mean_shift for entry in audit(index).left_out] for index in (own, same, build(flat(2), x))]
    assert shifts[0] == shifts[1] != shifts[2]

"""Ranks of a made ensemble, counted by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from headway.standing.ranks import above, rank_probabilities, rank_records, summary, tiers, within

NAN = float("nan")


def ensemble(*ranks: tuple[float, ...], units: str = "ABCD") -> Any:
    """Members in rows; as much of an ensemble as ranks need."""
    table = np.array(ranks)
    names = tuple(units[: table.shape[1]])
    return SimpleNamespace(ranks=table, units=names, nominal_ranks=np.arange(1.0, len(names) + 1))


FOUR = ensemble((1, 2, 3, NAN), (2, 1, 3, NAN), (1, 2.5, 2.5, NAN), (1, NAN, 2, NAN))


def test_a_summary_counts_only_members_that_rank_the_unit() -> None:
    found = summary(FOUR, 0.5)
    np.testing.assert_allclose(found.mean, [1.25, 5.5 / 3, 10.5 / 4, NAN])
    np.testing.assert_allclose(found.median, [1, 2, 2.75, NAN])
    np.testing.assert_allclose(found.low, [1, 1.5, 2.375, NAN])  # type-7 quantiles of a quarter and three quarters
    np.testing.assert_allclose(found.high, [1.25, 2.25, 3, NAN])
    np.testing.assert_allclose(found.ranked, [1, 0.75, 1, 0])
    np.testing.assert_allclose(found.nominal, [1, 2, 3, 4])


def test_one_member_is_enough() -> None:
    """The second unit is ranked once, and meets the first then."""
    once = ensemble((1, NAN), (1, 2))
    np.testing.assert_allclose(summary(once).mean, [1, 2])
    np.testing.assert_allclose(within(once, 2), [1, 1])
    assert above(once)[0, 1] == 1


def test_the_interval_is_of_nine_tenths_where_nothing_is_asked() -> None:
    hundred = ensemble(*((float(n),) for n in range(101)))
    assert (summary(hundred).low[0], summary(hundred).high[0]) == (pytest.approx(5), pytest.approx(95))


def test_probabilities_of_ranks_sum_to_the_share_ranked() -> None:
    found = rank_probabilities(FOUR)
    np.testing.assert_allclose(found[0], [0.75, 0.25, 0, 0])
    np.testing.assert_allclose(found[1], [0.25, 0.5, 0, 0])
    np.testing.assert_allclose(found.sum(axis=1), [1, 0.75, 1, 0])


def test_within_counts_the_rank_itself() -> None:
    np.testing.assert_allclose(within(FOUR, 2), [1, 2 / 3, 0.25, NAN])


def test_ties_count_half_and_members_without_one_of_two_do_not_count() -> None:
    found = above(FOUR)
    assert found[0, 1] == pytest.approx(2 / 3)
    assert found[1, 0] == pytest.approx(1 / 3)
    assert found[1, 2] == pytest.approx(2.5 / 3)
    assert found[0, 2] == 1
    assert found[1, 1] == 0.5
    assert np.isnan(found[3]).all()


def test_members_are_counted_once_over_all_pieces_of_a_large_ensemble() -> None:
    """2,048 units are compared two members at a time."""
    n = 2048
    order = np.arange(1.0, n + 1)
    large = SimpleNamespace(ranks=np.array([order, order, order[::-1]]), units=range(n), nominal_ranks=order)
    assert above(large)[0, n - 1] == pytest.approx(2 / 3)  # type: ignore[arg-type]


def test_a_tier_ends_where_its_first_is_sure_to_be_above() -> None:
    """C ties with A once in four: A is above it with 7/8; D is below both always."""
    members = ensemble((1, 2, 3, 4), (2, 1, 3, 4), (1.5, 3, 1.5, 4), (1, 2, 3, 4))
    assert above(members)[0, 2] == 0.875
    assert tiers(members) == [("A", "B", "C"), ("D",)]
    assert tiers(members, 0.875) == [("A", "B"), ("C",), ("D",)]
    assert tiers(members, 0.876) == [("A", "B", "C"), ("D",)]
    assert tiers(FOUR) == [("A", "B"), ("C",)]


def test_records_go_by_mean_rank_and_units_that_nobody_ranks_come_last() -> None:
    members = ensemble((NAN, 2, 1), (NAN, 2, 1), (NAN, 11, 12))
    found = rank_records(members, [("C",), ("B",)])
    assert [(row["unit"], row["tier"]) for row in found] == [("C", 1), ("B", 2), ("A", None)]
    assert [row["p_top_10"] for row in found[:2]] == [pytest.approx(2 / 3)] * 2
    assert (found[0]["mean"], found[0]["nominal"]) == (pytest.approx(14 / 3), 3)
    ten = rank_records(ensemble((10,), (11,)), [])
    assert ten[0]["p_top_10"] == 0.5

"""Why ranks change: parts that add up, and each cause found when it is the only one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indexes import flat, sample, table

from headway.core.errors import InputError
from headway.standing.build import build
from headway.standing.change import IndexEdition, rank_changes
from headway.standing.compare import compare, differences

RAW = flat(2, [])


def test_own_data_alone() -> None:
    old = table([[3.0, 3.0], [2.0, 2.0], [1.0, 1.0]])
    new = table([[3.0, 3.0], [2.0, 2.0], [9.0, 9.0]])
    changes, remarks = rank_changes(IndexEdition(RAW, old), IndexEdition(RAW, new))
    last = changes[2]
    assert (last.before, last.after, last.own, last.others, last.revisions, last.method) == (3, 1, -2, 0, 0, 0)
    assert changes[0].others == 1
    assert changes[0].own == 0
    assert remarks == ()


def test_revisions_alone_and_method_alone() -> None:
    old = table([[3.0, 1.0], [2.0, 4.0]])
    revised = table([[9.0, 1.0], [2.0, 4.0]])
    (first, _), _ = rank_changes(IndexEdition(RAW, old), IndexEdition(RAW, revised), revised)
    assert (first.change, first.revisions) == (-1, -1)
    other = RAW.with_changes({"top": {"weights": {"a": 9, "b": 1}}})
    (first, _), _ = rank_changes(IndexEdition(RAW, old), IndexEdition(other, old))
    assert (first.change, first.method) == (-1, -1)


@settings(max_examples=10)
@given(st.integers(0, 1000))
def test_the_parts_add_up(seed: int) -> None:
    old, revised, new = (table(sample(6, 2, seed + i)) for i in range(3))
    spec = flat(2)
    other = spec.with_changes({"top": {"aggregate": "copeland"}})
    for change in rank_changes(IndexEdition(spec, old), IndexEdition(other, new), revised)[0]:
        assert change.own + change.others + change.revisions + change.method == pytest.approx(change.change)


def test_newcomers_take_no_part_and_are_named() -> None:
    old = table([[1.0, 1.0], [2.0, 2.0]], units=("x", "y"))
    new = table([[1.0, 1.0], [2.0, 2.0], [3.0, 3.0]], units=("x", "y", "z"))
    changes, remarks = rank_changes(IndexEdition(RAW, old), IndexEdition(RAW, new))
    assert [change.unit for change in changes] == ["x", "y"]
    assert remarks == ("1 units are in the later data alone and take no part: z",)
    with pytest.raises(InputError, match="no unit in common"):
        rank_changes(IndexEdition(RAW, old), IndexEdition(RAW, table([[1.0, 2.0]], units=("q",))))
    with pytest.raises(InputError, match="'z' is not in both"):
        rank_changes(IndexEdition(RAW, old), IndexEdition(RAW, new), units=["z"])


def test_years_come_one_at_a_time() -> None:
    panel = table([[1.0, 1.0]] * 2, units=("x", "x"), years=np.array([2020, 2021]))
    with pytest.raises(InputError, match="one year at a time"):
        rank_changes(IndexEdition(RAW, panel), IndexEdition(RAW, panel))


def test_two_builds_side_by_side_are_matched_by_label() -> None:
    x = sample(10, 2)
    a = build(flat(2), table(x))
    b = build(flat(2).with_changes({"top": {"weights": {"a": 5, "b": 1}}}), table(x[:8]))
    found = compare(a, b)
    assert len(found.units) == 8
    assert found.only_first == ("u008", "u009")
    np.testing.assert_array_equal(found.shift, found.second - found.first)
    assert "nodes.top.weights: None → " in found.differences[0]
    assert compare(a, a).spearman[0] == pytest.approx(1)
    assert differences(a.spec, a.spec) == ()

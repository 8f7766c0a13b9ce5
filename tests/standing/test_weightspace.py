"""Shares of the weight space and smallest changes of weights, where geometry gives the answer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indexes import flat, pillars, sample, table

from headway.core.errors import InputError
from headway.standing.build import build
from headway.standing.weightspace import effective_weights, linear, share_leading, smallest_change

X = np.array([[4.0, 0.0], [0.0, 4.0], [1.0, 1.0]])


def problem(x: np.ndarray = X, **node: object) -> object:
    return linear(build(flat(x.shape[1], [], **node), table(x)))


def test_two_specialists_share_the_weights_and_the_third_never_leads() -> None:
    shares, error = share_leading(problem())  # type: ignore[arg-type]
    assert shares["u000"] == pytest.approx(0.5, abs=error)
    assert shares["u002"] == 0
    assert sum(shares.values()) == pytest.approx(1)


def test_three_symmetric_units_lead_a_third_each() -> None:
    shares, _ = share_leading(problem(np.eye(3)))  # type: ignore[arg-type]
    for share in shares.values():
        assert share == pytest.approx(1 / 3, abs=0.005)


def test_the_smallest_change_by_hand() -> None:
    """Weights 3:1 favour u000; half of the weight on b makes it level: a quarter moves."""
    p = problem(weights={"a": 3, "b": 1})
    found = smallest_change(p, "u001", "u000")  # type: ignore[arg-type]
    assert found.weights == pytest.approx({"a": 0.5, "b": 0.5})
    assert found.moved == pytest.approx(0.25)
    also = smallest_change(p, "u001", "u000", norm=2)  # type: ignore[arg-type]
    assert also.weights == pytest.approx({"a": 0.5, "b": 0.5}, abs=1e-6)


def test_who_leads_needs_no_change_and_who_is_dominated_has_none() -> None:
    p = problem()
    assert smallest_change(p, "u000", "u002").moved == 0  # type: ignore[arg-type]
    x = np.array([[2.0, 2.0], [1.0, 1.0]])
    found = smallest_change(problem(x), "u001", "u000")  # type: ignore[arg-type]
    assert found.weights is None
    assert found.moved == np.inf


@settings(max_examples=30)
@given(st.integers(0, 1000), st.sampled_from(["arithmetic", "geometric", "harmonic"]))
def test_the_changed_weights_do_make_them_level(seed: int, method: str) -> None:
    x = 1 + sample(6, 4, seed)
    spec = flat(4, [], aggregate=method)
    index = build(spec, table(x))
    order = np.argsort(index.ranks["top"])
    low, high = index.units[order[3]], index.units[order[0]]
    p = linear(index)
    one, two = smallest_change(p, low, high), smallest_change(p, low, high, norm=2)
    if one.weights is None:
        return
    again = build(spec.with_changes({"top": {"weights": one.weights}}), table(x)).scores["top"]
    at = {unit: i for i, unit in enumerate(index.units)}
    assert again[at[low]] == pytest.approx(again[at[high]], rel=1e-6)
    assert one.moved <= two.moved + 1e-6
    assert two.distance <= one.distance + 1e-6


def test_effective_weights_multiply_down_the_tree() -> None:
    spec = pillars().with_changes({"top": {"weights": {"left": 3, "right": 1}}, "left": {"weights": {"a": 1, "b": 2}}})
    index = build(spec, table(sample(8, 4), "abcd"))
    assert effective_weights(index) == pytest.approx({"a": 0.25, "b": 0.5, "c": 0.125, "d": 0.125})
    leaves = linear(index, leaves=True)
    np.testing.assert_allclose(leaves.scores @ leaves.weights, index.scores["top"])


def test_what_is_not_linear_is_refused() -> None:
    with pytest.raises(InputError, match="copeland is not linear in weights"):
        problem(aggregate="copeland")
    nodes = {**{n: pillars().nodes[n].model_dump(exclude_unset=True) for n in ("top", "left", "right")}}
    nodes["left"]["aggregate"] = "geometric"
    index = build(pillars(nodes=nodes), table(sample(8, 4), "abcd"))
    with pytest.raises(InputError, match="node 'left' is no plain arithmetic mean"):
        linear(index, leaves=True)


def test_units_with_gaps_are_left_out_and_named() -> None:
    x = np.array([[1.0, np.nan], [2.0, 1.0], [1.0, 3.0]])
    with pytest.raises(InputError, match="'u000' is not among the units that have all of a, b"):
        smallest_change(problem(x), "u000", "u001")  # type: ignore[arg-type]

"""PRIM and CART find a planted box; a condition reads as it is written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.core.errors import InputError
from headway.evidence import open_evidence
from headway.strategy.discovery import DiscoveredRule, in_words
from headway.strategy.question import ask
from headway.strategy.rule_induction import Between, Box, OneOf, cart, inside, prim, rule


def planted(seed: int = 0, count: int = 2000) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Cases lie where a < 0.4 and the kind is x, with one in twenty turned around."""
    random = np.random.default_rng(seed)
    columns = {
        "a": random.random(count), "b": random.random(count), "c": random.random(count),
        "kind": random.choice(["x", "y", "z"], count),
    }  # fmt: skip
    truth = (columns["a"] < 0.4) & (columns["kind"] == "x")
    return columns, truth ^ (random.random(count) < 0.05)


@pytest.mark.parametrize("method", ["prim", "cart"])
def test_a_planted_box_is_found(method: str) -> None:
    columns, cases = planted()
    box = rule(columns, cases) if method == "prim" else cart(columns, cases)[0]
    assert box is not None
    assert set(box.limits) == {"a", "kind"}
    assert box.limits["kind"] == OneOf(frozenset({"x"}))
    limit = box.limits["a"]
    assert isinstance(limit, Between)
    assert limit.high == pytest.approx(0.4, abs=0.05)
    assert box.density > 0.85
    assert box.coverage > 0.6


def test_the_trajectory_is_nested_and_measured() -> None:
    columns, cases = planted()
    boxes = prim(columns, cases)
    assert boxes[0].coverage == 1
    supports = [box.support for box in boxes]
    assert supports == sorted(supports, reverse=True)
    for box in boxes:
        held = inside(box.limits, columns)
        assert box.support == pytest.approx(held.mean())
        assert box.coverage == pytest.approx(cases[held].sum() / cases.sum())
        assert box.density == pytest.approx(cases[held].mean())


def test_noise_has_no_rule_that_chance_does_not_explain() -> None:
    columns, _ = planted()
    cases = np.random.default_rng(1).random(2000) < 0.3
    box = rule(columns, cases)
    assert box is None or box.density < 0.45


@pytest.mark.parametrize("everything", [True, False])
def test_all_or_nothing_has_no_rule(everything: bool) -> None:
    columns, cases = planted()
    same = np.full_like(cases, everything)
    assert rule(columns, same) is None
    assert cart(columns, same) == []


def test_columns_of_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="one value per future"):
        prim({"a": np.zeros(3)}, np.ones(4, bool))


@settings(max_examples=25)
@given(st.integers(0, 1000))
def test_a_rule_is_better_than_no_rule(seed: int) -> None:
    columns, cases = planted(seed, 400)
    box = rule(columns, cases)
    assert box is not None
    assert box.density > cases.mean()


@pytest.mark.parametrize("method", ["prim", "cart"])
def test_relabelling_kinds_leaves_coverage_and_density(method: str) -> None:
    columns, cases = planted()
    other = columns | {"kind": np.char.add("kind ", columns["kind"])}
    first, second = ((rule(table, cases) if method == "prim" else cart(table, cases)[0]) for table in (columns, other))
    assert first is not None
    assert second is not None
    assert (first.coverage, first.density) == (second.coverage, second.density)


def test_conditions_read_as_written() -> None:
    found = DiscoveredRule.parse("gain.sovereign_lag < 6")
    assert found == DiscoveredRule("sovereign_lag", "<", 6.0, True)
    assert str(found) == "it gains less than 6 months of sovereign lag on the status quo"
    assert str(DiscoveredRule.parse("accessible_lag >= 24")) == "accessible lag is at least 24 months"


@pytest.mark.parametrize(("text", "words"), [("lag", "write sovereign_lag"), ("lag > 3", "no outcome 'lag'")])
def test_what_is_no_condition_is_refused(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        DiscoveredRule.parse(text)


def test_a_rule_reads_as_a_sentence() -> None:
    experiment = ask(open_evidence(), "KOR", draws=20, posterior=None)

    def told(**limits: Between | OneOf) -> str:
        return in_words(Box(limits, 1.0, 1.0, 1.0), experiment)

    kinds = frozenset(one.what.name for one in experiment.happenings)
    assert told(substitution=Between(high=0.5)) == "the substitution of compute and researchers is 0.1"
    assert told(absorption=Between(low=0.43912)) == "the absorption is at least 0.44 a year"
    assert told(happening=OneOf(frozenset({"weights-close"}))) == "others stop publishing the weights of their models"
    assert told(happening=OneOf(kinds - {"weights-close", "partners-withdraw"})) == (
        "neither others stop publishing the weights of their models nor partners withdraw"
    )
    assert told(happening=OneOf(kinds - {"partners-withdraw"})) == "it is not the case that partners withdraw"

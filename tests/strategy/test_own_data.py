"""Levers and strategies given as plain data, from Python."""

from __future__ import annotations

from typing import Any

import pytest

from headway.core.errors import InputError
from headway.strategy.levers import levers, with_own
from headway.strategy.mix import each_alone, named, own_strategies

OWN: dict[str, Any] = {
    "title": "Mine",
    "phrase": "my money",
    "delay": 1,
    "build_up": 0,
    "effects": [{"kind": "spending", "each": 0.8, "spread": 1.3, "rationale": "a guess"}],
}


def test_own_levers_stand_beside_the_shipped_ones() -> None:
    assert with_own({"mine": OWN}).names == (*levers().names, "mine")
    assert with_own({"head_on": OWN}).levers[0].title == "Mine"


def test_a_fault_names_the_lever_and_the_field() -> None:
    with pytest.raises(InputError, match="lever 'mine': delay: Input should be less than or equal to 30"):
        with_own({"mine": {**OWN, "delay": 31}})
    with pytest.raises(InputError, match=r"lever 'mine': effects\.0\.spending\.eech: unknown field; known are"):
        with_own({"mine": {**OWN, "effects": [{**OWN["effects"][0], "eech": 1}]}})


def test_own_strategies_know_own_levers_and_name_what_they_do_not_know() -> None:
    own = own_strategies({"slow": {"title": "Slow", "mix": {2028: {"mine": 0.5}}}}, with_own({"mine": OWN}), ())
    assert [one.strategy for one in own] == ["slow"]
    with pytest.raises(InputError, match="strategy 'slow': mix: no lever 'theirs'; known are head_on"):
        own_strategies({"slow": {"title": "Slow", "mix": {2028: {"theirs": 0.5}}}}, levers(), ())


def test_a_lever_alone_gets_the_whole_budget_from_the_day_the_named_strategies_begin() -> None:
    (one,) = each_alone([with_own({"my_own": OWN}).levers[-1]])
    assert one.strategy == "my-own"
    assert one.mix == {min(day for other in named() for day in other.mix): {"my_own": 1.0}}

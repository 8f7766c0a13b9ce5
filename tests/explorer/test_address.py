"""The address is the state."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.explorer.address import (
    DOMAINS,
    CountryState,
    Domain,
    HomeState,
    IndicatorsState,
    PageState,
    ParameterError,
    StandingState,
    WorldState,
    address,
    bounds,
    leniently,
    load,
)
from headway.explorer.claimed import _TURNING, ClaimState

CODE = st.sampled_from(["", "FRA", "KOR", "EU", "BRICS"])
HASH = st.sampled_from(["", "0123abcd", "adf41f9d6fe4"])
WORLD = st.builds(
    WorldState, view=st.sampled_from(["scale", "intensity"]), domain=st.sampled_from(get_args(Domain)),
    year=st.integers(0, 2100), top=st.integers(10, 60), country=CODE, snapshot=HASH, model=HASH,
)  # fmt: skip
COUNTRY = st.builds(
    CountryState, country=CODE, against=st.sampled_from(["", "USA", "USA,CHN"]), part=st.sampled_from(["all", "gap"]),
    finding=st.sampled_from(["", "gap.lag", "standing.rank"]),
)  # fmt: skip
STANDING = st.builds(StandingState, country=CODE, **{name: st.floats(0, 10) for name in DOMAINS})


HOME = st.builds(HomeState, country=CODE, year=st.integers(0, 2100), model=HASH)
INDICATORS = st.builds(
    IndicatorsState, indicator=st.sampled_from(["", "gdp_usd"]), countries=st.sampled_from(["", "KOR", "USA,CHN,EU"]),
    group=CODE, axis=st.sampled_from(["auto", "linear", "log"]), rows=st.sampled_from(["newest", "all"]),
    year=st.integers(0, 2100), snapshot=HASH,
)  # fmt: skip


LINE = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters=_TURNING), min_size=3)
TEST = st.sampled_from(
    ["", "indicator(gdp_usd, FRA) > 2 trillion USD", 'not rank("ai_private_investment_usd", KOR) <= 3']
)
PAIRS = st.lists(st.tuples(LINE.map(lambda text: text[:200]), TEST.filter(bool)), min_size=2, max_size=6)
CLAIM = st.builds(
    ClaimState, text=LINE.map(lambda text: text[:600]) | st.just(""), test=TEST,
    readings=PAIRS.map(lambda pairs: json.dumps(pairs)) | st.just(""), kind=st.sampled_from(["fact", "advice"]),
    countries=st.sampled_from(["", "KOR", "USA,CHN,EU"]), proxy=LINE.map(lambda text: text[:300]) | st.just(""),
    ledger=st.sampled_from(["", "france-ai"]), snapshot=HASH,
)  # fmt: skip


@given(st.one_of(WORLD, COUNTRY, STANDING, HOME, INDICATORS, CLAIM))
def test_loading_an_address_gives_the_state_back(state: PageState) -> None:
    assert load(type(state), address(state)) == state


@given(WORLD)
def test_an_address_is_canonical_and_holds_only_what_differs(state: WorldState) -> None:
    text = address(state)
    assert address(load(WorldState, text)) == text
    assert len(text.partition("?")[2].split("&")) <= 7
    assert address(WorldState()) == "/world"


@pytest.mark.parametrize(
    ("text", "name"),
    [("/world?top=9", "top"), ("/world?nonsense=1", "nonsense"), ("/world?view=both", "view"),
     ("/world?top=1&top=2", "top"), ("/world?country=<script>", "country"), ("/world?year=nan", "year")],
)  # fmt: skip
def test_what_cannot_be_is_refused_by_name(text: str, name: str) -> None:
    with pytest.raises(ParameterError) as refused:
        load(WorldState, text)
    assert refused.value.parameter == name


@given(st.dictionaries(st.sampled_from(["top", "year", "view", "country", "what"]), st.text(max_size=12), max_size=5))
def test_the_page_shows_something_near_whatever_is_asked(query: dict[str, str]) -> None:
    state, remarks = leniently(WorldState, query)
    assert isinstance(state, WorldState)
    assert bool(remarks) == (not _loads(query))


def test_the_page_clamps_and_says_so() -> None:
    state, remarks = leniently(WorldState, {"top": "1000", "domain": "money"})
    assert (state.top, state.domain) == (60, "money")
    assert "top" in remarks[0]
    assert "60" in remarks[0]
    assert bounds(WorldState, "top") == (10, 60)


def _loads(query: dict[str, Any]) -> bool:
    try:
        WorldState.model_validate(query)
    except ValueError:
        return False
    return True

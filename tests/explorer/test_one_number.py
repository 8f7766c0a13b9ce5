"""One question has one number: World, What if, brief, command line, Python, downloads; another has another name."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import headway as hw
from headway.cli.app import app as commands
from headway.core import wording
from headway.core.limits import MEMBERS
from headway.ensemble.question import world
from headway.explorer.address import WhatIfState
from headway.explorer.ask import answer, state_of
from headway.explorer.session import ExplorerSession
from headway.explorer.views.whatif import quantiles, question
from headway.findings import Context
from headway.inference.findings.common import ModelledInterval, futures
from headway.inference.findings.long_run import YEAR, long_run
from headway.inference.outlook import HORIZON, CountryOutlook, why_not
from headway.scenarios.scenario import shipped
from headway.standing.evidence_table import View
from headway.standing.view import robust_standing

if TYPE_CHECKING:
    from headway.brief.compose import Brief


VIEWS: tuple[View, ...] = ("scale", "intensity")
PLACE = ("code", "rank", "low", "high", "p_top_10")


def _places(rows: Any) -> dict[str, list[Any]]:
    return {row["code"]: [row[key] for key in PLACE[1:]] for row in rows}


@settings(max_examples=4, deadline=None)
@given(st.data())
def test_a_place_is_the_same_on_world_from_a_command_and_from_python(
    desk: ExplorerSession, data: st.DataObject
) -> None:
    view = data.draw(st.sampled_from(VIEWS))
    made = robust_standing(desk.evidence, view)
    domain = data.draw(st.sampled_from(["all", *made.domains]))
    shown = answer(state_of(f"/world?view={view}&domain={domain}"), desk)
    rows = shown.tables[0].rows
    asked = ["standing", "--view", view, "--top", "400", "--json", *(["--domain", domain] if domain != "all" else [])]
    told = json.loads(CliRunner().invoke(commands, asked).output)["standing"]
    assert _places(rows) == _places(told)
    table = hw.standing(view=view, domain=None if domain == "all" else domain).ranks.reset_index()
    assert _places(rows) == _places(table.to_dict("records"))
    own = data.draw(st.sampled_from(rows[:5]))
    label = f"{own['country']} {own['rank']:g} ({own['low']:g} to {own['high']:g})"
    assert label in shown.charts[0].alternative


@pytest.mark.parametrize("view", VIEWS)
def test_a_place_is_the_same_on_world_and_in_the_brief(
    desk: ExplorerSession, stored_brief: Callable[[str], Brief], view: View
) -> None:
    world = _places(answer(state_of(f"/world?view={view}"), desk).tables[0].rows)
    (told,) = (one for one in stored_brief("FRA").findings if one.id.startswith(f"FRA:standing.{view}@"))
    assert [told.value, told.low, told.high] == world["FRA"][:3]


@settings(max_examples=5, deadline=None)
@given(st.sampled_from(VIEWS), st.sampled_from([0.5, 1, 3]), st.data())
def test_a_place_under_the_readers_weights_is_told_beside_that_of_world(
    desk: ExplorerSession, view: View, compute: float, data: st.DataObject
) -> None:
    world = _places(answer(state_of(f"/world?view={view}"), desk).tables[0].rows)
    code = data.draw(st.sampled_from(list(world)))
    told = answer(state_of(f"/standing?view={view}&compute={compute}&country={code}"), desk)
    row = next(row for row in told.tables[0].rows if row["code"] == code)
    assert row["world"] == world[code][0]
    own, there = (wording.ordinal(float(value)) for value in (row["rank"], world[code][0]))
    weighing = "each domain weighing alike" if compute == 1 else "the weights that you set"
    assert f"takes {own} place" in told.sentence
    assert f"with {weighing}" in told.sentence
    beside = told.sentence.partition("as on World and in its brief, it is ")[2]
    assert beside.removeprefix("also ").startswith(f"{there} (90%: ")
    assert beside.startswith("also ") == (own == there)


LAGS = re.compile(r"[0-9]+ months \(90%: [^)]+\)")
SERIES = ("lag", "lag_censored", "sovereign", "accessible", "compute_share")


def same_members(desk: ExplorerSession, country: str, scenario: str) -> CountryOutlook:
    """Outlook of a brief, whose members What if has with no slider moved: as many as the desk has, in their order."""
    state = WhatIfState(country=country, scenario=scenario)
    asked = question(state, desk)
    shown = asked.paths(state)
    codes = [asked.engine.world.countries[k] for k in asked.positions]
    found = futures(Context(desk.evidence, country), scenario)  # of the country, its rivals and its peers
    assert asked.engine.world.countries == world(desk.evidence, HORIZON, found.countries).countries
    years = [k for k, year in enumerate(asked.engine.years) if f"{year}Q4" in found.quarters]
    assert asked.engine.years[years[-1]] == int(HORIZON[:4])
    for name in SERIES:
        rows = [found.quarters.index(f"{asked.engine.years[k]}Q4") for k in years]
        for place, code in enumerate(codes):
            if code in found.countries:
                told = found.runs[name][rows, found.countries.index(code), : asked.engine.draws]
                np.testing.assert_array_equal(told, shown[name][years, place], err_msg=f"{country} {scenario} {name}")
    return found


@pytest.mark.parametrize(("country", "scenario"), [("FRA", "baseline"), ("ISR", "baseline"), ("KOR", "head-on")])
def test_what_if_with_no_slider_moved_has_the_members_of_the_brief(
    desk: ExplorerSession, country: str, scenario: str
) -> None:
    same_members(desk, country, scenario)


@settings(max_examples=20)
@given(st.lists(st.floats(-200, 200, width=32), min_size=1, max_size=60))
def test_what_if_reads_quantiles_off_its_members_as_a_brief_does(draws: list[float]) -> None:
    members = np.asarray(draws, np.float32)
    told = ModelledInterval.of(members.astype(float))
    assert quantiles(members)[[0, 2, 4]] == pytest.approx([told.low, told.value, told.high], rel=1e-12, abs=1e-12)


def test_whoever_names_no_number_has_as_many_futures() -> None:
    from headway.cli import simulate as command
    from headway.explorer.whatif.engine import Engine

    for function in (ExplorerSession, Engine, hw.simulate, command.simulate):
        assert inspect.signature(function).parameters["draws"].default == MEMBERS


@pytest.mark.slow
def test_what_if_prints_the_numbers_of_the_brief_for_all_countries_and_scenarios() -> None:
    desk = ExplorerSession()
    countries = [code for code, _ in desk.countries if why_not(desk.evidence, code) is None]
    few = [*countries[:: max(1, len(countries) // 8)], *desk.first]
    told = list[tuple[list[str], list[str]]]()
    for country in dict.fromkeys(few):
        for scenario in shipped():
            found = same_members(desk, country, scenario)
            state = WhatIfState(country=country, scenario=scenario, until=YEAR)
            rows = [one for one in answer(state, desk).tables[0].rows if one["year"] == YEAR]
            row = next(one for one in rows if one["series"].startswith("Lag"))
            lag = ModelledInterval.of(found.draws("lag", country, f"{YEAR}Q4"))
            assert [row["q05"], row["q50"], row["q95"]] == pytest.approx([lag.low, lag.value, lag.high], rel=1e-4)
        for one in long_run(Context(desk.evidence, country)):
            shown = answer(WhatIfState(country=country, structure="both", until=YEAR, within=24), desk).sentence
            told.append((LAGS.findall(one.sentence), LAGS.findall(shown)))
    assert told
    for brief, page in told:
        assert len(brief) == 2
        assert brief == page

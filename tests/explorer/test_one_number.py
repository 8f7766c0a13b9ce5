"""One question has one number: World, the brief, the command line, Python and downloads; another has another name."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import headway as hw
from headway.cli.app import app as commands
from headway.core import wording
from headway.explorer.ask import answer, state_of
from headway.standing.evidence_table import View
from headway.standing.view import robust_standing

if TYPE_CHECKING:
    from headway.brief.compose import Brief
    from headway.explorer.session import ExplorerSession


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

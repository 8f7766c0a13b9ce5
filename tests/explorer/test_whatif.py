"""What if: the held world agrees with the whole one, sliders are scenarios, causes add up, searches end."""

from __future__ import annotations

import datetime as dt
import gc
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.charts import Caption, theme
from headway.charts.layout import text_width
from headway.core import wording
from headway.explorer.address import WhatIfState, WhyState, address, load
from headway.explorer.whatif import changes
from headway.explorer.whatif.engine import joined, on_device
from headway.explorer.whatif.events import by_priority, events_of
from headway.explorer.whatif.fans import DateMark, Drawn, Fan, placed
from headway.findings import Context
from headway.inference.findings.long_run import YEAR, diffused_lags
from headway.inference.record import COMPUTE, DIFFUSION, long_run_weights
from headway.scenarios.apply import apply
from headway.scenarios.scenario import parse

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from headway.explorer.session import ExplorerSession
    from headway.explorer.whatif.engine import Engine

STATES = st.builds(
    WhatIfState, country=st.sampled_from(["", "FRA"]), since=st.integers(2022, 2035), spending=st.floats(0.1, 10),
    controls=st.none() | st.floats(0, 100), exodus=st.floats(0, 30), openness=st.none() | st.floats(0, 100),
    collaboration=st.none() | st.floats(0, 100), closing=st.integers(2026, 2040) | st.just(0),
    cut=st.integers(2026, 2040) | st.just(0), metered=st.floats(0, 100), growth=st.floats(-5, 5),
    partner=st.floats(0, 1000), education=st.floats(0.2, 5), attraction=st.floats(0, 300), whole=st.booleans(),
    structure=st.sampled_from(["compute", "diffusion", "both"]),
)  # fmt: skip


@given(STATES)
def test_loading_an_address_gives_the_state_back(state: WhatIfState) -> None:
    assert load(WhatIfState, address(state)) == state


@settings(max_examples=25)
@given(STATES)
def test_every_setting_of_the_sliders_is_a_scenario_file(state: WhatIfState) -> None:
    made = changes.scenario_of(state)
    assert parse(changes.as_file(state), Path("what-if.yaml")) == made
    assert changes.moved(changes.only(state, ())) == ()


@pytest.fixture(scope="module")
def engine(desk: ExplorerSession) -> Engine:
    return desk.engine(desk.default_country)


def test_with_nothing_changed_they_move_as_in_the_whole_world(engine: Engine, desk: ExplorerSession) -> None:
    focal = desk.default_country
    positions = engine.moving([focal])
    held = engine.run(positions, engine.world.drivers)
    whole = engine.whole(positions, changes.chain_of(WhatIfState(country=focal)), focal)
    for name, one in held.items():
        assert one.shape == (len(engine.years), 3, engine.draws)
        np.testing.assert_allclose(one, whole[name], rtol=2e-3, atol=2e-2, err_msg=name)


def test_what_the_country_changes_is_felt_alike_by_held_and_whole_world(engine: Engine, desk: ExplorerSession) -> None:
    state = WhatIfState(country=desk.default_country, spending=3)
    positions, chain = engine.moving([state.country]), changes.chain_of(state)
    drivers = apply(chain, engine.world.drivers, (state.country,), engine.ensemble.registry)
    held, whole = engine.run(positions, drivers), engine.whole(positions, chain, state.country)
    own = np.median(held["sovereign"][-6, 0]), np.median(whole["sovereign"][-6, 0])
    before = np.median(engine.run(positions, engine.world.drivers)["sovereign"][-6, 0])
    assert own[0] > before
    assert own[0] - before == pytest.approx(own[1] - before, rel=0.1)


def test_blocks_side_by_side_answer_as_each_alone(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    positions = engine.moving([engine.world.countries[0]])
    drivers = engine.world.drivers
    alone, (block,) = engine.run(positions, drivers), engine.blocks(positions)
    monkeypatch.setattr(engine, "blocks", lambda _: [joined([block, block])])
    monkeypatch.setattr(engine, "draws", 2 * engine.draws)
    for name, both in engine.run(positions, drivers).items():
        np.testing.assert_allclose(both, np.concatenate([alone[name]] * 2, axis=-1), rtol=1e-4, atol=1e-3, err_msg=name)


def test_a_warm_server_searches_what_it_has_open_for_garbage_no_more(desk: ExplorerSession) -> None:
    gc.unfreeze()
    desk.warm()
    assert gc.get_freeze_count() > 10_000
    gc.unfreeze()


@pytest.mark.parametrize("shape", [(77, 3, 1), (77, 1)])
def test_a_path_with_the_same_content_is_handed_over_once(shape: tuple[int, ...]) -> None:
    path = np.arange(np.prod(shape), dtype=float).reshape(shape)
    assert on_device(path) is on_device(path.copy())
    np.testing.assert_array_equal(on_device(path), path)
    np.testing.assert_array_equal(on_device(path + 1), path + 1)
    assert on_device(path.reshape(-1)).shape == (path.size,)


def answer(client: TestClient, path: str) -> Any:
    while (response := client.get(path)).status_code == 429:  # still computing: ask the same again
        pass
    assert response.status_code == 200, response.text
    return response.json()


def test_the_sentence_is_the_share_of_futures(client: TestClient) -> None:
    told = answer(client, "/whatif.json?spending=2&within=36&until=2030")
    assert 0 <= told["probability"] <= 1
    assert "within 36 months of the frontier at the end of 2030" in told["sentence"]
    assert told["moved"] == ["spending"]
    assert "prior" in told["notes"][0] or "posterior" in told["notes"][0]


def test_while_a_slider_moves_the_same_is_said_without_tables(client: TestClient) -> None:
    full = answer(client, "/whatif.json?spending=2.5&effort=1&width=700")
    quick = answer(client, "/whatif.json?spending=2.5&effort=1&width=700&tables=false")
    assert full["tables"][0]["rows"]
    assert "what-if" in full.pop("scenario_file")
    assert "/whatif" in full.pop("reproduce")["command"]
    assert quick == {**full, "tables": []}
    assert "tables" not in quick["address"]


def test_axes_stay_while_a_slider_moves(client: TestClient) -> None:
    def scales(query: str) -> list[Any]:
        told = answer(client, f"/whatif.json?{query}&width=700")
        return [chart["spec"]["layer"][0]["encoding"]["y"]["scale"] for chart in told["charts"]]

    assert scales("spending=1.1") == scales("spending=1.2")


def test_the_parts_of_the_why_add_up(client: TestClient) -> None:
    rows = answer(client, "/why.json?spending=3&education=2&controls=100")["tables"][0]["rows"]
    values = [row["value"] for row in rows]
    assert values[0] + sum(values[1:-1]) == pytest.approx(values[-1], abs=1e-6)
    assert answer(client, "/why.json")["charts"] == []
    assert load(WhyState, address(WhyState(spending=2))) == WhyState(spending=2)


def test_levers_are_ordered_by_what_they_do_here_and_say_where_they_stand(
    client: TestClient, engine: Engine, desk: ExplorerSession
) -> None:
    focal = desk.default_country
    told = answer(client, f"/levers.json?country={focal}&until=2032")
    rows = {name: row for name, row in told["told"].items() if name in changes.LEVERS}
    assert len(rows) == len(changes.LEVERS)
    assert list(rows) == sorted(rows, key=lambda name: -rows[name]["reach"])
    assert told["first"] == list(rows)[: len(told["first"])]
    ends = [_row(client, f"country={focal}&until=2032&whole=0&spending={value}")[0] for value in ("0.1", "10")]
    assert [rows["spending"]["low"], rows["spending"]["high"]] == pytest.approx(ends, abs=0.3)
    still = rows["domestic"]["effect"]
    assert "because no export controls fall on it" in still
    bound = answer(client, f"/levers.json?country={focal}&until=2032&controls=100")["told"]
    assert bound["domestic"]["effect"] != still
    assert "because export controls, not money" in bound["spending"]["effect"]
    drivers, row = engine.world.drivers, engine.world.known - 1
    most = max(engine.world.countries[:-1], key=lambda code: drivers.paths["domestic"][row, drivers.position(code)])
    made = drivers.paths["domestic"][row, drivers.position(most)]
    today = answer(client, f"/levers.json?country={most}&until=2032")["told"]["domestic"]["today"]
    assert today.endswith(" thousand H100 equivalents a year")
    assert float(today.split()[0]) * 1000 == pytest.approx(made, rel=0.05)


def test_a_search_finds_the_setting_or_says_that_there_is_none(client: TestClient) -> None:
    def last(query: str) -> Any:
        lines = client.get(f"/search.ndjson?{query}").text.splitlines()
        assert all("done" in json.loads(line) for line in lines[:-1])
        return json.loads(lines[-1])

    impossible = last("within=1&until=2027&lever=rents&probability=0.9")
    assert impossible["found"] is None
    median = float(np.median(_row(client, "until=2035")))
    found = last(f"within={max(1, min(60, round(median) - 3))}&until=2035&lever=spending&probability=0.5")
    if found["found"] is not None:
        again = answer(client, f"/whatif.json?within={max(1, min(60, round(median) - 3))}&spending={found['found']}")
        assert again["probability"] == pytest.approx(0.5, abs=0.05)


def _row(client: TestClient, query: str) -> list[float]:
    rows = answer(client, f"/whatif.json?{query}")["tables"][0]["rows"]
    own = [row for row in rows if row["series"].startswith("Lag")]
    return [row["q50"] for row in own if row["country"] == own[0]["country"]][-1:]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [("scenario=none", "scenario"), ("spending=0", "spending"), ("against=USA,CHN,DEU", "against"),
     ("country=EU", "country"), ("controls=101", "controls"), ("lever=closing", "lever"),
     ("probability=2", "probability")],
)  # fmt: skip
def test_a_mistake_names_its_parameter(client: TestClient, query: str, parameter: str) -> None:
    path = "/search.ndjson" if parameter in ("lever", "probability") else "/whatif.json"
    response = client.get(f"{path}?{query}")
    assert response.status_code == 422
    assert parameter in response.json()["detail"][0]["loc"]


def test_scenarios_and_countries_stand_side_by_side(client: TestClient) -> None:
    told = answer(client, "/compare.json?countries=FRA&scenarios=baseline,head-on&width=700")
    rows = told["tables"][0]["rows"]
    assert [row["scenario"] for row in rows] == ["As things stand", "Head-on race"]
    assert rows[1]["sovereign_middle"] > rows[0]["sovereign_middle"]
    drawn = json.dumps(told["charts"][0]["spec"]["layer"], ensure_ascii=False)
    for row in rows:  # a chart tells the same whole months as the sentence, and the same as What if
        low, middle, high = (row[f"lag_{end}"] for end in ("low", "middle", "high"))
        assert f"{round(middle)} months behind (90%: {round(low)}–{round(high)})" in told["sentence"]
        assert f"{round(middle)} ({round(low)}–{round(high)})" in drawn
        shown = answer(client, row["href"].replace("?", ".json?"))["structures"][0]
        assert [low, middle, high] == pytest.approx([shown["low"], shown["lag"], shown["high"]], rel=1e-6)
    assert client.get("/compare.json?countries=USA,CHN,FRA,DEU&scenarios=baseline,head-on").status_code == 422


def test_a_cut_is_felt_in_what_is_used_alone(engine: Engine, desk: ExplorerSession) -> None:
    state = WhatIfState(country=desk.default_country, cut=2027)
    positions, chain = engine.moving([state.country]), changes.chain_of(state)
    cut = engine.run(positions, apply(chain, engine.world.drivers, (state.country,), engine.ensemble.registry))
    usual, after = engine.baseline(positions, held=True), np.asarray(engine.years) >= 2027
    for name in ("lag", "sovereign", "accessible"):
        np.testing.assert_array_equal(cut[name], usual[name], err_msg=name)
    np.testing.assert_array_equal(cut["available"][after, 0], cut["accessible"][after, 0])
    np.testing.assert_array_equal(cut["available"][:, 1:], usual["available"][:, 1:])
    alone = changes.chain_of(WhatIfState(country=desk.default_country, provider_cut=2027))
    drivers = apply(alone, engine.world.drivers, (state.country,), engine.ensemble.registry)
    left, whole = engine.run(positions, drivers), engine.whole(positions, alone, state.country)
    for name in ("lag", "sovereign", "accessible"):
        np.testing.assert_array_equal(left[name], usual[name], err_msg=name)
    np.testing.assert_allclose(left["available"], whole["available"], atol=0.01, err_msg="held and whole are one")
    assert (left["available"] >= cut["available"]).all()
    assert (left["available"][after, 0] < usual["available"][after, 0]).mean() > 0.5


def test_what_is_used_is_drawn_where_a_change_touches_it(client: TestClient) -> None:
    drawn = {query: [one["name"] for one in answer(client, f"/whatif.json?{query}&width=700")["charts"]]
             for query in ("spending=2", "metered=10", "closing=2028")}  # fmt: skip
    assert {query: "available" in names for query, names in drawn.items()} == {
        "spending=2": False, "metered=10": True, "closing=2028": True,
    }  # fmt: skip


def test_both_structures_of_the_long_run_are_told_alike_in_sentence_chart_table_and_brief(
    client: TestClient, desk: ExplorerSession
) -> None:
    query = f"country=FRA&until={YEAR}&spending=3&width=700&whole=0"
    told = {name: answer(client, f"/whatif.json?{query}&structure={name}") for name in ("compute", "diffusion", "both")}
    ends = {name: {row["structure"]: row for row in one["structures"]} for name, one in told.items()}
    assert ends["compute"] == ends["diffusion"] == ends["both"]
    first, second = ends["both"][COMPUTE], ends["both"][DIFFUSION]
    assert told["compute"]["probability"] == first["probability"]
    assert told["diffusion"]["probability"] == second["probability"] == told["diffusion"]["baseline_probability"]
    weights = long_run_weights(desk.evidence.as_of)
    mixed = sum(weights[name] * ends["both"][name]["probability"] for name in (COMPUTE, DIFFUSION))
    assert told["both"]["probability"] == pytest.approx(mixed)

    brief = diffused_lags(Context(desk.evidence, "FRA"))
    assert brief is not None
    np.testing.assert_allclose(
        [second["low"], second["lag"], second["high"]], np.quantile(brief, (0.05, 0.5, 0.95)), atol=0.3
    )
    for name, one in told.items():
        last = {row["structure"]: row for row in one["tables"][0]["rows"] if row["country"] == "France"
                and row["series"].startswith("Lag") and row["year"] == YEAR}  # fmt: skip
        assert set(last) == {"compute": {COMPUTE}, "diffusion": {DIFFUSION}, "both": {COMPUTE, DIFFUSION}}[name]
        labels = json.dumps(one["charts"][0]["spec"]["layer"], ensure_ascii=False)
        for structure, row in last.items():
            end = ends["both"][structure]
            assert [row["q05"], row["q50"], row["q95"]] == pytest.approx(
                [end["low"], end["lag"], end["high"]], rel=1e-4
            )
            ends_told = f"{round(end['low'])}–{round(end['high'])}"
            assert f"{round(end['lag'])} ({ends_told})" in labels
            assert f" behind (90%: {ends_told})" in one["sentence"]
    assert f"by the weights of both {wording.of_hundred(mixed)}" in told["both"]["sentence"]
    assert [one["name"] for one in told["diffusion"]["charts"]] == ["lag", "compute_share"]
    still = answer(client, f"/whatif.json?{query.replace('spending=3', 'spending=1')}&structure=diffusion")
    assert [row for row in still["tables"][0]["rows"] if row["structure"]] == [
        row for row in told["diffusion"]["tables"][0]["rows"] if row["structure"]
    ]  # fmt: skip
    levers = answer(client, f"/levers.json?country=FRA&until={YEAR}&structure=diffusion")["told"]
    assert {row["effect"] for row in levers.values()} == {f"No effect on the lag, if {DIFFUSION}."}
    refused = client.get(f"/whatif.json?country={desk.first[0]}&structure=both")
    assert refused.status_code == 422
    assert "structure" in refused.json()["detail"][0]["loc"]


NONE = Fan("", np.zeros((5, 2)), np.zeros((5, 2)))
MARKS = st.lists(st.builds(DateMark, st.floats(2022, 2041), st.text("abc de", min_size=1, max_size=30)), max_size=12)


@settings(max_examples=30, deadline=None)
@given(MARKS, st.floats(150, 700), st.integers(1, 4))
def test_words_of_dated_events_meet_neither_words_nor_lines(marks: list[DateMark], width: float, rows: int) -> None:
    chart = Drawn(
        "", "", [2023, 2035], [NONE], False, False, "", "", Caption(dt.date(2026, 1, 1)), marks=marks, mark_rows=rows
    )
    shown = placed(chart, width, 60)
    assert len(shown) == len({id(mark) for mark, *_ in shown})
    if any(2023 <= mark.at <= 2035 and text_width(mark.label, theme.NOTE) < 50 for mark in marks):
        assert shown
    for place, (mark, x, row) in enumerate(shown):
        end = x + 3 + text_width(mark.label, theme.NOTE)
        assert 0 <= row < rows
        assert end <= width + 60
        for _, at, below in shown[place + 1 :]:
            assert x <= at
            if at <= end:  # its words or its line would be met in the same row or above
                assert below > row


def test_dated_events_stand_in_the_chart_in_words_and_with_their_sources(
    client: TestClient, desk: ExplorerSession
) -> None:
    told = answer(client, "/whatif.json?country=CHN&width=700")
    events = {one.id: one for one in events_of(desk.evidence, "CHN")}
    acts = desk.evidence.statements("event", "CHN")
    assert set(acts["id"]) <= set(events)
    releases = [one for one in events.values() if one.kind == "release"]
    assert len(releases) > 3
    table = next(table for table in told["tables"] if table["name"] == "events")
    assert [row["text"] for row in table["rows"]] == [one.text for one in reversed(events.values())]
    assert all(row["url"].startswith("http") for row in table["rows"])
    for chart in told["charts"]:
        words = {row["text"] for layer in chart["spec"]["layer"] for row in layer["data"]["values"] if "text" in row}
        marked = [one for one in events.values() if f"{one.short} {one.label}" in words]
        assert marked
        assert "Marked: " in chart["alternative"]
        assert any(f"{one.when}, {one.label}" in chart["alternative"] for one in marked)
    newest = by_priority(list(events.values()))
    assert [one.day.year for one in newest[:3]] == sorted({one.day.year for one in events.values()}, reverse=True)[:3]
    changed = answer(client, "/whatif.json?country=CHN&width=700&spending=2&since=2028&whole=0")
    assert "changes begin 2028" in json.dumps(changed["charts"][0]["spec"])

"""The first page has its map, its answer and what changed; an indicator has its figures, sources and both dates."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from headway.brief.edition_diff import SentenceChange
from headway.explorer.app import create_app
from headway.explorer.session import ExplorerSession
from headway.site import world_map
from headway.site.home import HomeRow


@pytest.fixture
def home(
    desk: ExplorerSession, first_rows: Callable[..., list[HomeRow]], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Any]]:
    """What a server of its own answers: one that others asked before would give what it kept."""
    monkeypatch.setattr("headway.explorer.views.home.rows", first_rows)
    made = create_app(desk, ("testserver",))
    yield TestClient(made, raise_server_exceptions=False).get
    made.state.workers.close(60)


def test_the_map_hatches_what_is_unknown_leads_to_briefs_and_stands_in_frames_and_files(
    home: Callable[[str], Any], first_rows: Callable[..., list[HomeRow]]
) -> None:
    told = home("/home.json?country=KOR&width=700").json()
    drawn = told["charts"][0]
    links = dict(re.findall(r'<a href="/country\?country=(...)"(.*?)</a>', drawn["svg"]))
    assert set(links) == {row.code for row in first_rows()}
    assert {code for code, link in links.items() if 'fill="url(#hatch700)"' in link} == {"PER"}
    assert {code for code, link in links.items() if "<circle" in link} == {"TWN", "SGP"}  # small states and Taiwan
    assert drawn["order"] == ["CHN", "KOR", "TWN", "SGP"]
    assert drawn["marked"] == ["KOR"]
    for row in first_rows():
        assert f"<title>{row.name}: {row.months or 'no distance known'}" in links[row.code]
        assert row.value is None or f"{row.name}: {row.months}" in drawn["alternative"]
    assert told["sentence"] == "South Korea: 15 months behind (90%: 13–17), measured, 30 June 2026."
    assert [line["value"] for line in told["lines"]] == [said for _, said in first_rows()[0].answers]
    for text in (home("/home.svg?country=KOR").text, home("/embed/home?country=KOR").text):
        assert "South Korea: 15 months behind" in text
        assert 'href="/country?' not in text
        assert "As of " in text
    page = home("/?country=KOR").text
    tags = dict(re.findall('property="og:(.*?)" content="(.*?)"', page))
    assert tags["image"] == "http://testserver/home.png?country=KOR"
    words = re.search('<nav aria-label="Views">(.*?)</nav>', page, re.DOTALL)
    assert words is not None
    assert re.findall(">([^<]+)</a>", words[1]) == [
        "Home", "World", "Country", "What if", "Compare", "Indicators", "Standing", "Record", "Claims",
    ]  # fmt: skip


def test_the_first_page_says_what_changed_or_that_there_is_nothing_to_compare_with(
    home: Callable[[str], Any], desk: ExplorerSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No earlier edition" in home("/home.json?country=CHN").json()["changes"]
    change = SentenceChange("FRA:gap.lag@2026-11-22", "FRA", "France: Lag", "It was.", "It is.", ("new evidence",), 1)
    monkeypatch.setattr(desk, "since", SimpleNamespace(key=SimpleNamespace(as_of=dt.date(2026, 11, 1))))
    monkeypatch.setitem(vars(desk), "changes", SimpleNamespace(sentences=[change]))
    told = home("/home.json?country=TWN").json()
    assert told["changes"] == "1 headline of 1 country changed since the edition of 1 November 2026."
    shown = {"country": "France", "title": "Lag", "before": "It was.", "after": "It is.", "why": "new evidence"}
    assert {key: told["changed"][0][key] for key in shown} == shown
    assert told["tables"][1]["rows"][0] == {**shown, "href": "/country?country=FRA"}
    monkeypatch.setitem(vars(desk), "changes", None)
    assert "nothing can be compared" in home("/home.json?country=SGP").json()["changes"]


def test_an_indicator_has_its_figures_by_group_and_period_with_source_and_both_dates(
    client: TestClient, desk: ExplorerSession
) -> None:
    evidence, members = desk.evidence, set(desk.evidence.resolve("EU").members)
    for rows, known in (("newest", evidence.latest("gdp_usd")), ("all", evidence.observations("gdp_usd"))):
        text = client.get(f"/indicators.csv?indicator=gdp_usd&group=EU&rows={rows}").text
        lines = list(csv.DictReader(io.StringIO("".join(x for x in text.splitlines(True) if x[0] != "#"))))
        found = {(x["code"], x["period"]): (float(x["value"]), x["publisher"], x["known_since"]) for x in lines}
        kept = known[known["country"].isin(members)]
        assert found == {
            (row.country, row.period): (
                row.value,
                evidence.sources()[row.source].publisher,
                f"{row.published_on:%Y-%m-%d}",
            )
            for row in kept.itertuples()
        }
    told = client.get("/indicators.json?indicator=gdp_usd&countries=FRA,EU&axis=log&width=700").json()
    lines, drawn = told["charts"]
    assert list(lines["figures"]["series"]) == ["EU", "FRA"]
    newest = evidence.latest("gdp_usd")
    place = list(newest.sort_values("value", ascending=False)["country"]).index("FRA") + 1
    assert f"the {place}th highest newest figure of {len(newest)} countries" in told["sentence"]
    assert lines["figures"]["log"] is True
    assert drawn["marked"] == ["FRA", "EU"]
    assert drawn["svg"].count("<a href") == sum(
        code in world_map.outlines()["paths"] or code in set(newest["country"])
        for code in {**world_map.outlines()["paths"], **world_map.outlines()["circles"]}
    )
    for query, name in (("indicator=none", "indicator"), ("indicator=gdp_usd&group=FRA", "group")):
        refused = client.get(f"/indicators.json?{query}")
        assert (refused.status_code, refused.json()["detail"][0]["loc"]) == (422, ["query", name])


def test_classes_of_a_map_hold_about_as_many_countries_each() -> None:
    classes = world_map.classes_by_rank([float(value) for value in range(1, 101)])
    counts = [0] * len(classes)
    for value in range(1, 101):
        counts[world_map.class_of(float(value), classes)] += 1
    assert counts == pytest.approx([20] * 5, abs=2)
    assert len({fill for _, fill, _ in classes}) == 5
    assert [len(world_map.classes_by_rank(values)) for values in ([], [3.0, 3.0], [0.0, 1.0])] == [0, 1, 2]

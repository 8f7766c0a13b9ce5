"""The API: every form of an answer says the same, mistakes name their parameter, nothing leaves the page."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable
from html import escape, unescape
from typing import TYPE_CHECKING, Any

import pyarrow.parquet as pq
import pytest

from headway.brief import view
from headway.brief.compose import Brief
from headway.explorer.answer import Answer, AnswerProvenance, AnswerTable, Later, record

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from headway.explorer.session import ExplorerSession


def answer(client: TestClient, address: str) -> Any:
    while (response := client.get(address)).status_code == 429:  # still computing: ask the same again
        pass
    assert response.status_code == 200, response.text
    return response.json()


def rows_of_csv(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(line for line in text.splitlines(True) if line[0] != "#"))))


@pytest.mark.parametrize(
    "path", ["world", "standing", "indicators", "whatif", "compare", "method", "data", "limits", "record"]
)
def test_downloads_hold_what_the_api_says(client: TestClient, path: str) -> None:
    table = answer(client, f"/{path}.json")["tables"][0]
    text = client.get(f"/{path}.csv").text
    stored = pq.read_table(io.BytesIO(client.get(f"/{path}.parquet").content))
    assert len(rows_of_csv(text)) == stored.num_rows == len(table["rows"])
    assert stored.column_names == list(table["columns"])
    for told, kept in zip(rows_of_csv(text), table["rows"], strict=True):
        for name in table["columns"]:
            written = "" if kept[name] is None else str(kept[name])
            assert told[name].removeprefix("'") == written.replace("\r\n", "\n")
    assert b"Source" in json.dumps(stored.schema.metadata[b"headway"].decode()).encode()
    assert text.startswith("# ")
    assert "# Source: " in text


def test_what_is_not_asked_for_is_not_worked_out() -> None:
    made = list[int]()

    def make() -> list[dict[str, int]]:
        made.append(1)
        return [{"a": 1}, {"a": 2}]

    rows = Later(make)
    origin = AnswerProvenance("", "", dt.date(2026, 1, 1))
    tables = (AnswerTable("t", "", {"a": "A"}, rows),)
    told = Answer("", "", origin, tables=tables, extra={"small": 1, "file": lambda: "text"})
    quick = record(told, "/x", tables=False)
    assert not made
    assert quick["tables"] == []
    assert quick["small"] == 1
    assert "file" not in quick
    whole = record(told, "/x")
    assert whole["tables"][0]["rows"] == [{"a": 1}, {"a": 2}]
    assert whole["file"] == "text"
    assert len(rows) == len(rows[:2]) == 2
    assert made == [1]


def test_a_chart_carries_its_source_and_date(client: TestClient) -> None:
    drawn = client.get("/world.svg?country=FRA&top=10&width=390")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert "Source:" in drawn.text
    assert "As of" in drawn.text
    assert 'width="390"' in drawn.text
    assert client.get("/world.png?top=10").content.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("address", "parameter"),
    [("/world.json?top=9", "top"), ("/world.json?nonsense=1", "nonsense"), ("/world.json?year=1990", "year"),
     ("/world.json?view=intensity&domain=flows", "domain"), ("/world.json?country=QQQ", "country"),
     ("/standing.json?country=FRA&flows=2", "flows"), ("/country.json?country=FRA&against=FRA", "against"),
     ("/country.json?country=FRA&part=standing&finding=none", "finding"), ("/trace.json?id=x", "id"),
     ("/world.svg?chart=none", "chart"), ("/world.json?width=1", "width"), ("/whatif.json?tables=some", "tables"),
     ("/whatif.json?closing=736", "closing")],
)  # fmt: skip
def test_a_mistake_names_its_parameter(client: TestClient, address: str, parameter: str) -> None:
    response = client.get(address)
    assert response.status_code == 422
    assert parameter in response.json()["detail"][0]["loc"]


def test_one_bad_request_never_stops_the_server(client: TestClient) -> None:
    assert client.get("/world.json?" + "x" * 5000).status_code == 414
    assert client.post("/world.json", content=b"x" * 300_000).status_code == 413
    assert client.get("/nothing").status_code == 404
    assert client.get("/world.exe").status_code == 422
    assert client.get("/health").json()["state"] == "ready"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/indicators?indicator=gdp_usd",
        "/world",
        "/standing",
        "/country?country=KOR",
        "/method",
        "/data",
        "/limits",
        "/record",
    ],
)
def test_pages_hold_no_script_and_no_style_of_their_own(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "<style" not in page.text
    assert "style=" not in page.text
    assert "http://" not in page.text.replace("http://testserver/", "")  # previews want our own address whole
    assert all("src=" in tag for tag in page.text.split("<script")[1:])


def test_a_foreign_host_name_is_refused(client: TestClient) -> None:
    assert client.get("/health", headers={"host": "evil.example"}).status_code == 400


def test_equal_weights_give_the_study_without_weight_noise_at_the_top(client: TestClient) -> None:
    even = answer(client, "/standing.json?country=FRA")
    same = answer(client, "/standing.json?country=FRA&" + "&".join(f"{name}=1" for name in even["domains"]))
    doubled = answer(client, "/standing.json?country=FRA&" + "&".join(f"{name}=2" for name in even["domains"]))
    assert same["tables"] == even["tables"]
    assert [row["rank"] for row in doubled["tables"][0]["rows"]] == [row["rank"] for row in even["tables"][0]["rows"]]


def test_all_weight_on_a_domain_is_that_domain(client: TestClient, desk: ExplorerSession) -> None:
    names = answer(client, "/standing.json")["domains"]
    only = answer(client, "/standing.json?" + "&".join(f"{name}=0" for name in names if name != "economy"))
    alone = answer(client, "/world.json?domain=economy")
    best = {row["code"]: row["rank"] for row in alone["tables"][0]["rows"]}
    for row in only["tables"][0]["rows"][:3]:
        assert abs(best[row["code"]] - row["rank"]) <= 1


def test_a_finding_leads_to_its_publishers(client: TestClient) -> None:
    told = answer(client, "/country.json?country=KOR&part=standing")
    item = next(item for part in told["parts"] for item in part["body"] if item["number"])
    chain = answer(client, f"/trace.json?id={item['id']}")
    assert chain["sentence"] == item["sentence"]
    link = chain["links"][0]
    while link["inputs"]:
        link = link["inputs"][0]
    assert link["url"].startswith("http")
    assert link["licence"]


def test_a_brief_that_an_edition_holds_is_read_and_opens_with_its_judgement(
    client: TestClient, stored_brief: Callable[[str], Brief], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = stored_brief("CAN")
    monkeypatch.setattr("headway.brief.edition.stored", lambda context: (whole, ""))
    monkeypatch.setattr("headway.explorer.views.country.compose", lambda *_: pytest.fail("a stored brief is composed"))
    told = answer(client, "/country.json?country=CAN&part=standing")
    assert told["judgement"] == [sentence.text for sentence in view.judgement(whole)] != []
    chapter = next(chapter for chapter in whole.chapters if chapter.part.key == "standing")
    assert [row["id"] for row in told["tables"][0]["rows"]] == [finding.id for finding in chapter.findings]
    assert {source["number"] for source in told["sources"]} == {
        number for finding in chapter.findings for number in whole.marks[finding.id]
    }
    assert len(answer(client, "/country.json?country=CAN")["parts"]) == len(whole.chapters)
    card = answer(client, "/card.json?country=CAN")
    assert card["sentence"] == told["judgement"][0]
    assert card["lines"][0]["label"] == "Distance to the frontier"


def test_an_address_made_with_other_evidence_is_told(client: TestClient) -> None:
    assert answer(client, "/world.json?snapshot=00000000")["differs"]
    assert not answer(client, "/world.json")["differs"]


def test_a_chart_or_a_card_can_stand_in_the_frame_of_another_site_and_nothing_else_can(client: TestClient) -> None:
    told = answer(client, "/world.json?country=FRA&top=10")
    for chart, drawings in (("", 2), ("ranks", 2), ("card", 0)):
        framed = client.get(f"/embed/world?country=FRA&top=10&chart={chart}")
        assert framed.status_code == 200
        assert framed.text.count("<svg ") == drawings
        assert told["sentence"] in framed.text
        assert told["title"] in framed.text
        assert "Source:" in framed.text
        assert f'href="{escape(told["address"])}"' in framed.text
        assert not {"<script", "<nav", "<form", "style="} & set(re.findall(r"<script|<nav|<form|style=", framed.text))
        policy = framed.headers["content-security-policy"]
        assert policy.endswith("frame-ancestors *")
        assert "script-src" not in policy
        assert "x-frame-options" not in framed.headers
    for closed in ("/world", "/world.svg?top=10", "/static/embed.css", "/health"):
        headers = client.get(closed).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
    for address, status in (("/embed/world?top=9", 422), ("/embed/world?chart=none", 422), ("/embed/nowhere", 404)):
        assert client.get(address).status_code == status


CLAIM = "claim?ledger=russia-ai-race&claim=rivals-invest-more"


def test_the_verdict_on_a_claim_has_an_address_and_stands_in_frames(client: TestClient) -> None:
    told = answer(client, f"/{CLAIM.replace('?', '.json?')}")
    ledger = next(
        one for one in client.get("/claims/ledgers.json").json()["ledgers"] if one["ledger"] == "russia-ai-race"
    )
    claim = next(one for one in ledger["claims"] if one["id"] == "rivals-invest-more")
    alone = json.dumps({**ledger, "claims": [claim]})
    (checked,) = client.post("/claims/check.json", json={"ledger": alone}).json()["claims"]
    assert claim["claim"] in told["title"]
    assert (told["verdict"], round(told["probability"], 3)) == (checked["verdict"], checked["probability"])
    assert told["sentence"].lower().startswith(checked["verdict"])
    assert [row["value"] for row in told["tables"][0]["rows"]] == [one["value"] for one in checked["used"]]
    for chart, drawings in (("", 2), ("card", 0)):
        framed = client.get(f"/embed/{CLAIM}&chart={chart}")
        assert framed.headers["content-security-policy"].endswith("frame-ancestors *")
        assert framed.text.count("<svg ") == drawings
        assert escape(told["sentence"], quote=False) in framed.text
        assert f'href="/{escape(CLAIM)}"' in framed.text
        image = re.search('property="og:image" content="http://testserver(.*?)"', framed.text)
        assert (image is not None) == bool(drawings)
        if image:
            assert client.get(unescape(image[1])).content.startswith(b"\x89PNG")
    asked = client.head(f"/embed/{CLAIM}")
    assert (asked.status_code, asked.content) == (200, b"")
    page = client.get(f"/{CLAIM}")
    assert page.status_code == 200
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    for wrong, parameter in (("claim?ledger=none", "ledger"), ("claim?ledger=russia-ai-race&claim=none", "claim")):
        refused = client.get(f"/{wrong.replace('?', '.json?')}")
        assert refused.json()["detail"][0]["loc"][-1] == parameter
        assert client.get(f"/embed/{wrong}").status_code == 422


def test_head_is_answered_as_get_without_the_body(client: TestClient) -> None:
    for address in ("/world", "/world.json?top=10", "/world.csv?top=10", "/world.svg?top=10", "/static/embed.css",
                    "/embed/world?top=10", "/claims", "/countries.json", "/world.json?top=9"):  # fmt: skip
        asked, got = client.head(address), client.get(address)
        assert asked.content == b""
        assert (asked.status_code, asked.headers["content-type"]) == (got.status_code, got.headers["content-type"])
    assert client.head("/claims/check.json").status_code == 405

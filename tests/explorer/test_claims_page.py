"""From a pasted text to verdicts."""

from __future__ import annotations

import json
import re
from html import escape, unescape
from typing import TYPE_CHECKING, Any

import pytest

from headway.explorer import reading
from headway.explorer.address import address
from headway.explorer.ask import answer, state_of
from headway.explorer.claimed import NOT_OURS, ClaimState
from headway.explorer.views import claim as view

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

    from headway.explorer.session import ExplorerSession

TEXT = "France has more AI researchers than Germany. In 2023 its population was above 60 million. I love Paris."


def test_a_text_becomes_a_draft_whose_tests_are_checked(client: TestClient) -> None:
    told = client.post("/claims/draft.json", json={"text": TEXT}).json()
    assert all(TEXT[one["start"] : one["end"]] in TEXT for one in told["statements"])
    first = {key: value for key, value in told["ledger"]["claims"][0].items() if key != "no_data"}
    tested = {**first, "test": "indicator(population, FRA) > indicator(population, DEU)"}
    ledger = {**told["ledger"], "claims": [tested]}
    response = client.post("/claims/check.json", json={"ledger": json.dumps(ledger)})
    assert response.status_code == 200, response.text
    assert response.json()["claims"][0]["verdict"] == "proposed"  # nobody has confirmed it
    ledger = {**told["ledger"], "claims": [{**tested, "status": "confirmed"}]}
    claim = client.post("/claims/check.json", json={"ledger": json.dumps(ledger)}).json()["claims"][0]
    assert claim["verdict"] == "contradicted"
    assert claim["id"] == ledger["claims"][0]["id"]


def test_an_empty_text_is_refused(client: TestClient) -> None:
    assert client.post("/claims/draft.json", json={"text": "  "}).status_code == 422
    assert client.post("/claims/draft.json", json={"text": "a", "more": 1}).status_code == 422


SENTENCE = "<b>Germany's R&D</b> spending exceeds France's"
READERS = ClaimState(
    text=SENTENCE, test="indicator(rd_spending_usd, DEU) > indicator(rd_spending_usd, FRA)", kind="comparison",
    countries="DEU,FRA",
)  # fmt: skip
TWO = (
    ["in dollars", "indicator(rd_spending_usd, DEU) > indicator(rd_spending_usd, FRA)"],
    ["as a share of GDP", "indicator(rd_share_gdp, DEU) > indicator(rd_share_gdp, FRA)"],
)


def asked(client: TestClient, state: ClaimState, suffix: str = ".json") -> Any:
    while (response := client.get(address(state, suffix))).status_code == 429:
        pass
    return response


@pytest.mark.parametrize(
    "state",
    [READERS, READERS.model_copy(update={"test": "", "readings": json.dumps(TWO)}),
     READERS.model_copy(update={"proxy": "what firms report"})],
)  # fmt: skip
def test_a_confirmed_claim_of_a_reader_has_the_verdict_of_its_check_at_its_address(
    client: TestClient, state: ClaimState
) -> None:
    told = asked(client, state).json()
    tested: dict[str, object] = (
        {"readings": [{"reading": one, "test": test} for one, test in TWO]} if state.readings else {}
    )
    claim = {
        "id": "one", "claim": state.text, "kind": state.kind, "status": "confirmed", "proxy": state.proxy,
        **(tested or {"test": state.test}),
    }  # fmt: skip
    ledger = {"ledger": "own", "title": "Own", "claims": [claim]}
    (checked,) = client.post("/claims/check.json", json={"ledger": json.dumps(ledger)}).json()["claims"]
    assert told["verdict"] == checked["verdict"]
    assert (told["probability"] is None) == (checked["probability"] is None)
    assert told["probability"] is None or round(told["probability"], 3) == checked["probability"]
    assert told["sentence"].lower().startswith(checked["verdict"])
    assert [row["value"] for row in told["tables"][0]["rows"]] == [one["value"] for one in checked["used"]]
    assert [row["words"] for row in told["tables"][1]["rows"]] == [
        point["words"] for side in ("for", "against") for point in checked[side]
    ]
    assert told["remark"] == NOT_OURS
    assert told["address"] == address(state)
    assert address(state) in unescape(told["reproduce"]["command"])


def test_every_form_of_a_readers_claim_says_that_it_is_not_by_headway(client: TestClient) -> None:
    for suffix in (".csv", ".svg"):
        assert NOT_OURS.split(":")[0] in asked(client, READERS, suffix).text
    for place in (address(READERS), f"/embed{address(READERS)}", f"/embed{address(READERS)}&chart=card"):
        page = client.get(place)
        assert page.status_code == 200
        assert NOT_OURS in page.text
        assert "<b>" not in page.text
        assert escape(SENTENCE, quote=False).replace("'", "&#39;") in page.text
    image = re.search('property="og:image" content="http://testserver(.*?)"', client.get(address(READERS)).text)
    assert image is not None
    assert client.get(unescape(image[1])).content.startswith(b"\x89PNG")
    shipped = client.get("/claim.json?ledger=russia-ai-race&claim=rivals-invest-more").json()
    assert shipped["remark"] == ""


@pytest.mark.parametrize(
    ("query", "parameter", "words"),
    [
        ("text=It+grows&test=indicator(", "test", "the test cannot be read at"),
        ("text=It+grows&test=indicator(gdp_us,+FRA)+>+1", "test", "unknown quantity 'gdp_us'"),
        ("text=It+grows&test=indicator(gdp_usd,+Narnia)+>+1", "test", "Narnia"),
        ("text=It+grows&test=indicator(gdp_usd,+FRA)+>+1+kg", "test", ""),
        ("text=It+grows", "test", "give the test"),
        ("text=It+grows&readings=[]", "readings", "two to 6"),
        ("text=It+grows&readings={", "readings", "give JSON"),
        ('text=It+grows&readings=[["as","a"],["is","b"]]', "readings", "letters"),
        ("text=It+grows&kind=opinion&test=indicator(gdp_usd,+FRA)+>+1", "kind", ""),
        ("text=a&test=indicator(gdp_usd,+FRA)+>+1", "text", "3 letters"),
        ("text=" + "a" * 601, "text", "600"),
        ("text=one%0Atwo&test=indicator(gdp_usd,+FRA)+>+1", "text", "U+000A"),
        ("text=It+grows%E2%80%AE&test=indicator(gdp_usd,+FRA)+>+1", "text", "U+202E"),
        ("ledger=france-ai&text=It+grows&test=indicator(gdp_usd,+FRA)+>+1", "text", "not both"),
        ("ledger=france-ai&claim=a&test=indicator(gdp_usd,+FRA)+>+1", "test", "belongs to a sentence"),
        ("text=It+grows&countries=XXX&test=indicator(gdp_usd,+FRA)+>+1", "countries", "XXX"),
    ],
)  # fmt: skip
def test_an_address_that_holds_no_claim_is_refused_in_a_sentence(
    client: TestClient, query: str, parameter: str, words: str
) -> None:
    query = query.replace(">", "%3E")
    refused = client.get(f"/claim.json?{query}")
    assert refused.status_code == 422, refused.text
    (fault,) = refused.json()["detail"]
    assert fault["loc"][-1] == parameter
    assert words in fault["msg"]
    framed = client.get(f"/embed/claim?{query}")
    assert framed.status_code == 422
    assert words in unescape(framed.text)
    page = client.get(f"/claim?{query}")
    assert page.status_code in (200, 422)  # what can be read, and cannot be tested, the page's own request tells
    if page.status_code == 422:
        assert words in unescape(page.text)
        assert "<script" not in page.text


def test_a_process_of_its_own_hands_over_the_same_verdict(desk: ExplorerSession) -> None:
    told = json.loads(json.dumps(reading.answer("claim", READERS.model_dump_json(), lambda: desk)))
    elsewhere = view.answer(READERS, desk, lambda _: told)
    here = answer(state_of(address(READERS)), desk)
    assert elsewhere.sentence == here.sentence
    assert elsewhere.tables == here.tables
    assert elsewhere.charts[0].svg(700) == here.charts[0].svg(700)

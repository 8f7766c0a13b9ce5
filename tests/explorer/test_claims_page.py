"""From a pasted text to verdicts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

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

"""Requests made up from our own description: whatever is asked, no answer is above 499, and each is as described.

What computes for seconds is asked few times here, over a small ensemble and for parts of the brief that are soon made;
the slow version asks more, and for everything.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from headway.explorer.address import PartKey
from headway.explorer.answer import StepRecord
from headway.explorer.whatif.changes import LEVERS
from headway.scenarios.registry import registry
from headway.scenarios.scenario import shipped

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

Values = Mapping[str, st.SearchStrategy[str]]


def bounded(examples: int) -> settings:
    return settings(
        max_examples=examples,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )


QUICK = (
    "/home.{shape}", "/indicators.{shape}", "/world.{shape}", "/standing.{shape}", "/claim.{shape}", "/method.{shape}",
    "/data.{shape}", "/limits.{shape}", "/record.{shape}", "/trace.json", "/countries.json", "/claims/draft.json",
    "/claims/check.json", "/claims/ledger.json", "/claims/ledgers.json", "/health",
)  # fmt: skip

# Texts that a pattern alone would hardly ever hit: with these a request is answered, with what is made up, refused.
VERSIONS: Values = {"snapshot": st.just(""), "model": st.sampled_from(["", "prior", "0123abcd"])}
FUTURES: Values = {
    **VERSIONS,
    "country": st.sampled_from(["", "FRA", "KOR", "USA", "EU"]),
    "against": st.sampled_from(["", "USA", "USA,CHN", "DEU,GBR"]),
    "scenario": st.sampled_from(["baseline", *shipped()]),
    "niche": st.sampled_from(registry().niche_names),
}
PAGES: Mapping[str, Values] = {
    "/home.{shape}": {**VERSIONS, "country": st.sampled_from(["", "FRA", "TWN", "XKX"])},
    "/indicators.{shape}": {
        **VERSIONS,
        "indicator": st.sampled_from(["", "gdp_usd", "ai_private_investment_usd", "capability_level"]),
        "countries": st.sampled_from(["", "KOR", "USA,CHN,EU,FRA,TWN,XKX,BRICS,IND"]),
        "group": st.sampled_from(["", "EU", "BRICS"]),
        "chart": st.just(""),
    },
    "/claim.{shape}": {
        **VERSIONS,
        "ledger": st.just(""),
        "claim": st.just(""),
        "text": st.sampled_from(["It grows", "<script>alert(1)</script>", "=1+1", "Größer 更大", "a" * 600]),
        "test": st.sampled_from(
            ["indicator(gdp_usd, FRA) > 2 trillion USD", "trend(gdp_usd, KOR, 2010, 2024) > 0",
             "rank(gdp_usd, XKX) <= 9",
             "statement(goal, RUS)", "indicator(gdp_usd, FRA) > 1e308", "indicator(gdp_usd, EU) / 0 > 1",
             "not [indicator(gdp_usd, USA) - indicator(gdp_usd, USA)] ~ 0 within 0 %"]
        ),
        "readings": st.just(""),
        "countries": st.sampled_from(["", "KOR", "EU,FRA"]),
        "proxy": st.sampled_from(["", "what firms report"]),
        "chart": st.just(""),
    },
}  # fmt: skip
HEAVY: Mapping[str, Values] = {
    "/whatif.{shape}": {**FUTURES, "chart": st.sampled_from(["", "lag", "none"])},
    "/why.{shape}": {**FUTURES, "country": st.sampled_from(["", "FRA", "KOR"]), "chart": st.just("why")},
    "/compare.{shape}": {
        **VERSIONS,
        "countries": st.sampled_from(["", "FRA", "KOR,USA", "USA,CHN,DEU,GBR"]),
        "scenarios": st.sampled_from(["baseline", f"baseline,{shipped()[-1]}"]),
        "chart": st.sampled_from(["", "sovereign"]),
    },
    "/country.{shape}": {
        **VERSIONS,
        "country": st.sampled_from(["", "FRA", "KOR"]),
        "against": st.sampled_from(["", "USA"]),
        "part": st.sampled_from(["ambition", "standing", "sources"]),
        "finding": st.just(""),
        "chart": st.just(""),
    },
    "/levers.{shape}": {**FUTURES, "country": st.sampled_from(["", "FRA", "KOR"]), "chart": st.just("")},
    "/card.{shape}": {**VERSIONS, "country": st.sampled_from(["", "FRA", "EU"]), "chart": st.just("")},
    "/search.ndjson": {**FUTURES, "lever": st.sampled_from(list(LEVERS))},
}
EVERYTHING: Mapping[str, Values] = {
    "/whatif.{shape}": {"country": st.sampled_from(["", "FRA", "ISL", "NZL", "XKX", "BRICS"])},
    "/country.{shape}": {
        "country": st.sampled_from(["", "FRA", "ISL", "EU"]),
        "part": st.sampled_from(get_args(PartKey)),
    },
}


def ask(app: FastAPI, path: str, examples: int, known: Values) -> list[int]:
    """Status of every answer to what is made up, with these values for the parameters named."""
    schemathesis = pytest.importorskip("schemathesis", reason="NO SCHEMATHESIS: pip install headway[dev]")
    from schemathesis.checks import load_all_checks
    from schemathesis.specs.openapi import checks as described

    load_all_checks()
    checks = [
        schemathesis.checks.not_a_server_error,
        described.status_code_conformance,
        described.content_type_conformance,
        described.response_schema_conformance,
    ]
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    operation = next(one for method in ("GET", "POST") if (one := _operation(schema, path, method)) is not None)
    found = list[int]()

    @bounded(examples)
    @given(case=operation.as_strategy(), chosen=st.fixed_dictionaries(dict(known)))
    def asked(case: Any, chosen: dict[str, str]) -> None:
        if known:
            case.query = {**(case.query or {}), **chosen}
        response = case.call(headers={"host": "testserver"}, timeout=60)
        found.append(response.status_code)
        assert response.status_code < 500
        case.validate_response(response, checks=checks)
        if response.headers["content-type"][0].startswith("application/x-ndjson"):
            told = [StepRecord.model_validate(json.loads(line)) for line in response.text.splitlines()]
            assert told[-1].sentence
            assert all(one.of for one in told[:-1])

    asked()
    return found


@pytest.mark.parametrize("path", QUICK)
def test_nothing_above_499(app: FastAPI, path: str) -> None:
    ask(app, path, 8, {})


@pytest.mark.parametrize("path", PAGES)
def test_what_a_reader_may_write_there_is_answered_as_described(app: FastAPI, path: str) -> None:
    assert 200 in ask(app, path, 20, PAGES[path])


def test_every_route_is_among_those_that_are_asked(app: FastAPI) -> None:
    assert set(app.openapi()["paths"]) == {*QUICK, *PAGES, *HEAVY}


@pytest.mark.parametrize("path", HEAVY)
def test_what_computes_long_answers_as_described(app: FastAPI, path: str) -> None:
    assert 200 in ask(app, path, 8, HEAVY[path])


@pytest.mark.slow
@pytest.mark.parametrize("path", HEAVY)
def test_whatever_computes_long_answers_as_described(app: FastAPI, path: str) -> None:
    assert 200 in ask(app, path, 40, {**HEAVY[path], **EVERYTHING.get(path, {})})


def _operation(schema: Any, path: str, method: str) -> Any:
    try:
        return schema[path][method]
    except LookupError:
        return None


@bounded(8)
@given(st.dictionaries(st.text(max_size=8), st.text(max_size=8), min_size=1, max_size=4))
@pytest.mark.parametrize("path", ["/whatif.json", "/why.json", "/compare.json", "/country.json", "/search.ndjson"])
def test_parameters_that_do_not_exist_are_refused(client: TestClient, path: str, query: dict[str, str]) -> None:
    response = client.get(path, params={f"x{key}": value for key, value in query.items()})
    assert response.status_code == 422


NAMES = ("country", "countries", "year", "indicator", "group", "axis", "view", "text", "test", "readings", "kind",
         "ledger", "claim", "proxy", "chart", "snapshot", "x")  # fmt: skip
WRITTEN = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["FRA", "gdp_usd", "EU", "2024", "1e99", "[]", '[["a","b"]]', "trend(gdp_usd, FRA, 2010, 2020) > 0",
                     "It grows", "none", "%00", "../..", "<svg onload=alert(1)>", "[" * 900]),
)  # fmt: skip


@bounded(40)
@given(st.dictionaries(st.sampled_from(NAMES), WRITTEN, max_size=5))
@pytest.mark.parametrize("view", ["home", "indicators", "world", "standing", "claim"])
@pytest.mark.parametrize("place", ["/{view}", "/embed/{view}"])
def test_pages_and_frames_stand_whatever_their_address_says(
    client: TestClient, place: str, view: str, query: dict[str, str]
) -> None:
    response = client.get(place.format(view=view), params=query)
    assert response.status_code < 500
    assert "<svg onload" not in response.text
    assert response.status_code == 414 or response.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "ledger",
    ["", "{", "- a", "a: &x [1]\nb: *x", "ledger: x\nclaims: []", "\x00",
     '{"ledger": "a", "title": 1, "claims": [{}]}', "[" * 5000],
)  # fmt: skip
def test_a_broken_ledger_is_refused(client: TestClient, ledger: str) -> None:
    response = client.post("/claims/check.json", json={"ledger": ledger})
    assert response.status_code == 422
    assert "ledger" in response.json()["detail"][0]["loc"]

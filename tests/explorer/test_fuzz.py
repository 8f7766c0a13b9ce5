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


QUICK = ("/world.{shape}", "/standing.{shape}", "/method.{shape}", "/trace.json", "/claims/draft.json", "/health")

# Texts that a pattern alone would hardly ever hit: with these a request is answered, with what is made up, refused.
VERSIONS: Values = {"snapshot": st.just(""), "model": st.sampled_from(["", "prior", "0123abcd"])}
FUTURES: Values = {
    **VERSIONS,
    "country": st.sampled_from(["", "FRA", "KOR", "USA", "EU"]),
    "against": st.sampled_from(["", "USA", "USA,CHN", "DEU,GBR"]),
    "scenario": st.sampled_from(["baseline", *shipped()]),
    "niche": st.sampled_from(registry().niche_names),
}
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


@pytest.mark.parametrize(
    "ledger",
    ["", "{", "- a", "a: &x [1]\nb: *x", "ledger: x\nclaims: []", "\x00",
     '{"ledger": "a", "title": 1, "claims": [{}]}', "[" * 5000],
)  # fmt: skip
def test_a_broken_ledger_is_refused(client: TestClient, ledger: str) -> None:
    response = client.post("/claims/check.json", json={"ledger": ledger})
    assert response.status_code == 422
    assert "ledger" in response.json()["detail"][0]["loc"]

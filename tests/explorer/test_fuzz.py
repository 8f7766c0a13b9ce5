"""Requests made up from our own description: whatever is asked, no answer is above 499."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient

BOUNDED = settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
)
# What computes for seconds is fuzzed where it is refused (below), not where it answers.
QUICK = ("/world.{shape}", "/standing.{shape}", "/method.{shape}", "/trace.json", "/claims/draft.json", "/health")


@pytest.mark.parametrize("path", QUICK)
def test_nothing_above_499(app: FastAPI, path: str) -> None:
    schemathesis = pytest.importorskip("schemathesis", reason="NO SCHEMATHESIS: pip install headway[dev]")
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    operation = next(one for method in ("GET", "POST") if (one := _operation(schema, path, method)) is not None)

    @BOUNDED
    @given(case=operation.as_strategy())
    def asked(case: Any) -> None:
        assert case.call(headers={"host": "testserver"}).status_code < 500

    asked()


def _operation(schema: Any, path: str, method: str) -> Any:
    try:
        return schema[path][method]
    except LookupError:
        return None


@BOUNDED
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

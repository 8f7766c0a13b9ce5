"""A server that others can reach asks for a token and counts each client's requests; no page of another site posts."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import pytest
from fastapi.testclient import TestClient

from headway.cli.serve import token_of
from headway.core.errors import InputError
from headway.explorer import access
from headway.explorer.app import create_app

if TYPE_CHECKING:
    from headway.explorer.session import ExplorerSession

TOKEN = "a-token-of-this-test"


@pytest.fixture(scope="module")
def closed(desk: ExplorerSession) -> TestClient:
    app = create_app(desk, ("testserver",), others=True, token=TOKEN)
    return TestClient(app, follow_redirects=False)


def test_without_the_token_nothing_is_answered(closed: TestClient) -> None:
    bearer = {"authorization": f"Bearer {TOKEN}"}
    for path in ("/health", "/world", "/static/state.js", "/openapi.json", "/world.json?token=another-token"):
        refused = closed.get(path)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"] == "Bearer"
        assert refused.headers["x-content-type-options"] == "nosniff"
    assert closed.get("/health", headers={"authorization": "Bearer another-token"}).status_code == 401
    assert closed.get("/health", headers=bearer).status_code == 200


def test_a_browser_gives_the_token_once_and_its_address_holds_it_no_more(closed: TestClient) -> None:
    told = closed.get(f"/world?view=intensity&token={TOKEN}&country=FRA")
    assert (told.status_code, told.headers["location"]) == (303, "/world?view=intensity&country=FRA")
    cookie = told.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    closed.cookies.clear()
    assert closed.get("/health", headers={"cookie": cookie.partition(";")[0]}).status_code == 200
    closed.cookies.clear()


@pytest.mark.parametrize("path", ["//elsewhere.example/", "/\\elsewhere.example/", "/a\r\nset-cookie: b"])
def test_the_token_leads_to_no_other_host(path: str) -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(access._remember(send, path, "", TOKEN))
    location = dict(sent[0]["headers"])[b"location"]
    assert location.startswith((b"/elsewhere", b"/a%0D%0A"))


def test_a_client_that_asks_too_often_waits_and_others_do_not() -> None:
    now = [0.0]
    statuses: list[int] = []

    async def answering(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    guarded = access.Access(answering, None, clock=lambda: now[0])

    def ask(client: str) -> int:
        scope = {"type": "http", "client": (client, 1), "method": "GET", "path": "/", "headers": []}
        asyncio.run(guarded(scope, None, send))  # type: ignore[arg-type]
        return statuses[-1]

    assert {ask("2001:db8::1") for _ in range(access.AT_ONCE)} == {200}
    assert ask("2001:db8::2") == 429, "of the same network"
    assert ask("192.0.2.7") == 200
    now[0] += 1.05 / access.A_SECOND
    assert [ask("2001:db8::1"), ask("2001:db8::1")] == [200, 429]
    for number in range(access.CLIENTS + 5):
        guarded._counted(str(number))
    assert len(guarded._spent) == access.CLIENTS


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({}, True),
        ({"origin": "http://testserver"}, True),
        ({"origin": "https://ai.example.org", "x-forwarded-host": "ai.example.org"}, True),
        ({"origin": "http://testserver.example"}, False),
        ({"origin": "null"}, False),
        ({"origin": "http://[bad"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site", "origin": "http://testserver"}, False),
    ],
)
def test_only_pages_of_this_server_post_to_it(client: TestClient, headers: dict[str, str], allowed: bool) -> None:
    told = client.post("/claims/ledger.json", json={"ledger": "- a"}, headers=headers)
    assert told.status_code == (422 if allowed else 403), told.text


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("ai.example.org", "ai.example.org"),
        ("ai.example.org:8443", "ai.example.org:8443"),
        ("[2001:db8::1]:80", "[2001:db8::1]:80"),
        ('ai.example.org/"x', "testserver"),
        ("first.example, second.example", "testserver"),
        ("", "testserver"),
    ],
)
def test_pages_name_the_host_that_a_proxy_on_this_machine_was_asked_for(
    client: TestClient, name: str, named: str
) -> None:
    for path in ("/world", "/embed/world"):
        page = client.get(path, headers={"x-forwarded-host": name}).text
        assert set(re.findall(r'content="http://([^/"]+)/', page)) == {named}
    foreign = {"x-forwarded-host": "testserver", "host": "elsewhere.example"}
    assert client.get("/world", headers=foreign).status_code == 400


def test_a_server_that_others_reach_believes_the_host_alone(closed: TestClient) -> None:
    headers = {"x-forwarded-host": "ai.example.org", "authorization": f"Bearer {TOKEN}"}
    assert "ai.example.org" not in closed.get("/world", headers=headers).text


def test_a_token_is_made_where_others_reach_the_server() -> None:
    assert token_of(None, here=True, public=False) is None
    assert token_of(None, here=False, public=True) is None
    made = token_of(None, here=False, public=False)
    assert made is not None
    assert len(made) >= 32
    assert made != token_of(None, here=False, public=False)
    assert token_of("abcdefgh", here=True, public=False) == "abcdefgh"
    for given, public in (("abc", False), ("with space", False), ("abcdefgh", True)):
        with pytest.raises(InputError, match="--token"):
            token_of(given, here=False, public=public)

"""Access to a server that others can reach: a token, and a number of requests for each client.

A browser gives the token once, as `?token=…` in the address that the server printed, and keeps it in a cookie; a
program sends `Authorization: Bearer TOKEN`. A proxy on this machine says under which name readers reach the server.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
import time
from collections import Counter
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, quote, urlencode

from cachetools import LRUCache
from starlette.types import ASGIApp, Receive, Scope, Send

from headway.explorer.guard import refuse

A_SECOND = 10.0  # requests that a client may make on average
AT_ONCE = 200  # requests that a client may make after a pause: a page is about twenty
TOGETHER = 16  # requests of one client that are answered at the same time; 64 wait in all
CLIENTS = 10_000  # remembered, those that asked last
COOKIE = "headway"

NAME = re.compile(rb"(?:[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?")  # of a host, as a header has it


class ReaderHost:
    """ASGI middleware that takes the X-Forwarded-Host of a proxy for the Host, so that pages name their own address.

    It is for a server that this machine alone reaches, and stands behind the check of the Host that was sent: a page of
    another site cannot send the header without being asked first.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            said = dict(scope["headers"]).get(b"x-forwarded-host", b"")
            if NAME.fullmatch(said):
                others = [pair for pair in scope["headers"] if pair[0] != b"host"]
                scope = {**scope, "headers": [*others, (b"host", said)]}
        await self._app(scope, receive, send)


class Access:
    """ASGI middleware around the application.

    Args:
        token: what every request has to bring; None where everybody may ask.
        clock: seconds that only ever grow.
    """

    def __init__(self, app: ASGIApp, token: str | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._app, self._token, self._clock = app, token, clock
        self._spent: LRUCache[str, tuple[float, float]] = LRUCache(CLIENTS)  # requests not yet made up for, and when
        self._answering: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        client = client_of(scope)
        if self._answering[client] >= TOGETHER or not self._counted(client):
            words = f"one client may ask {A_SECOND:g} times a second, and {TOGETHER} times at once"
            await refuse(send, 429, words, "too_many", {"retry-after": "2"})
            return
        if self._token is not None:
            given, rest = _without_token(scope)
            if given is not None and self._fits(given):
                await _remember(send, scope["path"], rest, given)
                return
            if not any(self._fits(one) for one in _tokens(scope)):
                words = "open the address that the server printed, or send the header Authorization: Bearer TOKEN"
                await refuse(send, 401, words, "no_token", {"www-authenticate": "Bearer"})
                return
        self._answering[client] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._answering[client] -= 1
            if not self._answering[client]:
                del self._answering[client]

    def _counted(self, client: str) -> bool:
        """Whether the client may ask once more; counts the request where it may."""
        now = self._clock()
        spent, since = self._spent.get(client, (0.0, now))
        spent = max(0.0, spent - (now - since) * A_SECOND)
        allowed = spent + 1 <= AT_ONCE
        self._spent[client] = spent + allowed, now
        return allowed

    def _fits(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), (self._token or "").encode())


def client_of(scope: Scope) -> str:
    """Address of who asks; one network of IPv6 counts as one client, since a household has many addresses of it."""
    host = str((scope.get("client") or ("",))[0])
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:
        return host
    return str(ipaddress.ip_network((address.packed, 64), strict=False))


def _without_token(scope: Scope) -> tuple[str | None, str]:
    """The token in the query of a page that is opened, and the query without it."""
    pairs = parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True)
    given = [value for name, value in pairs if name == "token"]
    rest = urlencode([(name, value) for name, value in pairs if name != "token"])
    return (given[0] if given and scope["method"] == "GET" else None), rest


def _tokens(scope: Scope) -> list[str]:
    """Tokens in the headers of a request."""
    found = []
    for name, value in scope["headers"]:
        text = value.decode("latin-1")
        if name == b"authorization" and text[:7].lower() == "bearer ":
            found.append(text[7:].strip())
        if name == b"cookie":
            try:
                found += [morsel.value for key, morsel in SimpleCookie(text).items() if key == COOKIE]
            except CookieError:
                continue
    return found


async def _remember(send: Send, path: str, query: str, token: str) -> None:
    """Send the browser to the same address without the token, which it keeps as a cookie."""
    there = "/" + quote(path.lstrip("/\\")) + (f"?{query}" if query else "")  # never to another host
    cookie = f"{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax"
    headers = [
        (b"location", there.encode()),
        (b"set-cookie", cookie.encode()),
        (b"content-length", b"0"),
    ]
    await send({"type": "http.response.start", "status": 303, "headers": headers})
    await send({"type": "http.response.body", "body": b""})

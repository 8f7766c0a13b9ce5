"""Checks of every request: size limits, no posts from pages of other sites, and the headers that close a page to them.

Pages below `/embed/` are made for the frames of other sites, and they alone are open to them; they hold no script.
HEAD is answered as GET is, without the body.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

LONGEST_QUERY = 4_000  # bytes
LARGEST_BODY = 256_000  # bytes
BODY_WITHIN = 10.0  # seconds

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}

EMBEDDED = "/embed/"
EMBEDDED_HEADERS = {
    **{name: value for name, value in HEADERS.items() if name not in ("x-frame-options", "cross-origin-opener-policy")},
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors *",
    "cross-origin-resource-policy": "cross-origin",
}


class TooLargeError(Exception):
    """A body beyond the limit."""


class Guard:
    """ASGI middleware around the application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        said = dict(scope["headers"])
        if len(scope.get("query_string", b"")) > LONGEST_QUERY:
            await _close(send, 414, f"the address is longer than {LONGEST_QUERY} bytes")
            return
        length = said.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            await _close(send, 413, f"a request may carry at most {LARGEST_BODY} bytes")
            return
        if scope["method"] == "POST" and not from_own_page(said):
            await _close(send, 403, "only pages of this server may post to it", "foreign_page")
            return
        started, taken, whole, bodiless = False, 0, False, scope["method"] == "HEAD"
        kept = _headers(EMBEDDED_HEADERS if scope["path"].startswith(EMBEDDED) else HEADERS)

        async def limited() -> Message:
            nonlocal taken, whole
            message = await (receive() if whole else asyncio.wait_for(receive(), BODY_WITHIN))
            whole = whole or not message.get("more_body", False)
            taken += len(message.get("body", b""))
            if taken > LARGEST_BODY:
                raise TooLargeError
            return message

        async def headed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message = {**message, "headers": [*message["headers"], *kept]}
            elif bodiless:
                message = {**message, "body": b"", "more_body": False}
            await send(message)

        try:
            await self._app({**scope, "method": "GET"} if bodiless else scope, limited, headed)
        except TooLargeError:
            if not started:
                await _close(send, 413, f"a request may carry at most {LARGEST_BODY} bytes")
        except TimeoutError:
            if started:
                raise
            await _close(send, 408, f"the body of a request has to come within {BODY_WITHIN:g} seconds")


def _headers(named: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in named.items()]


def from_own_page(said: Mapping[bytes, bytes]) -> bool:
    """Whether the headers of a request are those of a page of this server, or of no page: programs send no Origin.

    A proxy that changes the Host tells the one that was asked for as X-Forwarded-Host, which no page of another site
    can send without being asked first.
    """
    if said.get(b"sec-fetch-site", b"same-origin") not in (b"same-origin", b"none"):
        return False
    origin = said.get(b"origin")
    if origin is None:
        return True
    try:
        asked_by = urlsplit(origin.decode("latin-1")).netloc.lower()
    except ValueError:
        return False
    own = {said[name].decode("latin-1").lower() for name in (b"host", b"x-forwarded-host") if name in said}
    return bool(asked_by) and asked_by in own


async def refuse(send: Send, status: int, words: str, kind: str, headers: Mapping[str, str]) -> None:
    """Answer with the record of a refusal."""
    body = json.dumps({"detail": [{"loc": ["request"], "msg": words, "type": kind}]}).encode()
    told = _headers({"content-type": "application/json", "content-length": str(len(body)), **headers})
    await send({"type": "http.response.start", "status": status, "headers": told})
    await send({"type": "http.response.body", "body": body})


async def _close(send: Send, status: int, words: str, kind: str = "too_large") -> None:
    """Refuse a request whose body is not read, and with it the connection."""
    await refuse(send, status, words, kind, {"connection": "close", **HEADERS})

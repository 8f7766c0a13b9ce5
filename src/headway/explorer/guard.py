"""Checks of every request: size limits, and the headers that close a page to other sites.

Pages below `/embed/` are made for the frames of other sites, and they alone are open to them; they hold no script.
HEAD is answered as GET is, without the body.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping

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
        if len(scope.get("query_string", b"")) > LONGEST_QUERY:
            await _refuse(send, 414, f"the address is longer than {LONGEST_QUERY} bytes")
            return
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            await _refuse(send, 413, f"a request may carry at most {LARGEST_BODY} bytes")
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
                await _refuse(send, 413, f"a request may carry at most {LARGEST_BODY} bytes")
        except TimeoutError:
            if started:
                raise
            await _refuse(send, 408, f"the body of a request has to come within {BODY_WITHIN:g} seconds")


def _headers(named: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in named.items()]


async def _refuse(send: Send, status: int, words: str) -> None:
    body = json.dumps({"detail": [{"loc": ["request"], "msg": words, "type": "too_large"}]}).encode()
    headers = [(b"content-type", b"application/json"), (b"connection", b"close"), *_headers(HEADERS)]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

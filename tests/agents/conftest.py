"""One server for all tests of the tools, spoken to by the SDK's own client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("mcp", reason="NO MCP: pip install headway[mcp]")

Call = Callable[..., Any]


@pytest.fixture(scope="package")
def client() -> Iterator[Callable[[Callable[[Any], Any]], Any]]:
    """Function that gives a connected client to an asynchronous function and returns what that one returns."""
    from mcp import Client

    from headway.mcp.server import build_server
    from headway.mcp.session import McpSession

    server, tools = build_server(McpSession(), patience=300)

    def run(talk: Callable[[Any], Any]) -> Any:
        async def connected() -> Any:
            async with Client(server) as speaking:
                return await talk(speaking)

        return asyncio.run(connected())

    yield run
    tools.workers.close()


@pytest.fixture(scope="package")
def call(client: Callable[[Callable[[Any], Any]], Any]) -> Call:
    """Function that calls a tool and returns the result as the client has it."""
    return lambda name, **arguments: client(lambda speaking: speaking.call_tool(name, arguments))


@pytest.fixture(scope="package")
def ask(call: Call) -> Call:
    """Function that calls a tool and returns its answer as plain data."""

    def asked(name: str, **arguments: Any) -> dict[str, Any]:
        result = call(name, **arguments)
        text = result.content[0].text
        assert not result.is_error, text
        told: dict[str, Any] = json.loads(text)
        assert told == result.structured_content
        return told

    return asked


@pytest.fixture(scope="package")
def refusal(call: Call) -> Call:
    """Function that calls a tool, which must refuse, and returns its words."""

    def refused(name: str, **arguments: Any) -> str:
        result = call(name, **arguments)
        assert result.is_error, result.content[0].text
        return str(result.content[0].text)

    return refused

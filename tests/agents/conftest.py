"""One server for all tests of the tools, spoken to by the SDK's own client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

pytest.importorskip("mcp", reason="NO MCP: pip install headway[mcp]")

Call = Callable[..., Any]


_LONG = ("change.", "outlook.", "strengths.break", "unknowns.measure", "unknowns.value", "why.attribution")


@pytest.fixture(scope="package")
def light_brief_of() -> Callable[[Any], Any]:
    """Function that composes a brief without the recipes that run the model for long, once for each question."""
    from headway.brief.compose import compose
    from headway.findings import recipes

    chosen = [recipe for name, recipe in recipes().items() if not name.startswith(_LONG)]
    made: dict[tuple[Any, ...], Any] = {}

    def brief_of(context: Any, *_: Any, **__: Any) -> Any:
        key = (context.as_of, context.country, context.against)
        if key not in made:
            made[key] = compose(context, chosen)
        return made[key]

    return brief_of


@pytest.fixture(autouse=True)
def light_briefs(light_brief_of: Callable[[Any], Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Such briefs in every test of this folder: the tools tell whatever a brief holds."""
    from headway.brief import edition

    monkeypatch.setattr(edition, "brief_of", light_brief_of)


@pytest.fixture(scope="package")
def client() -> Iterator[Callable[[Callable[[Any], Any]], Any]]:
    """Function that gives a connected client to an asynchronous function and returns what that one returns."""
    from mcp import Client, MCPError

    from headway.mcp.server import build_server
    from headway.mcp.session import McpSession

    server, tools = build_server(McpSession(), patience=300)

    def run(talk: Callable[[Any], Any]) -> Any:
        async def connected() -> Any:
            async with Client(server) as speaking:
                try:
                    return await talk(speaking)
                except MCPError as error:  # raised in here, it would come out as a group of errors
                    return error

        found = asyncio.run(connected())
        if isinstance(found, MCPError):
            raise found
        return found

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

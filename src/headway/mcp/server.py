"""The server: lists tools, checks arguments, answers within a budget of characters and of seconds."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import mcp_types as protocol
from mcp import MCPError
from mcp.server.lowlevel import Server
from pydantic import ValidationError

from headway import __version__
from headway.core.errors import HeadwayError, InputError
from headway.core.extras import naming_extras
from headway.explorer.work import BusyError, Kept, Workers
from headway.mcp import resources
from headway.mcp.answer import ToolAnswer, UncutAnswer, cut
from headway.mcp.tools import TOOLS, McpTool, named

if TYPE_CHECKING:
    import socket

    from headway.mcp.arguments import ToolArguments
    from headway.mcp.session import McpSession

PATIENCE = 50.0  # seconds: many clients give up after a minute
_MOST_SESSIONS = 32
_KEPT = 64  # answers kept, so that a larger budget of characters costs nothing

INSTRUCTIONS = (
    "Headway answers questions about national AI capability with dated, traced numbers. Cite value, interval, tier and "
    "date as an answer gives them, and name publisher and address from `sources`. What stands under `not_known` is not "
    "known: say so, and give no number of your own. Tier: observed (a publisher's figure), coded (words that a stated "
    "rule reads as a number), derived (arithmetic on figures), modelled (drawn from the fitted model), scenario "
    "(depends on a choice). `trace` shows what an id rests on. An answer that was cut says so under `left_out`."
)


class HeadwayTools:
    """Handlers of one server: its session, its workers, and the answers it keeps."""

    def __init__(self, session: McpSession, patience: float = PATIENCE) -> None:
        self._session, self._patience = session, patience
        self.workers = Workers()
        self._kept: Kept[UncutAnswer] = Kept(self.workers, _KEPT)

    async def list_tools(self, context: Any, params: protocol.PaginatedRequestParams | None) -> Any:
        """All tools, with the schemas of their arguments and of their answers."""
        return protocol.ListToolsResult(tools=[described(tool) for tool in TOOLS])

    async def call_tool(self, context: Any, params: protocol.CallToolRequestParams) -> Any:
        """Answer of one tool, or what was wrong and what would be right."""
        try:
            answer = await self._answer(params.name, params.arguments or {})
        except HeadwayError as error:
            return protocol.CallToolResult(
                content=[protocol.TextContent(type="text", text=_in_words_of_tools(str(error)))], is_error=True
            )
        return protocol.CallToolResult(
            content=[protocol.TextContent(type="text", text=answer.text())],
            structured_content=answer.model_dump(mode="json", exclude_defaults=True),
        )

    async def list_resources(self, context: Any, params: protocol.PaginatedRequestParams | None) -> Any:
        """Pages, catalogues and ledgers."""
        return protocol.ListResourcesResult(
            resources=[
                protocol.Resource(uri=one.uri, name=one.uri, title=one.title, mime_type=one.mime_type)
                for one in resources.listed()
            ]
        )

    async def read_resource(self, context: Any, params: protocol.ReadResourceRequestParams) -> Any:
        """Text of one resource; an unknown address is refused with those there are."""
        try:
            text, kind = resources.read(self._session, str(params.uri))
        except HeadwayError as error:
            raise MCPError(code=protocol.INVALID_PARAMS, message=str(error)) from error
        contents = protocol.TextResourceContents(uri=params.uri, text=text, mime_type=kind)
        return protocol.ReadResourceResult(contents=[contents])

    async def _answer(self, name: str, given: dict[str, Any]) -> ToolAnswer:
        tool = _tool(name)
        asked = checked(tool, given)
        key = f"{name} {asked.model_dump_json(exclude={'max_chars'})}"
        try:
            whole = await self._kept.get(key, lambda: naming_extras()(tool.run)(self._session, asked), self._patience)
        except BusyError:
            raise InputError(
                f"{name} is still being computed: call it again with the same arguments in half a minute, "
                "or ask for fewer draws or countries"
            ) from None
        return cut(whole, asked.max_chars)


def described(tool: McpTool) -> protocol.Tool:
    """Tool as clients are told of it."""
    return protocol.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.about,
        input_schema=tool.arguments.model_json_schema(),
        output_schema=ToolAnswer.model_json_schema(),
        annotations=protocol.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False),
    )


def checked(tool: McpTool, given: dict[str, Any]) -> ToolArguments:
    """Arguments as the tool takes them.

    Raises:
        InputError: an unknown, missing or malformed argument; the message says what would be right.
    """
    try:
        return tool.arguments.model_validate(given)
    except ValidationError as error:
        known = list(tool.arguments.model_fields)
        raise InputError(f"{tool.name}: {'; '.join(_complaints(error, known))}") from None


def _complaints(error: ValidationError, known: list[str]) -> list[str]:
    """Faults of the arguments, once each."""
    said: dict[str, str] = {}
    for fault in error.errors():
        name = str(fault["loc"][0]) if fault["loc"] else "arguments"
        if fault["type"] == "extra_forbidden":
            near = get_close_matches(name, known, 1, 0.5)
            meant = f"did you mean {near[0]}?" if near else f"there are {', '.join(known)}"
            said.setdefault(name, f"no argument is called '{name}'; {meant}")
        elif fault["type"] == "missing":
            said.setdefault(name, f"{name} is missing")
        else:
            shown = str(fault["input"])[:60]
            said.setdefault(name, f"{name} '{shown}': {fault['msg'].removeprefix('Value error, ')}")
    return list(said.values())


def _tool(name: str) -> McpTool:
    found = named(name)
    if found is None:
        known = [tool.name for tool in TOOLS]
        near = get_close_matches(name, known, 1, 0.5)
        raise InputError(f"no tool is called '{name}'; {f'did you mean {near[0]}? ' if near else ''}there are {known}")
    return found


def _in_words_of_tools(message: str) -> str:
    """Message whose options of the command line are named as the tools name them: `--as-of` is `as_of`."""
    return re.sub(r"--([a-z]+(?:-[a-z]+)*)", lambda option: option[1].replace("-", "_"), message)


def build_server(session: McpSession, patience: float = PATIENCE) -> tuple[Server[Any], HeadwayTools]:
    """A server over the session, and its handlers."""
    tools = HeadwayTools(session, patience)
    server: Server[Any] = Server(
        "headway",
        version=__version__,
        title="Headway",
        instructions=INSTRUCTIONS,
        on_list_tools=tools.list_tools,
        on_call_tool=tools.call_tool,
        on_list_resources=tools.list_resources,
        on_read_resource=tools.read_resource,
    )
    return server, tools


async def serve_stdio(server: Server[Any]) -> None:
    """Serve one client over standard input and output until it leaves."""
    from mcp.server.stdio import stdio_server

    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())


def serve_http(server: Server[Any], listener: socket.socket) -> None:
    """Serve clients of this machine over streamable HTTP at `/mcp` until SIGINT or SIGTERM.

    Requests that name another host or come from a page of another site are refused by the SDK.
    """
    import uvicorn

    app = server.streamable_http_app(host="127.0.0.1", json_response=True, max_sessions=_MOST_SESSIONS)
    config = uvicorn.Config(
        app, log_level="warning", server_header=False, access_log=False, timeout_graceful_shutdown=3
    )
    uvicorn.Server(config).run(sockets=[listener])

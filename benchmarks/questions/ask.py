"""A runner: puts the questions to a model at an OpenAI-compatible endpoint, with Headway's tools or without."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from benchmarks.questions.expected import BenchmarkQuestion
from headway.claims.proposer.endpoint import ModelEndpoint, completion, tokens_used
from headway.core.errors import EvidenceError

ROUNDS = 8  # of tool calls in one question
CALLS = 6  # of tools in one round

INSTRUCTION = (
    "You answer questions about national AI standing by what was publicly known on {day}. Reply with one JSON object "
    'on the last line: {{"known": true or false, "value": number or name or null, "date": "period or day that the '
    'answer speaks of, as 2023, 2025Q2 or 2025-03-13", "source": "publisher or address"}}. Where a date is asked for, '
    "it goes into date. Give the number in the unit that the question names. Where the public record does not settle "
    'the question, say so with "known": false and no value: a guess counts as wrong.'
)


class ToolBox(Protocol):
    """Tools that a model may call."""

    @property
    def listed(self) -> Sequence[Mapping[str, Any]]:
        """Tools as an OpenAI-compatible endpoint takes them."""
        ...

    def call(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Text that the tool answers, an error included."""
        ...


class HeadwayToolBox:
    """Headway's tools, called over the Model Context Protocol within this process."""

    def __init__(self) -> None:
        from headway.mcp.server import build_server
        from headway.mcp.session import McpSession

        self._server, self._tools = build_server(McpSession(), patience=600)
        self.listed = [
            {
                "type": "function",
                "function": {"name": tool.name, "description": tool.description, "parameters": tool.input_schema},
            }
            for tool in self._speak(lambda client: client.list_tools()).tools
        ]

    def call(self, name: str, arguments: Mapping[str, Any]) -> str:
        """Text of the tool's answer, or of its refusal."""
        return str(self._speak(lambda client: client.call_tool(name, dict(arguments))).content[0].text)

    def close(self) -> None:
        """End the threads that computed."""
        self._tools.workers.close()

    def _speak(self, talk: Callable[[Any], Any]) -> Any:
        from mcp import Client

        async def connected() -> Any:
            async with Client(self._server) as client:
                return await talk(client)

        return asyncio.run(connected())


@dataclass(frozen=True, slots=True)
class ModelReply:
    """Text that a model ended with, the tools it called on the way (name and arguments), and the tokens used."""

    text: str
    calls: tuple[tuple[str, dict[str, Any]], ...]
    tokens: int


def asked(
    endpoint: ModelEndpoint, question: BenchmarkQuestion, day: str, tools: ToolBox | None, used: int = 0
) -> ModelReply:
    """The model's reply to one question, after as many rounds of tool calls as it wants, `ROUNDS` at most.

    Args:
        used: tokens used before, which count towards the endpoint's limits.

    Raises:
        EvidenceError: the endpoint gave no usable answer, or its limits are reached.
    """
    messages: list[dict[str, Any]] = [
        {"role": "system", "content": INSTRUCTION.format(day=day)},
        {"role": "user", "content": question.asks},
    ]
    calls: list[tuple[str, dict[str, Any]]] = []
    tokens = 0
    for turn in range(ROUNDS + 1):
        size = len(json.dumps(messages)) // 3
        if not endpoint.allows(used + tokens, size):
            raise EvidenceError(f"stopped at the limit after {used + tokens} tokens, at question {question.id}")
        fields = {"tools": tools.listed} if tools is not None and turn < ROUNDS else {}
        message, spent = completion(endpoint, messages, partial(_message, size=size), **fields)
        tokens += spent
        wanted = _calls(message)
        if tools is None or not wanted:
            return ModelReply(str(message.get("content") or ""), tuple(calls), tokens)
        messages.append({"role": "assistant", "content": message.get("content"), "tool_calls": message["tool_calls"]})
        for place, (identifier, name, arguments) in enumerate(wanted):
            over = f"not called: give {CALLS} calls at once at most"
            told = over if place >= CALLS else _called(tools, name, arguments)
            calls.append((name, arguments if isinstance(arguments, dict) else {}))
            messages.append({"role": "tool", "tool_call_id": identifier, "content": told})
    return ModelReply("", tuple(calls), tokens)


def _called(tools: ToolBox, name: str, arguments: dict[str, Any] | str) -> str:
    if isinstance(arguments, str):
        return f"the arguments are no JSON object: {arguments[:200]}"
    return tools.call(name, arguments)


def _message(record: dict[str, Any], *, size: int) -> tuple[dict[str, Any], int]:
    """Message of a chat completion and the tokens it took; raises where it is neither text nor calls."""
    message = record["choices"][0]["message"]
    if not isinstance(message, dict) or not (isinstance(message.get("content"), str) or message.get("tool_calls")):
        raise ValueError("its message has neither text nor calls")
    return message, tokens_used(record, size + len(str(message)) // 3)


def _calls(message: Mapping[str, Any]) -> list[tuple[str, str, dict[str, Any] | str]]:
    """Id, name and arguments of each call; arguments that are no JSON object stay as text."""
    found: list[tuple[str, str, dict[str, Any] | str]] = []
    for call in message.get("tool_calls") or ():
        function = call["function"]
        try:
            arguments = json.loads(function.get("arguments") or "{}")
        except ValueError:
            arguments = None
        told = arguments if isinstance(arguments, dict) else str(function.get("arguments"))
        found.append((str(call.get("id") or function["name"]), str(function["name"]), told))
    return found

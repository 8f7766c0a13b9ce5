"""The tools: name, what each answers, its arguments, and the function that answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from headway.mcp import arguments as given
from headway.mcp import evidence_tools
from headway.mcp.answer import UncutAnswer
from headway.mcp.session import McpSession


@dataclass(frozen=True, slots=True)
class McpTool:
    """One tool.

    Attributes:
        about: what it answers, for the model that chooses among tools.
        run: function from the session and checked arguments to the answer; it raises HeadwayError.
    """

    name: str
    title: str
    about: str
    arguments: type[given.ToolArguments]
    run: Callable[[McpSession, Any], UncutAnswer]


TOOLS: tuple[McpTool, ...] = (
    McpTool(
        "series",
        "Figures of an indicator",
        "Figures of one indicator by country and period (compute, research, talent, money, adoption, economy), each "
        "with unit, date, publisher and address. Without since and until: the newest figure of each country.",
        given.SeriesArguments,
        evidence_tools.series,
    ),
    McpTool(
        "standing",
        "Places of countries",
        "Place of countries in AI with a 90% interval over alternative rankings, in all or in one domain.",
        given.StandingArguments,
        evidence_tools.standing,
    ),
    McpTool(
        "trace",
        "What an id rests on",
        "A finding made again from its id, with every fact that it rests on, down to publisher and address. Also "
        "takes the id of a single fact. Use it before citing a number.",
        given.TraceArguments,
        evidence_tools.trace,
    ),
)


def named(name: str) -> McpTool | None:
    """Tool of that name, or None."""
    return next((tool for tool in TOOLS if tool.name == name), None)

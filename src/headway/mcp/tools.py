"""The tools: name, what each answers, its arguments, and the function that answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from headway.mcp import arguments as given
from headway.mcp import evidence_tools, judged_tools, model_tools
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
        "brief",
        "Brief of a country",
        "Where a country stands in AI, its gap to the frontier, why, what would change it, how sure anyone can be: "
        "findings with number, interval, tier and source. Start here, or with judgement.",
        given.BriefArguments,
        model_tools.brief,
    ),
    McpTool(
        "judgement",
        "Judgement on a country",
        "The brief of a country as one argument of five to seven sentences, each with the findings it rests on.",
        given.JudgementArguments,
        model_tools.judgement,
    ),
    McpTool(
        "series",
        "Figures of an indicator",
        "Figures of one indicator by country and period (compute, research, talent, money, adoption, economy), each "
        "with unit, date, publisher and address. Without since and until: the newest figure of each country.",
        given.SeriesArguments,
        evidence_tools.series,
    ),
    McpTool(
        "capability",
        "Capability of countries and models",
        "Best level of a country's own models so far, in ECI points with a 90% interval, and its strongest models; or "
        "the level of a model by name.",
        given.CapabilityArguments,
        evidence_tools.capability,
    ),
    McpTool(
        "standing",
        "Places of countries",
        "Place of countries in AI with a 90% interval over alternative rankings, in all or in one domain.",
        given.StandingArguments,
        evidence_tools.standing,
    ),
    McpTool(
        "explain",
        "Causes of a gap",
        "Why a country is behind (or ahead of) a rival: the gap in months split over size of the economy, spending, "
        "export controls, talent, openness and others, with intervals.",
        given.ExplainArguments,
        model_tools.explain,
    ),
    McpTool(
        "simulate",
        "Futures under a scenario",
        "What happens to a country under a shipped scenario or one of your own (dated changes of drivers), and what "
        "that changes against the baseline, with 90% intervals.",
        given.SimulateArguments,
        model_tools.simulate,
    ),
    McpTool(
        "strategy",
        "Strategies compared",
        "What a country could do with a budget: the strategy of least regret over many futures, where it fails, and "
        "the effect of each.",
        given.StrategyArguments,
        model_tools.strategy,
    ),
    McpTool(
        "check_claim",
        "Verdict on a claim",
        "Whether a claim about national AI holds. Give the claim alone to get the tests that could stand for it, then "
        "the claim with the test you choose to get a verdict; or a claim of a shipped ledger.",
        given.CheckClaimArguments,
        judged_tools.check_claim,
    ),
    McpTool(
        "record",
        "Record of forecasts",
        "How often Headway's forecasts were right, beside naive forecasts on the same points.",
        given.RecordArguments,
        judged_tools.record,
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

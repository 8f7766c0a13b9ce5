"""Write the transcript in docs/agents.md: a scripted conversation in which each answer comes from a tool alone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = Path(__file__).with_name("agents.md")
START, END = "<!-- transcript -->", "<!-- /transcript -->"
Ask = Callable[..., dict[str, Any]]


@dataclass(frozen=True)
class Turn:
    """Question of a person, the calls that answer it, and the answer made from what they returned."""

    question: str
    calls: tuple[tuple[str, dict[str, Any]], ...]
    answer: str


def conversation(ask: Ask) -> Iterator[Turn]:
    """Four questions: a gap and its source, a figure that nobody has, a what-if, and a claim.

    Args:
        ask: calls a tool by name with arguments and returns its answer as plain data.
    """
    gap = {"country": "KOR", "section": "gap", "max_chars": 2000}
    first = ask("brief", **gap)
    found = first["statements"][0]
    chain = {"id": found["id"], "max_chars": 2500}
    traced = ask("trace", **chain)
    yield Turn(
        "How far behind the frontier is Korea, and where does the number come from?",
        (("brief", gap), ("trace", chain)),
        f"{cited(first, found)} It rests on {len(traced['statements']) - 1} facts shown here, among them: "
        f"“{traced['statements'][1]['sentence']}”",
    )
    figure = {"indicator": "rd_share_gdp", "countries": ["KOR", "PRK"]}
    second = ask("series", **figure)
    yield Turn(
        "What share of GDP do the two Koreas spend on research?",
        (("series", figure),),
        f"{cited(second, second['statements'][0])} Not known: {second['not_known'][0]}",
    )
    change = {"driver": "investment", "for": "focal", "multiply": {"2027": 2}}
    supposed = {"country": "KOR", "changes": [change], "series": ["lag"], "draws": 100}
    third = ask("simulate", **supposed)
    yield Turn(
        "What if Korea doubled its investment in AI compute from 2027?",
        (("simulate", supposed),),
        cited(third, third["statements"][1]),
    )
    words = "Korea spends more on research than France does."
    offered = ask("check_claim", claim=words)
    test = offered["statements"][0]["sentence"].removeprefix("Test: ").partition(" – ")[0]
    chosen = {"claim": words, "test": test}
    fourth = ask("check_claim", **chosen)
    yield Turn(
        f"Does it hold: “{words}”",
        (("check_claim", {"claim": words}), ("check_claim", chosen)),
        f"{cited(fourth, fourth['statements'][0])} Test chosen: {test}.",
    )


def cited(answer: dict[str, Any], statement: dict[str, Any]) -> str:
    """Sentence with its tier, date of the evidence, id and the address of its first source."""
    source = next(one for one in answer["sources"] if one["number"] == statement["sources"][0])
    named = f", id `{statement['id']}`" if "id" in statement else ""
    return (
        f"{statement['sentence']} ({statement['tier']}, evidence of {answer['as_of']}{named}; {source['publisher']}, "
        f"{source['title']}, <{source['url']}>)"
    )


def told(turns: Iterator[Turn]) -> str:
    """The conversation as Markdown."""
    return "\n\n".join(
        "\n".join(
            (
                f"> **{turn.question}**\n",
                *(f"`{name}` `{json.dumps(given, ensure_ascii=False)}`  " for name, given in turn.calls),
                f"\n{turn.answer}",
            )
        )
        for turn in turns
    )


def main() -> None:
    """Hold the conversation over the protocol and write it between the marks of the page."""
    from mcp import Client

    from headway.mcp.server import build_server
    from headway.mcp.session import McpSession

    server, tools = build_server(McpSession(), patience=600)

    def ask(name: str, **arguments: Any) -> dict[str, Any]:
        async def called() -> Any:
            async with Client(server) as client:
                return await client.call_tool(name, arguments)

        result = asyncio.run(called())
        if result.is_error:
            raise SystemExit(result.content[0].text)
        return dict(json.loads(result.content[0].text))

    text = PAGE.read_text("utf-8")
    before, after = text.partition(START)[0], text.partition(END)[2]
    PAGE.write_text(f"{before}{START}\n{told(conversation(ask))}\n{END}{after}", "utf-8")
    tools.workers.close()


if __name__ == "__main__":
    main()

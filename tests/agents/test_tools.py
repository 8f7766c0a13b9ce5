"""The tools as a client of the protocol sees them: what they answer, and what they say to a wrong question."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

import headway as hw

Call = Callable[..., Any]


@pytest.fixture(scope="module")
def tables() -> Any:
    return hw.evidence()


def addresses(told: dict[str, Any], statement: dict[str, Any]) -> list[str]:
    """Addresses of the sources of one statement."""
    by_number = {source["number"]: source["url"] for source in told["sources"]}
    return [by_number[number] for number in statement["sources"]]


def test_tools_are_listed_with_schemas_and_as_readers(client: Callable[[Any], Any]) -> None:
    listed = client(lambda speaking: speaking.list_tools()).tools
    assert {"series", "standing", "trace"} <= {tool.name for tool in listed}
    for tool in listed:
        assert tool.annotations.read_only_hint
        assert tool.input_schema["additionalProperties"] is False
        assert "max_chars" in tool.input_schema["properties"]
        assert all("description" in field or "anyOf" in field for field in tool.input_schema["properties"].values())


def test_series_gives_the_newest_figure_with_day_publisher_and_address(ask: Call, tables: Any) -> None:
    told = ask("series", indicator="rd_share_gdp", countries="Korea, RUS")
    for statement in told["statements"]:
        code = statement["id"].split(":")[2]
        row = tables.series("rd_share_gdp", code).iloc[-1]
        assert statement["value"] == pytest.approx(row["value"], rel=1e-5)
        assert (statement["period"], statement["unit"]) == (row["period"], row["unit"])
        assert statement["known_on"] == str(row["published_on"].date())
        assert addresses(told, statement) == [row["url"]]
    assert [statement["id"].split(":")[2] for statement in told["statements"]] == ["KOR", "RUS"]


def test_series_of_a_past_day_holds_nothing_published_later(ask: Call) -> None:
    told = ask("series", indicator="rd_share_gdp", countries="KOR", as_of="2020-06-30", since=2015)
    assert told["statements"]
    assert all(statement["known_on"] <= "2020-06-30" for statement in told["statements"])


def test_what_the_evidence_lacks_is_told_as_not_known(ask: Call) -> None:
    told = ask("series", indicator="rd_share_gdp", countries=["KOR", "PRK"])
    assert len(told["statements"]) == 1
    assert "North Korea" in told["not_known"][0]


def test_standing_says_what_the_function_says(ask: Call) -> None:
    told = ask("standing", countries="RUS,KOR", domain="compute")
    ranks = hw.standing("compute").ranks
    for statement in told["statements"]:
        row = ranks.loc[statement["id"].partition(":")[0]]
        assert (statement["value"], statement["low"], statement["high"]) == (row["rank"], row["low"], row["high"])
        assert all(url.startswith("http") for url in addresses(told, statement))


def test_every_id_leads_to_the_same_sentence_and_to_facts(ask: Call) -> None:
    first = ask("standing", countries="KOR")["statements"][0]
    traced = ask("trace", id=first["id"], max_chars=20_000)
    assert traced["statements"][0] == first | {"sources": traced["statements"][0]["sources"]}
    fact = traced["statements"][1]
    assert ask("trace", id=fact["id"])["statements"][0]["sentence"] == fact["sentence"]


@pytest.mark.parametrize("most", [600, 1500, 4000])
def test_no_answer_is_longer_than_its_budget(call: Call, most: int) -> None:
    for name, arguments in {
        "series": {"indicator": "rd_share_gdp"},
        "standing": {},
        "trace": {"id": "KOR:standing.scale@2026-11-22"},
    }.items():
        text = call(name, **arguments, max_chars=most).content[0].text
        told = json.loads(text)
        assert len(text) <= most
        assert told["statements"]
        assert told["left_out"]


def test_a_larger_budget_brings_more_of_the_same(ask: Call) -> None:
    short, long = (ask("series", indicator="rd_share_gdp", max_chars=most)["statements"] for most in (1000, 5000))
    assert len(long) > len(short)
    assert [one["id"] for one in long[: len(short)]] == [one["id"] for one in short]


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("series", {"indicator": "rd_share_gpd"}, ["rd_share_gdp"]),
        ("series", {"indicator": "money spent on research"}, ["rd_share_gdp", "headway://indicators"]),
        ("series", {"indicator": "rd_share_gdp", "contries": "KOR"}, ["contries", "did you mean countries?"]),
        ("series", {}, ["indicator is missing"]),
        ("series", {"indicator": "rd_share_gdp", "max_chars": 5}, ["max_chars", "600"]),
        ("series", {"indicator": "rd_share_gdp", "as_of": "2099-01-01"}, ["as_of 2099-01-01", "future"]),
        ("series", {"indicator": "rd_share_gdp", "as_of": "June"}, ["as_of 'June'"]),
        ("series", {"indicator": "rd_share_gdp", "countries": ["KOR"] * 1 + [f"X{n}" for n in range(3)]}, ["X0"]),
        ("standing", {"countries": "Koera"}, ["Koera", "Korea"]),
        ("standing", {"domain": "chips"}, ["chips", "compute"]),
        ("standing", {"view": "best"}, ["view 'best'", "intensity"]),
        ("trace", {"id": "KOR:gap.trainin_compute:USA@2026-11-22"}, ["gap.training_compute"]),
        ("trace", {"id": "epoch:nothing"}, ["epoch:nothing", "RUS:gap.training_compute:USA@2026-11-22"]),
        ("serie", {"indicator": "rd_share_gdp"}, ["did you mean series?"]),
    ],
)
def test_a_wrong_question_is_told_what_would_be_right(
    refusal: Call, name: str, arguments: dict[str, Any], words: list[str]
) -> None:
    told = refusal(name, **arguments)
    assert all(word in told for word in words), told
    assert "--" not in told


def test_a_long_computation_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio
    import threading

    from headway.core.errors import InputError
    from headway.mcp import server
    from headway.mcp.answer import UncutAnswer
    from headway.mcp.session import McpSession
    from headway.mcp.tools import TOOLS, McpTool

    let_go = threading.Event()
    tool = next(tool for tool in TOOLS if tool.name == "record")

    def waits(session: McpSession, asked: object) -> UncutAnswer:
        let_go.wait(20)
        return UncutAnswer(())

    slow = McpTool("slow", "", "", tool.arguments, waits)
    monkeypatch.setattr(server, "_tool", lambda name: slow)
    tools = server.HeadwayTools(McpSession(), patience=0.05)
    with pytest.raises(InputError, match="call it again"):
        asyncio.run(tools._answer("slow", {}))
    let_go.set()
    tools.workers.close()

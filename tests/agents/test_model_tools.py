"""Tools that ask the model or judge claims say what the functions say, within the limits they state."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import headway as hw
from headway.core import wording
from headway.findings.finding import FindingTier
from headway.mcp.resources import DOCS
from repository_scripts import script

Call = Callable[..., Any]
REPOSITORY = Path(__file__).parent.parent.parent
DOUBLED = {"driver": "investment", "for": "focal", "multiply": {"2027": 2}}


def test_the_brief_tells_its_most_prominent_findings_first(ask: Call) -> None:
    made = hw.brief("KOR")
    told = ask("brief", country="Korea", max_chars=40_000)
    weights = [made[statement["id"]].weight for statement in told["statements"]]
    assert weights == sorted(weights)
    assert weights[0] == 1
    for statement in told["statements"]:
        assert statement["tier"] == made[statement["id"]].tier
        assert statement["sources"]
    gap = ask("brief", country="KOR", section="gap", max_chars=40_000)["statements"]
    assert {made[statement["id"]].section for statement in gap} == {"gap"}
    assert "left_out" not in ask("brief", country="KOR", section="standing", max_chars=40_000)


@pytest.mark.parametrize("country", ["KOR", "FRA"])
def test_sentences_of_the_judgement_rest_on_findings_that_follow(country: str, ask: Call) -> None:
    told = ask("judgement", country=country, max_chars=40_000)["statements"]
    sentences = [statement for statement in told if "rests_on" in statement]
    assert len(sentences) >= 3
    tiers = {statement["id"]: FindingTier(statement["tier"]) for statement in told if "id" in statement}
    order = list(FindingTier)
    for sentence in sentences:
        assert sentence["tier"] == max((tiers[name] for name in sentence["rests_on"]), key=order.index)


def test_a_coded_goal_has_its_tier_in_the_judgement(ask: Call) -> None:
    assert FindingTier.CODED in {row.tier for row in hw.brief("FRA").findings}
    assert FindingTier.CODED in {row["tier"] for row in ask("judgement", country="FRA", max_chars=40_000)["statements"]}


def test_capability_of_a_country_and_of_a_model_are_one_figure(ask: Call) -> None:
    country = ask("capability", countries="KOR")["statements"]
    best = country[1]
    name = best["sentence"].partition(" (")[0]
    model = ask("capability", model=name)["statements"][0]
    assert (model["value"], model["low"], model["high"]) == (best["value"], best["low"], best["high"])
    assert country[0]["value"] == best["value"]
    assert "inferred" in ask("capability", countries="PRK")["not_known"][0]


def test_causes_are_those_of_the_function(ask: Call) -> None:
    told = ask("explain", country="KOR", against="USA", max_chars=20_000)["statements"]
    found = hw.explain("KOR", "USA")
    assert [statement["id"] for statement in told] == [finding.id for finding in found.findings]
    assert told[0]["value"] == pytest.approx(found.findings[0].value, rel=1e-5)


def test_a_scenario_of_ones_own_is_told_against_the_baseline(ask: Call) -> None:
    asked = {"country": "KOR", "series": ["compute"], "draws": 20}
    usual = ask("simulate", **asked)["statements"][0]
    level, change = ask("simulate", **asked, changes=[DOUBLED])["statements"]
    assert level["value"] > usual["value"]
    assert change["low"] > 0
    own = {"scenario": "own", "title": "t", "description": "d", "extends": "baseline", "investment": [
        {"for": "focal", "multiply": {2027: 2}}]}  # fmt: skip
    run = hw.simulate(own, focal="KOR", countries="KOR", series="compute", until=2030, draws=20)
    assert level["value"] == pytest.approx(float(np.median(run["compute"].to_numpy()[-1, 0])), rel=1e-5)


def test_a_simulated_lag_reads_as_in_a_brief(ask: Call) -> None:
    told = ask("simulate", country="KOR", series=["lag"], draws=20)["statements"][0]
    lag = wording.lag(told["value"], told["low"], told["high"], 0.9, behind="behind the best of all other countries")
    assert told["sentence"].endswith(f"”: {lag}.")


def test_strategies_are_told_with_a_command_instead_of_an_id_to_trace(ask: Call, refusal: Call) -> None:
    told = ask("strategy", country="KOR", draws=20, max_chars=20_000)
    assert "--draws 20" in told["made_by"]
    assert len(told["statements"]) > 3
    assert "made_by" in refusal("trace", id=told["statements"][0]["id"])


def test_a_claim_has_a_verdict_only_by_a_chosen_test(ask: Call) -> None:
    words = "Korea spends more on research than France does."
    offered = ask("check_claim", claim=words)
    assert "No verdict" in offered["not_known"][0]
    test = offered["statements"][0]["sentence"].removeprefix("Test: ").partition(" – ")[0]
    verdict = ask("check_claim", claim=words, test=test)
    assert "is supported" in verdict["statements"][0]["sentence"]
    denied = ask("check_claim", claim=words, test=test.replace(">", "<"))
    assert "is contradicted" in denied["statements"][0]["sentence"]
    assert verdict["statements"][0]["value"] == pytest.approx(1 - denied["statements"][0]["value"])
    assert all(one["url"].startswith("http") for one in verdict["sources"])


def test_the_record_is_the_stored_one(ask: Call) -> None:
    from headway.inference.record import stored

    kept = stored()
    assert kept is not None
    for months, rows in ((None, kept["summary"]), ("12", kept["by_horizon"]["12"])):
        told = ask("record", **({"months": months} if months else {}), max_chars=20_000)["statements"]
        scores = sorted(statement["value"] for statement in told if "value" in statement)
        assert scores == pytest.approx(sorted(row["crps"] for row in rows.values()), rel=1e-5)


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("brief", {"country": "Koera"}, ["South Korea"]),
        ("brief", {"country": "KOR", "against": "KOR"}, ["against KOR", "not compared with itself"]),
        ("brief", {"country": "KOR", "scenario": "../secret"}, ["scenario '../secret'"]),
        ("brief", {"country": "KOR", "scenario": "head-of"}, ["did you mean head-on?", "baseline"]),
        ("simulate", {"country": "KOR", "changes": [{**DOUBLED, "driver": "chips"}]}, ["chips", "investment"]),
        ("simulate", {"country": "KOR", "changes": [{"driver": "controls", "set": {"2027": 3}}]}, ["outside [0, 1]"]),
        ("simulate", {"country": "KOR", "changes": [{"driver": "controls"}]}, ["exactly one of set, multiply and add"]),
        ("simulate", {"country": "EU"}, ["group of countries"]),
        ("simulate", {"country": "KOR", "draws": 10**6}, ["draws", "1000"]),
        ("simulate", {"country": "KOR", "until": 2100}, ["until 2100", "2060"]),
        ("strategy", {"country": "KOR", "budget": 50}, ["budget", "20"]),
        ("capability", {"model": "Gigachta"}, ["gigachat"]),
        ("check_claim", {}, ["give a claim in words, or a ledger"]),
        ("check_claim", {"ledger": "ledgers"}, ["france-ai"]),
        ("check_claim", {"claim": "So it is", "test": "indicator(rd_share, KOR) > 3"}, ["rd_share_gdp"]),
        ("check_claim", {"claim": "So it is", "test": "KOR wins"}, ["cannot be read", "one looks like"]),
    ],
)
def test_a_wrong_question_is_told_what_would_be_right(
    refusal: Call, name: str, arguments: dict[str, Any], words: list[str]
) -> None:
    told = refusal(name, **arguments)
    assert all(word in told for word in words), told


@pytest.mark.parametrize("most", [600, 1500])
def test_no_answer_is_longer_than_its_budget(call: Call, most: int) -> None:
    asked: dict[str, dict[str, Any]] = {
        "brief": {"country": "KOR"},
        "judgement": {"country": "KOR"},
        "explain": {"country": "KOR", "against": "USA"},
        "strategy": {"country": "KOR", "draws": 20},
        "record": {},
    }
    for name, arguments in asked.items():
        result = call(name, **arguments, max_chars=most)
        assert len(result.content[0].text) <= most
        assert result.structured_content["statements"]


def test_resources_are_pages_catalogues_and_ledgers(client: Callable[[Any], Any]) -> None:
    from mcp import MCPError

    listed = {one.uri for one in client(lambda speaking: speaking.list_resources()).resources}
    texts = {uri: client(lambda speaking, uri=uri: speaking.read_resource(uri)).contents[0].text for uri in listed}
    assert texts["headway://docs/agents"].startswith("# How can a chat ask")
    assert "rd_share_gdp | % of GDP" in texts["headway://indicators"]
    assert "controls-lifted-2027: All export controls" in texts["headway://scenarios"]
    assert "france-ai:" in texts["headway://ledgers"]
    assert texts["headway://ledgers/france-ai"].count("claim:") > 5
    for wrong in ("headway://docs/nothing", "headway://docs/../../pyproject.toml", "file:///etc/passwd"):
        with pytest.raises(MCPError, match="no resource"):
            client(lambda speaking, wrong=wrong: speaking.read_resource(wrong))


def test_the_wheel_carries_the_pages_that_the_server_gives() -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))
    wheel = settings["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(wheel["only-include"]) == {"src/headway", *(f"docs/{name}.md" for name in DOCS)}
    assert wheel["sources"]["docs"] == "headway/docs"


def test_a_scripted_conversation_goes_from_question_to_source(ask: Call) -> None:
    transcript = script("docs/agents_transcript.py")
    calls: list[tuple[str, dict[str, Any]]] = []

    def noted(name: str, **arguments: Any) -> dict[str, Any]:
        calls.append((name, arguments))
        answer: dict[str, Any] = ask(name, **arguments)
        return answer

    turns = list(transcript.conversation(noted))
    assert [call for turn in turns for call in turn.calls] == calls
    assert [name for name, _ in calls] == ["brief", "trace", "series", "simulate", "check_claim", "check_claim"]
    assert calls[1][1]["id"] in turns[0].answer
    assert "Not known: " in turns[1].answer
    assert all("<http" in turns[place].answer for place in (0, 1, 3))
    page = (REPOSITORY / "docs" / "agents.md").read_text("utf-8")
    assert all(turn.question in page for turn in turns)

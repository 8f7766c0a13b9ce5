"""The question as a user asks it, on the shipped evidence: findings, JSON, files, refusals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from headway.cli.app import app
from headway.core.errors import EvidenceError, HeadwayError, InputError
from headway.evidence import Evidence, open_evidence
from headway.findings.recipe import Context
from headway.inference.posterior import chosen_for
from headway.strategy import findings
from headway.strategy.question import ask
from headway.strategy.report import labelled
from headway.strategy.run import run

RUNNER = CliRunner()
MINE = """\
strategies:
  - strategy: mine
    title: My own mix
    partners: [JPN]
    niches: [industry]
    mix:
      2028Q3: {talent: 0.5, niche: 0.5}
"""


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return open_evidence()


def invoke(*words: str) -> str:
    found = RUNNER.invoke(app, words)
    if found.exception is not None and not isinstance(found.exception, SystemExit):
        raise found.exception
    return found.stdout


def test_the_brief_says_what_would_change_it(evidence: Evidence) -> None:
    context = Context(evidence, "KOR")
    found = {finding.id.split(":", 1)[1].split("@")[0]: finding for finding in findings.strategies(context)}
    assert {"change.strategy:head-on", "change.strategy:collaboration"} <= set(found)
    for finding in found.values():
        assert finding.low is not None
        assert finding.high is not None
        assert finding.value is not None
        assert finding.low <= float(finding.value) <= finding.high
        assert finding.details["cost_share_of_gdp"] == pytest.approx(0.5)
        assert "exposed" in finding.sentence or "Nothing considered" in finding.sentence
    (robust,) = findings.robust(context)
    assert "least regret" in robust.sentence
    assert robust.picture is not None
    leader = next(iter(findings.robust(Context(context.evidence, "USA"))))
    assert "least regret" in leader.sentence
    (reach,) = findings.supremacy(context)
    assert reach.unit == "probability"
    assert 0 <= float(reach.value or 0) <= 1
    (worth,) = findings.information(context)
    assert worth.section == "unknowns"
    niches = list(findings.niches(context))
    assert len(niches) == 3
    assert all("points a year" in finding.sentence for finding in niches)


@pytest.mark.parametrize("country", ["EU", "TUV"])
def test_what_the_model_cannot_run_is_said(evidence: Evidence, country: str) -> None:
    (finding,) = findings.strategies(Context(evidence, country))
    assert finding.quantity == "not_available"
    assert " are not modelled: " in finding.sentence
    assert finding.short.startswith(
        "Strategies not modelled: the " if country == "EU" else "Strategies not modelled: no "
    )
    assert len(finding.short) <= 84, "one line of the brief's screen"
    assert list(findings.robust(Context(evidence, country))) == []
    with pytest.raises(HeadwayError):
        ask(evidence, country, posterior=None)


def test_a_strategy_of_ones_own_stands_beside_the_named_ones(tmp_path: Path) -> None:
    file, table = tmp_path / "mine.yaml", tmp_path / "table.csv"
    file.write_text(MINE, encoding="utf-8")
    told = json.loads(
        invoke("strategy", "KOR", "--strategies", str(file), "--out", str(table), "--json", "--draws", "64")
    )
    assert told["schema_version"] == 1
    names = [one["strategy"] for one in told["strategies"]]
    assert names[0] == "status-quo"
    assert names[-1] == "mine"
    mine = told["strategies"][-1]
    assert mine["money_by_lever"] == {"talent": 0.5, "niche": 0.5}
    assert 0 < mine["cost_share_of_gdp"] < 0.5
    assert mine["together"]["regret"] >= 0
    assert told["fixed_world_error"]["sovereign_lag"]["largest"] < 6
    assert len(table.read_text(encoding="utf-8").splitlines()) == len(names) + 1
    with pytest.raises(InputError, match="exists already"):
        invoke("strategy", "KOR", "--out", str(table))


def test_a_rule_comes_with_coverage_and_density() -> None:
    told = json.loads(invoke("discover", "KOR", "--strategy", "head-on", "--draws", "64", "--json"))
    assert told["strategy"] == "head-on"
    assert 0 <= told["share_failing"] <= 1
    if told["rule"] is not None:
        assert 0 < told["rule"]["coverage"] <= 1
        assert told["rule"]["limits"]


def test_outcomes_carry_their_names(evidence: Evidence) -> None:
    found = labelled(run(ask(evidence, "KOR", draws=20, posterior=chosen_for(evidence))))
    assert found["sovereign_lag"].dims == ("strategy", "happening", "draw")
    assert found["sovereign_lag"].attrs["units"] == "months"
    assert found.sizes["draw"] == 20
    assert not found["gap"].isnull().any()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("strategy", "KOR", "--budget", "0"), "outside"),
        (("strategy", "KOR", "--until", "2020"), "later quarter or year"),
        (("strategy", "KOR", "--out", "table.xyz"), "must end in"),
        (("strategy", "KOR", "--strategies", "nowhere.yaml"), "cannot read nowhere.yaml"),
        (("discover", "KOR", "--strategy", "magic"), "there are status-quo"),
        (("discover", "KOR", "--fails", "lag is long"), "write sovereign_lag"),
        (("discover", "KOR", "--method", "guess"), "prim or cart"),
    ],
)
def test_refusals_say_what_would_be_right(words: tuple[str, ...], told: str) -> None:
    with pytest.raises(InputError, match=told):
        invoke(*words)


def test_a_group_is_told_to_ask_for_its_members(evidence: Evidence) -> None:
    with pytest.raises(EvidenceError, match="ask for its members"):
        ask(evidence, "EU", posterior=None)

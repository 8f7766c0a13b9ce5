"""On the snapshot and the posterior that ship with the package: what a person meets."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from headway.cli.app import app
from headway.core.errors import HeadwayError
from headway.evidence import open_evidence
from headway.explain.findings import attribution
from headway.findings import Context, Finding

RUNNER = CliRunner()


@lru_cache(maxsize=4)
def told(country: str, against: str) -> tuple[Finding, ...]:
    return tuple(attribution(Context(open_evidence(), country, (against,))))


def run(*arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and what a person is told of an error."""
    result = RUNNER.invoke(app, list(arguments))
    error = result.exception
    if isinstance(error, HeadwayError):
        return error.exit_code, result.stdout, str(error)
    return result.exit_code, result.stdout, result.stderr


def test_a_followers_gap_is_split_with_intervals_and_a_picture() -> None:
    headline, *others = told("RUS", "USA")
    assert headline.id.startswith("RUS:why.attribution:USA@")
    assert headline.weight == 1
    assert headline.unit == "months"
    assert headline.low is not None
    assert headline.value is not None
    assert headline.low < float(headline.value) < (headline.high or 0)
    assert headline.sentence.startswith("Russia stood ")
    assert sum(headline.details["whole_months"].values()) == round(float(headline.value))
    assert headline.picture is not None
    rows = headline.table
    assert sum(row["months"] for row in rows[:-1]) == pytest.approx(rows[-1]["months"], abs=0.01)
    parts = [f for f in others if f.quantity.startswith("part of the gap")]
    assert len(parts) == 9
    assert sum(f.weight == 2 for f in parts) == 3
    assert any(f.quantity.startswith("change of the gap") for f in others)
    assert any("competing readings" in f.quantity for f in others)


def test_a_scenario_that_begins_later_says_that_it_changes_nothing_here() -> None:
    evidence = open_evidence()
    later = next(iter(attribution(Context(evidence, "RUS", ("USA",), "controls-lifted-2027"))))
    assert "changes nothing up to Q2 2026" in later.caveat
    assert later.value == pytest.approx(told("RUS", "USA")[0].value)
    without = next(iter(attribution(Context(evidence, "RUS", ("USA",), "no-controls-since-2022"))))
    assert "changes nothing" not in without.caveat


def test_every_finding_can_be_traced_to_evidence() -> None:
    evidence = open_evidence()
    ids = [identifier for finding in told("RUS", "USA") for identifier in finding.observations]
    assert ids
    for identifier in set(ids):
        assert evidence.fact(identifier).source.publisher
    assert len({finding.id for finding in told("RUS", "USA")}) == len(told("RUS", "USA"))


def test_the_leader_is_told_of_its_lead() -> None:
    headline = told("USA", "CHN")[0]
    assert " ahead of China (90%: " in headline.sentence
    assert headline.value is not None
    assert float(headline.value) > 0
    assert headline.quantity == "lead split over its causes"


def test_a_gap_is_the_same_story_in_the_briefs_of_both_sides() -> None:
    own, other = (told(*pair)[0] for pair in (("RUS", "USA"), ("USA", "RUS")))
    assert own.details["whole_months"] == other.details["whole_months"]
    for one, two in zip(own.table, other.table, strict=True):
        for name in ("months", "months_low", "months_high"):
            assert one[name] == pytest.approx(two[name], abs=0.01)


@pytest.mark.parametrize(("country", "why"), [("TUV", "no training run"), ("EU", "countries, not groups")])
def test_a_country_that_cannot_be_modelled_says_so(country: str, why: str) -> None:
    (finding,) = told(country, "USA")
    assert finding.quantity == "not_available"
    assert why in finding.sentence


def test_the_command_prints_findings_as_json_and_draws_the_waterfall(tmp_path: Path) -> None:
    picture = tmp_path / "why.svg"
    arguments = ("explain", "RUS", "--against", "USA", "--since", "2024Q2", "--json", "--svg", str(picture))
    code, out, _ = run(*arguments)
    assert code == 0
    document = json.loads(out)
    assert document["schema_version"] == 1
    assert document["dates"] == ["2024Q2", "2026Q2"]
    assert document["fixed_world_error"]["eci"]["largest"] is not None
    assert abs(document["fixed_world_error"]["eci"]["largest"]) < 1
    assert document["findings"][0]["table"]
    drawn = picture.read_text(encoding="utf-8")
    assert drawn.startswith("<svg")
    assert "Export controls" in drawn
    code, _, said = run(*arguments)
    assert code == 2
    assert "exists already" in said
    assert picture.read_text(encoding="utf-8") == drawn


def bad() -> Iterator[tuple[tuple[str, ...], int, str]]:
    yield ("Rusia",), 2, "Rus"
    yield ("RUS", "--against", "RUS"), 2, "compared with itself"
    yield ("RUS", "--against", "USA,CHN"), 2, "one rival at a time"
    yield ("RUS", "--at", "soon"), 2, "neither a year nor a quarter"
    yield ("RUS", "--at", "2015"), 2, "outside the run"
    yield ("RUS", "--since", "2026Q2"), 2, "must come before"
    yield ("RUS", "--causes", "nowhere.yaml"), 2, "cannot read nowhere.yaml"
    yield ("RUS", "--svg", "/nowhere/why.svg"), 2, "no folder"
    yield ("RUS", "--scenario", "none-such"), 2, "no scenario"
    yield ("RUS", "--draws", "3"), 2, ""
    yield ("TUV",), 3, "cannot be explained by the model"
    yield ("EU",), 3, "cannot be explained by the model"


@pytest.mark.parametrize(("arguments", "code", "words"), list(bad()))
def test_bad_input_is_named_before_any_work(arguments: tuple[str, ...], code: int, words: str) -> None:
    found, out, said = run("explain", *arguments)
    assert found == code
    assert words in said
    assert not out


def test_sensitivity_ranks_factors_with_their_tiers() -> None:
    code, out, _ = run(
        "sensitivity", "RUS", "--against", "USA", "--method", "morris", "--samples", "4", "--format", "csv"
    )
    assert code == 0
    header, *rows = out.strip().splitlines()
    assert header.startswith("factor,symbol,tier,meaning,output,effect")
    outputs = {row.split(",")[-5] for row in rows}
    assert outputs == {"oom", "compute_share"}  # both have scores: nothing moves the gap that these show
    assert {"slope", "absorption", "compute_error/subject"} <= {row.split(",")[0] for row in rows}
    code, out, _ = run("sensitivity", "RUS", "--method", "sobol", "--by-tier", "--samples", "8", "--format", "json")
    assert code == 0
    assert {row["tier"] for row in json.loads(out)["sensitivity"]} == {"fit", "prior", "scenario"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--method", "pawn", "--by-tier"), "one factor at a time"),
        (("--output", "nothing", "--samples", "4", "--method", "morris"), "it is one of"),
    ],
)
def test_a_question_that_cannot_be_asked_of_sensitivity(arguments: tuple[str, ...], words: str) -> None:
    code, _, said = run("sensitivity", "RUS", "--against", "USA", *arguments)
    assert code == 2
    assert words in said

"""`headway claims`: tables, JSON, pages, gates and exit codes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from headway.cli.app import app
from headway.core.errors import InputError
from headway.findings import Context, Finding

LEDGER = """\
ledger: small
title: A small ledger <b>
country: FRA
claims:
  - {id: high, claim: "France spends over 2 percent & more on research.", kind: fact,
     test: "indicator(rd_share_gdp, FRA) > 2"}
  - {id: low, claim: It spends over 9 percent., kind: fact, test: "indicator(rd_share_gdp, FRA) > 9"}
  - {id: ahead, claim: Its best model is ahead of Britain's., kind: comparison,
     test: "indicator(eci_frontier, FRA) > indicator(eci_frontier, GBR)"}
  - {id: shrinks, claim: Its research shrinks., kind: trend, test: "trend(rd_share_gdp, FRA, 2012, 2022) < 0"}
  - {id: advice, claim: It should spend more., kind: advice, test: "indicator(rd_share_gdp, FRA) < 3"}
  - {id: pity, claim: A pity., kind: opinion}
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    file = tmp_path / "small.yaml"
    file.write_text(LEDGER)
    return file


def run(*arguments: str, code: int = 0, stdin: str | None = None) -> str:
    result = CliRunner().invoke(app, ["claims", *arguments], input=stdin)
    assert result.exit_code == code, result.output
    return result.stdout


def test_check_prints_json_with_stable_names(ledger: Path) -> None:
    record = json.loads(run("check", str(ledger), "--json"))
    assert record["schema_version"] == 1
    assert record["thresholds"] == {"supported": 0.9, "leaning": 0.65}
    claims = {claim["id"]: claim for claim in record["claims"]}
    assert claims["high"]["verdict"] == "supported"
    assert claims["low"]["verdict"] == "contradicted"
    assert claims["pity"] | {"verdict": "not checkable", "probability": None} == claims["pity"]
    assert claims["advice"]["tested"] == "presupposition"
    first = claims["high"]
    assert {"probability", "low", "high", "words", "readings", "used", "for", "against", "settle", "then"} <= set(first)
    assert first["used"][0]["facts"]
    assert first["readings"][0]["test"] == "indicator(rd_share_gdp, FRA) > 2"


def test_check_prints_a_table_and_fails_only_under_the_gate(ledger: Path) -> None:
    assert "not checkable" in run("check", str(ledger))
    run("check", str(ledger), "--fail-on", "contradicted", code=1)
    ledger.write_text(LEDGER.replace("FRA) > 9", "FRA) > 1"))
    run("check", str(ledger), "--fail-on", "contradicted")


def test_one_claim_is_shown_with_its_evidence(ledger: Path) -> None:
    shown = run("check", str(ledger), "--claim", "low")
    assert "contradicted (fewer than 1 in 100: almost no chance)" in shown
    assert "test     indicator(rd_share_gdp, FRA) > 9" in shown
    assert "fact     worldbank_wdi:rd_share_gdp:FRA" in shown
    result = CliRunner().invoke(app, ["claims", "check", str(ledger), "--claim", "nothing"])
    assert isinstance(result.exception, InputError)


def test_the_page_is_whole_safe_and_never_overwrites(ledger: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    run("check", str(ledger), "--html", str(page))
    text = page.read_text()
    assert text.count('<article class="card"') == 6
    assert "A small ledger &lt;b&gt;" in text
    assert "<script" not in text
    assert 'src="http' not in text
    assert text.count("<svg") >= 3
    assert "What it presupposes: supported" in text
    assert "Source: World Bank" in text or "World Bank, World Development Indicators" in text
    page.write_text("mine")
    result = CliRunner().invoke(app, ["claims", "check", str(ledger), "--html", str(page)])
    assert isinstance(result.exception, InputError)
    assert page.read_text() == "mine"


def test_as_of_a_day_before_the_evidence_leaves_claims_open(ledger: Path) -> None:
    record = json.loads(run("check", str(ledger), "--json", "--as-of", "2005-01-01"))
    assert all(claim["verdict"] in ("data cannot decide", "not checkable") for claim in record["claims"])


def test_force_replaces_the_page(ledger: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("mine")
    ledger.write_text(LEDGER[: LEDGER.index("  - {id: high")] + "  - {id: pity, claim: A pity., kind: opinion}\n")
    run("check", str(ledger), "--html", str(page), "--force")
    assert "A pity." in page.read_text()


def test_read_drafts_a_ledger_that_checks(tmp_path: Path) -> None:
    article = tmp_path / "Op Ed 1.txt"
    article.write_text(
        "France spends about 2.2 percent of GDP on research. Its rivals spend more. A shame, in my view.\n" * 2
    )
    out = tmp_path / "draft.yaml"
    run("read", str(article), "--out", str(out))
    assert "ledger: op-ed-1" in out.read_text()
    assert json.loads(run("check", str(out), "--json"))["claims"]
    result = CliRunner().invoke(app, ["claims", "read", str(article), "--out", str(out)])
    assert isinstance(result.exception, InputError)


def test_read_takes_standard_input_and_says_when_nothing_is_there() -> None:
    record = json.loads(run("read", "-", "--json", stdin="Norway generates more electricity than Denmark."))
    assert record["sentences"][0]["countries"] == ["NOR", "DNK"]
    result = CliRunner().invoke(app, ["claims", "read", "-"], input="Hello there. How are you?")
    assert result.exit_code == 0
    assert "nothing checkable found" in result.stderr


def test_read_takes_findings_that_an_edition_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def held(context: Context) -> tuple[Finding, ...]:
        asked.append(context.country)
        return ()

    monkeypatch.setattr("headway.brief.edition.held_findings", held)
    run("read", "-", stdin="Russia's best AI model is two years behind the best American one.")
    assert set(asked) == {"RUS"}


def test_list_names_ledgers_and_the_language() -> None:
    assert "russia-ai-race" in run("list")
    assert json.loads(run("list", "--json"))["ledgers"][0]["claims"] > 5
    terms = run("list", "--terms")
    assert "indicator(SLUG, COUNTRY[, PERIOD])" in terms
    assert "gap.lag_observed" in terms


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "none.yaml"),
        ("read", "none.txt"),
        ("read", "-", "--endpoint", "https://x/v1"),
    ],
)
def test_mistakes_are_input_errors(arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, ["claims", *arguments], input="Norway generates more electricity than Denmark.")
    assert isinstance(result.exception, InputError)


def test_a_day_after_the_evidence_is_not_passed_off_as_known(ledger: Path) -> None:
    result = CliRunner().invoke(app, ["claims", "check", str(ledger), "--claim", "high", "--as-of", "2999-01-01"])
    assert result.exit_code == 0
    assert "is after the evidence" in result.stderr


def test_units_that_do_not_fit_are_named_with_their_claim(ledger: Path) -> None:
    ledger.write_text(LEDGER.replace("FRA) > 9", "FRA) > 9 months"))
    result = CliRunner().invoke(app, ["claims", "check", str(ledger)])
    assert isinstance(result.exception, InputError)
    assert "small, claim low: " in str(result.exception)

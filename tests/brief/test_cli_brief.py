"""`headway brief` and `headway trace` as a reader runs them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from headway.brief import compose as composing
from headway.brief.document import Document
from headway.cli import app as command_line
from headway.findings.recipe import recipes

Run = Callable[..., tuple[str, str]]


@pytest.fixture
def headway(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[str, str]:
        monkeypatch.setattr("sys.argv", ["headway", *arguments])
        with pytest.raises(SystemExit) as ended:
            command_line.main()
        out, err = capsys.readouterr()
        assert not ended.value.code, err
        return out, err

    return run


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only two quick recipes of the real ones."""
    known = recipes()
    quick = {name: known[name] for name in ("gap.training_compute", "ambition.goal")}
    monkeypatch.setattr(composing, "recipes", lambda: quick)


@pytest.fixture(scope="module")
def past() -> dict[str, Any]:
    """The whole brief of France as of the end of 2023, from the shipped snapshot."""
    command = [sys.executable, "-m", "headway", "brief", "France", "--as-of", "2023-12-31", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    data: dict[str, Any] = json.loads(done.stdout)
    return data


def test_json_is_a_brief_of_the_published_schema(past: dict[str, Any]) -> None:
    read = Document.model_validate(past)
    assert (read.country, str(read.as_of)) == ("FRA", "2023-12-31")
    assert len(read.findings) > 20


def test_a_brief_of_the_past_knows_nothing_later(past: dict[str, Any]) -> None:
    assert {finding["as_of"] for finding in past["findings"]} == {"2023-12-31"}
    told = [text for source in past["sources"] for text in source["facts"].values()]
    days = [day for text in told for day in re.findall(r"published (\d{4}-\d{2}-\d{2})", text)]
    assert len(days) > 50
    assert max(days) <= "2023-12-31"


def test_every_number_is_sourced_or_says_what_it_rests_on(past: dict[str, Any]) -> None:
    cited = {identifier for source in past["sources"] for identifier in source["facts"]}
    for finding in past["findings"]:
        assert set(finding["observations"]) <= cited
        if finding["tier"] == "observed" and isinstance(finding["value"], float | int):
            assert finding["footnotes"] or finding["section"] == "unknowns", finding["id"]


@pytest.mark.usefixtures("few")
def test_the_summary_is_plain_when_piped(headway: Run) -> None:
    out, err = headway("brief", "KOR")
    assert out.startswith("SOUTH KOREA")
    assert "\x1b" not in out
    assert len(out.splitlines()) <= 45
    assert err == ""


@pytest.mark.usefixtures("few")
def test_page_and_pdf_are_written_and_replaced_only_by_force(headway: Run, tmp_path: Path) -> None:
    html, pdf = tmp_path / "kor.html", tmp_path / "kor.pdf"
    out, err = headway("brief", "Korea, South", "--html", str(html), "--pdf", str(pdf))
    assert out == ""
    assert err.count("wrote") == 2
    assert "South Korea" in html.read_text("utf-8")
    first = pdf.read_bytes()
    headway("brief", "KOR", "--pdf", str(pdf), "--force")
    assert pdf.read_bytes() == first


@pytest.mark.usefixtures("few")
def test_several_countries_make_a_folder_and_one_named_twice_is_one(headway: Run, tmp_path: Path) -> None:
    headway("brief", "KOR", "Brazil", "BRA", "--out", str(tmp_path / "briefs"))
    names = sorted(path.name for path in (tmp_path / "briefs").iterdir())
    assert names == ["BRA.html", "BRA.json", "KOR.html", "KOR.json", "index.html"]


@pytest.mark.usefixtures("few")
def test_rivals_of_choice_a_bloc_and_a_group_of_ones_own(headway: Run, tmp_path: Path) -> None:
    assert "compared with Germany and the United Kingdom" in headway("brief", "FRA", "--against", "DEU,GBR")[0]
    assert headway("brief", "EU")[0].startswith("EUROPEAN UNION")
    groups = tmp_path / "groups.toml"
    groups.write_text("[MYNORTH]\nname = 'The north'\nmembers = ['Sweden', 'NOR', 'Finland', 'DNK', 'Iceland']\n")
    out, _ = headway("brief", "MYNORTH", "--groups", str(groups))
    assert out.startswith("THE NORTH")
    assert "with your own evidence" in out


@pytest.mark.usefixtures("few")
def test_an_earlier_brief_is_compared_with(headway: Run, tmp_path: Path) -> None:
    old = tmp_path / "old.json"
    old.write_text(headway("brief", "FRA", "--as-of", "2024-06-30", "--json")[0], "utf-8")
    said, _ = headway("brief", "FRA", "--diff", str(old))
    assert "FRA: what changed between 30 June 2024 and" in said
    assert "[new date" in said
    data = json.loads(headway("brief", "FRA", "--diff", str(old), "--json")[0])
    assert data["schema_version"] == 1
    assert {change["kind"] for change in data["diff"]["changes"]} <= {"moved", "new", "gone", "reworded"}


def test_a_number_is_traced_to_publisher_and_address(headway: Run) -> None:
    identifier = "FRA:gap.training_compute:USA@2025-10-01"
    out, _ = headway("trace", identifier)
    assert out.startswith(identifier)
    assert "Epoch AI" in out
    assert "https://epoch.ai" in out
    assert "CC BY 4.0" in out
    data = json.loads(headway("trace", identifier, "--json")[0])
    assert data["finding"]["id"] == identifier
    assert data["chain"][0]["reference"]["publisher"] == "Epoch AI"


def test_a_rival_that_is_no_leader_is_traced_too(headway: Run) -> None:
    out, _ = headway("trace", "FRA:gap.training_compute:KOR@2025-10-01")
    assert "South Korea" in out


def test_help_comes_at_once() -> None:
    started = time.perf_counter()
    code = "import sys; sys.argv = ['headway', '--help']; from headway.cli.app import main; main()"
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", code], capture_output=True, text=True, check=False
    )
    assert "brief" in loaded.stdout
    heavy = {"pandas", "jax", "duckdb", "numpy", "vl_convert", "typst", "jinja2", "rich.console"}
    imported = set(re.findall(r"\| +([\w.]+)$", loaded.stderr, flags=re.MULTILINE))
    assert not heavy & imported
    assert time.perf_counter() - started < 10  # generous: machines that test are busy


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_pipe_of_another_encoding_gets_utf8(encoding: str) -> None:
    command = [sys.executable, "-m", "headway", "trace", "FRA:gap.training_compute:USA@2025-10-01"]
    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ, "PYTHONIOENCODING": encoding})
    assert "├──" in done.stdout.decode("utf-8")

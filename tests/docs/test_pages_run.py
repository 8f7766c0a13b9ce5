"""Pages for users of other programs: their Python runs, and names in other languages are those of the files."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from headway.api.brief import CountryBrief
from headway.brief.compose import compose
from headway.cli.app import app
from headway.core.errors import InputError
from headway.evidence import open_evidence
from headway.findings import Context
from headway.findings.recipe import recipes

DOCS = Path(__file__).parents[2] / "docs"


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text("utf-8"), re.DOTALL)


def told(page: str) -> str:
    """All code on the page that another program than Python reads."""
    return "\n".join(block for language in ("r", "text", "stata", "py") for block in blocks(page, language))


def run(command: str) -> None:
    done = CliRunner().invoke(app, command.split()[1:])
    assert done.exit_code == 0, done.output


def test_the_page_for_users_of_spreadsheets_runs(capsys: pytest.CaptureFixture[str]) -> None:
    exec("\n".join(blocks("from-spreadsheet.md", "python")), {"__name__": "docs"})
    assert "nominal" in capsys.readouterr().out


def test_exported_evidence_reads_as_the_page_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for command in blocks("outputs.md", "sh")[0].splitlines()[:2]:
        run(command)
    found: dict[str, object] = {"__name__": "docs"}
    exec(blocks("outputs.md", "python")[0], found)
    columns = set(found["table"].columns)  # type: ignore[attr-defined]
    named = set(re.findall(r'"(period|value|country)"', told("outputs.md")))
    numbers = re.search(r"destring (.*), replace", told("outputs.md"))
    assert numbers is not None
    assert {*named, *numbers[1].split(), "country"} <= columns


@pytest.mark.slow
def test_a_run_and_a_brief_read_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in blocks("outputs.md", "sh")[0].splitlines():
        if "fra.json" in command:
            made = subprocess.run(
                [sys.executable, "-m", "headway", "brief", "FRA", "--json"], capture_output=True, check=True
            )
            (tmp_path / "fra.json").write_bytes(made.stdout)
        else:
            run(command)
    found: dict[str, object] = {"__name__": "docs"}
    exec("\n".join(blocks("outputs.md", "python")), found)
    out = capsys.readouterr().out
    assert "months" in out
    assert "FRA" in out
    variables = set(found["iamc"]["variable"])  # type: ignore[index]
    for named in re.findall(r"AI\|[A-Za-z| ]+\|[0-9.]+th Percentile", (DOCS / "outputs.md").read_text("utf-8")):
        assert named in variables
    fields = set(found["brief"]["findings"][0])  # type: ignore[index]
    chosen = re.search(r"findings\[, c\((.*?)\)\]", told("outputs.md"))
    assert chosen is not None
    assert set(re.findall(r'"(\w+)"', chosen[1])) <= fields
    assert found["run"]["lag"].dims == ("quarter", "country", "member")  # type: ignore[index]


@pytest.mark.slow
def test_the_page_for_users_of_the_workbench_runs(capsys: pytest.CaptureFixture[str]) -> None:
    exec("\n".join(blocks("from-ema-workbench.md", "python")), {"__name__": "docs"})
    assert "Head-on race" in capsys.readouterr().out


def test_every_picture_of_the_gallery_has_its_code_and_is_there() -> None:
    page = (DOCS / "gallery.md").read_text("utf-8")
    drawn = re.findall(r'"([a-z-]+\.svg)"|--out ([a-z-]+\.svg)', page)
    shown = re.findall(r"\(img/gallery/([a-z-]+\.svg)\)", page)
    assert ["".join(names) for names in drawn] == shown
    assert all((DOCS / "img" / "gallery" / name).exists() for name in shown), "run `python docs/gallery_pictures.py`"


def test_a_picture_of_a_brief_is_written_as_the_gallery_does(tmp_path: Path) -> None:
    brief = CountryBrief(compose(Context(open_evidence(), "FRA"), [recipes()["strengths.rca"]]))
    written = brief.svg("strengths.rca", tmp_path / "strengths.svg").read_text("utf-8")
    assert "France" in written
    assert written.startswith("<svg")
    with pytest.raises(InputError, match="exists"):
        brief.svg("strengths.rca", tmp_path / "strengths.svg")

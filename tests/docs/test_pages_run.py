"""Pages for users of other programs: their Python runs, and names in other languages are those of the files."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import openpyxl
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


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the files that the commands at the top of the page write."""
    folder = tmp_path_factory.mktemp("outputs")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        for command in blocks("outputs.md", "sh")[0].splitlines():
            if ">" in command:
                made = subprocess.run(
                    [sys.executable, "-m", "headway", "brief", "FRA", "--json"], capture_output=True, check=True
                )
                (folder / "fra.json").write_bytes(made.stdout)
            else:
                run(command)
    return folder


@pytest.mark.slow
def test_a_run_and_a_brief_read_as_the_page_says(
    outputs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(outputs)
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
    assert set(re.findall(r'"(\w+)"', chosen[1])) <= {*fields, "number"}
    assert found["run"]["lag"].dims == ("quarter", "country", "member")  # type: ignore[index]


def in_r(lines: str, folder: Path) -> str:
    """What R prints for the lines; a library that this machine lacks skips the test with its name."""
    if shutil.which("Rscript") is None:
        pytest.skip("Rscript is not installed")
    for library in re.findall(r"library\((\w+)\)", lines):
        there = subprocess.run(["Rscript", "-e", f"q(status = !requireNamespace('{library}'))"], capture_output=True)
        if there.returncode:
            pytest.skip(f"R's package {library} is not installed")
    whole = "options(warn = 2)\n" + lines  # a warning is an error
    done = subprocess.run(["Rscript", "-"], input=whole, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


R_PRINTS = {
    "read.csv": "country +value",
    "ncdf4": r'50% +95% *\n\S+ (\S+) .*\n\[1\] "months"\n[\s\S]*FRA +\1 ',  # the same median from both files
    "jsonlite": "id +number +low +high +unit +tier",
    "arrow": "",
    "nanoparquet": "",
}


@pytest.mark.slow
@pytest.mark.parametrize("reader", R_PRINTS)
def test_lines_for_r_run_and_print(outputs: Path, reader: str) -> None:
    lines = next(block for block in blocks("outputs.md", "r") if reader in block)
    assert re.search(R_PRINTS[reader], in_r(lines, outputs))


@pytest.mark.slow
def test_a_table_becomes_a_workbook_in_libreoffice(outputs: Path, tmp_path: Path) -> None:
    if shutil.which("soffice") is None:
        pytest.skip("LibreOffice is not installed")
    shutil.copy(outputs / "rd.csv", tmp_path)
    command = next(block for block in blocks("outputs.md", "text") if block.startswith("soffice"))
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(["bash", "-c", f"{command.strip()} {home}"], cwd=tmp_path, check=True, capture_output=True)
    rows = openpyxl.load_workbook(tmp_path / "rd.xlsx").active.iter_rows(values_only=True)
    first, *others = rows
    at = {name: first.index(name) for name in ("period", "value")}
    assert all(isinstance(row[at["period"]], str) and isinstance(row[at["value"]], float | int) for row in others)


@pytest.mark.slow
def test_the_page_for_users_of_the_workbench_runs(capsys: pytest.CaptureFixture[str]) -> None:
    exec("\n".join(blocks("from-ema-workbench.md", "python")), {"__name__": "docs"})
    assert "Head-on race" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["gallery", "index-gallery"])
def test_every_picture_of_a_gallery_has_its_code_and_is_there(name: str) -> None:
    page = (DOCS / f"{name}.md").read_text("utf-8")
    drawn = re.findall(r'"([a-z-]+\.svg)"|--(?:out|picture) ([a-z-]+\.svg)', page)
    shown = re.findall(rf"\(img/{name}/([a-z-]+\.svg)\)", page)
    assert ["".join(names) for names in drawn] == shown
    assert all((DOCS / "img" / name / file).exists() for file in shown), "run `python docs/gallery_pictures.py`"


def test_a_picture_of_a_brief_is_written_as_the_gallery_does(tmp_path: Path) -> None:
    brief = CountryBrief(compose(Context(open_evidence(), "FRA"), [recipes()["strengths.rca"]]))
    written = brief.svg("strengths.rca", tmp_path / "strengths.svg").read_text("utf-8")
    assert "France" in written
    assert written.startswith("<svg")
    with pytest.raises(InputError, match="exists"):
        brief.svg("strengths.rca", tmp_path / "strengths.svg")

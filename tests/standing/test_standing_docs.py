"""The documentation runs: its Python, its specification, its commands, and its pictures are there."""

import csv
import re
import shlex
import subprocess
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from headway.cli.app import app
from headway.standing import audit_report
from headway.standing.spec import parse_yaml

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "standing.md"


COINR = ROOT / "docs" / "standing-from-coinr.md"
HDI = ROOT / "docs" / "standing-hdi.md"
UNDP = (
    "iso3,country,hdi_rank_2022,hdi_2022,le_2022,eys_2022,mys_2022,gnipc_2022\n"
    "AFG,Afghanistan,182,0.462,62.879,10.70538475,2.514790058,1335.205733\n"
    "CAF,Central African Republic,191,0.387,54.477,7.285887393,3.9531639,869.11237\n"
    "TCD,Chad,189,0.394,52.997,8.185526568,2.282753488,1388.897502\n"
    "CIV,C\xf4te d'Ivoire,,,,,,\n"
)
"""Three rows of UNDP's file (HDR 2023/24) with the columns of 2022, and a country whose values are taken out."""


def blocks(language: str, page: Path = PAGE) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)


COMMANDS = [line for block in blocks("sh") for line in block.splitlines()]


def test_the_python_runs_from_top_to_bottom(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    exec("\n".join(blocks("python")), {"__name__": "docs"})
    assert "Finland stands above Japan" in capsys.readouterr().out


def test_the_page_for_users_of_coinr_runs_from_top_to_bottom(capsys: pytest.CaptureFixture[str]) -> None:
    exec("\n".join(blocks("python", COINR)), {"__name__": "docs"})
    assert "(half_ranks), which the specification does not hold" in capsys.readouterr().out


def test_the_specification_is_one() -> None:
    (text,) = blocks("yaml")
    assert parse_yaml(text, "docs").tree.root == "index"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_runs(command: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    _, *words = shlex.split(command)
    if "--out" in words:
        at = words.index("--out") + 1
        assert (ROOT / words[at]).is_file()
        words[at] = str(tmp_path / Path(words[at]).name)
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    if "--out" in words:
        drawn = Path(words[at]).read_text(encoding="utf-8")
        assert drawn.startswith("<svg")
        assert "<desc" in drawn
        assert "As of 10 July 2001" in drawn


def test_the_page_of_the_hdi_runs_on_the_publishers_rows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(audit_report, "POINTS", 2)
    (cut, *commands) = [line for block in blocks("sh", HDI) for line in block.splitlines()]
    given = shlex.split(cut)[-3]
    Path(given).write_bytes(UNDP.encode("latin-1"))
    subprocess.run(cut, shell=True, check=True)
    said = ""
    for command in commands:
        result = CliRunner().invoke(app, shlex.split(command)[1:])
        assert result.exit_code == 0, result.output
        said += result.output
    assert len(commands) == 4
    assert "read as Latin-1" in said
    assert "1 rows have too little data for a score: C\xf4te d'Ivoire" in said
    assert Path("hdi-audit.pdf").read_bytes().startswith(b"%PDF")
    page = Path("hdi.html").read_text(encoding="utf-8")
    assert "C\xf4te d&#x27;Ivoire" in page
    assert "aria-sort" in page
    head, *rows = openpyxl.load_workbook("hdi.xlsx")["results"].values
    found = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    published = {row["country"]: row for row in csv.DictReader(UNDP.splitlines())}
    for unit, row in published.items():
        score = found[unit]["hdi.score"]
        assert (None if score is None else f"{score:.3f}") == (row["hdi_2022"] or None)
    ranked = sorted((r for r in found.values() if r["hdi.rank"]), key=lambda r: r["hdi.rank"])
    assert [r["unit"] for r in ranked] == ["Afghanistan", "Chad", "Central African Republic"]


def test_every_picture_is_shown() -> None:
    shown = set(re.findall(r"\(img/standing/([a-z]+)\.svg\)", PAGE.read_text(encoding="utf-8")))
    assert shown == {path.stem for path in (ROOT / "docs" / "img" / "standing").glob("*.svg")}

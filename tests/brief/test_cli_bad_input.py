"""Bad input: one message that says what would be right, the right exit code, and nothing written or overwritten."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import made_brief as made
import pytest

from headway.brief.document import text
from headway.cli import app as command_line
from headway.evidence import Evidence, open_evidence

KEPT = "This file was here before."


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with files of every wrong kind, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    valid = json.loads(text(made.brief([])))
    for name, content in {
        "kept.html": KEPT,
        "kept.pdf": KEPT,
        "kept.json": KEPT,
        "empty.csv": "",
        "no-columns.csv": "a,b\n1,2\n",
        "bad-number.csv": "indicator,country,period,value,unit,source\ngdp_usd,RUS,2024,many,USD,me\n",
        "bad-indicator.csv": "indicator,country,period,value,unit,source\ngdp_eur,RUS,2024,1,USD,me\n",
        "bad-country.csv": "indicator,country,period,value,unit,source\ngdp_usd,Atlantis,2024,1,USD,me\n",
        "bad-unit.csv": "indicator,country,period,value,unit,source\ngdp_usd,RUS,2024,1,months,me\n",
        "bad-period.csv": "indicator,country,period,value,unit,source\ngdp_usd,RUS,soon,1,USD,me\n",
        "table.xlsx": "not a spreadsheet",
        "table.ods": "not a spreadsheet",
        "groups.toml": "[MYNORTH]\nname = 'Nordic'\nmembers = ['Narnia']\n",
        "scenario.yaml": "scenario: mine\ntitle: t\n",
        "list.yaml": "- 1\n- 2\n",
        "old-version.json": json.dumps({**valid, "schema_version": 99}),
        "other-country.json": json.dumps({**valid, "country": "FRA"}),
        "broken.json": "{",
    }.items():
        (tmp_path / name).write_text(content, "utf-8")
    (tmp_path / "binary.csv").write_bytes(b"\x00\x01\x02")
    (tmp_path / "folder").mkdir()
    (tmp_path / "briefs").mkdir()
    (tmp_path / "briefs/FRA.html").write_text(KEPT, "utf-8")
    return tmp_path


@cache
def shipped(day: dt.date | None) -> Evidence:
    return open_evidence(day)


@pytest.fixture
def headway(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def opened(day: dt.date | None = None, files: Sequence[Path] = ()) -> Evidence:
        return open_evidence(day, files) if files else shipped(day)  # opened once for all cases

    monkeypatch.setattr("headway.evidence.open_evidence", opened)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["headway", *arguments])
        try:
            command_line.main()
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        out, err = capsys.readouterr()
        return code, out, err

    return run


ID = "RUS:gap.training_compute:USA@2025-11-22"

CASES: list[tuple[str, str]] = [
    # countries
    ("brief", "Missing argument"),
    ("brief Atlantis", "Atlantis"),
    ("brief Frnace", "France"),
    ("brief RUX", "RUX"),
    ("brief World", "not a country"),
    ("brief --html", "requires an argument"),
    ("brief RUS --brief-only", "name one with --html or --pdf"),
    ("brief RUS FRA Narnia --out new", "Narnia"),
    ("brief RUS --against Narnia", "Narnia"),
    ("brief RUS --against RUS", "not compared with itself"),
    ("brief RUS --against CHN,,USA", "a name in the list is empty"),
    ("brief RUS --against ,", "a name in the list is empty"),
    # dates
    ("brief RUS --as-of yesterday", "no day such as 2023-12-31"),
    ("brief RUS --as-of 2025-02-30", "no day such as 2023-12-31"),
    ("brief RUS --as-of 22.11.2025", "no day such as 2023-12-31"),
    ("brief RUS --as-of 2999-01-01", "in the future"),
    ("brief RUS --as-of 1900-01-01", "before any evidence"),
    # files to write
    ("brief RUS --html kept.html", "exists already"),
    ("brief RUS --pdf kept.pdf", "exists already"),
    ("brief RUS --html folder", "is a folder"),
    ("brief RUS --html none/brief.html", "there is no folder"),
    ("brief RUS --pdf none/brief.pdf", "there is no folder"),
    ("brief RUS --html both --pdf both", "give each its own file"),
    ("brief RUS FRA", "FRA.html exists already"),
    ("brief RUS FRA --out kept.html", "is a file"),
    ("brief RUS FRA --out none/briefs", "there is no folder"),
    ("brief RUS FRA --html new.html", "--html is for one country"),
    ("brief RUS FRA --json", "--json is for one country"),
    ("brief RUS FRA --diff old-version.json", "--diff is for one country"),
    ("brief RUS --out briefs --pdf new.pdf", "--pdf is for one country"),
    # scenarios and seeds
    ("brief RUS --scenario victory", "no scenario 'victory'"),
    ("brief RUS --scenario scenario.yaml", "description"),
    ("brief RUS --scenario list.yaml", "a scenario is a mapping"),
    ("brief RUS --seed -1", "--seed"),
    ("brief RUS --seed one", "--seed"),
    # the reader's own evidence
    ("brief RUS --evidence none.csv", "none.csv"),
    ("brief RUS --evidence empty.csv", "the file is empty"),
    ("brief RUS --evidence no-columns.csv", "several columns may hold the value"),
    ("brief RUS --evidence bad-number.csv", "row 2, field 'value' is 'many'"),
    ("brief RUS --evidence bad-indicator.csv", "did you mean gdp_usd"),
    ("brief RUS --evidence bad-country.csv", "Atlantis"),
    ("brief RUS --evidence bad-unit.csv", "row 2, field 'unit'"),
    ("brief RUS --evidence bad-period.csv", "row 2, field 'period'"),
    ("brief RUS --evidence binary.csv", "binary.csv"),
    ("brief RUS --evidence table.xlsx", "not an Excel workbook, in spite of its name"),
    ("brief RUS --evidence table.ods", "give a .csv table"),
    ("brief RUS --groups groups.toml", "Narnia"),
    # earlier briefs
    ("brief RUS --diff none.json", "cannot read none.json"),
    ("brief RUS --diff broken.json", "line 1 is not valid JSON"),
    ("brief RUS --diff kept.json", "is not valid JSON"),
    ("brief RUS --diff old-version.json", "has schema version 99"),
    ("brief RUS --diff other-country.json", "compare like with like"),
    # editions
    ("diff none.zip broken.json", "cannot read none.zip"),
    ("diff broken.json none.zip", "is no edition (no archive"),
    ("diff none.zip none.zip --feed changes.txt", "must end in .atom, .xml or .json"),
    ("edition build --countries Narnia", "Narnia"),
    ("edition build --out kept.html", "exists already"),
    ("edition show none.zip", "cannot read none.zip"),
    # findings
    ("trace", "Missing argument"),
    ("trace gap", "is not a finding id"),
    ("trace RUS:gap.training_compute:USA@2025-13-01", "is not a date"),
    ("trace RUX:gap.training_compute:USA@2025-11-22", "RUX"),
    ("trace RUS:gap.training_computer:USA@2025-11-22", "did you mean gap.training_compute"),
    ("trace RUS:gap.training_compute:XYZ@2025-11-22", "makes no finding"),
    (f"trace {ID}+0123abcd", "give it with --evidence FILE"),
    (f"trace {ID}~my-plan", "give it with --scenario FILE"),
    (f"trace {ID} --scenario scenario.yaml", "is not the scenario of"),
    ("trace RUS:gap.training_compute:USA@2999-11-22", "in the future"),
    # commands
    ("breif RUS", "No such command"),
    ("brief RUS --jsno", "No such option"),
]


@pytest.mark.parametrize(("line", "message"), CASES, ids=[line for line, _ in CASES])
def test_bad_input_is_told_and_harms_nothing(
    line: str, message: str, place: Path, headway: Callable[..., tuple[int, str, str]]
) -> None:
    before = {path: path.read_bytes() for path in place.rglob("*") if path.is_file()}
    code, out, err = headway(*line.split())
    assert code == 2, (out, err)
    assert message in " ".join(err.split()).replace("│ ", "").replace(" │", ""), err
    assert "Traceback" not in err
    assert out == ""
    assert {path: path.read_bytes() for path in place.rglob("*") if path.is_file()} == before


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 30
    assert len({line for line, _ in CASES}) == len(CASES)

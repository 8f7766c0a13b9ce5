"""A COIN Tool workbook, in the layout that COINr's reader documents, becomes a specification and data."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from headway.cli.app import app
from headway.core.errors import InputError
from headway.standing import build, from_coin_tool

INDICATORS = [  # weight, direction, goalposts, index, sub-index, pillar, sub-pillar, name, code, values by unit
    (2, 1, 0, 5, "Index", "si.01", "p.01", "sp.01", "Roads", "Ind.01", 1.0, 2.0, 4.0, 3.0),
    (1, -1, 0, 50, "Index", "si.01", "p.01", "sp.01", "Delays", "Ind.02", 10, 40, 20, 30),
    (1, 1, 0, 10, "Index", "si.01", "p.02", "sp.01", "Trade", "Ind.03", 5, "n/a", 9, 6),
]
UNITS = [("Austria", "AUT"), ("Belgium", "BEL"), ("Bulgaria", "BGR"), ("Croatia", "HRV")]
NODES = [("Index", 1, "Connectivity"), ("p.01", 3, "Physical"), ("p.02", 1, "Economic"), ("p.03", None, "--")]


def workbook(folder: Path, head: int = 4, changes: dict[str, Any] | None = None) -> Path:
    """Workbook of four units and three indicators under two pillars; sub-index and sub-pillar are not in use."""
    book = openpyxl.Workbook()
    data = book.worksheets[0]
    data.title = "Database"
    for column, cells in enumerate(INDICATORS, start=5):
        for row, value in enumerate(cells, start=7):
            data.cell(row, column, value)
    for row, (name, code) in enumerate(UNITS, start=17):
        data.cell(row, 2, name)
        data.cell(row, 3, code)
    framework = book.create_sheet("Framework")
    framework.cell(head, 8, "Dimension/indicator")
    for row, (code, weight, name) in enumerate(NODES, start=head + 1):
        framework.cell(row, 3, code)
        framework.cell(row, 5, weight)
        framework.cell(row, 8, name)
    for cell, value in (changes or {}).items():
        data[cell] = value
    path = folder / "Tool example.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("head", [4, 5])
def test_levels_in_use_weights_directions_and_gaps(head: int, tmp_path: Path) -> None:
    spec, table = from_coin_tool(workbook(tmp_path, head))
    assert spec.name == "tool-example"
    assert spec.tree.nodes == ("p.01", "p.02", "Index")
    assert [spec.label(name) for name in ("Index", "p.01", "Ind.02")] == ["Connectivity", "Physical", "Delays"]
    assert spec.indicators["Ind.02"].direction == -1
    assert table.name("BGR") == "Bulgaria"
    index = build(spec, table)
    assert index.weights["Index"][0] == pytest.approx([0.75, 0.25])
    assert index.scores["p.01"][0] == pytest.approx((2 * 0 + 1 * 100) / 3)
    assert index.scores["Ind.03"][1] != index.scores["Ind.03"][1]


def test_the_sheets_goalposts(tmp_path: Path) -> None:
    index = build(*from_coin_tool(workbook(tmp_path), goalposts=True))
    assert [index.scores[leaf][0] for leaf in ("Ind.01", "Ind.02", "Ind.03")] == pytest.approx([20, 80, 50])
    with pytest.raises(InputError, match=r"'Ind\.02' has no goalposts"):
        from_coin_tool(workbook(tmp_path, changes={"F9": None}), goalposts=True)


@pytest.mark.parametrize(
    ("cell", "value", "fault"),
    [
        ("F13", "p.07", "no row has the code 'p.07'"),
        ("E11", None, "row 11 must hold the index's code"),
        ("E8", "up", "cell E8: 'up' is not a number"),
        ("C18", None, r"a unit has values and no code \(row 18, column C\)"),
        ("E18", "two", "row 18, column 'Ind.01': 'two' is not a number"),
    ],
)
def test_faults_name_the_cell(cell: str, value: object, fault: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=fault):
        from_coin_tool(workbook(tmp_path, changes={cell: value}))


def test_another_workbook_is_told_apart(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "other.xlsx")
    with pytest.raises(InputError, match="no sheet 'Database'"):
        from_coin_tool(tmp_path / "other.xlsx")


def test_the_command_writes_what_other_commands_read(tmp_path: Path) -> None:
    out = tmp_path / "made"
    result = CliRunner().invoke(app, ["index", "coin-tool", str(workbook(tmp_path)), "--out", str(out)])
    assert result.exit_code == 0, result.output
    words = ["index", "build", str(out / "specification.yaml"), "--data", str(out / "data.csv"), "--csv"]
    words[-1:] = ["--format", "csv"]
    built = CliRunner().invoke(app, words)
    assert built.exit_code == 0, built.output
    assert "BGR,Bulgaria,1" in built.stdout

"""`headway index` and `headway standing` from the outside: files, exit codes, and nothing lost."""

import json
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from headway.cli.app import app
from headway.errors import InputError

DATA = (
    "country,label,life_expectancy,expected_schooling,mean_schooling,gni_per_capita\n"
    "NOR,Norway,82.4,18.1,12.9,66494\nIRL,Ireland,82.3,18.7,12.7,68371\nCHE,=Switzerland,83.8,16.3,13.4,69394\n"
    "IND,India,69.7,12.2,6.5,6681\nNER,Niger,62.4,6.5,2.1,1201\n"
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / "hdi.csv"
    path.write_text(DATA, encoding="utf-8")
    return path


def run(*words: object) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=True)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.stdout


def test_presets_are_listed_and_printed() -> None:
    names = {entry["preset"] for entry in json.loads(run("index", "presets", "--json"))["presets"]}
    assert {"hdi", "tai", "egdi-like", "ai-scale", "ai-intensity"} <= names
    assert run("index", "show", "hdi").startswith("name: hdi")


def test_a_build_prints_and_writes(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    record = json.loads(run("index", "build", "hdi", "--data", data, "--out", out, "--json"))
    assert [row["unit"] for row in record["results"]] == ["NOR", "IRL", "CHE", "IND", "NER"]
    assert {path.name for path in out.iterdir()} == {
        "results.csv", "cells.csv", "weights.csv", "recipe.json", "specification.yaml",
    }  # fmt: skip
    recipe = json.loads((out / "recipe.json").read_text(encoding="utf-8"))
    assert recipe["specification"] == record["recipe"]["specification"]
    again = json.loads(run("index", "build", out / "specification.yaml", "--data", data, "--json"))
    assert again["results"] == record["results"]
    assert again["recipe"]["specification"] == recipe["specification"]
    assert "capped" in (out / "cells.csv").read_text(encoding="utf-8")


def test_nothing_is_overwritten_without_force(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "weights.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"weights\.csv exists already"):
        run("index", "build", "hdi", "--data", data, "--out", out)
    assert [path.name for path in out.iterdir()] == ["weights.csv"]
    run("index", "build", "hdi", "--data", data, "--out", out, "--force")
    assert (out / "weights.csv").read_text(encoding="utf-8") != "mine"
    with pytest.raises(InputError, match="is a file"):
        run("index", "build", "hdi", "--data", data, "--out", data)


def test_excel_and_html(data: Path, tmp_path: Path) -> None:
    run("index", "export", "hdi", "--data", data, "--out", tmp_path / "hdi.xlsx")
    book = openpyxl.load_workbook(tmp_path / "hdi.xlsx")
    assert book.sheetnames == ["results", "cells", "weights", "recipe", "specification"]
    rows = list(book["results"].values)
    assert rows[1][0] == "NOR"
    assert rows[3][1] == "'=Switzerland"
    run("index", "export", "hdi", "--data", data, "--out", tmp_path / "hdi.html")
    page = (tmp_path / "hdi.html").read_text(encoding="utf-8")
    assert "Human Development Index" in page
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    with pytest.raises(InputError, match=r"write \.xlsx, \.html, or a folder"):
        run("index", "export", "hdi", "--data", data, "--out", tmp_path / "hdi.docx")


def test_audit_robustness_and_compare(data: Path) -> None:
    found = json.loads(run("index", "audit", "hdi", "--data", data, "--json"))
    assert {line["grade"] for line in found["verdict"]} <= {"good", "look", "poor"}
    shaken = json.loads(
        run(
            "index",
            "robustness",
            "hdi",
            "--data",
            data,
            "--draws",
            64,
            "--sensitivity",
            "--pair",
            "CHE,NOR",
            "--leaders",
            "--json",
        )
    )
    ranks = {row["unit"]: row for row in shaken["ranks"]}
    assert ranks["NER"]["low"] == ranks["NER"]["high"] == 5
    assert shaken["sensitivity"]["output"] == "the lead of CHE over NOR"
    assert 0 < shaken["pair"]["moved"] < 1
    assert sum(row["share"] for row in shaken["leaders"]) == pytest.approx(1)
    other = json.loads(run("index", "compare", "hdi", "hdi", "--data", data, "--json"))
    assert other["spearman"] == pytest.approx(1)
    assert other["differences"] == []


def test_changes_between_years(tmp_path: Path) -> None:
    spec = "name: two\nyear: year\nindicators: [a]\nnodes: {top: {children: [a]}}\n"
    (tmp_path / "two.yaml").write_text(spec, encoding="utf-8")
    rows = "unit,year,a\nx,2020,1\ny,2020,2\nx,2021,3\ny,2021,2\n"
    (tmp_path / "two.csv").write_text(rows, encoding="utf-8")
    words = ("index", "change", tmp_path / "two.yaml", "--data", tmp_path / "two.csv", "--from", 2020, "--to", 2021)
    changes = {row["unit"]: row for row in json.loads(run(*words, "--json"))["changes"]}
    assert (changes["x"]["change"], changes["x"]["own data"]) == (-1, -1)
    assert (changes["y"]["change"], changes["y"]["others' data"]) == (1, 1)


def test_changes_of_a_panel_with_gaps(tmp_path: Path) -> None:
    spec = (
        "name: two\nyear: year\nindicators: [a]\nnodes: {top: {children: [a]}}\nsteps: [{impute: {method: latest}}]\n"
    )
    (tmp_path / "two.yaml").write_text(spec, encoding="utf-8")
    (tmp_path / "two.csv").write_text("unit,year,a\nx,2020,1\ny,2020,2\nx,2021,3\ny,2021,\n", encoding="utf-8")
    words = ("index", "change", tmp_path / "two.yaml", "--data", tmp_path / "two.csv", "--from", 2020, "--to", 2021)
    changes = {row["unit"]: row for row in json.loads(run(*words, "--json"))["changes"]}
    assert (changes["y"]["own data"], changes["y"]["others' data"]) == (0, 1)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("index", "build", "hdr", "--data", "DATA"), "'hdr' is no preset"),
        (("index", "build", "none.yaml", "--data", "DATA"), "cannot read none.yaml"),
        (("index", "build", "tai", "--data", "DATA"), "no column 'patents'"),
        (("index", "build", "hdi", "--data", "DATA", "--year", "1999"), "no such year"),
        (("index", "robustness", "hdi", "--data", "DATA", "--pair", "NOR"), "name two units"),
        (("index", "robustness", "hdi", "--data", "DATA", "--node", "zzz"), "'zzz' is no node"),
        (("standing", "--view", "both"), "it is scale or intensity"),
        (("standing", "--domain", "happiness"), "by scale there are compute"),
    ],
)
def test_mistakes_are_input_errors(words: tuple[str, ...], error: str, data: Path) -> None:
    with pytest.raises(InputError, match=error):
        run(*(data if word == "DATA" else word for word in words))


def test_the_standing_of_all_countries() -> None:
    record = json.loads(run("standing", "--domain", "talent", "--top", 5, "--json"))
    assert len(record["standing"]) == 5
    for row in record["standing"]:
        assert row["low"] <= row["rank"] <= row["high"] <= record["countries"]
    assert "United States" in run("standing", "--top", 3)

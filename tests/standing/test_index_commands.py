"""`headway index` and `headway standing` from the outside: files, exit codes, and nothing lost."""

import csv
import json
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from typer.testing import CliRunner

from headway.cli.app import app
from headway.cli.common import TableFormat, emit_table
from headway.core.errors import InputError

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
    # CHE and IRL share a rank at three decimals.
    assert [row["unit"] for row in record["results"]] == ["NOR", "CHE", "IRL", "IND", "NER"]
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
    assert book.sheetnames == ["results", "cells", "weights", "intervals", "recipe", "specification"]
    assert [row[0] for row in book["intervals"].values][:2] == ["unit", "NOR"]
    rows = list(book["results"].values)
    assert rows[1][0] == "NOR"
    assert rows[2][1] == "'=Switzerland"
    assert "'" not in {row[-1] for row in book["cells"].values}, "a cell without a mark is empty"
    run("index", "export", "hdi", "--data", data, "--date", "2024-03-02", "--out", tmp_path / "hdi.html")
    page = (tmp_path / "hdi.html").read_text(encoding="utf-8")
    assert "Human Development Index" in page
    assert not re.search(r"<script[^>]+src|<link|@import|<img", page), "nothing is loaded from elsewhere"
    assert page.count("<svg") >= 4
    assert "As of 2 March 2024" in page
    assert "A long and healthy life: rank" in page
    assert "Human Development Index: low" in page
    assert page.count('aria-sort="none"') > 10
    assert "http://" not in page.replace("http://www.w3.org", "")
    with pytest.raises(InputError, match=r"write \.xlsx, \.html, or a folder"):
        run("index", "export", "hdi", "--data", data, "--out", tmp_path / "hdi.docx")


@pytest.fixture
def gap(tmp_path: Path) -> Path:
    """A table with one empty cell: the unit that it belongs to gets no score and no rank."""
    path = tmp_path / "gap.csv"
    path.write_text(DATA.replace("83.8,16.3,13.4", "83.8,16.3,"), encoding="utf-8")
    return path


def test_a_unit_without_a_score_is_blank_in_every_printed_shape(gap: Path) -> None:
    words = ("index", "build", "hdi", "--data", gap)
    table = run(*words)
    (line,) = (line for line in table.splitlines() if "CHE" in line)
    assert line.split() == ["CHE", "=Switzerland", "1", "1", "0.25"], "ranks in living and health, share not observed"
    rows = list(csv.DictReader(run(*words, "--format", "csv").splitlines()))
    assert [row["hdi.rank"] for row in rows] == ["1", "2", "3", "4", ""]
    assert [row["hdi.score"] == "" for row in rows] == [False] * 4 + [True]
    (last,) = (row for row in json.loads(run(*words, "--json"))["results"] if row["unit"] == "CHE")
    assert last["hdi.rank"] is None
    assert last["hdi.score"] is None


def test_a_unit_without_a_score_is_blank_in_every_file(gap: Path, tmp_path: Path) -> None:
    words = ("index", "export", "hdi", "--data", gap, "--out")
    run(*words, tmp_path / "gap.xlsx")
    head, *rows = openpyxl.load_workbook(tmp_path / "gap.xlsx")["results"].values
    last = dict(zip(head, rows[-1], strict=True))
    assert (last["unit"], last["hdi.rank"], last["hdi.score"]) == ("CHE", None, None)
    assert last["health.rank"] == 1
    run(*words, tmp_path / "gap.html")
    page = (tmp_path / "gap.html").read_text(encoding="utf-8")
    assert "<td>CHE</td><td>&#x27;=Switzerland</td><td></td><td></td>" in page
    run(*words, tmp_path / "gap")
    (row,) = (row for row in csv.DictReader((tmp_path / "gap/results.csv").open()) if row["unit"] == "CHE")
    assert (row["hdi.rank"], row["hdi.score"]) == ("", "")
    (cell,) = (
        row
        for row in csv.DictReader((tmp_path / "gap/cells.csv").open())
        if (row["unit"], row["indicator"]) == ("CHE", "mean_schooling")
    )
    assert "" in cell.values()
    assert not {"nan", "NaN", "<NA>", "None"} & {*cell.values()}


def test_missing_cells_of_any_type_are_blank_in_a_text_file(gap: Path, tmp_path: Path) -> None:
    frame = pd.DataFrame({"unit": ["a", "b"], "rank": pd.array([1, None], "Int64"), "score": [0.5, None]})
    emit_table(frame, TableFormat.TABLE, name="ranks", out=tmp_path / "ranks.txt")
    assert (tmp_path / "ranks.txt").read_text("utf-8").splitlines()[-1].split() == ["b"]
    run("index", "robustness", "hdi", "--data", gap, "--draws", 8, "--out", tmp_path / "shaken.txt")
    (line,) = (line for line in (tmp_path / "shaken.txt").read_text("utf-8").splitlines() if "CHE" in line)
    assert line.split() == ["CHE"]


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


@pytest.fixture
def panel(tmp_path: Path) -> tuple[object, ...]:
    (tmp_path / "p.yaml").write_text(
        "name: p\nyear: year\nindicators: [a]\nnodes: {top: {children: [a]}}\n", encoding="utf-8"
    )
    (tmp_path / "p.csv").write_text("unit,year,a\nx,2020,2\ny,2020,1\nx,2021,3\ny,2021,4\n", encoding="utf-8")
    return (tmp_path / "p.yaml", "--data", tmp_path / "p.csv")


def test_a_panel_prints_its_latest_year_or_the_one_that_is_asked(panel: tuple[object, ...]) -> None:
    rows = json.loads(run("index", "build", *panel, "--top", 1, "--json"))["results"]
    assert [(row["unit"], row["year"]) for row in rows] == [("y", 2021)]
    rows = json.loads(run("index", "build", *panel, "--year", 2020, "--json"))["results"]
    assert [(row["unit"], row["year"]) for row in rows] == [("x", 2020), ("y", 2020)]
    with pytest.raises(InputError, match="no such year; they have 2020, 2021"):
        run("index", "build", *panel, "--year", 1999)


UNDP = (
    "iso3,country,hdi_rank_2022,le_2021,le_2022,eys_2021,eys_2022,mys_2021,mys_2022,gnipc_2021,gnipc_2022\n"
    "CIV,Côte d'Ivoire,166,58.6,58.9,10.4,10.1,4.2,4.2,5373,5376\n"
    "TUR,Türkiye,45,76.0,78.5,19.6,19.7,8.8,8.8,31033,32834\n"
    "MCO,Monaco,,,84.9,,,,,,\n"
)
"""Rows in the form of UNDP's own file of all years, values rounded; Monaco has no income and no index."""


@pytest.mark.parametrize("ending", ["html", "xlsx"])
def test_the_publishers_own_file_goes_to_a_page_and_a_workbook(ending: str, tmp_path: Path) -> None:
    (tmp_path / "hdr.csv").write_bytes(UNDP.encode("latin-1"))
    names = {"life_expectancy": "le", "expected_schooling": "eys", "mean_schooling": "mys", "gni_per_capita": "gnipc"}
    columns = [word for name, short in names.items() for word in ("--column", f"{name}={short}_2022")]
    words = ("hdi", "--data", tmp_path / "hdr.csv", *columns)
    rows = json.loads(run("index", "build", *words, "--json"))["results"]
    assert [row["unit"] for row in rows] == ["Türkiye", "Côte d'Ivoire", "Monaco"]
    assert rows[2]["hdi.score"] is None
    run("index", "export", *words, "--out", tmp_path / f"hdi.{ending}")
    if ending == "xlsx":
        head, *body = openpyxl.load_workbook(tmp_path / "hdi.xlsx")["results"].values
        found = [dict(zip(head, row, strict=True)) for row in body]
        assert [(row["unit"], row["hdi.rank"]) for row in found] == [
            ("Türkiye", 1), ("Côte d'Ivoire", 2), ("Monaco", None),
        ]  # fmt: skip
    else:
        page = (tmp_path / "hdi.html").read_text(encoding="utf-8")
        assert "Côte d&#x27;Ivoire" in page
        assert "Monaco" in page
        assert "read as Latin-1" in page


def test_columns_are_given_as_name_and_column(data: Path) -> None:
    with pytest.raises(InputError, match="--column le_2022: write NAME=COLUMN"):
        run("index", "build", "hdi", "--data", data, "--column", "le_2022")


def test_a_pair_without_a_score_is_refused_in_words(gap: Path) -> None:
    with pytest.raises(InputError, match="--pair NOR,CHE: CHE has no score in any of the alternatives"):
        run("index", "robustness", "hdi", "--data", gap, "--draws", 8, "--pair", "NOR,CHE")


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
        (("index", "build", "hdr", "--data", "DATA"), "'hdr' is no preset.*did you mean 'hdi'"),
        (("index", "build", "none.yaml", "--data", "DATA"), "cannot read none.yaml"),
        (("index", "build", "tai", "--data", "DATA"), "no column 'patents'"),
        (("index", "build", "hdi", "--data", "DATA", "--year", "1999"), "no such year"),
        (("index", "robustness", "hdi", "--data", "DATA", "--pair", "NOR"), "name two units"),
        (("index", "robustness", "hdi", "--data", "DATA", "--node", "zzz"), "'zzz' is no node"),
        (("standing", "--view", "both"), "it is scale, intensity or frontier"),
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
    table = run("standing", "--top", 3)
    assert "United States" in table
    assert {"tier", "place", "typical"} <= set(table.split())
    frontier = json.loads(run("standing", "--view", "frontier", "--json"))
    assert frontier["standing"][0]["place"] == 1
    size = json.loads(run("standing", "--json"))
    assert all("indicators" in reason or "domains" in reason for reason in size["unranked"].values())

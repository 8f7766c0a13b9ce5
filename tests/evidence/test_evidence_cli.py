"""The commands as a stranger types them; each runs in its own process once, the rest in this one."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from faulty import publisher
from shop import stock
from typer.testing import CliRunner, Result

from headway.cli.app import app
from headway.core.errors import EvidenceError, InputError
from headway.evidence.build import build


@pytest.fixture(autouse=True)
def tiny_evidence(tiny_snapshot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADWAY_EVIDENCE", str(tiny_snapshot))
    monkeypatch.setenv("COLUMNS", "200")


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["evidence", *words], catch_exceptions=True)


def document(*words: str) -> dict[str, object]:
    result = run(*words)
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["schema_version"] == 1
    assert isinstance(found, dict)
    return found


def failed(*words: str) -> Exception:
    error = run(*words).exception
    assert isinstance(error, InputError | EvidenceError), error
    return error


def test_list_names_indicators_with_their_coverage() -> None:
    rows = document("list", "--json")["indicators"]
    assert isinstance(rows, list)
    gdp = next(row for row in rows if row["indicator"] == "gdp_usd")
    assert (gdp["countries"], gdp["first"], gdp["newest"], gdp["unit"]) == (7, "2019", "2022", "USD")
    assert "gdp_usd" in run("list").stdout


def test_list_takes_every_filter() -> None:
    rows = document(
        "list", "--json", "--domain", "economy", "--country", "France", "--since", "2021", "--until", "2021"
    )
    assert [row["indicator"] for row in rows["indicators"]] == ["gdp_usd"]  # type: ignore[attr-defined]
    assert document("list", "--json", "--as-of", "2010-01-01")["indicators"] == []


def test_show_prints_a_series_and_says_who() -> None:
    result = run("show", "gdp_usd", "france")
    assert result.exit_code == 0
    assert "2022" in result.stdout
    assert "World Bank" in result.stderr
    rows = document("show", "gdp_usd", "EAEU", "--json")["observations"]
    assert len(rows) == 1  # type: ignore[arg-type]


def test_show_prints_one_fact_with_its_source() -> None:
    id = "worldbank_wdi:gdp_usd:FRA:2020:2021-07-01"
    fact = document("show", id, "--json")
    assert fact["fact"]["value"] == 2.6e12  # type: ignore[index]
    assert fact["source"]["licence"] == "CC BY 4.0"  # type: ignore[index]
    assert "World Bank" in run("show", id).stdout
    assert "Be among the best." in run("show", "curated:goal:FRA:one").stdout


@pytest.mark.parametrize("table", ["observations", "models", "statements", "flows"])
@pytest.mark.parametrize("shape", ["csv", "json", "parquet"])
def test_export_writes_every_table_in_every_shape(tmp_path: Path, table: str, shape: str) -> None:
    out = tmp_path / f"rows.{shape}"
    assert run("export", "--table", table, "--format", shape, "--out", str(out)).exit_code == 0
    if shape == "csv":
        rows = len(pd.read_csv(out))
    elif shape == "parquet":
        rows = len(pd.read_parquet(out))
    else:
        rows = len(json.loads(out.read_text())[table])
    assert rows == {"observations": 18, "models": 1, "statements": 1, "flows": 1}[table]
    before = out.read_bytes()
    assert "exists already" in str(failed("export", "--table", table, "--format", shape, "--out", str(out)))
    assert out.read_bytes() == before
    assert run("export", "--table", table, "--format", shape, "--out", str(out), "--force").exit_code == 0


def test_export_chooses_by_country_in_every_table() -> None:
    for table, country in (("models", "USA"), ("statements", "USA"), ("flows", "FRA")):
        assert document("export", "--table", table, "--country", country, "--json")[table] == []
    assert len(document("export", "--table", "flows", "--country", "DEU", "--json")["flows"]) == 1  # type: ignore[arg-type]
    rows = document("export", "--country", "Korea, Rep.", "--country", "France,Germany", "--json")["observations"]
    assert {row["country"] for row in rows} == {"FRA", "DEU"}  # type: ignore[attr-defined]


def test_ones_own_table_takes_part(tmp_path: Path) -> None:
    path = tmp_path / "my.csv"
    path.write_text("indicator,country,period,value,unit,source\ngdp_usd,TUV,2024,60,million USD,Me\n")
    rows = document("show", "gdp_usd", "Tuvalu", "--evidence", str(path), "--json")["observations"]
    assert [row["value"] for row in rows] == [6e7]  # type: ignore[attr-defined]


def test_sources_and_status() -> None:
    found = document("sources", "--json")["sources"]
    assert {"slug", "publisher", "url", "licence", "citation", "lag_rule"} <= set(found[0])  # type: ignore[index]
    whole = document("status", "--json")
    assert whole["whole"] is True
    assert any(row["source"] == "worldbank_wdi" and row["age_days"] >= 0 for row in whole["sources"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "gdp_usd"), "name an id, or an indicator and a country"),
        (("show", "gdp_us", "FRA"), "did you mean gdp_usd"),
        (("show", "gdp_usd", "Frnace"), "did you mean France"),
        (("show", "gdp_usd", "World"), "is not a country"),
        (("show", "no:such:id:at:all"), "no fact has the id"),
        (("list", "--domain", "war"), "'war' is not a domain; there are"),
        (("list", "--since", "yore"), "'yore' is not a period"),
        (("export", "--table", "people"), "'people' is not a table"),
        (("export", "--table", "models", "--indicator", "gdp_usd"), "choose observations, not models"),
        (("export", "--format", "parquet"), "needs --out"),
        (("list", "--evidence", "absent.csv"), "cannot read absent.csv: "),
        (("build", "--cache", "absent"), "is not a folder"),
    ],
)
def test_a_wrong_word_gets_one_message(words: tuple[str, ...], told: str) -> None:
    error = failed(*words)
    assert told in str(error)
    assert isinstance(error, InputError)


def test_build_writes_a_snapshot_and_says_what_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = stock(tmp_path / "cache")
    monkeypatch.setattr("headway.evidence.fetch.shipped_manifest", lambda: manifest)
    words = ("build", "--cache", str(tmp_path / "cache"), "--out", str(tmp_path / "data"), "--json")
    first = document(*words)
    assert any(row["what"] == "gdp_usd" and row["new"] for row in first["changes"])  # type: ignore[attr-defined]
    assert document(*words)["changes"] == []
    assert (tmp_path / "data" / "datapackage.json").is_file()


def test_refresh_into_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    assert "cannot be a folder" in str(
        failed("refresh", "--cache", str(tmp_path / "file"), "--out", str(tmp_path / "new"))
    )
    assert (tmp_path / "file").read_text() == "mine"


def test_refresh_says_what_failed_and_how_to_use_the_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = stock(tmp_path / "web")
    build(tmp_path / "web", tmp_path / "data", manifest)
    monkeypatch.setenv("HEADWAY_EVIDENCE", str(tmp_path / "data"))
    with publisher(tmp_path / "web") as server:
        monkeypatch.setattr("headway.evidence.fetch.shipped_manifest", lambda: stock(tmp_path / "web", server))
        server.faults["mpidr/flows.csv"] = ["404"]
        result = run("refresh", "--cache", str(tmp_path / "cache"), "--out", str(tmp_path / "new"), "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert list(found["kept"]) == ["mpidr"]
    assert "HTTP 404" in found["kept"]["mpidr"]
    assert f"HEADWAY_EVIDENCE={tmp_path / 'new'}" in result.stderr


def test_errors_reach_the_shell_as_exit_codes(tmp_path: Path) -> None:
    def code(*words: str, **variables: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-c", "from headway.cli import program; program()", "evidence", *words],
            capture_output=True, text=True, env=os.environ | variables, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr
        return done.returncode, done.stderr

    assert code("show", "gdp_usd", "FRA")[0] == 0
    assert code("show", "gdp_usd", "Narnia")[0] == 2
    assert code("status", HEADWAY_EVIDENCE=str(tmp_path))[0] == 3


@pytest.mark.parametrize("words", [["build", "--cache", "."], ["refresh", "--cache", "cache"]])
def test_a_folder_of_other_files_is_never_replaced(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").write_text("years of work")
    for force in ([], ["--force"]):
        told = failed(*words, "--out", "mine", *force)
        assert isinstance(told, InputError)
        assert "mine is not empty and is not an evidence snapshot" in str(told)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"], "refused before any work"
    assert (tmp_path / "mine" / "thesis.docx").read_text() == "years of work"


def test_an_own_table_is_mapped_and_said_how_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("Land;Jahr;Wert\nFR;2022;3,5\n")
    mapping = "indicator=gdp_usd,country=Land,period=Jahr,value=Wert,unit=US$ tn"
    done = run("show", "gdp_usd", "FRA", "--json", "--evidence", str(path), "--map", mapping)
    assert json.loads(done.stdout)["observations"][-1]["value"] == 3.5e12
    assert "mine.csv: read as semicolon, UTF-8, decimal comma, a long table: 1 row\n" in done.stderr


def test_a_mapping_without_a_table_is_refused() -> None:
    assert "give it with --evidence FILE" in str(failed("show", "gdp_usd", "FRA", "--map", "country=Land"))

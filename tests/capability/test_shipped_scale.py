"""The shipped tables of the scale: pinned, traced, honest about their limits; and the command that shows them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from headway.capability.score import place, read_own_results, shipped_items
from headway.cli.app import app
from headway.core.errors import InputError
from headway.evidence import Evidence
from headway.evidence.benchmarks import benchmark_results, country_records, model_levels, partial_coverage, results_of


def test_the_anchors_of_the_index_are_exact() -> None:
    levels = model_levels().set_index(["model", "setting"])["level"]
    assert levels["GPT-5", "high"] == 150.0
    assert levels.xs("Claude 3.5 Sonnet", level="model").max() == 130.0


def test_every_level_but_the_index_readings_rests_on_results_of_the_shipped_table() -> None:
    table = model_levels()
    tested = table[table["benchmarks"] > 0]
    known = set(benchmark_results()["version"])
    assert set(tested["version"]) <= known
    assert benchmark_results()["source"].str.startswith("https://").all()


def test_an_anchor_has_a_narrow_interval_its_own_base_and_no_partial_coverage() -> None:
    anchors = model_levels().query("anchors")
    assert (anchors["high"] - anchors["low"] <= 12.0).all()
    assert (anchors["benchmarks"] >= 2).all()
    assert anchors["own_countries"].notna().all()
    assert not anchors["own_countries"].str.split(";").str[0].isin(list(partial_coverage())).any()


def test_records_never_fall_and_the_accessible_is_not_below_the_own() -> None:
    table = country_records().sort_values(["country", "kind", "quarter"])
    falls = table.groupby(["country", "kind"])["level"].diff() < -0.05
    assert not falls.any()
    both = table.pivot(index=["country", "quarter"], columns="kind", values="level").dropna()
    assert (both["accessible"] >= both["own"] - 0.05).all()


def test_countries_that_the_index_never_scored_are_measured() -> None:
    newest = country_records().query("kind == 'own' and not interval_wide")
    assert {"KOR", "CAN", "ARE", "ISR", "IND", "CHE", "RUS"} <= set(newest["country"])


def test_a_shipped_model_is_placed_near_its_level_by_its_own_results(tmp_path: Path) -> None:
    own = results_of("GigaChat 2 Max")
    file = tmp_path / "own.csv"
    own[["benchmark", "score", "evaluator"]].to_csv(file, index=False)
    placed = place(read_own_results(file, shipped_items()), shipped_items())
    level = model_levels().query("model == 'GigaChat 2 Max'").iloc[0]
    assert placed.low <= level["level"] <= placed.high
    assert abs(placed.level - level["level"]) < 2.0


def test_all_faults_of_a_users_results_are_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("benchmark,score,standard_error\nGPQA dimond,0.4,\nMATH-500,81,\nMMLU-Pro,0.5,x\n")
    with pytest.raises(InputError) as error:
        read_own_results(file, shipped_items())
    words = str(error.value)
    assert "row 2" in words
    assert "did you mean 'GPQA diamond'" in words
    assert "row 3" in words
    assert "81" in words
    assert "row 4" in words
    assert "leave it empty" in words


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"benchmark;score\nGPQA diamond;0.4\n"])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "own.csv"
    file.write_bytes(content)
    with pytest.raises(InputError, match=r"own\.csv"):
        read_own_results(file, shipped_items())


def run(*words: str) -> str:
    found = CliRunner().invoke(app, ["capability", *words])
    assert found.exit_code == 0, found.output
    return found.stdout


def test_the_command_shows_a_country_by_name_and_all_countries() -> None:
    assert "K-EXAONE" in run("Korea")
    assert json.loads(run("--json"))["capability"][0]["country"] == "USA"


def test_the_command_shows_models_and_what_is_not_known() -> None:
    assert "GPT-5" in run("--models")
    assert run("Tuvalu") == ""


def test_the_command_places_a_users_model(tmp_path: Path) -> None:
    file = tmp_path / "own.csv"
    file.write_text("benchmark,score\nGPQA diamond,0.46\nMATH-500,0.8\n")
    placed = json.loads(run("score", str(file), "--json"))
    assert placed["low"] < placed["level"] < placed["high"]
    assert len(placed["nearest"]) == 3


def test_a_level_takes_part_from_the_day_its_second_result_was_public(evidence_on: Callable[[str], Evidence]) -> None:
    early, late = (evidence_on(day).models() for day in ("2025-02-28", "2025-06-30"))
    assert not _russian(early).str.contains("GigaChat 2").any()
    assert _russian(late).str.contains("GigaChat 2").any()


def _russian(models: pd.DataFrame) -> pd.Series:
    own = models[(models["source"] == "capability_scale") & models["countries"].str.startswith("RUS")]
    return own["model"]


def test_a_users_model_is_placed_without_jax() -> None:
    code = "import sys, headway.capability.score as s; s.shipped_items(); sys.exit('jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

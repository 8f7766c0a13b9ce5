"""Tables that `headway capability` prints for readers, and the same rows for machines."""

from __future__ import annotations

import json
from typing import Any

from typer.testing import CliRunner

from headway.cli.app import app as commands


def said(*words: str) -> str:
    done = CliRunner().invoke(commands, ["capability", *words])
    assert done.exit_code == 0, done.output
    return done.output


def rows_of(text: str) -> list[dict[str, Any]]:
    found, _ = json.JSONDecoder().raw_decode(text[text.index("{") :])
    rows: list[dict[str, Any]] = found["capability"]
    return rows


def test_a_table_names_one_of_many_makers_and_its_json_all_of_them() -> None:
    table, rows = said("--models"), rows_of(said("--models", "--json"))
    longest = max((row["organisation"] or "" for row in rows), key=len)
    assert longest.count(",") > 2
    assert longest not in table
    assert f"{longest.split(',')[0]} and {longest.count(',')} more" in table


def test_a_doubt_has_a_column_only_where_there_is_one() -> None:
    doubted = {
        land
        for land in ("KOR", "RUS", "JPN", "CAN", "IND", "ISR", "CHE", "DEU", "ARE")
        if any(row["too wide"] for row in rows_of(said(land, "--json")))
    }
    assert all(("too wide" in said(land)) == (land in doubted) for land in ("KOR", "RUS", "JPN", "CAN"))


def test_a_record_that_rises_without_a_new_model_is_explained() -> None:
    rows = rows_of(said("KOR", "--json"))
    levels = {(row["model"], row["level"]) for row in rows}
    rises = len(levels) > len({model for model, _ in levels})
    assert ("rises a little" in said("KOR")) == rises

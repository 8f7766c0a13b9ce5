"""The JSON of a brief and its published schema."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import made_brief as made
import pytest

from headway.brief import document
from headway.core.errors import InputError


def test_the_published_schema_is_the_one_in_force() -> None:
    published = json.loads(files("headway.brief").joinpath("schema/brief-2.json").read_text("utf-8"))
    assert published == document.schema(), "run `python docs/finding_tables.py`"


def test_it_says_what_the_contract_says() -> None:
    data = json.loads(document.text(made.brief()))
    assert list(data)[:3] == ["schema_version", "country", "name"]
    assert data["schema_version"] == 2
    assert data["country"] == "RUS"
    assert data["as_of"] == "2026-11-22"
    assert data["recipe"]["snapshot"] == "3fa81c2e77aa0b1c"
    assert len(data["findings"]) == len(made.findings())
    rank = next(f for f in data["findings"] if f["quantity"] == "rank")
    assert (rank["value"], rank["low"], rank["high"], rank["tier"]) == (27, 21, 34, "derived")
    assert [source["publisher"] for source in data["sources"] if source["number"] in rank["footnotes"]]


def test_what_is_printed_can_be_read_back(tmp_path: Path) -> None:
    path = tmp_path / "brief.json"
    path.write_text(document.text(made.brief()), "utf-8")
    read = document.read(path)
    assert [finding.id for finding in read.findings] == [finding.id for finding in made.brief().findings]
    assert read.recipe.posterior == "9f31c2aa"


def test_a_brief_of_the_first_version_is_read_with_its_titles(tmp_path: Path) -> None:
    data = json.loads(document.text(made.brief()))
    moved = {"title": "title", "short": "terminal", "coverage": "coverage", "posterior": "posterior", "table": "table"}
    for finding in data["findings"]:
        finding["details"] |= {once: one for now, once in moved.items() if (one := finding.pop(now))}
    path = tmp_path / "old.json"
    path.write_text(json.dumps({**data, "schema_version": 1}), "utf-8")
    assert document.read(path).findings == document.Document.model_validate_json(document.text(made.brief())).findings


def test_what_is_missing_is_said() -> None:
    missing = document.document(made.brief([]))["missing"]
    assert {entry["section"] for entry in missing} >= {"ambition", "gap", "outlook"}


def test_a_number_that_is_not_finite_becomes_null() -> None:
    one = replace(made.findings()[3], details={"x": math.nan, "y": [math.inf, -0.0]})
    record = document.record(one)
    assert record["details"] == {"x": None, "y": [None, 0.0]}
    assert math.copysign(1, record["details"]["y"][1]) == 1


VALID = json.loads(document.text(made.brief([])))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1 is not valid JSON"),
        ("{", "is not valid JSON"),
        ("[]", "is not a brief"),
        ('{"schema_version": 1}', "is not a brief"),
        (json.dumps({**VALID, "schema_version": 7}), "schema version 7; this version of Headway reads 1 and 2"),
        (json.dumps({**VALID, "as_of": "soon"}), "as_of"),
        (json.dumps({**VALID, "findings": [{"id": "x"}]}), r"findings\.0"),
        (
            json.dumps({**VALID, "findings": [{**document.record(made.findings()[0]), "id": "not an id"}]}),
            "is not a finding id",
        ),
    ],
)
def test_a_file_that_is_no_brief_is_named_with_its_field(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "old.json"
    path.write_text(content, "utf-8")
    with pytest.raises(InputError, match=message) as caught:
        document.read(path)
    assert "old.json" in str(caught.value)


def test_a_file_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read"):
        document.read(tmp_path / "none.json")
    (tmp_path / "bytes.json").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"bytes\.json, line 1: not UTF-8"):
        document.read(tmp_path / "bytes.json")

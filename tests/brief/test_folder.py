"""Several briefs in one folder."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import made_brief as made
import pytest

from headway.brief.html import refuse_early, write
from headway.core.errors import InputError


def test_an_index_and_two_files_to_a_country(tmp_path: Path) -> None:
    briefs = [made.brief(), replace(made.brief([]), country="FRA", name="France")]
    written = write(briefs, tmp_path / "briefs")
    assert [path.name for path in written] == ["index.html", "RUS.html", "RUS.json", "FRA.html", "FRA.json"]
    assert json.loads((tmp_path / "briefs/FRA.json").read_text("utf-8"))["country"] == "FRA"


def test_nothing_is_written_where_one_file_stands_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "RUS.json").write_text("mine")
    with pytest.raises(InputError, match=r"RUS\.json exists already"):
        write([made.brief([])], tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["RUS.json"]
    assert (tmp_path / "RUS.json").read_text() == "mine"
    write([made.brief([])], tmp_path, force=True)
    assert (tmp_path / "RUS.json").read_text() != "mine"


def test_a_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="is a file"):
        refuse_early(tmp_path / "file", ["RUS"])
    with pytest.raises(InputError, match="there is no folder"):
        refuse_early(tmp_path / "a/b", ["RUS"])

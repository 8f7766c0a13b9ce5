import json
from pathlib import Path

import pandas as pd
import pytest
import tiny

from headway.core.errors import EvidenceError
from headway.evidence.snapshot import TABLES, open_snapshot, read_table


def test_the_same_tables_give_the_same_bytes_in_any_order_of_rows(tmp_path: Path) -> None:
    one = tiny.write(tmp_path / "one")
    two = tiny.write(tmp_path / "two", tuple(reversed(tiny.ROWS)))
    for file in sorted(one.folder.iterdir()):
        assert file.read_bytes() == (two.folder / file.name).read_bytes(), file.name
    assert one.hash == two.hash


def test_another_value_gives_another_hash(tmp_path: Path, tiny_snapshot: Path) -> None:
    changed = (tiny.ROWS[0] | {"value": 1.0}, *tiny.ROWS[1:])
    assert tiny.write(tmp_path / "other", changed).hash != open_snapshot(tiny_snapshot).hash


def test_tables_come_back_as_they_were_written(tiny_snapshot: Path) -> None:
    snapshot = open_snapshot(tiny_snapshot)
    for name, frame in tiny.frames().items():
        written = frame.sort_values("id", ignore_index=True)
        read = read_table(snapshot, name).sort_values("id", ignore_index=True)
        assert list(read.columns) == list(TABLES[name])
        pd.testing.assert_frame_equal(read, written)


def test_the_description_is_frictionless_and_complete(tiny_snapshot: Path) -> None:
    package = json.loads((tiny_snapshot / "datapackage.json").read_text("utf-8"))
    assert package["version"] == "2026-11-22"
    assert {resource["name"] for resource in package["resources"]} == set(TABLES)
    for resource in package["resources"]:
        path = tiny_snapshot / resource["path"]
        assert resource["bytes"] == path.stat().st_size
        described = [field["name"] for field in resource["schema"]["fields"]]
        assert described == list(pd.read_parquet(path).columns)
        assert all(field["description"] for field in resource["schema"]["fields"])
    assert all(entry["unit"] for entry in package["indicators"])
    for entry in package["sources"]:
        assert entry["licence"], entry
        assert entry.get("path", "https://").startswith("https://"), entry
        assert entry["citation"], entry
    assert all(licence["name"] for licence in package["licenses"])


@pytest.mark.parametrize("name", sorted(TABLES))
@pytest.mark.parametrize("harm", ["changed", "cut short", "missing"])
def test_a_damaged_file_is_named(tmp_path: Path, name: str, harm: str) -> None:
    folder = tiny.write(tmp_path / "data").folder
    path = folder / f"{name}.parquet"
    data = path.read_bytes()
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(data[:-1] if harm == "cut short" else data[:40] + b"?" + data[41:])
    with pytest.raises(EvidenceError, match=f"{name}.parquet"):
        open_snapshot(folder)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"version": "soon", "resources": []}'])
def test_an_unreadable_description_is_an_error_with_its_path(tmp_path: Path, text: str) -> None:
    (tmp_path / "datapackage.json").write_text(text)
    with pytest.raises(EvidenceError, match=r"datapackage\.json is not the description"):
        open_snapshot(tmp_path)


def test_an_empty_folder_is_no_snapshot(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="no evidence snapshot"):
        open_snapshot(tmp_path)

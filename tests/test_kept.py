"""What was made before is taken from the cache, and only where nothing that it depends on has changed."""

from __future__ import annotations

import datetime as dt
import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from headway.kept import Form, fingerprint, kept, source

JSON: Form[object] = Form(".json", lambda made: json.dumps(made).encode(), json.loads)


class Maker:
    """Makes a thing and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> dict[str, int]:
        self.times += 1
        return {"made": 1}


def test_the_second_time_nothing_is_made(kept_folder: Path) -> None:
    make = Maker()
    assert kept("things", ("a", 1), make, JSON) == kept("things", ("a", 1), make, JSON) == {"made": 1}
    assert make.times == 1
    kept("things", ("a", 2), make, JSON)
    kept("others", ("a", 1), make, JSON)
    assert make.times == 3


def test_changed_code_makes_it_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    make = Maker()
    kept("things", (), make, JSON)
    monkeypatch.setattr("headway.kept.installed", lambda: "other code")
    kept("things", (), make, JSON)
    assert make.times == 2


def test_a_spoilt_file_is_made_again(kept_folder: Path) -> None:
    make = Maker()
    kept("things", (), make, JSON)
    (file,) = (kept_folder / "things").glob("*.json")
    file.write_bytes(b"{")
    assert kept("things", (), make, JSON) == {"made": 1}
    assert make.times == 2
    assert kept("things", (), make, JSON) == {"made": 1}
    assert make.times == 2


def test_a_folder_that_cannot_be_written_is_passed_over(kept_folder: Path) -> None:
    (kept_folder / "things").write_text("in the way")
    assert kept("things", (), Maker(), JSON) == {"made": 1}


def test_what_cannot_be_stored_is_made_each_time() -> None:
    def make() -> object:
        return lambda: 1

    assert kept("things", (), make, JSON) is not kept("things", (), make, JSON)


def test_only_the_newest_stay(kept_folder: Path) -> None:
    for number in range(4):
        kept("things", (number,), Maker(), JSON, most=2)
    assert len(list((kept_folder / "things").glob("*.json"))) == 2


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners on this system")
@pytest.mark.parametrize("writable", ["file", "folder", "cache"])
def test_what_others_can_write_is_passed_over_and_made_safe_again(kept_folder: Path, writable: str) -> None:
    make = Maker()
    kept("things", (), make, JSON)
    (file,) = (kept_folder / "things").glob("*.json")
    place = {"file": file, "folder": file.parent, "cache": kept_folder}[writable]
    place.chmod(place.stat().st_mode | 0o022)
    file.write_text('{"made": "by somebody else"}')
    assert kept("things", (), make, JSON) == {"made": 1}
    assert make.times == 2
    assert kept("things", (), make, JSON) == {"made": 1}
    assert make.times == 2
    assert not place.stat().st_mode & 0o022


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners on this system")
def test_what_another_user_owns_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    make = Maker()
    kept("things", (), make, JSON)
    monkeypatch.setattr(os, "geteuid", lambda: 12345)
    kept("things", (), make, JSON)
    assert make.times == 2


def test_a_link_is_passed_over(kept_folder: Path, tmp_path: Path) -> None:
    make = Maker()
    kept("things", (), make, JSON)
    (file,) = (kept_folder / "things").glob("*.json")
    file.rename(tmp_path / "elsewhere.json")
    file.symlink_to(tmp_path / "elsewhere.json")
    kept("things", (), make, JSON)
    assert make.times == 2


def test_nobody_else_can_look_into_a_folder_that_was_made(kept_folder: Path) -> None:
    kept("things", (), Maker(), JSON)
    assert (kept_folder / "things").stat().st_mode & 0o777 == 0o700


@dataclass(frozen=True)
class Thing:
    """Something with an array in it, too long for its `repr` to show."""

    name: str
    values: np.ndarray


def test_a_fingerprint_changes_with_every_number_and_with_nothing_else() -> None:
    def thing(position: int | None = None) -> Thing:
        values = np.zeros(5000)
        if position is not None:
            values[position] = 1
        return Thing("a", values)

    assert repr(thing()) == repr(thing(2500))
    assert fingerprint(thing()) == fingerprint(thing()) != fingerprint(thing(2500))
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1}) != fingerprint({"a": 2, "b": 1})
    assert fingerprint(("a", "b"), "c") != fingerprint("a", ("b", "c"))
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
    assert fingerprint(np.zeros(4)) != fingerprint(np.zeros((2, 2))) != fingerprint(np.zeros((2, 2), np.float32))
    assert fingerprint(dt.date(2026, 1, 1)) != fingerprint(dt.date(2026, 1, 2))


@pytest.mark.parametrize("thing", [object(), np.array([object()]), {"a": {1, 2}}])
def test_what_need_not_look_the_same_twice_has_no_fingerprint(thing: object) -> None:
    with pytest.raises(TypeError, match="no fingerprint"):
        fingerprint(thing)


def test_code_and_tables_in_subfolders_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "room" / "below").mkdir(parents=True)
    (tmp_path / "__init__.py").write_text("")
    monkeypatch.setattr("headway.kept.headway.__file__", str(tmp_path / "__init__.py"))
    seen = set()
    for name in ("room/a.py", "room/below/b.py", "room/below/c.toml", "room/d.yaml"):
        (tmp_path / name).write_text("x = 1")
        seen.add(source.__wrapped__("room"))
    assert len(seen) == 4

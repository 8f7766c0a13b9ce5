"""What was made before is taken from the cache, and only where nothing that it depends on has changed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from headway.kept import fingerprint, kept, source


class Maker:
    """Makes a thing and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> dict[str, int]:
        self.times += 1
        return {"made": 1}


def test_the_second_time_nothing_is_made(kept_folder: Path) -> None:
    make = Maker()
    assert kept("things", ("a", 1), make) == kept("things", ("a", 1), make) == {"made": 1}
    assert make.times == 1
    kept("things", ("a", 2), make)
    kept("others", ("a", 1), make)
    assert make.times == 3


def test_changed_code_makes_it_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    make = Maker()
    kept("things", (), make)
    monkeypatch.setattr("headway.kept.installed", lambda: "other code")
    kept("things", (), make)
    assert make.times == 2


def test_a_spoilt_file_is_made_again(kept_folder: Path) -> None:
    make = Maker()
    kept("things", (), make)
    (file,) = (kept_folder / "things").glob("*.pickle")
    file.write_bytes(b"{")
    assert kept("things", (), make) == {"made": 1}
    assert make.times == 2
    assert kept("things", (), make) == {"made": 1}
    assert make.times == 2


def test_a_folder_that_cannot_be_written_is_passed_over(kept_folder: Path) -> None:
    (kept_folder / "things").write_text("in the way")
    assert kept("things", (), Maker()) == {"made": 1}


def test_what_cannot_be_stored_is_made_each_time() -> None:
    def make() -> object:
        return lambda: 1

    assert kept("things", (), make) is not kept("things", (), make)


def test_only_the_newest_stay(kept_folder: Path) -> None:
    for number in range(4):
        kept("things", (number,), Maker(), most=2)
    assert len(list((kept_folder / "things").glob("*.pickle"))) == 2


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

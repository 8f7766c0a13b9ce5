"""What was made before is taken from the cache, and only where nothing that it depends on has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.core.cache import kept


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
    monkeypatch.setattr("headway.core.cache.installed", lambda: "other code")
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

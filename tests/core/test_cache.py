"""What was made before is taken from the cache, and only where nothing that it depends on has changed."""

from __future__ import annotations

import datetime as dt
import os
import pickle
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from typing import Any

import numpy as np
import pytest

from headway.core.cache import (
    Format,
    MemoryCache,
    UnreadableEntryError,
    cached_on_disk,
    fingerprint,
    pack_arrays,
    source_hash,
    typed_json,
    unpack_arrays,
)
from headway.core.errors import EvidenceError

JSON = typed_json(dict[str, int])


def keep(name: str, facts: tuple[object, ...], make: Callable[[], Any], most: int = 100) -> Any:
    return cached_on_disk(name, facts, make, JSON, most)


class Maker:
    """Makes a thing and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> dict[str, int]:
        self.times += 1
        return {"made": 1}


def test_the_second_time_nothing_is_made(kept_folder: Path) -> None:
    make = Maker()
    assert keep("things", ("a", 1), make) == keep("things", ("a", 1), make) == {"made": 1}
    assert make.times == 1
    keep("things", ("a", 2), make)
    keep("others", ("a", 1), make)
    assert make.times == 3


def test_changed_code_makes_it_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    make = Maker()
    keep("things", (), make)
    monkeypatch.setattr("headway.core.cache.installed", lambda: "other code")
    keep("things", (), make)
    assert make.times == 2


def test_a_spoilt_file_is_made_again(kept_folder: Path) -> None:
    make = Maker()
    keep("things", (), make)
    (file,) = (kept_folder / "things").glob("*.json")
    file.write_bytes(b"{")
    assert keep("things", (), make) == {"made": 1}
    assert make.times == 2
    assert keep("things", (), make) == {"made": 1}
    assert make.times == 2


def test_a_folder_that_cannot_be_written_is_passed_over(kept_folder: Path) -> None:
    (kept_folder / "things").write_text("in the way")
    assert keep("things", (), Maker()) == {"made": 1}


def test_what_cannot_be_written_is_made_each_time() -> None:
    def pack(made: object) -> bytes:
        raise UnreadableEntryError("no")

    form = Format(".none", pack, lambda content: object())
    assert cached_on_disk("things", (), object, form) is not cached_on_disk("things", (), object, form)


class Malicious:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.folder),)


def test_a_pickle_in_the_place_of_an_entry_runs_nothing(kept_folder: Path, tmp_path: Path) -> None:
    keep("things", (), Maker())
    (file,) = (kept_folder / "things").glob("*.json")
    file.write_bytes(pickle.dumps(Malicious(tmp_path / "ran")))
    assert keep("things", (), Maker()) == {"made": 1}
    assert not (tmp_path / "ran").exists()


def test_arrays_of_objects_are_neither_written_nor_read(tmp_path: Path) -> None:
    wicked = np.array([Malicious(tmp_path / "ran")], dtype=object)
    with pytest.raises(UnreadableEntryError):
        pack_arrays({"a": wicked})
    np.savez(tmp_path / "wicked.npz", a=wicked)
    with pytest.raises(UnreadableEntryError):
        unpack_arrays((tmp_path / "wicked.npz").read_bytes())
    assert not (tmp_path / "ran").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="rights of files are those of POSIX")
def test_an_entry_that_others_may_write_is_not_read(kept_folder: Path) -> None:
    make = Maker()
    keep("things", (), make)
    (file,) = (kept_folder / "things").glob("*.json")
    file.chmod(0o666)
    keep("things", (), make)
    assert make.times == 2
    (kept_folder / "things").chmod(0o777)
    keep("things", (), make)
    assert make.times == 3


def test_a_link_is_not_read(kept_folder: Path, tmp_path: Path) -> None:
    make = Maker()
    keep("things", (), make)
    (file,) = (kept_folder / "things").glob("*.json")
    file.rename(tmp_path / "elsewhere.json")
    file.symlink_to(tmp_path / "elsewhere.json")
    keep("things", (), make)
    assert make.times == 2


def test_only_the_newest_stay(kept_folder: Path) -> None:
    for number in range(4):
        keep("things", (number,), Maker(), most=2)
    assert len(list((kept_folder / "things").glob("*.json"))) == 2


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
    monkeypatch.setattr("headway.core.cache.headway.__file__", str(tmp_path / "__init__.py"))
    seen = set()
    for name in ("room/a.py", "room/below/b.py", "room/below/c.toml", "room/d.yaml"):
        (tmp_path / name).write_text("x = 1")
        seen.add(source_hash.__wrapped__("room"))
    assert len(seen) == 4


def test_memory_keeps_the_results_used_last() -> None:
    cache, maker = MemoryCache[dict[str, int]](2), Maker()
    for key in ("a", "b", "a", "c", "a"):  # "c" displaces "b", since "a" was used after it
        cache.get(key, maker)
    assert maker.times == 3
    cache.get("b", maker)
    assert maker.times == 4


def test_threads_that_ask_for_one_key_at_once_are_given_one_result() -> None:
    cache, both = MemoryCache[object](2), Barrier(2, timeout=10)

    def make() -> object:
        both.wait()  # neither thread has stored its result yet
        return object()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(lambda _: cache.get("key", make), range(2))
    assert first is second


def test_a_result_that_could_not_be_made_is_made_anew() -> None:
    cache, maker = MemoryCache[dict[str, int]](2), Maker()

    def fail() -> dict[str, int]:
        raise EvidenceError("not now")

    with pytest.raises(EvidenceError):
        cache.get("key", fail)
    assert cache.get("key", maker) == cache.get("key", fail)


def test_a_nothing_has_no_sign_in_what_is_kept() -> None:
    form = typed_json(dict[str, list[float | str]])
    assert form.pack({"a": [-0.0, 0.5, "-0.0"]}) == b'{"a": [0.0, 0.5, "-0.0"]}'

"""No home folder, folders that cannot be written, a clock set back: told in a sentence, or done without them."""

from __future__ import annotations

import datetime as dt
import errno
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import headway
from headway.claims.review import ProposalChoice, keep_choice
from headway.core import files
from headway.core.cache import ARRAYS, cached_on_disk
from headway.core.errors import InputError
from headway.evidence import open_evidence, refresh
from headway.evidence.fetch import Manifest
from headway.evidence.store import snapshot_folder
from headway.scenarios import scenario
from headway.scenarios.question import evidence_on

SURROUNDINGS = {
    "home": {"HOME": "home"},
    "no home variable": {},
    "home is a file": {"HOME": "file"},
    "home cannot be written": {"HOME": "/proc/1"},
    "home is not there": {"HOME": "missing"},
    "cache is relative": {"HOME": "home", "XDG_CACHE_HOME": "cache"},
    "cache cannot be written": {"HOME": "home", "XDG_CACHE_HOME": "/proc/1"},
    "cache is a file": {"HOME": "home", "XDG_CACHE_HOME": "file"},
}
"""Variables of a user's surroundings; `home`, `file` and `missing` stand for paths in the test's folder."""


def variables(name: str, folder: Path) -> dict[str, str]:
    (folder / "file").write_text("")
    return {
        key: str(folder / value) if value in ("home", "file", "missing") else value
        for key, value in SURROUNDINGS[name].items()
    }


@pytest.fixture
def homeless(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without a home folder and without an entry among the system's users."""
    pwd = pytest.importorskip("pwd")

    def nobody(user: int) -> object:
        raise KeyError(user)

    for variable in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", nobody)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("edition build --countries FRA --out edition.zip", "cannot keep finished briefs in "),
        ("calibrate --structure statistical --out fit.npz", "cannot keep checkpoints in .fit.checkpoints"),
    ],
)
def test_a_read_only_folder_is_told(
    words: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As on a read-only disk: no folder can be made."""
    from headway.cli.app import main

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["headway", *words.split()])
    monkeypatch.setattr("os.mkdir", refused)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith(f"error: {told}")
    assert said.endswith(": Read-only file system\n")
    assert list(tmp_path.iterdir()) == []


def test_choices_that_cannot_be_kept_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot write .*: Is a directory"):
        keep_choice(tmp_path, ProposalChoice("fact", ("a",), "a"))
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot write"):
        keep_choice(tmp_path / "file" / "kept.jsonl", ProposalChoice("fact", ("a",), "a"))


@pytest.mark.parametrize("name", sorted(SURROUNDINGS.keys() - {"no home variable"}))
def test_a_result_is_made_in_any_surroundings(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is left where the user works, and the file that stands for a folder is left as it was."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    for variable in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in variables(name, tmp_path).items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setattr("headway.core.cache.cache_folder", files.cache_folder)
    made = cached_on_disk("arrays", (), lambda: {"a": np.arange(3.0)}, ARRAYS)
    assert made["a"].tolist() == [0, 1, 2]
    assert list((tmp_path / "work").iterdir()) == []
    assert (tmp_path / "file").read_text() == ""


@pytest.mark.usefixtures("homeless")
def test_a_user_without_a_home_caches_in_the_temporary_folder_and_is_asked_where_to_keep(tmp_path: Path) -> None:
    import tempfile

    assert files.cache_folder("arrays") == Path(tempfile.gettempdir()) / f"headway-{os.geteuid()}" / "arrays"
    with pytest.raises(InputError, match="no home folder to keep this in"):
        files.data_folder()
    with pytest.raises(InputError, match="no scenario '~/mine'"):
        scenario.find("~/mine")


def test_a_file_of_an_unknown_users_home_is_not_found() -> None:
    with pytest.raises(InputError, match=r"no scenario '~nobody-of-this-name/mine\.yaml'"):
        scenario.find("~nobody-of-this-name/mine.yaml")


def test_entries_from_the_future_do_not_push_a_new_one_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a clock was set back the entries made before it look newer than any made from now on."""
    monkeypatch.setattr("headway.core.cache.cache_folder", lambda name: tmp_path / name)
    times = []

    def made() -> dict[str, np.ndarray]:
        times.append(1)
        return {"a": np.arange(3.0)}

    for old in ("a", "b", "c"):
        cached_on_disk("arrays", (old,), made, ARRAYS, most=2)
    earlier = set((tmp_path / "arrays").iterdir())
    assert len(earlier) == 2
    for path in earlier:
        os.utime(path, (4e9, 4e9))
    for _ in range(2):
        cached_on_disk("arrays", ("new",), made, ARRAYS, most=2)
    assert len(times) == 4, "made once, then read"
    assert len(set((tmp_path / "arrays").iterdir()) & earlier) == 1


def test_a_clock_behind_the_snapshot_hides_nothing_and_renews_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = open_evidence().as_of
    behind = day - dt.timedelta(1)

    class Behind(dt.date):
        @classmethod
        def today(cls) -> dt.date:  # type: ignore[override]
            return behind

    monkeypatch.setattr(dt, "date", Behind)
    assert evidence_on(day, ()).as_of == day
    with pytest.raises(InputError, match="lies in the future"):
        evidence_on(day + dt.timedelta(1), ())
    with pytest.raises(InputError, match=f"today, {behind}, lies before {day}, the day of the snapshot"):
        refresh.refresh(
            tmp_path / "cache", tmp_path / "data", snapshot_folder(), Manifest(snapshot_date=day, files=()), behind
        )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("command", ["brief KOR", "simulate --focal KOR --draws 10 --json"])
def test_commands_say_the_same_in_any_surroundings(command: str, tmp_path: Path) -> None:
    said = {}
    for name in SURROUNDINGS:
        work = tmp_path / name / "work"
        work.mkdir(parents=True)
        ended = subprocess.run(
            [sys.executable, "-m", "headway", *command.split()],
            cwd=work,
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": str(Path(headway.__file__).parents[1]),
                **variables(name, tmp_path / name),
            },
            capture_output=True,
            check=False,
        )
        assert ended.returncode == 0, (name, ended.stderr)
        assert list(work.iterdir()) == [], name
        said[name] = ended.stdout
    assert set(said.values()) == {said["home"]}

"""Whole commands: killed at random moments, several on one cold cache, on other threads: always the same result."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import whole_commands as commands

from headway.core import periods
from headway.core.errors import InputError

KILLS = {"evidence build": 2, "index robustness": 2, "site": 2, "strategy": 2, "simulate": 2, "brief": 1}
linux = pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system does not give cores to a process")


def test_outcomes_that_differ_are_told_by_what_differs() -> None:
    wanted = commands.Outcome(0, b"1", {"a": b"1", "b": b"1"}, frozenset({"headway/x"}))
    found = commands.Outcome(1, b"2", {"a": b"2", "b": b"1", "c": b""}, frozenset({"headway/y"}))
    assert commands.differences(wanted, wanted) == ""
    assert commands.differences(wanted, found) == (
        "exit code 1 instead of 0; another stdout; a differs; c differs; "
        "headway/x in one cache alone; headway/y in one cache alone"
    )


def test_the_day_of_what_is_made_can_be_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1790000000")
    assert periods.today().isoformat() == "2026-09-21"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(InputError, match="SOURCE_DATE_EPOCH is 'yesterday': give seconds since 1970"):
        periods.today()


@pytest.mark.slow
@pytest.mark.parametrize(("name", "times"), KILLS.items())
def test_killed_at_random_moments_and_run_again(name: str, times: int, tmp_path: Path) -> None:
    found = list(commands.killed(name, times, tmp_path))
    assert [wrong for _, wrong in found] == [""] * times
    assert any(alive for alive, _ in found), "no kill came before the end"


@pytest.mark.slow
@pytest.mark.parametrize(("name", "processes"), [("index robustness", 4), ("simulate", 4), ("brief", 2)])
def test_processes_that_begin_at_once_on_a_cold_cache(name: str, processes: int, tmp_path: Path) -> None:
    assert Counter(commands.together(name, processes, tmp_path)) == {"": processes}


@linux
@pytest.mark.slow
@pytest.mark.parametrize("name", ["index robustness", "simulate", "forecast freeze", "brief", "edition build"])
def test_other_cores_threads_and_zones_give_the_same_bits(name: str, tmp_path: Path) -> None:
    assert commands.reproduced(name, tmp_path) == dict.fromkeys(commands.SETTINGS, "")


@pytest.mark.slow
def test_distributions_built_twice_are_equal(tmp_path: Path) -> None:
    """In two folders whose files were touched at different times."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=commands.ROOT, capture_output=True, check=True).stdout
    made = []
    for name, when in (("a", 1_700_000_000), ("b c", 1_780_000_000)):
        folder = tmp_path / name
        for path in listed.decode().split("\0")[:-1]:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(commands.ROOT / path, folder / path)
            os.utime(folder / path, (when, when))
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-d", "made"],
            cwd=folder,
            env={**os.environ, **commands.DAY},
            check=True,
            capture_output=True,
        )
        made.append(commands.steps.contents(folder / "made"))
    assert made[0] == made[1]
    assert {path.rpartition(".")[2] for path in made[0]} == {"whl", "gz"}

"""Real commands in parts and on a cluster, with a process killed: their output is that of one run, byte for byte."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

STRATEGY = ("strategy", "KOR", "--draws", "20", "--until", "2030", "--prior", "--json")
SIMULATE = ("simulate", "--focal", "KOR", "--draws", "1300", "--until", "2028", "--series", "sovereign,lag")


def started(*arguments: str) -> subprocess.Popen[bytes]:
    """A command that runs."""
    return subprocess.Popen(
        [sys.executable, "-m", "headway", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def answer(*arguments: str) -> bytes:
    """What a command prints when it ends well."""
    with started(*arguments) as process:
        out, told = process.communicate(timeout=3600)
    assert process.returncode == 0, told.decode()
    return out


def kill_after_first(folder: Path, pattern: str, process: subprocess.Popen[bytes], victim: Callable[[], int]) -> None:
    """Kill a process as soon as the first piece lies in the folder."""
    while not any(folder.glob(pattern)):
        assert process.poll() is None, process.communicate()[1].decode()
        time.sleep(0.05)
    os.kill(victim(), signal.SIGKILL)


def pieces(folder: Path) -> dict[str, int]:
    """Names of the pieces with the time at which each was written."""
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*/*.piece")}


def test_two_parts_of_which_one_is_killed_print_what_one_run_prints(tmp_path: Path) -> None:
    store = ("--store", str(tmp_path))
    with started(*STRATEGY, *store, "--part", "1/2") as killed:
        kill_after_first(tmp_path, "*/*.piece", killed, lambda: killed.pid)
    assert killed.returncode == -signal.SIGKILL
    before = pieces(tmp_path)
    assert before
    assert answer(*STRATEGY, *store, "--part", "1/2") == b""
    last = answer(*STRATEGY, *store, "--part", "2/2")
    after = pieces(tmp_path)
    assert {name: after[name] for name in before} == before, "what was there is not run again"
    assert last == answer(*STRATEGY)
    assert last == answer(*STRATEGY, *store, "--merge")


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="children are read off /proc")
def test_a_cluster_of_which_a_worker_is_killed_prints_what_one_run_prints(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    with started(*STRATEGY, "--store", str(tmp_path), "--scheduler", "local:2") as process:

        def worker() -> int:
            threads = Path(f"/proc/{process.pid}/task").glob("*/children")
            children = " ".join(path.read_text(encoding="ascii") for path in threads).split()
            return next(int(one) for one in children if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes())

        kill_after_first(tmp_path, "*/pieces/*", process, worker)
        out, told = process.communicate(timeout=3600)
    assert process.returncode == 0, told.decode()
    assert out == answer(*STRATEGY)


@pytest.mark.parametrize("name", ["members.nc", "members.zarr"])
def test_files_of_members_in_parts_are_those_of_one_run(name: str, tmp_path: Path) -> None:
    alone, shared = (tmp_path / folder / name for folder in ("alone", "shared"))
    for path in (alone, shared):
        path.parent.mkdir()
    store = ("--out", str(shared), "--store", str(tmp_path / "store"))
    answer(*SIMULATE, *store, "--part", "1/2")
    assert not shared.exists()
    answer(*SIMULATE, *store, "--part", "2/2")
    answer(*SIMULATE, "--out", str(alone))
    assert contents(alone) == contents(shared)


def contents(path: Path) -> dict[str, bytes]:
    """Bytes of a file, or of all files of a folder."""
    files = [path] if path.is_file() else [one for one in path.rglob("*") if one.is_file()]
    return {str(one.relative_to(path)): one.read_bytes() for one in files}

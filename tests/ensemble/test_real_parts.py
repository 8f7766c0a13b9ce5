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
REFIT = ("hindcast", "--refit", "--origin", "2023-12-31", "--draws", "400", "--warmup", "300", "--json")
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


PIECES = ("*/*.piece", "*/pieces/*")  # of a command that keeps its own, and of one whose runs are kept


def kill_after_first(folder: Path, process: subprocess.Popen[bytes], victim: Callable[[], int]) -> None:
    """Kill a process as soon as the first piece lies in the folder."""
    while not any(any(folder.glob(pattern)) for pattern in PIECES):
        assert process.poll() is None, process.communicate()[1].decode()
        time.sleep(0.05)
    os.kill(victim(), signal.SIGKILL)


def pieces(folder: Path) -> dict[str, int]:
    """Names of the pieces with the time at which each was written."""
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("*/*.piece")}


@pytest.fixture(scope="module", params=[STRATEGY, REFIT], ids=lambda command: command[0])
def asked(request: pytest.FixtureRequest) -> tuple[tuple[str, ...], bytes]:
    """A command, and what one process prints."""
    return request.param, answer(*request.param)


def test_two_parts_of_which_one_is_killed_print_what_one_run_prints(
    asked: tuple[tuple[str, ...], bytes], tmp_path: Path
) -> None:
    command, alone = asked
    store = ("--store", str(tmp_path))
    with started(*command, *store, "--part", "1/2") as killed:
        kill_after_first(tmp_path, killed, lambda: killed.pid)
    assert killed.returncode == -signal.SIGKILL
    before = pieces(tmp_path)
    assert before
    with started(*command, *store, "--part", "2/2") as beside:
        first = answer(*command, *store, "--part", "1/2")
        second, told = beside.communicate(timeout=3600)
    assert beside.returncode == 0, told.decode()
    after = pieces(tmp_path)
    assert {name: after[name] for name in before} == before, "what was there is not run again"
    assert alone in (first, second), "whichever ends last puts them together"
    assert {first, second} <= {alone, b""}
    assert alone == answer(*command, *store, "--merge")


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="children are read off /proc")
def test_a_cluster_of_which_a_worker_is_killed_prints_what_one_run_prints(
    asked: tuple[tuple[str, ...], bytes], tmp_path: Path
) -> None:
    pytest.importorskip("distributed")
    command, alone = asked
    with started(*command, "--store", str(tmp_path), "--scheduler", "local:2") as process:

        def worker() -> int:
            threads = Path(f"/proc/{process.pid}/task").glob("*/children")
            children = " ".join(path.read_text(encoding="ascii") for path in threads).split()
            return next(int(one) for one in children if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes())

        kill_after_first(tmp_path, process, worker)
        out, told = process.communicate(timeout=3600)
    assert process.returncode == 0, told.decode()
    assert out == alone


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

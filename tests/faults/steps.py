"""A process killed before each of its writes in turn: nothing may be lost, and the next one must clear up after it."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

WRITES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.link", "os.symlink", "os.chmod"}
MOST = 400  # writes of one action

Action = Callable[[Path], None]


def contents(folder: Path) -> dict[str, bytes]:
    """What lies in a folder, by path: the bytes of each file, where each link leads, nothing of a folder."""
    found = {}
    for path in sorted(folder.rglob("*")):
        link = os.readlink(path).encode() if path.is_symlink() else None
        found[path.relative_to(folder).as_posix()] = link or (path.read_bytes() if path.is_file() else b"")
    return found


def faults(prepare: Action, act: Action, folder: Path) -> Iterator[tuple[int, str]]:
    """Number of every write of `act` before which it was killed, and what was wrong after it was done again.

    Args:
        prepare: fills a new folder; act: works in it. Both say by their folder alone what they do.
    """
    whole = folder / "whole"
    whole.mkdir()
    prepare(whole)
    assert in_a_process(act, whole) == 0, "the action fails by itself"
    wanted = contents(whole)
    for step in range(1, MOST):
        place = folder / str(step)
        place.mkdir()
        prepare(place)
        if in_a_process(act, place, step) == 0:
            return
        again = in_a_process(act, place)
        found = contents(place)
        wrong = sorted(name for name in found.keys() | wanted.keys() if found.get(name) != wanted.get(name))
        yield step, f"exit {again}" if again else f"differs in {wrong}" if wrong else ""
        shutil.rmtree(place)
    raise AssertionError(f"more than {MOST} writes")


def in_a_process(act: Action, folder: Path, step: int = 0) -> int:
    """Exit code of `act` in a process of its own, which kills itself before its write number `step`; 0 if it ended."""
    child = os.fork()
    if child == 0:
        try:
            if step:
                kill_at(step)
            act(folder)
            os._exit(0)
        except BaseException as error:
            print(repr(error), file=sys.stderr)
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill_at(step: int) -> None:
    """End this process by SIGKILL when it is about to write for the time number `step`."""
    left = [step]

    def heard(event: str, words: tuple[object, ...]) -> None:
        writes = event in WRITES or (event == "open" and isinstance(words[2], int) and words[2] & os.O_ACCMODE)
        if not writes or (event == "open" and str(words[0]).startswith("/dev/")):
            return
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(heard)

"""The explorer's server as a process that is asked, killed at any moment, and begun again in the same folders."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import whole_commands as commands

SERVE = (*commands.HEADWAY, "serve", "--port", "0")
LEDGER = """\
ledger: mine
title: Claims
country: FRA
about: Claims about France.
thresholds: {supported: 0.9, leaning: 0.65}
claims:
- id: more-people
  claim: France has more people than Spain.
  kind: comparison
  status: confirmed
  countries: [FRA, ESP]
  said: general public debate
  test: indicator(population, FRA) > indicator(population, ESP)
"""
QUESTIONS: tuple[tuple[str, dict[str, str] | None], ...] = (
    ("world.json?width=700", None),
    ("standing.csv?compute=3", None),
    ("claims/check.json", {"ledger": LEDGER}),
    ("whatif.json?tables=false&spending=2", None),
    ("claims/draft.json", {"text": "France has more AI researchers than Germany."}),
    ("limits.json", None),
)


def address(server: subprocess.Popen[bytes]) -> str:
    """Address that a server prints when it is up; an empty one where it ended before."""
    assert server.stderr is not None
    return next((found[0] for line in server.stderr if (found := re.search(r"http://\S+/", line.decode()))), "")


def answers(base: str) -> list[bytes]:
    """Body of every answer, asked for again while it is being computed.

    Raises:
        OSError: the server has ended.
    """
    return [_answer(base + path, posted) for path, posted in QUESTIONS]


def _answer(where: str, posted: dict[str, str] | None) -> bytes:
    body = None if posted is None else json.dumps(posted).encode()
    asked = urllib.request.Request(where, body, {"content-type": "application/json"})
    while True:
        try:
            with urllib.request.urlopen(asked, timeout=600) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            if error.code != 429:
                raise AssertionError(f"{where}: {error.read().decode()}") from error
        time.sleep(0.5)


def of_group(group: int) -> list[int]:
    """Processes of a process group that have not ended."""
    found = []
    for folder in Path("/proc").iterdir():
        try:
            state, _, its_group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
        except (OSError, ValueError):
            continue
        if folder.name.isdigit() and int(its_group) == group and state != "Z":
            found.append(int(folder.name))
    return found


def left_after(group: int, seconds: float = 20.0) -> list[int]:
    """Processes of a group that still run after so many seconds, or the empty list as soon as none does."""
    until = time.monotonic() + seconds
    while (found := of_group(group)) and time.monotonic() < until:
        time.sleep(0.1)
    return found


class Served(commands.Place):
    """Folders of one server: where it is begun, its cache, its temporary folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.temporary = folder / "temporary"
        self.temporary.mkdir(exist_ok=True)

    def begin(self) -> subprocess.Popen[bytes]:
        """A server in these folders."""
        return self.start(SERVE, {"TMPDIR": str(self.temporary)}, errors=subprocess.PIPE)

    def asked(self) -> list[bytes]:
        """Answers of a server that nobody disturbs, which is ended then."""
        server = self.begin()
        try:
            return answers(address(server))
        finally:
            server.terminate()
            server.communicate(timeout=60)
            assert left_after(server.pid) == []

    def litter(self) -> list[str]:
        """What lies where the server was begun and in the temporary folder."""
        return sorted(os.listdir(self.work) + os.listdir(self.temporary))

    def cached(self) -> frozenset[str]:
        """Names of the files of the cache."""
        return frozenset(name for name in commands.steps.contents(self.cache) if name.startswith("headway/"))


def killed(times: int, folder: Path, seed: int = 0) -> Iterator[tuple[bool, str]]:
    """Of each time that a server is killed: whether it was still answering, and what was wrong after.

    The moments are drawn from the time between its beginning and its last answer. Only the server itself is killed:
    the processes that it began have to end by themselves.
    """
    first, moments = Served(folder / "whole"), random.Random(seed)
    begun = time.monotonic()
    wanted = first.asked()
    seconds = time.monotonic() - begun
    for number in range(times):
        place = Served(folder / str(number))
        server, done = place.begin(), threading.Event()
        asking = threading.Thread(target=_until_killed, args=(server, done), daemon=True)
        asking.start()
        time.sleep(moments.uniform(0.05, 0.95) * seconds)
        busy = not done.is_set()
        server.kill()
        left = left_after(server.pid)
        asking.join(60)
        server.communicate()
        told = [f"processes {left} were left"] if left else []
        if place.asked() != wanted:
            told.append("other answers")
        told += [f"{name} in one cache alone" for name in sorted(place.cached() ^ first.cached())]
        told += [f"{name} was left" for name in place.litter()]
        yield busy, "; ".join(told)
        shutil.rmtree(folder / str(number))


def _until_killed(server: subprocess.Popen[bytes], done: threading.Event) -> None:
    try:
        answers(address(server))
        done.set()
    except (OSError, ValueError):  # it was killed
        return

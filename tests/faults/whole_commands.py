"""Whole commands in processes of their own: killed at random moments, several at once, on other threads and days."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import steps

import headway

ROOT = Path(__file__).parents[2]
HEADWAY = (sys.executable, "-m", "headway")
LONGEST = 1800.0  # seconds of one command on a busy machine


@dataclass(frozen=True)
class Command:
    """A command that is run in an empty folder of its own.

    Attributes:
        words: of the command line.
        before: commands that make what it reads, run once.
        code: exit code of the undisturbed command.
    """

    words: tuple[str, ...]
    before: tuple[tuple[str, ...], ...] = ()
    code: int = 0


def _words(line: str) -> tuple[str, ...]:
    return (*HEADWAY, *line.split())


TAI = f"tai --data {ROOT}/docs/data/tai.csv"
SNAPSHOT = f"""
import datetime as dt, sys
from pathlib import Path
sys.path.insert(0, {str(ROOT / "tests" / "evidence")!r})
from shop import stock
from headway.evidence.build import build
print(build(Path("files"), Path("data"), stock(Path("files")))[0].hash)
"""
COMMANDS: dict[str, Command] = {
    "brief": Command(_words("brief FRA --recompute --json")),
    "calibrate": Command(  # too short to converge, which it says with figures of its draws
        _words("calibrate --structure statistical --chains 2 --warmup 60 --draws 60 --keep 20 --out fit.npz --force"),
        code=4,
    ),
    "strategy": Command(_words("strategy FRA --draws 20 --until 2028 --store kept --out outcomes.csv --force")),
    "index robustness": Command(_words(f"index robustness {TAI} --draws 2000 --json")),
    "evidence build": Command((sys.executable, "-c", SNAPSHOT)),
    "edition build": Command(_words("edition build --countries FRA --out edition.zip --force")),
    "site": Command(
        _words("site --edition edition.zip --out site --indicators gdp_usd --ledgers none --force"),
        before=(_words("edition build --countries FRA --out edition.zip --force"),),
    ),
    "simulate": Command(_words("simulate --draws 20 --until 2028 --out run.zarr --force")),
    "forecast freeze": Command(_words("forecast freeze --out frozen.json --until 2027Q4 --force")),
}


@dataclass(frozen=True)
class Outcome:
    """What a command left: its exit code, its words on stdout, files of its folder, names of the files it caches."""

    code: int
    said: bytes
    made: Mapping[str, bytes]
    cached: frozenset[str]


class Place:
    """Folders in which a command is run: one to work in, one for the cache."""

    def __init__(self, folder: Path) -> None:
        self.work, self.cache, self._tools = folder / "work", folder / "cache", folder / "tools"
        self.work.mkdir(parents=True, exist_ok=True)

    def start(
        self,
        words: tuple[str, ...],
        settings: Mapping[str, str] | None = None,
        cores: int | None = None,
        errors: int = subprocess.DEVNULL,
    ) -> subprocess.Popen[bytes]:
        """Process of a command; `cores` are those that it may use, all where none are given; `errors`: its stderr."""
        surroundings = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TMPDIR")}
        return subprocess.Popen(
            words,
            cwd=self.work,
            env={
                **surroundings,
                "PYTHONPATH": str(Path(headway.__file__).parents[1]),
                "XDG_CACHE_HOME": str(self.cache),
                "MPLCONFIGDIR": str(self._tools),
                **(settings or {}),
            },
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
            preexec_fn=(lambda: os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])) if cores else None,
        )

    def outcome(self, process: subprocess.Popen[bytes]) -> Outcome:
        """What a process left at its end."""
        said = process.communicate(timeout=LONGEST)[0]
        cached = frozenset(name for name in steps.contents(self.cache) if name.startswith("headway/"))
        return Outcome(process.returncode, said, steps.contents(self.work), cached)

    def run(self, command: Command, **how: object) -> Outcome:
        """What a command leaves that nobody disturbs."""
        for words in command.before:
            if not set(words[words.index("--out") + 1 :][:1]) & set(os.listdir(self.work)):
                assert self.outcome(self.start(words)).code == 0, words
        return self.outcome(self.start(command.words, **how))  # type: ignore[arg-type]


def kill(process: subprocess.Popen[bytes]) -> bool:
    """End a process and all that it started by SIGKILL; False where it had ended by itself."""
    alive = process.poll() is None
    if alive:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return alive


def killed(name: str, times: int, folder: Path, seed: int = 0) -> Iterator[tuple[bool, str]]:
    """Of each time that a command is killed on a cold cache: whether it was before its end, and what was wrong after.

    The moments are drawn at random from the time that the undisturbed command took; it then runs again in the same
    folders, and must leave what the undisturbed one left, and no other file.
    """
    command, moments = COMMANDS[name], random.Random(seed)
    first = Place(folder / "whole")
    for words in command.before:
        assert first.outcome(first.start(words)).code == 0, words
    prepared = folder / "prepared"
    for part in (first.work, first.cache):
        if part.is_dir():
            shutil.copytree(part, prepared / part.name)
    begun = time.monotonic()
    wanted = first.run(command)
    seconds = time.monotonic() - begun
    assert wanted.code == command.code, wanted.code
    for number in range(times):
        if prepared.is_dir():
            shutil.copytree(prepared, folder / str(number))
        place = Place(folder / str(number))
        process = place.start(command.words)
        time.sleep(moments.uniform(0.05, 0.95) * seconds)
        alive = kill(process)
        yield alive, differences(wanted, place.run(command))
        shutil.rmtree(folder / str(number))


def differences(wanted: Outcome, found: Outcome) -> str:
    """What differs between two outcomes, in words; empty where nothing does."""
    told = []
    if found.code != wanted.code:
        told.append(f"exit code {found.code} instead of {wanted.code}")
    if found.said != wanted.said:
        told.append("another stdout")
    told += [
        f"{name} differs"
        for name in sorted(wanted.made.keys() | found.made.keys())
        if wanted.made.get(name) != found.made.get(name)
    ]
    told += [f"{name} in one cache alone" for name in sorted(wanted.cached ^ found.cached)]
    return "; ".join(told)


def together(name: str, processes: int, folder: Path) -> list[str]:
    """What was wrong with each of several processes of one command that begin at once on one cold cache."""
    command = COMMANDS[name]
    wanted = Place(folder / "whole").run(command)
    places = [Place(folder / str(number)) for number in range(processes)]
    for place in places:
        place.cache = folder / "cache"
    running = [place.start(command.words) for place in places]
    # Each is asked for its words before what all of them cached is listed.
    ended = [(process.communicate(timeout=LONGEST)[0], process.returncode) for process in running]
    cached = frozenset(path for path in steps.contents(folder / "cache") if path.startswith("headway/"))
    return [
        differences(wanted, Outcome(code, said, steps.contents(place.work), cached))
        for place, (said, code) in zip(places, ended, strict=True)
    ]


SETTINGS: dict[str, tuple[dict[str, str], int | None]] = {
    "one core": ({"OMP_NUM_THREADS": "1", "PYTHONHASHSEED": "1"}, 1),
    "one thread of the compiler's": ({"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false", "OMP_NUM_THREADS": "1"}, None),
    "two threads, another zone and language": (
        {"OMP_NUM_THREADS": "2", "PYTHONHASHSEED": "2", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        2,
    ),
}
DAY = {"SOURCE_DATE_EPOCH": "1790000000"}
"""Day that is written into what is made; without it a zone in which tomorrow has begun writes another."""


def reproduced(name: str, folder: Path) -> dict[str, str]:
    """What differs from the plain run, by the settings that a command was run with, each on a cold cache."""
    command = COMMANDS[name]
    wanted = Place(folder / "whole").run(command, settings=DAY)
    found = {}
    for words, (settings, cores) in SETTINGS.items():
        again = Place(folder / words.replace(" ", "-")).run(command, settings=settings | DAY, cores=cores)
        same_names = Outcome(again.code, again.said, again.made, wanted.cached)  # names say which compiler's options
        found[words] = differences(wanted, same_names)
    return found

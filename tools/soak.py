"""A server that is asked for half an hour: whether every answer comes, and how much its memory grows.

    python tools/soak.py [--minutes 30] [--every 1.0]

Starts `headway serve` on loopback with a cache of its own, asks it one question after the other, with a pause between
them, and prints by the minute the memory that the server and its processes hold. Exit code 1 where an answer had
another status than it should have, or took more than a minute after the first ten. Reads /proc, so it runs on Linux.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src"
COUNTRIES = ("FRA", "KOR", "IND", "BRA", "DEU", "JPN", "GBR", "CAN")
DOMAINS = ("all", "compute", "capability", "talent", "research", "money")
SLOW = 60.0  # seconds
BUSY, TRIES = 429, 20
FIRST = 10  # answers that may compile what later ones use


TEXT = "In 2023 the population of {} was above 40 million. It leads in AI research, the minister said."
NAMES = ("France", "Korea", "India", "Brazil", "Germany", "Japan", "Canada")


def questions() -> Iterator[tuple[str, int, dict[str, str] | None]]:
    """Addresses without end, each with the status that its answer should have, and what is posted to it."""
    names = itertools.cycle(NAMES)
    for path, wanted in _pages():
        yield path, wanted, None
        if path == "health":
            yield "claims/draft.json", 200, {"text": TEXT.format(next(names))}


def _pages() -> Iterator[tuple[str, int]]:
    for number in itertools.count():
        country, other = COUNTRIES[number % len(COUNTRIES)], COUNTRIES[(number // 3 + 1) % len(COUNTRIES)]
        spending = 1 + (number % 40) / 20
        yield f"whatif.json?country={country}&spending={spending:g}", 200
        yield f"country?country={country}", 200
        yield f"world.json?domain={DOMAINS[number % len(DOMAINS)]}", 200
        yield f"standing.json?country={country}&compute={number % 7}", 200
        if other != country:
            yield f"compare?country={country}&against={other}", 200
        yield f"country.json?country={country}", 200
        yield "claims/ledgers.json", 200
        yield f"whatif.json?country={country}&spending=-1", 422
        yield "no-such-page", 404
        yield "health", 200


def memory(process: int) -> float:
    """Resident memory of a process and of all that it started, in MB."""
    total, left = 0.0, [process]
    while left:
        one = left.pop()
        try:
            left += [int(child) for child in Path(f"/proc/{one}/task/{one}/children").read_text().split()]
            found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{one}/status").read_text())
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += int(found[1]) / 1000 if found else 0.0
    return total


def status(address: str, posted: dict[str, str] | None) -> int:
    """Status of the answer at an address, read to its end; asked again while the server says that it still computes."""
    for _ in range(TRIES):
        found = _once(address, posted)
        if found != BUSY:
            break
        time.sleep(1)
    return found


def _once(address: str, posted: dict[str, str] | None) -> int:
    body = None if posted is None else json.dumps(posted).encode()
    asked = urllib.request.Request(address, body, {"content-type": "application/json"})
    try:
        with urllib.request.urlopen(asked, timeout=10 * SLOW) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.read()
        return error.code


def soak(minutes: float, every: float, cache: str) -> int:
    """Ask for so many minutes; the number of answers that were wrong or slow."""
    surroundings = {**os.environ, "PYTHONPATH": str(SOURCE), "XDG_CACHE_HOME": cache}
    server = subprocess.Popen(
        [sys.executable, "-m", "headway", "serve", "--port", "0"], env=surroundings, stderr=subprocess.PIPE, text=True
    )
    counts: Counter[int] = Counter()
    faults, slowest, begun, levels = 0, 0.0, time.monotonic(), []
    try:
        assert server.stderr is not None
        found = next(match for line in server.stderr if (match := re.search(r"http://\S+/", line)))
        for number, (path, wanted, posted) in enumerate(questions()):
            asked = time.monotonic()
            got = status(found[0] + path, posted)
            took = time.monotonic() - asked
            counts[got] += 1
            slowest = max(slowest, took if number >= FIRST else 0.0)
            if got != wanted or (number >= FIRST and took > SLOW):
                faults += 1
                print(f"/{path}: status {got} instead of {wanted} after {took:.1f} s", flush=True)
            passed = (time.monotonic() - begun) / 60
            while len(levels) < passed:
                levels.append(memory(server.pid))
                print(f"minute {len(levels) - 1}: {number + 1} answers, {levels[-1]:.0f} MB", flush=True)
            if passed >= minutes:
                break
            time.sleep(every)
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=60)
    middle = levels[len(levels) // 2]
    each = ", ".join(f"{count} × {code}" for code, count in sorted(counts.items()))
    print(
        f"{counts.total()} answers in {minutes:g} minutes ({each}), "
        f"{faults} faults, slowest {slowest:.1f} s; memory {levels[0]:.0f} MB at the first minute, {middle:.0f} MB at "
        f"half time, {levels[-1]:.0f} MB at the end ({levels[-1] - middle:+.0f} MB in the second half)"
    )
    return faults


def main() -> None:
    """Run a soak and end with its outcome."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--minutes", type=float, default=30.0)
    asked.add_argument("--every", type=float, default=1.0, help="seconds between an answer and the next question")
    words = asked.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        sys.exit(int(soak(words.minutes, words.every, cache) > 0))


if __name__ == "__main__":
    main()

"""The explorer's server under many questions: processor time, memory over a thousand, idle sockets, a cold start."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from headway.core.limits import MEMBERS

HERE = Path(__file__).parent
QUESTIONS = 1_000
IDLE = 150  # sockets that are opened and say nothing
KINDS = {
    "World, a page of ranks": "/world.json?width=700&top={top}&country={code}",
    "Standing, weights of one’s own": "/standing.json?width=700&compute={weight}&country={code}",
    "What if, while a slider moves": "/whatif.json?tables=false&width=700&whole=0&spending={spending}",
    "What if, the whole world, when it rests": "/whatif.json?width=700&spending={spending}",
    "What if, the same question again": "/whatif.json?tables=false&width=700&whole=0&spending=2",
}
CODES = ("FRA", "DEU", "KOR", "JPN", "IND", "BRA", "CAN", "GBR", "RUS", "CHN")


def table() -> str:
    """All measurements as one piece of Markdown."""
    with tempfile.TemporaryDirectory() as cache, served({"XDG_CACHE_HOME": cache}) as (base, _, up):
        first = [asked(base + path)[0] for path in ("/world.json?width=700", "/whatif.json?width=700&tables=false")]
    lines = ["## Explorer under load", "",
             f"A server with an empty cache folder said that it was up after {up:.1f} s; its first World answer took "
             f"{first[0]:.1f} s more, its first What if {first[1]:.1f} s ({MEMBERS:,} members).",
             "",
             "| question | processor time of the server, ms |", "|---|---|"]  # fmt: skip
    with served({}) as (base, pid, _):
        for path in KINDS.values():
            asked(base + filled(path, 0))
        for name, path in KINDS.items():
            before = cpu(pid)
            for number in range(100):
                asked(base + filled(path, number))
            lines.append(f"| {name} | {10 * (cpu(pid) - before):.0f} |")
        memory = [rss(pid)]
        for number in range(QUESTIONS):
            asked(base + filled(KINDS["What if, while a slider moves"], 1_000 + number))
            if number % 250 == 249:
                memory.append(rss(pid))
        told = ", ".join(f"{value:.0f}" for value in memory)
        lines += ["", f"Memory at the start and after each 250 of {QUESTIONS} different questions: {told} MiB."]
        idle = [socket.create_connection(("127.0.0.1", int(base.rpartition(":")[2]))) for _ in range(IDLE)]
        waits = [asked(f"{base}/health")[0] for _ in range(20)]
        lines += ["", f"With {IDLE} idle sockets open: {1e3 * float(np.median(waits)):.0f} ms for /health, median."]
        for one in idle:
            one.close()
    return "\n".join(lines)


def filled(path: str, number: int) -> str:
    """The address of question `number` of its kind, no two alike."""
    return path.format(
        top=10 + number // 10 % 50, code=CODES[number % 10], weight=round(0.01 * (number + 1), 2),
        spending=round(0.5 + 0.001 * number, 3),
    )  # fmt: skip


def asked(address: str) -> tuple[float, bytes]:
    """Seconds until the answer is there, and its bytes; one that is still computing is asked for again."""
    start = time.perf_counter()
    while True:
        try:
            with urllib.request.urlopen(address, timeout=60) as answer:
                return time.perf_counter() - start, answer.read()
        except urllib.error.HTTPError as error:
            if error.code != 429 or time.perf_counter() - start > 300:
                raise
            time.sleep(0.5)


@contextmanager
def served(environment: dict[str, str]) -> Iterator[tuple[str, int, float]]:
    """Address and process of a fresh server, and the seconds until it said that it is up."""
    command = [sys.executable, "-m", "headway", "serve", "--port", "0"]
    start = time.perf_counter()
    server = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, cwd=HERE.parent, env={**os.environ, **environment}
    )
    try:
        assert server.stderr is not None
        line = next((line for line in server.stderr if "http://" in line), None)
        if line is None:
            raise SystemExit("the explorer did not start")
        yield line.split(" at ")[1].split("/ ")[0], server.pid, time.perf_counter() - start
    finally:
        server.terminate()
        server.wait(20)


def cpu(pid: int) -> float:
    """Seconds of processor time that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def rss(pid: int) -> float:
    """Memory that a process holds, MiB."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

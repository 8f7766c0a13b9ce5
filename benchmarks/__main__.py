"""Run the benchmarks and print their tables; `--write` puts them into docs/benchmarks.md,
all of them or those that are named.

python -m benchmarks                 all
python -m benchmarks speed           ours, C, NumPy and EMA Workbench on the same world, in one run
python -m benchmarks question fan gradient
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import (
    brief,
    explorer,
    hand_written,
    in_numpy,
    in_workbench,
    load,
    ours,
    question,
    shared,
    standing,
    strategy,
)
from benchmarks.made import COUNTRIES, QUARTERS, RECORD, inputs

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
ROUNDS = 5


def _rate(runs: int, seconds: Callable[[], float]) -> float:
    """Runs per second, the best of several rounds: other programs can only slow a round down."""
    return runs / min(seconds() for _ in range(ROUNDS))


def speed() -> str:
    """Runs per second of the same equations, one table."""
    import jax

    threads = os.cpu_count() or 1
    block = inputs(ours.BLOCK)
    model = ours.compiled()
    blocks = 24

    def ours_call() -> None:
        jax.block_until_ready(model(block))

    given = in_numpy.plain(block)
    rows = [
        ("Headway, 1 thread", _rate(blocks * ours.BLOCK, lambda: ours.in_threads(ours_call, blocks, 1))),
        (
            f"Headway, {threads} threads",
            _rate(blocks * ours.BLOCK, lambda: ours.in_threads(ours_call, blocks, threads)),
        ),
    ]
    try:
        in_c = hand_written.prepare(block)
        _agree(model(block).series, in_c(), "C")
        rows += [
            ("C by hand, 1 thread", _rate(blocks * ours.BLOCK, lambda: ours.in_threads(in_c, blocks, 1))),
            (
                f"C by hand, {threads} threads",
                _rate(blocks * ours.BLOCK, lambda: ours.in_threads(in_c, blocks, threads)),
            ),
        ]
    except hand_written.NoCompilerError as error:
        print(f"C by hand: left out, {error}", file=sys.stderr)
    found = in_numpy.run(given)
    _agree(model(block).series, found, "NumPy")
    rows += [
        (
            "NumPy in blocks, 1 thread",
            _rate(2 * ours.BLOCK, lambda: ours.in_threads(lambda: in_numpy.run(given), 2, 1)),
        ),
        ("EMA Workbench, NumPy per member", 100 / min(in_workbench.seconds(block, 100) for _ in range(2))),
    ]
    ours_best = rows[1][1]
    lines = ["| what | runs per second | Headway is faster by |", "|---|---|---|"]
    lines += [f"| {name} | {rate:,.0f} | {ours_best / rate:.3g} |" for name, rate in rows]
    about = (
        f"{COUNTRIES} countries × {QUARTERS} quarters, all eight mechanisms, float32; recorded: {', '.join(RECORD)}."
    )
    return f"## Speed\n\n{about} The last column compares the second row with each.\n\n" + "\n".join(lines)


def _agree(series: dict[str, Any], found: tuple[Any, ...], name: str) -> None:
    """Refuse to compare the speed of two things that do not compute the same."""
    for key, other in zip(RECORD, found, strict=True):
        if not np.allclose(series[key], other, rtol=1e-3, atol=1e-2):
            raise SystemExit(f"{name} computes another {key}: the comparison would be void")


def questions() -> str:
    """Cost per run of a whole question, by number of members."""
    lines = ["| members | seconds | µs per run | peak memory of the process, MiB |", "|---|---|---|---|"]
    for cost in question.costs((1_000, 10_000, 100_000, 1_000_000)):
        lines.append(
            f"| {cost.members:,} | {cost.seconds:.2f} | {1e6 * cost.seconds / cost.members:.0f} | {cost.peak:,.0f} |"
        )
    about = (
        "Draws of all parameters, history, the world's run, lags of three countries and quantiles of twelve series, as "
        "`headway simulate --until 2040` does it, compiled beforehand."
    )
    return f"## A whole question\n\n{about}\n\n" + "\n".join(lines)


def fan() -> str:
    """Latency of a fan of one country against a held world."""
    call, members = ours.fan(10_000)
    call()
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    about = f"{members:,} members of one country against a held world, {QUARTERS} quarters, 1 thread"
    return f"## A fan of one country\n\n{about}: **{1e3 * min(times):.0f} ms**."


def gradient() -> str:
    """Time of a gradient over that of a value."""
    ratio = ours.gradient_ratio()
    return (
        "## Gradient\n\nThe gradient of the mean final capability by every parameter and initial state takes "
        f"**{ratio:.1f} times** the value alone."
    )


BENCHMARKS: dict[str, Callable[[], str]] = {
    "brief": brief.table,
    "speed": speed,
    "question": questions,
    "fan": fan,
    "gradient": gradient,
    "shared": shared.table,
    "strategy": strategy.table,
    "explorer": explorer.table,
    "load": load.table,
    "standing": standing.table,
}


def main() -> None:
    """Parse the words of the command line, run, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], metavar="name", help=", ".join(BENCHMARKS))
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    asked = parser.parse_args()
    head = (
        "# How fast is it?\n\n<!-- Written by `python -m benchmarks --write`. -->\n\n"
        f"Measured on {dt.date.today()}: {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}. All of a table in one run on one machine, best of five rounds."
    )
    parts = [head]
    for name in asked.names or BENCHMARKS:
        parts.append(BENCHMARKS[name]())
        print(parts[-1], end="\n\n", flush=True)
    if asked.write:
        text = "\n\n".join(parts) if not asked.names else _replaced(PAGE.read_text(encoding="utf-8"), parts[1:])
        PAGE.write_text(text.rstrip("\n") + "\n", encoding="utf-8")


def _replaced(page: str, sections: list[str]) -> str:
    """Page with some of its sections measured anew, each under its heading; a new one comes last."""
    old = page.split("\n## ")
    for section in sections:
        made = section.removeprefix("## ")
        title = made.split("\n", 1)[0]
        at = next((i for i, part in enumerate(old) if part.split("\n", 1)[0] == title), None)
        if at is None:
            old.append(made)
        else:
            old[at] = made
    return "\n\n## ".join(part.strip("\n") for part in old)


if __name__ == "__main__":
    main()

"""How long an index takes to read, to build and to shake, and in how much memory.

Run: python -m benchmarks standing, which prints the table of docs/benchmarks.md, or python -m benchmarks.standing
[members of the pandas loop, 200 by default], which compares with a loop. Each row of the table is measured in a process
of its own, whose CPU seconds stand beside those of the clock, because other programs slow the clock alone.
The loop and its like draw weights for every node and alternate between min-max and rank normalisation and between
arithmetic and geometric means. The pandas loop does for each alternative what an analyst would write; its time is
scaled up.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from headway.standing import Spec, Table, build, parse, prepare, read_table, run, tiers

UNITS = INDICATORS = 50
MEMBERS = 10_000
PILLARS = 5


def specification() -> dict[str, object]:
    names = [f"i{j:02d}" for j in range(INDICATORS)]
    per = INDICATORS // PILLARS
    nodes: dict[str, object] = {f"p{k}": {"children": names[per * k : per * (k + 1)]} for k in range(PILLARS)}
    nodes["top"] = {"children": list(nodes)}
    return {
        "name": "bench",
        "indicators": names,
        "nodes": nodes,
        "steps": ["treat", {"normalise": {"lower": 1, "upper": 100}}],
        "robustness": {
            "draws": MEMBERS,
            "choices": {
                "scale": {"min-max": {}, "rank": {"normalise": {"method": "rank"}}},
                "mean": {"arithmetic": {}, "geometric": {"nodes": {"aggregate": "geometric"}}},
            },
            "weights": {"concentration": 4},
        },
    }


def headway(x: np.ndarray) -> float:
    raw = specification()
    spec = parse(raw, "bench")
    table = Table(tuple(f"u{i:02d}" for i in range(UNITS)), spec.tree.leaves, x)
    start = time.perf_counter()
    ranks = run(prepare(spec, table)).ranks
    assert ranks.shape == (MEMBERS, UNITS)
    return time.perf_counter() - start


def raw_24() -> dict[str, object]:
    """Specification of 49 indicators whose study has 24 configurations."""
    names = [f"i{j:02d}" for j in range(49)]
    nodes: dict[str, object] = {f"p{k}": {"children": names[7 * k : 7 * k + 7]} for k in range(7)}
    nodes["top"] = {"children": list(nodes)}
    choices = {
        "treatment": {
            "treated": {}, "not transformed": {"treat": {"transform": "none"}},
            "logs": {"treat": {"winmax": 0, "force": True}},
        },
        "scale": {
            "min-max": {}, "rank": {"normalise": {"method": "rank"}},
            "z": {"normalise": {"method": "zscore", "mean": 100, "sd": 10}}, "narrow": {"normalise": {"lower": 10}},
        },
        "mean": {"arithmetic": {}, "geometric": {"nodes": {"aggregate": "geometric"}}},
    }  # fmt: skip
    return {
        "name": "configurations", "indicators": names, "nodes": nodes,
        "steps": ["treat", {"normalise": {"lower": 1, "upper": 100}}],
        "robustness": {"draws": MEMBERS, "weights": {"concentration": 4}, "choices": choices},
    }  # fmt: skip


Measured = dict[str, float]
"""Seconds by the clock and of CPU, and the peak memory of the process in MiB."""


def measured(call: Callable[[], object], rounds: int = 1) -> Measured:
    """Cost of a call in this process, the least of some rounds."""
    clock, cpu = math.inf, math.inf
    for _ in range(rounds):
        start = time.perf_counter(), time.process_time()
        call()
        clock, cpu = min(clock, time.perf_counter() - start[0]), min(cpu, time.process_time() - start[1])
    return {"clock": clock, "cpu": cpu, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def some_units(n: int, p: int) -> np.ndarray:
    return np.exp(np.random.default_rng(0).normal(size=(n, p)))


def named_units(n: int) -> tuple[str, ...]:
    return tuple(f"u{i:06d}" for i in range(n))


def kernel_24() -> Measured:
    """10,000 alternatives of 51 × 49 over 24 configurations, with ranks; prepared before."""
    spec = parse(raw_24(), "configurations")
    study = prepare(spec, Table(named_units(51), spec.tree.leaves, some_units(51, 49)))
    assert len(study.configurations) == 24
    return measured(lambda: run(study).ranks, 3)


def command_24() -> Measured:
    """The same as `headway index robustness`, from the command to the printed table."""
    spec = raw_24()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "spec.yaml").write_text(json.dumps(spec), encoding="utf-8")
        frame = pd.DataFrame(some_units(51, 49), columns=spec["indicators"], index=named_units(51))
        frame.rename_axis("unit").to_csv(Path(folder) / "data.csv")
        words = ["index", "robustness", f"{folder}/spec.yaml", "--data", f"{folder}/data.csv"]
        best = {"clock": math.inf, "cpu": math.inf, "peak": math.nan}
        for _ in range(3):
            start, before = time.perf_counter(), os.times()
            subprocess.run([sys.executable, "-m", "headway", *words], check=True, capture_output=True)
            after = os.times()
            cpu = after.children_user + after.children_system - before.children_user - before.children_system
            best = {**best, "clock": min(best["clock"], time.perf_counter() - start), "cpu": min(best["cpu"], cpu)}
    return {**best, "peak": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024}


def large_kernel() -> Measured:
    """10,000 alternatives of 200 × 200 over 4 configurations, with ranks; prepared before."""
    names = [f"i{j:03d}" for j in range(200)]
    raw = {**specification(), "indicators": names}
    nodes: dict[str, object] = {f"p{k}": {"children": names[20 * k : 20 * k + 20]} for k in range(10)}
    spec = parse({**raw, "nodes": {**nodes, "top": {"children": list(nodes)}}}, "large")
    study = prepare(spec, Table(named_units(200), spec.tree.leaves, some_units(200, 200)))
    return measured(lambda: run(study).ranks, 3)


def _tall() -> tuple[Spec, Path]:
    """Specification of 50 indicators, and a file of 100,000 units, written once."""
    raw = {**specification(), "steps": ["treat", {"impute": {"method": "median"}}, "normalise"], "robustness": {}}
    spec = parse(raw, "tall")
    path = Path(tempfile.gettempdir()) / "headway-benchmark-tall.csv"
    if not path.exists():
        frame = pd.DataFrame(
            some_units(100_000, INDICATORS), columns=list(spec.tree.leaves), index=named_units(100_000)
        )
        frame.rename_axis("unit").to_csv(path)
    return spec, path


def reading() -> Measured:
    """A CSV file of 100,000 units × 50 indicators, read."""
    spec, path = _tall()
    return measured(lambda: read_table(path, spec), 2)


def building() -> Measured:
    """Its index, built: treat, impute, normalise, aggregate, rank; the memory is that of reading and building."""
    spec, path = _tall()
    table = read_table(path, spec)
    return measured(lambda: build(spec, table), 2)


def many_units() -> Measured:
    """1,000 alternatives of 10,000 units × 50 indicators with errors in every value, with ranks and tiers."""
    raw = specification()
    raw["robustness"] = {"draws": 1000, "weights": {"concentration": 4}, "measurement": {"default": 0.1}}
    spec = parse(raw, "many")
    study = prepare(spec, Table(named_units(10_000), spec.tree.leaves, some_units(10_000, INDICATORS)))
    return measured(lambda: tiers(run(study)))


ROWS: Mapping[str, tuple[str, Callable[[], Measured]]] = {
    "kernel_24": ("51 units × 49 indicators × 10,000 alternatives, 24 configurations, with ranks", kernel_24),
    "command_24": ("the same from the command: `headway index robustness`", command_24),
    "large_kernel": ("200 units × 200 indicators × 10,000 alternatives, with ranks", large_kernel),
    "reading": ("100,000 units × 50 indicators, read from CSV", reading),
    "building": ("100,000 units × 50 indicators, built (memory: with reading)", building),
    "many_units": ("10,000 units × 50 indicators × 1,000 alternatives, errors in all values, tiers", many_units),
}


def table() -> str:
    """Section of docs/benchmarks.md, each row from a process of its own."""
    lines = ["| what | seconds | CPU seconds | peak memory, MiB |", "|---|---|---|---|"]
    for name, (words, _) in ROWS.items():
        made = subprocess.run(
            [sys.executable, "-m", "benchmarks.standing", name], check=True, capture_output=True, text=True
        )
        cost = json.loads(made.stdout)
        lines.append(f"| {words} | {cost['clock']:.2f} | {cost['cpu']:.2f} | {cost['peak']:,.0f} |")
    load = os.getloadavg()[0]
    about = (
        f"Measured on {dt.date.today()}: {platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}, numpy {np.__version__}. Seconds of the clock are as fair as the machine was "
        f"idle: {load:.0f} programs wanted its {os.cpu_count()} cores at the end. CPU seconds are the process's own."
    )
    return f"## An index\n\n{about}\n\n" + "\n".join(lines)


def pandas_loop(x: np.ndarray, members: int) -> float:
    """Seconds for `MEMBERS` alternatives, measured on `members` of them."""
    frame = pd.DataFrame(x, columns=[f"i{j:02d}" for j in range(INDICATORS)])
    rng = np.random.default_rng(0)
    per = INDICATORS // PILLARS
    start = time.perf_counter()
    for member in range(members):
        scaled = frame.rank() if member % 2 else (frame - frame.min()) / (frame.max() - frame.min()) * 99 + 1
        geometric = member % 4 > 1
        pillars = pd.DataFrame(index=frame.index)
        for k in range(PILLARS):
            part, w = scaled.iloc[:, per * k : per * (k + 1)], rng.dirichlet(np.full(per, 4.0))
            pillars[k] = (
                np.exp(np.log(part).mul(w, axis=1).sum(axis=1)) if geometric else part.mul(w, axis=1).sum(axis=1)
            )
        w = rng.dirichlet(np.full(PILLARS, 4.0))
        top = np.exp(np.log(pillars).mul(w, axis=1).sum(axis=1)) if geometric else pillars.mul(w, axis=1).sum(axis=1)
        top.rank(ascending=False, method="min")
    return (time.perf_counter() - start) / members * MEMBERS


def main() -> None:
    x = np.exp(np.random.default_rng(0).normal(size=(UNITS, INDICATORS)))
    headway(x)
    ours = min(headway(x) for _ in range(3))
    loop = pandas_loop(x, int(sys.argv[1]) if len(sys.argv) > 1 else 200)
    print(f"{MEMBERS:,} alternatives of a {UNITS} × {INDICATORS} index, with ranks")
    print(f"headway      {ours:8.2f} s")
    print(f"pandas loop  {loop:8.2f} s   ({loop / ours:,.0f} times as long)")


if __name__ == "__main__":
    if len(sys.argv) > 1 and sys.argv[1] in ROWS:
        print(json.dumps(ROWS[sys.argv[1]][1]()))
    else:
        main()

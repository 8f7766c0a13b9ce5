"""How long an index takes to read, to build and to shake.

Run: python -m benchmarks.standing [members of the pandas loop, 200 by default]
Four figures: 10,000 alternatives of a 50 × 50 index with ranks, beside the same with a pandas loop; 10,000 alternatives
of 51 units × 49 indicators over 24 configurations; reading and building 100,000 units × 50 indicators.
The loop and its like draw weights for every node and alternate between min-max and rank normalisation and between
arithmetic and geometric means. The pandas loop does for each alternative what an analyst would write; its time is
scaled up.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from headway.standing import Table, build, parse, prepare, read_table, run

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


def configurations_24() -> float:
    """Seconds for scores and ranks of `MEMBERS` alternatives of 51 × 49 over 24 configurations, prepared before."""
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
    spec = parse(
        {
            "name": "configurations", "indicators": names, "nodes": nodes,
            "steps": ["treat", {"normalise": {"lower": 1, "upper": 100}}],
            "robustness": {"draws": MEMBERS, "weights": {"concentration": 4}, "choices": choices},
        },
        "configurations",
    )  # fmt: skip
    x = np.exp(np.random.default_rng(0).normal(size=(51, 49)))
    study = prepare(spec, Table(tuple(f"u{i:02d}" for i in range(51)), spec.tree.leaves, x))
    assert len(study.configurations) == 24
    start = time.perf_counter()
    assert run(study).ranks.shape == (MEMBERS, 51)
    return time.perf_counter() - start


def read_and_build(rows: int = 100_000) -> tuple[float, float]:
    """Seconds to read a CSV file of `rows` units × 50 indicators, and to build its index: treat, impute, normalise."""
    raw = {**specification(), "steps": ["treat", {"impute": {"method": "median"}}, "normalise"], "robustness": {}}
    spec = parse(raw, "read")
    x = np.exp(np.random.default_rng(0).normal(size=(rows, INDICATORS)))
    frame = pd.DataFrame(x, columns=list(spec.tree.leaves)).assign(unit=[f"u{i}" for i in range(rows)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.csv"
        frame.to_csv(path, index=False)
        start = time.perf_counter()
        table = read_table(path, spec)
        read = time.perf_counter() - start
    start = time.perf_counter()
    build(spec, table)
    return read, time.perf_counter() - start


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
    kernel = min(configurations_24() for _ in range(3))
    print(f"{MEMBERS:,} alternatives of a 51 × 49 index over 24 configurations, with ranks: {kernel:.2f} s")
    read, built = read_and_build()
    print(f"100,000 × {INDICATORS}: read in {read:.2f} s, built in {built:.2f} s")


if __name__ == "__main__":
    main()

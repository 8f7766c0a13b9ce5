"""How long 10,000 alternatives of a 50 × 50 index take, with ranks, beside the same with a pandas loop.

Run: python -m benchmarks.standing [members of the pandas loop, 200 by default]
Both draw weights for every node and alternate between min-max and rank normalisation and between arithmetic and
geometric means. The pandas loop does for each alternative what an analyst would write; its time is scaled up.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

from headway.standing import Table, parse, prepare, run

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
    main()

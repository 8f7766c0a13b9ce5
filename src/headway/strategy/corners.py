"""Mixes that span what a budget can do: every lever alone, every pair in halves."""

from __future__ import annotations

import datetime as dt
from itertools import combinations

from headway.strategy.levers import Levers
from headway.strategy.mix import Strategy


def corners(levers: Levers, start: dt.date) -> tuple[Strategy, ...]:
    """Every lever alone and every two in halves, from `start` on."""

    def made(*chosen: str) -> Strategy:
        shares = {name: 1 / len(chosen) for name in chosen}
        label = "--".join(chosen).replace("_", "-").replace("--", "-and-")
        titles = {lever.lever: lever.title for lever in levers.levers}
        title = " + ".join(titles[name].split(" ")[0] for name in chosen)
        return Strategy(strategy=f"only-{label}"[:40].rstrip("-"), title=title[:40], mix={start: shares})

    return tuple(made(*chosen) for size in (1, 2) for chosen in combinations(levers.names, size))

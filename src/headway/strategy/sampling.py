"""Many strategies: mixes that fill the space of what a budget can do, and its corners."""

from __future__ import annotations

import datetime as dt
from itertools import combinations

import numpy as np

from headway.core.numbers import Floats
from headway.core.periods import Grid, laid_out
from headway.strategy.experiment import Portfolio
from headway.strategy.levers import Levers
from headway.strategy.mix import Strategy

PHASES = 2


def within_budget(raw: Floats) -> Floats:
    """Shares of a budget from numbers in [0, 1], (…, phases, levers): scaled down where they add up to more."""
    total = raw.sum(axis=-1, keepdims=True)
    return np.asarray(raw / np.maximum(total, 1))


def mixes(count: int, levers: int, seed: int) -> Floats:
    """Mixes by Latin hypercube, (count, phases, levers).

    McKay, Beckman and Conover, Technometrics 21 (1979), 239–245, doi:10.1080/00401706.1979.10489755. Cubes of the draws
    leave most levers small in most mixes, so that the corners of the space are seen too.
    """
    from scipy.stats import qmc  # a second to import

    raw = qmc.LatinHypercube(PHASES * levers, rng=np.random.default_rng(seed)).random(count) ** 3
    return within_budget(raw.reshape(count, PHASES, levers))


def phased(shares: Floats, budget: float, grid: Grid, days: tuple[dt.date, ...]) -> Floats:
    """Money by strategy, quarter and lever, % of GDP a year, of shares (strategies, phases, levers) by day."""
    weeks = laid_out(grid, days, range(len(days)))
    inside = np.stack([(weeks == phase).mean(axis=1) for phase in range(len(days))])  # (phases, quarters)
    return np.asarray(budget * np.einsum("spl,pq->sql", shares, inside))


def as_portfolio(money: Floats, like: Portfolio, prefix: str = "mix") -> Portfolio:
    """Mixes as strategies with the closest partners and the niches of the first strategy of `like` that has any."""
    count = len(money)
    row = next((row for row in like.niches if row.any()), np.zeros(like.niches.shape[1]))
    names = tuple(f"{prefix}-{k:05d}" for k in range(count))
    return Portfolio(names, money, (0,) * count, np.tile(row, (count, 1)), like.sets)


def joined(first: Portfolio, then: Portfolio) -> Portfolio:
    """Both, in order; they must know the same sets of partners."""
    return Portfolio(
        (*first.names, *then.names),
        np.concatenate([first.money, then.money]),
        (*first.partners, *then.partners),
        np.concatenate([first.niches, then.niches]),
        first.sets,
    )


def corners(levers: Levers, start: dt.date) -> tuple[Strategy, ...]:
    """Every lever alone and every two in halves, from `start` on."""

    def made(*chosen: str) -> Strategy:
        shares = {name: 1 / len(chosen) for name in chosen}
        label = "--".join(chosen).replace("_", "-").replace("--", "-and-")
        titles = {lever.lever: lever.title for lever in levers.levers}
        title = " + ".join(titles[name].split(" ")[0] for name in chosen)
        return Strategy(strategy=f"only-{label}"[:40].rstrip("-"), title=title[:40], mix={start: shares})

    return tuple(made(*chosen) for size in (1, 2) for chosen in combinations(levers.names, size))

"""Is supremacy in reach: the largest probability of ever standing at the frontier that any strategy attains."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from headway.core.numbers import Floats
from headway.strategy.discovery import describe, discover
from headway.strategy.experiment import Experiment, Portfolio
from headway.strategy.mix import shares
from headway.strategy.results import Results
from headway.strategy.rule_induction import Box
from headway.strategy.run import run
from headway.strategy.sampling import as_portfolio, corners, joined

WANTED = 0.05
BUDGETS = (1.0, 2.0, 5.0, 10.0, 20.0)  # % of GDP a year
_NEAREST = 0.05  # share of futures that come nearest to the frontier


@dataclass(frozen=True, eq=False)
class Reach:
    """Attributes:
    strategy: the best of those tried, of how many. probability: of ever standing at the frontier by then.
    status_quo: the same without any strategy.
    by_budget: % of GDP a year → probability with the best strategy tried at that budget.
    budget: least budget of those for the wanted probability; None where none reaches it.
    short: capability that is missing in the futures that come nearest, ECI; negative where they lead.
    rule: what these futures have in common, None where nothing tells them from the others. happening: as in `Results`.
    """

    strategy: str
    tried: int
    probability: float
    status_quo: float
    by_budget: dict[float, float]
    budget: float | None
    short: float
    rule: Box | None
    results: Results


def reached(results: Results) -> Floats:
    """Probability of ever standing at the frontier from now to the end, by strategy, over all futures."""
    return np.asarray((results.flat("lead") >= 0).mean(axis=1))


def reach(
    experiment: Experiment,
    start: dt.date = dt.date(2027, 1, 1),
    more: Portfolio | None = None,
    budgets: Sequence[float] = BUDGETS,
) -> Reach:
    """The largest probability over the experiment's strategies, every lever alone, every pair, and `more` mixes.

    Args:
        budgets: % of GDP a year that are tried beside that of the experiment, to find what 5 % would take.
    """
    budget = experiment.budget
    grid = experiment.world.grid
    own = corners(experiment.levers, start)
    spent = shares(own, experiment.levers, grid)

    def cornered(size: float) -> Portfolio:
        made = as_portfolio(size * spent, experiment.portfolio)
        return made._replace(names=tuple(one.strategy for one in own))

    tried = joined(experiment.portfolio, cornered(budget))
    results = run(experiment.with_portfolio(tried if more is None else joined(tried, more)))
    found = reached(results)
    # Where no strategy ever gets there, the one that comes nearest is taken.
    best = int(np.lexsort((np.quantile(results.flat("lead"), 1 - _NEAREST, axis=1), found))[-1])
    lead = results.flat("lead")[best]
    nearest = lead >= np.quantile(lead, 1 - _NEAREST)

    def chance(size: float) -> float:
        return float(reached(run(experiment.with_portfolio(cornered(size)))).max())

    by_budget = _chances(budget, float(found[best]), budgets, chance)
    enough = [size for size, probability in by_budget.items() if probability >= WANTED]
    return Reach(
        results.names[best],
        len(results.names),
        float(found[best]),
        float(found[0]),
        by_budget,
        min(enough, default=None),
        float(-np.median(lead[nearest])),
        discover(describe(results, results.names[best]), np.asarray(nearest)),
        results,
    )


def _chances(
    budget: float, now: float, budgets: Sequence[float], chance: Callable[[float], float]
) -> dict[float, float]:
    """Budget → probability: of the budget asked, then of larger ones until one reaches the wanted probability.

    The largest is tried first: where it does not reach it, the others need not be tried.
    """
    found = {budget: now}
    larger = sorted(size for size in budgets if size > budget)
    if not larger or now >= WANTED:
        return found
    found[larger[-1]] = chance(larger[-1])
    if found[larger[-1]] < WANTED:
        return found
    for size in larger[:-1]:
        found[size] = chance(size)
        if found[size] >= WANTED:
            break
    return dict(sorted(found.items()))

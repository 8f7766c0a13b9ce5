"""Many-objective search over mixes at a budget: the strategies that no other beats on every objective.

NSGA-II: Deb, Pratap, Agarwal and Meyarivan, IEEE Transactions on Evolutionary Computation 6 (2002), 182–197,
doi:10.1109/4235.996017; its implementation is pymoo's.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from headway.core.errors import InputError
from headway.core.numbers import Floats
from headway.strategy.experiment import Experiment
from headway.strategy.judgement import loss
from headway.strategy.outcomes import OBJECTIVES
from headway.strategy.results import Results
from headway.strategy.run import run
from headway.strategy.sampling import PHASES, as_portfolio, mixes, phased, within_budget

POPULATION = 64
GENERATIONS = 25
COST = "cost"
Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Pareto:
    """Strategies that no other strategy tried beats on every objective.

    Attributes:
        shares: share of the budget, (strategies, phases, levers). days: first day of each phase.
        means: objective or `cost` → mean over futures, in its unit, (strategies,).
        status_quo: the same means without any strategy. tried: how many were run.
        results: of these strategies in all futures.
    """

    shares: Floats
    days: tuple[dt.date, ...]
    means: dict[str, Floats]
    status_quo: dict[str, float]
    tried: int
    results: Results


def phases(experiment: Experiment, start: dt.date = dt.date(2027, 1, 1)) -> tuple[dt.date, ...]:
    """First days of the phases: the start, and half of the way to the end."""
    end = float(experiment.world.grid.years[-1])
    first = max(start.year, int(np.ceil(experiment.world.grid.years[experiment.world.known - 1])))
    if end - first < PHASES:
        raise InputError(f"a search needs at least {PHASES} years to plan for; give a later --until")
    return tuple(dt.date(first + round((end - first) / PHASES * k), 1, 1) for k in range(PHASES))


def search(
    experiment: Experiment,
    *,
    population: int = POPULATION,
    generations: int = GENERATIONS,
    progress: Progress = lambda done, of: None,
) -> Pareto:
    """Search the mixes at a budget for those that no other beats on the mean of every objective and on cost.

    Raises:
        InputError: pymoo is not installed, or the run ends too soon.
    """
    levers = len(experiment.levers.names)
    days = phases(experiment)

    def measured(shares: Floats) -> tuple[Results, Floats]:
        money = phased(shares, experiment.budget, experiment.world.grid, days)
        results = run(experiment.with_portfolio(as_portfolio(money, experiment.portfolio)))
        table = [loss(name, results.flat(name)).mean(axis=1) for name in OBJECTIVES]
        return results, np.column_stack([*table, results.experiment.cost])

    found = _evolve(measured, levers, experiment.seed, population, generations, progress)
    shares = within_budget(found.reshape(-1, PHASES, levers))
    results, table = measured(shares)
    quiet, _ = measured(np.zeros((1, PHASES, levers)))
    status_quo = {name: float(quiet.flat(name).mean()) for name in OBJECTIVES} | {COST: 0.0}
    means = {name: results.flat(name).mean(axis=1) for name in OBJECTIVES} | {COST: table[:, -1]}
    return Pareto(shares, days, means, status_quo, population * generations, results)


def undominated(losses: Floats) -> np.ndarray:
    """Rows that no other row is at most as large as in every column and smaller in one, as truths.

    Args:
        losses: (rows, columns), less is better.
    """
    table = np.asarray(losses, np.float64)
    no_worse = (table[:, None] <= table[None]).all(axis=-1)
    better = (table[:, None] < table[None]).any(axis=-1)
    return np.asarray(~(no_worse & better).any(axis=0))


def _evolve(
    measured: Callable[[Floats], tuple[Results, Floats]],
    levers: int,
    seed: int,
    population: int,
    generations: int,
    progress: Progress,
) -> Floats:
    """Numbers in [0, 1] of the undominated strategies, (strategies, phases · levers)."""
    try:
        from pymoo.algorithms.moo.nsga2 import NSGA2
        from pymoo.core.problem import Problem
        from pymoo.optimize import minimize
    except ImportError as error:
        raise InputError("a search needs pymoo: pip install 'headway[strategy]'") from error

    class Mixes(Problem):  # type: ignore[misc]
        done = 0

        def _evaluate(self, x: Any, out: dict[str, Any], *args: Any, **kwargs: Any) -> None:
            out["F"] = measured(within_budget(np.asarray(x).reshape(-1, PHASES, levers)))[1]
            self.done += 1
            progress(self.done, generations)

    size = PHASES * levers
    pure = np.tile(np.eye(levers), (1, PHASES))
    first = np.concatenate(
        [pure, np.zeros((1, size)), mixes(max(population - levers - 1, 0), levers, seed).reshape(-1, size)]
    )
    problem = Mixes(n_var=size, n_obj=len(OBJECTIVES) + 1, xl=0.0, xu=1.0)
    algorithm = NSGA2(pop_size=population, sampling=first[:population])
    result = minimize(problem, algorithm, ("n_gen", generations), seed=seed, verbose=False)
    best = np.atleast_2d(np.asarray(result.X, np.float64))
    return np.asarray(best[undominated(np.atleast_2d(np.asarray(result.F, np.float64)))])

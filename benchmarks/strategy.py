"""The same experiment on the same model in EMA Workbench: strategies × futures, and PRIM on its outcome.

python -m benchmarks strategy
"""

from __future__ import annotations

import logging
import time
import warnings
from inspect import unwrap

import jax
import numpy as np
import pandas as pd

from headway.ensemble.compiled import OPTIONS
from headway.evidence import open_evidence
from headway.inference.posterior import chosen_for
from headway.strategy.discovery import DEFAULT, describe, failed
from headway.strategy.experiment import Experiment
from headway.strategy.judgement import judgement
from headway.strategy.outcomes import OUTCOMES
from headway.strategy.question import ask, with_sample
from headway.strategy.results import Results
from headway.strategy.rule_induction import prim
from headway.strategy.run import run
from headway.strategy.simulation import simulate_strategies

COUNTRY = "KOR"
FEW, MANY = 64, 256  # draws
MIXES = 992  # beside the eight named strategies
_STRATEGY = "head-on"


def table() -> str:
    """Runs per second of the same design, and how well the same cases are described."""
    evidence = open_evidence()
    fit = chosen_for(evidence)
    small = ask(evidence, COUNTRY, draws=FEW, posterior=fit)
    large = with_sample(ask(evidence, COUNTRY, draws=MANY, posterior=fit), MIXES)
    results = run(small)
    seconds, found = _in_workbench(small)
    if not np.allclose(found, results.outcomes[:, :, 0], rtol=1e-3, atol=1e-2):
        raise SystemExit("EMA Workbench computes something else: the comparison would be void")
    theirs = len(small.portfolio.names) * FEW / seconds
    run(large)  # compiles
    start = time.perf_counter()
    run(large)
    runs = len(large.portfolio.names) * MANY * len(large.happenings)
    ours = runs / (time.perf_counter() - start)
    lines = [
        "| what | strategies × futures | runs per second | Headway is faster by |",
        "|---|---|---|---|",
        f"| Headway | {len(large.portfolio.names):,} × {MANY * len(large.happenings):,} | {ours:,.0f} | 1 |",
        f"| EMA Workbench, sequential | {len(small.portfolio.names)} × {FEW} | {theirs:,.0f} | {ours / theirs:,.0f} |",
    ]
    about = (
        f"{COUNTRY} alone against a held world until {small.world.grid.names[-1]}, all outcomes; outcomes agree to "
        "0.1 %. The workbench calls the same compiled model once for each strategy and future; Headway hands "
        "over all at once."
    )
    rules = _prim(run(ask(evidence, COUNTRY, posterior=fit)))
    return f"## Strategies in futures\n\n{about}\n\n" + "\n".join(lines) + "\n\n" + rules


def _in_workbench(experiment: Experiment) -> tuple[float, np.ndarray]:
    """Seconds, and outcomes (strategies, outcomes, draws), of the first happening."""
    from ema_workbench import ArrayOutcome, IntegerParameter, Model, Policy, SequentialEvaluator
    from ema_workbench.em_framework.points import Scenario
    from ema_workbench.util import ema_logging

    ema_logging.get_rootlogger().setLevel(logging.ERROR)
    baseline = experiment.built(0, 0)
    whole = baseline.factors.shape[-1]

    def only(member: int) -> object:
        cut = slice(member, member + 1)
        return jax.tree.map(lambda leaf: leaf[..., cut] if leaf.ndim and leaf.shape[-1] == whole else leaf, baseline)

    ready = [only(member) for member in range(FEW)]
    count = len(experiment.portfolio.names)

    def alone(strategy: int) -> object:
        return jax.tree.map(lambda leaf: leaf[strategy : strategy + 1], experiment.moves)

    moves = [alone(strategy) for strategy in range(count)]
    effects = experiment.levers.effects
    # The least overhead per call.
    quick = jax.jit(unwrap(simulate_strategies), static_argnames="effects", compiler_options=OPTIONS)

    def one(member: int = 0, strategy: int = 0) -> dict[str, np.ndarray]:
        outcomes, _ = quick(ready[member], moves[strategy], effects)
        return {"outcomes": np.asarray(outcomes)[0, :, 0]}

    one()  # compiles
    model = Model("headway", function=one)
    model.uncertainties = [IntegerParameter("member", 0, FEW - 1)]
    model.levers = [IntegerParameter("strategy", 0, len(moves) - 1)]
    model.outcomes = [ArrayOutcome("outcomes")]
    with SequentialEvaluator(model) as evaluator:
        start = time.perf_counter()
        experiments, outcomes = evaluator.perform_experiments(
            scenarios=[Scenario(str(m), member=m) for m in range(FEW)],
            policies=[Policy(str(s), strategy=s) for s in range(len(moves))],
        )
        seconds = time.perf_counter() - start
    found = np.zeros((len(moves), len(OUTCOMES), FEW))
    found[experiments["strategy"].astype(int), :, experiments["member"].astype(int)] = outcomes["outcomes"]
    return seconds, found


def _prim(results: Results) -> str:
    """The best box of both trajectories, by the harmonic mean of coverage and density."""
    from ema_workbench.analysis.prim import Prim

    columns = describe(results, _STRATEGY)
    cases = failed(results, _STRATEGY, DEFAULT, judgement())
    start = time.perf_counter()
    ours = [(box.coverage, box.density) for box in prim(columns, cases)]
    seconds = time.perf_counter() - start
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start = time.perf_counter()
        box = Prim(pd.DataFrame(columns), cases, threshold=0.1, peel_alpha=0.05, mass_min=0.05).find_box()
        their_seconds = time.perf_counter() - start
    theirs = [tuple(row) for row in box.peeling_trajectory[["coverage", "density"]].to_numpy()]

    def best(trajectory: list[tuple[float, float]]) -> tuple[float, float]:
        return max(trajectory, key=lambda cd: 2 * cd[0] * cd[1] / max(sum(cd), 1e-9))

    rows = [("Headway", best(ours), seconds), ("EMA Workbench", best(theirs), their_seconds)]
    lines = ["| PRIM | coverage | density | seconds |", "|---|---|---|---|"]
    lines += [f"| {name} | {coverage:.2f} | {density:.2f} | {took:.2f} |" for name, (coverage, density), took in rows]
    about = (
        f"Where '{_STRATEGY}' fails: {cases.mean():.0%} of {len(cases):,} futures, {len(columns)} columns. "
        "The box of each trajectory with the best balance of coverage and density, before anything is pruned."
    )
    return f"## Scenario discovery\n\n{about}\n\n" + "\n".join(lines)


if __name__ == "__main__":
    print(table())

"""What came out: every strategy in every future, and what can be said of each strategy over all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from headway.assumptions.distributions import Floats
from headway.errors import ModelError
from headway.strategy import regret, robustness
from headway.strategy.experiment import Experiment
from headway.strategy.judgement import Judgement, loss
from headway.strategy.outcomes import OBJECTIVES, OUTCOMES

LEVEL = 0.9
REGRET = 0.9  # share of futures in which regret stays below the reported one; the largest of all grows with the sample


@dataclass(frozen=True, eq=False)
class Results:
    """Attributes:
    outcomes: (strategies, outcomes, happenings, draws). status: (strategies, happenings, draws).
    """

    experiment: Experiment
    outcomes: npt.NDArray[np.float32]
    status: npt.NDArray[np.int8]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the strategies."""
        return self.experiment.portfolio.names

    @cached_property
    def good(self) -> npt.NDArray[np.bool_]:
        """Draws in which every strategy ran to the end under everything that may happen, (draws,).

        Raises:
            ModelError: fewer than half of them did.
        """
        good = (self.status == 0).all(axis=(0, 1))
        if 2 * good.sum() < len(good):
            raise ModelError(f"only {good.sum()} of {len(good)} draws ran to the end in all futures")
        return np.asarray(good)

    @property
    def futures(self) -> int:
        """Number of futures that strategies are compared over."""
        return int(self.good.sum()) * len(self.experiment.happenings)

    def of(self, outcome: str) -> Floats:
        """One outcome of every strategy, (strategies, happenings, good draws)."""
        k = list(OUTCOMES).index(outcome)
        return np.asarray(self.outcomes[:, k][..., self.good], np.float64)

    def flat(self, outcome: str) -> Floats:
        """The same over all futures, (strategies, futures); happenings one after another."""
        return self.of(outcome).reshape(len(self.names), -1)

    def row(self, name: str) -> int:
        """Position of a strategy."""
        return self.names.index(name)


@dataclass(frozen=True)
class Effect:
    """One strategy on one objective, against the reference strategy in the same futures; in the unit of the objective.

    Attributes:
        value: mean over all futures, with the ends of its interval. gain: mean improvement, positive is good, likewise.
        regret: what it falls short of the best strategy, at most, in nine of ten futures; largest: in the worst one.
        enough: share of futures in which the objective is good enough.
        by_happening: mean gain under each thing that may happen.
    """

    value: tuple[float, float, float]
    gain: tuple[float, float, float]
    regret: float
    largest: float
    enough: float
    by_happening: tuple[float, ...]


def effects(results: Results, judged: Judgement, reference: int = 0) -> list[dict[str, Effect]]:
    """What every strategy does to every objective; one entry per strategy. `reference` is compared with."""
    made: list[dict[str, Effect]] = [{} for _ in results.names]
    for objective in OBJECTIVES:
        values = results.of(objective)
        lost = loss(objective, values)
        gain = lost[reference] - lost
        flat, flat_gain = (table.reshape(len(values), -1) for table in (values, gain))
        flat_loss = lost.reshape(len(values), -1)
        regrets, largest = (regret.largest_regret(flat_loss, content) for content in (REGRET, 1.0))
        enough = np.mean(flat_loss <= loss(objective, judged.objectives[objective].enough), axis=1)
        for s, one in enumerate(made):
            one[objective] = Effect(
                _interval(flat[s]),
                _interval(flat_gain[s]),
                float(regrets[s]),
                float(largest[s]),
                float(enough[s]),
                tuple(gain[s].mean(axis=-1)),
            )
    return made


@dataclass(frozen=True)
class Overall:
    """All objectives taken together, in months of lag; each (strategies,).

    Attributes:
        loss: mean over futures. regret, largest: as in `Effect`. enough: share of futures in which all are good enough.
    """

    loss: Floats
    regret: Floats
    largest: Floats
    enough: Floats


def losses(results: Results, judged: Judgement) -> Floats:
    """The joint loss, months of lag, (strategies, happenings, good draws)."""
    return judged.loss({objective: results.of(objective) for objective in OBJECTIVES})


def overall(results: Results, judged: Judgement) -> Overall:
    """Expected loss, regret and satisficing share over all objectives."""
    table = losses(results, judged).reshape(len(results.names), -1)
    reached = judged.reached({objective: results.flat(objective) for objective in OBJECTIVES})
    return Overall(
        robustness.expected(table),
        regret.largest_regret(table, REGRET),
        regret.largest_regret(table),
        np.mean(np.all(list(reached.values()), axis=0), axis=1),
    )


def _interval(values: Floats) -> tuple[float, float, float]:
    low, high = robustness.within(values, LEVEL)
    mean = float(values.mean())
    return mean, min(float(low), mean), max(float(high), mean)

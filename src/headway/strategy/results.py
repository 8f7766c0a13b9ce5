"""Results: every strategy in every future, and statistics of each strategy over all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import numpy.typing as npt

from headway.core.errors import InputError, ModelError
from headway.core.numbers import Floats
from headway.strategy import robustness
from headway.strategy.experiment import Experiment
from headway.strategy.judgement import Objectives, loss
from headway.strategy.outcomes import OBJECTIVES, OUTCOMES, REPORTED

LEVEL = 0.9
_TOGETHER = 256  # strategies summed up at a time
_TOLD = 20
_LEAST_EXPOSURE = 1.0  # months of lag below which nobody need be told
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

    def of(self, outcome: str, rows: slice = slice(None)) -> Floats:
        """One outcome of some strategies, (strategies, happenings, good draws)."""
        k = list(OUTCOMES).index(outcome)
        return np.asarray(self.outcomes[rows, k][..., self.good], np.float64)

    def flat(self, outcome: str, rows: slice = slice(None)) -> Floats:
        """The same over all futures, (strategies, futures); happenings one after another."""
        found = self.of(outcome, rows)
        return found.reshape(len(found), -1)

    def row(self, name: str) -> int:
        """Position of a strategy.

        Raises:
            InputError: no strategy of that name.
        """
        if name not in self.names:
            raise InputError(f"no strategy '{name}'; there are {', '.join(self.names[:_TOLD])}")
        return self.names.index(name)

    def parts(self) -> Iterator[slice]:
        """The strategies, so many at a time that memory stays bounded."""
        for first in range(0, len(self.names), _TOGETHER):
            yield slice(first, first + _TOGETHER)


@dataclass(frozen=True)
class Effect:
    """One strategy on one objective, against the reference strategy in the same futures; in the unit of the objective.

    Attributes:
        value: mean over all futures, with the ends of its interval. gain: mean improvement, positive is good, likewise.
        regret: what it falls short of the best strategy, at most, in nine of ten futures; largest: in the worst one.
        enough: share of futures in which the objective is good enough; NaN for an outcome that is none.
        by_happening: mean gain under each thing that may happen.
    """

    value: tuple[float, float, float]
    gain: tuple[float, float, float]
    regret: float
    largest: float
    enough: float
    by_happening: tuple[float, ...]


def effects(results: Results, judged: Objectives, reference: int = 0) -> list[dict[str, Effect]]:
    """Effects of every strategy on every objective and on `REPORTED`, against `reference`; one entry per strategy."""
    made: list[dict[str, Effect]] = [{} for _ in results.names]
    for objective in (*OBJECTIVES, *REPORTED):
        best = _best(results, partial(_flat_loss, results, objective))
        compared = loss(objective, results.of(objective, slice(reference, reference + 1)))
        bound = loss(objective, judged.objectives[objective].enough) if objective in OBJECTIVES else None
        for rows in results.parts():
            values = results.of(objective, rows)
            lost = loss(objective, values)
            gain = compared - lost
            flat, flat_gain, flat_loss = (table.reshape(len(values), -1) for table in (values, gain, lost))
            regrets, largest = (robustness.largest_regret(flat_loss, content, best) for content in (REGRET, 1.0))
            enough = np.full(len(values), np.nan) if bound is None else (flat_loss <= bound).mean(axis=1)
            for s, one in enumerate(made[rows]):
                one[objective] = Effect(
                    _interval(flat[s]),
                    _interval(flat_gain[s]),
                    float(regrets[s]),
                    float(largest[s]),
                    float(enough[s]),
                    tuple(float(mean) for mean in gain[s].mean(axis=-1)),
                )
    return made


@dataclass(frozen=True)
class Overall:
    """All objectives taken together, in months of lag; each (strategies,).

    Attributes:
        loss: mean over futures. regret, largest: as in `Effect`. enough: share of futures in which all are good enough.
        by_happening: mean loss under each thing that may happen, (strategies, happenings).
    """

    loss: Floats
    regret: Floats
    largest: Floats
    enough: Floats
    by_happening: Floats


def losses(results: Results, judged: Objectives, rows: slice = slice(None)) -> Floats:
    """The joint loss of some strategies, months of lag, (strategies, happenings, good draws)."""
    return judged.loss({objective: results.of(objective, rows) for objective in OBJECTIVES})


def overall(results: Results, judged: Objectives) -> Overall:
    """Expected loss, regret and satisficing share over all objectives."""

    def flat(rows: slice) -> Floats:
        table = losses(results, judged, rows)
        return table.reshape(len(table), -1)

    best = _best(results, flat)
    parts = []
    for rows in results.parts():
        table = losses(results, judged, rows)
        whole = table.reshape(len(table), -1)
        reached = judged.reached({objective: results.flat(objective, rows) for objective in OBJECTIVES})
        parts.append(
            (
                robustness.expected(whole),
                robustness.largest_regret(whole, REGRET, best),
                robustness.largest_regret(whole, 1.0, best),
                np.mean(np.all(list(reached.values()), axis=0), axis=1),
                table.mean(axis=-1),
            )
        )
    return Overall(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _flat_loss(results: Results, objective: str, rows: slice) -> Floats:
    return loss(objective, results.flat(objective, rows))


def _best(results: Results, flat: Callable[[slice], Floats]) -> Floats:
    """Least loss of all strategies in each future, (futures,)."""
    result: Floats = np.min([flat(rows).min(axis=0) for rows in results.parts()], axis=0)
    return result


def _interval(values: Floats) -> tuple[float, float, float]:
    low, high = robustness.within(values, LEVEL)
    mean = float(values.mean())
    return mean, min(float(low), mean), max(float(high), mean)


@dataclass(frozen=True)
class Exposure:
    """Event by name, and its cost in months of lag over all objectives together, mean over draws."""

    happening: str
    phrase: str
    months: float


def exposures(results: Results, whole: Overall) -> list[list[Exposure]]:
    """Exposures of each strategy, the worst first. The other events are compared with the first."""
    made = []
    for row in whole.by_happening:
        found = [
            Exposure(one.what.name, one.what.phrase, float(after - row[0]))
            for one, after in zip(results.experiment.happenings[1:], row[1:], strict=True)
        ]
        made.append(sorted((one for one in found if one.months > _LEAST_EXPOSURE), key=lambda one: -one.months))
    return made

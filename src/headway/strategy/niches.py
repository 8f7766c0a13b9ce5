"""Break-even values of niches: the yield, and the accessible capability, from which a niche makes up for the lag.

Nobody has an outcome series of a niche, so there is no winner here: a niche pays if its yield v is above v*.
"""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from headway.core.numbers import Floats
from headway.ensemble.compiled import compiled
from headway.ensemble.simulation import BLOCK
from headway.model.niches import break_even_yield, domain_assets
from headway.model.simulate import QUARTER
from headway.strategy.baseline import BaselineBlock
from headway.strategy.levers import Effect
from headway.strategy.outcomes import OUTCOMES, rented_at_end
from headway.strategy.results import Results
from headway.strategy.simulation import Moves, changed


@dataclass(frozen=True)
class BreakEven:
    """Of one niche under one strategy, at the end of the run; arrays are (draws,).

    Attributes:
        least: v*, points of domain asset per year at effort 1 from which the niche makes up for the lag; infinite where
            no effort is made, 0 where there is no lag to make up for. above: where the drawn yield is above it.
        threshold: accessible capability from which it does so with the drawn yield, ECI. allowed: how far that is below
            the frontier, ECI. short: how far accessible capability is below the frontier, ECI. rented_short: the same
            with rented models.
    """

    niche: str
    least: Floats
    above: Floats
    threshold: Floats
    allowed: Floats
    short: Floats
    rented_short: Floats


def break_even(results: Results, strategy: str, happening: int = 0) -> list[BreakEven]:
    """Break-even values of every niche that the strategy puts effort into, over the draws under one happening."""
    experiment, row = results.experiment, results.row(strategy)
    move = Moves(*(leaf[row] for leaf in experiment.moves))
    gap = results.outcomes[row, list(OUTCOMES).index("gap"), happening]
    found = []
    for first in range(0, experiment.draws, BLOCK):
        some = np.asarray(gap[first : first + BLOCK], np.float32)
        padded = jax.device_put(np.pad(some, (0, BLOCK - len(some))))  # the draws of a block that were not asked for
        values = _read(experiment.built(happening, first), move, padded, experiment.levers.effects)
        found.append([np.asarray(value, np.float64) for value in values])
    least, above, threshold, allowed, short, rented_short = (
        np.concatenate(parts, axis=-1)[..., : experiment.draws] for parts in zip(*found, strict=True)
    )
    return [
        BreakEven(niche, least[k], above[k], threshold[k], allowed[k], short, rented_short)
        for k, niche in enumerate(experiment.registry.niche_names)
        if np.isfinite(least[k]).any()
    ]


@compiled("effects")
def _read(
    baseline: BaselineBlock, move: Moves, gap: Array, effects: tuple[tuple[int, Effect], ...]
) -> tuple[Array, ...]:
    made = changed(baseline, move, effects)
    frontier = baseline.around.others[-1]
    reach = jnp.maximum(frontier - gap, baseline.around.usable)
    short = jnp.maximum(frontier - reach, 0)
    rental = rented_at_end(baseline.inputs.parameters.capability, baseline.around, made.paths)
    rented_short = jnp.maximum(frontier - jnp.maximum(reach, rental), 0)
    weight = baseline.niche.weight
    shortfall = jnp.broadcast_to(weight * short, (len(made.effort), *weight.shape))
    least = break_even_yield(baseline.niche, shortfall, made.effort, QUARTER)[-1]
    allowed = domain_assets(baseline.niche, made.effort, QUARTER)[-1] / weight
    return least, baseline.niche.yield_ >= least, frontier - allowed, allowed, short, rented_short

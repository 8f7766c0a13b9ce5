"""Running strategies against a baseline: all of them in every draw, the rest of the world held."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from headway.ensemble.compiled import compiled
from headway.model import simulate
from headway.strategy.baseline import BaselineBlock
from headway.strategy.effects import Changed, change
from headway.strategy.levers import Effect
from headway.strategy.outcomes import outcomes, rented_at_end

TOGETHER = 16  # strategies in one pass: the states of all of them stay in the cache


class Moves(NamedTuple):
    """Strategies as arrays, the strategy first.

    Attributes:
        money: at work on each lever, % of GDP a year, (strategies, quarters from now, levers).
        partners: which set of partners, (strategies,). niches: share of niche money by niche, (strategies, niches).
    """

    money: Array
    partners: Array
    niches: Array


def changed(baseline: BaselineBlock, move: Moves, effects: tuple[tuple[int, Effect], ...]) -> Changed:
    """The country's paths and niche effort under one strategy."""
    inputs = baseline.inputs
    return change(
        inputs.paths,
        baseline.ground,
        inputs.parameters,
        effects,
        money=move.money,
        factors=baseline.factors,
        niches=move.niches,
    )


@compiled("effects")
def simulate_strategies(
    baseline: BaselineBlock, moves: Moves, effects: tuple[tuple[int, Effect], ...]
) -> tuple[Array, Array]:
    """Outcomes of every strategy in every draw, (strategies, outcomes, members), and each run's status."""
    assert baseline.inputs.outside is not None
    outside = baseline.inputs.outside

    def one(move: Moves) -> tuple[Array, Array]:
        made = changed(baseline, move, effects)
        inputs = baseline.inputs._replace(
            paths=made.paths, outside=outside._replace(partner_level=baseline.partner_level[move.partners])
        )
        run = simulate(inputs, ("sovereign",))
        rental = rented_at_end(inputs.parameters.capability, baseline.around, made.paths)
        found = outcomes(run.series["sovereign"][:, 0], rental, baseline.around, baseline.niche, made.effort)
        return found, run.status.astype(jnp.int8)

    result: tuple[Array, Array] = jax.lax.map(one, moves, batch_size=min(TOGETHER, len(moves.partners)))
    return result

"""Error of holding the rest of the world: some strategies in a full run of the world, beside the country alone."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from headway.ensemble.compiled import compiled
from headway.model import Inputs, simulate
from headway.strategy.baseline import BaselineBlock, TimeIndex, surrounding
from headway.strategy.experiment import Experiment
from headway.strategy.levers import Effect
from headway.strategy.outcomes import OUTCOMES, outcomes, rented_at_end
from headway.strategy.simulation import TOGETHER, Moves, changed, simulate_strategies

MEMBERS = 32  # draws that the full world is run for


@dataclass(frozen=True, slots=True)
class BlockApproximationError:
    """Full world less country alone, in the unit of the outcome.

    Attributes:
        typical: mean absolute difference over strategies of the mean over draws. largest: the largest, with its sign.
        strategy: where the largest is. strategies, draws: how many were compared.
    """

    typical: float
    largest: float
    strategy: str
    strategies: int
    draws: int


def errors(experiment: Experiment, happening: int = 0) -> dict[str, BlockApproximationError]:
    """Differences by outcome over the first strategies, at most `TOGETHER`, under one thing that may happen."""
    baseline = experiment.built(happening, 0)
    whole = baseline.factors.shape[-1]
    few = min(MEMBERS, experiment.draws)

    def first(leaf: Array) -> Array:
        return leaf[..., :few] if leaf.ndim and leaf.shape[-1] == whole else leaf

    baseline = jax.tree.map(first, baseline)
    count = min(len(experiment.portfolio.names), TOGETHER)
    moves = jax.tree.map(lambda leaf: leaf[:count], experiment.moves)
    effects = experiment.levers.effects
    alone, _ = simulate_strategies(baseline, moves, effects)
    world = experiment.world
    when = TimeIndex(world.known - 1, world.frontiers.first)
    rows = jnp.asarray(experiment.partner_rows, jnp.float32)
    full = in_the_world(baseline, moves, effects, rows, jnp.asarray(experiment.position), when)
    difference = np.asarray(full - alone, float).mean(axis=-1)
    found = {}
    for k, name in enumerate(OUTCOMES):
        worst = int(np.abs(difference[:, k]).argmax())
        found[name] = BlockApproximationError(
            float(np.abs(difference[:, k]).mean()),
            float(difference[worst, k]),
            experiment.portfolio.names[worst],
            count,
            few,
        )
    return found


@compiled("effects", "when")
def in_the_world(
    baseline: BaselineBlock,
    moves: Moves,
    effects: tuple[tuple[int, Effect], ...],
    partners: Array,
    focal: Array,
    when: TimeIndex,
) -> Array:
    """As `simulate_strategies`, in a run of the whole world, (strategies, outcomes, members).

    Args:
        partners: partner weights of each set of partners, (sets, countries).
    """

    def one(move: Moves) -> Array:
        made = changed(baseline, move, effects)
        world = _with(baseline.world, made.paths, partners[move.partners], focal, when.now)
        best = simulate(world, ("sovereign",)).series["sovereign"]
        around = surrounding(world, best, focal, when)
        rental = rented_at_end(world.parameters.capability, around, made.paths)
        return outcomes(best[when.now :, focal], rental, around, baseline.niche, made.effort)

    result: Array = jax.lax.map(one, moves)
    return result


def _with(world: Inputs, paths: object, partners: Array, focal: Array, now: int) -> Inputs:
    """The world with the country's paths and partners replaced from date `now` on."""

    def placed(whole: Array, own: Array) -> Array:
        if whole.shape[1] == 1:  # the same for all countries: dates and prices
            return whole
        wide = jnp.broadcast_to(whole, (*whole.shape[:2], max(own.shape[-1], whole.shape[-1])))
        return wide.at[now:, focal].set(jnp.broadcast_to(own[:, 0], wide[now:, focal].shape))

    table = world.geography.partners  # absent where nobody collaborates
    table = jnp.zeros_like(world.geography.closeness) if table is None else table
    geography = world.geography._replace(partners=table.at[focal].set(partners))
    return world._replace(paths=jax.tree.map(placed, world.paths, paths), geography=geography)

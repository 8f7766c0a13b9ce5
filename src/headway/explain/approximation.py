"""What holding the rest of the world costs: the same counterfactuals in a full run, for a few coalitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from headway.ensemble.compiled import compiled
from headway.explain.causes import Cause
from headway.explain.coalitions import Game, evaluate_coalitions, removals, without
from headway.explain.gaps import METRICS, RECORDED, Gaps, QuarterIndex, gaps
from headway.explain.setting import Setting
from headway.model import Inputs, simulate

MEMBERS = 32  # draws that the full world is run for


@dataclass(frozen=True, slots=True)
class PairApproximationError:
    """Full-world gap less fixed-world gap, mean over draws, in the unit of the scale.

    Attributes:
        typical: mean absolute difference over the coalitions. largest: the largest, with its sign.
        acting: the causes that act in that coalition. coalitions, draws: how many were compared.
    """

    typical: float
    largest: float
    acting: tuple[str, ...]
    coalitions: int
    draws: int


def errors(block: Setting, causes: tuple[Cause, ...]) -> Mapping[str, PairApproximationError]:
    """Differences at the last date, by scale: nothing taken away, each cause alone taken away, all taken away."""
    count = len(causes)
    acting = np.vstack([np.ones(count, bool), ~np.eye(count, dtype=bool), np.zeros(count, bool)])
    changes, _ = removals(block.two, causes)
    members = block.rest.shape[-1]
    few = min(MEMBERS, members)

    def first(leaf: Array) -> Array:
        return leaf[..., :few] if leaf.ndim and leaf.shape[-1] == members else leaf

    game, world = jax.tree.map(first, (Game(block.two.inputs, changes, block.rest), block.world))
    held = evaluate_coalitions(game, jnp.asarray(acting), block.when)
    full = _play_world(world, game, jnp.asarray(acting), block.positions, block.when)
    found = {}
    for metric in METRICS:
        difference = np.asarray(getattr(full, metric) - getattr(held, metric), float)[:, -1].mean(axis=-1)
        worst = int(np.abs(difference).argmax())
        there = tuple(cause.cause for cause, acts in zip(causes, acting[worst], strict=True) if acts)
        found[metric] = PairApproximationError(
            float(np.abs(difference).mean()), float(difference[worst]), there, len(acting), few
        )
    return found


@compiled("when")
def _play_world(world: Inputs, game: Game, acting: Array, at: Array, when: QuarterIndex) -> Gaps:
    """As `play`, in a run of the whole world."""

    def one(row: Array) -> Gaps:
        taken = 1 - row.astype(game.rest.dtype)
        series = simulate(without(world, taken, game.removals, at), RECORDED).series
        pair = {name: values[:, at] for name, values in series.items()}
        rest = series["compute"].sum(axis=1) - pair["compute"].sum(axis=1)
        return gaps(pair, rest, when)

    return jax.lax.map(one, acting)

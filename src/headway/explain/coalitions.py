"""Running every coalition of causes: which causes act is a row of truths, all rows and all draws run together."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from headway.ensemble.compiled import compiled
from headway.explain.causes import HANDLES, LEAST, Cause, Difference, Two, leaf_of
from headway.explain.setting import RECORDED, Gaps, QuarterIndex, gaps
from headway.model import Inputs, simulate

_TOGETHER = 32  # coalitions in one pass: the states of all of them stay in the cache

Removal = tuple[Difference, ...]
"""What taking a cause away adds to the inputs."""


class Game(NamedTuple):
    """Everything that a coalition's gap depends on.

    Attributes:
        inputs: the two countries, subject first, against the held world. removals: one per cause.
        rest: compute of all other countries, H100e, (quarters, members).
    """

    inputs: Inputs
    removals: tuple[Removal, ...]
    rest: Array


@compiled("causes")
def removals(two: Two, causes: tuple[Cause, ...]) -> tuple[tuple[Removal, ...], Array]:
    """Changes of the inputs that take each cause away, and a mask of the causes that change anything, (causes,)."""
    made = tuple(
        tuple(difference for each in cause.replace for difference in HANDLES[each.what].differences(two, each.by))
        for cause in causes
    )
    acts = [jnp.any(jnp.asarray([jnp.any(each.amount != 0) for each in removal])) for removal in made]
    return made, jnp.stack(acts)


def without(inputs: Inputs, taken: Array, removals: tuple[Removal, ...], at: Array | None = None) -> Inputs:
    """The inputs with causes taken away.

    Args:
        taken: 1 where a cause is taken away, else 0, (causes,).
        at: positions of subject and rival on the country axis; None where the inputs hold just these two.
    """
    sums: dict[tuple[str, bool], Array] = {}
    for weight, removal in zip(taken, removals, strict=True):
        for difference in removal:
            key = (difference.leaf, difference.log)
            sums[key] = sums.get(key, jnp.zeros(())) + weight * difference.amount
    for (leaf, log), amount in sums.items():
        value = leaf_of(inputs, leaf)
        if value is not None:
            inputs = _with(inputs, leaf, _added(value, log, amount, _positions(inputs, leaf, at)))
    return inputs


def _positions(inputs: Inputs, leaf: str, at: Array | None) -> Array | None:
    """Geography always has all countries; the rest has the simulated ones."""
    if at is None and leaf.startswith("geography.") and inputs.outside is not None:
        return inputs.outside.simulated
    return at


def _added(value: Array, log: bool, amount: Array, at: Array | None) -> Array:
    own = value if at is None else value[..., at, :]
    new = jnp.maximum(own, LEAST) * jnp.exp(amount) if log else own + amount
    if at is None:
        return new
    wide = jnp.broadcast_to(value, (*value.shape[:-1], new.shape[-1]))
    return wide.at[..., at, :].set(new)


def _with(part: Any, path: str, value: Array) -> Any:
    name, _, deeper = path.partition(".")
    return part._replace(**{name: _with(getattr(part, name), deeper, value) if deeper else value})


@compiled("when")
def evaluate_coalitions(game: Game, acting: Array, when: QuarterIndex) -> Gaps:
    """Gaps of every coalition, each (coalitions, dates, members).

    Args:
        acting: true where a cause acts, (coalitions, causes).
    """

    def one(row: Array) -> Gaps:
        inputs = without(game.inputs, 1 - row.astype(game.rest.dtype), game.removals)
        run = simulate(inputs, RECORDED)
        return gaps(run.series, game.rest, when)

    result: Gaps = jax.lax.map(one, acting, batch_size=min(_TOGETHER, len(acting)))
    return result

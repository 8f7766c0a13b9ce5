"""A baseline in the made world of the model's tests: country 1 is under controls and smaller than the leader, 0."""

from __future__ import annotations

from functools import lru_cache

import jax
import jax.numpy as jnp
import numpy as np
from made_world import made_inputs

from headway.model.niches import NicheParameters
from headway.scenarios.drivers import UNITS
from headway.strategy.baseline import BaselineBlock, SharedPaths, TimeIndex, set_up
from headway.strategy.levers import levers
from headway.strategy.simulation import Moves

QUARTERS, NOW, SCORED, NICHES = 40, 12, 4, 3
WHEN = TimeIndex(NOW, SCORED)
EFFECTS = levers().effects


@lru_cache
def made_baseline(members: int = 3, focal: int = 1, **add: float) -> BaselineBlock:
    """Nothing happens after the strategy but what `add` says: driver → what is added to it."""
    world = made_inputs(quarters=QUARTERS, members=members)
    p = world.paths
    left = QUARTERS - NOW

    def column(values: object) -> jnp.ndarray:
        return jnp.broadcast_to(jnp.asarray(values, jnp.float32), (left, 1, 1))

    def of(path: jnp.ndarray) -> jnp.ndarray:
        return path[NOW:, focal : focal + 1]

    base = {
        "controls": of(p.controlled), "grey": of(p.capacity), "partner": column(0), "domestic": column(0),
        "exodus": of(p.shock), "push": of(p.push), "graduates": of(p.graduates), "investment": jnp.exp(of(p.lever)),
        "openness": of(p.openness), "collaboration": of(p.depth), "open_weights": of(p.published),
        "rented": of(p.rented), "rented_use": of(p.rented_use), "one_provider": of(p.one_provider),
        "gdp": jnp.exp(of(p.log_gdp)), "rents": of(p.rents),
    }  # fmt: skip
    partners = np.zeros((2, p.log_gdp.shape[1]))
    partners[0, 0], partners[1, 2] = 1, 1
    land = SharedPaths(
        base,
        {name: column(1) for name in UNITS},
        {name: column(add.get(name, 0.0)) for name in UNITS},
        jnp.float32(0),
        jnp.zeros((left, NICHES, 1), jnp.float32),
        jnp.asarray(partners, jnp.float32),
    )
    niche = NicheParameters(*(jnp.full((NICHES, members), 1.0), *(jnp.full((members,), v) for v in (2.0, 0.2, 0.7))))
    return set_up(
        world, land, focal=focal, when=WHEN, niche=niche, factors=jnp.ones((len(EFFECTS), members)), values={}
    )


def made_moves(*spent: dict[str, float], partners: tuple[int, ...] = ()) -> Moves:
    """Strategies that put a steady % of GDP on some levers; filled up to four, so that one compiled function fits."""
    spent = (*spent, *({},) * (4 - len(spent)))
    money = np.zeros((len(spent), QUARTERS - NOW, len(levers().names)), np.float32)
    for s, one in enumerate(spent):
        for name, percent in one.items():
            money[s, :, levers().names.index(name)] = percent
    which = (*partners, *(0,) * (len(spent) - len(partners)))
    niches = np.full((len(spent), NICHES), 1 / NICHES, np.float32)
    return Moves(jnp.asarray(money), jnp.asarray(which, jnp.int32), jnp.asarray(niches))


def only(moves: Moves, which: int) -> Moves:
    """One of the strategies, without the axis of strategies."""
    return jax.tree.map(lambda leaf: leaf[which], moves)

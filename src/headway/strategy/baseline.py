"""The country as it would go on, under what may happen: a run of the world, then the country alone from now on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from headway.ensemble.compiled import BRIEFLY, compiled
from headway.ensemble.inputs import Members
from headway.ensemble.simulation import BLOCK, WORLD_SERIES, run_world
from headway.model import Inputs, State
from headway.model.capability import Rental, delayed, late_offer, offered, open_frontier
from headway.model.focal import hold
from headway.model.lag import best_of_others
from headway.model.niches import NicheParameters
from headway.model.simulate import QUARTER
from headway.scenarios.draws import normal, streams
from headway.scenarios.registry import Scope
from headway.strategy.effects import BaselineDrivers
from headway.strategy.outcomes import Surrounding

Scopes = Mapping[str, Scope]
"""Scope of every parameter."""


class SharedPaths(NamedTuple):
    """Paths that all draws share. base, multiply, add: (quarters from now, 1, 1). effort: (quarters, niches, 1).

    partners: rows of partner weights, one per set of partners that a strategy may work with, (sets, countries).
    """

    base: dict[str, Array]
    multiply: dict[str, Array]
    add: dict[str, Array]
    rents_to_gdp: Array
    effort: Array
    partners: Array


class BaselineBlock(NamedTuple):
    """One block of draws under one thing that may happen, ready for any number of strategies.

    Attributes:
        world: inputs of the whole world from the first date. inputs: of the country alone, from now on.
        partner_level: level of each set of partners, OOM, (sets, quarters, 1, members).
        niche: parameters of the niche equation. factors: effectiveness of each effect, (effects, members).
        values: what was drawn: registry key → (members,), and niche weights as (niches, members).
    """

    world: Inputs
    inputs: Inputs
    ground: BaselineDrivers
    around: Surrounding
    partner_level: Array
    niche: NicheParameters
    factors: Array
    values: dict[str, Array]


class BlockSpec(NamedTuple):
    """Fixed facts that a baseline is compiled for. focal: position of the country. effects: names and log spreads."""

    focal: int
    when: TimeIndex
    effects: tuple[tuple[str, float], ...]


class TimeIndex(NamedTuple):
    """Rows of dates: `now`, from which the country is run alone; `scored`, the first with scores."""

    now: int
    scored: int


def build(
    asked: BlockSpec, world: Inputs, land: SharedPaths, *, members: Members, scopes: Scopes, start: int, seed: int
) -> BaselineBlock:
    """The baseline of the block that begins with member `start`: a run of the world, held around the country."""
    factors = _factors(asked.effects, *jax.device_put((np.uint32(start), np.uint32(seed))))
    values = dict(members.values)
    drawn = _of_focal(scopes, asked.focal, values)
    return set_up(world, land, focal=asked.focal, when=asked.when, niche=_niche(values), factors=factors, values=drawn)


@compiled("effects", options=BRIEFLY)
def _factors(effects: tuple[tuple[str, float], ...], start: Array, seed: Array) -> Array:
    """How effective each effect is in each draw, (effects, members)."""
    numbers = start + jnp.arange(BLOCK, dtype=jnp.uint32)
    spread = jnp.asarray([log_sd for _, log_sd in effects])
    return jnp.exp(spread[:, None] * normal(streams([f"lever/{name}" for name, _ in effects]), numbers, seed)[:, 0])


def set_up(
    world: Inputs,
    land: SharedPaths,
    *,
    focal: int,
    when: TimeIndex,
    niche: NicheParameters,
    factors: Array,
    values: dict[str, Array],
) -> BaselineBlock:
    """Run the world, and hold it for the country at position `focal`."""
    return _held(
        world,
        run_world(world, WORLD_SERIES).series,
        land,
        jax.device_put(np.asarray(focal)),
        when,
        niche,
        factors,
        values,
    )


@compiled("when")
def _held(
    world: Inputs,
    series: dict[str, Array],
    land: SharedPaths,
    focal: Array,
    when: TimeIndex,
    niche: NicheParameters,
    factors: Array,
    values: dict[str, Array],
) -> BaselineBlock:
    now = when.now
    around = surrounding(world, series["sovereign"], focal, when)
    level = jnp.einsum("sj,tjn->stn", land.partners, series["level"][now:])
    ground = BaselineDrivers(
        land.base, land.multiply, land.add, land.rents_to_gdp, land.effort, series["talent"][now, focal]
    )
    alone = _from(hold(world, series, focal[None]), series, focal, now)
    return BaselineBlock(world, alone, ground, around, level[:, :, None], niche, factors, values)


def surrounding(world: Inputs, best: Array, focal: Array, when: TimeIndex) -> Surrounding:
    """Inputs of the country's outcome besides its own run, from the best so far of all countries."""
    capability = world.parameters.capability
    foreign = world.paths.published * (jnp.arange(best.shape[1]) != focal)[:, None]
    open_level = delayed(open_frontier(best, capability.open_gap, foreign), capability.adoption_delay, QUARTER)
    served = world.geography.served
    served = 1 - jnp.eye(best.shape[1]) if served is None else served
    provider = world.geography.provider
    one = None if provider is None else provider[focal][None]
    offer = late_offer(capability, offered(best, served[focal][None], one), QUARTER)
    return Surrounding(
        best[when.scored : when.now, focal],
        best_of_others(best, focal)[when.scored :],
        open_level[-1] - capability.adoption_penalty,
        Rental(*(part[-1, 0] for part in offer)),
    )


def _from(held: Inputs, series: dict[str, Array], focal: Array, now: int) -> Inputs:
    """The country alone from date `now` on, in the state that the full run had then."""
    weight = held.parameters.talent.distance_weight
    at = {name: values[now, focal] for name, values in series.items()}
    away = jnp.where(weight > 0, (at["effective_talent"] - at["talent"]) / jnp.where(weight > 0, weight, 1), 0)
    initial = State(jnp.log(at["spending_share"]), at["compute"], at["talent"], away, at["level"])
    assert held.outside is not None

    def later(leaf: Array) -> Array:
        return leaf[now:]

    outside = held.outside._replace(
        level=held.outside.level[now:], arrivals=held.outside.arrivals[now:], partner_level=None
    )
    # The country has no partner within itself; what its partners know comes from outside, by strategy.
    geography = held.geography._replace(partners=jnp.zeros_like(held.geography.closeness))
    return Inputs(
        State(*(leaf[None] for leaf in initial)),
        held.parameters,
        jax.tree.map(later, held.paths),
        geography,
        jax.tree.map(later, held.shocks),
        outside,
    )


def _niche(values: dict[str, Array]) -> NicheParameters:
    return NicheParameters(*(values[f"niche_{name}"] for name in ("weight", "yield", "decay", "returns")))


def _of_focal(scopes: Scopes, focal: int, values: dict[str, Array]) -> dict[str, Array]:
    """Draws for the world and for the country."""
    found = {}
    for key, value in values.items():
        if value.ndim == 1:
            found[key] = value
        elif scopes[key] is Scope.COUNTRY:
            found[key] = value[focal]
    return found

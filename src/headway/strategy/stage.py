"""The country as it would go on, under what may happen: a run of the world, then the country alone from now on."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from headway.assumptions.draws import normal
from headway.ensemble.compiled import OPTIONS
from headway.ensemble.engine import BLOCK, Plan, inputs_of
from headway.ensemble.given import Given
from headway.ensemble.members import Fitted, draw
from headway.model import Inputs, State, simulate
from headway.model.capability import delayed, open_frontier
from headway.model.focal import HELD_SERIES, hold
from headway.model.lag import best_of_others
from headway.model.niches import NicheParameters
from headway.model.simulate import QUARTER
from headway.strategy.effects import Ground
from headway.strategy.outcomes import Surrounding

_RECORDED = (*HELD_SERIES, "spending_share", "compute", "talent", "effective_talent", "sovereign")


class Land(NamedTuple):
    """What all draws share. base, multiply, add: (quarters from now, 1, 1). effort: (quarters, niches, 1).

    partners: rows of partner weights, one per set of partners that a strategy may work with, (sets, countries).
    """

    base: dict[str, Array]
    multiply: dict[str, Array]
    add: dict[str, Array]
    rents_to_gdp: Array
    effort: Array
    partners: Array


class Stage(NamedTuple):
    """One block of draws under one thing that may happen, ready for any number of strategies.

    Attributes:
        world: inputs of the whole world from the first date. inputs: of the country alone, from now on.
        partner_level: level of each set of partners, OOM, (sets, quarters, 1, members).
        niche: parameters of the niche equation. factors: effectiveness of each effect, (effects, members).
        values: what was drawn: registry key → (members,), and niche weights as (niches, members).
    """

    world: Inputs
    inputs: Inputs
    ground: Ground
    around: Surrounding
    partner_level: Array
    niche: NicheParameters
    factors: Array
    values: dict[str, Array]


class Asked(NamedTuple):
    """What a stage is compiled for. effects: names and log spreads; focal: position of the country."""

    plan: Plan
    focal: int
    effects: tuple[tuple[str, float], ...]


@partial(jax.jit, static_argnames="asked", compiler_options=OPTIONS)
def build(asked: Asked, given: Given, land: Land, fit: Fitted | None, start: Array, seed: Array) -> Stage:
    """The stage of the block that begins with member `start`."""
    plan, marks = asked.plan, asked.plan.marks
    numbers = start + jnp.arange(BLOCK, dtype=jnp.uint32)
    values = draw(plan.registry, plan.countries, numbers, seed, marks.years, dict(plan.held), fit).values
    names = [f"lever/{name}" for name, _ in asked.effects]
    spread = jnp.asarray([log_sd for _, log_sd in asked.effects])
    factors = jnp.exp(spread[:, None] * normal(names, numbers, seed)[:, 0])
    when = When(marks.known - 1, marks.first)
    inputs = inputs_of(plan, given, fit, start, seed)
    drawn = _of_focal(plan, asked.focal, dict(values))
    return set_up(inputs, land, asked.focal, when, _niche(dict(values)), factors, drawn)


class When(NamedTuple):
    """Rows of dates: `now`, from which the country is run alone; `scored`, the first with scores."""

    now: int
    scored: int


def set_up(
    world: Inputs,
    land: Land,
    focal: int,
    when: When,
    niche: NicheParameters,
    factors: Array,
    values: dict[str, Array],
) -> Stage:
    """Run the world, and hold it for the country at position `focal`. Pure."""
    now = when.now
    series = simulate(world, _RECORDED).series
    around = surrounding(world, series["sovereign"], focal, when)
    level = jnp.einsum("sj,tjn->stn", land.partners, series["level"][now:])
    ground = Ground(land.base, land.multiply, land.add, land.rents_to_gdp, land.effort, series["talent"][now, focal])
    alone = _from(hold(world, series, [focal]), series, focal, now)
    return Stage(world, alone, ground, around, level[:, :, None], niche, factors, values)


def surrounding(world: Inputs, best: Array, focal: int, when: When) -> Surrounding:
    """What the outcome of the country depends on besides its own run, from the best so far of all countries."""
    capability = world.parameters.capability
    foreign = world.paths.published * (jnp.arange(best.shape[1]) != focal)[:, None]
    open_level = delayed(open_frontier(best, capability.open_gap, foreign), capability.adoption_delay, QUARTER)
    others = best_of_others(best, focal)[when.scored :]
    return Surrounding(best[when.scored : when.now, focal], others, open_level[-1] - capability.adoption_penalty)


def _from(held: Inputs, series: dict[str, Array], focal: int, now: int) -> Inputs:
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


def _of_focal(plan: Plan, focal: int, values: dict[str, Array]) -> dict[str, Array]:
    """What was drawn for the world and for the country."""
    found = {}
    for key, value in values.items():
        if value.ndim == 1:
            found[key] = value
        elif plan.registry.parameters[key].scope == "country":
            found[key] = value[focal]
    return found

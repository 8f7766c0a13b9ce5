"""One step of all mechanisms together."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from headway.model import algorithms, spending, stock, supply, talent, training_run
from headway.model.state import Parameters, Paths, Shocks, State
from headway.model.talent import Destinations, TalentFlows

_LEAST_TALENT = 1.0  # persons; below one researcher the logarithm stops falling


class Surroundings(NamedTuple):
    """What comes from countries that are not simulated, at one date; see `Outside`. All None in a full run."""

    level: Array | None = None
    arrivals: Array | None = None
    partner_level: Array | None = None


ALONE = Surroundings()


def step(
    state: State,
    parameters: Parameters,
    paths: Paths,
    where: Destinations,
    partners: Array,
    shocks: Shocks | None = None,
    around: Surroundings = ALONE,
    years: float = 0.25,
) -> tuple[State, TalentFlows]:
    """The state `years` later, and the people who moved meanwhile.

    Exponential Euler: each stock relaxes exactly under rates that stand still during the step, so that stocks stay
    non-negative at any step length and the error is of first order in `years`.

    Args:
        paths, shocks: rows of `Paths` and `Shocks` for this step, without the time axis.
        partners: (countries, countries) weights among the simulated countries.
    """
    p = parameters
    since = paths.year - p.reference.year
    wanted = supply.demand(p.supply, state.log_spending, paths.log_gdp, since, paths.projected)
    delivered = supply.deliveries(p.supply, wanted, paths.controlled, paths.capacity)
    compute = stock.advance(state.compute, p.stock, delivered, years)

    at_work = talent.effective(state.talent, state.distance, p.talent)
    research = algorithms.log_research(
        p.algorithms,
        training_run.log_compute(state.compute) - p.reference.log_compute,
        jnp.log(jnp.maximum(at_work, _LEAST_TALENT)) - p.reference.log_talent,
    )
    own = algorithms.own_progress(p.algorithms, state.level, research)
    rate = algorithms.absorption_rate(p.algorithms, at_work, paths.openness)
    absorbed = algorithms.absorbed(rate, state.level, algorithms.frontier(state.level, around.level))
    partner_level = partners @ state.level + (0.0 if around.partner_level is None else around.partner_level)
    together = algorithms.shared(p.algorithms, paths.depth, state.level, partner_level)
    level = state.level + (own + absorbed + together) * years

    home, distance, flows = talent.advance(
        state.talent,
        state.distance,
        p.talent,
        where,
        paths.graduates,
        paths.push,
        paths.shock,
        years,
        0.0 if around.arrivals is None else around.arrivals * years,
    )
    log_spending = spending.advance(state.log_spending, p.spending, paths.lever, paths.rents, years)
    if shocks is not None:
        compute = compute * jnp.exp(shocks.compute * years)
        level = level + shocks.level * years
    return State(log_spending, compute, home, distance, level), flows

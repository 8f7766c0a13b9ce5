"""One step of all mechanisms together."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from headway.model import algorithms, spending, stock, supply, talent, training_run
from headway.model.smooth import at_least
from headway.model.state import Parameters, Paths, Shocks, State
from headway.model.talent import Destinations, TalentFlows

_LEAST_TALENT = 1.0  # persons; below one researcher the logarithm stops falling


class Surroundings(NamedTuple):
    """Values from countries that are not simulated, at one date; see `Outside`. All None in a full run."""

    level: Array | None = None
    arrivals: Array | None = None
    partner_level: Array | None = None


ALONE = Surroundings()
NO_SHOCKS = Shocks()


def step(
    state: State,
    parameters: Parameters,
    paths: Paths,
    where: Destinations,
    *,
    partners: Array | None = None,
    shocks: Shocks = NO_SHOCKS,
    around: Surroundings = ALONE,
    years: float = 0.25,
) -> tuple[State, TalentFlows]:
    """The state `years` later, and the people who moved meanwhile.

    Each mechanism is exact for what it depends on while the others stand still (exponential Euler), so that stocks stay
    non-negative and levels stay put at any step length; the error of the coupling is of first order in `years`.

    Args:
        paths, shocks: rows of `Paths` and `Shocks` for this step, without the time axis.
        partners: (countries, countries) weights among the simulated countries, None where nobody collaborates.
    """
    p = parameters
    wanted = supply.demand(p.supply, state.log_spending, paths.log_gdp, paths.price_age, paths.projected)
    delivered = supply.deliveries(p.supply, wanted, paths.controlled, paths.capacity)
    compute = stock.advance(state.compute, p.stock, delivered, years)

    at_work = talent.effective(state.talent, state.distance, p.talent)
    research = algorithms.log_research(
        p.algorithms,
        training_run.log_compute(state.compute),
        jnp.log(at_least(at_work, _LEAST_TALENT)),
        (p.reference.log_compute, p.reference.log_talent),
    )
    log_own = algorithms.log_own_progress(p.algorithms, state.level, research)
    rate = algorithms.absorption_rate(p.algorithms, at_work, paths.openness)
    absorbed = algorithms.absorbed(rate, state.level, algorithms.frontier(state.level, around.level))
    if partners is not None:
        partner_level = partners @ state.level + (0.0 if around.partner_level is None else around.partner_level)
        absorbed = absorbed + algorithms.shared(p.algorithms, paths.depth, state.level, partner_level)
    level = state.level + algorithms.own_step(p.algorithms, log_own, years) + absorbed * years

    home, distance, flows = talent.advance(
        state.talent,
        state.distance,
        p.talent,
        where,
        graduates=paths.graduates,
        push=paths.push,
        shock=paths.shock,
        years=years,
        from_outside=0.0 if around.arrivals is None else around.arrivals * years,
    )
    log_spending = spending.advance(state.log_spending, p.spending, paths.lever, paths.rents, years)
    if shocks.spending is not None:
        log_spending = log_spending + shocks.spending * years
    if shocks.compute is not None:
        compute = compute * jnp.exp(shocks.compute * years)
    if shocks.level is not None:
        level = level + shocks.level * years
    return State(log_spending, compute, home, distance, level), flows

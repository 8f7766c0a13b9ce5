"""Series that a run can record: name, unit, meaning, and the function that reads it from a state."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from headway.model import capability, supply, talent, training_run
from headway.model.state import Parameters, Paths, State
from headway.model.talent import TalentFlows


class Moment(NamedTuple):
    """A state and everything known on its date; `best` is the best anchored capability up to it."""

    state: State
    best: Array
    flows: TalentFlows
    paths: Paths
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class OutputSeries:
    """One recorded series, (quarters, countries, members)."""

    unit: str
    meaning: str
    read: Callable[[Moment], Array]


def _demand(at: Moment) -> Array:
    paths = at.paths
    return supply.demand(at.parameters.supply, at.state.log_spending, paths.log_gdp, paths.price_age, paths.projected)


def _deliveries(at: Moment) -> Array:
    return supply.deliveries(at.parameters.supply, _demand(at), at.paths.controlled, at.paths.capacity)


def _binding(at: Moment) -> Array:
    return supply.quantity_binds(at.parameters.supply, _demand(at), at.paths.controlled, at.paths.capacity)


def _run(at: Moment) -> Array:
    log_compute = training_run.log_compute(at.state.compute)
    reference = at.parameters.reference
    return training_run.largest_run(at.parameters.training_run, log_compute, at.paths.year, reference.year)


def _capability(at: Moment) -> Array:
    # What longer runs add is the same for all countries. So the run that the intercept stands for is shortened instead,
    # one number per member, which a gradient need not sum over countries.
    run, reference = at.parameters.training_run, at.parameters.reference
    log_run = training_run.run_of_reference_length(run, training_run.log_compute(at.state.compute))
    shortened = reference.log_run - training_run.length_trend(run, at.paths.year, reference.year)
    return capability.sovereign(at.parameters.capability, log_run, at.state.level, shortened)


def anchored(state: State, parameters: Parameters, paths: Paths) -> Array:
    """Sovereign capability of a state with the discrepancy seen at the anchor, ECI, (countries, …)."""
    nobody = TalentFlows(state.talent, state.talent)
    built = _capability(Moment(state, state.level, nobody, paths, parameters))
    return capability.anchored(parameters.capability, built, paths.anchored)


def _effective(at: Moment) -> Array:
    return talent.effective(at.state.talent, at.state.distance, at.parameters.talent)


SERIES: dict[str, OutputSeries] = {
    "spending_share": OutputSeries(
        "1", "AI capital spending as a share of GDP", lambda at: jnp.exp(at.state.log_spending)
    ),
    "spending": OutputSeries(
        "US$/year", "AI capital spending, constant US dollars", lambda at: jnp.exp(at.state.log_spending + _log_gdp(at))
    ),
    "demand": OutputSeries("H100e/year", "chips that the money would buy on the open market", _demand),
    "deliveries": OutputSeries("H100e/year", "chips that arrive", _deliveries),
    "binding": OutputSeries("1", "what binds controlled supply: 1 quantity, −1 money, 0 no controls", _binding),
    "compute": OutputSeries("H100e", "installed AI compute", lambda at: at.state.compute),
    "training_run": OutputSeries("log10 FLOP", "largest training run that the compute allows", _run),
    "talent": OutputSeries("persons", "AI researchers living in the country", lambda at: at.state.talent),
    "effective_talent": OutputSeries("persons", "AI researchers at home, and abroad by their weight", _effective),
    "emigrants": OutputSeries(
        "persons/quarter", "researchers who left in the quarter before", lambda at: at.flows.emigrants
    ),
    "arrivals": OutputSeries(
        "persons/quarter", "researchers who came in the quarter before", lambda at: at.flows.arrivals
    ),
    "level": OutputSeries("OOM", "algorithmic level against the reference state", lambda at: at.state.level),
    "capability": OutputSeries("ECI", "sovereign capability as the equation has it", _capability),
    "sovereign": OutputSeries("ECI", "best own model so far, anchored on the last score", lambda at: at.best),
}


def _log_gdp(at: Moment) -> Array:
    return at.paths.log_gdp + at.parameters.supply.growth_deviation * at.paths.projected

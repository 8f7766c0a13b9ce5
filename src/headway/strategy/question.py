"""From words to an experiment: country, date, budget, strategies and what may happen, as a user names them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from headway.core.errors import EvidenceError, InputError
from headway.ensemble.question import quarter, world
from headway.inference.outlook import why_not
from headway.scenarios import scenario
from headway.scenarios.apply import apply
from headway.scenarios.drivers import UNITS
from headway.scenarios.own_parameters import registry_for
from headway.strategy.exogenous import concerning, exogenous, read_exogenous
from headway.strategy.experiment import Experiment, portfolio
from headway.strategy.levers import Levers, access_levers, levers_under
from headway.strategy.mix import Strategy, each_alone, named
from headway.strategy.relatedness import strengths, strongest
from headway.strategy.sampling import as_portfolio, joined, mixes, phased
from headway.strategy.search import phases

if TYPE_CHECKING:
    from headway.ensemble.question import PosteriorDraws
    from headway.evidence import Evidence
    from headway.scenarios.scenario import Scenario

BUDGET = 0.5  # % of GDP a year, where none is given
UNTIL = "2035"
DRAWS = 256
MOST_BUDGET = 20.0  # % of GDP a year; beyond, a country would do nothing else


def ask(
    evidence: Evidence,
    country: str,
    *,
    budget: float = BUDGET,
    until: str = UNTIL,
    draws: int = DRAWS,
    scenario_name: str = "baseline",
    strategies: Sequence[Strategy] | None = None,
    with_levers: Levers | None = None,
    futures_file: Path | None = None,
    seed: int = 0,
    posterior: PosteriorDraws | None,
) -> Experiment:
    """The experiment that answers a question.

    Args:
        budget: % of GDP a year. until: last year or quarter.
        strategies: in place of the named ones. with_levers: in place of the shipped ones.
        posterior: as `headway.ensemble.question.ask` takes it.

    Raises:
        InputError: unknown country, a malformed file, a budget outside (0, 20], a date in the past.
        EvidenceError: the evidence cannot anchor the model, or says too little of the country, or it is a group.
    """
    place = evidence.resolve(country)
    if reason := why_not(evidence, place.code):
        raise EvidenceError(f"no strategies for {place.name} ({place.code}): {reason}")
    if not 0 < budget <= MOST_BUDGET:
        raise InputError(f"a budget of {budget:g} % of GDP a year is outside (0, {MOST_BUDGET:g}]")
    numbers = registry_for(evidence)
    supposed = scenario.load(scenario_name)
    with_levers = with_levers or shipped_levers(supposed)
    modelled = world(evidence, quarter(until), (place.code,))
    chosen = allowed(with_levers) if strategies is None else tuple(strategies)
    best = strongest(strengths(evidence, place.code, numbers.niche_names))
    base = apply(supposed, modelled.drivers, (place.code,), numbers)
    leads = modelled.countries.index(place.code) == modelled.frontiers.leader
    happenings = read_exogenous(futures_file) if futures_file else exogenous()
    return Experiment(
        modelled,
        numbers,
        supposed,
        place.code,
        concerning(happenings, base, place.code, leads, numbers),
        with_levers,
        portfolio(chosen, budget, modelled, levers=with_levers, niche_names=numbers.niche_names, strongest=best),
        draws,
        budget,
        seed,
        posterior=posterior,
    )


def shipped_levers(supposed: Sequence[Scenario]) -> Levers:
    """The shipped levers under a scenario and all it extends."""
    return levers_under({driver for driver in UNITS if any(one.changes(driver) for one in supposed)})


def allowed(with_levers: Levers, own: Sequence[Strategy] = ()) -> tuple[Strategy, ...]:
    """The named strategies that the levers allow, one for each lever of access, and the user's.

    One of the user's that has the name of another takes its place.
    """
    known = set(with_levers.names)
    first = [one for one in named() if all(set(shares) <= known for shares in one.mix.values())]
    access = each_alone(lever for lever in with_levers.levers if lever in access_levers().levers)
    return tuple({one.strategy: one for one in (*first, *access, *own)}.values())


def with_sample(experiment: Experiment, count: int) -> Experiment:
    """The same question with `count` more mixes that fill the space of what the budget can do."""
    if not count:
        return experiment
    shares = mixes(count, len(experiment.levers.names), experiment.seed)
    money = phased(shares, experiment.budget, experiment.world.grid, phases(experiment))
    return experiment.with_portfolio(joined(experiment.portfolio, as_portfolio(money, experiment.portfolio)))

"""Question of a user to the strategies, with their own levers, strategies, futures and values, and its findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headway.findings.recipe import Context
from headway.scenarios import scenario
from headway.scenarios.registry import registry
from headway.strategy.experiment import Experiment
from headway.strategy.findings import StrategyFindings
from headway.strategy.judgement import Objectives, judgement, read_judgement
from headway.strategy.levers import read_levers, with_own
from headway.strategy.mix import each_alone, own_strategies, read_strategies
from headway.strategy.question import BUDGET, DRAWS, UNTIL, allowed, ask, shipped_levers, with_sample
from headway.strategy.results import Results

if TYPE_CHECKING:
    from headway.ensemble.question import PosteriorDraws

FileOrData = Path | Mapping[str, Mapping[str, Any]]  # a YAML file, or its entries by name


@dataclass(frozen=True)
class StrategyQuestion:
    """A question, ready to be run.

    Attributes:
        judged: what counts, and for how much. titles: of the strategies, by name.
    """

    context: Context
    experiment: Experiment
    judged: Objectives
    titles: Mapping[str, str]

    def findings(self, results: Results) -> StrategyFindings:
        """Everything there is to say of the results; the ids differ from those of a brief."""
        return StrategyFindings(self.context, results, self.judged, self.titles, ("asked",))


def strategy_question(
    context: Context,
    *,
    budget: float = BUDGET,
    until: str = UNTIL,
    draws: int = DRAWS,
    sample: int = 0,
    strategies: FileOrData | None = None,
    own_levers: FileOrData | None = None,
    futures_file: Path | None = None,
    judgement_file: Path | None = None,
    posterior: PosteriorDraws | None,
) -> StrategyQuestion:
    """The question of the context's country.

    Args:
        budget, until, draws, posterior: as `headway.strategy.question.ask`. sample: further mixes that fill the space.
        strategies: beside the named ones; one of the same name takes its place.
        own_levers: a file in place of the shipped ones, or entries beside them. An entry that no strategy uses gets one
            that puts the whole budget on it.

    Raises:
        InputError: a malformed file or entry, a budget outside (0, 20], a date in the past.
        EvidenceError: the evidence cannot anchor the model, or says too little of the country, or it is a group.
    """
    niches = registry().niche_names
    scenario_name = context.scenario or "baseline"
    with_levers = shipped_levers(scenario.load(scenario_name))
    if isinstance(own_levers, Path):
        with_levers = read_levers(own_levers)
    elif own_levers is not None:
        with_levers = with_own(own_levers, with_levers)
    if isinstance(strategies, Path):
        own = read_strategies(strategies, with_levers, niches)
    else:
        own = own_strategies(strategies or {}, with_levers, niches)
    if isinstance(own_levers, Mapping):
        used = {lever for one in allowed(with_levers, own) for shares in one.mix.values() for lever in shares}
        own = (*own, *each_alone(lever for lever in with_levers.levers if lever.lever not in used))
    chosen = allowed(with_levers, own)
    experiment = ask(
        context.evidence,
        context.country,
        budget=budget,
        until=until,
        draws=draws,
        scenario_name=scenario_name,
        strategies=chosen,
        with_levers=with_levers,
        futures_file=futures_file,
        seed=context.seed,
        posterior=posterior,
    )
    judged = read_judgement(judgement_file) if judgement_file else judgement()
    return StrategyQuestion(
        context, with_sample(experiment, sample), judged, {one.strategy: one.title for one in chosen}
    )

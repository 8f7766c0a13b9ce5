"""Parts 5, 6 and 8 of a brief: break-even values, what each strategy would change, and what would be worth knowing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from headway.core import wording
from headway.core.numbers import Z90
from headway.findings.details import FindingDetails
from headway.findings.finding import Finding, FindingTier, Picture, Section
from headway.findings.recipe import Context, recipe
from headway.findings.records import with_pace
from headway.inference.findings.common import short_reason
from headway.inference.outlook import why_not
from headway.inference.posterior import chosen_for
from headway.scenarios.scenario import content
from headway.strategy import sentences
from headway.strategy.discovery import DEFAULT, DiscoveredRule, describe, discover, draws, failed
from headway.strategy.judgement import Objectives, judgement
from headway.strategy.niches import break_even
from headway.strategy.question import allowed, ask
from headway.strategy.relatedness import strengths
from headway.strategy.report import money, objectives, table
from headway.strategy.results import LEVEL, Effect, Exposure, Overall, Results, effects, exposures, losses, overall
from headway.strategy.run import run
from headway.strategy.supremacy import Reach, reach
from headway.strategy.voi import measurements, perfect, value_of_information

_BUDGETS = (5.0, 20.0)  # % of GDP a year, tried beside the usual one
_REMEMBERED = 4  # questions
_NICHE_STRATEGY = "niche-focus"
_remembered: dict[tuple[object, ...], Results] = {}
_CAVEAT = (
    "What money does is of the scenario tier: no outcome series exists, so every effect carries a wide spread and a "
    "rationale. Regret compares with the other strategies named here, not with all that could be."
)
_PARAMETERS = ("slope", "absorption", "collaboration_rate", "returns", "premium", "channel_scale", "boom")
_IN_BODY = 3  # niches; the others fold away


@recipe("change.strategy")
def strategies(context: Context) -> Iterator[Finding]:
    """Findings on each named strategy at the same budget: effect, cost, regret, exposure."""
    speaker = _speaker(context)
    yield from speaker.strategies() if speaker else _silent(context, "change.strategy", "change", "Strategies")


@recipe("change.robust")
def robust(context: Context) -> Iterator[Finding]:
    """Finding on the strategy with the least regret, and on the futures in which it fails."""
    if speaker := _speaker(context):
        yield speaker.robust()


@recipe("change.supremacy")
def supremacy(context: Context) -> Iterator[Finding]:
    """The largest probability of ever standing at the frontier that any strategy tried attains."""
    if speaker := _speaker(context):
        yield speaker.supremacy(reach(speaker.results.experiment, budgets=_BUDGETS))


@recipe("unknowns.value_of_information")
def information(context: Context) -> Iterator[Finding]:
    """Finding on the single measurement that would improve the choice of strategy most."""
    if speaker := _speaker(context):
        yield speaker.information()


@recipe("strengths.break_even")
def niches(context: Context) -> Iterator[Finding]:
    """From which yield of effort, and which access, each of the strongest niches pays."""
    speaker = _speaker(context)
    yield from (
        speaker.niches(_NICHE_STRATEGY) if speaker else _silent(context, "strengths.break_even", "strengths", "Niches")
    )


def _speaker(context: Context) -> StrategyFindings | None:
    """All named strategies in all futures; None where the model cannot run the country. Several recipes read them."""
    evidence, country = context.evidence, context.country
    if why_not(evidence, country):
        return None
    scenario = context.scenario or "baseline"
    key = (*evidence.identity, country, content(scenario), context.seed)
    if key not in _remembered:
        fit = chosen_for(evidence)
        experiment = ask(evidence, country, scenario_name=scenario, seed=context.seed, posterior=fit)
        while len(_remembered) >= _REMEMBERED:
            _remembered.pop(next(iter(_remembered)))
        _remembered[key] = run(experiment)
    found = _remembered[key]
    titles = {one.strategy: one.title for one in allowed(found.experiment.levers)}
    return StrategyFindings(context, found, judgement(), titles)


def _silent(context: Context, name: str, section: Section, what: str) -> Iterator[Finding]:
    reason = why_not(context.evidence, context.country)
    yield Finding(
        id=context.id(name),
        section=section,
        quantity="not_available",
        as_of=context.as_of,
        tier=FindingTier.SCENARIO,
        weight=2,
        sentence=f"{what} of {context.the(context.country)} are not modelled: {reason}.",
        short=short_reason(what, str(reason)),
    )


@dataclass(frozen=True, eq=False)
class StrategyFindings:
    """Findings about one experiment.

    Attributes:
        titles: of the strategies, by name. arguments: what tells the question from the one that a brief asks.
    """

    context: Context
    results: Results
    judged: Objectives
    titles: Mapping[str, str]
    arguments: tuple[str, ...] = ()

    @cached_property
    def effects(self) -> list[dict[str, Effect]]:
        """Effects of every strategy on every objective."""
        return effects(self.results, self.judged)

    @cached_property
    def whole(self) -> Overall:
        """All objectives together."""
        return overall(self.results, self.judged)

    @cached_property
    def exposed(self) -> list[list[Exposure]]:
        """Exposures of each strategy."""
        return exposures(self.results, self.whole)

    def title(self, name: str) -> str:
        """Title of a strategy; its name where it has none."""
        return self.titles.get(name, name)

    @property
    def until(self) -> str:
        """Last quarter of the run."""
        return self.results.experiment.world.grid.names[-1]

    def _finding(
        self,
        recipe: str,
        *arguments: str,
        section: Section = "change",
        details: FindingDetails | None = None,
        **fields: Any,
    ) -> Finding:
        experiment = self.results.experiment
        return Finding(
            id=self.context.id(recipe, *arguments, *self.arguments),
            section=section,
            period=self.until,
            as_of=self.context.as_of,
            tier=FindingTier.SCENARIO,
            scenario=self.context.scenario,
            posterior=str(experiment.recipe["posterior"]),
            details={**(details or FindingDetails()), "draws_from": str(experiment.recipe["draws_from"])},
            **fields,
        )

    def strategies(self) -> Iterator[Finding]:
        """Findings on each strategy that costs anything: effect, cost, regret, exposure."""
        experiment = self.results.experiment
        niches = len(experiment.registry.niche_names)
        happenings = [one.what.name for one in experiment.happenings]
        for row, name in enumerate(self.results.names):
            cost = float(experiment.cost[row])
            if not cost:
                continue
            one = self.effects[row]
            mean, low, high = one["sovereign_lag"].gain
            yield self._finding(
                "change.strategy",
                name,
                quantity=f"effect of a strategy: {self.title(name).lower()}",
                value=mean,
                low=low,
                high=high,
                level=LEVEL,
                unit="months",
                parameters=_PARAMETERS,
                sentence=sentences.strategy(
                    self.title(name), cost, self.until, effect=one, niches=niches, exposed=self.exposed[row]
                ),
                caveat=_CAVEAT,
                weight=2,
                title=self.title(name),
                details={
                    "money_by_lever": money(experiment, row),
                    "cost_share_of_gdp": cost,
                    "regret_months": float(self.whole.regret[row]),
                    "success": float(self.whole.enough[row]),
                    "exposure": [{"if": e.phrase, "months_worse": round(e.months, 1)} for e in self.exposed[row]],
                    "objectives": objectives(one, happenings),
                },
            )

    def robust(self, condition: DiscoveredRule = DEFAULT) -> Finding:
        """Finding on the strategy with the least regret, and on the futures in which it fails."""
        best = int(self.whole.regret.argmin())
        name = self.results.names[best]
        failing = failed(self.results, name, condition, self.judged)
        box = discover(describe(self.results, name), failing)
        regret, share = self.whole.regret, float(failing.mean())
        title = self.title(name)
        if name not in self.titles:  # found by a search or a sample: its name says nothing
            title = f"{name} ({sentences.mix(self.results.experiment, best)})"
        return self._finding(
            "change.robust",
            quantity="strategy with the least regret",
            value=title,
            parameters=_PARAMETERS,
            sentence=self._in_points(
                sentences.robust(self.results, best, title, regret=regret, share=share, condition=condition, box=box)
            ),
            short=sentences.short_robust(self.results, title, regret),
            caveat=_CAVEAT + " What a niche above break-even counts against a month of lag is a choice of values.",
            weight=1,
            picture=self.picture(),
            title="Most robust strategy",
            table=tuple(table(self.results, self.effects, self.whole, self.titles)),
            details={
                "strategy": name,
                "rule": None if box is None else {"coverage": box.coverage, "density": box.density},
            },
        )

    def _in_points(self, sentence: str) -> str:
        """`sentence`, with what a point is worth where it counts in points."""
        return with_pace(self.context, sentence) if "capability points" in sentence else sentence

    def supremacy(self, found: Reach) -> Finding:
        """The largest probability of ever standing at the frontier that any strategy tried attains."""
        experiment = found.results.experiment
        country = self.context.the(self.context.country)
        return self._finding(
            "change.supremacy",
            quantity="largest probability of standing at the frontier",
            value=found.probability,
            unit="probability",
            parameters=_PARAMETERS,
            sentence=self._in_points(sentences.supremacy(found, country, experiment.budget, self.until)),
            short=sentences.short_supremacy(found, experiment.budget, self.until),
            caveat="Futures weigh alike. To stand at the frontier, the country’s best own model has to be level with "
            "the best of all others at some time until then.",
            weight=1,
            title="Is supremacy in reach?",
            details={
                "strategy": found.strategy,
                "money_by_lever": money(experiment, found.results.row(found.strategy)),
                "tried": found.tried,
                "status_quo": found.status_quo,
                "by_budget": {f"{size:g}": chance for size, chance in found.by_budget.items()},
                "eci_short": found.short,
            },
        )

    def information(self) -> Finding:
        """Finding on the single measurement that would improve the choice of strategy most."""
        mean = losses(self.results, self.judged).mean(axis=1)
        drawn = {key: values[self.results.good] for key, values in draws(self.results.experiment).items()}
        worth = value_of_information(mean, drawn, measurements(), self.context.seed)
        best = worth[0]
        return self._finding(
            "unknowns.value_of_information",
            section="unknowns",
            quantity="value of the best single measurement",
            value=max(best.value, 0.0),
            low=max(best.value - Z90 * best.error, 0.0),
            high=max(best.value + Z90 * best.error, 0.0),
            level=LEVEL,
            unit="months",
            parameters=tuple(one.measurement.of for one in worth if "/" not in one.measurement.of),
            sentence=sentences.information(worth, perfect(mean)),
            caveat="Worth for the choice among the named strategies alone, in months of lag over all objectives; the "
            "interval is that of sampling. How good each measurement could be is a choice.",
            weight=1,
            title="Most valuable measurement",
            table=tuple(
                {
                    "measurement": one.measurement.title,
                    "worth, months": round(max(one.value, 0.0), 2),
                    "sampling error": round(one.error, 2),
                    "changes the choice, %": round(100 * one.changes),
                }
                for one in worth
            ),
            details={"perfect_information": perfect(mean)},
        )

    def niches(self, strategy: str) -> Iterator[Finding]:
        """From which yield of effort, and which access, each niche of a strategy pays."""
        experiment = self.results.experiment
        known = strengths(self.context.evidence, self.context.country, experiment.registry.niche_names)
        by_name = {one.niche: one for one in known}
        for place, one in enumerate(break_even(self.results, strategy)):
            finite = one.least[np.isfinite(one.least)]
            low, middle, high = (float(np.quantile(finite, q)) for q in (0.05, 0.5, 0.95))
            strength = by_name[one.niche]
            yield self._finding(
                "strengths.break_even",
                one.niche,
                section="strengths",
                quantity=f"break-even yield: {one.niche.replace('_', ' ')}",
                value=middle,
                low=low,
                high=high,
                level=LEVEL,
                unit="points a year",
                observations=strength.observations,
                parameters=("niche_yield", "niche_weight", "niche_decay", "niche_returns"),
                sentence=self._in_points(sentences.break_even(one.niche, one)),
                caveat="No outcome series of a niche exists: the yield is not known, so nothing is called a winner. "
                "The frontier is taken to make no special effort in the niche.",
                weight=2 if place < _IN_BODY else 3,
                title=f"Break-even, {one.niche.replace('_', ' ')}",
                details={
                    "share_above": float(one.above.mean()),
                    "threshold_eci": float(np.median(one.threshold)),
                    "share_holding": float((one.short <= one.allowed).mean()),
                    "share_holding_rented": float((one.rented_short <= one.allowed).mean()),
                    "advantage": strength.advantage,
                    "density": strength.density,
                },
            )

    def picture(self, most: int = 12) -> Picture:
        """Months of sovereign lag gained by each strategy, the best first."""
        found = [
            (self.title(name), *self.effects[row]["sovereign_lag"].gain)
            for row, name in enumerate(self.results.names)
            if self.results.experiment.cost[row]
        ]
        found.sort(key=lambda one: -one[1])
        rows = [
            {"label": label, "value": round(mean, 1), "low": round(low, 1), "high": round(high, 1)}
            for label, mean, low, high in found[:most]
        ]
        country, budget = self.context.of(self.context.country), self.results.experiment.budget
        return Picture(
            kind="intervals",
            title=wording.sentence(
                f"{country} own models: months gained by {self.until[:4]} at {budget:g}% of GDP a year"
            ),
            rows=tuple(rows),
            x="months of lag gained on the status quo (90% of futures)",
            y="",
            alternative="; ".join(f"{label} {mean:.0f} months" for label, mean, *_ in found[:most]) + ".",
            source="Headway model; what money does is assumed",
        )

"""Parts 5, 6 and 8 of a brief: break-even values, what each strategy would change, and what would be worth knowing."""

from __future__ import annotations

from collections.abc import Iterator

from headway.findings.finding import Finding, FindingTier, Section
from headway.findings.recipe import Context, recipe
from headway.inference.outlook import why_not
from headway.inference.posterior import chosen_for
from headway.scenarios.scenario import content
from headway.strategy.judgement import judgement
from headway.strategy.question import allowed, ask
from headway.strategy.results import Results
from headway.strategy.run import run
from headway.strategy.speaker import StrategyFindings
from headway.strategy.supremacy import reach

_BUDGETS = (5.0, 20.0)  # % of GDP a year, tried beside the usual one
_REMEMBERED = 4  # questions
_NICHE_STRATEGY = "niche-focus"
_remembered: dict[tuple[object, ...], Results] = {}


@recipe("change.strategy")
def strategies(context: Context) -> Iterator[Finding]:
    """Findings on each named strategy at the same budget: effect, cost, regret, exposure."""
    speaker = _speaker(context)
    yield from speaker.strategies() if speaker else _silent(context, "change.strategy", "change")


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
    yield from speaker.niches(_NICHE_STRATEGY) if speaker else _silent(context, "strengths.break_even", "strengths")


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


def _silent(context: Context, name: str, section: Section) -> Iterator[Finding]:
    reason = why_not(context.evidence, context.country)
    yield Finding(
        id=context.id(name),
        section=section,
        quantity="not_available",
        as_of=context.as_of,
        tier=FindingTier.SCENARIO,
        weight=2,
        sentence=f"Strategies of {context.the(context.country)} cannot be run through the model: {reason}.",
    )

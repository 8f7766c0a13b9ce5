"""Parts 5, 6 and 8 of a brief: break-even values, what each strategy would change, and what would be worth knowing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from headway.findings.finding import Finding, Picture, Section, Tier
from headway.findings.recipe import Context, recipe
from headway.inference import posterior
from headway.inference.outlook import why_not
from headway.strategy import wording
from headway.strategy.discovery import DEFAULT, describe, discover, failed
from headway.strategy.experiment import Experiment
from headway.strategy.exposure import exposures
from headway.strategy.judgement import judgement
from headway.strategy.mix import named
from headway.strategy.niches import break_even
from headway.strategy.outcomes import OBJECTIVES
from headway.strategy.question import BUDGET, UNTIL, ask
from headway.strategy.relatedness import strengths
from headway.strategy.results import LEVEL, Effect, Results, effects, overall
from headway.strategy.run import run

_REMEMBERED = 4  # questions
_NICHE_STRATEGY = "niche-focus"
_CAVEAT = (
    "What money does is of the scenario tier: no outcome series exists, so every effect carries a wide spread and a "
    "rationale. Regret compares with the other strategies named here, not with all that could be."
)
_PARAMETERS = (
    "slope",
    "absorption",
    "returns",
    "premium",
    "channel_scale",
    "boom",
    "depreciation",
    "collaboration_rate",
)


_remembered: dict[tuple[str, ...], Results] = {}


def _results(context: Context) -> Results | None:
    """All named strategies in all futures; None where the model cannot run the country. Several recipes read them."""
    evidence, country = context.evidence, context.country
    if why_not(evidence, country):
        return None
    scenario = context.scenario or "baseline"
    key = (str(evidence.as_of), evidence.snapshot_hash, str(evidence.user_hash), country, scenario, str(context.seed))
    if key not in _remembered:
        experiment = ask(
            evidence, country, scenario_name=scenario, seed=context.seed, posterior=posterior.load(evidence.as_of)
        )
        while len(_remembered) >= _REMEMBERED:
            _remembered.pop(next(iter(_remembered)))
        _remembered[key] = run(experiment)
    return _remembered[key]


def _silent(context: Context, name: str, section: Section) -> Finding:
    reason = why_not(context.evidence, context.country)
    return Finding(
        id=context.id(name),
        section=section,
        quantity="not_available",
        as_of=context.as_of,
        tier=Tier.SCENARIO,
        weight=2,
        sentence=f"Strategies of {context.the(context.country)} cannot be run through the model: {reason}.",
    )


@recipe("change.strategy")
def strategies(context: Context) -> Iterator[Finding]:
    """What each named strategy changes at the same budget: effect, cost, regret, exposure."""
    results = _results(context)
    if results is None:
        yield _silent(context, "change.strategy", "change")
        return
    made, exposed = effects(results, judgement()), exposures(results, judgement())
    whole = overall(results, judgement())
    titles = {one.strategy: one.title for one in named()}
    niches = len(results.experiment.registry.niche_names)
    for row, name in enumerate(results.names):
        if not results.experiment.cost[row]:
            continue
        one = made[row]
        mean, low, high = one["sovereign_lag"].gain
        cost = float(results.experiment.cost[row])
        yield Finding(
            id=context.id("change.strategy", name),
            section="change",
            quantity=f"effect of a strategy: {titles[name].lower()}",
            value=mean,
            low=low,
            high=high,
            level=LEVEL,
            unit="months",
            period=UNTIL,
            as_of=context.as_of,
            tier=Tier.SCENARIO,
            parameters=_PARAMETERS,
            scenario=context.scenario,
            sentence=wording.strategy(titles[name], cost, UNTIL, one, niches, exposed[row]),
            caveat=_CAVEAT,
            weight=2,
            details={
                "title": titles[name],
                "cost_share_of_gdp": cost,
                "regret_months": float(whole.regret[row]),
                "success": float(whole.enough[row]),
                "exposure": [{"if": e.phrase, "months_worse": round(e.months, 1)} for e in exposed[row]],
                **_objectives(one),
                **_provenance(results.experiment),
            },
        )


@recipe("change.robust")
def robust(context: Context) -> Iterator[Finding]:
    """Which strategy has the least regret, and in which futures it fails."""
    results = _results(context)
    if results is None:
        return
    whole = overall(results, judgement())
    best = int(whole.regret.argmin())
    name = results.names[best]
    failing = failed(results, name, DEFAULT, judgement())
    box = discover(describe(results, name), failing)
    titles = {one.strategy: one.title for one in named()}
    yield Finding(
        id=context.id("change.robust"),
        section="change",
        quantity="strategy with the least regret",
        value=titles[name],
        period=UNTIL,
        as_of=context.as_of,
        tier=Tier.SCENARIO,
        parameters=_PARAMETERS,
        scenario=context.scenario,
        sentence=wording.robust(results, titles[name], float(whole.regret[best]), float(failing.mean()), DEFAULT, box),
        caveat=_CAVEAT + " A niche above break-even counts as a year of lag, a choice of values.",
        weight=1,
        picture=_picture(context, results, titles),
        details={
            "title": "Most robust strategy",
            "table": table(results, titles),
            "rule": None if box is None else {"coverage": box.coverage, "density": box.density, "support": box.support},
            **_provenance(results.experiment),
        },
    )


@recipe("strengths.break_even")
def niches(context: Context) -> Iterator[Finding]:
    """From which yield of effort, and which access, each of the strongest niches pays."""
    results = _results(context)
    if results is None:
        yield _silent(context, "strengths.break_even", "strengths")
        return
    known = {
        one.niche: one for one in strengths(context.evidence, context.country, results.experiment.registry.niche_names)
    }
    for place, one in enumerate(break_even(results.experiment, _NICHE_STRATEGY)):
        finite = one.least[np.isfinite(one.least)]
        low, middle, high = (float(np.quantile(finite, q)) for q in (0.05, 0.5, 0.95))
        strength = known[one.niche]
        yield Finding(
            id=context.id("strengths.break_even", one.niche),
            section="strengths",
            quantity=f"break-even yield: {one.niche.replace('_', ' ')}",
            value=middle,
            low=low,
            high=high,
            level=LEVEL,
            unit="points a year",
            period=UNTIL,
            as_of=context.as_of,
            tier=Tier.SCENARIO,
            observations=strength.observations,
            parameters=("niche_yield", "niche_weight", "niche_decay", "niche_returns"),
            scenario=context.scenario,
            sentence=wording.break_even(one.niche, one),
            caveat="No outcome series of a niche exists: the yield is not known, so nothing is a winner. Effort: "
            f"a third of {BUDGET:g}% of GDP a year, against a frontier without special effort.",
            weight=2 if place < 3 else 3,
            details={
                "title": f"Break-even, {one.niche.replace('_', ' ')}",
                "share_above": float(one.above.mean()),
                "threshold_eci": float(np.median(one.threshold)),
                "advantage": strength.advantage,
                "density": strength.density,
            },
        )


def table(results: Results, titles: dict[str, str]) -> list[dict[str, Any]]:
    """One row per strategy: cost, effects, regret, success, exposure."""
    made, whole = effects(results, judgement()), overall(results, judgement())
    exposed = exposures(results, judgement())
    return [
        {
            "strategy": titles.get(name, name),
            "cost, % of GDP": round(float(results.experiment.cost[row]), 2),
            "sovereign lag, months": round(made[row]["sovereign_lag"].value[0], 1),
            "gain": round(made[row]["sovereign_lag"].gain[0], 1),
            "accessible lag, months": round(made[row]["accessible_lag"].value[0], 1),
            "niches above break-even": round(made[row]["niches"].value[0], 2),
            "regret, months": round(float(whole.regret[row]), 1),
            "exposed if": exposed[row][0].phrase if exposed[row] else "",
        }
        for row, name in enumerate(results.names)
    ]


def _objectives(one: dict[str, Effect]) -> dict[str, Any]:
    return {
        name: {
            "value": one[name].value,
            "gain": one[name].gain,
            "regret": one[name].regret,
            "success": one[name].enough,
        }
        for name in OBJECTIVES
    }


def _provenance(experiment: Experiment) -> dict[str, Any]:
    return {"posterior": str(experiment.recipe["posterior"]), "draws_from": experiment.recipe["draws_from"]}


def _picture(context: Context, results: Results, titles: dict[str, str]) -> Picture:
    made = effects(results, judgement())
    rows: list[dict[str, Any]] = [
        {
            "label": titles.get(name, name),
            "value": round(made[row]["sovereign_lag"].gain[0], 2),
            "low": round(made[row]["sovereign_lag"].gain[1], 2),
            "high": round(made[row]["sovereign_lag"].gain[2], 2),
        }
        for row, name in enumerate(results.names)
        if results.experiment.cost[row]
    ]
    rows.sort(key=lambda one: -one["value"])
    return Picture(
        kind="intervals",
        title=f"{context.of(context.country)} sovereign lag: months gained by {UNTIL}, {BUDGET:g}% of GDP a year",
        rows=tuple(rows),
        x="months of sovereign lag gained on the status quo (90% of futures)",
        y="",
        alternative="; ".join(f"{one['label']} {one['value']:.0f} months" for one in rows) + ".",
        source="Headway model; effects of money are scenario assumptions",
    )

"""Tables and labelled arrays of results: what the command line, a brief and a notebook read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from headway.strategy.experiment import Experiment
from headway.strategy.judgement import Objectives
from headway.strategy.outcomes import OBJECTIVES, OUTCOMES, REPORTED
from headway.strategy.results import Effect, Overall, Results, effects, exposures, overall

if TYPE_CHECKING:
    import xarray as xr


def table(
    results: Results, made: Sequence[Mapping[str, Effect]], whole: Overall, titles: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One row per strategy: cost, effects, regret, success, exposure; for people."""
    exposed = exposures(results, whole)
    return [
        {
            "strategy": titles.get(name, name),
            "cost, % of GDP": round(float(results.experiment.cost[row]), 2),
            "lag of its own models, months": round(made[row]["sovereign_lag"].value[0], 1),
            "gain": round(made[row]["sovereign_lag"].gain[0], 1),
            "lag of models it can run, months": round(made[row]["accessible_lag"].value[0], 1),
            "available lag, months": round(made[row]["available_lag"].value[0], 1),
            "niches above break-even": round(made[row]["niches"].value[0], 2),
            "regret, months": round(float(whole.regret[row]), 1),
            "exposed if": exposed[row][0].phrase if exposed[row] else "",
        }
        for row, name in enumerate(results.names)
    ]


def records(results: Results, judged: Objectives, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """One record per strategy with all that is known of it; for programs."""
    made, whole = effects(results, judged), overall(results, judged)
    exposed = exposures(results, whole)
    happenings = [one.what.name for one in results.experiment.happenings]
    return [
        {
            "strategy": name,
            "title": titles.get(name, name),
            "cost_share_of_gdp": float(results.experiment.cost[row]),
            "money_by_lever": money(results.experiment, row),
            **objectives(made[row], happenings),
            "together": {
                "unit": "months",
                "loss": float(whole.loss[row]),
                "regret": float(whole.regret[row]),
                "largest_regret": float(whole.largest[row]),
                "success": float(whole.enough[row]),
            },
            "exposure": [{"if": e.happening, "months_worse": e.months} for e in exposed[row]],
        }
        for row, name in enumerate(results.names)
    ]


def flat(results: Results, judged: Objectives, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """One row per strategy with a column per number; for tables in files."""
    made, whole = effects(results, judged), overall(results, judged)
    rows = []
    for row, name in enumerate(results.names):
        record: dict[str, Any] = {"strategy": name, "title": titles.get(name, name)}
        record["cost_share_of_gdp"] = float(results.experiment.cost[row])
        for objective, effect in made[row].items():
            for what, (mean, low, high) in (("value", effect.value), ("gain", effect.gain)):
                record |= {
                    f"{objective}_{what}": mean,
                    f"{objective}_{what}_low": low,
                    f"{objective}_{what}_high": high,
                }
            if objective in OBJECTIVES:
                record |= {f"{objective}_regret": effect.regret, f"{objective}_success": effect.enough}
        record |= {
            "loss": float(whole.loss[row]),
            "regret": float(whole.regret[row]),
            "success": float(whole.enough[row]),
        }
        spent = money(results.experiment, row)
        record |= {f"share_{lever}": spent.get(lever, 0.0) for lever in results.experiment.levers.names}
        rows.append(record)
    return rows


def objectives(one: Mapping[str, Effect], happenings: list[str]) -> dict[str, Any]:
    """Effects of one strategy on each objective, and on what is told beside them."""
    told = {
        name: {
            "unit": OUTCOMES[name].unit,
            "value": one[name].value,
            "gain": one[name].gain,
            "gain_by_happening": dict(zip(happenings, one[name].by_happening, strict=True)),
        }
        for name in REPORTED
    }
    return told | {
        name: {
            "unit": OUTCOMES[name].unit,
            "value": one[name].value,
            "gain": one[name].gain,
            "regret": one[name].regret,
            "largest_regret": one[name].largest,
            "success": one[name].enough,
            "gain_by_happening": dict(zip(happenings, one[name].by_happening, strict=True)),
        }
        for name in OBJECTIVES
    }


def money(experiment: Experiment, row: int) -> dict[str, float]:
    """Share of all that a strategy spends that goes to each lever."""
    spent = experiment.portfolio.money[row].sum(axis=0)
    total = spent.sum()
    names = experiment.levers.names
    return {name: float(part / total) for name, part in zip(names, spent, strict=True) if total and part > 0}


def labelled(results: Results) -> xr.Dataset:
    """All outcomes with named axes: strategy, happening, draw."""
    import xarray as xr

    experiment = results.experiment
    axes = ("strategy", "happening", "draw")
    variables: dict[str, Any] = {
        name: (axes, results.outcomes[:, k], {"units": outcome.unit, "long_name": outcome.meaning})
        for k, (name, outcome) in enumerate(OUTCOMES.items())
    }
    variables["status"] = (axes, results.status, {"long_name": "how the run ended; 0 is good"})
    variables["cost"] = (("strategy",), experiment.cost, {"units": "% of GDP a year"})
    return xr.Dataset(
        variables,
        coords={
            "strategy": list(results.names),
            "happening": [one.what.name for one in experiment.happenings],
            "draw": np.arange(experiment.draws),
        },
        attrs={**experiment.recipe, "key": experiment.key},
    )

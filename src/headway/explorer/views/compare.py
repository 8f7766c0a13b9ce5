"""Compare: the futures of countries or scenarios side by side."""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import Any

import numpy as np

from headway.charts import Caption
from headway.core import wording
from headway.core.numbers import LEVEL
from headway.core.wording import the
from headway.explorer.address import CompareState, ParameterError, WhatIfState, codes
from headway.explorer.answer import Answer, AnswerChart, AnswerTable
from headway.explorer.session import ExplorerSession
from headway.explorer.views.whatif import CAVEAT, SHOWN, WHOLE, ending, quantiles, question
from headway.explorer.whatif.fans import Drawn, Fan, draw
from headway.findings import Context
from headway.findings.rivals import leaders
from headway.inference.record import BASELINE_SCENARIO, supported
from headway.scenarios.scenario import load

MOST = 6  # futures side by side


def answer(state: CompareState, desk: ExplorerSession) -> Answer:
    """The answer to a state.

    Raises:
        ParameterError: unknown countries or scenarios, or more than six futures.
    """
    context = Context(desk.evidence, desk.default_country)
    countries = [desk.code("countries", code) for code in codes(state.countries)] or [
        *leaders(context, 2),
        desk.default_country,
    ]
    pairs = list(product(dict.fromkeys(countries), dict.fromkeys(state.scenarios.split(","))))
    if len(pairs) > MOST:
        raise ParameterError("scenarios", f"{len(pairs)} futures are too many side by side; at most {MOST}")
    half = supported(BASELINE_SCENARIO, 50, desk.evidence.as_of)
    made, rows, fans, years = desk.made(model=True), list[dict[str, Any]](), dict[str, list[Fan]](), list[int]()
    for code, scenario in pairs:
        asked = question(
            WhatIfState(country=code, scenario=_known(scenario), until=state.until, within=state.within), desk
        )
        paths = asked.paths(asked.state)
        title = load(scenario)[-1].title
        label = asked.names[0] if len({s for _, s in pairs}) == 1 else f"{asked.names[0]}: {title.lower()}"
        end = len(asked.years) - 1
        rows.append(
            {
                "country": asked.names[0],
                "scenario": title,
                "close": asked.close(paths),
                "beyond": float(paths["lag_censored"][end, 0].mean()),
                **{f"{name}_{key}": value for name in SHOWN for key, value in _end(paths[name][end, 0], name).items()},
                "href": f"/whatif?country={code}" + (f"&scenario={scenario}" if scenario != "baseline" else ""),
            }
        )
        for name, (_, _, factor) in SHOWN.items():
            found = factor * quantiles(paths[name][: end + 1, :1])[:, :, 0]
            if name == "lag":
                found = np.where(paths["lag_censored"][: end + 1, 0].mean(axis=-1) > 0.5, np.nan, found)
            fans.setdefault(name, []).append(Fan(label, found, found))
        years = asked.years
    bands = "Bands: 50% and 90% of futures." if half else "Band: 90% of futures."
    caption = Caption(desk.evidence.as_of, 0.9, CAVEAT)
    charts = tuple(
        AnswerChart(
            name,
            title,
            " ".join([*(ending(fan, years[-1]) for fan in fans[name]), "Quantiles stand in the table below."]),
            partial(
                draw,
                Drawn(
                    title, unit, years, fans[name], False, half, f"At the end of each year. {bands}", made.note,
                    caption, name in WHOLE, len(fans[name]), dashed=False,
                ),
            ),
        )
        for name, (title, unit, _) in SHOWN.items()
    )  # fmt: skip
    columns = {
        "country": "Country", "scenario": "Scenario", "close": f"P(within {state.within} months)",
        "lag_low": "Lag: from", "lag_middle": "median", "lag_high": "to, months",
        "sovereign_low": "Capability: from", "sovereign_middle": "median", "sovereign_high": "to, ECI",
        "compute_share_low": "Compute share: from", "compute_share_middle": "median", "compute_share_high": "to, %",
    }  # fmt: skip
    return Answer(
        f"Side by side until {state.until}",
        _sentence(rows, state),
        made,
        CAVEAT,
        made.note,
        ("The whole world moves, in every future. Intervals: 90%, at the end of a year.",),
        charts,
        (AnswerTable("futures", f"At the end of {state.until}", columns, rows),),
    )


def _known(scenario: str) -> str:
    from headway.scenarios.scenario import shipped

    if scenario not in shipped():
        raise ParameterError("scenarios", f"none is called '{scenario}'; there are {', '.join(shipped())}")
    return scenario


def _end(values: Any, name: str) -> dict[str, float]:
    low, middle, high = (float(v) * SHOWN[name][2] for v in np.quantile(values, (0.05, 0.5, 0.95)))
    return {"low": low, "middle": middle, "high": high}


def _sentence(rows: list[dict[str, Any]], state: CompareState) -> str:
    several = len({row["scenario"] for row in rows}) > 1
    told = []
    for row in rows:
        lag = wording.lag(row["lag_middle"], row["lag_low"], row["lag_high"], LEVEL, beyond=row["beyond"])
        under = f" under “{row['scenario']}”" if several else ""
        often = wording.of_hundred(row["close"])
        told.append(f"{the(row['country'])}{under} {lag}, within {state.within} months in {often} futures")
    return f"Against the frontier at the end of {state.until}: {'; '.join(told)}."

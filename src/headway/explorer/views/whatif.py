"""The What-if view: fans of lag, capability and compute share under moved levers, against the baseline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import numpy as np

from headway.brief.held import count_months
from headway.charts import Caption
from headway.core import wording
from headway.core.wording import the
from headway.explorer.address import ParameterError, WhatIfState, codes
from headway.explorer.answer import Answer, AnswerChart, AnswerTable, Later, Row
from headway.explorer.session import ExplorerSession
from headway.explorer.whatif import changes
from headway.explorer.whatif.engine import MOVING, Engine
from headway.explorer.whatif.fans import LEVELS, Drawn, Fan, draw, whole_interval
from headway.inference.record import BASELINE_SCENARIO, supported
from headway.scenarios.apply import apply

SHOWN: Mapping[str, tuple[str, str, float]] = {
    "lag": ("Lag behind the frontier", "months behind the best of all others, negative ahead of it", 1),
    "sovereign": ("Capability of the best own model", "ECI points", 1),
    "compute_share": ("Share of the world's AI compute", "%", 100),
}
"""Series → title, unit, factor."""
ACCESS = ("Capability of the best model in use: own, open or rented", "ECI points", 1.0)
NICHE = (
    "Distance to the best in the niche",
    "ECI points short; below 0 the niche's own asset makes up for the lag",
    1.0,
)

CAVEAT = "Futures of a model, not forecasts of events: what no assumption contains is in none of them."


@dataclass(frozen=True)
class WhatIfQuestion:
    """A state with its engine: who moves, and how the baseline goes."""

    state: WhatIfState
    engine: Engine
    focal: str
    names: tuple[str, ...]
    positions: tuple[int, ...]

    @cached_property
    def years(self) -> list[int]:
        """Years shown."""
        return [year for year in self.engine.years if year <= self.state.until]

    def paths(self, state: WhatIfState) -> Mapping[str, Any]:
        """Series of the moving countries under a state of the same question."""
        chain = changes.chain_of(state)
        if state.scenario == "baseline" and not changes.moved(state):
            return self.baseline()  # nothing is changed: the held world moves as the whole one does
        if state.whole:
            return self.engine.whole(self.positions, chain, self.focal, state.niche)
        drivers = apply(chain, self.engine.world.drivers, (self.focal,), self.engine.ensemble.registry)
        return self.engine.run(self.positions, drivers, state.niche)

    @cached_property
    def shown(self) -> Mapping[str, tuple[str, str, float]]:
        """Series that are drawn: access where it is cut, metered or closed; the niche where any effort goes into it."""
        chain = changes.chain_of(self.state)
        effort = (one.niche for scenario in chain for one in scenario.niches)
        touched = any(one.rented or one.rented_use or one.open_weights for one in chain)
        more = {"available": ACCESS} if touched else {}
        return {**SHOWN, **more, "niche": NICHE} if self.state.niche in effort else {**SHOWN, **more}

    def baseline(self) -> Mapping[str, Any]:
        """As things go; remembered."""
        return self.engine.baseline(self.positions)

    def baseline_quantiles(self, name: str) -> Any:
        """Quantiles of a series of the baseline, (levels, years, countries), all years; remembered."""
        key = ("quantiles", self.positions, name)
        return self.engine.remembered.get(key, lambda: quantiles(self.baseline()[name]))

    def close(self, paths: Mapping[str, Any]) -> float:
        """Share of futures in which the country is within the asked months at the end of the last year."""
        lag = paths["lag"][len(self.years) - 1, 0]
        return float((lag <= self.state.within).mean())


def question(state: WhatIfState, desk: ExplorerSession) -> WhatIfQuestion:
    """The question that a state asks.

    Raises:
        ParameterError: an unknown country, scenario, too many rivals. EvidenceError: a country that cannot be modelled.
    """
    changes.chain_of(state)
    context = desk.context(state.country, codes(state.against))
    if desk.evidence.resolve(context.country).kind != "country":
        raise ParameterError("country", f"{context.country} is a group; the model runs countries: name a member")
    engine = desk.engine(context.country)
    rivals = context.against or desk.leaders(context.country, MOVING - 1)
    if len(rivals) > MOVING - 1:
        raise ParameterError("against", f"at most {MOVING - 1} rivals move with the country")
    for code in rivals:
        if code not in engine.world.countries:
            raise ParameterError(
                "against", f"{code} is not among the modelled: {', '.join(engine.world.countries[:-1])}"
            )
    positions = engine.moving((context.country, *rivals))
    names = tuple(desk.evidence.resolve(engine.world.countries[k]).name for k in positions)
    return WhatIfQuestion(state, engine, context.country, names, positions)


def answer(state: WhatIfState, desk: ExplorerSession) -> Answer:
    """The answer to a state; see `question` for what it raises."""
    asked = question(state, desk)
    now, base = asked.paths(state), asked.baseline()
    changed = bool(changes.moved(state)) or state.scenario != "baseline"
    fans = {name: _fans(asked, name, now, base) for name in asked.shown}
    made = desk.made(model=True)
    note = _who_moves(asked, desk)
    source = made.note
    charts = tuple(_chart(name, asked, fans[name], changed, note, source, desk) for name in fans)
    row = asked.engine.world.known - 1
    return Answer(
        f"What if: {asked.names[0]} until {state.until}",
        _sentence(asked, now, base, changed),
        made,
        CAVEAT,
        source,
        tuple(filter(None, (note, _longer(asked, now), _niche(asked, now)))),
        charts,
        (_table(asked, fans),),
        {
            "country": asked.focal,
            "moved": list(changes.moved(state)),
            "probability": asked.close(now),
            "baseline_probability": asked.close(base),
            "today": changes.today(asked.engine.world.drivers, asked.focal, row),
            "whole": state.whole,
            "scenario_file": lambda: changes.as_file(state) if changes.moved(state) else "",
        },
    )


def _fans(asked: WhatIfQuestion, name: str, now: Mapping[str, Any], base: Mapping[str, Any]) -> list[Fan]:
    """Quantiles by country; years in which most lags are longer than can be told are left out of the lag (NaN)."""
    shown, factor = len(asked.years), asked.shown[name][2]
    both = [factor * levels[:, :shown] for levels in (quantiles(now[name][:shown]), asked.baseline_quantiles(name))]
    if name == "lag":
        untold = base["lag_censored"][:shown].mean(axis=-1) > 0.5
        both = [np.where(untold, np.nan, found) for found in both]
    return [Fan(label, both[0][:, :, k], both[1][:, :, k]) for k, label in enumerate(asked.names)]


def quantiles(values: Any) -> Any:
    """(levels, years, countries); by one sort; the nearest of the sorted members."""
    ordered = np.sort(values, axis=-1)
    last = ordered.shape[-1] - 1
    return np.stack([ordered[..., round(level * last)] for level in LEVELS]).astype(float)


def _longer(asked: WhatIfQuestion, paths: Mapping[str, Any]) -> str:
    """Note on futures that the lag does not show: the frontier stood there before its scores begin."""
    share = float(paths["lag_censored"][len(asked.years) - 1, 0].mean())
    if share < 0.01:
        return ""
    told = wording.of_hundred(share)
    return f"In {told} futures the lag is longer than shown: the frontier stood there before its scores begin."


def _niche(asked: WhatIfQuestion, paths: Mapping[str, Any]) -> str:
    """How often the effort on the niche makes up for the lag, and from which yield on; empty without effort."""
    if "niche" not in asked.shown:
        return ""
    end, name = len(asked.years) - 1, asked.state.niche.replace("_", " ")
    chance = wording.futures(float((paths["niche"][end, 0] <= 0).mean()))
    least = float(np.median(paths["niche_yield"][end, 0]))
    half = (
        f"in half of them it would if a unit of effort yielded {wording.number(least)} points a year or more"
        if np.isfinite(least)
        else "no yield would do, as the effort has only begun"
    )
    return (
        f"{chance} the effort on {name} makes up for the lag in general capability at the end of {asked.state.until}; "
        f"{half}. No data inform that yield: it is an assumption. The effort moves nothing else."
    )


def _chart(
    name: str, asked: WhatIfQuestion, fans: list[Fan], changed: bool, note: str, source: str, desk: ExplorerSession
) -> AnswerChart:
    title, unit, _ = asked.shown[name]
    half = supported(BASELINE_SCENARIO, 50, desk.evidence.as_of)
    bands = "Bands: 50% and 90% of futures" if half else "Band: 90% of futures"
    marks = f"At the end of each year. {bands}; dashed: as things go, median and 90%."
    caption = Caption(desk.evidence.as_of, 0.9, CAVEAT)
    drawn = Drawn(title, unit, asked.years, fans, changed, half, f"{marks} {note}", source, caption, name == "lag")
    end = fans[0]
    told = (
        f"{end.name}, {asked.years[-1]}: median {wording.number(float(end.now[2][-1]))}, 90% from "
        f"{wording.number(float(end.now[0][-1]))} to {wording.number(float(end.now[4][-1]))}; as things go "
        f"{wording.number(float(end.base[2][-1]))}."
    )
    return AnswerChart(name, title, told, partial(draw, drawn))


def _table(asked: WhatIfQuestion, fans: Mapping[str, list[Fan]]) -> AnswerTable:
    heads = {f"q{round(100 * level):02d}": f"{100 * level:g}%" for level in LEVELS}
    columns = {"country": "Country", "series": "Series", "unit": "Unit", "year": "Year", **heads}
    return AnswerTable(
        "futures",
        "Quantiles of the futures",
        {**columns, "baseline_q50": "Median as things go"},
        Later(lambda: _rows(asked, fans)),
    )


def _rows(asked: WhatIfQuestion, fans: Mapping[str, list[Fan]]) -> list[Row]:
    rows = list[Row]()
    for name, members in fans.items():
        title, unit, _ = asked.shown[name]
        for fan in members:
            for k, year in enumerate(asked.years):
                at_year = {f"q{round(100 * level):02d}": _short(fan.now[i][k]) for i, level in enumerate(LEVELS)}
                rows.append(
                    {"country": fan.name, "series": title, "unit": unit, "year": year, **at_year,
                     "baseline_q50": _short(fan.base[2][k])}
                )  # fmt: skip
    return rows


def _short(value: Any) -> float:
    """Five significant digits: more than the ensemble supports, and a third of the bytes."""
    return float(f"{value:.5g}")


def _sentence(asked: WhatIfQuestion, now: Mapping[str, Any], base: Mapping[str, Any], changed: bool) -> str:
    state, who = asked.state, the(asked.names[0])
    end = len(asked.years) - 1
    low, middle, high = (float(v) for v in np.quantile(now["lag"][end, 0], (0.05, 0.5, 0.95)))
    chance = wording.futures(asked.close(now))
    where = f"within {wording.amount(state.within, 'months')} of the frontier at the end of {state.until}"
    lag = behind(middle, low, high)
    if not changed:
        return f"As things go, {chance[0].lower()}{chance[1:]} {who} is {where}; the middle future has it {lag}."
    before = wording.of_hundred(asked.close(base))
    return f"{chance} {who} is {where}; as things go, in {before}. The middle future has it {lag}."


def behind(middle: float, low: float, high: float) -> str:
    """A lag in words, to the month, with its 90% interval; a negative one is a lead."""
    ahead = middle < 0
    least, most = (-high, -low) if ahead else (low, high)
    months = count_months(abs(middle))
    return f"{months} (90%: {whole_interval(least, most)}) {'ahead' if ahead else 'behind'}"


def _who_moves(asked: WhatIfQuestion, desk: ExplorerSession) -> str:
    drawn = "prior draws (no posterior ships for this date)" if desk.model == "prior" else "draws of the posterior"
    moving = wording.listing([the(name) for name in asked.names])
    held = "the whole world moves" if asked.state.whole else f"{moving} move, the rest of the world is held"
    return f"{wording.sentence(held)}; {asked.engine.draws:,} {drawn}."


__all__ = ["WhatIfQuestion", "answer", "behind", "question"]

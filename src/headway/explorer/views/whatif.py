"""The What-if view: fans of lag, capability and compute share under moved levers, against the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from headway.charts import Caption
from headway.charts.layout import decimal_year
from headway.core import wording
from headway.core.numbers import LEVEL
from headway.core.wording import the
from headway.explorer.address import ParameterError, WhatIfState, codes
from headway.explorer.answer import Answer, AnswerChart, AnswerTable, Later, Row
from headway.explorer.session import ExplorerSession
from headway.explorer.whatif import changes
from headway.explorer.whatif.engine import MOVING, Engine
from headway.explorer.whatif.events import MARKED_ON, DatedEvent, by_priority, events_of
from headway.explorer.whatif.fans import LEVELS, DateMark, Drawn, Fan, draw, placed
from headway.explorer.whatif.long_run import reverting_lags
from headway.inference.diffusion import DRAWS
from headway.inference.record import (
    BASELINE_SCENARIO,
    COMPUTE,
    DIFFUSION,
    long_run_verdict,
    long_run_weights,
    supported,
)
from headway.scenarios.apply import apply

if TYPE_CHECKING:
    from headway.evidence import Evidence

SHOWN: Mapping[str, tuple[str, str, float]] = {
    "lag": ("Lag behind the frontier", "months behind the best of all others, negative ahead of it", 1),
    "sovereign": ("Capability of the best own model", "ECI points", 1),
    "compute_share": ("Share of the world's AI compute", "%", 100),
}
"""Series → title, unit, factor."""
OF_BOTH = ("lag", "compute_share")
"""Series that are told under both structures; the others follow from the equations alone."""
WHOLE = ("lag", "sovereign", "available")
"""Series whose charts tell whole months or points, so that countries that are close do not print alike."""
ACCESS = ("Capability of the best model in use: own, open or rented", "ECI points", 1.0)
NICHE = (
    "Distance to the best in the niche",
    "ECI points short; below 0 the niche's own asset makes up for the lag",
    1.0,
)

MARK_ROWS = 3
WIDEST = (640.0, 150.0)
"""Plot, and room beside it, of a chart as wide as a desk shows it, px: what words for a screen reader go by."""

CAVEAT = "Futures of a model, not forecasts of events: what no assumption contains is in none of them."


@dataclass(frozen=True)
class WhatIfQuestion:
    """A state with its engine: who moves, and how the baseline goes."""

    state: WhatIfState
    engine: Engine
    focal: str
    names: tuple[str, ...]
    positions: tuple[int, ...]
    evidence: Evidence

    @cached_property
    def years(self) -> list[int]:
        """Years shown."""
        return [year for year in self.engine.years if year <= self.state.until]

    def paths(self, state: WhatIfState) -> Mapping[str, Any]:
        """Series of the moving countries under a state of the same question."""
        chain = changes.chain_of(state)
        if state.scenario == "baseline" and not changes.moved(state):
            return self.baseline()
        if state.whole:
            return self.engine.whole(self.positions, chain, self.focal, state.niche)
        drivers = apply(chain, self.engine.world.drivers, (self.focal,), self.engine.ensemble.registry)
        return self.engine.run(self.positions, drivers, state.niche)

    @cached_property
    def shown(self) -> Mapping[str, tuple[str, str, float]]:
        """Series that are drawn: access where it is cut, metered or closed; the niche where any effort goes into it."""
        chain = changes.chain_of(self.state)
        effort = (one.niche for scenario in chain for one in scenario.niches)
        touched = any(one.rented or one.rented_use or one.one_provider or one.open_weights for one in chain)
        more = {"available": ACCESS} if touched else {}
        more |= {"niche": NICHE} if self.state.niche in effort else {}
        told = {name: series for name, series in {**SHOWN, **more}.items() if name in OF_BOTH or self.equations}
        return {name: (f"{title}{self._condition(name)}", unit, factor) for name, (title, unit, factor) in told.items()}

    def _condition(self, name: str) -> str:
        """Words in a title on the structure that a series comes from; none where there is but one."""
        if self.reverting is None or name == "compute_share":
            return ""
        if name == "lag" and self.state.structure == "both":
            return ", under two structures"
        return f", if {COMPUTE if self.equations else DIFFUSION}"

    @property
    def equations(self) -> bool:
        """Whether the structure in which compute decides is shown."""
        return self.state.structure != "diffusion"

    @cached_property
    def reverting(self) -> Any:
        """Lags if knowledge diffuses, (years, countries, draws); None where the country has no measured lag."""
        codes, engine = [self.engine.world.countries[k] for k in self.positions], self.engine
        return engine.remembered.get(
            ("reverting", self.positions),
            lambda: reverting_lags(self.evidence, codes, engine.years, engine.baseline(self.positions)["lag"]),
        )

    def baseline(self) -> Mapping[str, Any]:
        """As things go, to the bit as in the brief where the whole world moves; remembered."""
        return self.engine.baseline(self.positions, held=not self.state.whole)

    def baseline_quantiles(self, name: str) -> Any:
        """Quantiles of a series of the baseline, (levels, years, countries), all years; remembered."""
        key = ("quantiles", self.positions, name, self.state.whole)
        return self.engine.remembered.get(key, lambda: quantiles(self.baseline()[name]))

    def chances(self, paths: Mapping[str, Any]) -> dict[str, float]:
        """Structure → share of its futures in which the country is as near as asked at the end of the last year."""
        lags = {COMPUTE: paths["lag"], **({} if self.reverting is None else {DIFFUSION: self.reverting})}
        return {name: float((lag[len(self.years) - 1, 0] <= self.state.within).mean()) for name, lag in lags.items()}

    def close(self, paths: Mapping[str, Any]) -> float:
        """Share of futures as near as asked under the asked structure; under both, by their weights."""
        found = self.chances(paths)
        if self.state.structure == "both":
            weights = long_run_weights(self.evidence.as_of)
            return sum(weights[name] * chance for name, chance in found.items())
        return found[COMPUTE if self.equations else DIFFUSION]


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
    asked = WhatIfQuestion(state, engine, context.country, names, positions, desk.evidence)
    if state.structure != "compute" and asked.reverting is None:
        why = "has no measured lag behind the frontier that could revert to its mean; ask for structure=compute"
        raise ParameterError("structure", f"{names[0]} {why}")
    return asked


def answer(state: WhatIfState, desk: ExplorerSession) -> Answer:
    """The answer to a state; see `question` for what it raises."""
    asked = question(state, desk)
    now, base = asked.paths(state), asked.baseline()
    changed = bool(changes.moved(state)) or state.scenario != "baseline"
    fans = {name: _fans(asked, name, now, base) for name in asked.shown}
    made = desk.made(model=True)
    note = _who_moves(asked, desk)
    source = made.note
    events = events_of(desk.evidence, asked.focal)
    charts = tuple(_chart(name, asked, fans[name], changed, note, source, desk, events) for name in fans)
    row = asked.engine.world.known - 1
    return Answer(
        f"What if: {asked.names[0]} until {state.until}",
        _sentence(asked, now, base, changed),
        made,
        CAVEAT,
        source,
        tuple(filter(None, (note, _longer(asked, now), _niche(asked, now), _long_run(asked)))),
        charts,
        (_table(asked, fans), *_events_table(asked, events)),
        {
            "country": asked.focal,
            "moved": list(changes.moved(state)),
            "probability": asked.close(now),
            "baseline_probability": asked.close(base),
            "structures": _structures(asked, now),
            "today": changes.today(asked.engine.world.drivers, asked.focal, row),
            "whole": state.whole,
            "scenario_file": lambda: changes.as_file(state) if changes.moved(state) else "",
        },
    )


def _structures(asked: WhatIfQuestion, now: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Weight, lag at the end and chance under each structure of the long run that the country has."""
    chances, weights = asked.chances(now), long_run_weights(asked.evidence.as_of)
    return [
        {"structure": name, "weight": weights[name] if len(chances) > 1 else 1.0, "probability": chance,
         **dict(zip(("low", "lag", "high"), _end(asked, now, name), strict=True))}
        for name, chance in chances.items()
    ]  # fmt: skip


def _end(asked: WhatIfQuestion, now: Mapping[str, Any], structure: str) -> tuple[float, float, float]:
    """Lag of the country at the end of the last year under a structure: 5%, median, 95%; as its chart has them."""
    lags = now["lag"] if structure == COMPUTE else asked.reverting
    levels = quantiles(lags[len(asked.years) - 1, :1])[:, 0]
    return float(levels[0]), float(levels[2]), float(levels[4])


def _fans(asked: WhatIfQuestion, name: str, now: Mapping[str, Any], base: Mapping[str, Any]) -> list[Fan]:
    """Fans of a series, that of the country first; years in which most lags are longer than can be told are NaN."""
    shown, factor = len(asked.years), asked.shown[name][2]
    structure = "" if asked.reverting is None or name == "compute_share" else COMPUTE
    both = [factor * levels[:, :shown] for levels in (quantiles(now[name][:shown]), asked.baseline_quantiles(name))]
    if name == "lag":
        untold = base["lag_censored"][:shown].mean(axis=-1) > 0.5
        both = [np.where(untold, np.nan, found) for found in both]
    found = [Fan(label, both[0][:, :, k], both[1][:, :, k], structure) for k, label in enumerate(asked.names)]
    if name != "lag" or asked.state.structure == "compute":
        return found
    levels = quantiles(asked.reverting[:shown])
    other = [
        Fan(label, levels[:, :, k], levels[:, :, k], DIFFUSION)
        for k, label in enumerate(asked.names)
        if not np.isnan(levels[:, :, k]).any()
    ]
    return [found[0], other[0]] if asked.equations else other


def quantiles(values: Any) -> Any:
    """(levels, years, countries), as a brief has them (Hyndman and Fan's type 7); one sort serves all levels."""
    ordered = np.sort(values, axis=-1)
    at = np.asarray(LEVELS) * (ordered.shape[-1] - 1)
    low = np.floor(at).astype(int)
    below, above = (ordered[..., rows].astype(float) for rows in (low, np.minimum(low + 1, ordered.shape[-1] - 1)))
    return np.moveaxis(below + (at - low) * (above - below), -1, 0)


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
    name: str, asked: WhatIfQuestion, fans: list[Fan], changed: bool, note: str, source: str, desk: ExplorerSession,
    events: Sequence[DatedEvent],
) -> AnswerChart:  # fmt: skip
    title, unit, _ = asked.shown[name]
    wanted = [one for one in by_priority(events) if one.kind in MARKED_ON.get(name, ())]
    half = supported(BASELINE_SCENARIO, 50, desk.evidence.as_of)
    bands = "Bands: 50% and 90% of futures" if half else "Band: 90% of futures"
    marks = f"At the end of each year. {bands}; dashed: as things go, median and 90%."
    if wanted:
        marks += " Dotted: dated events; the table below has all of them, with sources."
    caption = Caption(desk.evidence.as_of, 0.9, CAVEAT)
    two = name == "lag" and asked.state.structure == "both"
    drawn_fans = [replace(fan, name=f"if {fan.structure}") for fan in fans] if two else fans
    changed = changed and (name != "lag" or asked.equations)
    begin = [DateMark(asked.state.since - 1.0, f"changes begin {asked.state.since}")] if changed else []
    drawn = Drawn(
        title, unit, asked.years, drawn_fans, changed, half, f"{marks} {note}", source, caption, name in WHOLE,
        2 if two else 1, [*begin, *(_mark(one) for one in wanted)], MARK_ROWS if wanted else 1,
    )  # fmt: skip
    told = " ".join([*(ending(fan, asked.years[-1]) for fan in fans[: drawn.banded]), *_told_marks(drawn, wanted)])
    return AnswerChart(name, title, told, partial(draw, drawn))


def ending(fan: Fan, year: int) -> str:
    """Median and interval of a fan in its last year, and its median as things go where that is another one."""
    under = f" if {fan.structure}" if fan.structure else ""
    low, middle, high, usual = (wording.number(float(one)) for one in (*fan.now[[0, 2, 4], -1], fan.base[2][-1]))
    again = "" if fan.base is fan.now else f"; as things go {usual}"
    return f"{fan.name}{under}, {year}: median {middle}, 90% from {low} to {high}{again}."


def _mark(event: DatedEvent) -> DateMark:
    """The event on an axis on which the end of a year stands at the year's number."""
    return DateMark(decimal_year(event.day.isoformat()) - 1, f"{event.short} {event.label}")


def _told_marks(drawn: Drawn, events: Sequence[DatedEvent]) -> list[str]:
    """Words on the events that a wide chart marks, for who cannot see it."""
    known = {_mark(one): one for one in events}
    shown = sorted((known[mark] for mark, *_ in placed(drawn, *WIDEST) if mark in known), key=lambda one: one.day)
    if not shown:
        return []
    return ["Marked: " + "; ".join(f"{one.when}, {one.label}" for one in shown) + ". The table of events has all."]


def _events_table(asked: WhatIfQuestion, events: Sequence[DatedEvent]) -> list[AnswerTable]:
    """All dated events of the country, the latest first, with their sources; none where none is known."""
    columns = {
        "when": "Date", "label": "Mark", "text": "What happened", "who": "Who", "publisher": "Source", "url": "Address",
    }  # fmt: skip
    title = f"Dated events: controls and releases of {asked.names[0]}"
    rows = [{key: getattr(one, key) for key in columns} for one in reversed(events)]
    return [AnswerTable("events", title, columns, rows)] if rows else []


def _long_run(asked: WhatIfQuestion) -> str:
    return "" if asked.reverting is None else long_run_verdict(asked.evidence.as_of)


def _table(asked: WhatIfQuestion, fans: Mapping[str, list[Fan]]) -> AnswerTable:
    heads = {f"q{round(100 * level):02d}": f"{100 * level:g}%" for level in LEVELS}
    columns = {"country": "Country", "series": "Series", "unit": "Unit", "year": "Year", "structure": "If", **heads}
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
                    {"country": fan.name, "series": title, "unit": unit, "year": year, "structure": fan.structure,
                     **at_year,
                     "baseline_q50": _short(fan.base[2][k])}
                )  # fmt: skip
    return rows


def _short(value: Any) -> float:
    """Five significant digits: more than the ensemble supports, and a third of the bytes."""
    return float(f"{value:.5g}")


def _sentence(asked: WhatIfQuestion, now: Mapping[str, Any], base: Mapping[str, Any], changed: bool) -> str:
    state, who = asked.state, the(asked.names[0])
    chances, before = asked.chances(now), asked.chances(base)
    lags = {name: _lag(asked, now, name) for name in chances}
    near = f"within {wording.amount(state.within, 'months')} of the frontier"
    where = f"{near} at the end of {state.until}"
    if state.structure == "both":
        often = {name: wording.of_hundred(chance) for name, chance in chances.items()}
        usual = f" (as things go, in {wording.of_hundred(before[COMPUTE])})" if changed else ""
        return (
            f"At the end of {state.until} {who} is {lags[COMPUTE]} if {COMPUTE}, and {lags[DIFFUSION]} if {DIFFUSION}. "
            f"It is {near} in {often[COMPUTE]} futures of the first kind{usual} and {often[DIFFUSION]} of the second: "
            f"by the weights of both {wording.of_hundred(asked.close(now))}."
        )
    own = COMPUTE if asked.equations else DIFFUSION
    chance = wording.futures(chances[own])
    told = [
        *(["as things go"] if not changed else []),
        *([f"if {own}"] if len(chances) > 1 else []),
        f"{chance[0].lower()}{chance[1:]} {who} is {where}",
    ]
    usual = f"; as things go, in {wording.of_hundred(before[own])}" if changed and asked.equations else ""
    moot = "; the changes do not move it" if changed and not asked.equations else ""
    other = "".join(f" If {name}, it is {lag}." for name, lag in lags.items() if name != own)
    return f"{wording.sentence(', '.join(told))}{usual}{moot}. The middle future has it {lags[own]}.{other}"


def _lag(asked: WhatIfQuestion, now: Mapping[str, Any], structure: str) -> str:
    """Lag of the country at the end of the last year under a structure, in words."""
    low, middle, high = _end(asked, now, structure)
    beyond = float(now["lag_censored"][len(asked.years) - 1, 0].mean()) if structure == COMPUTE else 0.0
    return wording.lag(middle, low, high, LEVEL, beyond=beyond)


def _who_moves(asked: WhatIfQuestion, desk: ExplorerSession) -> str:
    drawn = "prior draws (no posterior ships for this date)" if desk.model == "prior" else "draws of the posterior"
    if not asked.equations:
        return f"Lags revert to their mean, whatever the levers do; {DRAWS:,} draws of that process."
    moving = wording.listing([the(name) for name in asked.names])
    held = "the whole world moves" if asked.state.whole else f"{moving} move, the rest of the world is held"
    return f"{wording.sentence(held)}; {asked.engine.draws:,} {drawn}."


__all__ = ["WhatIfQuestion", "answer", "ending", "question"]

"""Levers of What if: where each stands today, how far it moves the lag over its range, and why one moves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from headway.brief.held import SHORT
from headway.charts import Caption
from headway.core import wording
from headway.explorer.address import LeversState, WhatIfState, bounds
from headway.explorer.answer import Answer, AnswerTable, picture_chart
from headway.explorer.session import ExplorerSession
from headway.explorer.views.whatif import CAVEAT, WhatIfQuestion, question
from headway.explorer.whatif import changes
from headway.findings.finding import Picture
from headway.inference.record import COMPUTE, DIFFUSION

FIRST = 6  # levers that stand beside the chart
_STAYS = f"No effect on the lag, if {DIFFUSION}"
_STILL = 1e-3  # months or points that no future moves by: nothing
_CHANNELS = ("grey", "partner", "domestic")
_BECAUSE: tuple[tuple[tuple[str, ...], Mapping[str, float], str], ...] = (
    (("spending", "growth", "rents"), {"controls": 0.0}, "export controls, not money, decide how many chips it gets"),
    (_CHANNELS, {"controls": 100.0}, "no export controls fall on it and it buys chips on the open market"),
    (("collaboration",), {"openness": 50.0}, "it is open to all that others publish already"),
)
"""Levers, another state in which they would move the lag, and what is the case instead; told only where they would."""
_TOLD = ("today", "effect", "low", "high", "reach")
_COLUMNS = {
    "label": "Lever", "today": "Today", "low": "Lag at one end, months", "high": "at the other",
    "reach": "Reach, months", "effect": "What it does here",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LeverReach:
    """Effect of one lever on the lag over its range, the others as they are.

    Attributes:
        ends: median lag with the lever at each end of its range, months.
        own: months by which the median moves at most. moved: whether any future moves. access: whether the best model
            in use moves in any future.
    """

    ends: tuple[float, float]
    own: float
    moved: bool
    access: bool


def answer(state: LeversState, desk: ExplorerSession) -> Answer:
    """The answer to a state: every lever, those that move the lag furthest first.

    Raises:
        ParameterError: as `views.whatif.question`.
    """
    held = state.model_copy(update={"whole": False})
    asked = question(held, desk)
    now = asked.paths(held)
    found = {name: _reach(asked, name, now) for name in changes.LEVERS}
    why = _reasons(asked, found)
    order = sorted(found, key=lambda name: -found[name].own)
    today = _today(asked, desk)
    rows: list[dict[str, Any]] = [
        {
            "label": changes.LEVERS[name], "today": today.get(name, ""), "low": found[name].ends[0],
            "high": found[name].ends[1], "reach": found[name].own, "name": name,
            "effect": _effect(name, found[name], why.get(name, "")),
        }
        for name in order
    ]  # fmt: skip
    if not asked.equations:
        rows = [{**row, "low": None, "high": None, "reach": 0.0, "effect": f"{_STAYS}."} for row in rows]
    if held.controls is None and asked.equations:
        rows.append(
            {"label": "Controls from", "name": "controls_from", "today": "", "low": None, "high": None, "reach": 0.0,
             "effect": "No effect while the demand under controls is left as it is."}
        )  # fmt: skip
    first, who = rows[0], wording.the(asked.names[0])
    sentence = (
        f"The lever “{first['label']}” moves the lag of {who} most: by {wording.count_months(first['reach'])} in "
        f"the middle future at the end of {state.until}, over its whole range."
    )
    if not asked.equations:
        sentence = f"If {DIFFUSION} no lever moves the lag of {who}: it reverts to its mean, whatever they do."
    elif asked.reverting is not None:
        sentence = f"If {COMPUTE}, {sentence[:1].lower()}{sentence[1:]}"
    made = desk.made(model=True)
    bars = tuple({"label": row["label"], "value": row["reach"]} for row in rows[: 2 * FIRST])
    picture = Picture("bars", "How far each lever moves the lag", bars, "months", "", sentence, made.note)
    return Answer(
        f"Levers of {asked.names[0]} until {state.until}",
        sentence,
        made,
        CAVEAT,
        made.note,
        ("A lever's whole range is no forecast of how far it can be moved.",),
        (picture_chart("levers", picture, Caption(desk.evidence.as_of, None, CAVEAT)),),
        (AnswerTable("levers", picture.title, _COLUMNS, rows),),
        {
            "country": asked.focal,
            "first": order[:FIRST],
            "told": {
                row["name"]: {key: row[key] for key in ("today", "effect", "low", "high", "reach")} for row in rows
            },
        },
    )


def _reach(asked: WhatIfQuestion, name: str, now: Mapping[str, Any]) -> LeverReach:
    """Effect of a lever at both ends of its range; a date's ends are the year after the evidence, and never."""
    low, high = bounds(WhatIfState, name)
    assert low is not None
    assert high is not None
    if name in changes.AT_A_YEAR:
        low, high = 0.0, float(asked.state.since)
    end = len(asked.years) - 1
    lags, moved, access = [], False, False
    for value in (low, high):
        at = asked.state if getattr(asked.state, name) == value else asked.state.model_copy(update={name: value})
        paths = now if at is asked.state else asked.paths(_whole_numbers(at, name))
        lags.append(float(np.median(paths["lag"][end, 0])))
        moved = moved or _differ(paths, now, "lag", end)
        access = access or _differ(paths, now, "available", end)
    middle = float(np.median(now["lag"][end, 0]))
    return LeverReach(
        (lags[0], lags[1]), max(abs(lag - other) for lag in (*lags, middle) for other in lags), moved, access
    )


def _whole_numbers(state: WhatIfState, name: str) -> WhatIfState:
    return state.model_copy(update={name: int(getattr(state, name))}) if name in changes.AT_A_YEAR else state


def _differ(one: Mapping[str, Any], other: Mapping[str, Any], series: str, end: int) -> bool:
    return bool(np.abs(one[series][: end + 1, 0] - other[series][: end + 1, 0]).max() > _STILL)


def _reasons(asked: WhatIfQuestion, found: Mapping[str, LeverReach]) -> dict[str, str]:
    """Reasons why levers move next to nothing, where another state shows that they would without that cause."""
    told = dict[str, str]()
    for levers, instead, words in _BECAUSE:
        still = [name for name in levers if found[name].own < SHORT]
        if not still:
            continue
        other = replace(asked, state=asked.state.model_copy(update=dict(instead)))
        now = other.paths(other.state)
        told |= {name: words for name in still if _reach(other, name, now).own >= max(SHORT, 3 * found[name].own)}
    return told


def _effect(name: str, reach: LeverReach, because: str) -> str:
    """Effect of a lever over its range, in words; why it does nothing, where that is known."""
    if reach.own >= SHORT:
        return f"Over its range: {_from_to(*sorted(reach.ends))}."
    start = "Hardly any effect on the lag" if reach.moved else "No effect on the lag"
    if name == "effort":
        because = "it moves the niche alone"
    elif name in changes.OF_ACCESS and not reach.moved:
        kind = "open" if name == "closing" else "rented"
        other = "it moves no model of its own, only which models it can use"
        because = other if reach.access else f"no {kind} model is the best that it can use"
    return f"{start}, because {because}." if because else f"{start}."


def _from_to(least: float, most: float) -> str:
    """Two lags in whole months: `25 to 54 months behind`; leads are ahead."""
    low, high = round(least), round(most)
    if low >= 0:
        return f"{low} to {high} months behind"
    if high <= 0:
        return f"{-high} to {-low} months ahead"
    return f"{-low} months ahead to {high} months behind"


def _today(asked: WhatIfQuestion, desk: ExplorerSession) -> dict[str, str]:
    """Value of each lever at the end of the evidence, in words with its unit, for those that have such a value."""
    world = asked.engine.world
    row, at = world.known - 1, world.drivers.position(asked.focal)
    now = {name: float(path[row, at]) for name, path in world.drivers.paths.items()}
    told = {name: f"{_count(now[name])} H100 equivalents a year" for name in _CHANNELS if now[name] >= 1}
    told |= {name: "none known" for name in _CHANNELS if now[name] < 1}
    told["controls"] = f"{round(100 * now['controls'])}% of the demand for AI chips"
    told["openness"] = f"{round(100 * now['openness'])}% open to people, papers and code"
    told["collaboration"] = f"a depth of {round(100 * now['collaboration'])}%"
    trained = f"{_count(now['graduates'])} new AI researchers a year"
    told |= {"education": trained, "attraction": f"{trained} trained at home"}
    told["growth"] = f"GDP of {wording.amount(float(format(now['gdp'], '.2g')), 'USD')} a year"
    told["rents"] = f"{wording.number(100 * now['rents'], 2)}% of GDP"
    told["emigration"] = f"{wording.number(now['push'], 2)} times what is usual among countries"
    invested = desk.evidence.latest("ai_private_investment_usd")
    mine = invested[invested["country"] == asked.focal]
    if len(mine):
        value, period = float(mine["value"].iloc[0]), wording.period(str(mine["period"].iloc[0]))
        told["spending"] = f"{wording.amount(value, 'USD')} of private investment ({period})"
    return told


def _count(value: float) -> str:
    """A number of things with two digits and thousands in words: `680 thousand`."""
    rounded = float(f"{value:.2g}")
    return f"{rounded / 1e3:g} thousand" if 1e4 <= rounded < 1e6 else wording.number(rounded, 2)

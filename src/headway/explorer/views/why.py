"""The view that splits the move of the lag among the moved levers, by exact Shapley values."""

from __future__ import annotations

from typing import Any

import numpy as np

from headway.charts import Caption
from headway.core import wording
from headway.explain.shapley import coalitions, shapley_values
from headway.explorer.address import WhyState
from headway.explorer.answer import Answer, AnswerTable, picture_chart
from headway.explorer.session import ExplorerSession
from headway.explorer.views.whatif import CAVEAT, question
from headway.explorer.whatif import changes
from headway.findings.finding import Picture
from headway.inference.record import COMPUTE, DIFFUSION

MOST = 5  # players: 32 runs; further levers count together


def answer(state: WhyState, desk: ExplorerSession) -> Answer:
    """Shares of the levers in the change of the mean lag at the end of the last year.

    Raises:
        ParameterError: as `views.whatif.question`.
    """
    held = state.model_copy(update={"whole": False})
    asked = question(held, desk)
    players = _players(held)
    end, made = len(asked.years) - 1, desk.made(model=True)
    base = asked.baseline()["lag"][end, 0].astype(float)
    if not players:
        return Answer("Why", "Nothing is changed yet.", made, CAVEAT, made.note)
    if not asked.equations:
        return Answer("Why", f"If {DIFFUSION}, no change moves the lag.", made, CAVEAT, made.note)
    worth = []
    for row in coalitions(len(players)):
        acting = tuple(lever for (_, levers), acts in zip(players, row, strict=True) if acts for lever in levers)
        scenario = state.scenario if "scenario" in acting else "baseline"
        part = changes.only(held, acting).model_copy(update={"scenario": scenario})
        worth.append(asked.paths(part)["lag"][end, 0].astype(float) if acting else base)
    parts = shapley_values(np.stack(worth))
    rows: list[dict[str, Any]] = [{"label": "As things go", "value": float(base.mean()), "total": True}]
    for (name, _), draws in zip(players, parts, strict=True):
        low, high = np.quantile(draws, (0.05, 0.95))
        mean = float(draws.mean())
        mean = 0.0 if abs(mean) < 1e-6 else mean  # a lever that does nothing is 0, not the noise of floating point
        rows.append({"label": name, "value": mean, "low": min(float(low), mean), "high": max(float(high), mean)})
    rows.append({"label": "With the changes", "value": float(worth[-1].mean()), "total": True, "highlight": True})
    strongest = max(rows[1:-1], key=lambda row: abs(row["value"]))
    direction = "nearer to" if strongest["value"] < 0 else "further from"
    condition = "" if asked.reverting is None else f"if {COMPUTE}, "
    sentence = (
        f"{condition}of the changes, {_inside(strongest['label'])} moves the mean lag most: "
        f"{wording.amount(abs(strongest['value']), 'months')} {direction} the frontier at the end of {state.until}."
    )
    sentence = wording.sentence(sentence)
    picture = Picture(
        "waterfall", "What each change does to the lag", tuple(rows), f"mean months behind at the end of {state.until}",
        "", sentence, made.note,
    )  # fmt: skip
    columns = {"label": "Change", "value": "Months", "low": "from", "high": "to"}
    return Answer(
        "Why", sentence, made, CAVEAT, picture.source, (),
        (picture_chart("why", picture, Caption(desk.evidence.as_of, 0.9, CAVEAT)),),
        (AnswerTable("why", picture.title, columns, rows),),
    )  # fmt: skip


def _inside(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it begins with an abbreviation."""
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _players(state: WhyState) -> list[tuple[str, tuple[str, ...]]]:
    """Names and levers of the changes; the named scenario is one, and what is beyond the most counts together."""
    single: list[tuple[str, tuple[str, ...]]] = [(changes.LEVERS[name], (name,)) for name in changes.moved(state)]
    if state.scenario != "baseline":
        single.insert(0, ("The named scenario", ("scenario",)))
    if len(single) <= MOST:
        return single
    rest = tuple(lever for _, levers in single[MOST - 1 :] for lever in levers)
    return [*single[: MOST - 1], ("Other changes together", rest)]

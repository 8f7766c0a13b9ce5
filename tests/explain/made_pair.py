"""Two countries of the made world against the rest of it, as `headway.explain.setting` makes them of the real one."""

from __future__ import annotations

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from made_world import made_inputs

from headway.explain.causes import Cause, Two, causes, parse
from headway.explain.coalitions import Game, evaluate_coalitions, removals
from headway.explain.setting import Gaps, QuarterIndex, Setting
from headway.explain.shapley import coalitions
from headway.model import simulate
from headway.model.focal import HELD_SERIES, hold

RUN = jax.jit(simulate, static_argnames="record")  # compiled once for all tests of the pair
WHEN = QuarterIndex(anchor=15, first_scored=4, dates=(8, 15))


def made_setting(subject: int = 1, rival: int = 0, members: int = 4) -> Setting:
    """Country 1 is under controls and smaller than country 0, the leader."""
    inputs = made_inputs(quarters=24, members=members)
    series = RUN(inputs, record=(*HELD_SERIES, "compute")).series
    others = np.setdiff1d(np.arange(4), [subject, rival])
    held = hold(inputs, series, [subject, rival])
    rest = series["compute"][:, others].sum(axis=1)
    return Setting(
        dates=("2024Q1", "2025Q4"),
        when=WHEN,
        world=inputs,
        positions=jnp.asarray([subject, rival]),
        two=Two(held, jnp.asarray([5e7, 3e8], rest.dtype)),
        back=Two(hold(inputs, series, [rival, subject]), jnp.asarray([3e8, 5e7], rest.dtype)),
        rest=rest,
        values={},
        good=np.ones(members, bool),
    )


def played(setting: Setting, chosen: tuple[Cause, ...] | None = None) -> Gaps:
    """All coalitions of the causes."""
    chosen = causes().causes if chosen is None else chosen
    game = Game(setting.two.inputs, removals(setting.two, chosen)[0], setting.rest)
    return evaluate_coalitions(game, jnp.asarray(coalitions(len(chosen))), setting.when)


def made_causes(**replaced: str) -> tuple[Cause, ...]:
    """One cause per quantity: `made_causes(gdp="rival", controls="none")`."""
    rows = "".join(
        f"  - {{cause: {what}, title: {what}, phrase: {what}, question: '?', replace: [{{what: {what}, by: {by}}}]}}\n"
        for what, by in replaced.items()
    )
    return parse("rest: none\ncauses:\n" + rows, Path("made.yaml")).causes

"""Sensitivities that machines share: their pieces, put together, are those of one machine."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from headway.ensemble.pieces import Part, Sharing, UnfinishedError, gathered, run_here
from headway.ensemble.simulation import BLOCK
from headway.explain import attribution
from headway.explain.attribution import AttributionTask, Split, attribute
from headway.explain.causes import causes
from headway.explain.sensitivity import prior
from headway.explain.sensitivity.prior import PointsTask
from headway.explain.setting import METRICS, Gaps

DRAWS = BLOCK + 40
PEOPLE, DATES = (1e6, 2e6), ("2025Q4",)


class MadeStage:
    """Stands for a `PairSimulator`: blocks are told apart by their first member alone."""

    positions, dates, people = (0, 1), DATES, PEOPLE
    plan = given = when = last = None

    def __init__(self, *_: object) -> None: ...

    def block(self, start: int) -> SimpleNamespace:
        values = {"slope": np.arange(start, start + BLOCK) + 0.25}
        block = SimpleNamespace(start=start, sign=1, values=values)
        block.turned = lambda: SimpleNamespace(start=start, sign=-1)
        return block


def made_split(block: Any, found: Any) -> Any:
    """Splits drawn for a block, in which one draw fails."""
    random = np.random.default_rng((block.start, block.sign + 1))
    shapes = {"gap": (1, BLOCK), "rest": (1, BLOCK), "parts": (len(found), 1, BLOCK), "alone": (len(found), 1, BLOCK)}
    splits = {metric: Split(*(random.normal(size=shape) for shape in shapes.values())) for metric in METRICS}
    return splits, np.zeros((1, BLOCK)), np.arange(BLOCK) != 7


def test_parts_of_an_attribution_are_put_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attribution, "split", made_split)
    monkeypatch.setattr(attribution, "_controlled", lambda block: (True, False))
    monkeypatch.setattr(attribution, "PairSimulator", MadeStage)
    ensemble: Any = SimpleNamespace(recipe={"seed": 0})
    ask = partial(attribute, ensemble, "AAA", "BBB", dates=DATES, people=PEOPLE, causes=causes(), draws=DRAWS)
    single = ask()
    with pytest.raises(UnfinishedError, match=r"part 2 of 2 is done; 1 of 2 pieces"):
        ask(gather=partial(gathered, sharing=Sharing(tmp_path, Part(2, 2))))
    merged = ask(gather=partial(gathered, sharing=Sharing(tmp_path, Part(1, 2))))
    assert merged.draws == DRAWS - 2
    assert merged.failed == 2
    assert merged.controlled == (True, False)
    for metric in METRICS:
        for name in ("gap", "rest", "parts", "alone"):
            assert np.array_equal(getattr(single.splits[metric], name), getattr(merged.splits[metric], name))
    assert np.array_equal(single.values["slope"], merged.values["slope"])


def test_another_question_has_another_key() -> None:
    stage: Any = MadeStage()
    keys = {
        AttributionTask(stage, causes(), DRAWS, {"seed": 0}).key,
        AttributionTask(stage, causes(), DRAWS, {"seed": 1}).key,
        AttributionTask(stage, causes(), DRAWS + 1, {"seed": 0}).key,
        PointsTask(stage, np.zeros((3, 2)), {"seed": 0}).key,
        PointsTask(stage, np.ones((3, 2)), {"seed": 0}).key,
    }
    assert len(keys) == 5


def test_parts_of_points_are_put_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def played(plan: object, given: object, scores: Any, *_: object) -> Gaps:
        assert scores.shape[1] == BLOCK  # one compiled function fits all
        return Gaps(*(np.asarray(scores)[None].sum(axis=1) * factor for factor in (1, 2, 3, 4, 0)))

    monkeypatch.setattr(prior, "_play", played)
    stage: Any = MadeStage()
    task = PointsTask(stage, np.random.default_rng(3).uniform(size=(DRAWS, 5)), {"seed": 0})
    single = prior._outputs(run_here(task))
    with pytest.raises(UnfinishedError):
        list(gathered(task, Sharing(tmp_path, Part(1, 2))))
    merged = prior._outputs(gathered(task, Sharing(tmp_path, Part(2, 2))))
    for metric in METRICS:
        assert len(merged[metric]) == DRAWS
        assert np.array_equal(single[metric], merged[metric])

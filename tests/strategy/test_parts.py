"""Strategies that machines share: outcomes put together are those of one machine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from headway.core.cache import Arrays
from headway.ensemble.pieces import Part, Sharing, UnfinishedError
from headway.evidence import open_evidence
from headway.strategy.outcomes import OUTCOMES
from headway.strategy.question import ask
from headway.strategy.run import ExperimentTask, run, run_shared


def made(task: ExperimentTask, piece: str) -> Arrays:
    """Outcomes that are those of this piece alone."""
    unit = task.units[piece]
    random = np.random.default_rng((unit.happening, unit.members.start, unit.strategies.start))
    shape = (len(unit.strategies), len(OUTCOMES), len(unit.members))
    outcomes, status = random.normal(size=shape), random.integers(0, 2, (shape[0], shape[2]))
    return {"outcomes": outcomes.astype(np.float32), "status": status.astype(np.int8)}


def test_parts_are_put_together_by_the_one_that_ends_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ExperimentTask, "run", made)
    experiment = ask(open_evidence(), "KOR", draws=300, posterior=None)
    single = run(experiment)
    with pytest.raises(UnfinishedError, match="part 3 of 3 is done"):
        run_shared(experiment, Sharing(tmp_path, Part(3, 3)), lambda done, of: None)
    with pytest.raises(UnfinishedError, match="part 1 of 3 is done"):
        run_shared(experiment, Sharing(tmp_path, Part(1, 3)), lambda done, of: None)
    merged = run_shared(experiment, Sharing(tmp_path, Part(2, 3)), lambda done, of: None)
    assert np.array_equal(single.outcomes, merged.outcomes)
    assert np.array_equal(single.status, merged.status)
    assert (merged.status >= 0).all()

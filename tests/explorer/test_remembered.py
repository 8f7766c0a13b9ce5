"""What an engine has answered is forgotten with it: a later one at the same place in memory answers for itself."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np

from headway.core.cache import MemoryCache
from headway.explorer.address import WhatIfState
from headway.explorer.views.whatif import WhatIfQuestion
from headway.explorer.whatif.engine import Engine

POSITIONS = (0, 1, 2)


def made(level: float) -> Engine:
    """An engine without a world whose every series stands at one level; it counts its runs."""
    engine: Any = Engine.__new__(Engine)
    engine.remembered, engine.runs = MemoryCache(8), 0
    engine.world = SimpleNamespace(drivers=None)

    def run(positions: tuple[int, ...], drivers: object) -> dict[str, Any]:
        engine.runs += 1
        return {"lag": np.full((2, len(positions), 5), level, np.float32)}

    engine.run = run
    engine._as_it_goes = lambda positions: run(positions, None)
    found: Engine = engine
    return found


def asked(engine: Engine) -> WhatIfQuestion:
    evidence: Any = None  # a question about the equations alone asks for none
    return WhatIfQuestion(WhatIfState(), engine, "AAA", ("A", "B", "C"), POSITIONS, evidence)


def test_each_engine_has_a_baseline_of_its_own() -> None:
    for level in range(50):  # each is freed before the next is made, so that places in memory come again
        question = asked(made(level))
        assert (question.baseline()["lag"] == level).all()
        assert (question.baseline_quantiles("lag") == level).all()


def test_a_baseline_is_run_once_for_all_questions_of_an_engine() -> None:
    engine: Any = made(3)
    for _ in range(3):
        asked(engine).baseline_quantiles("lag")
        asked(engine).baseline()
    assert engine.runs == 1

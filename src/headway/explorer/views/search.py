"""The setting of one lever that closes the gap with the wished probability: bisection, step by step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from headway.core import wording
from headway.core.wording import the
from headway.explorer.address import ParameterError, WhatIfState, bounds
from headway.explorer.session import ExplorerSession
from headway.explorer.views.whatif import WhatIfQuestion, question
from headway.explorer.whatif.changes import LEVERS, OF_ACCESS
from headway.inference.record import COMPUTE, DIFFUSION

STEPS = 9


def steps(state: WhatIfState, lever: str, probability: float, desk: ExplorerSession) -> Iterator[dict[str, Any]]:
    """One record a run: how far, what was tried; the last one holds what was found, in the lever's unit.

    The probability is taken to rise or fall with the lever over its whole range.

    Raises:
        ParameterError: a lever that cannot be searched, or as `views.whatif.question`.
    """
    low, high = bounds(WhatIfState, lever) if lever in LEVERS else (None, None)
    if low is None or high is None or lever in OF_ACCESS:
        raise ParameterError("lever", f"no such lever; there are {', '.join(k for k in LEVERS if k not in OF_ACCESS)}")
    asked = question(state.model_copy(update={"whole": False}), desk)
    if not asked.equations:
        yield {"found": None, "sentence": f"If {DIFFUSION}, no setting of a lever moves the lag."}
        return
    total, tried = STEPS + 2, list[tuple[float, float]]()
    for value in (low, high):
        tried.append((value, _chance(asked, lever, value)))
        yield _told(len(tried), total, *tried[-1])
    (a, at_a), (b, at_b) = tried
    if (at_a - probability) * (at_b - probability) > 0:
        best = max(tried, key=lambda pair: pair[1])
        yield {"found": None, "sentence": _never(asked, lever, probability, best)}
        return
    for _ in range(STEPS):
        middle = (a + b) / 2
        chance = _chance(asked, lever, middle)
        tried.append((middle, chance))
        yield _told(len(tried), total, middle, chance)
        a, b = (middle, b) if (chance < probability) == (at_a < probability) else (a, middle)
    value = round((a + b) / 2, 2)
    yield {"found": value, "lever": lever, "sentence": _said(asked, lever, value, probability)}


def _chance(asked: WhatIfQuestion, lever: str, value: float) -> float:
    return asked.close(asked.paths(asked.state.model_copy(update={"whole": False, lever: value})))


def _told(done: int, of: int, value: float, chance: float) -> dict[str, Any]:
    return {"done": done, "of": of, "value": value, "probability": chance}


def _said(asked: WhatIfQuestion, lever: str, value: float, probability: float) -> str:
    return (
        f"{LEVERS[lever]} at {value:g} brings {the(asked.names[0])} within {asked.state.within} months at the end of "
        f"{asked.state.until} in about {wording.of_hundred(probability)} futures{_counted(asked)}."
    )


def _never(asked: WhatIfQuestion, lever: str, probability: float, best: tuple[float, float]) -> str:
    value, chance = best
    often = wording.of_hundred(chance)
    return (
        f"No setting of {LEVERS[lever].lower()} alone gives {wording.in_hundred(probability)}: at best, at {value:g}, "
        f"{the(asked.names[0])} is within {asked.state.within} months in {often}{_counted(asked)}."
    )


def _counted(asked: WhatIfQuestion) -> str:
    """Condition of the structure under which futures are counted; none where there is but one."""
    if asked.reverting is None:
        return ""
    return ", by the weights of both structures" if asked.state.structure == "both" else f", if {COMPUTE}"

"""The model in EMA Workbench: one NumPy run per member, every uncertain number of it a parameter of the workbench."""

from __future__ import annotations

import logging
import time

import numpy as np

from benchmarks.in_numpy import plain, run
from headway.model import Inputs


def seconds(inputs: Inputs, members: int) -> float:
    """Time of an experiment with that many members.

    The workbench hands one dictionary of numbers to the model for each member, so the world-wide parameters of the
    member come from there; what is drawn per country is taken from the inputs by the number of the member.
    """
    from ema_workbench import IntegerParameter, Model, Policy, RealParameter, SequentialEvaluator, TimeSeriesOutcome
    from ema_workbench.util import ema_logging

    ema_logging.get_rootlogger().setLevel(logging.ERROR)
    count = inputs.initial.compute.shape[-1]
    ready = [plain(inputs, member) for member in range(count)]
    drawn = ("own_rate", "returns", "fishing_out", "substitution", "compute_weight", "absorption")

    def one(member: int = 0, **values: float) -> dict[str, np.ndarray]:
        given = ready[member]
        for name, value in values.items():
            setattr(given.algorithms, name, np.float32(value))
        compute, level, sovereign = run(given)
        return {"compute": compute.ravel(), "level": level.ravel(), "sovereign": sovereign.ravel()}

    model = Model("headway", function=one)
    ranges = {name: getattr(inputs.parameters.algorithms, name) for name in drawn}
    model.uncertainties = [
        IntegerParameter("member", 0, count - 1),
        *(RealParameter(name, float(v.min()), float(v.max())) for name, v in ranges.items()),
    ]
    model.outcomes = [TimeSeriesOutcome(name) for name in ("compute", "level", "sovereign")]
    with SequentialEvaluator(model) as evaluator:
        start = time.perf_counter()
        evaluator.perform_experiments(scenarios=members, policies=[Policy("none")])
        return time.perf_counter() - start

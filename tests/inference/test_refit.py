"""Posteriors of several dates fitted in pieces: put together they are those of one machine."""

from __future__ import annotations

import datetime as dt
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from headway.core.errors import ModelError
from headway.ensemble.pieces import Part, Sharing, UnfinishedError, gathered, run_here
from headway.evidence import open_evidence
from headway.inference import calibrate as fitting
from headway.inference import refit
from headway.inference.arrays import CapabilityData, capability_data
from headway.inference.calibrate import MECHANISMS, calibrate, parts
from headway.inference.refit import RefitTask
from headway.inference.sampling import Diagnostics, SamplingPlan

DAYS = (dt.date(2024, 12, 31), dt.date(2025, 6, 30))


@cache
def data_on(day: dt.date) -> CapabilityData:
    """Data of a date, which take long to gather, made once."""
    return capability_data(open_evidence(day))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (fitting, refit):
        monkeypatch.setattr(module, "capability_data", lambda evidence, until=None: data_on(evidence.as_of))


def made_fit(part: Any, data: Any, *_: object) -> Any:
    """Draws that are those of this part and date alone."""
    random = np.random.default_rng((sorted(parts()).index(part.name), data.as_of.toordinal()))
    return {site: random.normal(size=(4, 30, 2)) for site in part.sites}, Diagnostics(4, 30, 1.0, 900.0, 0, "slope")


def test_fits_of_two_parts_are_the_posteriors_of_one_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "_fit", made_fit)
    task = RefitTask(DAYS, SamplingPlan(), open_evidence)
    with pytest.raises(UnfinishedError, match="part 1 of 2 is done; 4 of 8 pieces"):
        task.posteriors(partial(gathered, sharing=Sharing(tmp_path, Part(1, 2))))
    merged = task.posteriors(partial(gathered, sharing=Sharing(tmp_path, Part(2, 2))))
    assert tuple(merged) == DAYS
    halves = [set(Part(k, 2).share(RefitTask(DAYS[:1], SamplingPlan(), open_evidence).pieces)) for k in (1, 2)]
    assert all(any(piece.endswith(MECHANISMS) for piece in half) for half in halves), "each has one of the long fits"
    for day in DAYS:
        single = calibrate(open_evidence(day), SamplingPlan())
        assert merged[day].record == single.record
        for name, sites in single.draws.items():
            assert {*sites} == {*merged[day].draws[name]}
            assert all(np.array_equal(values, merged[day].draws[name][site]) for site, values in sites.items())


def test_a_fit_that_has_not_converged_is_no_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = Diagnostics(4, 30, 2.0, 900.0, 0, "slope")
    monkeypatch.setattr(fitting, "_fit", lambda *words: (made_fit(*words)[0], bad))
    with pytest.raises(ModelError, match="has not converged"):
        RefitTask(DAYS[:1], SamplingPlan(), open_evidence).posteriors(run_here)

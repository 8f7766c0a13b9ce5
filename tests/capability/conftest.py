"""The made data set, fitted once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from made_results import Made, make

from compiled_programs import programs_kept
from headway.capability.scale import Fit, arrange, fit
from headway.evidence import Evidence, open_evidence


@pytest.fixture(scope="session")
def made() -> Made:
    return make()


@pytest.fixture(scope="session")
def fitted(made: Made) -> Fit:
    with programs_kept():
        return fit(arrange(made.results, made.index, made.benchmarks), warmup=80, draws=80, seed=1)


@pytest.fixture
def evidence_on() -> Callable[[str], Evidence]:
    """Opener of the shipped evidence as known on a day, such as 2025-06-30."""
    return lambda day: open_evidence(dt.date.fromisoformat(day))

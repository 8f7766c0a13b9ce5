"""Lags that revert to their mean, their record, and the weights of the two structures of the long run."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.evidence import open_evidence
from headway.inference import scores
from headway.inference.arrays import capability_data
from headway.inference.diffusion import LONGEST, SHORTEST, LagProcess, lag_process, observed_lags, weights
from headway.inference.record import COMPUTE, DIFFUSION, long_run_verdict, long_run_weights


def process(mean: float, last: float, sd: float = 3.0, persistence: float = 0.5) -> LagProcess:
    return LagProcess({"AAA": mean}, {"AAA": 0.5}, {"AAA": last}, sd, persistence)


@given(st.floats(0, 60), st.floats(0, 60))
@settings(max_examples=20, deadline=None)
def test_a_lag_stays_in_bounds_and_comes_back_to_its_mean(mean: float, last: float) -> None:
    drawn = process(mean, last).draws("AAA", 40, np.random.default_rng(0))
    assert drawn.min() >= SHORTEST
    assert drawn.max() <= LONGEST
    assert abs(np.median(drawn[:, -1]) - mean) < 1.0


def test_the_first_step_keeps_half_of_the_distance_to_the_mean() -> None:
    first = process(mean=10.0, last=30.0, sd=0.01).draws("AAA", 1, np.random.default_rng(0))
    assert np.mean(first) == pytest.approx(20.0, abs=0.2)


def test_the_shipped_record_gives_followers_a_lag_and_the_leader_none() -> None:
    lagging = observed_lags(capability_data(open_evidence()))
    assert "USA" not in lagging
    assert {"CHN", "FRA", "KOR", "RUS"} <= set(lagging)
    assert all(0 <= lag <= LONGEST for rows in lagging.values() for _, lag in rows)


def test_lags_of_a_past_date_hold_nothing_later() -> None:
    early = observed_lags(capability_data(open_evidence(dt.date(2024, 6, 30))))
    assert all(time <= 1.5 for rows in early.values() for time, _ in rows)


def test_a_mean_lies_between_the_countrys_own_and_that_of_all() -> None:
    data = capability_data(open_evidence())
    lagging, found = observed_lags(data), lag_process(data)
    pooled = np.mean([np.mean([lag for _, lag in rows]) for rows in lagging.values()])
    for code, rows in lagging.items():
        own = np.mean([lag for _, lag in rows])
        assert min(own, pooled) - 1e-9 <= found.mean[code] <= max(own, pooled) + 1e-9


def row(actual: float, computed: float, diffused: float) -> dict[str, object]:
    spread = np.linspace(-1, 1, len(scores.PROBABILITIES))
    return {"actual": actual, COMPUTE: list(computed + spread), DIFFUSION: list(diffused + spread)}


def test_the_better_structure_weighs_more_and_few_points_move_little() -> None:
    assert weights([]) == {COMPUTE: 0.5, DIFFUSION: 0.5}
    one, many = weights([row(10, 10, 30)]), weights([row(10, 10, 30)] * 30)
    assert 0.5 < one[COMPUTE] < many[COMPUTE] <= 1
    assert many[COMPUTE] + many[DIFFUSION] == pytest.approx(1)


def test_the_verdict_says_what_the_weights_rest_on() -> None:
    assert sum(long_run_weights().values()) == pytest.approx(1)
    assert long_run_verdict()

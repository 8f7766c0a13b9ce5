"""Lags, the open-weight frontier and releases, scored on made-up worlds whose answers are known."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from made_data import made, made_releases, posterior

from headway.inference import scores
from headway.inference.also_scored import OPEN, lag_rows, open_rows, release_rows, tables
from headway.inference.baselines import BASELINES
from headway.inference.forecaster import Settings
from headway.inference.record import HEADWAY
from headway.inference.structure import mechanistic

ORIGIN = dt.date(2024, 12, 31)
TRUTH = made_releases(quarters=12)
QUARTERS = range(4 * 2025, 4 * 2025 + 4)
COUNTRIES = ("AAA", "BBB")


def test_the_lag_of_a_sure_forecast_is_exact() -> None:
    """BBB stands 8 points behind a leader that rises 2.5 a quarter: 3.2 quarters, 9.6 months."""
    sure = np.array([[[120.0 - behind + 2.5 * (k + 1)] * 39 for k in range(8, 12)] for behind in (0.0, 8.0)])
    rows = list(lag_rows(TRUTH, ORIGIN, COUNTRIES, QUARTERS, {"sure": sure, "late": sure - [[[0.0]], [[2.5]]]}))
    mine = [row for row in rows if row["country"] == "BBB" and row["months"] == 12]
    assert [row["actual"] for row in mine] == [pytest.approx(9.6), pytest.approx(9.6)]
    assert mine[0]["crps"] == pytest.approx(0.0, abs=0.01)
    assert mine[1]["error"] == pytest.approx(3.0, abs=0.01), "a quarter later"
    leader = next(row for row in rows if row["country"] == "AAA" and row["months"] == 12)
    assert leader["actual"] == pytest.approx(-9.6), "a lead is a negative lag"


def test_the_open_frontier_is_that_of_open_releases_alone() -> None:
    settings = Settings(10.0, dict.fromkeys(mechanistic(), 0.5))
    spreads = dict.fromkeys(BASELINES, 2.0)
    rows = list(open_rows(TRUTH, ORIGIN, QUARTERS, posterior(made(quarters=8)), settings=settings, spreads=spreads))
    assert {row["country"] for row in rows} == {OPEN}
    last = [row for row in rows if row["months"] == 12]
    assert {row["actual"] for row in last} == {112.0 + 2.5 * 12}, "only BBB's models are open"
    trend = next(row for row in last if row["forecast"] == "trend")
    assert trend["error"] == pytest.approx(0.0, abs=0.1)


def test_a_release_is_scored_by_the_square_of_what_was_missed() -> None:
    silent = replace(
        TRUTH, rows=tuple(row for row in TRUTH.rows if row.country == "AAA" or row.released < dt.date(2025, 4, 1))
    )
    rows = list(release_rows(silent, ORIGIN, QUARTERS))
    bbb = [row for row in rows if row["country"] == "BBB" and row["forecast"] == HEADWAY]
    chance = (2.0 + 8.0) / (2.5 + 8.0)
    assert [row["actual"] for row in bbb] == [1.0, 0.0, 0.0, 0.0]
    assert [row["brier"] for row in bbb] == pytest.approx([(1 - chance) ** 2, *[chance**2] * 3])


def test_tables_are_means_by_quantity_and_forecaster() -> None:
    quantiles = np.full(39, 10.0)
    rows = [
        {"quantity": "lag", "forecast": "x", "months": months, **scores.score(quantiles, actual)}
        for months, actual in ((3, 0.0), (6, 9.0), (12, 12.0))
    ]
    rows += [{"quantity": "release", "forecast": "x", "months": 3, "brier": brier} for brier in (0.0, 0.5)]
    found = tables(rows, (6, 12))
    assert found["lag"]["x"]["n"] == 2.0
    assert found["lag"]["x"]["mae"] == pytest.approx(1.5)
    assert found["release"]["x"] == {"n": 2.0, "brier": 0.25}

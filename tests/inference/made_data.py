"""Small made-up likelihood arrays, posteriors and evidence, so that no test needs a fit or the shipped snapshot."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np

from headway.core import periods
from headway.inference.arrays import CapabilityData, Points, ScoredRuns
from headway.inference.releases import Release, Releases
from headway.inference.storage import Posterior

FIRST = 4 * 2023


def points(rows: list[tuple[int, float, float, float]]) -> Points:
    table = np.array(rows, dtype=float).reshape(-1, 4)
    return Points(table[:, 0].astype(np.int64), table[:, 1], table[:, 2], table[:, 3])


def made(quarters: int = 8, drift: float = 10.0, gap: float = 8.0, seed: int = 0, noise: float = 0.0) -> CapabilityData:
    """Three countries: AAA leads, BBB follows at `gap` points, CCC has training runs but no score."""
    rng = np.random.default_rng(seed)
    rows, live = [], np.zeros((3, quarters), dtype=bool)
    for country, behind in ((0, 0.0), (1, gap)):
        level = 120.0 - behind
        for quarter in range(quarters):
            level += drift / 4 + noise * 0.5 * rng.standard_normal()
            rows.append((country, (quarter + 1) / 4, level, 1.0))
            live[country, quarter] = True
    times = (np.arange(quarters) + 1) / 4
    records = [(c, t, 25.0 - 0.7 * c + 0.6 * t, 0.15) for c in range(3) for t in times[::2]]
    stock = [(c, t, 5.3 - 0.7 * c + 0.45 * t, 0.1) for c in range(2) for t in times]
    runs = [(c, t, 23.0 + 0.4 * k, 100.0 + 9 * 0.4 * k + 5 * t, k % 3) for k, t in enumerate(times) for c in range(2)]
    table = np.array(runs)
    return CapabilityData(
        as_of=dt.date(2025, 1, 31),
        snapshot="made",
        first=FIRST,
        last=FIRST + quarters - 1,
        countries=("AAA", "BBB", "CCC"),
        leader=0,
        known_until=quarters / 4,
        frontier=points(rows),
        live=live,
        runs=ScoredRuns(
            table[:, 0].astype(np.int64), table[:, 1], table[:, 2], table[:, 3], table[:, 4].astype(np.int64)
        ),
        records=points(records),
        ceilings=points([(2, times[-1], 24.5, 0.4)]),
        stock=points(stock),
        clusters=points([]),
        open_frontier=points([(-1, t, 115.0 + 8 * t, 1.0) for t in times]),
        talent=np.array([20000.0, 15000.0, 1500.0]),
        nvidia_share={(1, 2023): 0.13},
        facts=("made:1",),
    )


def made_releases(quarters: int = 8, drift: float = 10.0, gap: float = 8.0) -> Releases:
    """The scores of `made` as one release a quarter, a month before its end and known within the quarter."""
    rows = []
    for quarter in range(FIRST, FIRST + quarters):
        day = periods.quarter_end(quarter) - dt.timedelta(days=30)
        for country, behind in (("AAA", 0.0), ("BBB", gap)):
            score = 120.0 - behind + drift / 4 * (quarter - FIRST + 1)
            rows.append(
                Release(day, day + dt.timedelta(days=7), country, score, f"{country} {quarter}", country == "BBB")
            )
    return Releases(periods.quarter_end(FIRST + quarters - 1), tuple(sorted(rows)))


def posterior(data: CapabilityData | None = None, draws: int = 200, seed: int = 1) -> Posterior:
    """Draws around plausible values, as a fit would store them."""
    data = data or made()
    rng = np.random.default_rng(seed)
    scored, every, dates = len(data.scored), len(data.countries), data.n_quarters

    def around(value: Any, sd: float, *shape: int) -> Any:
        return value + sd * rng.standard_normal((draws, *shape))

    times = (np.arange(dates) + 1) / 4
    stock = 5.3 - 0.7 * np.arange(scored) + 0.45 * times[:, None]
    runs = {
        "run_now": around(25.0 - 0.7 * np.arange(every) + 0.6 * dates / 4, 0.1, every),
        "run_growth": around(0.6, 0.05, every),
        "run_wander": np.abs(around(0.2, 0.02)),
        "slope": around(8.5, 0.5),
        "relative_level": around(-0.5, 0.3, every),
    }
    trend = {
        "drift": around(10.0, 1.0),
        "drift_sd": np.abs(around(2.0, 0.2)),
        "drift_now": around(10.0, 1.0),
        "catch_up": np.abs(around(0.3, 0.05)),
        "pace_gap": around(8.0, 1.0),
        "pace_sd": np.abs(around(2.0, 0.2)),
        "pace_z": around(0.0, 1.0, scored),
        "sigma": np.abs(around(2.0, 0.2)),
    }
    mechanism = {
        "own_rate": np.abs(around(0.5, 0.05)),
        "returns": around(0.6, 0.02),
        "fishing_out": around(0.5, 0.02),
        "compute_weight": around(0.45, 0.02),
        "absorption": np.abs(around(0.5, 0.05)),
        "half_talent": np.abs(around(3000.0, 100.0)),
        "level_noise": np.abs(around(0.15, 0.01)),
        "length_growth": np.abs(around(0.14, 0.01)),
        "slope": around(8.5, 0.5),
        "intercept": around(120.0, 1.0),
        "discrepancy_sd": np.abs(around(2.0, 0.1)),
        "error_share": np.clip(around(0.3, 0.05), 0.05, 0.95),
        "stock_rate": around(0.45, 0.02, scored),
        "stock_rate_sd": np.abs(around(0.1, 0.01)),
        "concentration": around(19.5, 0.1, scored),
        "log_stock": around(stock, 0.02, dates, scored),
        "log_run": around(stock + 19.7 + 0.14 * times[:, None], 0.02, dates, scored),
        "level": around(0.6 * (times - 0.25)[:, None] - 0.3 * np.arange(scored), 0.05, dates, scored),
    }
    return Posterior(
        {"runs": runs, "trend": trend, "substitutes": mechanism, "complements": dict(mechanism)},
        data,
        {"version": "made", "without": None},
        "0123456789abcdef",
    )


def withheld(data: CapabilityData, code: str) -> CapabilityData:
    return replace(data.without_scores_of(code))

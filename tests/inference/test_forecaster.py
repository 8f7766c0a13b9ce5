"""The forecaster on made-up worlds: its members as by hand, the average, silence, and the drift of a date."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import numpy as np
import pytest
from made_data import made, made_releases, posterior
from scipy.stats import norm

from headway.inference import scores
from headway.inference.forecaster import (
    DRIFT,
    MECHANISM,
    TREND,
    Settings,
    drift_at,
    forecast,
    panel_drift,
    trend_weight,
)
from headway.inference.record import HEADWAY
from headway.inference.releases import Release
from headway.inference.structure import mechanistic

ORIGIN = dt.date(2024, 12, 31)
KNOWN = made_releases(quarters=8)
FIT = posterior(made(quarters=8))
SETTINGS = Settings(12.0, dict.fromkeys(mechanistic(), 0.5))
LAST = 4 * 2026 + 3
MADE = forecast(KNOWN, FIT, LAST, SETTINGS)


def test_the_trend_is_the_formula() -> None:
    """A year ahead: mean R + 12, variance 4² + 9 + τ², cut at R; τ is the leader's 0.35 or another's 0.15."""
    for code, best, revision in (("AAA", 140.0, 0.35), ("BBB", 132.0, 0.15)):
        sd = np.sqrt(4.0**2 + 9.0 + revision**2)
        expected = np.maximum(norm.ppf(scores.PROBABILITIES, best + 12.0, sd), best)
        np.testing.assert_allclose(MADE.of(TREND, code, 4 * 2025 + 3), expected, atol=0.03)


def test_a_quarter_is_counted_from_the_origin() -> None:
    assert MADE.quarters == tuple(range(4 * 2025, LAST + 1))
    assert MADE.of(TREND, "AAA", 4 * 2025)[19] == pytest.approx(140.0 + 12.0 / 4, abs=0.05)


def test_the_mechanism_adds_to_the_best_score_what_the_equations_add() -> None:
    """Whatever level the posterior believes in, the forecast starts from the record."""
    higher = replace(KNOWN, rows=tuple(replace(row, score=row.score + 20.0) for row in KNOWN.rows))
    moved = forecast(higher, FIT, LAST, SETTINGS)
    np.testing.assert_allclose(moved.quantiles[MECHANISM] - 20.0, MADE.quantiles[MECHANISM], atol=1e-6)


def test_headway_is_the_average_of_the_members_quantiles() -> None:
    for quarter, share in ((4 * 2025 + 1, 0.5), (LAST, 0.5 * np.exp(-1 / 1.5))):
        mean = share * MADE.of(TREND, "BBB", quarter) + (1 - share) * MADE.of(MECHANISM, "BBB", quarter)
        np.testing.assert_allclose(MADE.of(HEADWAY, "BBB", quarter), mean, rtol=1e-3)
    np.testing.assert_allclose(trend_weight(np.array([0.25, 1.0, 2.5])), [0.5, 0.5, 0.5 / math.e])


def test_no_forecast_falls_below_the_record_or_in_time() -> None:
    for values in MADE.quantiles.values():
        assert (values >= MADE.best[:, None, None]).all()
        assert (np.diff(values, axis=2) >= -1e-9).all()
        assert (np.diff(values[:, :, 19], axis=1) >= -1e-9).all()


def test_a_silent_country_mostly_keeps_its_record_and_then_shows_its_whole_path() -> None:
    """BBB released once, seven quarters ago; its sovereign path has long left its record behind."""
    first = next(row for row in KNOWN.rows if row.country == "BBB")
    silent = replace(KNOWN, rows=tuple(row for row in KNOWN.rows if row.country == "AAA" or row is first))
    found = forecast(silent, FIT, LAST, SETTINGS)
    soon = found.of(MECHANISM, "BBB", 4 * 2025)
    assert (soon == first.score).mean() == pytest.approx(0.5 + 6.5 / 10.5 * 0.5, abs=0.2)
    assert soon[-1] > 128.0, "what a release shows is the path, which stands at 132"
    assert found.of(TREND, "BBB", 4 * 2025)[-1] < first.score + 12.0


def test_forecasts_are_repeatable() -> None:
    again = forecast(KNOWN, FIT, LAST, SETTINGS)
    for name, values in MADE.quantiles.items():
        np.testing.assert_array_equal(values, again.quantiles[name])


def test_the_drift_moves_a_quarter_of_the_way_at_each_turn_of_the_year() -> None:
    rows = [
        Release(day, day, "AAA", 100.0 + 20.0 * k / 4, str(k), False)
        for k, day in enumerate(dt.date(2025 + k // 4, 3 * (k % 4) + 2, 1) for k in range(12))
    ]
    releases = replace(KNOWN, as_of=dt.date(2027, 12, 31), rows=tuple(rows))
    assert panel_drift(releases.until(dt.date(2027, 1, 1))) == pytest.approx(20.0)
    assert drift_at(releases, dt.date(2026, 12, 31)) == DRIFT
    assert drift_at(releases, dt.date(2027, 6, 30)) == pytest.approx(DRIFT + 0.25 * (20.0 - DRIFT))


def test_a_leap_beyond_belief_counts_as_the_bound() -> None:
    rows = [Release(dt.date(2025, 11, 1), dt.date(2025, 11, 1), "AAA", 100.0, "first", False)]
    rows += [Release(day, day, "AAA", 160.0, str(day), False) for day in (dt.date(2026, 5, 1), dt.date(2026, 11, 1))]
    assert panel_drift(replace(KNOWN, as_of=dt.date(2026, 12, 31), rows=tuple(rows))) == 25.0

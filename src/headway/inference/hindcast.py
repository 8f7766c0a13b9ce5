"""Hindcast: forecasts made from what was known on past dates, scored on what came after, beside naive ones.

It calls the forecaster that also freezes (`headway.inference.forecaster`). What the forecaster learns, the trend's
drift and the weights of the two readings of equation 6, is learned on the other origins than the one scored. The
weights minimise the mean CRPS of the pool (Thorey, Mallet and Baudin 2017, QJRMS 143:521–529), which is quadratic in
them: Σ w_k E|X_k − y| − ½ Σ w_k w_l E|X_k − X_l|. A small pull towards equal weights keeps twenty points from choosing
one by luck.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from headway.core import periods
from headway.core.errors import EvidenceError
from headway.inference import also_scored, scores
from headway.inference.arrays import Floats
from headway.inference.baselines import BASELINES, naive
from headway.inference.forecaster import (
    DRIFT,
    HORIZON,
    MEMBERS,
    Settings,
    forecast,
    mechanism,
    trend,
    years_ahead,
)
from headway.inference.record import HEADWAY
from headway.inference.releases import Releases
from headway.inference.storage import Posterior
from headway.inference.structure import mechanistic

SAMPLE = 400  # draws per forecast from which expected differences are taken
PULL = 0.05  # ECI added to the mean CRPS at a corner, none at equal weights


def stacked(draws: Sequence[Sequence[Floats]], actual: Floats) -> Floats:
    """Weights of the forecasters, non-negative and adding up to 1, shape (forecaster,).

    Args:
        draws: forecaster → target → draws. actual: outcomes, shape (target,).
    """
    from scipy.optimize import minimize

    count = len(draws)
    if count == 1:
        return np.ones(1)
    linear, cross = np.zeros(count), np.zeros((count, count))
    for k, outcome in enumerate(actual):
        samples = [_spaced(forecaster[k]) for forecaster in draws]
        linear += [np.abs(sample - outcome).mean() for sample in samples]
        cross += [[np.abs(a[:, None] - b[None, :]).mean() for b in samples] for a in samples]
    linear, cross = linear / len(actual), cross / len(actual)

    def loss(weights: Floats) -> float:
        equal = ((weights - 1 / count) ** 2).sum() / (1 - 1 / count)
        return float(weights @ linear - 0.5 * weights @ cross @ weights + PULL * equal)

    found = minimize(
        loss,
        np.full(count, 1 / count),
        method="SLSQP",
        bounds=[(0.0, 1.0)] * count,
        constraints={"type": "eq", "fun": lambda weights: weights.sum() - 1},
        options={"ftol": 1e-10},
    )
    weights = np.clip(found.x, 0, None)
    return np.asarray(weights / weights.sum())


def _spaced(draws: Floats) -> Floats:
    """Evenly spaced order statistics: the same distribution from fewer draws."""
    return np.quantile(draws, (np.arange(SAMPLE) + 0.5) / SAMPLE)


HORIZONS = (6, 12)  # months; the scores of the record are means over these
LONG_HORIZONS = (18, 24)  # months; scored apart
ORIGINS = tuple(map(dt.date.fromisoformat, ("2023-12-31", "2024-06-30", "2024-12-31", "2025-06-30")))
FLAG = (
    "Pseudo-real-time: the scores are those of one table; a score counts as known 7 days after release where the model "
    "became its country's best, else after 30 days, and from November 2025 on as dated copies of the table showed it; "
    "the countries scored are those that went on releasing models."
)
SPREADS = np.arange(0.5, 15.01, 0.25)  # ECI per square root of a year, tried for the naive forecasts
DRIFTS = np.arange(0.0, 25.01, 0.5)  # ECI a year, tried for the trend


@dataclass(frozen=True)
class Origin:
    """A day on which forecasts are made.

    Attributes:
        day: last day of a quarter. known: releases known on it. posterior: fitted to what was known on it.
        countries: those that are scored. quarters: those from the day on whose outcomes are known, two years at most.
    """

    day: dt.date
    known: Releases
    posterior: Posterior
    countries: tuple[str, ...]
    quarters: range

    @property
    def ahead(self) -> Floats:
        """Years from the day to the end of each quarter."""
        return years_ahead(self.day, self.quarters)


Grid = Mapping[dt.date, Floats]
"""Forecasts of one forecaster: day of the origin → kept quantiles, shape (country, quarter, probability)."""


@dataclass(frozen=True)
class Target:
    """Best score so far of a country at the end of a quarter, to be forecast; `months` from the origin to that end."""

    origin: Origin
    months: int
    country: str
    quarter: int
    actual: float

    def of(self, grid: Grid) -> Floats:
        """The kept quantiles of this target in a forecaster's grid, shape (probability,)."""
        row, column = self.origin.countries.index(self.country), self.origin.quarters.index(self.quarter)
        values: Floats = grid[self.origin.day][row, column]
        return values


def panel(releases: Releases) -> tuple[str, ...]:
    """Countries that are scored: those with a scored release in at least half of all quarters."""
    quarters = releases.last - releases.first + 1
    return tuple(code for code in releases.countries if sum(releases.quarters(code)) >= quarters / 2)


def usable(releases: Releases, posteriors: Mapping[dt.date, Posterior]) -> list[Origin]:
    """The origins that have an outcome at the shortest horizon at least."""
    found = []
    for day, posterior in sorted(posteriors.items()):
        known, first = releases.until(day), periods.quarter_number_of(day) + 1
        countries = tuple(
            code for code in panel(releases) if code in posterior.data.countries and code in known.countries
        )
        quarters = range(first, min(releases.last, first + HORIZON - 1) + 1)
        if len(quarters) >= HORIZONS[0] // periods.MONTHS and countries:
            found.append(Origin(day, known, posterior, countries, quarters))
    return found


def targets(releases: Releases, origins: Sequence[Origin]) -> list[Target]:
    """All points by origin, horizon and country."""
    found = []
    for origin in origins:
        for months in (*HORIZONS, *LONG_HORIZONS):
            quarter = periods.quarter_number_of(origin.day) + months // periods.MONTHS
            for country in origin.countries if quarter in origin.quarters else ():
                actual = releases.best(country, periods.quarter_end(quarter))
                found.append(Target(origin, months, country, quarter, actual))
    return found


Member = Callable[[Releases, Posterior, Sequence[str], range, Settings], Floats]
"""(known, posterior, countries, quarters, Headway's settings) -> kept quantiles, (country, quarter, probability)."""


def hindcast(
    releases: Releases,
    posteriors: Mapping[dt.date, Posterior],
    others: Mapping[str, Member] | None = None,
    extra: Mapping[str, Any] | None = None,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Score Headway's forecast, its members, the naive forecasts and others; the record as a plain mapping.

    Args:
        posteriors: by origin, the last day of a quarter, each fitted to what was known on it.
        others: further forecasts to score, by name. extra: entries added to the record as they are.

    Raises:
        EvidenceError: no origin has a target whose outcome is known.
    """
    origins = usable(releases, posteriors)
    points = targets(releases, origins)
    if not points:
        raise EvidenceError("the evidence ends before any forecast of the hindcast could be scored")
    trials = _Trials(origins, points)
    learned = {origin.day: trials.settings(without=origin.day) for origin in origins}
    grids: dict[str, dict[dt.date, Floats]] = {name: {} for name in (HEADWAY, *MEMBERS, *(others or {}))}
    for origin in origins:
        made = forecast(origin.known, origin.posterior, origin.quarters[-1], learned[origin.day])
        rows_of = [made.countries.index(code) for code in origin.countries]
        for name in (HEADWAY, *MEMBERS):
            grids[name][origin.day] = made.quantiles[name][rows_of]
        for name, member in (others or {}).items():
            asked = origin.known, origin.posterior, origin.countries, origin.quarters
            grids[name][origin.day] = member(*asked, learned[origin.day])
        if progress is not None:
            progress(f"forecast from {origin.day}")
    grids |= trials.readings
    spreads = {}
    for name in BASELINES:
        grids[name], spreads[name] = _baseline(name, origins, points)
    rows = [_row(name, point, point.of(grid)) for name, grid in grids.items() for point in points]
    near = [row for row in rows if row["months"] in HORIZONS]
    beside: list[dict[str, Any]] = []
    for origin in origins:
        own = {name: grid[origin.day] for name, grid in grids.items()}
        beside += also_scored.lag_rows(releases, origin.day, origin.countries, origin.quarters, own)
        beside += also_scored.open_rows(
            releases, origin.day, origin.quarters, origin.posterior, settings=learned[origin.day], spreads=spreads
        )
        beside += also_scored.release_rows(releases, origin.day, origin.quarters)
    final = trials.settings()
    return {
        "flag": FLAG,
        "as_of": releases.as_of.isoformat(),
        "period": "–".join((min(row["quarter"] for row in near), max(row["quarter"] for row in near))),
        "origins": [origin.day.isoformat() for origin in origins],
        "panel": list(panel(releases)),
        "posteriors": {origin.day.isoformat(): origin.posterior.hash for origin in origins},
        "drift": final.drift,
        "weights": dict(final.readings),
        "learned": {
            day.isoformat(): {"drift": one.drift, "weights": dict(one.readings)} for day, one in learned.items()
        },
        "summary": {name: scores.summary(near, name) for name in grids},
        "by_horizon": {
            str(span): {name: scores.summary([row for row in rows if row["months"] == span], name) for name in grids}
            for span in sorted({point.months for point in points})
        },
        "by_country": {
            code: {name: scores.summary([row for row in near if row["country"] == code], name) for name in grids}
            for code in panel(releases)
        },
        "spreads": spreads,
        "also": also_scored.tables(beside, HORIZONS),
        "points": rows,
        **(extra or {}),
    }


class _Trials:
    """The trend at every drift tried and each reading alone, from all origins: what settings are chosen from."""

    def __init__(self, origins: Sequence[Origin], points: Sequence[Target]) -> None:
        self.points = [point for point in points if point.months in HORIZONS]
        names = [
            name
            for name, structure in mechanistic().items()
            if all(set(structure.parts) <= set(origin.posterior.draws) for origin in origins)
        ]
        self.readings = {
            name: {o.day: mechanism(o.known, o.posterior, o.countries, o.quarters, {name: 1.0}) for o in origins}
            for name in names
        }
        self.trends = {
            float(drift): {o.day: trend(o.known, o.countries, o.ahead, drift) for o in origins} for drift in DRIFTS
        }

    def settings(self, without: dt.date | None = None) -> Settings:
        """Drift and weights of the readings that served best at all origins but one.

        The prior drift and equal weights where no other origin is left.
        """
        kept = [point for point in self.points if point.origin.day != without]
        if not kept:
            return Settings(DRIFT, dict.fromkeys(self.readings, 1 / len(self.readings)))
        actual = np.array([point.actual for point in kept])
        weights = stacked([[point.of(grid) for point in kept] for grid in self.readings.values()], actual)
        drift = min(self.trends, key=lambda drift: _mean_crps(self.trends[drift], kept))
        return Settings(drift, dict(zip(self.readings, map(float, weights), strict=True)))


def _mean_crps(grid: Grid, points: Sequence[Target]) -> float:
    return float(np.mean([scores.crps_of_quantiles(point.of(grid), point.actual) for point in points]))


def _row(name: str, point: Target, quantiles: Floats) -> dict[str, Any]:
    low, median, high = (float(np.interp(p, scores.PROBABILITIES, quantiles)) for p in (0.05, 0.5, 0.95))
    return {
        "forecast": name,
        "origin": point.origin.day.isoformat(),
        "months": point.months,
        "country": point.country,
        "quarter": periods.quarter_name(point.quarter),
        "actual": point.actual,
        "median": round(median, 3),
        "low": round(low, 3),
        "high": round(high, 3),
        **{key: round(value, 4) for key, value in scores.score(quantiles, point.actual).items()},
    }


def _baseline(name: str, origins: Sequence[Origin], points: Sequence[Target]) -> tuple[dict[dt.date, Floats], float]:
    """A naive forecast with the Gaussian spread that serves it best on these very points: doubt is to its favour."""
    near = [point for point in points if point.months in HORIZONS]
    tried = {float(sd): {o.day: naive(name, o.known, o.countries, o.ahead, sd) for o in origins} for sd in SPREADS}
    best = min(tried, key=lambda sd: _mean_crps(tried[sd], near))
    return tried[best], best

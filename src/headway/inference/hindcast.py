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
from headway.inference import baselines, scores
from headway.inference.arrays import Floats
from headway.inference.baselines import BASELINES
from headway.inference.forecaster import DRIFT, MEMBERS, Settings, forecast, mechanism, trend, years_ahead
from headway.inference.record import HEADWAY
from headway.inference.releases import Releases, years_between
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
class Target:
    """Best score so far of a country at the end of a quarter, to be forecast.

    Attributes:
        months: from the origin to the end of the quarter. ahead: the same in years.
    """

    origin: dt.date
    months: int
    country: str
    quarter: int
    actual: float
    ahead: float


def panel(releases: Releases) -> tuple[str, ...]:
    """Countries that are scored: those with a scored release in at least half of all quarters."""
    quarters = releases.last - releases.first + 1
    return tuple(code for code in releases.countries if sum(releases.quarters(code)) >= quarters / 2)


def targets(releases: Releases, origins: Mapping[dt.date, Posterior]) -> list[Target]:
    """All origin, horizon and country points whose outcome is known, in that order."""
    found = []
    for origin, posterior in origins.items():
        known = releases.until(origin)
        for months in (*HORIZONS, *LONG_HORIZONS):
            quarter = periods.quarter_number_of(origin) + months // periods.MONTHS
            if quarter > releases.last:
                continue
            end = periods.quarter_end(quarter)
            for country in panel(releases):
                if country in posterior.data.countries and country in known.countries:
                    ahead = years_between(origin, end)
                    found.append(Target(origin, months, country, quarter, releases.best(country, end), ahead))
    return found


Member = Callable[[Releases, Posterior, Sequence[str], range], Floats]
"""(known, posterior, countries, quarters) -> kept quantiles, shape (country, quarter, probability)."""


def hindcast(
    releases: Releases,
    origins: Mapping[dt.date, Posterior],
    others: Mapping[str, Member] | None = None,
    extra: Mapping[str, Any] | None = None,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Score Headway's forecast, its members, the naive forecasts and others; the record as a plain mapping.

    Args:
        origins: last days of quarters, each with the posterior of what was known on it.
        others: further forecasts to score, by name. extra: entries added to the record as they are.

    Raises:
        EvidenceError: no origin has a target whose outcome is known.
    """
    points = targets(releases, origins)
    if not points:
        raise EvidenceError("the evidence ends before any forecast of the hindcast could be scored")
    used = {origin: origins[origin] for origin in dict.fromkeys(point.origin for point in points)}
    trials = _Trials(releases, used, points)
    learned = {origin: trials.settings(without=origin) for origin in used}
    found: dict[str, list[Floats]] = {name: [] for name in (HEADWAY, *MEMBERS, *(others or {}))}
    for origin, posterior in used.items():
        known = releases.until(origin)
        made = forecast(known, posterior, _last(origin, points), learned[origin])
        for name in (HEADWAY, *MEMBERS):
            found[name] += [made.of(name, p.country, p.quarter) for p in points if p.origin == origin]
        mine = [point for point in points if point.origin == origin]
        countries = tuple(dict.fromkeys(point.country for point in mine))
        for name, member in (others or {}).items():
            values = member(known, posterior, countries, range(made.quarters[0], made.quarters[-1] + 1))
            found[name] += [values[countries.index(p.country), p.quarter - made.quarters[0]] for p in mine]
        if progress is not None:
            progress(f"forecast from {origin}")
    found |= trials.readings
    spreads = {}
    for name in BASELINES:
        found[name], spreads[name] = _baseline(name, releases, points)
    rows = [_row(name, p, q) for name, values in found.items() for p, q in zip(points, values, strict=True)]
    near = [row for row in rows if row["months"] in HORIZONS]
    months = sorted({point.months for point in points})
    final = trials.settings()
    return {
        "flag": FLAG,
        "as_of": releases.as_of.isoformat(),
        "period": "–".join((min(row["quarter"] for row in near), max(row["quarter"] for row in near))),
        "origins": [origin.isoformat() for origin in used],
        "panel": list(panel(releases)),
        "posteriors": {origin.isoformat(): posterior.hash for origin, posterior in used.items()},
        "drift": final.drift,
        "weights": dict(final.readings),
        "learned": {
            origin.isoformat(): {"drift": one.drift, "weights": dict(one.readings)} for origin, one in learned.items()
        },
        "summary": {name: scores.summary(near, name) for name in found},
        "by_horizon": {
            str(span): {name: scores.summary([row for row in rows if row["months"] == span], name) for name in found}
            for span in months
        },
        "by_country": {
            code: {name: scores.summary([row for row in near if row["country"] == code], name) for name in found}
            for code in panel(releases)
        },
        "spreads": spreads,
        "points": rows,
        **(extra or {}),
    }


def _last(origin: dt.date, points: Sequence[Target]) -> int:
    return max(point.quarter for point in points if point.origin == origin)


class _Trials:
    """The trend at every drift tried and each reading alone, at all targets: what settings are chosen from."""

    def __init__(self, releases: Releases, origins: Mapping[dt.date, Posterior], points: Sequence[Target]) -> None:
        self.points = points
        names = [
            name
            for name, structure in mechanistic().items()
            if all(set(structure.parts) <= set(posterior.draws) for posterior in origins.values())
        ]
        self.readings: dict[str, list[Floats]] = {name: [] for name in names}
        self.trends: dict[float, list[Floats]] = {float(drift): [] for drift in DRIFTS}
        for origin, posterior in origins.items():
            known, quarters = releases.until(origin), range(_next(origin), _last(origin, points) + 1)
            countries = tuple(dict.fromkeys(point.country for point in points if point.origin == origin))
            cells = [(countries.index(p.country), p.quarter - quarters[0]) for p in points if p.origin == origin]
            ahead = years_ahead(origin, quarters)
            for drift, quantiles in self.trends.items():
                values = trend(known, countries, ahead, drift)
                quantiles += [values[cell] for cell in cells]
            for name, quantiles in self.readings.items():
                values = mechanism(known, posterior, countries, quarters, {name: 1.0})
                quantiles += [values[cell] for cell in cells]

    def settings(self, without: dt.date | None = None) -> Settings:
        """Drift and weights of the readings that served best at all origins but one.

        The prior drift and equal weights where no other origin is left.
        """
        kept = [k for k, point in enumerate(self.points) if point.origin != without and point.months in HORIZONS]
        if not kept:
            return Settings(DRIFT, dict.fromkeys(self.readings, 1 / len(self.readings)))
        actual = np.array([self.points[k].actual for k in kept])
        weights = stacked([[quantiles[k] for k in kept] for quantiles in self.readings.values()], actual)

        def loss(drift: float) -> float:
            values = self.trends[drift]
            return float(np.mean([scores.crps_of_quantiles(values[k], self.points[k].actual) for k in kept]))

        return Settings(min(self.trends, key=loss), dict(zip(self.readings, map(float, weights), strict=True)))


def _next(origin: dt.date) -> int:
    return periods.quarter_number_of(origin + dt.timedelta(days=1))


def _row(name: str, point: Target, quantiles: Floats) -> dict[str, Any]:
    low, median, high = (float(np.interp(p, scores.PROBABILITIES, quantiles)) for p in (0.05, 0.5, 0.95))
    return {
        "forecast": name,
        "origin": point.origin.isoformat(),
        "months": point.months,
        "country": point.country,
        "quarter": periods.quarter_name(point.quarter),
        "actual": point.actual,
        "median": round(median, 3),
        "low": round(low, 3),
        "high": round(high, 3),
        **{key: round(value, 4) for key, value in scores.score(quantiles, point.actual).items()},
    }


def _baseline(name: str, releases: Releases, points: Sequence[Target]) -> tuple[list[Floats], float]:
    """A naive forecast with the Gaussian spread that serves it best on these very points: doubt is to its favour."""
    countries = panel(releases)
    known = {
        origin: baselines.known_series(releases.until(origin), countries)
        for origin in dict.fromkeys(point.origin for point in points)
    }
    centres = [BASELINES[name](known[p.origin], countries.index(p.country), p.ahead) for p in points]

    def quantiles(sd: float) -> list[Floats]:
        return [baselines.spread(centre, sd, p.ahead) for centre, p in zip(centres, points, strict=True)]

    def loss(sd: float) -> float:
        losses = [
            scores.crps_of_quantiles(q, p.actual)
            for q, p in zip(quantiles(sd), points, strict=True)
            if p.months in HORIZONS
        ]
        return float(np.mean(losses))

    best = float(min(SPREADS, key=loss))
    return quantiles(best), best

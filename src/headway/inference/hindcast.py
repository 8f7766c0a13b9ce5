"""Hindcast: forecasts made from what was known on past dates, scored on what came after, beside naive ones.

The structures are pooled with weights that minimise the mean CRPS (Thorey, Mallet and Baudin 2017, QJRMS 143:521–529).
The CRPS of a pool is quadratic in its weights: Σ w_k E|X_k − y| − ½ Σ w_k w_l E|X_k − X_l|. A small pull towards equal
weights keeps twenty points from choosing a single structure by luck.
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
from headway.inference.arrays import CapabilityData, Floats
from headway.inference.baselines import BASELINES, NaiveSeries
from headway.inference.record import STACK
from headway.inference.storage import Posterior
from headway.inference.structure import structures

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


HORIZONS = (6, 12)  # months
ORIGINS = tuple(map(dt.date.fromisoformat, ("2023-12-31", "2024-06-30", "2024-12-31", "2025-06-30")))
FLAG = (
    "Pseudo-real-time: one vintage of the scores is at hand, a score counts as known thirty days after the model's "
    "release, and the countries scored are those that went on releasing models."
)
SPREADS = np.arange(0.5, 15.01, 0.25)  # ECI per square root of a year, tried for the naive forecasts
SEED = 11


@dataclass(frozen=True)
class Target:
    """One thing to be forecast: the best score so far of a country at the end of a quarter.

    Attributes:
        ahead: years from the last day whose releases were known to the end of the quarter.
    """

    origin: dt.date
    months: int
    country: str
    quarter: int
    actual: float
    ahead: float


@dataclass(frozen=True)
class Scored:
    """Forecasts of one forecaster for all targets, in their order: draws, shape (target, draw)."""

    name: str
    draws: Sequence[Floats]


def panel(truth: CapabilityData) -> tuple[str, ...]:
    """Countries that are scored: those with a scored release in at least half of all quarters."""
    often = truth.live.mean(axis=1) >= 0.5
    return tuple(code for code, kept in zip(truth.countries, often, strict=True) if kept)


def targets(truth: CapabilityData, origins: Mapping[dt.date, Posterior]) -> list[Target]:
    """All origin, horizon and country points whose outcome is known."""
    actual, found = baselines.series(truth), []
    for origin, posterior in origins.items():
        for months in HORIZONS:
            quarter = periods.quarter_number_of(origin) + months // periods.MONTHS
            if quarter > truth.last:
                continue
            until = posterior.data.first + posterior.data.known_until * periods.PER_YEAR
            ahead = (quarter + 1 - until) / periods.PER_YEAR
            for country in panel(truth):
                level = actual.values[truth.countries.index(country), quarter - truth.first]
                if country in posterior.data.countries and posterior.data.index(country) in posterior.data.scored:
                    found.append(Target(origin, months, country, quarter, float(level), ahead))
    return found


def hindcast(
    truth: CapabilityData,
    origins: Mapping[dt.date, Posterior],
    extra: Mapping[str, Any] | None = None,
    progress: Callable[[str], None] | None = None,
) -> dict[str, Any]:
    """Score every structure, their stack and the naive forecasts; the record as a plain mapping.

    Raises:
        EvidenceError: no origin has a target whose outcome is known.
    """
    points = targets(truth, origins)
    if not points:
        raise EvidenceError("the evidence ends before any forecast of the hindcast could be scored")
    forecasters = [_structure(name, origins, points, progress) for name in _complete(origins)]
    actual = np.array([point.actual for point in points])
    weights = stacked([one.draws for one in forecasters], actual)
    groups = [point.origin for point in points]
    rng = np.random.default_rng(SEED)
    stack = [scores.mixture([one.draws[k] for one in forecasters], weights, 4000, rng) for k in range(len(points))]
    rows = [row for one in [*forecasters, Scored(STACK, stack)] for row in _rows(one.name, one.draws, points)]
    rows += _left_out(forecasters, points, groups, actual, rng)
    spreads = {}
    for name in BASELINES:
        found, spreads[name] = _baseline(name, origins, points)
        rows += found
    names = tuple(dict.fromkeys(row["forecast"] for row in rows))
    return {
        "flag": FLAG,
        "as_of": truth.as_of.isoformat(),
        "period": "–".join(periods.quarter_name(end(p.quarter for p in points)) for end in (min, max)),
        "origins": [origin.isoformat() for origin in origins],
        "panel": list(panel(truth)),
        "posteriors": {origin.isoformat(): posterior.hash for origin, posterior in origins.items()},
        "weights": dict(zip([one.name for one in forecasters], map(float, weights), strict=True)),
        "summary": {name: _summary(rows, name) for name in names},
        "by_horizon": {
            str(months): {name: _summary([row for row in rows if row["months"] == months], name) for name in names}
            for months in HORIZONS
        },
        "by_country": {
            code: {name: _summary([row for row in rows if row["country"] == code], name) for name in names}
            for code in panel(truth)
        },
        "spreads": spreads,
        "points": rows,
        **(extra or {}),
    }


LEFT_OUT = "stack, weights without the origin"


def _complete(origins: Mapping[dt.date, Posterior]) -> list[str]:
    """Structures whose parts were fitted at every origin."""
    return [
        name
        for name, structure in structures().items()
        if all(part in posterior.draws for posterior in origins.values() for part in structure.parts)
    ]


def _summary(rows: Sequence[Mapping[str, Any]], name: str) -> dict[str, float]:
    keys = ("crps", "error", "mae", *(f"in{round(100 * level)}" for level in scores.LEVELS))
    return scores.mean_scores([{key: float(row[key]) for key in keys} for row in rows if row["forecast"] == name])


def _structure(
    name: str, origins: Mapping[dt.date, Posterior], points: Sequence[Target], progress: Callable[[str], None] | None
) -> Scored:
    """Forecasts of one structure for all targets, one simulation per origin."""
    draws: dict[tuple[dt.date, str, int], Floats] = {}
    for origin, posterior in origins.items():
        last = max(point.quarter for point in points if point.origin == origin)
        paths = structures()[name].forecast(posterior, last, np.random.default_rng(SEED))
        for point in points:
            if point.origin == origin:
                column = paths.record[:, paths.countries.index(point.country), point.quarter - posterior.data.last]
                draws[origin, point.country, point.quarter] = column
        if progress is not None:
            progress(f"{name}, {origin}")
    return Scored(name, [draws[point.origin, point.country, point.quarter] for point in points])


def _rows(name: str, draws: Sequence[Floats], points: Sequence[Target]) -> list[dict[str, Any]]:
    return [_row(name, point, scores.quantiles(mine)) for point, mine in zip(points, draws, strict=True)]


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


def _left_out(
    forecasters: Sequence[Scored],
    points: Sequence[Target],
    groups: Sequence[dt.date],
    actual: Floats,
    rng: np.random.Generator,
) -> list[dict[str, Any]]:
    """The stack with weights found without the origin that it is scored on: what stacking is worth out of sample."""
    rows = []
    for origin in dict.fromkeys(groups):
        others = [k for k, group in enumerate(groups) if group != origin] or list(range(len(groups)))
        weights = stacked([[one.draws[k] for k in others] for one in forecasters], actual[others])
        for k, point in enumerate(points):
            if groups[k] == origin:
                pool = scores.mixture([one.draws[k] for one in forecasters], weights, 4000, rng)
                rows.append(_row(LEFT_OUT, point, scores.quantiles(pool)))
    return rows


def _baseline(
    name: str, origins: Mapping[dt.date, Posterior], points: Sequence[Target]
) -> tuple[list[dict[str, Any]], float]:
    """A naive forecast with the Gaussian spread that serves it best on these very points: doubt is to its favour."""
    known: dict[dt.date, NaiveSeries] = {
        origin: baselines.series(posterior.data) for origin, posterior in origins.items()
    }
    centres = [
        BASELINES[name](known[p.origin], origins[p.origin].data.countries.index(p.country), p.ahead) for p in points
    ]

    def quantiles(sd: float) -> list[Floats]:
        return [baselines.spread(centre, sd, p.ahead) for centre, p in zip(centres, points, strict=True)]

    def loss(sd: float) -> float:
        losses = [scores.crps_of_quantiles(q, p.actual) for q, p in zip(quantiles(sd), points, strict=True)]
        return float(np.mean(losses))

    best = float(min(SPREADS, key=loss))
    return [_row(name, p, q) for p, q in zip(points, quantiles(best), strict=True)], best

"""Headway's forecast of the best score so far of every country: one function for the hindcast and the frozen forecast.

Two members are averaged quantile by quantile, with equal weights up to a year ahead:

- *trend*: the best score so far goes on at a drift of the date, Y = max(R, R + h (g + 4 z₁) + √(9 h + τ²) z₂);
- *mechanism*: the equations add to it what they add to sovereign capability, M = max(R, R + S(t) − S(origin)).

R is the best score known at the origin, h years ahead, τ what later copies of the table revise. A country that does not
keep releasing scored models stays at R until a quarter with a release, whose chance is estimated from its quarters so
far; the release then shows its whole path. Weights found by optimisation on four origins were worse than equal ones on
the origin left out.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from headway.core import periods
from headway.inference import scores
from headway.inference.arrays import Floats
from headway.inference.record import HEADWAY
from headway.inference.releases import Releases, years_between
from headway.inference.storage import Posterior
from headway.inference.structure import structure

TREND, MECHANISM = "trend", "mechanism"
MEMBERS = (TREND, MECHANISM)
HORIZON = (
    8  # quarters: what past origins can score; beyond, the scenarios of the ensemble are no forecast of the record
)

DRIFT = 12.0  # ECI a year at the start of DRIFT_YEAR, chosen on origins to mid-2025
DRIFT_YEAR = 2026
LEARNED = 0.25  # of the distance to the last year's drift, closed at each turn of the year
DRIFT_BOUNDS = (0.0, 25.0)  # ECI a year, of one country's last 12 months
DRIFT_SD = 4.0  # ECI a year
NOISE = 9.0  # ECI² a year
REVISION_SD = (0.35, 0.15)  # ECI: of the leader's best score between copies of the table, of the others'
FADE_YEARS = 1.5  # beyond a year the trend's weight falls by a factor e in this time
PRIOR_RELEASES, PRIOR_SILENCES = 2.0, 0.5  # quarters, of the chance that a country releases a scored model in a quarter
DRAWS = 2000
SEED = 11


@dataclass(frozen=True)
class Settings:
    """Numbers learned from past forecasts.

    Attributes:
        drift: of the trend, ECI points a year. readings: weight of each mechanistic structure, by its name.
    """

    drift: float
    readings: Mapping[str, float]


@dataclass(frozen=True)
class BestScoreForecast:
    """Forecasts of the best score so far, ECI points.

    Attributes:
        origin: day whose knowledge was used. countries: ISO 3166-1 alpha-3 codes.
        quarters: running numbers, consecutive. best: best score known at the origin, shape (country,).
        quantiles: forecaster (Headway or a member) → the kept quantiles, shape (country, quarter, probability).
    """

    origin: dt.date
    countries: tuple[str, ...]
    quarters: tuple[int, ...]
    best: Floats
    quantiles: Mapping[str, Floats]

    def of(self, forecaster: str, country: str, quarter: int) -> Floats:
        """The kept quantiles of one forecaster at the end of a quarter, shape (probability,)."""
        values = self.quantiles[forecaster][self.countries.index(country), self.quarters.index(quarter)]
        return np.asarray(values, dtype=np.float64)


def forecast(known: Releases, posterior: Posterior, last: int, settings: Settings) -> BestScoreForecast:
    """Forecast every modelled country that has a score, from the day of `known` to the end of quarter `last`.

    Args:
        known: releases known at the origin, which is `known.as_of`.
        posterior: fitted to evidence of that day, or of an earlier one.
    """
    origin = known.as_of
    countries = tuple(code for code in known.countries if code in posterior.data.countries)
    quarters = range(periods.quarter_number_of(origin + dt.timedelta(days=1)), last + 1)
    ahead = years_ahead(origin, quarters)
    members = {
        TREND: trend(known, countries, ahead, settings.drift),
        MECHANISM: mechanism(known, posterior, countries, quarters, settings.readings),
    }
    best = np.array([known.best(code, origin) for code in countries])
    return BestScoreForecast(origin, countries, tuple(quarters), best, {HEADWAY: average(members, ahead), **members})


def average(members: Mapping[str, Floats], ahead: Floats) -> Floats:
    """The average of the members' quantiles, both of shape (country, quarter, probability)."""
    share = trend_weight(ahead)[None, :, None]
    return np.asarray(share * members[TREND] + (1 - share) * members[MECHANISM])


def years_ahead(origin: dt.date, quarters: Sequence[int]) -> Floats:
    """Years from the origin to the end of each quarter, shape (quarter,)."""
    return np.array([years_between(origin, periods.quarter_end(quarter)) for quarter in quarters])


def trend(known: Releases, countries: Sequence[str], ahead: Floats, drift: float) -> Floats:
    """The kept quantiles of the trend, shape (country, quarter, probability).

    Args:
        ahead: years from the origin to the ends of consecutive quarters. drift: ECI points a year.
    """
    best = [known.best(code, known.as_of) for code in countries]
    normal = ndtri((np.arange(DRAWS) + 0.5) / DRAWS)[:, None]
    found = []
    for code, now in zip(countries, best, strict=True):
        revision = REVISION_SD[0] if code == known.countries[0] else REVISION_SD[1]
        sd = np.sqrt((DRIFT_SD * ahead) ** 2 + NOISE * ahead + revision**2)
        found.append(_quantiles(known, code, now + drift * ahead + sd * normal))
    return np.stack(found)


def mechanism(
    known: Releases, posterior: Posterior, countries: Sequence[str], quarters: range, readings: Mapping[str, float]
) -> Floats:
    """The kept quantiles of the mechanism, shape (country, quarter, probability).

    Args:
        readings: weights of mechanistic structures, by name; they share the draws.
    """
    paths = _sovereign(posterior, quarters[-1], readings)
    mine = paths[:, [posterior.data.countries.index(code) for code in countries]]
    return laid_on(known, countries, mine, range(posterior.data.first, quarters[-1] + 1), quarters[0])


def mechanism_of_best(
    known: Releases, name: str, posterior: Posterior, quarters: range, readings: Mapping[str, float]
) -> Floats:
    """The mechanism's forecast for releases that stand under one name and follow the best of all countries.

    Returns:
        shape (1, quarter, probability).
    """
    paths = _sovereign(posterior, quarters[-1], readings)
    best = np.max(np.where(np.isnan(paths), -np.inf, paths), axis=1, keepdims=True)
    return laid_on(known, (name,), best, range(posterior.data.first, quarters[-1] + 1), quarters[0])


def _sovereign(posterior: Posterior, last: int, readings: Mapping[str, float]) -> Floats:
    """Draws of sovereign capability of all modelled countries to quarter `last`, shape (draw, country, quarter)."""
    parts = []
    for name, weight in readings.items():
        paths = structure(name).forecast(posterior, last, np.random.default_rng(SEED))
        rows = np.random.default_rng(SEED).integers(len(paths.sovereign), size=round(DRAWS * weight))
        parts.append(paths.sovereign[rows])
    return np.concatenate(parts)


def laid_on(known: Releases, countries: Sequence[str], sovereign: Floats, grid: range, first: int) -> Floats:
    """The kept quantiles of the best score so far from quarter `first` on, given draws of sovereign capability.

    A country that keeps releasing shows what the path adds to its best score; another one, its whole path.

    Args:
        sovereign: ECI points at the ends of the quarters of `grid`, shape (draw, country, quarter).

    Returns:
        shape (country, quarter, probability).
    """
    moved = rebased(known, countries, sovereign, grid)
    found = []
    for row, code in enumerate(countries):
        paths = moved if known.keeps_releasing(code) else sovereign
        found.append(_quantiles(known, code, paths[:, row, first - grid[0] :]))
    return np.stack(found)


def rebased(known: Releases, countries: Sequence[str], sovereign: Floats, grid: range) -> Floats:
    """Best score known at the origin and what sovereign capability adds to it since, ECI, shape as `sovereign`."""
    best = np.array([known.best(code, known.as_of) for code in countries])
    return np.asarray(best[:, None] + sovereign - _on_day(sovereign, grid, known.as_of)[:, :, None])


def trend_weight(ahead: Floats) -> Floats:
    """Weight of the trend by years ahead: a half up to one year, then fading."""
    return np.asarray(0.5 * np.exp(-np.clip(ahead - 1, 0, None) / FADE_YEARS))


def drift_at(releases: Releases, day: dt.date) -> float:
    """Drift of the trend on a day, ECI a year: once a year it moves a quarter of the way to the last year's drift."""
    drift = DRIFT
    for year in range(DRIFT_YEAR + 1, day.year + 1):
        drift += LEARNED * (panel_drift(releases.until(dt.date(year, 1, 1))) - drift)
    return drift


def panel_drift(known: Releases) -> float:
    """Mean rise over the last 12 months of the countries that keep releasing, each within bounds, ECI a year.

    The prior drift where no such country had a score a year before.
    """
    before = known.as_of.replace(year=known.as_of.year - 1, day=min(known.as_of.day, 28))
    rises = [
        known.best(code, known.as_of) - known.best(code, before)
        for code in known.countries
        if known.keeps_releasing(code)
    ]
    rises = [float(np.clip(rise, *DRIFT_BOUNDS)) for rise in rises if not np.isnan(rise)]
    return float(np.mean(rises)) if rises else DRIFT


def _on_day(sovereign: Floats, grid: range, day: dt.date) -> Floats:
    """Sovereign capability on a day, between the ends of quarters along a line, shape (draw, country)."""
    quarter = periods.quarter_number_of(day)
    start, end = periods.quarter_start(quarter) - dt.timedelta(days=1), periods.quarter_end(quarter)
    share = (day - start).days / (end - start).days
    before, after = (sovereign[:, :, max(at - grid[0], 0)] for at in (quarter - 1, quarter))
    return np.asarray((1 - share) * before + share * after)


def _quantiles(known: Releases, country: str, path: Floats) -> Floats:
    """The kept quantiles of the best score so far given draws of what was built, shape (quarter, probability)."""
    if not known.keeps_releasing(country):
        path = _released(path, release_chance(known, country), np.random.default_rng(SEED))
    best = np.fmax(path, known.best(country, known.as_of))
    return np.quantile(best, scores.PROBABILITIES, axis=0).T


def release_chance(known: Releases, country: str) -> tuple[float, float]:
    """Both parameters of the Beta distribution of the chance that a country releases a scored model in a quarter."""
    quarters = known.quarters(country)
    released = sum(quarters)
    return PRIOR_RELEASES + released, PRIOR_SILENCES + len(quarters) - released


def _released(path: Floats, beta: tuple[float, float], rng: np.random.Generator) -> Floats:
    """The path as releases show it, NaN before the first: shape (draw, quarter)."""
    chance = rng.beta(*beta, size=len(path))
    shown = rng.random(path.shape) < chance[:, None]
    best = np.maximum.accumulate(np.where(shown, path, -np.inf), axis=1)
    return np.where(np.isneginf(best), np.nan, best)

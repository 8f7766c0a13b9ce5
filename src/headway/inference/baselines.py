"""Naive forecasts of the best score so far: what anybody could do with a ruler, and so the bar for a model."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtri

from headway.core import periods
from headway.inference.arrays import CapabilityData
from headway.inference.releases import ENOUGH, RECENT, Releases
from headway.inference.scores import PROBABILITIES

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class NaiveSeries:
    """Best score so far of every scored country, seen at one origin.

    Attributes:
        times: in years, a quarter apart, the last being the origin. values: shape (country, time); NaN before the first
            score. leader: row of the reference country. releasing: whether a country keeps releasing scored models,
            shape (country,).
    """

    times: Floats
    values: Floats
    leader: int
    releasing: npt.NDArray[np.bool_]

    @property
    def last(self) -> Floats:
        """Level at the origin, by country."""
        return self.values[:, -1]

    def own_drift(self, row: int) -> float:
        """ECI a year over the last 12 months; a shorter series falls back on the pooled drift."""
        drift = self._drift(row)
        return self.pooled_recent() if np.isnan(drift) else drift

    def _drift(self, row: int) -> float:
        before = self.values[row, -5] if self.values.shape[1] > 4 else np.nan
        return float(self.values[row, -1] - before)

    def pooled_recent(self) -> float:
        """Mean 12-month drift of the countries that keep releasing and have a year of scores; 9 where none has."""
        drifts = [drift for row in map(int, np.flatnonzero(self.releasing)) if not np.isnan(drift := self._drift(row))]
        return float(np.mean(drifts)) if drifts else CONSTANT

    def leader_at(self, time: float) -> float:
        """Level of the reference country, extended by its own drift past the origin."""
        if time > self.times[-1]:
            return float(self.last[self.leader] + self.own_drift(self.leader) * (time - self.times[-1]))
        return float(np.interp(time, self.times, self.values[self.leader]))

    def lag(self, row: int) -> float:
        """Years since the reference country stood where this one stands; the whole series where it began above."""
        known = self.values[self.leader]
        above = np.flatnonzero(known >= self.last[row])
        return float(self.times[-1] - self.times[above[0]]) if len(above) else 0.0


CONSTANT = 9.0  # ECI a year

Rule = Callable[[NaiveSeries, int, float], float]  # series, row, years ahead -> level


def _pooled(series: NaiveSeries, row: int, ahead: float) -> float:
    return float(series.last[row] + (0.5 * CONSTANT + 0.5 * series.pooled_recent()) * ahead)


def _shifted(series: NaiveSeries, row: int, ahead: float) -> float:
    if row == series.leader:
        return float(series.last[row] + series.own_drift(row) * ahead)
    return max(float(series.last[row]), series.leader_at(series.times[-1] + ahead - series.lag(row)))


def _gap_held(series: NaiveSeries, row: int, ahead: float) -> float:
    gap = series.last[series.leader] - series.last[row]
    return float(series.leader_at(series.times[-1] + ahead) - gap)


BASELINES: dict[str, Rule] = {
    "persistence": lambda series, row, ahead: float(series.last[row]),
    "own 12-month drift": lambda series, row, ahead: float(series.last[row] + series.own_drift(row) * ahead),
    "leader shifted by the lag": _shifted,
    "gap held": _gap_held,
    "9 a year": lambda series, row, ahead: float(series.last[row] + 9.0 * ahead),
    "12 a year": lambda series, row, ahead: float(series.last[row] + 12.0 * ahead),
    "pooled drift": _pooled,
}
BAR = "pooled drift"


def series(data: CapabilityData) -> NaiveSeries:
    """Best score so far at the end of every quarter of the data, carried flat through silence."""
    times = (np.arange(data.n_quarters) + 1) / 4
    values = np.full((len(data.countries), data.n_quarters), np.nan)
    for country in data.scored:
        own = data.frontier.of(country)
        for position, time in enumerate(times):
            seen = own.value[own.time <= time + 1e-9]
            values[country, position] = seen.max() if len(seen) else np.nan
    return NaiveSeries(times, values, data.leader, data.live[:, -RECENT:].sum(axis=1) >= ENOUGH)


def known_series(known: Releases, countries: Sequence[str]) -> NaiveSeries:
    """Best scores so far of `countries` as known on the day of `known`, at that day and every three months before.

    The reference country is the one with the best score.
    """
    count = (known.as_of.year - periods.quarter_start(known.first).year + 1) * periods.PER_YEAR
    days = [_months_before(known.as_of, periods.MONTHS * step) for step in range(count - 1, -1, -1)]
    values = np.array([[known.best(code, day) for day in days] for code in countries])
    times = np.array([periods.decimal(day) for day in days])
    releasing = np.array([known.keeps_releasing(code) for code in countries])
    return NaiveSeries(times, values, int(np.nanargmax(values[:, -1])), releasing)


def _months_before(day: dt.date, months: int) -> dt.date:
    """The same day of an earlier month, or that month's last day where it has fewer or the day is its month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    whole = day.day == calendar.monthrange(day.year, day.month)[1]
    return dt.date(year, month + 1, last if whole else min(day.day, last))


def spread(values: float, sd_per_year: float, ahead: float) -> Floats:
    """A point forecast with a Gaussian spread growing with the square root of time, as the kept quantiles."""
    return np.asarray(values + max(sd_per_year, 1e-6) * np.sqrt(ahead) * ndtri(PROBABILITIES))


def naive(name: str, known: Releases, countries: Sequence[str], ahead: Floats, sd_per_year: float) -> Floats:
    """The kept quantiles of one naive forecast, shape (country, time ahead, probability).

    Args:
        ahead: years from the day of `known`. sd_per_year: spread, ECI points per square root of a year.
    """
    seen = known_series(known, countries)
    return np.array(
        [
            [spread(BASELINES[name](seen, row, float(years)), sd_per_year, float(years)) for years in ahead]
            for row in range(len(countries))
        ]
    )

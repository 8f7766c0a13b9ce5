"""Scored models with the day of release and the day from which the score counts as known: what a forecaster could see.

The best score so far of a country is read off these rows, with one rule for the hindcast, the frozen forecast and the
naive forecasts: the day that the evidence gives (`headway.evidence.sources.epoch_eci.known_days`).

The publisher rescales the index as models are added. A forecast made on one table is laid on another's scale before it
is scored: y_new = a + b y_old over the models that both score, fitted so that single models whose score was corrected
count little (Huber).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headway.core import periods
from headway.core.errors import EvidenceError
from headway.evidence.benchmarks import SCALE
from headway.inference.arrays import Floats

if TYPE_CHECKING:
    from headway.evidence import Evidence

RECENT = 4  # finished quarters over which a country is asked whether it keeps releasing
ENOUGH = 2  # of them with a scored release


@dataclass(frozen=True, order=True)
class Release:
    """One scored model.

    Attributes:
        released: day of release. known: first day on which its score counts as known.
        country: ISO 3166-1 alpha-3 code. score: ECI points. model: name of the model, all of its versions alike.
        open_weights: whether anyone can download it.
    """

    released: dt.date
    known: dt.date
    country: str
    score: float
    model: str
    open_weights: bool


@dataclass(frozen=True)
class Releases:
    """Scored models by day of release, as evidence of `as_of` has them."""

    as_of: dt.date
    rows: tuple[Release, ...]

    @property
    def first(self) -> int:
        """Running number of the quarter of the first release."""
        return periods.quarter_number_of(min(row.released for row in self.rows))

    @property
    def last(self) -> int:
        """Running number of the last quarter that ended by `as_of` and is not past the newest release.

        A table without any release after a day was cut there: that is no silence.
        """
        newest = periods.quarter_number_of(max(row.released for row in self.rows))
        return newest if periods.quarter_end(newest) <= self.as_of else newest - 1

    @property
    def countries(self) -> tuple[str, ...]:
        """Countries with a score, best first."""
        best = {code: self.best(code, self.as_of) for code in dict.fromkeys(row.country for row in self.rows)}
        return tuple(sorted(best, key=lambda code: (-best[code], code)))

    def until(self, day: dt.date) -> Releases:
        """The rows that were released and known on a day.

        Raises:
            EvidenceError: none was.
        """
        rows = tuple(row for row in self.rows if row.released <= day and row.known <= day)
        if not rows:
            raise EvidenceError(f"no capability score was known on {day}; scores begin in 2023")
        return Releases(day, rows)

    def best(self, country: str, day: dt.date) -> float:
        """Best score of the country's models released by a day, ECI points; NaN where there is none."""
        return max((row.score for row in self.rows if row.country == country and row.released <= day), default=np.nan)

    @property
    def scores(self) -> dict[str, float]:
        """Best score of every model, ECI points."""
        return {row.model: row.score for row in sorted(self.rows, key=lambda row: row.score)}

    def quarters(self, country: str) -> tuple[bool, ...]:
        """Whether the country released a scored model, by finished quarter from its first release on."""
        days = [row.released for row in self.rows if row.country == country]
        if not days:
            return ()
        live = {periods.quarter_number_of(day) for day in days}
        return tuple(quarter in live for quarter in range(min(live), self.last + 1))

    def keeps_releasing(self, country: str) -> bool:
        """Whether the country released a scored model in at least two of the last four finished quarters."""
        return sum(self.quarters(country)[-RECENT:]) >= ENOUGH


def years_between(start: dt.date, end: dt.date) -> float:
    """Years from one day to another."""
    return periods.decimal(end) - periods.decimal(start)


def scored_releases(evidence: Evidence) -> Releases:
    """All models of the published index whose country is known; levels of the open capability scale take no part.

    Raises:
        EvidenceError: there is none.
    """
    models = evidence.models()
    models = models[models.eci.notna() & models.withdrawn_on.isna() & (models.source != SCALE)]
    rows = []
    for row in models.assign(open_weights=models.open_weights.fillna(False)).itertuples():
        country = (row.countries if isinstance(row.countries, str) else "").split(";")[0]
        day = row.published if row.released != row.released else row.released
        if country and day == day:
            known, name = row.published_on.date(), str(row.model_group)
            rows.append(Release(day.date(), known, country, float(row.eci), name, bool(row.open_weights)))
    if not rows:
        raise EvidenceError(f"no capability score is known on {evidence.as_of}; scores begin in 2023")
    return Releases(evidence.as_of, tuple(sorted(rows)))


MIN_COMMON = 20  # models in both tables, below which no line is fitted
BEND = 1.345  # residuals beyond this many robust standard deviations count less (95 % efficient for normal ones)
STEPS = 50


@dataclass(frozen=True)
class Rescaling:
    """y_new = intercept + slope · y_old, ECI points, from `models` models."""

    intercept: float
    slope: float
    models: int

    def of(self, values: Floats) -> Floats:
        """Values on the new table's scale."""
        return np.asarray(self.intercept + self.slope * values)


def rescaling(old: Mapping[str, float], new: Mapping[str, float]) -> Rescaling | None:
    """The line from old scores to new ones, by model; None where fewer than twenty models are in both."""
    common = sorted(set(old) & set(new))
    if len(common) < MIN_COMMON:
        return None
    x, y = (np.array([table[model] for model in common]) for table in (old, new))
    design = np.column_stack([np.ones_like(x), x - x.mean()])
    weights = np.ones_like(x)
    for _ in range(STEPS):
        root = np.sqrt(weights)
        line, *_ = np.linalg.lstsq(design * root[:, None], y * root, rcond=None)
        residual = np.abs(y - design @ line)
        bend = BEND * max(float(np.median(residual)) / 0.6745, 1e-9)
        weights = np.minimum(1.0, bend / np.maximum(residual, 1e-12))
    return Rescaling(float(line[0] - line[1] * x.mean()), float(line[1]), len(common))

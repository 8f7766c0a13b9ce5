"""Scored models with the day of release and the day from which the score counts as known: what a forecaster could see.

The best score so far of a country is read off these rows, with one rule for the hindcast, the frozen forecast and the
naive forecasts. A score counts as known 7 days after release where the model became its country's best, else 30 days:
the delays seen in dated copies of the table. Where such copies bound the day, the bounds are kept
(`eci_first_seen.csv`, written by tools/eci_first_seen.py).
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from headway.core import periods
from headway.core.errors import EvidenceError
from headway.evidence.benchmarks import SCALE
from headway.inference.storage import SHIPPED

if TYPE_CHECKING:
    from headway.evidence import Evidence

RECORD_DELAY = dt.timedelta(days=7)  # dated copies: models that became their country's best, 1 to 7 days
OTHER_DELAY = dt.timedelta(days=30)
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
    found = []
    for row in models.assign(open_weights=models.open_weights.fillna(False)).itertuples():
        country = (row.countries if isinstance(row.countries, str) else "").split(";")[0]
        day = row.published if row.released != row.released else row.released
        if country and day == day:
            found.append((day.date(), country, float(row.eci), str(row.model_group), bool(row.open_weights)))
    if not found:
        raise EvidenceError(f"no capability score is known on {evidence.as_of}; scores begin in 2023")
    return Releases(evidence.as_of, tuple(dated(found, first_seen())))


Seen = Mapping[str, tuple[dt.date, dt.date]]
"""Model → first dated copy of the table with its score, last copy before that, which lacked it."""


def dated(models: Iterable[tuple[dt.date, str, float, str, bool]], seen: Seen) -> list[Release]:
    """The rows (day of release, country, score, model, open) with the day from which each score counts as known."""
    best: dict[str, float] = {}
    rows = []
    ordered = sorted(models, key=lambda row: row[0])
    for day, group in groupby(ordered, key=lambda row: row[0]):
        mine = list(group)
        for _, country, score, model, opened in mine:
            leads = score > best.get(country, -np.inf)
            rows.append(Release(day, _known(day, leads, seen.get(model)), country, score, model, opened))
        for _, country, score, *_ in mine:
            best[country] = max(score, best.get(country, -np.inf))
    return sorted(rows)


def _known(released: dt.date, leads: bool, seen: tuple[dt.date, dt.date] | None) -> dt.date:
    """The usual delay after release, not before the copy that lacked the score was passed nor after one showed it."""
    usual = released + (RECORD_DELAY if leads else OTHER_DELAY)
    if seen is None:
        return usual
    shown, lacked = seen
    return min(shown, max(usual, lacked + dt.timedelta(days=1)))


@lru_cache(maxsize=1)
def first_seen(path: Path = SHIPPED / "eci_first_seen.csv") -> Seen:
    """The dated copies' bounds by model, as the package ships them."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            row["model"]: (dt.date.fromisoformat(row["first_seen"]), dt.date.fromisoformat(row["lacked_on"]))
            for row in csv.DictReader(file)
        }

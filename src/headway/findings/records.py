"""Records of training compute and capability by date, gaps between them, the lag behind the frontier, and its pace.

A record holder is a model that exceeded everything its country had released before. Intervals come from the publisher's
own interval of each record holder; draws of one model are shared by all dates, so that an unchanged record cancels
in a change over time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from headway.core import wording
from headway.core.numbers import CONFIDENCE_FACTORS, LEVEL, UNGRADED_FACTOR, Z90
from headway.evidence.derived.records import is_general
from headway.findings.recipe import Context

DAYS_PER_MONTH = 365.25 / 12
DRAWS = 2_000


def horizon(models: pd.DataFrame, as_of: dt.date) -> dt.date:
    """Last day that the model facts cover: the end of the quarter of the latest release, but not after `as_of`.

    A lag measured later would grow by the age of the table.
    """
    latest = pd.to_datetime(models["released"].fillna(models["published"])).max()
    return as_of if pd.isna(latest) else min(as_of, latest.to_period("Q").end_time.date())


@dataclass(frozen=True, slots=True)
class Records:
    """Record holders of one group of countries in order of date.

    Attributes:
        dates: release dates, shape (n,), datetime64[D].
        values: the publisher's central values, shape (n,), ascending.
        draws: shape (n, DRAWS), of the holders' true values given the publisher's intervals.
        ids: ids of the model facts, length n.
        models: names of the models, length n.
    """

    dates: NDArray[np.datetime64]
    values: NDArray[np.float64]
    draws: NDArray[np.float64]
    ids: tuple[str, ...]
    models: tuple[str, ...]

    def at(self, date: dt.date) -> int:
        """Index of the record that stood on `date`; −1 when there was none."""
        return int(np.searchsorted(self.dates, np.datetime64(date, "D"), side="right")) - 1


def records(
    models: pd.DataFrame, countries: Collection[str], quantity: str, *, outside: bool = False, seed: int = 0
) -> Records:
    """Record holders of `countries` (or of all but them, with `outside`) in `quantity`.

    Args:
        models: the model facts as `Evidence.models` gives them.
        countries: ISO codes; a model counts for the country of its first-listed organisation.
        quantity: column, `eci` or `log10_own_compute` (of general-purpose models; a fine-tuned one counts its own
            training only).
    """
    dated = models.assign(released=models["released"].fillna(models["published"]))
    known = dated[dated[quantity].notna() & dated["released"].notna()]
    first = known["countries"].str.split(";").str[0]
    inside = first.isin(list(countries))
    chosen = known[(~inside & first.notna() & (first != "")) if outside else inside]
    if quantity == "log10_own_compute":
        chosen = chosen[chosen["domain"].fillna("").map(is_general).astype(bool)]
    chosen = chosen.sort_values(["released", quantity, "id"], kind="stable")
    values = chosen[quantity].to_numpy(dtype=float)
    best_before = np.maximum.accumulate(np.concatenate([[-np.inf], values]))[:-1]
    chosen, values = chosen[values > best_before], values[values > best_before]
    spread = _standard_deviations(chosen, quantity)
    noise = np.stack([_normals(identity, seed) for identity in chosen["id"]]) if len(chosen) else np.empty((0, DRAWS))
    draws = values[:, None] + np.where(noise < 0, spread[0][:, None], spread[1][:, None]) * noise
    return Records(
        dates=pd.to_datetime(chosen["released"]).to_numpy().astype("datetime64[D]"),
        values=values,
        draws=draws,
        ids=tuple(chosen["id"]),
        models=tuple(chosen["model_group"].fillna(chosen["model"])),
    )


def _standard_deviations(chosen: pd.DataFrame, quantity: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower and upper sd of a split normal: from the score's interval, or from the grade of a compute estimate.

    A score without interval is an anchor of its scale and has no spread.
    """
    if quantity == "log10_own_compute":
        factor = chosen["compute_confidence"].map(CONFIDENCE_FACTORS).fillna(UNGRADED_FACTOR)
        spread = np.log10(factor.to_numpy(dtype=float)) / Z90
        return spread, spread
    value = chosen[quantity].to_numpy(dtype=float)
    low, high = (chosen[f"{quantity}_{end}"].to_numpy(dtype=float) for end in ("low", "high"))
    return (
        np.nan_to_num(np.maximum(value - low, 0.0)) / Z90,
        np.nan_to_num(np.maximum(high - value, 0.0)) / Z90,
    )


@lru_cache(maxsize=8192)
def _normals(identity: str, seed: int) -> NDArray[np.float64]:
    """Standard normal draws that belong to one fact, whatever else is in the table."""
    stream = np.random.SeedSequence([seed, *identity.encode()])
    return np.random.Generator(np.random.Philox(stream)).standard_normal(DRAWS)


LEAST_RUN = 21.0  # log10 FLOP
OLDEST_RUN = dt.timedelta(days=4 * 365)


def is_current(runs: Records, date: dt.date) -> bool:
    """Whether the record run (log10 FLOP) that stood on `date` tells what a country can train: large, and not old."""
    at = runs.at(date)
    return at >= 0 and runs.values[at] >= LEAST_RUN and date - runs.dates[at].astype(dt.date) <= OLDEST_RUN


@dataclass(frozen=True, slots=True)
class Interval:
    """Central value with its 90 % interval and the draws behind it."""

    value: float
    low: float
    high: float
    draws: NDArray[np.float64]

    @classmethod
    def of(cls, value: float, draws: NDArray[np.float64]) -> Interval:
        """Interval of the publisher's central value with the draws' 90 % interval, widened to contain it."""
        tail = (1 - LEVEL) / 2
        low, high = (float(q) for q in np.quantile(draws, [tail, 1 - tail]))
        return cls(value, min(low, value), max(high, value), draws)

    def flipped(self) -> Interval:
        """Same distance seen from the other side."""
        return Interval(-self.value, -self.high, -self.low, -self.draws)

    def within(self, unit: str = "", *, bare: bool = False) -> str:
        """Interval in words: `90%: 14–25 months`; `bare` leaves the unit away."""
        return f"{round(100 * LEVEL)}%: {wording.interval(self.low, self.high, unit, bare=bare)}"


def gap(subject: Records, rival: Records, date: dt.date) -> Interval | None:
    """Rival's record minus the subject's on `date`; None when either has none. Positive: the subject is behind."""
    i, j = subject.at(date), rival.at(date)
    if i < 0 or j < 0:
        return None
    return Interval.of(float(rival.values[j] - subject.values[i]), rival.draws[j] - subject.draws[i])


def change_of_gap(subject: Records, rival: Records, start: dt.date, end: dt.date) -> Interval | None:
    """Yearly change of the gap between two dates; positive: it widens."""
    before, after = gap(subject, rival, start), gap(subject, rival, end)
    if before is None or after is None:
        return None
    years = (end - start).days / 365.25
    return Interval.of((after.value - before.value) / years, (after.draws - before.draws) / years)


@dataclass(frozen=True, slots=True)
class LagEstimate:
    """Months since the others stood where the subject stands.

    `censored` is the share of draws in which the others' record is younger than that, so that the months are a lower
    bound; `leads` is the share in which the subject is above all others on the date.
    """

    months: Interval
    censored: float
    leads: float
    passed_by: str


def lag(subject: Records, others: Records, date: dt.date) -> LagEstimate | None:
    """Lag of the subject behind the best of the others on `date`; zero where it leads; None without records.

    The distance in level is drawn from the intervals of the subject and of the first record above it; the others' path
    itself is held, since the maximum over many noisy scores would rise with their number.
    """
    i, j = subject.at(date), others.at(date)
    if i < 0 or j < 0:
        return None
    age = (np.datetime64(date, "D") - others.dates[: j + 1]).astype(int) / DAYS_PER_MONTH
    path = others.values[: j + 1]

    def behind(level: NDArray[np.float64]) -> NDArray[np.float64]:
        first = np.searchsorted(path, level)
        return np.where(first <= j, age[np.minimum(first, j)], 0.0)

    passer = min(int(np.searchsorted(path, subject.values[i])), j)
    noise = others.draws[passer] - others.values[passer]
    months = behind(subject.draws[i] - noise)
    central = behind(subject.values[i : i + 1])
    return LagEstimate(
        months=Interval.of(float(central[0]), months),
        censored=float(np.mean(months >= age[0] - 1e-9)),
        leads=float(np.mean(subject.draws[i] > others.draws[j])),
        passed_by=others.models[passer] if central[0] > 0 else "",
    )


def with_pace(context: Context, sentence: str) -> str:
    """`sentence` with what the best models gained in a year before its full stop, as a measure of its points.

    It stays as it is where the evidence does not reach back a year.
    """
    told = pace(context)
    return f"{sentence.removesuffix('.')}; {told}." if told else sentence


def pace(context: Context) -> str:
    """`the best models gained 17 points in the year to June 2026`; empty where the evidence begins later than that."""
    return context.evidence.once(("pace of the best models", context.seed), lambda: _pace(context))


def _pace(context: Context) -> str:
    gained = frontier_gain(context)
    if not gained:
        return ""
    month = wording.period(horizon(context.evidence.models(), context.as_of).strftime("%Y-%m"))
    return f"the best models gained {wording.amount(round(gained), 'points')} in the year to {month}"


def frontier_gain(context: Context) -> float | None:
    """Capability points that the best measured model of any country gained in the last year of the evidence.

    None where the evidence has no model, or none that is a year older.
    """
    models = context.evidence.models()
    if models.empty:
        return None
    end = horizon(models, context.as_of)
    start: dt.date = (pd.Timestamp(end) - pd.DateOffset(years=1)).date()
    frontier = records(models, (), "eci", outside=True, seed=context.seed)
    before, after = frontier.at(start), frontier.at(end)
    return float(frontier.values[after] - frontier.values[before]) if before >= 0 else None

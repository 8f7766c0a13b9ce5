"""User's own capability scores: the draws of a posterior weighed by how well they agree with them.

A row y of a country and quarter is read as the fit reads a published one: y = C + u + e, C by equation 7 from the
draw's run and level, u the country's discrepancy (Ornstein–Uhlenbeck, `DISCREPANCY_YEARS`), e the row's error. A draw's
weight is the likelihood of the rows, u integrated out (importance sampling: Gelman et al., Bayesian Data Analysis, 3rd
ed., 10.4). Where fewer than `LEAST` of the draws would remain effective the likelihood is flattened until they do, and
the sentence says so: then a fit with the rows in it (`headway calibrate --evidence`) is better.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import brentq
from scipy.stats import norm

from headway.core import periods
from headway.core.numbers import LEVEL
from headway.ensemble.question import PosteriorDraws
from headway.inference.arrays import Floats
from headway.inference.mechanistic import DISCREPANCY_YEARS, NUGGET

if TYPE_CHECKING:
    import pandas as pd

    from headway.evidence import Evidence

INDICATOR = "capability_level"
SPREAD = 2.5  # ECI: median of the fit's prior of the discrepancy's standard deviation
ERROR = 2.0  # ECI: standard deviation of a row without an interval, as of a published score's
LEAST = 0.02  # share of effective draws below which the likelihood is flattened
SEED = 23


@dataclass(frozen=True)
class OwnScores:
    """Draws weighed by a user's own scores.

    Attributes:
        draws: resampled, with the discrepancy that the rows imply where the fit had none.
        effective: effective number of draws as a share of all, in (0, 1].
        power: to which the likelihood was raised, 1 unless the rows contradict the fit.
        rows: how many rows took part.
    """

    draws: PosteriorDraws
    effective: float
    power: float
    rows: int


@dataclass(frozen=True)
class _CountryScores:
    """Scores of one country: its place, quarters of the fit, values and standard deviations in ECI, (rows,)."""

    country: int
    quarters: Floats
    value: Floats
    sd: Floats


def weighed(evidence: Evidence, draws: PosteriorDraws) -> OwnScores | None:
    """Draws weighed by the user's own scores; None without a score of a country and quarter that the fit covers."""
    scores = _read(evidence, draws)
    if not scores:
        return None
    likelihood = np.zeros(len(draws))
    discrepancy = draws.discrepancy.copy()
    rng = np.random.default_rng(SEED)
    for one in scores:
        added, implied = _weigh(draws, one, rng)
        likelihood += added
        discrepancy[:, one.country] = implied
    power = _power(likelihood)
    weight = _weights(likelihood, power)
    kept = replace(draws, discrepancy=discrepancy).resampled(weight)
    marked = replace(kept, hash=draws.hash[:8] + str(evidence.user_hash)[:8])
    return OwnScores(marked, _effective(weight), power, sum(len(one.value) for one in scores))


def sentence(found: OwnScores) -> str:
    """Sentence on what the user's scores did to the draws of the fit."""
    one, count = found.rows == 1, len(found.draws)
    told = (
        f"own evidence: your {'row' if one else f'{found.rows} rows'} of {INDICATOR} {'weighs' if one else 'weigh'} "
        f"the draws of the fit; {round(found.effective * count):,} of {count:,} remain effective"
    )
    if found.power == 1:
        return told
    lies = "it lies so far from them that it was" if one else "they lie so far from the draws that they were"
    return f"{told}; {lies} given {found.power:.0%} of the weight"


def _read(evidence: Evidence, draws: PosteriorDraws) -> list[_CountryScores]:
    own = None if evidence.own is None else evidence.own.observations
    if own is None or own.empty:
        return []
    rows = own[own["indicator"].eq(INDICATOR) & own["country"].isin(draws.countries)]
    rows = rows[rows["period"].isin(draws.quarters)].sort_values("period", kind="stable")
    return [
        _CountryScores(
            draws.countries.index(str(code)),
            np.array([draws.quarters.index(str(period)) for period in mine["period"]]),
            mine["value"].to_numpy(float),
            _deviations(mine),
        )
        for code, mine in rows.groupby("country", sort=True)
    ]


def _deviations(rows: pd.DataFrame) -> Floats:
    """Standard deviations of the rows from their intervals, ECI; `ERROR` where a row has none."""
    width = (rows["high"] - rows["low"]).to_numpy(float)
    level = rows["level"].fillna(LEVEL).to_numpy(float)
    known = width / (2 * norm.ppf((1 + level) / 2))
    return np.where(known > 0, known, ERROR)


def _weigh(draws: PosteriorDraws, one: _CountryScores, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Log-likelihood of one country's rows, and its discrepancy at the last quarter, both (draws,)."""
    at, last = one.quarters, len(draws.quarters) - 1
    reference = draws.log10_run[:, 0, draws.countries.index(draws.reference)]
    effective = draws.log10_run[:, one.country, at] - reference[:, None] + draws.level[:, one.country, at]
    distance = one.value - draws.values["intercept"][:, None] - draws.values["slope"][:, None] * effective
    years = at / periods.PER_YEAR
    among = SPREAD**2 * np.exp(-np.abs(years[:, None] - years) / DISCREPANCY_YEARS)
    cross = SPREAD**2 * np.exp(-(last - at) / periods.PER_YEAR / DISCREPANCY_YEARS)
    error = np.diag(one.sd**2 + NUGGET)
    known = draws.discrepancy[:, one.country]
    told = np.isfinite(known).all() and at[-1] < last  # by published scores; a row of the last quarter replaces them
    if told:
        distance = distance - known[:, None] * cross / SPREAD**2
        among = among - np.outer(cross, cross) / SPREAD**2
    covariance = among + error
    gain = np.linalg.solve(covariance, distance.T).T
    likelihood = -0.5 * (distance * gain).sum(axis=1) - 0.5 * np.linalg.slogdet(covariance)[1]
    if told:
        return likelihood, known
    left = SPREAD**2 - cross @ np.linalg.solve(covariance, cross)
    return likelihood, gain @ cross + np.sqrt(left) * rng.standard_normal(len(draws))


def _weights(likelihood: Floats, power: float) -> Floats:
    raw = np.exp(power * (likelihood - likelihood.max()))
    return np.asarray(raw / raw.sum())


def _effective(weight: Floats) -> float:
    return float(1 / (weight**2).sum() / len(weight))


def _power(likelihood: Floats) -> float:
    """Largest power up to 1 that leaves the least share of effective draws."""

    def missing(power: float) -> float:
        return _effective(_weights(likelihood, power)) - LEAST

    return 1.0 if missing(1.0) >= 0 else float(brentq(missing, 0.0, 1.0))

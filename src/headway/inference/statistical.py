"""Statistical structure: a hierarchical local trend with catch-up, and trends of the largest training runs.

The score of country i moves by dB = (m(t) + kappa · (gap_i(t) − gamma_i)) dt + sigma dW, where m is a common drift that
wanders about a long-run mean, gap_i the distance to the best of all countries and gamma_i the distance at which a
follower keeps pace. Increments between readings are the likelihood, so the last reading is the anchor and there is no
latent level to sample. A country without scores takes its level from its largest run (`levels.py`).

Record runs are readings of a local linear trend; a year of open disclosure without a record is a soft ceiling; silence
says nothing. Growth: Pilz et al. 2025 (arXiv:2504.16026) and, known before every origin, Sevilla et al. 2022
(arXiv:2202.05924).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax.scipy.stats import norm

from headway.core import periods
from headway.inference.arrays import CapabilityData, Floats, Ints, Points
from headway.inference.paths import LevelPaths, running_best
from headway.inference.storage import Posterior

STEP = 1 / periods.PER_YEAR
RECORD_SD = 0.15  # log10 FLOP: a record run falls short of, or runs ahead of, what the country could have trained
RUN_LENGTH_GROWTH = 0.146  # log10 FLOP a year (1.4x) from longer runs
RUN_LENGTH_ENDS = 2027.0


@dataclass(frozen=True)
class Trend:
    """Lines through the records: log10 FLOP at `now` and OOM a year, by country."""

    level: jnp.ndarray
    growth: jnp.ndarray
    now: float

    def at(self, rows: Points) -> jnp.ndarray:
        """Largest run at the countries and times of readings, log10 FLOP."""
        country = jnp.eye(len(self.level))[rows.country]
        return country @ self.level + (country @ self.growth) * (rows.time - self.now)


def trend_model(data: CapabilityData) -> Trend:
    """Sites: `run_growth` (OOM a year), `run_now` (log10 FLOP at the last quarter's end, by country), `run_wander`."""
    count, now = len(data.countries), data.n_quarters * STEP
    growth = numpyro.sample("run_growth_mean", dist.Normal(0.61, 0.1))
    spread = numpyro.sample("run_growth_sd", dist.HalfNormal(0.15))
    growth_z = numpyro.sample("run_growth_z", dist.Normal(0.0, 1.0).expand([count]).to_event(1))
    own = numpyro.deterministic("run_growth", growth + spread * growth_z)
    wander = numpyro.sample("run_wander", dist.HalfNormal(0.3))
    level = numpyro.sample("run_now", dist.Normal(24.0, 1.5).expand([count]).to_event(1))
    records, ceilings = data.records, data.ceilings
    trend = Trend(level, own, now)
    if len(records):
        mean = trend.at(records)
        sd = jnp.sqrt(records.sd**2 + RECORD_SD**2 + wander**2 * np.abs(now - records.time))
        numpyro.sample("records", dist.StudentT(5.0, mean, sd), obs=records.value)
    if len(ceilings):
        mean = trend.at(ceilings)
        sd = jnp.sqrt(ceilings.sd**2 + wander**2 * np.abs(now - ceilings.time))
        numpyro.factor("ceilings", norm.logcdf((ceilings.value - mean) / sd).sum())
    return trend


def trend_forecast(samples: Mapping[str, Floats], data: CapabilityData, total: int, rng: np.random.Generator) -> Floats:
    """Largest run by country and quarter, log10 FLOP, shape (draw, country, total); the past is the fitted line."""
    growth, level = samples["run_growth"], samples["run_now"]
    last = data.n_quarters - 1
    elapsed = (np.arange(total) - last) * STEP
    paths = level[:, :, None] + growth[:, :, None] * elapsed
    shocks = (
        rng.standard_normal((*level.shape, total - last - 1)) * np.sqrt(STEP) * samples["run_wander"][:, None, None]
    )
    paths[:, :, last + 1 :] += np.cumsum(shocks, axis=2)
    date = (data.first + 1 + np.arange(total)) * STEP
    paths -= RUN_LENGTH_GROWTH * np.clip(date - RUN_LENGTH_ENDS, 0, None)
    return paths


SITES = ("drift", "drift_sd", "drift_now", "catch_up", "pace_gap", "pace_sd", "pace_z", "sigma")
NUGGET = 0.25  # ECI²: a record that stood still to the digit must not drive the noise to zero
DEGREES = 4.0  # heavy tails: a record can jump
DRIFT_LENGTH = 2.0  # years over which a departure of the drift from its long-run mean fades


@dataclass(frozen=True)
class Increments:
    """Differences between successive readings of one country.

    Attributes:
        change: ECI points. years: between the two readings. overlap: years that the interval shares with each
            quarter, shape (n, quarter). gap: distance to the best of all at the interval's start. error: variance of
            the two readings' errors.
    """

    country: Ints
    change: Floats
    years: Floats
    overlap: Floats
    gap: Floats
    error: Floats


def increments(data: CapabilityData) -> Increments:
    """Successive readings of the frontier as differences."""
    frontier, rows = data.frontier, []
    edges = np.arange(data.n_quarters + 1) * STEP
    for country in data.scored:
        own = frontier.of(country)
        for before in range(len(own) - 1):
            start, end = own.time[before], own.time[before + 1]
            overlap = np.clip(np.minimum(end, edges[1:]) - np.maximum(start, edges[:-1]), 0, None)
            known = frontier.value[frontier.time <= start]
            gap = max(float(known.max()) - own.value[before], 0.0)
            # Two equal records are one reading: their error is shared.
            same = own.value[before + 1] == own.value[before]
            error = 0.0 if same else own.sd[before] ** 2 + own.sd[before + 1] ** 2
            rows.append((country, own.value[before + 1] - own.value[before], end - start, gap, error, overlap))

    def column(k: int) -> Floats:
        return np.array([row[k] for row in rows], dtype=np.float64)

    return Increments(
        np.array([row[0] for row in rows], dtype=np.int64),
        column(1),
        column(2),
        np.array([row[5] for row in rows], dtype=np.float64).reshape(-1, data.n_quarters),
        column(3),
        column(4),
    )


def model(data: CapabilityData) -> None:
    """The NumPyro model; sites are the parameters named in the module's docstring."""
    steps = increments(data)
    count = len(data.countries)
    drift = numpyro.sample("drift", dist.Normal(9.0, 3.0))
    drift_sd = numpyro.sample("drift_sd", dist.HalfNormal(4.0))
    wander = numpyro.sample("drift_z", dist.Normal(0.0, 1.0).expand([data.n_quarters]).to_event(1))
    path = drift + _autoregress(drift_sd, wander)
    numpyro.deterministic("drift_now", path[-1])
    catch_up = numpyro.sample("catch_up", dist.Gamma(2.0, 6.0))
    pace_gap = numpyro.sample("pace_gap", dist.Normal(8.0, 5.0))
    pace_sd = numpyro.sample("pace_sd", dist.HalfNormal(4.0))
    pace_z = numpyro.sample("pace_z", dist.Normal(0.0, 1.0).expand([count]).to_event(1))
    sigma = numpyro.sample("sigma", dist.LogNormal(np.log(3.5), 0.5))
    error_share = numpyro.sample("error_share", dist.Beta(1.0, 3.0))
    pull = jnp.where(
        steps.country == data.leader, 0.0, steps.gap - pace_gap - pace_sd * (np.eye(count)[steps.country] @ pace_z)
    )
    mean = steps.overlap @ path + catch_up * pull * steps.years
    spread = jnp.sqrt(sigma**2 * steps.years + error_share * steps.error + NUGGET)
    numpyro.sample("change", dist.StudentT(DEGREES, mean, spread), obs=steps.change)


def _autoregress(sd: jnp.ndarray, shocks: jnp.ndarray) -> jnp.ndarray:
    """A stationary AR(1) by quarter, non-centred."""
    keep = float(np.exp(-STEP / DRIFT_LENGTH))
    lags = np.arange(len(shocks))[:, None] - np.arange(len(shocks))[None, :]
    weights = np.where(lags >= 0, keep ** np.maximum(lags, 0), 0.0)
    weights[:, 1:] *= np.sqrt(1 - keep**2)
    return sd * (weights @ shocks)


def forecast(posterior: Posterior, horizon: int, rng: np.random.Generator) -> LevelPaths:
    """Joint paths of all countries to `horizon` (a quarter's running number), simulated from the posterior draws."""
    data, trend = posterior.data, posterior.draws["trend"]
    draws, count, last = len(trend["drift"]), len(data.countries), data.n_quarters - 1
    total = horizon - data.first + 1
    run = trend_forecast(posterior.draws["runs"], data, total, rng)
    level = np.full((draws, count, total), np.nan)
    level[:, :, : last + 1] = _past(data)
    level[:, :, last] = _anchor(posterior, run[:, :, last], rng)
    pace = trend["pace_gap"][:, None] + trend["pace_sd"][:, None] * _pace(trend, data, rng)
    drift, keep = trend["drift_now"] - trend["drift"], np.exp(-STEP / DRIFT_LENGTH)
    for quarter in range(last + 1, total):
        before = level[:, :, quarter - 1]
        drift = keep * drift + trend["drift_sd"] * np.sqrt(1 - keep**2) * rng.standard_normal(draws)
        gap = before.max(axis=1, keepdims=True) - before
        pull = trend["catch_up"][:, None] * np.where(np.arange(count) == data.leader, 0.0, gap - pace)
        noise = trend["sigma"][:, None] * np.sqrt(STEP) * rng.standard_t(DEGREES, (draws, count))
        level[:, :, quarter] = before + ((trend["drift"] + drift)[:, None] + pull) * STEP + noise
    sovereign = level.copy()
    sovereign[:, :, last:] = running_best(level[:, :, last:])
    return LevelPaths(
        first=data.first,
        last=data.last,
        countries=data.countries,
        sovereign=sovereign,
        run=run,
        stock=np.full_like(run, np.nan),
    )


def _past(data: CapabilityData) -> Floats:
    """Readings joined by straight lines, shape (country, quarter); NaN before the first and for unscored countries."""
    ends = (np.arange(data.n_quarters) + 1) * STEP
    level = np.full((len(data.countries), data.n_quarters), np.nan)
    for country in data.scored:
        own = data.frontier.of(country)
        level[country] = np.interp(ends, own.time, own.value, left=np.nan)
    return level


def _pace(trend: Mapping[str, Floats], data: CapabilityData, rng: np.random.Generator) -> Floats:
    """Standardised pace gap of every country: fitted for scored ones, drawn for the others, shape (draw, country)."""
    z = rng.standard_normal((len(trend["drift"]), len(data.countries)))
    z[:, list(data.scored)] = trend["pace_z"]
    return z


def _anchor(posterior: Posterior, run: Floats, rng: np.random.Generator) -> Floats:
    """Levels at the last quarter's end: the last reading moved on to it, or inferred from the largest run."""
    data, trend, runs = posterior.data, posterior.draws["trend"], posterior.draws["runs"]
    level = np.full(run.shape, np.nan)
    for country in data.scored:
        own = data.frontier.of(country)
        since = data.n_quarters * STEP - own.time[-1]
        moved = trend["drift_now"] * since + trend["sigma"] * np.sqrt(since) * rng.standard_normal(len(run))
        level[:, country] = own.value.max() + np.maximum(moved, 0.0)
    inferred = level[:, [data.leader]] + runs["slope"][:, None] * (run - run[:, [data.leader]] + runs["relative_level"])
    return np.where(np.isnan(level), inferred, level)

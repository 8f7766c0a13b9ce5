"""Mechanistic structure: equations 3, 4, 6 and 7 of `headway.model`, fitted to the countries that have scores.

Where owners' chips are counted every quarter the stock is the count, plus what the count misses: chips bought before it
began (`uncounted`), and for all but the reference country smuggled, rented and domestic ones (`unseen`). The error of
the count is mostly one factor for all quarters, which concentration takes up. Elsewhere the stock grows along a line.
The largest run follows from stock, concentration and the trend of run lengths.

A level that nobody scored informs nothing, so countries without scores take no part here: their runs come from
`trends.py`, their levels from `levels.py`.

What makes it sample: non-centred shocks and country effects; own rate defined at the reference state, where A = 0;
intercept = capability of the reference country at the reference date; concentration with zero sum; a smooth maximum for
the frontier of A; and an Ornstein–Uhlenbeck discrepancy between curve and published record, integrated out. The two
readings of the elasticity of substitution are two fits.

The reference date is the end of the first quarter with a score; date k is the end of quarter k.

The smooth distance between a country's published record and the curve is integrated out in the fit and drawn here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import Array
from jax.scipy.stats import norm

from headway.core import periods
from headway.inference.arrays import CapabilityData, Floats, Points, ScoredRuns
from headway.inference.priors import draw
from headway.model import algorithms, capability, training_run

STEP = 1 / periods.PER_YEAR


class Design(NamedTuple):
    """Places of the readings: country one-hot, (reading, country); weights of dates, (reading, date); time in years.

    Date k is the end of quarter k. Between dates a path is linear; before the first and after the last it stands still.
    """

    country: Floats
    date: Floats
    time: Floats

    def values(self, by_country: Array) -> Array:
        """Values of a per-country quantity, (reading,)."""
        return jnp.asarray(self.country) @ by_country

    def read(self, path: Array) -> Array:
        """Values of a path (date, country) at the readings, (reading,)."""
        return ((jnp.asarray(self.date) @ path) * self.country).sum(axis=1)


def design(rows: Points | ScoredRuns, countries: int, dates: int) -> Design:
    """The design of a set of readings."""
    steps = np.clip(rows.time / STEP - 1, 0, dates - 1)
    below = np.minimum(np.floor(steps), max(dates - 2, 0)).astype(np.int64)
    share = steps - below
    weights = np.zeros((len(rows), dates))
    place = np.arange(len(rows))
    weights[place, below] += 1 - share
    weights[place, np.minimum(below + 1, dates - 1)] += share
    return Design(np.eye(countries)[rows.country], weights, rows.time)


DISCREPANCY_YEARS = 1.5
NUGGET = 0.05  # ECI², keeps covariances of equal records invertible


def smooth_part(rows: Points) -> Floats:
    """Correlation of the discrepancy between the readings of one country: Ornstein–Uhlenbeck."""
    return np.asarray(np.exp(-np.abs(rows.time[:, None] - rows.time[None, :]) / DISCREPANCY_YEARS))


def error_part(rows: Points) -> Floats:
    """Covariance of the readings' errors; successive readings of one unbroken record are one reading."""
    same = rows.value[:, None] == rows.value[None, :]
    return np.where(same, rows.sd[:, None] * rows.sd[None, :], 0.0)


def at_dates(mechanism: Mapping[str, Floats], data: CapabilityData, rng: np.random.Generator) -> Floats:
    """Draws of u at every date given the readings, shape (draw, country, date); `data` holds scored countries only."""
    draws, dates = len(mechanism["slope"]), data.n_quarters
    grid = (np.arange(dates) + 1) * STEP
    out = np.empty((draws, len(data.countries), dates))
    for country in range(len(data.countries)):
        rows = data.frontier.of(country)
        distance = rows.value - _curve_at(mechanism, data, country)
        among = smooth_part(rows)[None] * mechanism["discrepancy_sd"][:, None, None] ** 2
        error = mechanism["error_share"][:, None, None] * error_part(rows) + NUGGET * np.eye(len(rows))
        cross = np.exp(-np.abs(grid[:, None] - rows.time) / DISCREPANCY_YEARS) * (
            mechanism["discrepancy_sd"][:, None, None] ** 2
        )
        prior = np.exp(-np.abs(grid[:, None] - grid) / DISCREPANCY_YEARS) * (
            mechanism["discrepancy_sd"][:, None, None] ** 2
        )
        gain = np.linalg.solve(among + error, cross.transpose(0, 2, 1)).transpose(0, 2, 1)
        mean = (gain @ distance[:, :, None])[:, :, 0]
        left = prior - gain @ cross.transpose(0, 2, 1) + 1e-6 * np.eye(dates)
        noise = np.linalg.cholesky(left) @ rng.standard_normal((draws, dates, 1))
        out[:, country] = mean + noise[:, :, 0]
    return out


def at_last_date(mechanism: Mapping[str, Floats], data: CapabilityData, rng: np.random.Generator) -> Floats:
    """Draws of u at the last date, shape (draw, country)."""
    return at_dates(mechanism, data, rng)[:, :, -1]


def curve(mechanism: Mapping[str, Floats], leader: int) -> Floats:
    """C_sov by equation 7 at every date, ECI, shape (draw, date, country)."""
    reference = mechanism["log_run"][:, 0, leader]
    effective = mechanism["log_run"] - reference[:, None, None] + mechanism["level"]
    return np.asarray(mechanism["intercept"][:, None, None] + mechanism["slope"][:, None, None] * effective)


def _curve_at(mechanism: Mapping[str, Floats], data: CapabilityData, country: int) -> Floats:
    """The curve at a country's readings, shape (draw, reading)."""
    where = design(data.frontier.of(country), len(data.countries), data.n_quarters)
    return curve(mechanism, data.leader)[:, :, country] @ where.date.T


COUNTED = 4  # readings of the stock from which it is taken as counted
RECENT, RECENT_SD = (
    1.5,
    0.1,
)  # years of counted growth that tell the rate of the years to come, and its sd in OOM a year
RECORD_SD = 0.15  # log10 FLOP: a record falls short of, or runs ahead of, what the country could have trained
LENGTH_END = 2027.0  # decimal year; runs are known to lengthen until then, so its spread moves only the future
LN_10 = float(np.log(10.0))


class Compute(NamedTuple):
    """Attributes:
    now: log10 H100e at the last date, (country,). rate: growth, OOM a year, (country,).
    walk: departure from that line, (date, country), zero at the last date. concentration: κ, log10 FLOP per H100e.
    length_growth: OOM a year from longer runs.
    end: time of the last date, years since time 0. start: decimal year of time 0.
    """

    now: Array
    rate: Array
    walk: Array
    concentration: Array
    length_growth: Array
    end: float
    start: float

    @property
    def log_stock(self) -> Array:
        """log10 H100e by date, (date, country)."""
        ages = (np.arange(self.walk.shape[0]) + 1) * STEP - self.end
        return self.now + self.rate * ages[:, None] + self.walk

    @property
    def log_run(self) -> Array:
        """Largest run by date, log10 FLOP, (date, country)."""
        times = (jnp.arange(self.walk.shape[0]) + 1) * STEP
        return self._largest_run(self.log_stock, self.concentration, times[:, None])

    def stock_at(self, where: Design) -> Array:
        """log10 H100e at readings; before the first date along the country's own line."""
        return where.values(self.now) + where.values(self.rate) * (where.time - self.end) + where.read(self.walk)

    def run_at(self, where: Design) -> Array:
        """Largest run at readings, log10 FLOP."""
        stock = self.stock_at(where)
        return self._largest_run(stock, where.values(self.concentration), where.time)

    def _largest_run(self, log_stock: Array, concentration: Array, time: Array | Floats) -> Array:
        p = training_run.TrainingRunParameters(concentration, self.length_growth, jnp.asarray(LENGTH_END))
        return training_run.largest_run(p, LN_10 * log_stock, jnp.asarray(self.start + time), jnp.asarray(self.start))


def growth_model(data: CapabilityData) -> Compute:
    """Sites: `stock_rate` (OOM a year), `log_stock`, `log_run` (by date and country), `concentration`."""
    count, dates = len(data.countries), data.n_quarters
    start, end = data.first * STEP, dates * STEP
    pooled = numpyro.sample("stock_rate_mean", dist.Normal(0.5, 0.06))
    spread = numpyro.sample("stock_rate_sd", dist.HalfNormal(0.15))
    rate_z = numpyro.sample("stock_rate_z", dist.Normal(0.0, 1.0).expand([count]).to_event(1))
    rate = numpyro.deterministic("stock_rate", pooled + spread * rate_z)
    concentration = _concentration(count)
    length_growth = draw("length_growth", data.as_of, data.priors)
    # Without a count of chips the run is what records inform, so it is sampled; the stock follows from it.
    run_now = numpyro.sample("run_now", dist.Normal(24.0, 1.5).expand([count]).to_event(1))
    now = run_now - concentration - length_growth * end  # runs lengthen all the way to the last date
    ages = (np.arange(dates) + 1) * STEP - end
    line = now + rate * ages[:, None]
    counted = _counted_path(data, rate)
    seen = np.isin(np.arange(count), _counted(data))
    path = jnp.where(seen, counted, line)
    now = path[-1]
    compute = Compute(now, rate, path - (now + rate * ages[:, None]), concentration, length_growth, end, start)
    numpyro.deterministic("log_stock", compute.log_stock)
    numpyro.deterministic("log_run", compute.log_run)
    _observe_records(data, compute)
    return compute


def _counted(data: CapabilityData) -> list[int]:
    """Countries whose owners' chips are counted often enough to take their stock from the count."""
    return [c for c in range(len(data.countries)) if len(data.stock.of(c)) >= COUNTED]


def _counted_path(data: CapabilityData, rate: Array) -> Array:
    """log10 H100e by date and country from the count and what it misses; zero for countries without a count."""
    count, dates = len(data.countries), data.n_quarters
    columns = [jnp.zeros(dates)] * count
    if not _counted(data):
        return jnp.stack(columns, axis=1)
    # Chips bought before the count began are missing from it: a multiple of the first count, shared by all countries.
    before = numpyro.sample("uncounted", dist.LogNormal(0.0, 0.6))
    unseen = numpyro.sample("unseen", dist.HalfNormal(0.3))
    unseen_growth = numpyro.sample("unseen_growth", dist.HalfNormal(0.15))
    times = (np.arange(dates) + 1) * STEP
    for country in _counted(data):
        own = data.stock.of(country)
        readings = jnp.log10(10.0**own.value + before * 10.0 ** own.value[0])
        after = np.clip(times - own.time[-1], 0, None)  # the newest quarters are not counted yet
        hidden = 0.0 if country == data.leader else unseen + unseen_growth * times
        columns[country] = jnp.interp(times, own.time, readings) + hidden + rate[country] * after
        span = own.time[-1] - max(own.time[-1] - RECENT, own.time[0])
        recent = (readings[-1] - jnp.interp(own.time[-1] - span, own.time, readings)) / span
        numpyro.factor(f"stock_rate_{country}", dist.Normal(rate[country], RECENT_SD).log_prob(recent))
    return jnp.stack(columns, axis=1)


def _concentration(count: int) -> Array:
    mean = numpyro.sample("concentration_mean", dist.Normal(20.0, 0.5))
    spread = numpyro.sample("concentration_sd", dist.HalfNormal(0.4))
    z = numpyro.sample("concentration_z", dist.Normal(0.0, 1.0).expand([count]).to_event(1))
    concentration: Array = numpyro.deterministic("concentration", mean + spread * (z - z.mean()))
    return concentration


def _observe_records(data: CapabilityData, compute: Compute) -> None:
    count, records, ceilings = len(data.countries), data.records, data.ceilings
    wander = numpyro.sample("run_wander", dist.HalfNormal(0.3))
    if len(records):
        mean = compute.run_at(design(records, count, data.n_quarters))
        sd = jnp.sqrt(records.sd**2 + RECORD_SD**2 + wander**2 * np.abs(compute.end - records.time))
        numpyro.sample("records", dist.StudentT(5.0, mean, sd), obs=records.value)
    if len(ceilings):
        mean = compute.run_at(design(ceilings, count, data.n_quarters))
        sd = jnp.sqrt(ceilings.sd**2 + wander**2 * np.abs(compute.end - ceilings.time))
        numpyro.factor("ceilings", norm.logcdf((ceilings.value - mean) / sd).sum())


SITES = (
    "own_rate", "returns", "fishing_out", "compute_weight", "absorption", "half_talent", "level_noise", "length_growth",
    "slope", "intercept", "discrepancy_sd", "error_share", "stock_rate", "stock_rate_sd",
    "concentration", "log_stock", "log_run", "level",
)  # fmt: skip


def model(data: CapabilityData, sigma: float) -> None:
    """The NumPyro model under one elasticity of substitution. Sites carry registry keys; `*_z` are non-centred."""
    compute = growth_model(data)
    levels = _levels(data, compute, sigma)
    slope = draw("slope", data.as_of, data.priors)
    first = data.frontier.of(data.leader).value[0]
    intercept = numpyro.sample("intercept", dist.Normal(first - 2.0, 4.0))
    curve = partial(_capability, intercept, slope, compute.log_run[0, data.leader])
    _observe_frontier(data, compute, levels, curve)
    _observe_runs(data, levels, curve)


def _levels(data: CapabilityData, compute: Compute, sigma: float) -> Array:
    """Levels of A by date and country, OOM above the reference state; site `level`."""
    count, steps = len(data.countries), data.n_quarters - 1
    followers = np.arange(count) != data.leader
    mean = numpyro.sample("start_mean", dist.Normal(-0.4, 0.4))
    spread = numpyro.sample("start_sd", dist.HalfNormal(0.6))
    start_z = numpyro.sample("start_z", dist.Normal(0.0, 1.0).expand([count]).to_event(1))
    keys = ("own_rate", "returns", "fishing_out", "compute_weight", "absorption", "half_talent")
    values = {key: draw(key, data.as_of, data.priors) for key in keys}
    noise = draw("level_noise", data.as_of, data.priors)
    shocks = numpyro.sample("level_z", dist.Normal(0.0, 1.0).expand([steps, count]).to_event(2))
    start = followers * (mean + spread * start_z)
    advance = _progress(data, compute, values, sigma)

    def step(level: Array, row: tuple[Array, Array]) -> tuple[Array, Array]:
        stock, shock = row
        after = level + advance(level, stock) * STEP + noise * np.sqrt(STEP) * shock
        return after, after

    _, path = jax.lax.scan(step, start, (compute.log_stock[:-1], shocks))
    level: Array = numpyro.deterministic("level", jnp.concatenate([start[None], path]))
    return level


def _progress(
    data: CapabilityData, compute: Compute, values: dict[str, Array], sigma: float
) -> Callable[[Array, Array], Array]:
    """Equation 6: progress in OOM a year from levels and log10 H100e at one date, all (country,)."""
    # Openness moves nothing before a scenario changes it, and partners are a scenario's choice.
    rest = {"openness_weight": jnp.zeros(()), "collaboration_rate": jnp.zeros(())}
    parameters = algorithms.AlgorithmParameters(**values, **rest, substitution=jnp.asarray(sigma))
    talent = jnp.asarray(data.talent)
    relative = jnp.asarray(np.log(data.talent / data.talent[data.leader]))
    rate = algorithms.absorption_rate(parameters, talent, jnp.ones(len(data.talent)))
    reference = compute.log_stock[0, data.leader]

    def advance(level: Array, log_stock: Array) -> Array:
        research = algorithms.log_research(parameters, LN_10 * (log_stock - reference), relative)
        own = algorithms.own_progress(parameters, level, research)
        return own + algorithms.absorbed(rate, level, algorithms.frontier(level))

    return advance


def _capability(intercept: Array, slope: Array, reference: Array, log_run: Array, level: Array) -> Array:
    none = jnp.zeros(())
    known = {"intercept": intercept, "slope": slope}
    parameters = capability.CapabilityParameters(**dict.fromkeys(capability.CapabilityParameters._fields, none) | known)
    return capability.sovereign(parameters, log_run, level, reference)


def _observe_frontier(data: CapabilityData, compute: Compute, level: Array, curve: partial[Array]) -> None:
    """B = C + u + e, u integrated out: one multivariate normal per country (one large one is slower)."""
    spread = numpyro.sample("discrepancy_sd", dist.LogNormal(np.log(2.5), 0.3))
    share = numpyro.sample("error_share", dist.Beta(1.0, 3.0))
    for country in data.scored:
        rows = data.frontier.of(country)
        where = design(rows, len(data.countries), data.n_quarters)
        mean = curve(compute.run_at(where), where.read(level))
        covariance = spread**2 * smooth_part(rows) + share * error_part(rows) + NUGGET * np.eye(len(rows))
        numpyro.sample(
            f"frontier_{country}", dist.MultivariateNormal(mean, covariance_matrix=covariance), obs=rows.value
        )


def _observe_runs(data: CapabilityData, level: Array, curve: partial[Array]) -> None:
    """Scored models with known compute: their own run, their country's level, a lab effect, heavy tails."""
    runs = data.runs
    if not len(runs):
        return
    labs = np.eye(int(runs.lab.max()) + 1)[runs.lab]
    offset = numpyro.sample("run_offset", dist.Normal(3.0, 4.0))
    lab_sd = numpyro.sample("lab_sd", dist.LogNormal(np.log(6.0), 0.3))
    lab_z = numpyro.sample("lab_z", dist.Normal(0.0, 1.0).expand([labs.shape[1]]).to_event(1))
    spread = numpyro.sample("run_sd", dist.LogNormal(np.log(1.8), 0.3))
    where = design(runs, len(data.countries), data.n_quarters)
    mean = curve(runs.log10_compute, where.read(level)) - offset + lab_sd * (labs @ lab_z)
    numpyro.sample("scores", dist.StudentT(4.0, mean, spread), obs=runs.score)

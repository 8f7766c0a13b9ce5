"""Compute and largest runs of scored countries (equations 3 and 4), as the mechanistic structure infers them.

Where owners' chips are counted every quarter the stock is the count, plus what the count misses: chips bought before it
began (`uncounted`), and for all but the reference country smuggled, rented and domestic ones (`unseen`). The error of
the count is mostly one factor for all quarters, which concentration takes up. Elsewhere the stock grows along a line.
The largest run follows from stock, concentration and the trend of run lengths.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import Array
from jax.scipy.stats import norm

from headway.inference.arrays import CapabilityData, Floats
from headway.inference.design import STEP, Design, design
from headway.inference.priors import draw
from headway.model import training_run

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


def model(data: CapabilityData) -> Compute:
    """Sites: `stock_rate` (OOM a year), `log_stock`, `log_run` (by date and country), `concentration`."""
    count, dates = len(data.countries), data.n_quarters
    start, end = data.first * STEP, dates * STEP
    pooled = numpyro.sample("stock_rate_mean", dist.Normal(0.5, 0.06))
    spread = numpyro.sample("stock_rate_sd", dist.HalfNormal(0.15))
    rate_z = numpyro.sample("stock_rate_z", dist.Normal(0.0, 1.0).expand([count]).to_event(1))
    rate = numpyro.deterministic("stock_rate", pooled + spread * rate_z)
    concentration = _concentration(count)
    length_growth = draw("length_growth", data.as_of)
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

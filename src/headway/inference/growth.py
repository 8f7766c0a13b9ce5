"""Compute and largest runs of scored countries (equations 3 and 4), as the mechanistic structure infers them.

The installed stock grows at a rate of its own per country; where owners are counted every quarter, shocks follow the
count. Owned chips miss smuggled, rented and domestic ones (`unseen`, zero for the reference country). The largest run
follows from stock, concentration and the trend of run lengths.
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
from headway.inference.priors import prior
from headway.model import training_run

COUNTED = 4  # readings of the stock from which its shocks are inferred
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
    pooled = numpyro.sample("stock_rate_mean", dist.Normal(0.5, 0.06))
    spread = numpyro.sample("stock_rate_sd", dist.HalfNormal(0.15))
    rate_z = numpyro.sample("stock_rate_z", dist.Normal(0.0, 1.0).expand([count]).to_event(1))
    rate = numpyro.deterministic("stock_rate", pooled + spread * rate_z)
    concentration = _concentration(count)
    start, end = data.first * STEP, dates * STEP
    length_growth = numpyro.sample("length_growth", prior("length_growth", data.as_of))
    # What data pin down is sampled, the other follows: the stock where it is counted, else the largest run.
    counted = np.isin(np.arange(count), _counted(data))
    centre = np.where(counted, 5.5, 24.0)
    known = numpyro.sample("known_now", dist.Normal(centre, 1.5).to_event(1))
    lengthened = length_growth * end  # runs lengthen all the way to the last date
    now = known - np.where(counted, 0.0, 1.0) * (concentration + lengthened)
    compute = Compute(now, rate, _walk(data), concentration, length_growth, end, start)
    numpyro.deterministic("log_stock", compute.log_stock)
    numpyro.deterministic("log_run", compute.log_run)
    _observe_stock(data, compute)
    _observe_records(data, compute)
    return compute


def _counted(data: CapabilityData) -> list[int]:
    """Countries whose owners' chips are counted often enough to see shocks."""
    return [c for c in range(len(data.countries)) if len(data.stock.of(c)) >= COUNTED]


def _walk(data: CapabilityData) -> Array:
    """Shocks of the stock for countries whose owners are counted: a random walk pinned to zero at the last date."""
    count, dates = len(data.countries), data.n_quarters
    counted = _counted(data)
    if not counted or dates < 2:
        return jnp.zeros((dates, count))
    noise = numpyro.sample("stock_noise", dist.HalfNormal(0.2))
    shocks = numpyro.sample("stock_z", dist.Normal(0.0, 1.0).expand([dates - 1, len(counted)]).to_event(2))
    summed = np.triu(np.ones((dates, dates - 1)))  # row k adds up the shocks after date k
    return noise * np.sqrt(STEP) * (summed @ shocks) @ np.eye(count)[counted]


def _concentration(count: int) -> Array:
    mean = numpyro.sample("concentration_mean", dist.Normal(20.0, 0.5))
    spread = numpyro.sample("concentration_sd", dist.HalfNormal(0.4))
    z = numpyro.sample("concentration_z", dist.Normal(0.0, 1.0).expand([count]).to_event(1))
    concentration: Array = numpyro.deterministic("concentration", mean + spread * (z - z.mean()))
    return concentration


def _observe_stock(data: CapabilityData, compute: Compute) -> None:
    stock = data.stock
    if not len(stock):
        return
    unseen = numpyro.sample("unseen", dist.HalfNormal(0.3))
    unseen_growth = numpyro.sample("unseen_growth", dist.HalfNormal(0.15))
    hidden = np.where(stock.country == data.leader, 0.0, 1.0)
    where = design(stock, len(data.countries), data.n_quarters)
    mean = compute.stock_at(where) - hidden * (unseen + unseen_growth * np.clip(stock.time, 0, None))
    numpyro.sample("stock", dist.Normal(mean, np.maximum(stock.sd, 0.08)), obs=stock.value)


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

"""Largest training runs as local linear trends, where no compute stock explains them.

Record runs are readings of the trend; a year of open disclosure without a record is a soft ceiling; silence says
nothing.
Growth: Pilz et al. 2025 (arXiv:2504.16026) and, known before every origin, Sevilla et al. 2022 (arXiv:2202.05924).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax.scipy.stats import norm

from headway.core import quarters
from headway.inference.arrays import CapabilityData, Floats, Points

STEP = 1 / quarters.PER_YEAR
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


def model(data: CapabilityData) -> Trend:
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


def forecast(samples: Mapping[str, Floats], data: CapabilityData, total: int, rng: np.random.Generator) -> Floats:
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

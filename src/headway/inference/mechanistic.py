"""The mechanistic structure: equations 3, 4, 6 and 7 of `headway.model`, fitted to the countries that have scores.

A level that nobody scored informs nothing, so countries without scores take no part here: their runs come from
`trends.py`, their levels from `levels.py`.

What makes it sample: non-centred shocks and country effects; own rate defined at the reference state, where A = 0;
intercept = capability of the reference country at the reference date; concentration with zero sum; a smooth maximum for
the frontier of A; and an Ornstein–Uhlenbeck discrepancy between curve and published record, integrated out. The two
readings of the elasticity of substitution are two fits.

The reference date is the end of the first quarter with a score; date k is the end of quarter k.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax import Array

from headway.inference import growth
from headway.inference.arrays import CapabilityData
from headway.inference.design import STEP, design
from headway.inference.discrepancy import NUGGET, error_part, smooth_part
from headway.inference.growth import LN_10, Compute
from headway.inference.priors import draw
from headway.model import algorithms, capability

SITES = (
    "own_rate", "returns", "fishing_out", "compute_weight", "absorption", "half_talent", "level_noise", "length_growth",
    "slope", "intercept", "discrepancy_sd", "error_share", "stock_rate", "stock_rate_sd",
    "concentration", "log_stock", "log_run", "level",
)  # fmt: skip


def model(data: CapabilityData, sigma: float) -> None:
    """The NumPyro model under one elasticity of substitution. Sites carry registry keys; `*_z` are non-centred."""
    compute = growth.model(data)
    levels = _levels(data, compute, sigma)
    slope = draw("slope", data.as_of)
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
    values = {key: draw(key, data.as_of) for key in keys}
    noise = draw("level_noise", data.as_of)
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
    parameters = capability.CapabilityParameters(intercept, slope, none, none, none, none, none)
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

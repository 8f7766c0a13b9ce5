"""Levels of countries that nobody measured, from their largest run, their talent and what measured countries show."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax.scipy.stats import norm

from headway.inference import statistical
from headway.inference.arrays import CapabilityData, Points
from headway.inference.priors import draw
from headway.inference.statistical import Trend

UNNOTICED_SD = 0.2  # OOM of effective compute by which a country could lead without anybody noticing
GAP_SD = 3.0  # ECI: what a single record says of a country

SITES = ("run_now", "run_growth", "run_wander", "slope", "relative_level")


def model(data: CapabilityData) -> None:
    """Largest runs of all countries (`trends.py`), and every country's algorithmic level relative to the leader's.

    Sites `slope` (ECI per OOM) and `relative_level` (OOM).
    Countries with a measured level inform the mean and the spread; a country that nobody measured is likely weaker than
    one that was (`selection`), and takes part of its level from its talent. The means of both priors are half of what
    they were before the open capability scale: countries that it measured stand higher than runs and talent said.
    """
    runs = statistical.trend_model(data)
    count = len(data.countries)
    slope = draw("slope", data.as_of, data.priors)
    mean = numpyro.sample("relative_mean", dist.Normal(-0.25, 0.5))
    spread = numpyro.sample("relative_sd", dist.HalfNormal(0.8))
    talent = numpyro.sample("relative_talent", dist.Normal(0.2, 0.2))
    selection = numpyro.sample("selection", dist.Normal(-0.25, 0.4))
    z = numpyro.sample("relative_z", dist.Normal(0.0, 1.0).expand([count]).to_event(1))
    people = np.log10(data.talent)
    centre = people[np.arange(count) != data.leader].mean()
    scored = np.isin(np.arange(count), data.scored)
    level = mean + talent * (people - centre) + jnp.where(scored, 0.0, selection) + spread * z
    level = jnp.where(np.arange(count) == data.leader, 0.0, level)
    numpyro.deterministic("relative_level", level)
    _observe_levels(data, runs, slope, level)
    # Whoever stood ahead of the leader would have been scored by somebody.
    ahead = runs.level - runs.level[data.leader] + level
    numpyro.factor("unnoticed", jnp.where(scored, 0.0, norm.logcdf(-ahead / UNNOTICED_SD)).sum())


def _observe_levels(data: CapabilityData, runs: Trend, slope: jnp.ndarray, level: jnp.ndarray) -> None:
    """A scored follower's distance to the leader at its last reading = slope · (gap in runs + gap in algorithms)."""
    leader = data.frontier.of(data.leader)
    newest = [data.frontier.of(country) for country in data.scored if country != data.leader]
    if not newest:
        return
    rows = Points(*(np.array([getattr(own, name)[-1] for own in newest]) for name in Points.__dataclass_fields__))
    ahead = Points(np.full(len(rows), data.leader), rows.time, rows.value, rows.sd)
    gap = rows.value - np.interp(rows.time, leader.time, leader.value)
    relative = np.eye(len(data.countries))[rows.country] @ level
    mean = slope * (runs.at(rows) - runs.at(ahead) + relative)
    numpyro.sample("follower_gap", dist.Normal(mean, GAP_SD), obs=gap)

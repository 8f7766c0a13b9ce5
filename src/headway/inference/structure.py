"""Structures of the forecast: each turns a posterior into joint paths of all countries, quarter by quarter.

The mechanistic structure runs forward for a year or two: compute goes on at its fitted rate, fading towards the pooled
one. Long horizons belong to the ensemble (`headway.ensemble`), where money, controls and people move compute.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import jax.numpy as jnp
import numpy as np

from headway.core.errors import InputError
from headway.inference import statistical
from headway.inference.arrays import CapabilityData, Floats
from headway.inference.calibrate import MECHANISMS, elasticities
from headway.inference.mechanistic import DISCREPANCY_YEARS, LENGTH_END, LN_10, STEP, at_dates
from headway.inference.paths import LevelPaths, running_best
from headway.inference.storage import Posterior
from headway.model import algorithms

if TYPE_CHECKING:
    from headway.inference.paths import LevelPaths
    from headway.inference.storage import Posterior

STATISTICAL = "statistical"
FADE = 4.0  # years in which a country's own growth of compute closes a factor e of its distance to the pooled rate
POOLED = 0.5  # OOM a year: growth of the world's compute, 3.3x (Epoch AI)


def forecast(posterior: Posterior, horizon: int, rng: np.random.Generator, part: str) -> LevelPaths:
    """Joint paths of all countries from the first quarter of data to `horizon` (a quarter's running number).

    Args:
        part: which reading of equation 6, one of `MECHANISMS`.
    """
    data, mechanism = posterior.data, posterior.draws[part]
    sigma = elasticities()[MECHANISMS.index(part)]
    total, dates = horizon - data.first + 1, data.n_quarters
    scored = list(data.scored)
    others = [k for k in range(len(data.countries)) if k not in scored]
    shape = (len(mechanism["slope"]), len(data.countries), total)

    run = statistical.trend_forecast(posterior.draws["runs"], data, total, rng)
    stock = np.full(shape, np.nan)
    stock[:, scored] = _stock(mechanism, total)
    run[:, scored] = stock[:, scored] + _per_compute(mechanism, data, total)
    typical = mechanism["concentration"].mean(axis=1, keepdims=True)
    stock[:, others] = run[:, others] - typical[:, :, None] - _lengthening(mechanism, data, total)[:, None, :]

    level = np.full(shape, np.nan)
    level[:, scored, :dates] = mechanism["level"].transpose(0, 2, 1)
    relative = posterior.draws["runs"]["relative_level"][:, others]
    level[:, others, :dates] = level[:, [data.leader], :dates] + relative[:, :, None]
    for date in range(dates, total):
        level[:, :, date] = _next_level(
            mechanism, data, sigma, stock[:, :, date - 1], stock[:, data.leader, 0], level[:, :, date - 1], rng
        )

    reference = run[:, data.leader, 0]
    effective = run - reference[:, None, None] + level
    capability = mechanism["intercept"][:, None, None] + mechanism["slope"][:, None, None] * effective
    capability[:, scored] += _discrepancy(mechanism, data.scored_only(), total, rng)
    sovereign = capability.copy()
    sovereign[:, :, dates - 1 :] = running_best(capability[:, :, dates - 1 :])
    return LevelPaths(
        first=data.first,
        last=data.last,
        countries=data.countries,
        sovereign=sovereign,
        run=run,
        stock=stock,
    )


def _stock(mechanism: Mapping[str, Floats], total: int) -> Floats:
    """log10 H100e of the scored countries, shape (draw, country, total)."""
    known = mechanism["log_stock"].transpose(0, 2, 1)
    elapsed = (np.arange(total - known.shape[2]) + 1) * STEP
    own = mechanism["stock_rate"][:, :, None] - POOLED
    grown = POOLED * elapsed + own * FADE * (1 - np.exp(-elapsed / FADE))
    return np.concatenate([known, known[:, :, -1:] + grown], axis=2)


def _lengthening(mechanism: Mapping[str, Floats], data: CapabilityData, total: int) -> Floats:
    """Growth of run length since time 0, OOM, shape (draw, total)."""
    times = (np.arange(total) + 1) * STEP
    lived = np.minimum(times, LENGTH_END - data.first * STEP)
    result: Floats = mechanism["length_growth"][:, None] * lived
    return result


def _per_compute(mechanism: Mapping[str, Floats], data: CapabilityData, total: int) -> Floats:
    """log10 FLOP of the largest run per H100e, shape (draw, country, total); exact at the known dates."""
    known = (mechanism["log_run"] - mechanism["log_stock"]).transpose(0, 2, 1)
    length = _lengthening(mechanism, data, total)
    later = known[:, :, -1:] + (length[:, known.shape[2] :] - length[:, [known.shape[2] - 1]])[:, None, :]
    return np.concatenate([known, later], axis=2)


def _next_level(
    mechanism: Mapping[str, Floats],
    data: CapabilityData,
    sigma: float,
    stock: Floats,
    reference: Floats,
    level: Floats,
    rng: np.random.Generator,
) -> Floats:
    """Levels one quarter on, by equation 6 with its noise, shape (draw, country).

    Args:
        stock: log10 H100e, (draw, country). reference: that of the reference country at the reference date, (draw,).
    """
    keys = ("own_rate", "returns", "fishing_out", "compute_weight", "absorption", "half_talent")
    # Openness moves nothing before a scenario changes it, and partners are a scenario's choice.
    rest = {"openness_weight": jnp.zeros(()), "collaboration_rate": jnp.zeros(())}
    values = {key: jnp.asarray(mechanism[key]) for key in keys}
    p = algorithms.AlgorithmParameters(**values, **rest, substitution=jnp.asarray(sigma))
    compute = jnp.asarray(LN_10 * (stock - reference[:, None]).T)
    talent = jnp.broadcast_to(data.talent[:, None], compute.shape)
    research = algorithms.log_research(p, compute, jnp.log(talent / data.talent[data.leader]))
    rate = algorithms.absorption_rate(p, talent, jnp.ones_like(compute))
    known = jnp.asarray(level.T)
    gained = algorithms.own_progress(p, known, research)
    gained = gained + algorithms.absorbed(rate, known, algorithms.frontier(known))
    noise = mechanism["level_noise"][:, None] * np.sqrt(STEP) * rng.standard_normal(level.shape)
    return np.asarray(level + np.asarray(gained).T * STEP + noise)


def _discrepancy(mechanism: Mapping[str, Floats], data: CapabilityData, total: int, rng: np.random.Generator) -> Floats:
    """u of the scored countries, known dates given the readings, then fading, shape (draw, country, total)."""
    known = at_dates(mechanism, data, rng)
    keep = np.exp(-STEP / DISCREPANCY_YEARS)
    fresh = mechanism["discrepancy_sd"][:, None] * np.sqrt(1 - keep**2)
    steps = [known[:, :, -1]]
    for _ in range(total - data.n_quarters):
        steps.append(keep * steps[-1] + fresh * rng.standard_normal(steps[-1].shape))
    return np.concatenate([known, *(step[:, :, None] for step in steps[1:])], axis=2)


_SAYS = (
    "compute, algorithms and their diffusion, anchored by a fading discrepancy; compute replaces researchers",
    "the same, compute and researchers needed together",
)
Forecast = Callable[["Posterior", int, np.random.Generator], "LevelPaths"]


@dataclass(frozen=True)
class Structure:
    """A structural reading of the same data.

    Attributes:
        parts: names of the parts of the posterior that it needs.
        forecast: (posterior, last quarter's running number, generator) -> paths from the first quarter of data on.
    """

    name: str
    says: str
    parts: tuple[str, ...]
    forecast: Forecast


def structures() -> dict[str, Structure]:
    """All structures, by name."""
    from headway.inference import statistical
    from headway.inference.calibrate import MECHANISMS

    entries = (
        Structure(
            STATISTICAL,
            "local trend with catch-up, anchored on the last score",
            ("runs", "trend"),
            statistical.forecast,
        ),
        *(
            Structure(f"mechanistic, {part}", says, ("runs", part), partial(forecast, part=part))
            for part, says in zip(MECHANISMS, _SAYS, strict=True)
        ),
    )
    return {entry.name: entry for entry in entries}


def mechanistic() -> dict[str, Structure]:
    """The readings of the equations, by name."""
    return {name: found for name, found in structures().items() if found.name != STATISTICAL}


def structure(name: str) -> Structure:
    """The structure of that name.

    Raises:
        InputError: no such structure.
    """
    known = structures()
    if name not in known:
        raise InputError(f"'{name}' is no structure; choose from {', '.join(map(repr, known))}")
    return known[name]

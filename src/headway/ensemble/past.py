"""Where every member's countries stood, from the first date to the anchor: the history that each run retraces."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array

from headway.ensemble.given import PRICE_YEAR, WorldArrays, WorldIndex
from headway.ensemble.members import Members
from headway.model.training_run import LOG10_E, TrainingRunParameters, length_trend
from headway.scenarios.world.compute import GROWTH_BEFORE

_KNOWN_RUN_SD, _UNKNOWN_RUN_SD = 0.15, 0.5  # OOM
_TALENT_SD = 0.3  # log points
_LEAST_FLOW = 0.05  # of the stock per year: nobody is taken to have stopped buying altogether
_CONTROLLED = 0.01  # share of demand from which spending can no longer be read off deliveries


class History(NamedTuple):
    """History of a block: (known, countries, members), or without time (countries, members), or (members,).

    log_spending: ln x. log_compute: ln H100e. level: OOM. talent: persons at the first date. concentration: κ.
    intercept: c0, ECI. discrepancy: u, ECI. run_reference: log10 FLOP, compute_reference: ln H100e of the reference.
    """

    log_spending: Array
    log_compute: Array
    level: Array
    talent: Array
    concentration: Array
    intercept: Array
    discrepancy: Array
    run_reference: Array
    compute_reference: Array


def reconstruct(given: WorldArrays, marks: WorldIndex, members: Members) -> History:
    """The history of a block of members: from the posterior where it has one, else from evidence with its errors."""
    v = members.values
    log_compute = given.log_compute + given.compute_sd * v["compute_error"]
    length = _length(given, marks, members)
    run = given.run + _KNOWN_RUN_SD * v["concentration_error"]
    if members.history is not None:
        log_compute = _spliced(log_compute, members.history.log10_compute / LOG10_E)
        run = jnp.where(jnp.isnan(members.history.log10_run[-1]), run, members.history.log10_run[-1])
    concentration = run - LOG10_E * log_compute[-1] - length[-1]
    typical = jnp.nanmean(concentration, axis=0) + _UNKNOWN_RUN_SD * v["concentration_error"]
    concentration = jnp.where(jnp.isnan(concentration), typical, concentration)

    log_run = LOG10_E * log_compute + concentration + length[:, None, :]
    run_reference = log_run[marks.first, marks.reference]
    discrepancy = jnp.where(jnp.isnan(given.path[-1]), 0.0, v["frontier_error"])
    if members.history is not None:
        known = members.history.discrepancy
        discrepancy = jnp.where(jnp.isnan(known), discrepancy, known)
    capability = given.path - discrepancy
    intercept = v.get("intercept", capability[marks.first, marks.reference])
    level = (capability - intercept) / v["slope"] - (log_run - run_reference)
    if members.history is not None:
        level = _spliced(level, members.history.level)
    unscored = level[:, marks.leader][:, None, :] + v["unscored_level"]
    return History(
        log_spending=_log_spending(given, marks, members, log_compute),
        log_compute=log_compute,
        level=jnp.where(jnp.isnan(level), unscored, level),
        talent=given.talent * jnp.exp(_TALENT_SD * v["talent_error"]),
        concentration=concentration,
        intercept=intercept,
        discrepancy=discrepancy,
        run_reference=run_reference,
        compute_reference=log_compute[marks.first, marks.reference],
    )


def _spliced(prior: Array, fitted: Array) -> Array:
    """The fitted path where there is one; before its first date, the prior's shape moved to meet it."""
    known = ~jnp.isnan(fitted)
    first = jnp.argmax(known, axis=0)[None]
    moved = prior + jnp.take_along_axis(jnp.where(known, fitted, 0) - prior, first, axis=0)
    return jnp.where(known.any(axis=0), jnp.where(known, fitted, moved), prior)


def _length(given: WorldArrays, marks: WorldIndex, members: Members) -> Array:
    """Trend of run lengths since the reference date, OOM, (known, members)."""
    v = members.values
    growth = TrainingRunParameters(jnp.zeros(()), v["length_growth"], v["length_end"])
    return length_trend(growth, given.years[: marks.known, None], given.years[marks.first])


def _mean_of_year(path: Array) -> Array:
    """Mean of each quarter and the three before it, as far as the path reaches back, (known, countries, members)."""
    quarters = path.shape[0]
    longer = jnp.concatenate([jnp.zeros_like(path[:3]), path])
    total = longer[3:] + longer[2:-1] + longer[1:-2] + longer[:-3]
    return total / np.minimum(np.arange(quarters) + 1, 4).astype(path.dtype)[:, None, None]


def _log_spending(given: WorldArrays, marks: WorldIndex, members: Members, log_compute: Array) -> Array:
    """Natural log of x: what the chips that arrived have cost; for a country under controls, what it would have spent.

    Under controls deliveries say nothing of money. From then on the country is taken to have kept the place against the
    reference country that it had before.
    """
    v = members.values
    compute = jnp.exp(log_compute)
    wear = v["depreciation"]
    kept = jnp.exp(-wear / 4)
    flow = (compute[1:] - compute[:-1] * kept) * wear / (1 - kept)
    flow = jnp.maximum(jnp.concatenate([(GROWTH_BEFORE + wear) * compute[:1], flow]), _LEAST_FLOW * compute)
    yearly = _mean_of_year(flow)
    price = v["chip_price"] * jnp.exp(-v["price_performance"] * (given.years[: marks.known, None] - PRICE_YEAR))
    log_share = jnp.log(yearly * (price / v["chip_share"])[:, None, :] / given.gdp)

    since = jnp.cumsum(given.controls > _CONTROLLED, axis=0) > 0
    free = jnp.where(since, 0.0, 1.0).at[0].set(1.0)
    leader = log_share[:, [marks.reference]]
    place = ((log_share - leader) * free).sum(axis=0) / free.sum(axis=0)
    return jnp.where(since, leader + place, log_share)

"""How many months a country is behind the best of all others, or ahead of it.

The lag at date t is the time since the best of all *other* countries first stood where this one stands at t. It is
censored ("more than n months") when that best stood there already when its series starts. A country ahead of all others
has a negative lag: minus the time since it first stood where the best of the others stands now.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

_NOBODY = -1e9


class Lag(NamedTuple):
    """Attributes:
    months: lag in months, (quarters, members); negative where the country leads.
    censored: true where the real lag is longer than `months` (or the real lead, where `months` is negative).
    """

    months: Array
    censored: Array


def best_of_others(capability: Array, country: int, history: Array | None = None) -> Array:
    """The frontier seen by `country`: best so far of all other countries, (quarters, members).

    Args:
        capability: (quarters, countries, members); running maxima or not.
        history: frontier of the others before the first date, (earlier quarters, members), put in front.
    """
    others = capability.at[:, country].set(_NOBODY)
    best = jnp.max(others, axis=1)
    if history is not None:
        best = jnp.concatenate([jnp.broadcast_to(history, (history.shape[0], best.shape[1])), best])
    return jax.lax.cummax(best, axis=0)


def _first_time(path: Array, level: Array, times: Array) -> tuple[Array, Array]:
    """When the non-decreasing `path` (dates,) first reached each of `level` (k,), interpolated; and whether before."""
    after = jnp.clip(jnp.searchsorted(path, level, side="left"), 1, path.shape[0] - 1)
    low, high = path[after - 1], path[after]
    rise = jnp.where(high > low, high - low, 1)
    share = jnp.clip(jnp.where(high > low, (level - low) / rise, 0), 0, 1)
    return times[after - 1] + share * (times[after] - times[after - 1]), level < path[0]


@partial(jax.vmap, in_axes=(-1, -1, None, None), out_axes=-1)
def _lag_of_member(own: Array, others: Array, times: Array, dates: Array) -> tuple[Array, Array]:
    now = others[-dates.shape[0] :]
    behind_since, behind_censored = _first_time(others, own, times)
    ahead_since, ahead_censored = _first_time(own, now, dates)
    leads = own > now
    months = 12 * jnp.where(leads, ahead_since - dates, dates - behind_since)
    return months, jnp.where(leads, ahead_censored, behind_censored)


def lag(own: Array, others: Array, years: float) -> Lag:
    """Lag of one country behind the best of all others.

    Args:
        own: its capability, best so far, (quarters, members).
        others: `best_of_others`, (earlier + quarters, members), on the same grid, ending on the same date.
        years: length of a step.
    """
    grid = jnp.arange(others.shape[0], dtype=own.dtype) * years
    months, censored = _lag_of_member(jax.lax.cummax(own, axis=0), others, grid, grid[-own.shape[0] :])
    return Lag(months, censored)

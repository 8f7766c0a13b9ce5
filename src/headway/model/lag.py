"""How many months a country is behind the best of all others, or ahead of it.

The lag at date t is the time since the best of all *other* countries first stood where this one stands at t. It is
censored ("more than n months") when that best stood there already when its series starts. A country ahead of all others
has a negative lag: minus the time since it first stood where the best of the others stands now.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from headway.model.smooth import running_max

_NOBODY = -1e9


class Lag(NamedTuple):
    """Attributes:
    months: lag in months, (quarters, members); negative where the country leads.
    censored: true where the real lag is longer than `months` (or the real lead, where `months` is negative).
    """

    months: Array
    censored: Array


def best_of_others(capability: Array, country: int | Array) -> Array:
    """The frontier seen by `country`: best of all other countries at each date, (quarters, members).

    `capability` is (quarters, countries, members); give running maxima (`capability.best_so_far`) for best so far.
    """
    others = jnp.where(jnp.arange(capability.shape[1])[:, None] == country, _NOBODY, capability)
    return jnp.max(others, axis=1)


def _first_time(path: Array, level: Array) -> tuple[Array, Array]:
    """When non-decreasing paths first reached given levels, in steps, interpolated; and whether before their start.

    Args:
        path: (dates, members). level: (k, members).
    """
    below = jnp.sum(path[:, None, :] < level[None, :, :], axis=0)
    after = jnp.clip(below, 1, path.shape[0] - 1)
    low, high = (jnp.take_along_axis(path, rows, axis=0) for rows in (after - 1, after))
    share = jnp.where(high > low, (level - low) / jnp.where(high > low, high - low, 1), 0)
    return after - 1 + jnp.clip(share, 0, 1), level < path[0]


def lag(own: Array, others: Array, years: float) -> Lag:
    """Lag of one country behind the best of all others.

    Args:
        own: its capability, (quarters, members); the best so far is taken.
        others: frontier of the others, best so far, (earlier + quarters, members), on the same grid, ending on the same
            date.
        years: length of a step.
    """
    own, others = running_max(own), running_max(others)
    earlier = others.shape[0] - own.shape[0]
    now = others[earlier:]
    date = jnp.arange(own.shape[0], dtype=own.dtype)[:, None]
    behind_since, behind_censored = _first_time(others, own)
    ahead_since, ahead_censored = _first_time(own, now)
    leads = own > now
    steps = jnp.where(leads, ahead_since - date, date + earlier - behind_since)
    return Lag(12 * years * steps, jnp.where(leads, ahead_censored, behind_censored))

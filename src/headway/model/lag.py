"""How many months a country is behind the best of all others, or ahead of it.

The lag at date t is the time since the best of all *other* countries first stood where this one stands at t. It is
censored ("more than n months") when that best stood there already when its series starts. A country ahead of all others
has a negative lag: minus the time since it first stood where the best of the others stands now.
"""

from __future__ import annotations

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


def best_of_others(capability: Array, country: int | Array) -> Array:
    """The frontier seen by `country`: best of all other countries at each date, (quarters, members).

    `capability` is (quarters, countries, members); give running maxima (`capability.best_so_far`) for best so far.
    """
    others = jnp.where(jnp.arange(capability.shape[1])[:, None] == country, _NOBODY, capability)
    return jnp.max(others, axis=1)


def reached(asked: Array, leads: Array, others: Array, mine: Array, start: Array) -> Array:
    """Steps from the first date until a path first stood at `asked`, interpolated: `mine` where `leads`, else `others`.

    Args:
        asked, leads: (dates, …). others, mine: paths that never fall, (quarters, …). start: where a path began above.
    """

    def segment(since: Array, ends: tuple[Array, Array, Array, Array, Array]) -> tuple[Array, None]:
        end, low_others, high_others, low_own, high_own = ends
        low, high = jnp.where(leads, low_own, low_others), jnp.where(leads, high_own, high_others)
        rise = high - low
        share = (asked - low) / jnp.where(rise > 0, rise, 1)
        return jnp.where((low < asked) & (asked <= high), end - 1 + share, since), None

    ends = jnp.arange(1, others.shape[0], dtype=others.dtype)
    since, _ = jax.lax.scan(segment, start, (ends, others[:-1], others[1:], mine[:-1], mine[1:]))
    return since


def lag(own: Array, others: Array, years: float) -> Lag:
    """Lag of countries behind the best of all others.

    Args:
        own: capability, best so far, (quarters, …).
        others: frontier of the others, best so far, (earlier + quarters, …), on the same grid, ending on the same date.
            Neither may ever fall (see `smooth.running_max`).
        years: length of a step.
    """
    dates = own.shape[0]
    earlier = others.shape[0] - dates
    now = others[earlier:]
    leads = own > now
    asked = jnp.minimum(own, now)  # where the one behind stands
    date = jnp.arange(dates, dtype=own.dtype).reshape(dates, *(1,) * (own.ndim - 1)) + earlier
    # Behind, the path asked when it stood there is that of the others; ahead, it is the country's own, whose first date
    # is `earlier` steps later: both are laid on the longer grid, the own path lying at its first value before.
    mine = jnp.concatenate([jnp.broadcast_to(own[:1], (earlier, *own.shape[1:])), own])

    start = jnp.where(leads, earlier, 0) * jnp.ones_like(own)
    since = reached(asked, leads, others, mine, start)
    censored = jnp.where(leads, asked < own[0], asked < others[0])
    behind = jnp.where(leads, since - date, date - since)
    return Lag(12 * years * behind, censored)

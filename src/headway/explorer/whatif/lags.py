"""The lag of `headway.model.lag` at some dates only: a slider asks for the ends of the years, a quarter of the work."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from headway.model.lag import reached
from headway.model.simulate import QUARTER


def lag_at(own: Array, others: Array, rows: Array) -> tuple[Array, Array]:
    """Months behind the best of all others at `rows`, and whether the real lag or lead is longer.

    Args:
        own, others: best so far, (quarters, countries, members), on the same grid; neither may ever fall.
        rows: positions on that grid, (dates,).

    Returns:
        Both (dates, countries, members), as `headway.model.lag.lag` gives them for series of equal length.
    """
    mine, theirs = own[rows], others[rows]
    leads = mine > theirs
    asked = jnp.minimum(mine, theirs)  # where the one behind stands

    since = reached(asked, leads, others, own, jnp.zeros_like(asked))
    date = rows.astype(own.dtype)[:, None, None]
    censored = jnp.where(leads, asked < own[0], asked < others[0])
    return 12 * QUARTER * jnp.where(leads, since - date, date - since), censored

"""Equation 3. Installed compute wears out and is replaced.

    dK/dt = F − δ · K

Depreciation as in the Full Takeoff Model (Davidson 2023, github.com/epoch-research/ftm). The step is exact for constant
deliveries, so that compute never turns negative, however long the step.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array


class StockParameters(NamedTuple):
    """Attributes: `depreciation` is δ, 1/year, (members,)."""

    depreciation: Array


def advance(compute: Array, parameters: StockParameters, deliveries: Array, years: float) -> Array:
    """K after `years`, H100e; `deliveries` in H100e per year, both (countries, …)."""
    kept = jnp.exp(-parameters.depreciation * years)
    return compute * kept + deliveries * (1 - kept) / parameters.depreciation

"""Equation 1. AI capital spending as a share of GDP moves towards a target that saturates.

    d ln x / dt = (ln x* − ln x) / T_x
    ln x* = softmin(level_i + lever_i(t) − ψ · rents_i(t),  ln x_max)

The partial-adjustment form follows the investment block of GATE (Erdil et al. 2025, arXiv:2503.04941), where adjustment
costs slow the way to the desired stock. The drag of resource rents is that of Mhuru, Daglish and Geng (2022, Energy
Economics 110:105997), with a prior that straddles zero because other studies find the opposite sign.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from headway.model.smooth import log_softmin


class SpendingParameters(NamedTuple):
    """Attributes: shapes are (countries, members) or (members,).

    log_level: natural log of the share of GDP that the country is heading for, (countries, members).
    adjustment_years: T_x, years to close a factor e of the distance to the target.
    ceiling: x_max, the share of GDP that no economy exceeds.
    resource_drag: ψ, log points of target per unit of resource-rent share of GDP.
    """

    log_level: Array
    adjustment_years: Array
    ceiling: Array
    resource_drag: Array


def target(parameters: SpendingParameters, lever: Array, rents: Array) -> Array:
    """Natural log of the target share x*. `lever` is in log points, `rents` a share of GDP; both (countries, …)."""
    wanted = parameters.log_level + lever - parameters.resource_drag * rents
    return log_softmin(wanted, jnp.log(parameters.ceiling))


def advance(log_spending: Array, parameters: SpendingParameters, lever: Array, rents: Array, years: float) -> Array:
    """Natural log of x after `years`, exact for a target that stands still meanwhile."""
    goal = target(parameters, lever, rents)
    return goal + (log_spending - goal) * jnp.exp(-years / parameters.adjustment_years)

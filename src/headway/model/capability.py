"""Equation 7. What a country can build, and what it can use.

    C_sov = c0 + s · (log10 T − log10 T_ref + A)
    C_open(t) = best so far of C_sov,j − gap_j over countries j that publish their weights
    C_acc = max(C_sov, C_open(t − d) − penalty)

In points of the Epoch Capabilities Index (ECI). The slope in effective compute is that of the Rosetta Stone study (Ho
et al. 2025, arXiv:2512.00193). Sovereign and accessible capability are kept apart: a country that builds on another's
open weights has access, not ability; leader and follower as in Pilz, Heim and Brown (2023, arXiv:2311.15377).
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from headway.model.smooth import running_max

_NOTHING = -1e9  # ECI of "no open weights at all": below any model


class CapabilityParameters(NamedTuple):
    """Attributes: shapes are (countries, members) or (members,).

    intercept: c0, ECI of the reference country at the reference date.
    slope: s, ECI per OOM of effective compute.
    open_gap: ECI by which the country's best open weights stay below its best model, (countries, members).
    adoption_delay: d, years until another's open weights are in use.
    adoption_penalty: ECI lost when building on another's weights.
    discrepancy: u, what the country's observed frontier stands above the equation at the anchor date, ECI,
        (countries, members).
    discrepancy_years: time in which the discrepancy fades by a factor e.
    """

    intercept: Array
    slope: Array
    open_gap: Array
    adoption_delay: Array
    adoption_penalty: Array
    discrepancy: Array
    discrepancy_years: Array


def sovereign(parameters: CapabilityParameters, log_run: Array, level: Array, reference_log_run: Array) -> Array:
    """C_sov, ECI, (countries, …); `log_run` in log10 FLOP, `level` in OOM above the reference."""
    return parameters.intercept + parameters.slope * (log_run - reference_log_run + level)


def anchored(parameters: CapabilityParameters, capability: Array, since_anchor: Array) -> Array:
    """C_sov with the discrepancy seen at the anchor date, fading; before the anchor it counts in full."""
    fading = jnp.exp(-jnp.maximum(since_anchor, 0) / parameters.discrepancy_years)
    return capability + parameters.discrepancy * fading


def best_so_far(capability: Array) -> Array:
    """Running maximum over time (axis 0): a model once built stays built."""
    return running_max(capability)


def open_frontier(capability: Array, open_gap: Array, published: Array) -> Array:
    """C_open, ECI, (quarters, members): best open weights so far. What is published cannot be taken back.

    Args:
        capability: sovereign capability, (quarters, countries, members).
        open_gap: (countries, members).
        published: 1 where the country publishes its weights, else 0, (quarters, countries, 1).
    """
    offered = jnp.where(published > 0.5, capability - open_gap, _NOTHING)
    return running_max(jnp.max(offered, axis=1))


def delayed(path: Array, delay: Array, years: float) -> Array:
    """`path` (quarters, members) as it stood `delay` years (members,) earlier; its first value before it starts."""
    steps = jnp.arange(path.shape[0], dtype=path.dtype)[:, None] - delay / years
    steps = jnp.maximum(steps, 0)
    below = jnp.floor(steps).astype(jnp.int32)
    above = jnp.minimum(below + 1, path.shape[0] - 1)
    weight = steps - below
    return jnp.take_along_axis(path, below, axis=0) * (1 - weight) + jnp.take_along_axis(path, above, axis=0) * weight


def accessible(parameters: CapabilityParameters, capability: Array, open_level: Array, years: float) -> Array:
    """C_acc, ECI, (quarters, countries, members), from sovereign capability and the path of `open_frontier`."""
    usable = delayed(open_level, parameters.adoption_delay, years) - parameters.adoption_penalty
    return jnp.maximum(capability, usable[:, None, :])

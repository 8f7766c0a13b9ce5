"""Equation 8. Niches: access to general capability, and an asset of the domain (data, integration, operations).

    Z_k = q_k · C_acc + H_k
    dH_k/dt = v · effort_k^λ_H − δ_H · H_k

No outcome series exists to fit q, v or δ_H, so all are scenario tier, and results are break-even values: a niche wins
if v > v*. Nothing feeds back from H on the other equations: niches are computed after a run, for the countries asked.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array


class NicheParameters(NamedTuple):
    """Attributes: shapes are (niches, members) or (members,).

    weight: q_k, points of niche index per ECI of accessible capability.
    yield_: v, points of domain asset per year at effort 1.
    decay: δ_H, 1/year.
    returns: λ_H, returns to effort.
    """

    weight: Array
    yield_: Array
    decay: Array
    returns: Array


def domain_assets(parameters: NicheParameters, effort: Array, years: float) -> Array:
    """H_k of one country, (quarters, niches, members), from no asset at the start.

    `effort` is (quarters, niches, 1): research effort relative to one unit of the scenario, ≥ 0.
    """
    kept = jnp.exp(-parameters.decay * years)
    positive = effort > 0
    gain = parameters.yield_ * jnp.where(positive, jnp.where(positive, effort, 1) ** parameters.returns, 0)
    built = gain * (1 - kept) / parameters.decay

    def step(asset: Array, added: Array) -> tuple[Array, Array]:
        asset = asset * kept + added
        return asset, asset

    _, assets = jax.lax.scan(step, jnp.zeros_like(built[0]), built[1:])
    return jnp.concatenate([jnp.zeros_like(built[:1]), assets])


def outcome(parameters: NicheParameters, accessible: Array, assets: Array) -> Array:
    """Z_k, (quarters, niches, members), from C_acc of the country (quarters, members) and its assets."""
    return parameters.weight * accessible[:, None, :] + assets


def break_even_yield(parameters: NicheParameters, shortfall: Array, effort: Array, years: float) -> Array:
    """v*: the yield at which the asset alone closes `shortfall` (points of Z, (quarters, niches, members)).

    H is linear in v, so v* = shortfall / (H / v). Infinite where no effort has been made yet.
    """
    per_yield = domain_assets(parameters._replace(yield_=jnp.ones_like(parameters.yield_)), effort, years)
    return jnp.where(per_yield > 0, jnp.maximum(shortfall, 0) / jnp.where(per_yield > 0, per_yield, 1), jnp.inf)

"""Equation 6. The algorithmic level: found at home, and absorbed from those ahead.

    dA/dt = own + absorbed
    own = g_A · R^λ · 10^(−β A),             R = CES(K / K_ref, L / L_ref; σ)
    absorbed = τ_i · (A* − A) + τ_c · depth_i · max(0, A_partners − A)
    τ_i = τ · a(L) · (1 − o · (1 − openness_i)),      a(L) = L / (L + L_half)

Levels are in OOM of compute saved, with A = 0, R = 1 and own rate g_A at the reference state (the reference country
at the reference date). Idea production follows Bloom, Jones, Van Reenen and Webb (2020, AER 110(4):1104–44,
doi:10.1257/aer.20180338); compute and researchers as inputs follow Whitfill and Wu (2025, arXiv:2507.23181), whose two
estimates of σ are kept as two structures. Catch-up towards the frontier, faster with own talent, follows Griffith,
Redding and Van Reenen (2004, REStat 86(4):883–95). A* is a smooth maximum over countries.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from headway.model.smooth import at_least, softmax_level, softplus

LN_10 = 2.302585092994046
FRONTIER_WIDTH = 0.1  # OOM over which the frontier passes from one country to another
_COBB_DOUGLAS = 1e-3  # exponents closer to 0 than this are taken at this distance
_LEAST_FISHING = 1e-3  # β at and below which the exact step is that of constant progress


class AlgorithmParameters(NamedTuple):
    """Attributes: shapes are (members,).

    own_rate: g_A, own progress at the reference state, above 0, OOM per year.
    returns: λ, returns to parallel research effort.
    fishing_out: β, how much harder ideas get, OOM of own rate per OOM of level.
    substitution: σ, elasticity of substitution between compute and researchers.
    compute_weight: weight of compute in the CES, in (0, 1).
    absorption: τ, rate of catching up under full openness and full absorptive capacity, 1/year.
    openness_weight: o, share of absorption that needs openness.
    collaboration_rate: τ_c, extra rate towards partners at depth 1, 1/year.
    half_talent: L_half, researchers at which half of the absorptive capacity is reached.
    """

    own_rate: Array
    returns: Array
    fishing_out: Array
    substitution: Array
    compute_weight: Array
    absorption: Array
    openness_weight: Array
    collaboration_rate: Array
    half_talent: Array


def log_research(
    parameters: AlgorithmParameters,
    log_compute: Array,
    log_talent: Array,
    reference: tuple[Array | float, Array | float] = (0.0, 0.0),
) -> Array:
    """ln R, CES of compute and talent, (countries, …).

    What is a member's alone is gathered before it meets the countries, so that a gradient sums over them less often.

    Args:
        log_compute, log_talent: natural logs of H100e and persons, (countries, …).
        reference: the same two of the reference state, (members,) or numbers; 0 where the logs are relative already.
    """
    compute_reference, talent_reference = reference
    exponent = 1 - 1 / parameters.substitution
    exponent = jnp.where(jnp.abs(exponent) < _COBB_DOUGLAS, _COBB_DOUGLAS, exponent)
    log_compute_weight, log_talent_weight = jnp.log(parameters.compute_weight), jnp.log1p(-parameters.compute_weight)
    log_odds = log_compute_weight - log_talent_weight - exponent * (compute_reference - talent_reference)
    mixed = softplus(exponent * (log_compute - log_talent) + log_odds)
    return log_talent + mixed * (1 / exponent) + (log_talent_weight / exponent - talent_reference)


def log_own_progress(parameters: AlgorithmParameters, level: Array, log_research: Array) -> Array:
    """Natural log of own progress, OOM per year, at algorithmic level `level` (OOM above the reference)."""
    against_reference = parameters.returns * log_research - LN_10 * parameters.fishing_out * level
    return jnp.log(parameters.own_rate) + against_reference


def own_progress(parameters: AlgorithmParameters, level: Array, log_research: Array) -> Array:
    """Own progress, OOM per year."""
    return jnp.exp(log_own_progress(parameters, level, log_research))


def own_step(parameters: AlgorithmParameters, log_own: Array, years: float) -> Array:
    """Own progress over a step, OOM, exact while research effort stands still: log10(1 + β ln 10 · own · years) / β.

    Unlike a plain product, it cannot overshoot where a low level makes ideas easy to find. `log_own`: natural log of
    own progress, OOM per year.
    """
    steepness = LN_10 * jnp.maximum(parameters.fishing_out, _LEAST_FISHING)
    return softplus(log_own + jnp.log(steepness * years)) * (1 / steepness)


def frontier(level: Array, outside: Array | None = None) -> Array:
    """A*, OOM: smooth maximum over countries (axis 0), and over an `outside` level where part of the world is held."""
    inside = softmax_level(level, FRONTIER_WIDTH)
    if outside is None:
        return inside
    return inside + FRONTIER_WIDTH * softplus((outside - inside) / FRONTIER_WIDTH)


def absorption_rate(parameters: AlgorithmParameters, talent: Array, openness: Array) -> Array:
    """τ_i, 1/year, from effective talent (persons) and openness in [0, 1]."""
    capacity = talent / (talent + parameters.half_talent)
    needs_openness = parameters.absorption * parameters.openness_weight
    return capacity * (parameters.absorption - needs_openness + needs_openness * openness)


def absorbed(rate: Array, level: Array, frontier_level: Array) -> Array:
    """Progress absorbed from the frontier, OOM per year."""
    return rate * (frontier_level - level)


def shared(parameters: AlgorithmParameters, depth: Array, level: Array, partner_level: Array) -> Array:
    """Progress learned from partners, OOM per year; nothing from partners who are behind."""
    return parameters.collaboration_rate * depth * at_least(partner_level - level, 0.0)

"""Equation 7. What a country can build, what it can run itself, and what others rent out to it.

    C_sov = c0 + s · (log10 T − log10 T_ref + A)
    C_open(t) = best so far of C_sov,j − gap_j over countries j that publish their weights
    C_acc = max(C_sov, C_open(t − d) − penalty)
    C_rent(t) = best of C_sov,j(t − d_r) over other countries j that serve it, + s · (log10 a + m · log10 b)
    C_avail = max(C_acc, C_rent)

a is the share of effective compute up to which others' models are served, b the share of the wanted use that a meter
lets through: a model that serves all of the use at the same cost has m · log10 b OOM less of effective compute behind
it. Either share at 0 is a cut: nothing is rented.

In points of the Epoch Capabilities Index (ECI). The slope in effective compute is that of the Rosetta Stone study (Ho
et al. 2025, arXiv:2512.00193). Own, open and rented models are kept apart: a country that builds on another's open
weights has access, not ability, and what is rented can be taken back, as published weights cannot; leader and follower
as in Pilz, Heim and Brown (2023, arXiv:2311.15377).
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from headway.model.smooth import running_max

_NOTHING = -1e9  # ECI of "no such model at all": below any model
_LEAST = 1e-9  # of a share: its logarithm stays finite


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
    rental_delay: d_r, years from a model's release to its being served abroad.
    meter_cost: m, OOM of effective compute given up per OOM of use that is not served.
    """

    intercept: Array
    slope: Array
    open_gap: Array
    adoption_delay: Array
    adoption_penalty: Array
    discrepancy: Array
    discrepancy_years: Array
    rental_delay: Array
    meter_cost: Array


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


def delayed(path: Array, delay: Array, years: float, rows: Array | None = None) -> Array:
    """`path` (quarters, members) as it stood `delay` years (members,) earlier; its first value before it starts.

    Args:
        rows: quarters that are asked, (dates,); all where none are given.
    """
    asked = jnp.arange(path.shape[0]) if rows is None else rows
    steps = asked.astype(path.dtype)[:, None] - delay / years
    steps = jnp.maximum(steps, 0)
    below = jnp.floor(steps).astype(jnp.int32)
    above = jnp.minimum(below + 1, path.shape[0] - 1)
    weight = steps - below
    return jnp.take_along_axis(path, below, axis=0) * (1 - weight) + jnp.take_along_axis(path, above, axis=0) * weight


def accessible(parameters: CapabilityParameters, capability: Array, open_level: Array, years: float) -> Array:
    """C_acc, ECI, (quarters, countries, members), from sovereign capability and the path of `open_frontier`."""
    usable = delayed(open_level, parameters.adoption_delay, years) - parameters.adoption_penalty
    return jnp.maximum(capability, usable[:, None, :])


def best_served(capability: Array, served: Array) -> Array:
    """Best model of those who serve each customer, ECI, (quarters, customers, members).

    Args:
        capability: sovereign, best so far, (quarters, providers, members).
        served: 1 where the provider serves the customer's users, else 0, (customers, providers).
    """

    def of_one(row: Array) -> Array:
        return jnp.max(jnp.where(row[:, None] > 0.5, capability, _NOTHING), axis=1)

    return jax.vmap(of_one, out_axes=1)(served)


def late_offer(parameters: CapabilityParameters, offer: Rental, years: float, rows: Array | None = None) -> Rental:
    """Each part of an offer as `late` has it."""
    return Rental(*(late(parameters, part, years, rows) for part in offer))


def late(parameters: CapabilityParameters, best: Array, years: float, rows: Array | None = None) -> Array:
    """Value of `best_served` as it stood when it was released, d_r earlier, (dates, customers, members).

    Args:
        rows: quarters that are asked, (dates,); all where none are given.
    """
    found: Array = jax.vmap(lambda path: delayed(path, parameters.rental_delay, years, rows), 1, 1)(best)
    return found


class Rental(NamedTuple):
    """Best model offered to each customer before any cut or meter, ECI: by all who serve it, by all but the one
    provider that may be cut alone, and by that provider. Arrays of equal shape.
    """

    whole: Array
    others: Array
    one: Array


def offered(capability: Array, served: Array, provider: Array | None) -> Rental:
    """Best models of those who serve each customer, ECI, each (quarters, customers, members).

    Args:
        capability, served: as in `best_served`. provider: 1 for the one provider, (customers, providers); None is none.
    """
    by_one = jnp.zeros_like(served) if provider is None else provider
    others, one = (best_served(capability, row) for row in (served * (1 - by_one), served * by_one))
    return Rental(jnp.maximum(others, one), others, one)


def rented_with(parameters: CapabilityParameters, offer: Rental, share: Array, use: Array | float, one: Array) -> Array:
    """C_rent, ECI, where one provider's models may be served up to another share than those of the others.

    Args:
        offer: as `late_offer` gives it. share, use: as in `rented`. one: p, in [0, 1], of a shape that broadcasts.
    """
    whole = rented(parameters, offer.whole, share, use)
    apart = jnp.maximum(rented(parameters, offer.others, share, use), rented(parameters, offer.one, share * one, use))
    return jnp.where(one < 1, apart, whole)


def rented(parameters: CapabilityParameters, best: Array, share: Array, use: Array | float = 1.0) -> Array:
    """C_rent, ECI, of the shape of `best`; far below any model where access is cut.

    Args:
        best: what `late` gives, ECI, (…, members). share: a. use: b; both in [0, 1], of shapes that broadcast.
    """
    kept = jnp.log10(jnp.maximum(share, _LEAST)) + parameters.meter_cost * jnp.log10(jnp.maximum(use, _LEAST))
    return jnp.where((share > 0) & (use > 0), best + parameters.slope * kept, _NOTHING)


def least_use(parameters: CapabilityParameters, level: Array, without: Array) -> Array:
    """Share of the wanted use from which rented models are worth more than those without, in [0, 1]; 1 is never.

    Args:
        level: what `rented` gives without a meter. without: C_acc, ECI, of the same shape.
    """
    ahead = jnp.maximum(level - without, 0)
    return 10 ** (-ahead / (parameters.slope * parameters.meter_cost))

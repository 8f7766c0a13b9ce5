"""Equation 5. Research talent: trained, retired, gone and arrived. People who leave arrive somewhere.

    dL/dt = graduates − ρ · L − h · L + arrivals,     h_i = m0 · push_i(t) + shock_i(t)
    P(i → j) ∝ b_ij · w_j^η,  j ≠ i                   gravity: pay w, bilateral closeness b
    dQ/dt = shock_i · L − φ · Q                       people abroad who still work for their country
    L_eff = L + ω · Q

Gravity follows Beine, Bertoli and Fernández-Huertas Moraga (2016, World Economy, doi:10.1111/twec.12265); b comes from
past scholar flows. Only those who leave in a shock keep working for their country: they held its jobs when they left.
Leavers are counted where they live; their weight at home comes on top.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from headway.model.smooth import mean_remaining


class TalentParameters(NamedTuple):
    """Attributes: shapes are (members,).

    retirement: ρ, 1/year.
    mobility: m0, emigration hazard of a country with push 1, 1/year.
    pay_elasticity: η, elasticity of destination choice to pay.
    distance_weight: ω, research effort at home of one person abroad who still works for it.
    distance_fade: φ, rate at which such ties end, 1/year.
    training_scale: factor on the projected number of graduates.
    """

    retirement: Array
    mobility: Array
    pay_elasticity: Array
    distance_weight: Array
    distance_fade: Array
    training_scale: Array


class Destinations(NamedTuple):
    """The gravity logit in factors, so that no (countries × countries × members) table is ever built.

    Attributes:
        closeness: b, (countries, countries), origin first, zero on the diagonal.
        pull: w^η, (countries, members).
        share: 1 / Σ_j b_ij w_j^η, (countries, members).
    """

    closeness: Array
    pull: Array
    share: Array


class TalentFlows(NamedTuple):
    """People per step: emigrants and arrivals, (countries, …)."""

    emigrants: Array
    arrivals: Array


def destinations(parameters: TalentParameters, log_pay: Array, closeness: Array) -> Destinations:
    """Shares of leavers by destination. `log_pay`: (countries, 1), natural log of pay; `closeness`: see the class."""
    pull = jnp.exp(parameters.pay_elasticity * (log_pay - jnp.max(log_pay)))
    open_to = closeness @ pull
    return Destinations(closeness, pull, jnp.where(open_to > 0, 1 / jnp.where(open_to > 0, open_to, 1), 0))


def arrivals(where: Destinations, emigrants: Array) -> Array:
    """People arriving in each country, given how many leave each; the totals are equal."""
    return where.pull * (where.closeness.T @ (emigrants * where.share))


def effective(talent: Array, distance: Array, parameters: TalentParameters) -> Array:
    """L_eff: people at home and the weight of those who work for home from abroad."""
    return talent + parameters.distance_weight * distance


def advance(
    talent: Array,
    distance: Array,
    parameters: TalentParameters,
    where: Destinations,
    *,
    graduates: Array,
    push: Array,
    shock: Array,
    years: float,
    from_outside: Array | float = 0.0,
) -> tuple[Array, Array, TalentFlows]:
    """L and Q after `years`, and the people who moved.

    Retirement and emigration compete for the same people, so that nobody leaves twice and no stock turns negative.
    A country that has nowhere to send people (no destination in the table) keeps them.

    Args:
        graduates: researchers trained, persons per year, before `training_scale`, (countries, …).
        push: emigration hazard relative to m0; shock: extra hazard, 1/year.
        from_outside: people per step from countries that are not simulated, (countries, …).
    """
    hazard = jnp.where(where.share > 0, parameters.mobility * push + shock, 0)
    leaving = hazard + parameters.retirement
    exposure = talent * years * mean_remaining(leaving * years)  # person-years at risk
    emigrants = exposure * hazard
    moved = arrivals(where, emigrants) + from_outside
    home = talent - exposure * leaving + graduates * parameters.training_scale * years + moved
    shocked = exposure * jnp.where(where.share > 0, shock, 0)
    still_tied = distance * jnp.exp(-parameters.distance_fade * years) + shocked
    return home, still_tied, TalentFlows(emigrants, moved)

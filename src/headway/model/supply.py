"""Equation 2. What spending buys, and what export controls leave of it.

    D = u · x · GDP · P(t)                        demand, H100e per year
    F = (1 − S) · D + softmin(S · D / π,  G)      what arrives, H100e per year

A share S of demand falls under controls. It is served only through other channels of total capacity G (grey imports,
partners, domestic chips), each dollar of it buying 1/π of what it would buy on the open market (π ≥ 1). With S = 0 the
second term is exactly 0, whatever G. Price-performance P follows Hobbhahn and Besiroglu (2022, Epoch AI, "Trends in GPU
price-performance"); the premium is bracketed by CNAS (2025) and by customs values.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from headway.model.smooth import softmin


class SupplyParameters(NamedTuple):
    """Attributes: shapes are (countries, members) or (members,).

    chip_share: u, share of AI capital spending that goes into accelerators.
    chip_price: 1 / P, US dollars per H100e at the date that the price is stated for.
    price_performance: g_P, growth of H100e per dollar, 1/year.
    premium: π, price through the other channels over the open-market price, ≥ 1.
    channel_scale: factor on the capacity G of the country's other channels, (countries, members).
    growth_deviation: GDP growth above the projection, 1/year, (countries, members).
    """

    chip_share: Array
    chip_price: Array
    price_performance: Array
    premium: Array
    channel_scale: Array
    growth_deviation: Array


def demand(
    parameters: SupplyParameters, log_spending: Array, log_gdp: Array, price_age: Array, projected: Array
) -> Array:
    """D in H100e per year.

    Args:
        log_spending: natural log of x, (countries, …).
        log_gdp: natural log of GDP in constant US dollars, (countries, …).
        price_age: years since the date of the price.
        projected: years since GDP is projected rather than observed, ≥ 0.
    """
    log_demand = (
        jnp.log(parameters.chip_share / parameters.chip_price)
        + parameters.price_performance * price_age
        + parameters.growth_deviation * projected
        + log_gdp
        + log_spending
    )
    return jnp.exp(log_demand)


def deliveries(parameters: SupplyParameters, wanted: Array, controlled: Array, capacity: Array) -> Array:
    """F in H100e per year: the free part of demand and what the other channels let through.

    Args:
        wanted: D, H100e per year, (countries, …).
        controlled: S, share of demand under export controls, in [0, 1].
        capacity: G before `channel_scale`, H100e per year.
    """
    around = softmin(controlled * wanted / parameters.premium, capacity * parameters.channel_scale)
    return (1 - controlled) * wanted + around


def quantity_binds(parameters: SupplyParameters, wanted: Array, controlled: Array, capacity: Array) -> Array:
    """Binding side of the second term: +1 quantity (channels are full), −1 money, 0 where nothing is controlled."""
    affordable = controlled * wanted / parameters.premium
    return jnp.where(controlled > 0, jnp.sign(affordable - capacity * parameters.channel_scale), 0)

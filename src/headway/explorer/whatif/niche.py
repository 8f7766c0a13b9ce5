"""Effort on a niche: what its asset is worth in points of capability, and how far the country still is from the best.

Nothing feeds back from a niche on the lag, and no outcome series informs its yield: read the break-even value.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from headway.ensemble.compiled import compiled
from headway.model.niches import NicheParameters, domain_assets
from headway.model.simulate import QUARTER


def drawn_niches(values: Mapping[str, Array]) -> NicheParameters:
    """Parameters of the niche equation, as a block of members drew them."""
    return NicheParameters(*(values[f"niche_{name}"] for name in ("weight", "yield", "decay", "returns")))


@compiled()
def with_asset(niche: NicheParameters, field: Array, effort: Array, short: Array, rows: Array) -> tuple[Array, Array]:
    """Points short of the best of all others in the niche, and the yield at which none are missing.

    Args:
        field: position of the niche. effort: (quarters, countries, 1), units. rows: dates asked, (dates,).
        short: the best of all others less accessible capability, ECI, (dates, countries, members).

    Returns:
        Shortfall in ECI, negative where the asset more than makes up for the lag, and the break-even yield v* in points
        a year, infinite where no effort has been made; both (dates, countries, members).
    """
    asset = domain_assets(niche, effort, QUARTER)[rows] / jnp.take(niche.weight, field, axis=0)
    least = jnp.where(asset > 0, niche.yield_ * jnp.maximum(short, 0) / jnp.where(asset > 0, asset, 1), jnp.inf)
    return short - asset, least

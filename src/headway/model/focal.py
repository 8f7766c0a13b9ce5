"""A few countries against a held world: what one country can change without the rest moving.

A full run of the world is held once; the countries asked are then simulated alone, thirty times cheaper. With nothing
changed, they move exactly as in the full run.
"""

from __future__ import annotations

from collections.abc import Mapping

import jax
import jax.numpy as jnp
from jax import Array

from headway.model import talent
from headway.model.algorithms import frontier
from headway.model.simulate import QUARTER, Inputs
from headway.model.state import Outside

HELD_SERIES = ("level", "emigrants")  # what a full run must have recorded
_NOBODY = -1e6  # OOM: an empty outside world never leads


def hold(inputs: Inputs, series: Mapping[str, Array], countries: Array, years: float = QUARTER) -> Inputs:
    """Inputs of the chosen countries alone, the rest of the world held as it went in a full run.

    Args:
        inputs: of the full run. series: what the full run recorded, with at least `HELD_SERIES`.
        countries: positions of the countries to simulate, integers (countries,): other ones are no other program.
    """
    chosen = jnp.asarray(countries)
    level = series["level"]
    held = all_but(chosen, level.shape[1])
    where = talent.destinations(inputs.parameters.talent, inputs.geography.log_pay, inputs.geography.closeness)

    # Flows are recorded on the date they have led to; the row of a step is the date it leaves from.
    leaving = jnp.concatenate([series["emigrants"][1:], jnp.zeros_like(series["emigrants"][:1])])[:, held]
    routes = where.closeness[held][:, chosen]
    arriving = where.pull[chosen] * jnp.einsum("ij,tin->tjn", routes, leaving * where.share[held])
    outside_level = jax.vmap(frontier)(level[:, held]) if held.size else jnp.full_like(level[:, 0], _NOBODY)
    weights = inputs.geography.partners
    partners = None if weights is None else jnp.einsum("ij,tjn->tin", weights[chosen][:, held], level[:, held])
    outside = Outside(chosen, outside_level, arriving / years, partners)

    def pick(leaf: Array) -> Array:
        """Rows of the chosen countries, where the leaf tells countries apart."""
        return leaf[..., chosen, :] if leaf.ndim > 1 and leaf.shape[-2] == level.shape[1] else leaf

    initial, parameters, paths, shocks = jax.tree.map(
        pick, (inputs.initial, inputs.parameters, inputs.paths, inputs.shocks)
    )
    return Inputs(initial, parameters, paths, inputs.geography, shocks, outside)


def all_but(chosen: Array, count: int) -> Array:
    """Positions of all `count` countries that are not among the chosen ones, in order."""
    out = jnp.isin(jnp.arange(count), chosen)
    return jnp.argsort(out, stable=True)[: count - len(chosen)]

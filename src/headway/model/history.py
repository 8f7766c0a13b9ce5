"""Abduction: the shocks with which the equations retrace a known history.

Given where every country stood at each date, what the equations leave unexplained between two dates is kept as shocks.
Run again with these shocks, the model passes through the history exactly; run with other controls, flows or levers and
the same shocks, it answers what would have happened instead (Pearl 2009, "Causality", section 7.1: abduction, action,
prediction).
"""

from __future__ import annotations

from typing import cast

import jax
import jax.numpy as jnp
from jax import Array

from headway.model import talent
from headway.model.simulate import QUARTER, Inputs
from headway.model.state import Paths, Shocks, State
from headway.model.step import step

_LEAST_COMPUTE = 1e-3  # H100e, so that the logarithm of a country without accelerators exists


def abduct(inputs: Inputs, log_spending: Array, compute: Array, level: Array, years: float = QUARTER) -> Shocks:
    """Shocks that lead the model from `inputs.initial` through the given x, K and A.

    Args:
        log_spending, compute, level: natural log of x, K in H100e and A in OOM at the known dates, each
            (known quarters, countries, members), the first equal to the initial state. Talent moves by its equation.

    Returns:
        Shocks over all dates of `inputs.paths`, zero from the last known date on.
    """
    p, geography = inputs.parameters, inputs.geography
    where = talent.destinations(p.talent, geography.log_pay, geography.closeness)
    known = compute.shape[0] - 1
    past = jax.tree.map(lambda leaf: leaf[:known], inputs.paths)

    def follow(state: State, row: tuple[Paths, Array, Array, Array]) -> tuple[State, Shocks]:
        paths, next_spending, next_compute, next_level = row
        expected, _ = step(state, p, paths, where, partners=geography.partners, years=years)
        spending = next_spending - expected.log_spending
        ratio = jnp.maximum(next_compute, _LEAST_COMPUTE) / jnp.maximum(expected.compute, _LEAST_COMPUTE)
        shocks = Shocks(spending / years, jnp.log(ratio) / years, (next_level - expected.level) / years)
        return expected._replace(log_spending=next_spending, compute=next_compute, level=next_level), shocks

    _, shocks = jax.lax.scan(follow, inputs.initial, (past, log_spending[1:], compute[1:], level[1:]))
    dates = inputs.paths.year.shape[0]
    return cast(Shocks, jax.tree.map(lambda leaf: jnp.pad(leaf, ((0, dates - known), (0, 0), (0, 0))), shocks))

"""From recorded series to what is asked: sovereign and accessible capability, the frontier, the lag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

import jax
import jax.numpy as jnp
from jax import Array

from headway.model import capability
from headway.model.lag import best_of_others, lag
from headway.model.simulate import QUARTER
from headway.model.state import Parameters, Paths


class Outlook(NamedTuple):
    """Each (quarters, chosen countries, members).

    sovereign: best own model so far, ECI, anchored on the last score. accessible: best model in reach, ECI.
    frontier: best of all other countries so far, ECI. gap: frontier less sovereign, ECI; gap_oom: in OOM of effective
    compute. lag: months behind that frontier, negative ahead of it; lag_censored: the real lag is longer.
    accessible_lag, accessible_lag_censored: the same for accessible capability.
    rank: 1 for the highest sovereign capability of all countries.
    """

    sovereign: Array
    accessible: Array
    frontier: Array
    gap: Array
    gap_oom: Array
    lag: Array
    lag_censored: Array
    accessible_lag: Array
    accessible_lag_censored: Array
    rank: Array


def sovereign(series: Mapping[str, Array], parameters: Parameters, paths: Paths, anchor_year: Array) -> Array:
    """Best so far of the anchored capability, ECI, (quarters, countries, members)."""
    anchored = capability.anchored(parameters.capability, series["capability"], paths.year - anchor_year)
    return capability.best_so_far(anchored)


def outlook(
    series: Mapping[str, Array],
    parameters: Parameters,
    paths: Paths,
    anchor_year: Array,
    countries: Sequence[int] | Array,
    first_scored: int,
    years: float = QUARTER,
) -> Outlook:
    """The outlook of the chosen countries (positions) from a run of the world that recorded `capability`.

    Args:
        anchor_year: decimal year from which the discrepancy fades.
        first_scored: position of the first date with scores; a lag that reaches behind it is censored.
    """
    own = sovereign(series, parameters, paths, anchor_year)
    open_level = capability.open_frontier(own, parameters.capability.open_gap, paths.published)
    reach = capability.accessible(parameters.capability, own, open_level, years)

    def early(values: Array) -> Array:
        """Dates before the first scores have no lag: 0 months, censored."""
        return jnp.pad(values, ((first_scored, 0), (0, 0)), constant_values=values.dtype == bool)

    def one(country: Array) -> Outlook:
        frontier = best_of_others(own, country)
        scored = best_of_others(own[first_scored:], country)
        behind = lag(own[first_scored:, country], scored, years)
        in_reach = lag(reach[first_scored:, country], scored, years)
        gap = frontier - own[:, country]
        return Outlook(
            sovereign=own[:, country],
            accessible=reach[:, country],
            frontier=frontier,
            gap=gap,
            gap_oom=gap / parameters.capability.slope,
            lag=early(behind.months),
            lag_censored=early(behind.censored),
            accessible_lag=early(in_reach.months),
            accessible_lag_censored=early(in_reach.censored),
            rank=1 + jnp.sum(own > own[:, country][:, None], axis=1).astype(own.dtype),
        )

    found = jax.lax.map(one, jnp.asarray(countries))
    return cast(Outlook, jax.tree.map(lambda leaf: jnp.moveaxis(leaf, 0, 1), found))

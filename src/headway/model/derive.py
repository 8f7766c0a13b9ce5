"""From recorded series to what is asked: own, accessible and available capability, the frontier, the lag."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from headway.model import capability
from headway.model.lag import Lag, lag
from headway.model.simulate import QUARTER
from headway.model.state import Parameters, Paths


class ModelOutlook(NamedTuple):
    """Each (quarters, chosen countries, members).

    sovereign: best own model so far, ECI. accessible: best model that the country can run itself, its own or built on
    open weights, ECI. available: best model that it can use, rented ones included, ECI.
    frontier: best of all other countries so far, ECI. gap: frontier less sovereign, ECI; gap_oom: in OOM of effective
    compute. lag: months behind that frontier, negative ahead of it; lag_censored: the real lag is longer.
    accessible_lag, accessible_lag_censored: the same for accessible capability; available_lag,
    available_lag_censored: for available capability.
    least_use: share of the wanted use from which rented models are worth more than accessible ones; 1 is never.
    rank: 1 for the highest sovereign capability of all countries.
    """

    sovereign: Array
    accessible: Array
    available: Array
    frontier: Array
    gap: Array
    gap_oom: Array
    lag: Array
    lag_censored: Array
    accessible_lag: Array
    accessible_lag_censored: Array
    available_lag: Array
    available_lag_censored: Array
    least_use: Array
    rank: Array


def outlook(
    series: Mapping[str, Array],
    parameters: Parameters,
    paths: Paths,
    *,
    countries: Sequence[int] | Array,
    first_scored: int,
    served: Array | None = None,
    provider: Array | None = None,
    years: float = QUARTER,
) -> ModelOutlook:
    """The outlook of the chosen countries (positions) from a run of the world that recorded `sovereign`.

    Args:
        first_scored: position of the first date with scores; a lag that reaches behind it is censored.
        served, provider: as in `Geography`.
    """
    own = series["sovereign"]
    chosen = jnp.asarray(countries)
    open_level = capability.open_frontier(own, parameters.capability.open_gap, paths.published)
    mine = own[:, chosen]
    reach = capability.accessible(parameters.capability, mine, open_level, years)
    if served is None:
        served = 1 - jnp.eye(own.shape[1], dtype=own.dtype)
    p = parameters.capability
    one = None if provider is None else provider[chosen]
    offer = capability.late_offer(p, capability.offered(own, served[chosen], one), years)
    share, from_one = paths.rented[:, chosen], paths.one_provider[:, chosen]
    unmetered = capability.rented_with(p, offer, share, 1.0, from_one)
    metered = capability.rented_with(p, offer, share, paths.rented_use[:, chosen], from_one)
    available = jnp.maximum(reach, metered)
    leader = jnp.argmax(own, axis=1)[:, None]
    everybody = jnp.arange(own.shape[1])[:, None]
    second = jnp.max(jnp.where(everybody == leader, -jnp.inf, own), axis=1, keepdims=True)
    frontier = jnp.where(chosen[:, None] == leader, second, jnp.max(own, axis=1, keepdims=True))

    def behind(path: Array) -> Lag:
        """Lag of each chosen country; dates before the first scores have none: 0 months, censored."""
        found = lag(path[first_scored:], frontier[first_scored:], years)
        before = ((first_scored, 0), (0, 0), (0, 0))
        return Lag(jnp.pad(found.months, before), jnp.pad(found.censored, before, constant_values=True))

    sovereign_lag, accessible_lag, available_lag = behind(mine), behind(reach), behind(available)
    gap = frontier - mine
    return ModelOutlook(
        sovereign=mine,
        accessible=reach,
        available=available,
        frontier=frontier,
        gap=gap,
        gap_oom=gap / parameters.capability.slope,
        lag=sovereign_lag.months,
        lag_censored=sovereign_lag.censored,
        accessible_lag=accessible_lag.months,
        accessible_lag_censored=accessible_lag.censored,
        available_lag=available_lag.months,
        available_lag_censored=available_lag.censored,
        least_use=capability.least_use(p, unmetered, reach),
        rank=1 + jax.vmap(lambda path: jnp.sum(own > path[:, None], axis=1), 1, 1)(mine).astype(own.dtype),
    )

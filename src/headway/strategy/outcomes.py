"""Outcomes that a strategy is judged by, at the end of a run; pure, run inside `jax.jit`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

import jax.numpy as jnp
from jax import Array

from headway.model import Paths
from headway.model.capability import CapabilityParameters, Rental, rented_with
from headway.model.lag import lag
from headway.model.niches import NicheParameters, domain_assets
from headway.model.simulate import QUARTER


@dataclass(frozen=True, slots=True)
class StrategyOutcome:
    """One thing that is reported of every run. `better` says which way is good."""

    title: str
    unit: str
    better: Literal["less", "more"]
    meaning: str


OUTCOMES: Mapping[str, StrategyOutcome] = {
    "sovereign_lag": StrategyOutcome(
        "Sovereign lag", "months", "less", "behind the frontier with models of the country's own"
    ),
    "accessible_lag": StrategyOutcome(
        "Accessible lag", "months", "less", "behind the frontier with the best model that the country can run itself"
    ),
    "available_lag": StrategyOutcome(
        "Available lag", "months", "less", "behind the frontier with the best model in use, rented ones included"
    ),
    "niches": StrategyOutcome(
        "Niches above break-even", "1", "more", "share of niches whose asset makes up for the lag"
    ),
    "gap": StrategyOutcome("Gap", "ECI points", "less", "capability of the frontier less the country's own"),
    "lead": StrategyOutcome(
        "Best lead", "ECI points", "more", "most that the country stood above all others, from now on"
    ),
}
"""What is kept of every run; cost is a property of the strategy, the same in every future."""

OBJECTIVES = ("sovereign_lag", "accessible_lag", "niches")
"""What strategies are compared by, beside their cost."""


REPORTED = ("available_lag",)
"""Outcomes that are told beside the objectives and judged by nobody."""


class Surrounding(NamedTuple):
    """Inputs of the outcome besides the country's own run.

    Attributes:
        own: its best so far from the first scored date up to the last date before the run, ECI, (earlier, members).
        others: best of all others so far, from the first scored date to the end, ECI, (earlier + quarters, members).
        usable: best open weights in use at the end, ECI, (members,).
        offered: best models that others serve to the country at the end, each ECI, (members,).
    """

    own: Array
    others: Array
    usable: Array
    offered: Rental


def outcomes(sovereign: Array, rental: Array, around: Surrounding, niche: NicheParameters, effort: Array) -> Array:
    """All `OUTCOMES` of one run, (outcomes, members).

    Args:
        sovereign: best own model so far, ECI, (quarters, members). rental: what `rented_at_end` gives.
        effort: (quarters, niches, members).
    """
    own = best_own(sovereign, around)
    ahead = around.own.shape[0]
    reach = jnp.maximum(own[-1], around.usable)
    assets = domain_assets(niche, effort, QUARTER)[-1]
    shortfall = niche.weight * jnp.maximum(around.others[-1] - reach, 0)
    found = {
        "sovereign_lag": months_behind(own, own[-1], around.others),
        "accessible_lag": months_behind(own, reach, around.others),
        "available_lag": months_behind(own, jnp.maximum(reach, rental), around.others),
        "niches": jnp.mean((assets >= shortfall).astype(own.dtype), axis=0),
        "gap": around.others[-1] - own[-1],
        "lead": jnp.max((own - around.others)[ahead:], axis=0),
    }
    return jnp.stack([found[name] for name in OUTCOMES])


def rented_at_end(parameters: CapabilityParameters, around: Surrounding, paths: Paths) -> Array:
    """Best rented model at the end of a run along the paths of the country, ECI, (members,)."""
    share, use, one = (path[-1, 0] for path in (paths.rented, paths.rented_use, paths.one_provider))
    return rented_with(parameters, around.offered, share, use, one)


def best_own(sovereign: Array, around: Surrounding) -> Array:
    """Best own model so far from the first scored date to the end, ECI: what was built before the run stays built."""
    return jnp.concatenate([around.own, jnp.maximum(sovereign, around.own[-1])])


def months_behind(own: Array, level: Array, others: Array) -> Array:
    """Months at the last date since the best of the others stood at `level` (members,); negative ahead of it.

    `own` and `others` are best so far, ECI, (quarters, members). Only the last date is asked, so the two sides of
    `headway.model.lag.lag` are each read at one date.
    """
    behind = lag(level[None], others, QUARTER).months[0]
    ahead = lag(others[-1:], own, QUARTER).months[0]
    return jnp.where(level > others[-1], -ahead, behind)

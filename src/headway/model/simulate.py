"""Many steps: from an initial state along the given paths, recording what is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from headway.model import talent
from headway.model.outputs import SERIES, Moment, anchored
from headway.model.smooth import at_least
from headway.model.state import Geography, Outside, Parameters, Paths, Shocks, State
from headway.model.status import judge
from headway.model.step import ALONE, NO_SHOCKS, Surroundings, step
from headway.model.talent import TalentFlows

QUARTER = 0.25  # years


class Inputs(NamedTuple):
    """Everything a run depends on. `outside` is None in a full run of the world."""

    initial: State
    parameters: Parameters
    paths: Paths
    geography: Geography
    shocks: Shocks = NO_SHOCKS
    outside: Outside | None = None


class Run(NamedTuple):
    """Attributes:
    series: recorded series by name (`headway.model.outputs.SERIES`), each (quarters, countries, members).
    status: code of `Status` per member, (members,).
    """

    series: dict[str, Array]
    status: Array


def simulate(inputs: Inputs, record: Sequence[str] = ("compute", "level", "capability"), years: float = QUARTER) -> Run:
    """Run all mechanisms over all dates of `inputs.paths`; pure, differentiable, of the dtype of the inputs.

    `record` must be static under `jax.jit`. The first record is the initial state, so d dates
    are d − 1 steps apart. Every leaf of `inputs.initial` must have the full (countries, members) shape.

    Raises:
        KeyError: a name in `record` is not in `SERIES`.
    """
    wanted = {name: SERIES[name].read for name in record}
    p, geography, outside = inputs.parameters, inputs.geography, inputs.outside
    where = talent.destinations(p.talent, geography.log_pay, geography.closeness)
    partners = geography.partners
    around = ALONE
    if outside is not None:
        chosen = outside.simulated
        where = talent.Destinations(where.closeness[chosen][:, chosen], where.pull[chosen], where.share[chosen])
        partners = None if partners is None else partners[chosen][:, chosen]
        around = Surroundings(outside.level, outside.arrivals, outside.partner_level)

    def advance(carry: _Carry, row: tuple[Paths, Shocks, Surroundings]) -> tuple[_Carry, dict[str, Array]]:
        paths, shocks, surroundings = row
        best = at_least(anchored(carry.state, p, paths), carry.best)
        moment = Moment(carry.state, best, carry.flows, paths, p)
        seen = {name: jnp.broadcast_to(read(moment), best.shape) for name, read in wanted.items()}
        state, flows = step(
            carry.state, p, paths, where, partners=partners, shocks=shocks, around=surroundings, years=years
        )
        return _Carry(state, flows, best), seen

    nobody = jnp.zeros_like(inputs.initial.talent)
    start = _Carry(inputs.initial, TalentFlows(nobody, nobody), jnp.full_like(nobody, -jnp.inf))
    # The step after the last date is taken too: cheaper than copying every series to prepend the first date. Members
    # are judged by where it leads, so that one about to break on the last date is known as well.
    # A gradient keeps only the states between steps and computes the rest again: memory costs more than arithmetic.
    kept = jax.checkpoint(advance, prevent_cse=False, policy=jax.checkpoint_policies.dots_saveable)
    last, series = jax.lax.scan(kept, start, (inputs.paths, inputs.shocks, around))
    return Run(series, judge(last.state))


class _Carry(NamedTuple):
    """State between two steps: state, people who moved, and the best capability so far. A model stays built."""

    state: State
    flows: TalentFlows
    best: Array

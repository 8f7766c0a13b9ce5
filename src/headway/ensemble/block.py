"""What every question begins with, compiled once for all of them: drawing a block of members, leading it through its
history, running the world on. Scenarios change numbers in it, not the program.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from headway.ensemble.assemble import assemble
from headway.ensemble.compiled import BRIEFLY, compiled
from headway.ensemble.given import WorldArrays, WorldIndex
from headway.ensemble.members import Fitted, Members, Streams, draw, holding, streams
from headway.model import Inputs, Run, simulate
from headway.model.focal import HELD_SERIES
from headway.scenarios.registry import Registry

BLOCK = 256  # members: the state of a block stays in the cache of a core
WORLD_SERIES = tuple(dict.fromkeys((
    "spending_share", "compute", "training_run", "talent", "effective_talent", "level", "sovereign", *HELD_SERIES
)))  # fmt: skip


@dataclass(frozen=True)
class BlockPlan:
    """What the compiled function is compiled for; equal plans share it.

    `registry` takes part by its hash: words of it do not matter.
    """

    registry: Registry = field(compare=False, repr=False)
    countries: tuple[str, ...]
    marks: WorldIndex
    held: tuple[tuple[str, float], ...]
    registry_hash: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "registry_hash", self.registry.hash)

    @cached_property
    def streams(self) -> Streams:
        """What its countries' names are to the draws."""
        return streams(self.registry, self.countries)


def draw_members(plan: BlockPlan, fit: Fitted | None, start: int, seed: int) -> Members:
    """The uncertain numbers of the block that begins with member `start`, those that the scenario holds in place."""
    everyone = replace(plan, countries=(), held=())
    members = _draw(everyone, plan.streams, fit, *jax.device_put((np.uint32(start), np.uint32(seed))))
    return holding(members, dict(plan.held))


def calibrate_to_history(plan: BlockPlan, given_: WorldArrays, members: Members) -> Inputs:
    """The model's inputs for these members. In the history nobody collaborates, so partners come in after it."""
    inputs = _assemble(given_._replace(partners=None), plan.marks, members)
    return inputs._replace(geography=inputs.geography._replace(partners=given_.partners))


@compiled("recorded")
def run_world(inputs: Inputs, recorded: tuple[str, ...]) -> Run:
    """A run of the whole world; questions that are content with `WORLD_SERIES` share one compiled function."""
    return simulate(inputs, recorded)


@compiled("plan", options=BRIEFLY)
def _draw(plan: BlockPlan, names: Streams, fit: Fitted | None, start: Array, seed: Array) -> Members:
    numbers = start + jnp.arange(BLOCK, dtype=jnp.uint32)
    return draw(plan.registry, names, numbers, seed, plan.marks.years, fit)


@compiled("marks")
def _assemble(given_: WorldArrays, marks: WorldIndex, members: Members) -> Inputs:
    return assemble(given_, marks, members)

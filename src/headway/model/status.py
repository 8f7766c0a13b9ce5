"""How a member ended. A failed member is data: it keeps its place and says why."""

from __future__ import annotations

from enum import IntEnum

import jax.numpy as jnp
from jax import Array

from headway.model.state import State

MOST_COMPUTE = 1e14  # H100e; every gram of silicon mined in a year would not make so many
HIGHEST_LEVEL = 40.0  # OOM above the reference


class Status(IntEnum):
    """Codes, worst last; where several apply the highest is kept."""

    OK = 0
    EXPLODED_COMPUTE = 1
    EXPLODED_LEVEL = 2
    NEGATIVE = 3
    NOT_FINITE = 4

    @property
    def reason(self) -> str:
        """Explanation of a failed member, and the inputs to look at."""
        return {
            Status.OK: "ran to the end",
            Status.EXPLODED_COMPUTE: f"a compute stock passed {MOST_COMPUTE:g} H100e: look at spending and its ceiling",
            Status.EXPLODED_LEVEL: f"an algorithmic level passed {HIGHEST_LEVEL:g} OOM above the reference: own "
            "progress feeds on itself, look at returns (λ) against fishing out (β)",
            Status.NEGATIVE: "a stock of compute or people turned negative: look at the initial state",
            Status.NOT_FINITE: "a state is not a number: look at the parameters of this member",
        }[self]


def judge(final: State) -> Array:
    """Status of each member, (members,) int32, from its last state; explosions and NaN do not heal on the way."""
    finite = jnp.all(jnp.stack([jnp.all(jnp.isfinite(leaf), axis=0) for leaf in final]), axis=0)
    negative = jnp.any((final.compute < 0) | (final.talent < 0) | (final.distance < 0), axis=0)
    checks = (
        (Status.EXPLODED_COMPUTE, jnp.any(final.compute > MOST_COMPUTE, axis=0)),
        (Status.EXPLODED_LEVEL, jnp.any(final.level > HIGHEST_LEVEL, axis=0)),
        (Status.NEGATIVE, negative),
        (Status.NOT_FINITE, ~finite),
    )
    code = jnp.zeros(finite.shape, jnp.int32)
    for status, found in checks:
        code = jnp.where(found, jnp.int32(status), code)
    return code

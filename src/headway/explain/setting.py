"""The two countries as they went, draw by draw: a run of the whole world, then the pair against what is held of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from headway.assumptions.distributions import Floats
from headway.assumptions.quarters import name, number
from headway.ensemble.cache import remember_compiled
from headway.ensemble.engine import BLOCK, Ensemble, Plan, inputs_of
from headway.ensemble.given import Given, given, marks
from headway.ensemble.members import Fitted, draw, fitted
from headway.errors import InputError
from headway.explain.gaps import When
from headway.explain.handles import Two
from headway.model import Inputs, simulate
from headway.model.focal import HELD_SERIES, hold

if TYPE_CHECKING:
    from headway.assumptions.world import World

AHEAD = 12  # quarters run beyond the date, so that months can be read for a subject ahead of its rival


@dataclass(frozen=True)
class Setting:
    """One block of draws.

    Attributes:
        dates: quarters to report, as `2025Q4`. when: the same as rows.
        world: inputs of the whole world. positions: of subject and rival in it, (2,).
        two: the pair against the held world. rest: compute of all others, H100e, (quarters, members).
        values: the uncertain numbers behind each draw: registry key → (members,) of what is the same for all countries;
            `key/subject` and `key/rival` of what differs.
    """

    dates: tuple[str, ...]
    when: When
    world: Inputs
    positions: Array
    two: Two
    rest: Array
    values: Mapping[str, Floats]


class Stage:
    """A question about two countries, ready to be asked of one block of draws after another."""

    def __init__(
        self, ensemble: Ensemble, subject: str, rival: str, dates: tuple[str, ...], people: tuple[float, float]
    ) -> None:
        """
        Args:
            dates: quarters, in order. people: inhabitants of subject and rival.

        Raises:
            InputError: a country that is not modelled, the two are one, or a date outside the run.
        """
        world = ensemble.world
        if subject == rival:
            raise InputError(f"{subject} cannot be compared with itself; name another country with --against")
        self.dates, self.people = dates, people
        self._positions = (_position(world, subject), _position(world, rival))
        rows = tuple(_row(world, date) for date in dates)
        self._when = When(world.known - 1, world.frontiers.first, rows)
        self._last = min(max(*rows, world.known - 1) + AHEAD, len(world.grid) - 1)
        held = tuple(sorted(ensemble.held.items()))
        self._plan = Plan(ensemble.registry, world.countries, marks(world), (), held)
        self._given = given(world, ensemble.drivers)
        posterior = ensemble.posterior
        self._fit = None if posterior is None else fitted(posterior, world, ensemble.registry)
        self._seed = jnp.uint32(ensemble.seed)

    def block(self, start: int) -> Setting:
        """The block of `BLOCK` draws that begins with member `start`."""
        remember_compiled()
        world, two, rest, values = _held(
            self._plan, self._given, self._fit, jnp.uint32(start), self._seed, self._positions, self._last
        )
        return Setting(
            self.dates,
            self._when,
            world,
            jnp.asarray(self._positions),
            Two(two, jnp.asarray(self.people, rest.dtype)),
            rest,
            {key: np.asarray(value, np.float64) for key, value in values.items()},
        )


@partial(jax.jit, static_argnames=("plan", "positions", "last"))
def _held(
    plan: Plan, given_: Given, fit: Fitted | None, start: Array, seed: Array, positions: tuple[int, int], last: int
) -> tuple[Inputs, Inputs, Array, dict[str, Array]]:
    """Inputs of the world and of the pair up to row `last`, compute of all others, and what was drawn."""
    inputs = inputs_of(plan, given_, fit, start, seed)
    steps = slice(last + 1)
    inputs = inputs._replace(
        paths=jax.tree.map(lambda leaf: leaf[steps], inputs.paths),
        shocks=jax.tree.map(lambda leaf: leaf[steps], inputs.shocks),
    )
    series = simulate(inputs, (*HELD_SERIES, "compute")).series
    others = np.setdiff1d(np.arange(len(plan.countries)), positions)
    numbers = start + jnp.arange(BLOCK, dtype=jnp.uint32)
    drawn = draw(plan.registry, plan.countries, numbers, seed, plan.marks.years, dict(plan.held), fit).values
    values: dict[str, Array] = {}
    for key, value in drawn.items():
        if value.ndim == 1:
            values[key] = value
        elif plan.registry.parameters[key].scope == "country":
            values[f"{key}/subject"], values[f"{key}/rival"] = value[positions[0]], value[positions[1]]
    return inputs, hold(inputs, series, positions), series["compute"][:, others].sum(axis=1), values


def _position(world: World, code: str) -> int:
    if code not in world.countries[:-1]:
        raise InputError(f"'{code}' is not a modelled country; modelled are {', '.join(world.countries[:-1])}")
    return world.countries.index(code)


def _row(world: World, date: str) -> int:
    row = number(date) - world.grid.first
    if not 0 < row < len(world.grid):
        first, last = name(world.grid.first + 1), name(world.grid.last)
        raise InputError(f"{date} is outside the run; give a quarter between {first} and {last}")
    return row

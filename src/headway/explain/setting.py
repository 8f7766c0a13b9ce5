"""The two countries as they went, draw by draw: a run of the whole world, then the pair against what is held of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jax
import numpy as np
import numpy.typing as npt
from jax import Array

from headway.core.errors import InputError
from headway.core.numbers import Floats
from headway.core.quarters import name, number
from headway.ensemble.block import WORLD_SERIES, BlockPlan, calibrate_to_history, draw_members, run_world
from headway.ensemble.compiled import compiled
from headway.ensemble.engine import Ensemble
from headway.ensemble.given import world_arrays, world_index
from headway.ensemble.members import fitted
from headway.explain.gaps import QuarterIndex
from headway.explain.handles import Two
from headway.model import Inputs
from headway.model.focal import HELD_SERIES, all_but, hold
from headway.model.status import Status
from headway.scenarios.registry import Registry, Scope

if TYPE_CHECKING:
    from headway.scenarios.world import World


@dataclass(frozen=True)
class Setting:
    """One block of draws.

    Attributes:
        dates: quarters to report, as `2025Q4`. when: the same as rows.
        world: inputs of the whole world. positions: of subject and rival in it, (2,).
        two: the pair against the held world. rest: compute of all others, H100e, (quarters, members).
        values: the uncertain numbers behind each draw: registry key → (members,) of what is the same for all countries;
            `key/subject` and `key/rival` of what differs. The error of compute is that of the history that was run.
        good: draws whose run of the world came to its end, (members,).
    """

    dates: tuple[str, ...]
    when: QuarterIndex
    world: Inputs
    positions: Array
    two: Two
    rest: Array
    values: Mapping[str, Floats]
    good: npt.NDArray[np.bool_]


class PairSimulator:
    """A question about two countries, ready to be asked of one block of draws after another.

    Attributes:
        plan, given: what the ensemble is compiled for, and what all members share. positions: of subject and rival.
        when: dates as rows. last: row of the last date that is run.
    """

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
        self.positions = (_position(world, subject), _position(world, rival))
        rows = tuple(_row(world, date) for date in dates)
        self.when = QuarterIndex(world.known - 1, world.frontiers.first, rows)
        self.last = max(*rows, world.known - 1)
        held = tuple(sorted(ensemble.held.items()))
        self.plan = BlockPlan(ensemble.registry, world.countries, world_index(world), held)
        self.given = world_arrays(world, ensemble.drivers)
        posterior = ensemble.posterior
        self._fit = None if posterior is None else fitted(posterior, world, ensemble.registry)
        self._seed = ensemble.seed

    def block(self, start: int) -> Setting:
        """The block of `BLOCK` draws that begins with member `start`."""
        members = draw_members(self.plan, self._fit, start, self._seed)
        inputs = calibrate_to_history(self.plan, self.given, members)
        run = run_world(inputs, WORLD_SERIES)
        world, series = _until(inputs, run.series, self.last)
        two, rest = _held(world, series, jax.device_put(np.asarray(self.positions)))
        anchor = self.when.anchor
        missed = np.log(np.asarray(series["compute"])[anchor]) - np.asarray(self.given.log_compute)[anchor]
        values = _not_of_niches(members.values, self.plan.registry)
        values["compute_error"] = missed / np.asarray(self.given.compute_sd)
        return Setting(
            self.dates,
            self.when,
            world,
            jax.device_put(np.asarray(self.positions)),
            Two(two, jax.device_put(np.asarray(self.people, rest.dtype))),
            rest,
            _of_pair(values, self.positions),
            np.asarray(run.status) == Status.OK,
        )


@compiled("last")
def _until(inputs: Inputs, series: dict[str, Array], last: int) -> tuple[Inputs, dict[str, Array]]:
    """A run of the world up to row `last`: its inputs, and what holding needs of it."""
    steps = slice(last + 1)
    paths, shocks = jax.tree.map(lambda leaf: leaf[steps], (inputs.paths, inputs.shocks))
    kept = {name: series[name][steps] for name in (*HELD_SERIES, "compute")}
    return inputs._replace(paths=paths, shocks=shocks), kept


def _not_of_niches(values: Mapping[str, Array], registry: Registry) -> dict[str, Any]:
    niches = {key for key, parameter in registry.parameters.items() if parameter.scope is Scope.NICHE}
    return {key: value for key, value in values.items() if key not in niches}


@compiled()
def _held(inputs: Inputs, series: dict[str, Array], positions: Array) -> tuple[Inputs, Array]:
    """The pair against the held world, and the compute of all others."""
    others = all_but(positions, series["compute"].shape[1])
    return hold(inputs, series, positions), series["compute"][:, others].sum(axis=1)


def _of_pair(drawn: Mapping[str, Array], positions: tuple[int, int]) -> dict[str, Floats]:
    """What was drawn for the world, and for the two countries as `key/subject` and `key/rival`."""
    found: dict[str, Floats] = {}
    for key, value in drawn.items():
        values = np.asarray(value, np.float64)
        if values.ndim == 1:
            found[key] = values
        else:
            found[f"{key}/subject"], found[f"{key}/rival"] = values[positions[0]], values[positions[1]]
    return found


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

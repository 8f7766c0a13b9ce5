"""Gap between two countries on four scales, draw by draw: a run of the world, then the pair against the rest held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import Array

from headway.core.errors import InputError
from headway.core.numbers import Floats
from headway.core.periods import quarter_name, quarter_number
from headway.ensemble.compiled import compiled
from headway.ensemble.inputs import fitted, world_arrays, world_index
from headway.ensemble.simulation import WORLD_SERIES, BlockPlan, Ensemble, calibrate_to_history, draw_members, run_world
from headway.explain.causes import Two
from headway.model import Inputs
from headway.model.focal import HELD_SERIES, all_but, hold
from headway.model.simulate import QUARTER
from headway.model.status import Status
from headway.scenarios.registry import Registry, Scope

if TYPE_CHECKING:
    from headway.scenarios.world import World

METRICS: Mapping[str, str] = {
    "eci": "ECI points",
    "months": "months",
    "oom": "OOM",
    "compute_share": "% of world compute",
}
"""Scales of a gap with their units; positive where the rival is ahead."""

RECORDED = ("compute", "training_run", "level", "sovereign")
_PACE = 8  # quarters over which a pace is taken where a path is continued back behind its start
_SLOWEST = 0.25  # ECI per quarter: a pace below it would stretch months without end


class QuarterIndex(NamedTuple):
    """Rows of dates: `anchor`, the last with scores; `first_scored`; `dates`, those to report."""

    anchor: int
    first_scored: int
    dates: tuple[int, ...]


class Gaps(NamedTuple):
    """Each (dates, members), in the units of `METRICS`; `beyond` where months reach back behind the first scores."""

    eci: Array
    months: Array
    oom: Array
    compute_share: Array
    beyond: Array


def gaps(series: Mapping[str, Array], rest: Array, when: QuarterIndex) -> Gaps:
    """Gaps between the first two countries of a run.

    Args:
        series: `RECORDED`, each (quarters, 2, members).
        rest: compute of all other countries, H100e, (quarters, members).
    """
    rows = jnp.asarray(when.dates)
    stood = series["sovereign"]
    effective = jax.lax.cummax(series["training_run"] + series["level"], axis=0)
    compute = series["compute"]
    share = 100 * (compute[:, 1] - compute[:, 0]) / (compute[:, 0] + compute[:, 1] + rest)
    months, beyond = _months(stood[:, 0], stood[:, 1], rows, when.first_scored)
    eci = (stood[:, 1] - stood[:, 0])[rows]
    return Gaps(eci, months, (effective[:, 1] - effective[:, 0])[rows], share[rows], beyond)


def _months(subject: Array, rival: Array, rows: Array, first_scored: int) -> tuple[Array, Array]:
    """Months since the one ahead stood where the other one stands, negative where the subject is ahead; as
    `headway.model.lag` has it, but of two countries and without an end: see `_reached`.
    """
    ahead = subject[rows] > rival[rows]
    since_rival, before_rival = _reached(rival, subject[rows], first_scored)
    since_subject, before_subject = _reached(subject, rival[rows], first_scored)
    steps = jnp.where(ahead, since_subject - rows[:, None], rows[:, None] - since_rival)
    return 12 * QUARTER * steps, jnp.where(ahead, before_subject, before_rival)


def _reached(path: Array, level: Array, first_scored: int) -> tuple[Array, Array]:
    """When a non-decreasing `path` (quarters, members) first stood at `level` (dates, members), steps from its start.

    Continued back behind its start at the pace of its first two years. And whether that is before the first scores.
    """
    steps = min(_PACE, len(path) - 1)
    pace = jnp.maximum((path[steps] - path[0]) / steps, _SLOWEST)
    after = jnp.clip(jnp.sum(path[:, None] < level, axis=0), 1, len(path) - 1)
    low, high = jnp.take_along_axis(path, after - 1, axis=0), jnp.take_along_axis(path, after, axis=0)
    rise = high - low
    inside = after - 1 + jnp.clip(jnp.where(rise > 0, (level - low) / jnp.where(rise > 0, rise, 1), 0), 0, 1)
    return jnp.where(level < path[0], (level - path[0]) / pace, inside), level < path[first_scored]


@dataclass(frozen=True)
class Setting:
    """One block of draws.

    Attributes:
        dates: quarters to report, as `2025Q4`. when: the same as rows.
        world: inputs of the whole world. positions: of subject and rival in it, (2,).
        two: the pair against the held world. back: the same with subject and rival exchanged.
        rest: compute of all others, H100e, (quarters, members).
        values: the uncertain numbers behind each draw: registry key → (members,) of what is the same for all countries;
            `key/subject` and `key/rival` of what differs. The error of compute is that of the history that was run.
        good: draws whose run of the world came to its end, (members,).
    """

    dates: tuple[str, ...]
    when: QuarterIndex
    world: Inputs
    positions: Array
    two: Two
    back: Two
    rest: Array
    values: Mapping[str, Floats]
    good: npt.NDArray[np.bool_]

    def turned(self) -> Setting:
        """The same question asked by the rival."""
        return replace(self, positions=self.positions[::-1], two=self.back, back=self.two)


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
        positions, people = np.asarray(self.positions), np.asarray(self.people)
        (two, rest), (back, _) = (_held(world, series, jax.device_put(at)) for at in (positions, positions[::-1]))
        anchor = self.when.anchor
        missed = np.log(np.asarray(series["compute"])[anchor]) - np.asarray(self.given.log_compute)[anchor]
        values = _not_of_niches(members.values, self.plan.registry)
        values["compute_error"] = missed / np.asarray(self.given.compute_sd)
        return Setting(
            self.dates,
            self.when,
            world,
            jax.device_put(positions),
            Two(two, jax.device_put(people.astype(rest.dtype))),
            Two(back, jax.device_put(people[::-1].astype(rest.dtype))),
            rest,
            _of_pair(values, self.positions),
            np.asarray(run.status) == Status.OK,
        )


@compiled("last")
def _until(inputs: Inputs, series: dict[str, Array], last: int) -> tuple[Inputs, dict[str, Array]]:
    """A run of the world up to row `last`: its inputs, and what holding needs of it."""
    steps = slice(last + 1)
    paths, shocks = jax.tree.map(lambda leaf: leaf[steps], (inputs.paths, inputs.shocks))
    kept = {quarter_name: series[quarter_name][steps] for quarter_name in (*HELD_SERIES, "compute")}
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
    """Draws for the world, and for the two countries as `key/subject` and `key/rival`."""
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
    row = quarter_number(date) - world.grid.first
    if not 0 < row < len(world.grid):
        first, last = quarter_name(world.grid.first + 1), quarter_name(world.grid.last)
        raise InputError(f"{date} is outside the run; give a quarter between {first} and {last}")
    return row

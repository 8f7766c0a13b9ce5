"""Simulation of an ensemble in blocks of members: one compiled function, all cores, bounded memory.

A scenario changes numbers in the compiled function, not the function. Members that fail are left out of results, and a
run of which no member ends well is an error.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import Array

import headway
from headway.core.cache import fingerprint, source_hash
from headway.core.errors import InputError, ModelError
from headway.core.limits import MOST_SEED
from headway.ensemble.compiled import BRIEFLY, compiled
from headway.ensemble.inputs import (
    Fitted,
    Members,
    Streams,
    WorldArrays,
    WorldIndex,
    assemble,
    draw,
    fitted,
    holding,
    streams,
    world_arrays,
    world_index,
)
from headway.ensemble.series import LABELS, checked
from headway.model import Inputs, Parameters, Paths, Run, simulate
from headway.model.derive import outlook
from headway.model.focal import HELD_SERIES
from headway.model.status import Status
from headway.scenarios.apply import apply
from headway.scenarios.drivers import Drivers
from headway.scenarios.registry import Registry
from headway.scenarios.scenario import Scenario
from headway.scenarios.world import World

if TYPE_CHECKING:
    from headway.ensemble.question import PosteriorDraws

T = TypeVar("T")
R = TypeVar("R")


def map_in_order(work: Callable[[T], R], items: Iterable[T], threads: int | None = None) -> Iterator[R]:
    """`work` of every item, in their order; at most two per thread are under way or wait to be taken.

    Args:
        threads: how many; all cores where none are given.
    """
    waiting, workers = deque(items), threads or os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        running: deque[Future[R]] = deque()
        while waiting or running:
            while waiting and len(running) < 2 * workers:
                running.append(pool.submit(work, waiting.popleft()))
            yield running.popleft().result()


def survivors(status: npt.NDArray[np.int8]) -> npt.NDArray[np.bool_]:
    """True for members that ran to the end, (members,).

    Raises:
        ModelError: none did; says how they ended.
    """
    codes, counts = np.unique(status, return_counts=True)
    refuse_none({int(code): int(count) for code, count in zip(codes, counts, strict=True)})
    return np.asarray(status == Status.OK)


def refuse_none(ended: Mapping[int, int]) -> None:
    """Refuse a run without a member that ran to the end.

    Args:
        ended: number of members by `Status`.

    Raises:
        ModelError: there is none; says how many ended how.
    """
    if ended.get(Status.OK, 0):
        return
    ways = "; ".join(f"in {count:,} {Status(code).reason}" for code, count in sorted(ended.items()))
    raise ModelError(f"none of {sum(ended.values()):,} members ran to the end: {ways}, or at your own evidence")


BLOCK = 256  # members: the state of a block stays in the cache of a core
WORLD_SERIES = tuple(dict.fromkeys((
    "spending_share", "compute", "training_run", "talent", "effective_talent", "level", "sovereign", *HELD_SERIES
)))  # fmt: skip


@dataclass(frozen=True)
class BlockPlan:
    """Fixed facts that a function is compiled for; equal plans share one compilation.

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
        """Names of its countries in the random draws."""
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
    return draw(plan.registry, names, numbers, seed=seed, years=plan.marks.years, fit=fit)


@compiled("marks")
def _assemble(given_: WorldArrays, marks: WorldIndex, members: Members) -> Inputs:
    return assemble(given_, marks, members)


_RATIOS = {"compute_share": "compute", "talent_share": "talent"}


@dataclass(frozen=True)
class MemberBlock:
    """A block that was run: `series` name → (quarters, countries, members), `status` (members,), which members."""

    members: range
    series: dict[str, npt.NDArray[np.float32]]
    status: npt.NDArray[np.int8]


@dataclass(frozen=True)
class Ensemble:
    """A question to the model: world, scenario, which countries and series, how it is drawn.

    Attributes:
        scenarios: a scenario and all it extends, as `scenario.load` returns them.
        focal: codes that `for: focal` means. countries: codes to report. series: names of `LABELS`.
        posterior: draws of the fit, or None: then members come from the prior, and the recipe says so.
    """

    world: World
    registry: Registry
    scenarios: tuple[Scenario, ...]
    focal: tuple[str, ...]
    countries: tuple[str, ...]
    series: tuple[str, ...]
    seed: int = 0
    posterior: PosteriorDraws | None = field(kw_only=True)
    drivers: Drivers = field(init=False)

    def __post_init__(self) -> None:
        for code in (*self.focal, *self.countries):
            if code not in self.world.countries:
                raise InputError(f"'{code}' is not modelled; modelled are {', '.join(self.world.countries)}")
        checked(self.series)
        if not 0 <= self.seed <= MOST_SEED:
            raise InputError(f"seed {self.seed}: give a whole number from 0 to {MOST_SEED}")
        unknown = sorted(set(self.held) - set(self.registry.parameters))
        if unknown:
            raise InputError(f"scenario {self.scenario}: no parameter '{unknown[0]}' in the registry")
        object.__setattr__(self, "drivers", apply(self.scenarios, self.world.drivers, self.focal, self.registry))

    @property
    def scenario(self) -> str:
        """Name of the scenario."""
        return self.scenarios[-1].scenario

    @property
    def held(self) -> dict[str, float]:
        """Parameters that the scenario holds at a value."""
        return {key: value for scenario in self.scenarios for key, value in scenario.parameters.items()}

    @property
    def recipe(self) -> dict[str, str | int]:
        """All that the result depends on; equal recipes give equal members, bit for bit on the same platform."""
        return {
            **origin(self.world, self.registry, self.posterior),
            "scenario": self.scenario,
            "drivers": fingerprint(self.drivers, self.held)[:8],
            "focal": ",".join(self.focal),
            "first_quarter": self.world.grid.names[0],
            "anchor": self.world.anchor,
            "last_quarter": self.world.grid.names[-1],
            "seed": self.seed,
        }

    @property
    def key(self) -> str:
        """Sixteen hex digits of the recipe and of what is reported."""
        facts = (sorted(self.recipe.items()), self.countries, self.series)
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]

    def pieces(self, members: range, threads: int | None = None) -> Iterator[MemberBlock]:
        """Run the members, block by block, in order. Blocks begin at multiples of `BLOCK`; the ends are cut to fit."""
        run_block, count = self.compiled(), len(self.countries)

        def piece(start: int) -> MemberBlock:
            outputs, status = run_block(start)
            series = {name: np.asarray(values, np.float32)[:, :count] for name, values in outputs.items()}
            return MemberBlock(range(start, start + BLOCK), series, np.asarray(status, np.int8))

        starts = range(members.start - members.start % BLOCK, members.stop, BLOCK)
        for found in map_in_order(piece, starts, threads):
            yield cut(found, members)

    def compiled(self) -> Callable[[int], tuple[dict[str, Array], Array]]:
        """The function from the number of a block's first member to its series and status.

        Series are (quarters, countries, members), with the last country again where that fills up the shape.
        """
        world = self.world
        given_ = world_arrays(world, self.drivers)
        fit = None if self.posterior is None else fitted(self.posterior, world, self.registry)
        # As many countries as fill up threes, the last one repeated: questions of like size share a compiled function.
        wanted = [world.countries.index(code) for code in self.countries]
        chosen = jax.device_put(np.asarray(wanted + wanted[-1:] * (-len(wanted) % 3)))
        held = tuple(sorted(self.held.items()))
        plan = BlockPlan(self.registry, world.countries, world_index(world), held)
        return lambda start: _forward(plan, self.series, given_, chosen, fit, start, self.seed)


def origin(world: World, registry: Registry, posterior: PosteriorDraws | None) -> dict[str, str | int]:
    """Origin of the numbers of a run: code, evidence, registry and fit.

    `world` stands for all that the model reads off the evidence, the user's own rows among it.
    """
    return {
        "version": headway.__version__,
        "code": source_hash("scenarios", "model", "ensemble"),
        "snapshot": world.snapshot[:16],
        "as_of": world.as_of,
        "world": fingerprint(world)[:8],
        "registry": registry.hash,
        "posterior": "none" if posterior is None else posterior.hash,
        "draws_from": "prior" if posterior is None else "posterior",
    }


def joined(pieces: Sequence[MemberBlock]) -> MemberBlock:
    """Consecutive pieces as one."""
    series = {name: np.concatenate([piece.series[name] for piece in pieces], axis=-1) for name in pieces[0].series}
    members = range(pieces[0].members.start, pieces[-1].members.stop)
    return MemberBlock(members, series, np.concatenate([piece.status for piece in pieces]))


def _forward(
    plan: BlockPlan,
    wanted: tuple[str, ...],
    given_: WorldArrays,
    chosen: Array,
    fit: Fitted | None,
    start: int,
    seed: int,
) -> tuple[dict[str, Array], Array]:
    """Draw a block, run it through its history and on; the wanted series of the chosen countries, status per member."""
    inputs = calibrate_to_history(plan, given_, draw_members(plan, fit, start, seed))
    needed = {_RATIOS.get(name, name) for name in wanted if name in _RATIOS or not LABELS[name].derived}
    more = sorted(needed - set(WORLD_SERIES))
    run = run_world(inputs, (*WORLD_SERIES, *more))
    place = inputs.geography
    series = reported(
        wanted, plan.marks.first, run.series, inputs.parameters, inputs.paths, place.served, place.provider, chosen
    )
    return series, run.status


@compiled("wanted", "first")
def reported(
    wanted: tuple[str, ...],
    first: int,
    run: dict[str, Array],
    parameters: Parameters,
    paths: Paths,
    served: Array | None,
    provider: Array | None,
    chosen: Array,
) -> dict[str, Array]:
    """The wanted series of the chosen countries."""
    series = {name: run[name][:, chosen] for name in wanted if not LABELS[name].derived}
    for name in (name for name in wanted if name in _RATIOS):
        values = run[_RATIOS[name]]
        series[name] = values[:, chosen] / values.sum(axis=1, keepdims=True)
    derived = [name for name in wanted if name not in series]
    if derived:
        seen = outlook(run, parameters, paths, countries=chosen, first_scored=first, served=served, provider=provider)
        series |= {name: getattr(seen, name) for name in derived}
    return series


def cut(piece: MemberBlock, members: range) -> MemberBlock:
    """The part of a block that was asked for; the two must overlap."""
    first, last = max(piece.members.start, members.start), min(piece.members.stop, members.stop)
    inside = slice(first - piece.members.start, last - piece.members.start)
    series = {name: values[..., inside] for name, values in piece.series.items()}
    return MemberBlock(range(first, last), series, piece.status[inside])


def names(world: World, codes: Sequence[str]) -> tuple[str, ...]:
    """Codes to report where none were asked: the given ones, then the best scored at the anchor, three in all."""
    order = np.argsort(-np.nan_to_num(world.frontiers.path[-1], nan=-np.inf), kind="stable")
    best = [world.countries[i] for i in order[:3]]
    return tuple(dict.fromkeys([*codes, *best]))

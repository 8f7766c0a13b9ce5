"""Running blocks of members: one compiled function, both cores, memory bounded by the blocks in flight."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import jax
import numpy as np
import numpy.typing as npt
from jax import Array

import headway
from headway.assumptions.apply import apply
from headway.assumptions.drivers import Drivers
from headway.assumptions.registry import Registry
from headway.assumptions.scenario import Scenario
from headway.assumptions.world import World
from headway.ensemble.block import BLOCK, WORLD_SERIES, Plan, drawn, led, run_world
from headway.ensemble.compiled import compiled
from headway.ensemble.flight import in_order
from headway.ensemble.given import Given, given, marks
from headway.ensemble.members import Fitted, fitted
from headway.ensemble.series import LABELS, checked
from headway.errors import InputError
from headway.kept import fingerprint, source
from headway.model import Parameters, Paths
from headway.model.derive import outlook

if TYPE_CHECKING:
    from headway.ensemble.posterior import PosteriorDraws

MOST_SEED = 2**32 - 1  # a seed is an unsigned integer of 32 bits
_RATIOS = {"compute_share": "compute", "talent_share": "talent"}


@dataclass(frozen=True)
class Piece:
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

    def pieces(self, members: range, threads: int | None = None) -> Iterator[Piece]:
        """Run the members, block by block, in order. Blocks begin at multiples of `BLOCK`; the ends are cut to fit."""
        run_block, count = self.compiled(), len(self.countries)

        def piece(start: int) -> Piece:
            outputs, status = run_block(start)
            series = {name: np.asarray(values, np.float32)[:, :count] for name, values in outputs.items()}
            return Piece(range(start, start + BLOCK), series, np.asarray(status, np.int8))

        starts = range(members.start - members.start % BLOCK, members.stop, BLOCK)
        for found in in_order(piece, starts, threads):
            yield _cut(found, members)

    def compiled(self) -> Callable[[int], tuple[dict[str, Array], Array]]:
        """The function from the number of a block's first member to its series and status.

        Series are (quarters, countries, members), with the last country again where that fills up the shape.
        """
        world = self.world
        given_ = given(world, self.drivers)
        fit = None if self.posterior is None else fitted(self.posterior, world, self.registry)
        # As many countries as fill up threes, the last one repeated: questions of like size share a compiled function.
        wanted = [world.countries.index(code) for code in self.countries]
        chosen = jax.device_put(np.asarray(wanted + wanted[-1:] * (-len(wanted) % 3)))
        held = tuple(sorted(self.held.items()))
        plan = Plan(self.registry, world.countries, marks(world), held)
        return lambda start: _forward(plan, self.series, given_, chosen, fit, start, self.seed)


def origin(world: World, registry: Registry, posterior: PosteriorDraws | None) -> dict[str, str | int]:
    """Where the numbers of a run come from: code, evidence, registry and fit.

    `world` is of all that the model reads off the evidence, the user's own rows among it.
    """
    return {
        "version": headway.__version__,
        "code": source("assumptions", "model", "ensemble"),
        "snapshot": world.snapshot[:16],
        "as_of": world.as_of,
        "world": fingerprint(world)[:8],
        "registry": registry.hash,
        "posterior": "none" if posterior is None else posterior.hash,
        "draws_from": "prior" if posterior is None else "posterior",
    }


def joined(pieces: Sequence[Piece]) -> Piece:
    """Consecutive pieces as one."""
    series = {name: np.concatenate([piece.series[name] for piece in pieces], axis=-1) for name in pieces[0].series}
    members = range(pieces[0].members.start, pieces[-1].members.stop)
    return Piece(members, series, np.concatenate([piece.status for piece in pieces]))


def _forward(
    plan: Plan,
    wanted: tuple[str, ...],
    given_: Given,
    chosen: Array,
    fit: Fitted | None,
    start: int,
    seed: int,
) -> tuple[dict[str, Array], Array]:
    """Draw a block, run it through its history and on; the wanted series of the chosen countries, status per member."""
    inputs = led(plan, given_, drawn(plan, fit, start, seed))
    needed = {_RATIOS.get(name, name) for name in wanted if name in _RATIOS or not LABELS[name].derived}
    more = sorted(needed - set(WORLD_SERIES))
    run = run_world(inputs, (*WORLD_SERIES, *more))
    return _reported(wanted, plan.marks.first, run.series, inputs.parameters, inputs.paths, chosen), run.status


@compiled("wanted", "first")
def _reported(
    wanted: tuple[str, ...], first: int, run: dict[str, Array], parameters: Parameters, paths: Paths, chosen: Array
) -> dict[str, Array]:
    """The wanted series of the chosen countries."""
    series = {name: run[name][:, chosen] for name in wanted if not LABELS[name].derived}
    for name in (name for name in wanted if name in _RATIOS):
        values = run[_RATIOS[name]]
        series[name] = values[:, chosen] / values.sum(axis=1, keepdims=True)
    derived = [name for name in wanted if name not in series]
    if derived:
        seen = outlook(run, parameters, paths, chosen, first)
        series |= {name: getattr(seen, name) for name in derived}
    return series


def _cut(piece: Piece, members: range) -> Piece:
    """The part of a block that was asked for."""
    first, last = max(piece.members.start, members.start), min(piece.members.stop, members.stop)
    inside = slice(first - piece.members.start, last - piece.members.start)
    series = {name: values[..., inside] for name, values in piece.series.items()}
    return Piece(range(first, last), series, piece.status[inside])


def names(world: World, codes: Sequence[str]) -> tuple[str, ...]:
    """Codes to report where none were asked: the given ones, then the best scored at the anchor, three in all."""
    order = np.argsort(-np.nan_to_num(world.frontiers.path[-1], nan=-np.inf), kind="stable")
    best = [world.countries[i] for i in order[:3]]
    return tuple(dict.fromkeys([*codes, *best]))

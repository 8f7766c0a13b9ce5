"""Ensemble at the speed of a slider: a country and its rivals under other drivers, the rest of the world held.

The world is run once as it would go (the baseline). A question then simulates three countries only, so that an answer
takes a fraction of a tenth of a second. With nothing changed they move exactly as in the run of the whole world. Lags
are computed at the ends of years only. Nothing feeds back from a niche on the lag, and no outcome series informs its
yield.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt
from jax import Array

from headway.core.cache import MemoryCache
from headway.core.limits import MEMBERS
from headway.ensemble.compiled import compiled
from headway.ensemble.inputs import fitted, paths_of, world_arrays, world_index
from headway.ensemble.question import ask
from headway.ensemble.simulation import (
    BLOCK,
    WORLD_SERIES,
    BlockPlan,
    MemberBlock,
    calibrate_to_history,
    cut,
    draw_members,
    reported,
    run_world,
    survivors,
)
from headway.model import Inputs, Paths, simulate
from headway.model.capability import Rental, accessible, late_offer, offered, rented_with
from headway.model.focal import all_but, hold
from headway.model.lag import reached
from headway.model.niches import NicheParameters, domain_assets
from headway.model.simulate import QUARTER
from headway.model.smooth import running_max
from headway.scenarios.drivers import Drivers
from headway.scenarios.scenario import Scenario

if TYPE_CHECKING:
    from headway.ensemble.question import PosteriorDraws
    from headway.evidence import Evidence


def lag_at(own: Array, others: Array, rows: Array) -> tuple[Array, Array]:
    """Months behind the best of all others at `rows`, and whether the real lag or lead is longer.

    Args:
        own, others: best so far, (quarters, countries, members), on the same grid; neither may ever fall.
        rows: positions on that grid, (dates,).

    Returns:
        Both (dates, countries, members), as `headway.model.lag.lag` gives them for series of equal length.
    """
    mine, theirs = own[rows], others[rows]
    leads = mine > theirs
    asked = jnp.minimum(mine, theirs)  # where the one behind stands

    since = reached(asked, leads, others, own, jnp.zeros_like(asked))
    date = rows.astype(own.dtype)[:, None, None]
    censored = jnp.where(leads, asked < own[0], asked < others[0])
    return 12 * QUARTER * jnp.where(leads, since - date, date - since), censored


def drawn_niches(values: Mapping[str, Array]) -> NicheParameters:
    """Parameters of the niche equation, as a block of members drew them."""
    return NicheParameters(*(values[f"niche_{name}"] for name in ("weight", "yield", "decay", "returns")))


@compiled()
def with_asset(niche: NicheParameters, field: Array, effort: Array, short: Array, rows: Array) -> tuple[Array, Array]:
    """Points short of the best of all others in the niche, and the yield at which none are missing.

    Args:
        field: position of the niche. effort: (quarters, countries, 1), units. rows: dates asked, (dates,).
        short: the best of all others less accessible capability, ECI, (dates, countries, members).

    Returns:
        Shortfall in ECI, negative where the asset more than makes up for the lag, and the break-even yield v* in points
        a year, infinite where no effort has been made; both (dates, countries, members).
    """
    asset = domain_assets(niche, effort, QUARTER)[rows] / jnp.take(niche.weight, field, axis=0)
    least = jnp.where(asset > 0, niche.yield_ * jnp.maximum(short, 0) / jnp.where(asset > 0, asset, 1), jnp.inf)
    return short - asset, least


Floats = npt.NDArray[np.float32]
UNTIL = 2040
MOVING = 3  # countries that move: always as many, so that one compiled function serves all questions
_NOTHING = -1e9
JOINED = 2  # blocks of the world that answer as one: three countries leave the cache room for more members
_HELD = 4  # sets of moving countries kept
_REMEMBERED = 40  # baselines of eight sets of moving countries, with the quantiles of their series

SERIES = ("lag", "lag_censored", "sovereign", "accessible", "available", "compute_share", "niche", "niche_yield")
_WHOLE = ("lag", "lag_censored", "sovereign", "accessible", "available", "compute_share", "frontier")


class Rest(NamedTuple):
    """Paths of the held countries, each (quarters, members): best model so far, compute, best published weights.

    served: best models that they serve to each moving country, each (quarters, moving countries, members).
    """

    best: Array
    compute: Array
    offered: Array
    served: Rental


class WorldBlock(NamedTuple):
    """Some members of the world as it would go: inputs, recorded series, how each ended, what was drawn for niches."""

    inputs: Inputs
    series: dict[str, Array]
    status: Array
    niches: NicheParameters


class Block(NamedTuple):
    """Some members: inputs of the moving countries, and the held rest."""

    inputs: Inputs
    rest: Rest
    niches: NicheParameters


class Engine:
    """The ensemble of one body of evidence, ready for any drivers.

    Args:
        include: countries to model besides those that the evidence puts first.
        draws: members; the first ones of the ensemble that `headway simulate` runs.

    Attributes:
        remembered: results that follow from this engine alone, gone when it is gone.
    """

    def __init__(
        self, evidence: Evidence, posterior: PosteriorDraws | None, include: Sequence[str] = (), draws: int = MEMBERS
    ) -> None:
        asked = ask(evidence, countries=include, series=(), until=str(UNTIL), posterior=posterior)
        self.ensemble, self.world, self.draws = asked, asked.world, draws
        self._plan = BlockPlan(asked.registry, self.world.countries, world_index(self.world), ())
        self._fit = None if posterior is None else fitted(posterior, self.world, asked.registry)
        names = self.world.grid.names
        first = self._plan.marks.first
        self.rows = np.asarray([k for k, name in enumerate(names) if name.endswith("Q4") and k >= first])
        self.years = [int(names[k][:4]) for k in self.rows]
        self._pool = ThreadPoolExecutor(os.cpu_count() or 1, "whatif")
        self._sets: OrderedDict[tuple[int, ...], list[Block]] = OrderedDict()
        self._lock = threading.Lock()
        self.remembered: MemoryCache[Any] = MemoryCache(_REMEMBERED)

    @cached_property
    def _blocks(self) -> list[WorldBlock]:
        """The world as it would go, block by block."""
        base = world_arrays(self.world, self.world.drivers)

        def block(start: int) -> WorldBlock:
            members = draw_members(self._plan, self._fit, start, 0)
            inputs = calibrate_to_history(self._plan, base, members)
            run = run_world(inputs, WORLD_SERIES)
            return WorldBlock(inputs, run.series, run.status, drawn_niches(members.values))

        return list(self._pool.map(block, range(0, self.draws, BLOCK)))

    def moving(self, codes: Sequence[str]) -> tuple[int, ...]:
        """Positions of the countries that move: those asked, then the ones that the world lists first."""
        asked = [self.world.countries.index(code) for code in codes]
        others = [k for k in range(len(self.world.countries) - 1) if k not in asked]
        return tuple([*asked, *others][:MOVING])

    def blocks(self, positions: tuple[int, ...]) -> list[Block]:
        """The held world around the moving countries; kept for the sets asked last."""
        with self._lock:
            if positions not in self._sets:
                moving = jax.device_put(np.asarray(positions))
                held = [_around(one.inputs, one.series, one.niches, moving, self._published) for one in self._blocks]
                self._sets[positions] = [joined(held[k : k + JOINED]) for k in range(0, len(held), JOINED)]
                while len(self._sets) > _HELD:
                    self._sets.popitem(last=False)
            self._sets.move_to_end(positions)
            return self._sets[positions]

    @property
    def _published(self) -> Array:
        result: Array = jax.device_put(np.asarray(self.world.drivers.paths["open_weights"], np.float32)[:, :, None])
        return result

    def baseline(self, positions: tuple[int, ...], *, held: bool = False) -> Mapping[str, Floats]:
        """Series of the moving countries as things go, member by member those of the brief; remembered.

        Args:
            held: as `run` gives them, which rounds otherwise: what is compared with other answers of a held world.
        """
        found: Mapping[str, Floats] = self.remembered.get(
            ("baseline", positions, held),
            lambda: self.run(positions, self.world.drivers) if held else self._as_it_goes(positions),
        )
        return found

    def _as_it_goes(self, positions: tuple[int, ...]) -> Mapping[str, Floats]:
        """The kept world as told of some countries, by the functions that `whole` runs: the same to the bit."""
        chosen = jax.device_put(np.asarray(positions))

        def told(start: int, block: WorldBlock) -> MemberBlock:
            place = block.inputs.geography
            series = reported(
                _WHOLE, self._first, block.series, block.inputs.parameters, block.inputs.paths, place.served,
                place.provider, chosen,
            )  # fmt: skip
            known = {name: np.asarray(path, np.float32) for name, path in series.items()}
            whole = MemberBlock(range(start, start + BLOCK), known, np.asarray(block.status, np.int8))
            return cut(whole, range(self.draws))

        pieces = self._pool.map(told, range(0, self.draws, BLOCK), self._blocks)
        return self._at_years(pieces, *self._effort(positions, self.world.drivers, ""))

    def run(self, positions: tuple[int, ...], drivers: Drivers, niche: str = "") -> Mapping[str, Floats]:
        """Series of the moving countries at the ends of the years, each (years, countries, members).

        `lag` in months behind the best of all others (`lag_censored`: it is longer), `sovereign`, `accessible` and
        `available` in ECI, `compute_share` of the world, `niche` (`niche_yield` too where effort is made) as in
        `niche.with_asset`.
        """
        paths, rest_open = self._paths(positions, drivers)
        rows, (field, effort) = self._asked_rows, self._effort(positions, drivers, niche)
        busy = bool(np.asarray(effort).any())

        def one(block: Block) -> dict[str, Floats]:
            found = _respond(block, paths, rest_open, rows, self._first)
            if busy:
                short, least = with_asset(block.niches, field, effort, found["niche"], rows)
                found |= {"niche": short, "niche_yield": least}
            return {name: np.asarray(path) for name, path in found.items()}

        found = list(self._pool.map(one, self.blocks(positions)))
        return {name: np.concatenate([part[name] for part in found], axis=-1)[..., : self.draws] for name in found[0]}

    def whole(
        self, positions: tuple[int, ...], chain: Sequence[Scenario], focal: str, niche: str = ""
    ) -> Mapping[str, Floats]:
        """The same with the whole world moving, as `headway simulate` runs it: slower, nothing held."""
        codes = tuple(self.world.countries[k] for k in positions)
        asked = replace(self.ensemble, scenarios=tuple(chain), focal=(focal,), countries=codes, series=_WHOLE)
        return self._at_years(asked.pieces(range(self.draws)), *self._effort(positions, asked.drivers, niche))

    def _at_years(self, pieces: Iterable[MemberBlock], field: Array, effort: Array) -> Mapping[str, Floats]:
        """`SERIES` at the ends of the years, of the members that ran to the end."""
        parts, ended = list[dict[str, Floats]](), list[npt.NDArray[np.int8]]()
        for piece, block in zip(pieces, self._blocks, strict=True):
            mine = NicheParameters(*(leaf[..., : len(piece.members)] for leaf in block.niches))
            at = {name: path[self.rows] for name, path in piece.series.items()}
            missing = jax.device_put(at["frontier"] - at["accessible"])
            short, least = with_asset(mine, field, effort, missing, self._asked_rows)
            parts.append({**at, "niche": np.asarray(short), "niche_yield": np.asarray(least)})
            ended.append(piece.status)
        good = survivors(np.concatenate(ended))
        return {name: np.concatenate([part[name] for part in parts], axis=-1)[..., good] for name in SERIES}

    def _effort(self, positions: tuple[int, ...], drivers: Drivers, niche: str) -> tuple[Array, Array]:
        """Position of a niche (the first where none is named), and effort on it, (quarters, moving countries, 1)."""
        names = self.ensemble.registry.niche_names
        field = names.index(niche) if niche else 0
        effort = np.asarray(drivers.effort[names[field]][:, list(positions)], np.float32)
        return jax.device_put(np.asarray(field)), on_device(effort[:, :, None])

    @cached_property
    def _asked_rows(self) -> Array:
        result: Array = jax.device_put(self.rows)
        return result

    @property
    def _first(self) -> int:
        return self._plan.marks.first

    def _paths(self, positions: tuple[int, ...], drivers: Drivers) -> tuple[Paths, Array]:
        """Paths of the moving countries, and whether the others publish weights at each date, (quarters, 1)."""
        chosen = np.asarray(positions)
        moving = {name: path[:, chosen] for name, path in drivers.paths.items()}
        made = jax.tree.map(on_device, paths_of(self.world, moving))
        others = np.setdiff1d(np.arange(len(self.world.countries)), chosen)
        rest_open = np.asarray(drivers.paths["open_weights"])[:, others].max(axis=1, keepdims=True)
        return made, on_device(rest_open)


def on_device(path: npt.ArrayLike) -> Array:
    """A small array for a compiled function, float32; one with the same content is not handed over again."""
    plain = np.asarray(path, np.float32)
    return _handed_over(plain.tobytes(), plain.shape)


@lru_cache(maxsize=512)
def _handed_over(content: bytes, shape: tuple[int, ...]) -> Array:
    result: Array = jax.device_put(np.frombuffer(content, np.float32).reshape(shape))
    return result


def joined(blocks: Sequence[Block]) -> Block:
    """The members of several blocks as one; what all members share is the same in each."""
    size = blocks[0].rest.best.shape[-1]
    result: Block = jax.tree.map(
        lambda *leaves: jnp.concatenate(leaves, -1) if leaves[0].shape[-1:] == (size,) else leaves[0], *blocks
    )
    return result


@compiled()
def _around(
    inputs: Inputs, series: dict[str, Array], niches: NicheParameters, positions: Array, published: Array
) -> Block:
    """A block for some moving countries."""
    others = all_but(positions, series["level"].shape[1])
    best = series["sovereign"][:, others]
    gap = inputs.parameters.capability.open_gap
    opened = jnp.where(published[:, others] > 0.5, best - gap[others], _NOTHING).max(axis=1)
    served = _offered(inputs, best, positions, others)
    rest = Rest(best.max(axis=1), series["compute"][:, others].sum(axis=1), opened, served)
    return Block(hold(inputs, series, positions), rest, niches)


def _offered(inputs: Inputs, best: Array, customers: Array, providers: Array) -> Rental:
    """Best models that some countries serve to others, from their best so far, (quarters, providers, members)."""
    place = inputs.geography
    assert place.served is not None
    assert place.provider is not None
    return offered(best, *(matrix[customers][:, providers] for matrix in (place.served, place.provider)))


@compiled("first")
def _respond(block: Block, paths: Paths, rest_open: Array, rows: Array, first: int) -> dict[str, Array]:
    """Outcomes of the moving countries, (years, countries, members)."""
    inputs, rest = block.inputs._replace(paths=paths), block.rest
    run = simulate(inputs, ("compute", "sovereign"))
    own, compute = run.series["sovereign"], run.series["compute"]
    p = inputs.parameters.capability
    mine = jnp.where(paths.published > 0.5, own - p.open_gap, _NOTHING).max(axis=1)
    theirs = jnp.where(rest_open > 0.5, rest.offered, _NOTHING)
    reach = accessible(p, own, running_max(jnp.maximum(mine, theirs)), QUARTER)
    assert inputs.outside is not None
    moving = inputs.outside.simulated
    offer = Rental(*map(jnp.maximum, rest.served, _offered(inputs, own, moving, moving)))
    share, use, one = (path[rows] for path in (paths.rented, paths.rented_use, paths.one_provider))
    rental = rented_with(p, late_offer(p, offer, QUARTER, rows), share, use, one)
    rivals = [jnp.stack([*(own[:, j] for j in range(own.shape[1]) if j != k), rest.best]) for k in range(own.shape[1])]
    others = jnp.stack([path.max(axis=0) for path in rivals], axis=1)
    lags, censored = lag_at(own[first:], others[first:], rows - first)
    share = compute / (compute.sum(axis=1) + rest.compute)[:, None]
    return {
        "lag": lags,
        "lag_censored": censored.astype(own.dtype),
        "sovereign": own[rows],
        "accessible": reach[rows],
        "available": jnp.maximum(reach[rows], rental),
        "compute_share": share[rows],
        "niche": others[rows] - reach[rows],
    }

"""What all members share: the world's history and drivers as arrays, and the positions that the arrays are read by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import jax
import numpy as np
from jax import Array

from headway.core.numbers import Floats
from headway.model import Paths
from headway.scenarios.drivers import Drivers
from headway.scenarios.world import World

PRICE_YEAR = 2026.0  # the registry states the price of compute at the end of 2025
_LEAST_SHARE = 1e-9  # of spending: the logarithm of a lever that stops it all


class WorldIndex(NamedTuple):
    """Positions in time and among countries; static, so that the compiled function knows its shapes.

    known: number of dates with history. first: the first scored date, and the reference date. reference, leader:
    positions of the country that levels are measured from, and of the one ahead at the anchor.
    """

    known: int
    first: int
    reference: int
    leader: int
    years: int


class WorldArrays(NamedTuple):
    """Arrays of the world; the country axis comes before a last axis of length 1.

    years: decimal year of every date. log_compute, path, gdp, controls: history, (known, countries, 1). compute_sd,
    talent, run, open_gap, rents: (countries, 1). baseline, scenario: paths. log_pay, closeness, partners: geography.
    """

    years: Array
    log_compute: Array
    compute_sd: Array
    path: Array
    run: Array
    open_gap: Array
    talent: Array
    gdp: Array
    controls: Array
    rents: Array
    log_pay: Array
    closeness: Array
    partners: Array | None
    baseline: Paths
    scenario: Paths


def world_index(world: World) -> WorldIndex:
    """The positions of a world."""
    f = world.frontiers
    ahead = len(world.grid) - world.known
    return WorldIndex(world.known, f.first, f.reference, f.leader, ahead // 4 + 1)


def world_arrays(world: World, drivers: Drivers, dtype: str = "float32") -> WorldArrays:
    """The arrays of a world under the drivers of a scenario."""
    f: Any = world.frontiers
    w: Any = world
    base: Any = world.drivers.paths
    partners: Any = drivers.partners if drivers.paths["collaboration"].any() else None
    made = WorldArrays(
        years=w.grid.years,
        log_compute=w.log_compute[:, :, None],
        compute_sd=w.compute_sd[:, None],
        path=f.path[:, :, None],
        run=f.run[:, None],
        open_gap=f.open_gap[:, None],
        talent=w.talent[:, None],
        gdp=base["gdp"][: world.known, :, None],
        controls=base["controls"][: world.known, :, None],
        rents=base["rents"][world.known - 1, :, None],
        log_pay=np.log(w.pay)[:, None],
        closeness=w.closeness,
        partners=partners,
        baseline=paths_of(world, world.drivers.paths),
        scenario=paths_of(world, drivers.paths),
    )
    return cast(WorldArrays, jax.tree.map(lambda leaf: jax.device_put(np.asarray(leaf, dtype)), made))


def paths_of(world: World, drivers: Mapping[str, Floats]) -> Paths:
    """The model's paths from those of the drivers, (quarters, countries) each; they may be of some countries."""
    years = world.grid.years
    p: Any = drivers

    def column(path: Floats) -> Any:
        return path[:, :, None]

    def row(path: Floats) -> Any:
        return path[:, None, None]

    return Paths(
        year=row(years),
        price_age=row(years - PRICE_YEAR),
        projected=row(np.maximum(years - world.gdp_year - 0.5, 0)),
        anchored=row(years - years[world.known - 1]),
        log_gdp=column(np.log(p["gdp"])),
        rents=column(p["rents"]),
        lever=column(np.log(np.maximum(p["investment"], _LEAST_SHARE))),
        controlled=column(p["controls"]),
        capacity=column(p["grey"] + p["partner"] + p["domestic"]),
        graduates=column(p["graduates"]),
        push=column(p["push"]),
        shock=column(p["exodus"]),
        openness=column(p["openness"]),
        depth=column(p["collaboration"]),
        published=column(p["open_weights"]),
    )

"""The world in one object: what evidence says of the modelled countries, and the drivers that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from headway.core.errors import EvidenceError, InputError
from headway.core.numbers import Floats
from headway.core.periods import Grid, quarter_name, quarter_number
from headway.scenarios.drivers import Drivers
from headway.scenarios.own_parameters import registry_for
from headway.scenarios.quantities import quantities
from headway.scenarios.registry import Registry
from headway.scenarios.world import compute, economy, rental, talent
from headway.scenarios.world.capability import Frontiers, frontiers, last_scored
from headway.scenarios.world.choose import REST, by_weight, modelled
from headway.scenarios.world.series import read_indicators

if TYPE_CHECKING:
    from headway.evidence import Evidence

_UNTIL = "2040Q4"  # of the world that is built to see whether one can be
START = "2021Q4"  # the last date before the controls, the exodus and the chip counts of 2022


@dataclass(frozen=True)
class World:
    """Attributes:
    countries: codes, the rest of the world (`ROW`) last. grid: all dates. known: number of dates with history.
    log_compute: natural log of H100e, (known, countries); compute_sd: its error, log points, (countries,).
    talent: AI researchers at the first date, persons, (countries,).
    frontiers: what is known of capability. drivers: baseline paths.
    pay: international dollars, (countries,). closeness: (countries, countries).
    served: (countries, countries), customer first: 1 where the provider's models are served there, else 0.
    gdp_year: last year of observed GDP. snapshot, as_of: which evidence.
    """

    countries: tuple[str, ...]
    grid: Grid
    known: int
    log_compute: Floats
    compute_sd: Floats
    talent: Floats
    frontiers: Frontiers
    drivers: Drivers
    pay: Floats
    closeness: Floats
    served: Floats
    gdp_year: int
    snapshot: str
    as_of: str

    @property
    def anchor(self) -> str:
        """The last quarter with history, from which the world is projected."""
        return quarter_name(self.grid.first + self.known - 1)


def build_world(
    evidence: Evidence, registry: Registry, named: Sequence[str], until: str = "2040Q4", start: str = START
) -> World:
    """Read the world off the evidence.

    Args:
        named: codes of the countries to model; the rest of the world comes on top. until: last quarter of the run.

    Raises:
        EvidenceError: no capability score or no GDP was known by the date of the evidence.
        InputError: the last quarter does not come after the history.
    """
    last = last_scored(evidence)
    if quarter_number(until) <= last:
        raise InputError(
            f"--until {until}: the history already reaches {quarter_name(last)}; give a later quarter or year"
        )
    grid = Grid.between(start, until)
    known = last - grid.first + 1
    countries = (*named, REST)

    gdp, gdp_year = economy.gdp(evidence, countries, grid)
    logs, sds = compute.log_compute(evidence, countries, grid, known, gdp)
    pay = economy.pay(evidence, countries)
    people, rate = talent.researchers(evidence, countries)
    push = talent.push(evidence, countries)
    routes = talent.closeness(evidence, countries, pay, people)
    scores = frontiers(evidence, countries, grid, known)

    def steady(row: Floats | float) -> Floats:
        return np.array(np.broadcast_to(row, (len(grid), len(countries))), float)

    paths = {
        **{name: steady(one.usual) for name, one in quantities().items() if one.usual is not None},
        **compute.channels(countries, grid, evidence.as_of),
        "push": steady(push),
        "graduates": talent.graduates(people, rate, push, routes=routes, pay=pay, grid=grid),
        "open_weights": steady(scores.published.astype(float)),
        "gdp": gdp,
        "rents": steady(economy.rents(evidence, countries)),
    }
    effort = {niche: steady(0.0) for niche in registry.niche_names}
    served = rental.served(evidence, countries)
    provider = rental.largest(served, scores.path[-1])
    drivers = Drivers(grid, countries, paths, effort, talent.partners(evidence, countries), provider)
    return World(
        countries, grid, known, logs, sds, people, scores, drivers, pay, routes,
        served, gdp_year,
        evidence.snapshot_hash, evidence.as_of.isoformat(),
    )  # fmt: skip


def own_rows_in_model(evidence: Evidence) -> tuple[str, ...]:
    """Sentences on the user's own rows, one per indicator: whether the model starts from them.

    Empty without rows of the user's own, and where no world can be built on the date of the evidence.
    """
    rows = None if evidence.own is None else evidence.own.observations
    if rows is None or rows.empty:
        return ()
    try:
        build_world(evidence, registry_for(evidence), modelled(by_weight(evidence)), _UNTIL)
    except EvidenceError:
        return ()
    read = read_indicators(evidence)
    counts = rows.groupby("indicator", sort=True).size()
    fit = "its fit to the past is not made anew" if evidence.own.posterior is None else "its fit to the past is yours"  # type: ignore[union-attr]
    return tuple(_sentence(str(slug), int(count), slug in read, fit) for slug, count in counts.items())


def _sentence(slug: str, count: int, enters: bool, fit: str) -> str:
    rows = "1 row" if count == 1 else f"{count:,} rows"
    if enters:
        return f"own evidence: the model starts from your {rows} of {slug}; {fit}"
    return f"own evidence: your {rows} of {slug} cannot enter the model, which does not read this indicator"

"""Inputs of the model for a block of members: shared arrays, drawn parameters and the reconstructed past.

Parameters come from the registry, or from the rows of a posterior in their place. Every member retraces the history of
its countries from the first date to the anchor.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from headway.core.numbers import Floats
from headway.core.periods import quarter_number
from headway.model import Geography, Inputs, Parameters, Paths, Reference, State
from headway.model.algorithms import AlgorithmParameters
from headway.model.capability import CapabilityParameters
from headway.model.history import abduct
from headway.model.spending import SpendingParameters
from headway.model.stock import StockParameters
from headway.model.supply import SupplyParameters
from headway.model.talent import TalentParameters
from headway.model.training_run import LOG10_E, TrainingRunParameters, length_trend
from headway.scenarios import draws
from headway.scenarios.drivers import Drivers
from headway.scenarios.quantities import by_path
from headway.scenarios.registry import Registry
from headway.scenarios.world import World
from headway.scenarios.world.compute import GROWTH_BEFORE

if TYPE_CHECKING:
    from headway.ensemble.question import PosteriorDraws
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
    talent, run, open_gap, rents: (countries, 1). baseline, scenario: paths. log_pay, closeness, partners, served:
    geography.
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
    served: Array
    provider: Array
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
    provider: Any = drivers.provider
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
        served=w.served,
        provider=provider,
        baseline=paths_of(world, world.drivers.paths),
        scenario=paths_of(world, drivers.paths),
    )
    return cast(WorldArrays, jax.tree.map(lambda leaf: jax.device_put(np.asarray(leaf, dtype)), made))


def paths_of(world: World, drivers: Mapping[str, Floats]) -> Paths:
    """The model's paths from those of the drivers, (quarters, countries) each; they may be of some countries."""
    years = world.grid.years
    logs = {
        "log_gdp": np.log(drivers["gdp"]),
        "lever": np.log(np.maximum(drivers["investment"], _LEAST_SHARE)),
    }

    def row(path: Floats) -> Any:
        return path[:, None, None]

    return Paths(
        year=row(years),
        price_age=row(years - PRICE_YEAR),
        projected=row(np.maximum(years - world.gdp_year - 0.5, 0)),
        anchored=row(years - years[world.known - 1]),
        **{name: path[:, :, None] for name, path in (by_path(drivers) | logs).items()},
    )


_STRIDE = 617  # prime: members walk through a posterior in another order than its chains


def row_of(members: Any, rows: int) -> Any:
    """Row of a posterior of so many rows that each member is drawn from; `members` is an array of their numbers."""
    return (members * _STRIDE) % rows


class Fitted(NamedTuple):
    """Draws of a posterior on the model's axes, draw last; NaN where it says nothing.

    values: registry key → (draws,).
    log10_compute, level, log10_run: history, (known, countries, draws). discrepancy: ECI, (countries, draws).
    """

    values: dict[str, Array]
    log10_compute: Array
    level: Array
    log10_run: Array
    discrepancy: Array


_laid: dict[tuple[object, ...], tuple[PosteriorDraws, Fitted]] = {}
_REMEMBERED = 4


def fitted(posterior: PosteriorDraws, world: World, registry: Registry) -> Fitted:
    """Lay a posterior onto the countries and dates of a world; what it does not know is NaN. Remembered."""
    key = (id(posterior), world.countries, world.grid.first, world.known, registry.hash)
    before, made = _laid.get(key, (None, None))
    if made is None or before is not posterior:
        made = _lay(posterior, world, registry)
        if len(_laid) >= _REMEMBERED:
            _laid.clear()
        _laid[key] = posterior, made
    return made


def _lay(posterior: PosteriorDraws, world: World, registry: Registry) -> Fitted:
    codes = set(world.countries) & set(posterior.countries)
    there, here = ([names.index(code) for code in sorted(codes)] for names in (posterior.countries, world.countries))
    rows = {quarter_number(name) - world.grid.first: k for k, name in enumerate(posterior.quarters)}
    rows = {row: k for row, k in rows.items() if 0 <= row < world.known}

    def by_quarter(values: Floats) -> Array:
        table = np.full((world.known, len(world.countries), len(posterior)), np.nan, np.float32)
        table[np.ix_(list(rows), here)] = values[:, there][:, :, list(rows.values())].transpose(2, 1, 0)
        result: Array = jax.device_put(table)
        return result

    discrepancy = np.full((len(world.countries), len(posterior)), np.nan, np.float32)
    discrepancy[here] = posterior.discrepancy[:, there].T
    # The intercept belongs to the fit alone: the prior takes it from the first score.
    known = sorted(posterior.values.keys() & {*registry.parameters, "intercept"})
    return Fitted(
        {key: jax.device_put(posterior.values[key].astype(np.float32)) for key in known},
        by_quarter(posterior.log10_compute),
        by_quarter(posterior.level),
        by_quarter(posterior.log10_run),
        jax.device_put(discrepancy),
    )


class Streams(NamedTuple):
    """Numbers of the streams that the members of a world are drawn from: names, as data.

    values: registry key → (subjects,). shocks: of A, (countries,).
    """

    values: Mapping[str, Array]
    shocks: Array


def streams(registry: Registry, countries: Sequence[str]) -> Streams:
    """Random streams of a world of these countries."""
    return Streams(
        jax.device_put(draws.streams_of(registry, countries)),
        jax.device_put(draws.streams([f"level_shock/{code}" for code in countries])),
    )


class Members(NamedTuple):
    """values: registry key → (members,), (countries, members) or (niches, members). noise: standard normal shocks of A,
    (years, countries, members). history: rows of the posterior, one per member, or None.
    """

    values: Mapping[str, Array]
    noise: Array
    history: Fitted | None


def draw(
    registry: Registry,
    streams: Streams,
    numbers: Array,
    *,
    seed: Array,
    years: int,
    fit: Fitted | None,
) -> Members:
    """Draw a block of members; pure, for use inside `jax.jit`.

    Args:
        numbers: which members, unsigned integers.
    """
    values = dict(draws.sample(registry, streams.values, numbers, seed))
    history = None
    if fit is not None:
        rows = row_of(numbers, fit.level.shape[-1])
        history = cast(Fitted, jax.tree.map(lambda leaf: leaf[..., rows], fit))
        values |= {
            key: jnp.where(jnp.isnan(value), values.get(key, value), value) for key, value in history.values.items()
        }
    noise = draws.normal(streams.shocks, numbers, seed, each=years)
    return Members(values, jnp.moveaxis(noise, 0, 1), history)


def holding(members: Members, held: Mapping[str, float]) -> Members:
    """The same members, with the parameters that a scenario holds at a value."""
    return members._replace(
        values={**members.values, **{key: _everywhere(value, members.values[key]) for key, value in held.items()}}
    )


def _everywhere(value: float, like: Array) -> Array:
    result: Array = jax.device_put(np.full(like.shape, value, like.dtype))
    return result


_KNOWN_RUN_SD, _UNKNOWN_RUN_SD = 0.15, 0.5  # OOM
_TALENT_SD = 0.3  # log points
_LEAST_FLOW = 0.05  # of the stock per year: nobody is taken to have stopped buying altogether
_CONTROLLED = 0.01  # share of demand from which spending can no longer be read off deliveries


class History(NamedTuple):
    """History of a block: (known, countries, members), or without time (countries, members), or (members,).

    log_spending: ln x. log_compute: ln H100e. level: OOM. talent: persons at the first date. concentration: κ.
    intercept: c0, ECI. discrepancy: u, ECI. run_reference: log10 FLOP, compute_reference: ln H100e of the reference.
    """

    log_spending: Array
    log_compute: Array
    level: Array
    talent: Array
    concentration: Array
    intercept: Array
    discrepancy: Array
    run_reference: Array
    compute_reference: Array


def reconstruct(given: WorldArrays, marks: WorldIndex, members: Members) -> History:
    """The history of a block of members: from the posterior where it has one, else from evidence with its errors."""
    v = members.values
    log_compute = given.log_compute + given.compute_sd * v["compute_error"]
    length = _length(given, marks, members)
    run = given.run + _KNOWN_RUN_SD * v["concentration_error"]
    if members.history is not None:
        log_compute = _spliced(log_compute, members.history.log10_compute / LOG10_E)
        run = jnp.where(jnp.isnan(members.history.log10_run[-1]), run, members.history.log10_run[-1])
    concentration = run - LOG10_E * log_compute[-1] - length[-1]
    typical = jnp.nanmean(concentration, axis=0) + _UNKNOWN_RUN_SD * v["concentration_error"]
    concentration = jnp.where(jnp.isnan(concentration), typical, concentration)

    log_run = LOG10_E * log_compute + concentration + length[:, None, :]
    run_reference = log_run[marks.first, marks.reference]
    discrepancy = jnp.where(jnp.isnan(given.path[-1]), 0.0, v["frontier_error"])
    if members.history is not None:
        known = members.history.discrepancy
        discrepancy = jnp.where(jnp.isnan(known), discrepancy, known)
    capability = given.path - discrepancy
    intercept = v.get("intercept", capability[marks.first, marks.reference])
    level = (capability - intercept) / v["slope"] - (log_run - run_reference)
    if members.history is not None:
        level = _spliced(level, members.history.level)
    unscored = level[:, marks.leader][:, None, :] + v["unscored_level"]
    return History(
        log_spending=_log_spending(given, marks, members, log_compute),
        log_compute=log_compute,
        level=jnp.where(jnp.isnan(level), unscored, level),
        talent=given.talent * jnp.exp(_TALENT_SD * v["talent_error"]),
        concentration=concentration,
        intercept=intercept,
        discrepancy=discrepancy,
        run_reference=run_reference,
        compute_reference=log_compute[marks.first, marks.reference],
    )


def _spliced(prior: Array, fitted: Array) -> Array:
    """The fitted path where there is one; before its first date, the prior's shape moved to meet it."""
    known = ~jnp.isnan(fitted)
    first = jnp.argmax(known, axis=0)[None]
    moved = prior + jnp.take_along_axis(jnp.where(known, fitted, 0) - prior, first, axis=0)
    return jnp.where(known.any(axis=0), jnp.where(known, fitted, moved), prior)


def _length(given: WorldArrays, marks: WorldIndex, members: Members) -> Array:
    """Trend of run lengths since the reference date, OOM, (known, members)."""
    v = members.values
    growth = TrainingRunParameters(jnp.zeros(()), v["length_growth"], v["length_end"])
    return length_trend(growth, given.years[: marks.known, None], given.years[marks.first])


def _mean_of_year(path: Array) -> Array:
    """Mean of each quarter and the three before it, as far as the path reaches back, (known, countries, members)."""
    quarters = path.shape[0]
    longer = jnp.concatenate([jnp.zeros_like(path[:3]), path])
    total = longer[3:] + longer[2:-1] + longer[1:-2] + longer[:-3]
    return total / np.minimum(np.arange(quarters) + 1, 4).astype(path.dtype)[:, None, None]


def _log_spending(given: WorldArrays, marks: WorldIndex, members: Members, log_compute: Array) -> Array:
    """Natural log of x: what the chips that arrived have cost; for a country under controls, what it would have spent.

    Under controls deliveries say nothing of money. From then on the country is taken to have kept the place against the
    reference country that it had before.
    """
    v = members.values
    compute = jnp.exp(log_compute)
    wear = v["depreciation"]
    kept = jnp.exp(-wear / 4)
    flow = (compute[1:] - compute[:-1] * kept) * wear / (1 - kept)
    flow = jnp.maximum(jnp.concatenate([(GROWTH_BEFORE + wear) * compute[:1], flow]), _LEAST_FLOW * compute)
    yearly = _mean_of_year(flow)
    price = v["chip_price"] * jnp.exp(-v["price_performance"] * (given.years[: marks.known, None] - PRICE_YEAR))
    log_share = jnp.log(yearly * (price / v["chip_share"])[:, None, :] / given.gdp)

    since = jnp.cumsum(given.controls > _CONTROLLED, axis=0) > 0
    free = jnp.where(since, 0.0, 1.0).at[0].set(1.0)
    leader = log_share[:, [marks.reference]]
    place = ((log_share - leader) * free).sum(axis=0) / free.sum(axis=0)
    return jnp.where(since, leader + place, log_share)


Group = TypeVar("Group")


def assemble(given: WorldArrays, marks: WorldIndex, members: Members) -> Inputs:
    """Inputs of a block under the scenario, with the shocks that lead every member through its history. Pure."""
    past = reconstruct(given, marks, members)
    initial = State(
        past.log_spending[0], jnp.exp(past.log_compute[0]), past.talent, jnp.zeros_like(past.talent), past.level[0]
    )
    quiet = Inputs(
        initial,
        parameters(given, marks, members, past),
        given.baseline,
        Geography(given.log_pay, given.closeness, given.partners, given.served, given.provider),
    )
    shocks = abduct(quiet, past.log_spending, jnp.exp(past.log_compute), past.level)
    assert shocks.level is not None
    explained = shocks.level[: marks.known - 1]
    shocks = shocks._replace(level=jnp.concatenate([explained, _noise(given, marks, members)]))
    return quiet._replace(paths=given.scenario, shocks=shocks)


def parameters(given: WorldArrays, marks: WorldIndex, members: Members, past: History) -> Parameters:
    """The model's parameters. The spending target is stated against spending at the anchor, rents included in it."""
    v = members.values
    at_anchor = past.log_spending[-1] + v["resource_drag"] * given.rents
    return Parameters(
        spending=_group(SpendingParameters, {**v, "log_level": at_anchor + v["boom"] + v["boom_deviation"]}),
        supply=_group(SupplyParameters, v),
        stock=_group(StockParameters, v),
        training_run=_group(TrainingRunParameters, {**v, "concentration": past.concentration}),
        talent=_group(TalentParameters, {**v, "training_scale": v["training_scale"] * past.talent / given.talent}),
        algorithms=_group(AlgorithmParameters, v),
        capability=_group(
            CapabilityParameters,
            {
                **v,
                "intercept": past.intercept,
                "open_gap": jnp.maximum(given.open_gap + v["open_gap_error"], 0),
                "discrepancy": past.discrepancy,
            },
        ),
        reference=Reference(
            given.years[marks.first][None],
            past.compute_reference,
            jnp.log(past.talent[marks.reference]),
            past.run_reference,
        ),
    )


def _group(kind: Callable[..., Group], values: Mapping[str, Array]) -> Group:
    """A group of model parameters from values by field: registry keys, and what the history adds to them."""
    return kind(*(values[field] for field in kind._fields))  # type: ignore[attr-defined]


def _noise(given: WorldArrays, marks: WorldIndex, members: Members) -> Array:
    """Shocks of A from the anchor on, OOM per year, one draw a year, (quarters ahead, countries, members)."""
    ahead = given.years.shape[0] - (marks.known - 1)
    return jnp.repeat(members.noise * members.values["level_noise"], 4, axis=0)[:ahead]

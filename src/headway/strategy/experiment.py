"""A question about strategies: which country, until when, with what money, under what may happen."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

import jax
import numpy as np

from headway.core.cache import fingerprint, source_hash
from headway.core.errors import InputError
from headway.core.numbers import Z90, Floats
from headway.ensemble.inputs import fitted, world_arrays, world_index
from headway.ensemble.simulation import BLOCK, BlockPlan, calibrate_to_history, draw_members, origin
from headway.scenarios.apply import apply
from headway.scenarios.drivers import UNITS, Drivers
from headway.scenarios.registry import Registry
from headway.scenarios.scenario import Scenario
from headway.scenarios.world import World
from headway.strategy.baseline import BaselineBlock, BlockSpec, SharedPaths, TimeIndex, build
from headway.strategy.exogenous import ExogenousScenario, apply_exogenous, drivers_under, held
from headway.strategy.levers import Levers
from headway.strategy.mix import Strategy, at_work, shares
from headway.strategy.simulation import Moves

if TYPE_CHECKING:
    from headway.ensemble.question import PosteriorDraws


class Portfolio(NamedTuple):
    """Strategies as numbers.

    Attributes:
        names: one per strategy. money: spent on each lever, % of GDP a year, (strategies, quarters, levers), over the
            whole grid of the world. partners: which of `sets`. niches: share of niche money, (strategies, niches).
        sets: sets of partners: a tuple of codes, or empty for the closest.
    """

    names: tuple[str, ...]
    money: Floats
    partners: tuple[int, ...]
    niches: Floats
    sets: tuple[tuple[str, ...], ...]

    def some(self, which: slice) -> Portfolio:
        """A part of the strategies."""
        return self._replace(
            names=self.names[which], money=self.money[which], partners=self.partners[which], niches=self.niches[which]
        )


@dataclass(frozen=True)
class Experiment:
    """All strategies in all futures: the futures are draws × what may happen.

    Attributes:
        scenarios: what is supposed throughout: a scenario and all it extends. happenings: what may happen on top of it.
        portfolio: the strategies. draws: members, the same for all strategies and happenings.
        budget: % of GDP a year that the strategies have.
        posterior: draws of the fit, or None: then members come from the prior.
    """

    world: World
    registry: Registry
    scenarios: tuple[Scenario, ...]
    focal: str
    happenings: tuple[ExogenousScenario, ...]
    levers: Levers
    portfolio: Portfolio
    draws: int
    budget: float
    seed: int = 0
    posterior: PosteriorDraws | None = field(kw_only=True, compare=False)

    def __post_init__(self) -> None:
        if self.focal not in self.world.countries[:-1]:
            raise InputError(f"'{self.focal}' is not modelled; modelled are {', '.join(self.world.countries[:-1])}")
        if self.draws < 1:
            raise InputError(f"{self.draws} draws are no sample; give 1 or more")

    def with_portfolio(self, portfolio: Portfolio) -> Experiment:
        """The same question about other strategies."""
        return replace(self, portfolio=portfolio)

    @property
    def position(self) -> int:
        """Of the country among the countries of the world."""
        return self.world.countries.index(self.focal)

    @cached_property
    def base(self) -> Drivers:
        """Drivers of the world under what is supposed throughout."""
        return apply(self.scenarios, self.world.drivers, (self.focal,), self.registry)

    @property
    def held(self) -> dict[str, float]:
        """Parameters that the scenario holds at a value."""
        return {key: value for one in self.scenarios for key, value in one.parameters.items()}

    @cached_property
    def recipe(self) -> dict[str, str | int]:
        """All that the result depends on."""
        return {
            **origin(self.world, self.registry, self.posterior),
            "code": source_hash("scenarios", "model", "ensemble", "strategy"),
            "scenario": self.scenarios[-1].scenario,
            "country": self.focal,
            "anchor": self.world.anchor,
            "until": self.world.grid.names[-1],
            "drivers": fingerprint(self.base, self.held)[:8],
            "happenings": hashlib.sha256(repr(self.happenings).encode()).hexdigest()[:8],
            "levers": hashlib.sha256(self.levers.model_dump_json().encode()).hexdigest()[:8],
            "portfolio": fingerprint(self.portfolio)[:8],
            "draws": self.draws,
            "budget": str(self.budget),
            "seed": self.seed,
        }

    @property
    def key(self) -> str:
        """Sixteen hex digits of the recipe: equal keys give equal results, bit for bit on the same platform."""
        return hashlib.sha256(repr(sorted(self.recipe.items())).encode()).hexdigest()[:16]

    @cached_property
    def baseline_key(self) -> str:
        """Key of what baselines depend on: everything but the strategies, except the partners they may work with."""
        facts = {key: value for key, value in self.recipe.items() if key not in ("portfolio", "draws", "budget")}
        return hashlib.sha256(repr((sorted(facts.items()), self.portfolio.sets)).encode()).hexdigest()[:16]

    @cached_property
    def moves(self) -> Moves:
        """The strategies as the model takes them, from the last date with history on; on this side of JAX, so that
        cutting them up compiles nothing.
        """
        felt = at_work(self.portfolio.money, self.levers)[:, self.world.known - 1 :]
        money: Any = np.asarray(felt, np.float32)
        partners: Any = np.asarray(self.portfolio.partners, np.int32)
        niches: Any = np.asarray(self.portfolio.niches, np.float32)
        return Moves(money, partners, niches)

    @cached_property
    def cost(self) -> Floats:
        """Mean cost of each strategy, % of GDP a year, from the first date that any of them spends to the end."""
        spent = self.portfolio.money.sum(axis=-1)
        begun = np.flatnonzero(spent.any(axis=0))
        return spent[:, begun[0] :].mean(axis=1) if len(begun) else np.zeros(len(spent))

    @property
    def partner_rows(self) -> Floats:
        """Partner weights of each set of partners, (sets, countries)."""
        return np.stack([_weights(codes, self.base, self.position) for codes in self.portfolio.sets])

    def blocks(self) -> Iterator[tuple[int, range]]:
        """Happening and members of each block, in the order in which they are run."""
        for h in range(len(self.happenings)):
            for first in range(0, self.draws, BLOCK):
                yield h, range(first, min(first + BLOCK, self.draws))

    def built(self, happening: int, start: int) -> BaselineBlock:
        """The baseline, from the few that were built last where it is among them."""
        return _baselines.get((self.baseline_key, happening, start), lambda: self.baseline(happening, start))

    def baseline(self, happening: int, start: int) -> BaselineBlock:
        """The baseline of a block of draws under one thing that may happen."""
        what = self.happenings[happening]
        drivers = self._under(what)
        kept = self.held | dict(held(what))
        plan = BlockPlan(self.registry, self.world.countries, world_index(self.world), tuple(sorted(kept.items())))
        fit = None if self.posterior is None else fitted(self.posterior, self.world, self.registry)
        spreads = tuple(float(np.log(effect.spread) / Z90) for _, effect in self.levers.effects)
        effects = tuple(zip(self.levers.effect_names, spreads, strict=True))
        asked = BlockSpec(self.position, TimeIndex(self.world.known - 1, plan.marks.first), effects)
        members = draw_members(plan, fit, start, self.seed)
        inputs = calibrate_to_history(plan, world_arrays(self.world, drivers), members)
        scopes = {key: parameter.scope for key, parameter in self.registry.parameters.items()}
        return build(asked, inputs, self._land(what), members=members, scopes=scopes, start=start, seed=self.seed)

    def _under(self, what: ExogenousScenario) -> Drivers:
        return drivers_under(what, self.base, (self.focal,), self.registry)

    def _land(self, what: ExogenousScenario) -> SharedPaths:
        now, i = self.world.known - 1, self.position
        after = apply_exogenous(what, self.world.grid, self.focal)

        def from_now(path: Floats) -> jax.Array:
            result: jax.Array = jax.device_put(path[now:, None, None].astype(np.float32))
            return result

        effort = np.stack([self.base.effort[niche][now:, i] for niche in self.registry.niche_names], axis=1)
        return SharedPaths(
            {driver: from_now(self.base.paths[driver][:, i]) for driver in UNITS},
            {driver: from_now(after.multiply[driver]) for driver in UNITS},
            {driver: from_now(after.add[driver]) for driver in UNITS},
            jax.device_put(np.float32(after.rents_to_gdp)),
            jax.device_put(effort[:, :, None].astype(np.float32)),
            jax.device_put(self.partner_rows.astype(np.float32)),
        )


def portfolio(
    strategies: Sequence[Strategy],
    budget: float,
    world: World,
    *,
    levers: Levers,
    niche_names: Sequence[str],
    strongest: Sequence[str],
) -> Portfolio:
    """Strategies as numbers.

    Args:
        budget: % of GDP a year. strongest: niches that `strongest` means.

    Raises:
        InputError: a partner that is not modelled.
    """
    sets: list[tuple[str, ...]] = [()]
    which, niches = [], np.zeros((len(strategies), len(niche_names)))
    for s, one in enumerate(strategies):
        codes = () if one.partners == "closest" else tuple(one.partners)
        for code in codes:
            if code not in world.countries[:-1]:
                raise InputError(f"strategy {one.strategy}: partner '{code}' is not a modelled country")
        if codes not in sets:
            sets.append(codes)
        which.append(sets.index(codes))
        chosen = {"all": niche_names, "strongest": strongest}[one.niches] if isinstance(one.niches, str) else one.niches
        niches[s, [niche_names.index(name) for name in chosen]] = 1 / len(chosen)
    money = budget * shares(strategies, levers, world.grid)
    return Portfolio(tuple(one.strategy for one in strategies), money, tuple(which), niches, tuple(sets))


def _weights(codes: tuple[str, ...], drivers: Drivers, focal: int) -> Floats:
    """Weights of a set of partners: equal for named ones, by joint publications for the closest."""
    if not codes:
        return np.asarray(drivers.partners[focal])
    row = np.zeros(len(drivers.countries))
    row[[drivers.position(code) for code in codes if drivers.position(code) != focal]] = 1
    return np.asarray(row / max(row.sum(), 1))


class _BaselineCache:
    """The baselines built last. A baseline is dear, and pieces of work that follow one another share it."""

    def __init__(self, most: int) -> None:
        self._kept: OrderedDict[tuple[str, int, int], BaselineBlock] = OrderedDict()
        self._most, self._lock = most, Lock()

    def get(self, name: tuple[str, int, int], make: Callable[[], BaselineBlock]) -> BaselineBlock:
        with self._lock:
            if name in self._kept:
                self._kept.move_to_end(name)
                return self._kept[name]
        baseline = make()
        with self._lock:
            self._kept[name] = baseline
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return baseline


_baselines = _BaselineCache(16)

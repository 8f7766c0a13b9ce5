"""Effects of a strategy's money on the country's drivers, and of exogenous events after them; pure."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from headway.model import Parameters, Paths
from headway.scenarios.drivers import RANGES
from headway.scenarios.quantities import by_path
from headway.strategy.levers import Cut, Effect, Effort, People, Raise, Spending, Supply

_LEAST = 1e-9  # of a factor on spending: its logarithm stays finite


class BaselineDrivers(NamedTuple):
    """Drivers that strategies start from, and the exogenous events that change them.

    Attributes:
        base: driver → (quarters, 1, 1), without strategy. multiply, add: what happens after the strategy.
        rents_to_gdp: dollars of GDP gained or lost with a dollar of rents, ().
        effort: effort in each niche without strategy, (quarters, niches, 1).
        researchers: AI researchers of the country at the first date, persons, (members,).
    """

    base: dict[str, Array]
    multiply: dict[str, Array]
    add: dict[str, Array]
    rents_to_gdp: Array
    effort: Array
    researchers: Array


class Changed(NamedTuple):
    """Paths of the country, with leaves (quarters, 1, members), and niche effort, (quarters, niches, members)."""

    paths: Paths
    effort: Array


def change(
    paths: Paths,
    ground: BaselineDrivers,
    parameters: Parameters,
    effects: tuple[tuple[int, Effect], ...],
    *,
    money: Array,
    factors: Array,
    niches: Array,
) -> Changed:
    """The country's paths under a strategy.

    Args:
        paths: of the country without strategy. parameters: of the country.
        effects: each with the position of its lever. factors: how effective each is, (effects, members).
        money: at work on each lever, % of GDP a year, (quarters, levers).
        niches: share of niche money that goes to each niche, (niches,).
    """
    drivers = dict(ground.base)
    growth = parameters.supply.growth_deviation * paths.projected
    cheaper = jnp.exp(parameters.supply.price_performance * paths.price_age)
    added_spending, effort = jnp.zeros(()), ground.effort
    for (lever, effect), factor in zip(effects, factors, strict=True):
        felt = money[:, lever, None, None] * factor  # % of GDP a year, (quarters, 1, members)
        dollars = felt / 100 * drivers["gdp"] * jnp.exp(growth)
        match effect:
            case Spending():
                added_spending = added_spending + effect.each * felt / 100
            case Supply():
                large = dollars / (dollars + effect.scale_usd) if effect.scale_usd else 1.0
                flow = dollars * large / effect.usd_each
                flow = flow if effect.most is None else -effect.most * jnp.expm1(-flow / effect.most)
                drivers[effect.channel] = drivers[effect.channel] + flow * cheaper
            case People():
                most = effect.most * ground.researchers
                brought = -most * jnp.expm1(-dollars / effect.usd_each / most)
                drivers["graduates"] = drivers["graduates"] + brought
            case Cut():
                drivers[effect.driver] = drivers[effect.driver] * (1 - effect.most * felt / (felt + effect.half))
            case Raise():
                room = jnp.maximum(effect.most - drivers[effect.driver], 0)
                drivers[effect.driver] = drivers[effect.driver] + room * felt / (felt + effect.half)
            case Effort():
                effort = effort + felt / effect.gdp_each * niches[:, None]
    return Changed(_paths(paths, parameters, _befallen(drivers, ground), added_spending), effort)


def _befallen(drivers: dict[str, Array], ground: BaselineDrivers) -> dict[str, Array]:
    """Drivers after exogenous events; GDP follows the rents that the country still has."""
    after = {}
    for name, path in drivers.items():
        low, high = RANGES.get(name, (0.0, jnp.inf))
        after[name] = jnp.clip(ground.multiply[name] * path + ground.add[name], low, high)
    after["gdp"] = after["gdp"] * (1 + ground.rents_to_gdp * (after["rents"] - drivers["rents"]))
    return after


def _paths(paths: Paths, parameters: Parameters, drivers: dict[str, Array], added_spending: Array) -> Paths:
    lever = jnp.log(jnp.maximum(drivers["investment"], _LEAST))
    p = parameters.spending
    wanted = jnp.exp(p.log_level + lever - p.resource_drag * drivers["rents"])  # share of GDP the country heads for
    logs = {"log_gdp": jnp.log(drivers["gdp"]), "lever": lever + jnp.log1p(added_spending / wanted)}
    return paths._replace(**by_path(drivers) | logs)

"""The uncertain numbers of a block of members: registry draws, the rows of a posterior in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from headway.assumptions.draws import normal, sample
from headway.assumptions.quarters import number
from headway.assumptions.registry import Registry, Scope

if TYPE_CHECKING:
    import xarray as xr

    from headway.assumptions.world import World

_STRIDE = 617  # prime: members walk through a posterior in another order than its chains


class Fitted(NamedTuple):
    """Draws of a posterior on the model's axes, draw last; NaN where it says nothing.

    values: registry key → (draws,) or (countries, draws).
    log10_compute, level, log10_run: history, (known, countries, draws). discrepancy: ECI, (countries, draws).
    """

    values: dict[str, Array]
    log10_compute: Array
    level: Array
    log10_run: Array
    discrepancy: Array


_laid: dict[tuple[object, ...], tuple[xr.Dataset, Fitted]] = {}
_REMEMBERED = 4


def fitted(posterior: xr.Dataset, world: World, registry: Registry) -> Fitted:
    """Lay a posterior onto the countries and dates of a world; what it does not know is NaN. Remembered."""
    key = (id(posterior), world.countries, world.grid.first, world.known, registry.hash)
    before, made = _laid.get(key, (None, None))
    if made is None or before is not posterior:
        made = _lay(posterior, world, registry)
        if len(_laid) >= _REMEMBERED:
            _laid.clear()
        _laid[key] = posterior, made
    return made


def _lay(posterior: xr.Dataset, world: World, registry: Registry) -> Fitted:
    codes = [str(code) for code in posterior["country"].to_numpy()]
    quarters = {number(str(name)) - world.grid.first: k for k, name in enumerate(posterior["quarter"].to_numpy())}
    draws = posterior.sizes["draw"]

    def by_country(name: str) -> Array:
        table = np.full((len(world.countries), draws), np.nan, np.float32)
        for i, code in enumerate(world.countries):
            if name in posterior and code in codes:
                table[i] = posterior[name].transpose("draw", "country").to_numpy()[:, codes.index(code)]
        return jnp.asarray(table)

    def by_quarter(name: str) -> Array:
        table = np.full((world.known, len(world.countries), draws), np.nan, np.float32)
        values = posterior[name].transpose("draw", "country", "quarter").to_numpy()
        for row, k in quarters.items():
            for i, code in enumerate(world.countries):
                if 0 <= row < world.known and code in codes:
                    table[row, i] = values[:, codes.index(code), k]
        return jnp.asarray(table)

    values = {}
    for key in sorted(set(registry.parameters) & {str(name) for name in posterior.data_vars}):
        world_wide = registry.parameters[key].scope is Scope.WORLD
        values[key] = jnp.asarray(posterior[key].to_numpy(), jnp.float32) if world_wide else by_country(key)
    if "intercept" in posterior:  # belongs to the fit alone: the prior takes it from the first score
        values["intercept"] = jnp.asarray(posterior["intercept"].to_numpy(), jnp.float32)
    return Fitted(
        values, by_quarter("log10_compute"), by_quarter("level"), by_quarter("log10_run"), by_country("discrepancy")
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
    countries: Sequence[str],
    numbers: Array,
    seed: Array,
    years: int,
    fit: Fitted | None,
) -> Members:
    """Draw a block of members; pure, for use inside `jax.jit`.

    Args:
        numbers: which members, unsigned integers.
    """
    values = dict(sample(registry, countries, numbers, seed))
    history = None
    if fit is not None:
        rows = (numbers * _STRIDE) % fit.level.shape[-1]
        history = cast(Fitted, jax.tree.map(lambda leaf: leaf[..., rows], fit))
        values |= {
            key: jnp.where(jnp.isnan(value), values.get(key, value), value) for key, value in history.values.items()
        }
    noise = normal([f"level_shock/{code}" for code in countries], numbers, seed, each=years)
    return Members(values, jnp.moveaxis(noise, 0, 1), history)


def holding(members: Members, held: Mapping[str, float]) -> Members:
    """The same members, with the parameters that a scenario holds at a value."""
    return members._replace(
        values={**members.values, **{key: _everywhere(value, members.values[key]) for key, value in held.items()}}
    )


def _everywhere(value: float, like: Array) -> Array:
    return jnp.asarray(np.full(like.shape, value, like.dtype))

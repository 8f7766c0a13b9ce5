"""The uncertain numbers of a block of members: registry draws, the rows of a posterior in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from headway.core.numbers import Floats
from headway.core.quarters import number
from headway.scenarios import draws
from headway.scenarios.registry import Registry

if TYPE_CHECKING:
    from headway.ensemble.posterior import PosteriorDraws
    from headway.scenarios.world import World

_STRIDE = 617  # prime: members walk through a posterior in another order than its chains


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
    rows = {number(name) - world.grid.first: k for k, name in enumerate(posterior.quarters)}
    rows = {row: k for row, k in rows.items() if 0 <= row < world.known}

    def by_quarter(values: Floats) -> Array:
        table = np.full((world.known, len(world.countries), len(posterior)), np.nan, np.float32)
        table[np.ix_(list(rows), here)] = values[:, there][:, :, list(rows.values())].transpose(2, 1, 0)
        return jax.device_put(table)

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
    """Those of a world of these countries."""
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
        rows = (numbers * _STRIDE) % fit.level.shape[-1]
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
    return jax.device_put(np.full(like.shape, value, like.dtype))

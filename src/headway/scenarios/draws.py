"""Draws from the registry, in streams that do not depend on one another.

Every number has its own counter-based stream, keyed by the name of the parameter, the name of the country or niche, and
the number of the member (Salmon et al. 2011, doi:10.1145/2063384.2063405). So member i keeps its draws when the
ensemble grows, when a parameter or a country is added, and when members are drawn in another order or in blocks.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from headway.scenarios.distributions import transform
from headway.scenarios.registry import Registry, Scope

if TYPE_CHECKING:
    from jax import Array

Numbers = npt.NDArray[np.uint32]


def stream(label: str) -> int:
    """A stable 32-bit number for a name: the same on every machine and in every version of Python."""
    return zlib.crc32(label.encode("utf-8"))


def streams(labels: Sequence[str]) -> Numbers:
    """The numbers of many names, (labels,)."""
    return np.asarray([stream(label) for label in labels], np.uint32)


def streams_of(registry: Registry, countries: Sequence[str]) -> dict[str, Numbers]:
    """Random streams of every parameter, by key: one for scope world, else one per country or niche."""
    subjects = {Scope.WORLD: ("",), Scope.COUNTRY: tuple(countries), Scope.NICHE: registry.niche_names}
    return {
        key: streams([f"{key}/{subject}" for subject in subjects[parameter.scope]])
        for key, parameter in registry.parameters.items()
    }


def normal(streams: Array | Numbers, members: Array, seed: Array | int, each: int = 1) -> Array:
    """Standard normal draws, (streams, each, members), float32 in any mode of JAX; pure, for use inside `jax.jit`.

    Args:
        streams: numbers of the streams. members: of the members, unsigned integers. each: draws per stream and member.
    """
    import jax
    import jax.numpy as jnp

    key = jax.random.key(seed, impl="threefry2x32")

    def one(number: Array, member: Array) -> Array:
        return jax.random.normal(jax.random.fold_in(jax.random.fold_in(key, number), member), (each,), jnp.float32)

    return jax.vmap(jax.vmap(one, in_axes=(None, 0), out_axes=-1), in_axes=(0, None))(jnp.asarray(streams), members)


def sample(
    registry: Registry, streams: Mapping[str, Array | Numbers], members: Array, seed: Array | int
) -> Mapping[str, Array]:
    """One value per member of every parameter; pure, for use inside `jax.jit`.

    Args:
        streams: as `streams_of` gives them.

    Returns:
        key → (members,) for scope world, (countries, members) for country, (niches, members) for niche; float32.
    """
    import jax.numpy as jnp

    parameters = registry.parameters
    sizes = {key: len(streams[key]) for key in parameters}
    ends = dict(zip(parameters, np.cumsum(list(sizes.values())), strict=True))
    z = normal(jnp.concatenate([jnp.asarray(streams[key]) for key in parameters]), members, seed)[:, 0]
    keys, mixing = registry.mixing()
    if keys:
        rows = np.asarray([ends[key] - 1 for key in keys])
        z = z.at[rows].set(jnp.asarray(mixing, jnp.float32) @ z[rows])
    distributions = [p.distribution for key, p in parameters.items() for _ in range(sizes[key])]
    drawn = zip(parameters, jnp.split(transform(distributions, z), list(ends.values())[:-1]), strict=True)
    return {key: value[0] if parameters[key].scope is Scope.WORLD else value for key, value in drawn}

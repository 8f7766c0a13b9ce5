"""Draws from the registry, in streams that do not depend on one another.

Every number has its own counter-based stream, keyed by the name of the parameter, the name of the country or niche, and
the number of the member (Salmon et al. 2011, doi:10.1145/2063384.2063405). So member i keeps its draws when the
ensemble grows, when a parameter or a country is added, and when members are drawn in another order or in blocks.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import numpy.typing as npt

from headway.assumptions.distributions import Floats
from headway.assumptions.registry import Registry, Scope


def stream(label: str) -> int:
    """A stable 32-bit number for a name: the same on every machine and in every version of Python."""
    return zlib.crc32(label.encode("utf-8"))


@partial(jax.jit, static_argnames="each")
def _normal(seed: jax.Array, streams: jax.Array, members: jax.Array, each: int) -> jax.Array:
    key = jax.random.key(seed, impl="threefry2x32")

    def one(number: jax.Array, member: jax.Array) -> jax.Array:
        return jax.random.normal(jax.random.fold_in(jax.random.fold_in(key, number), member), (each,), jnp.float32)

    return jax.vmap(lambda number: jax.vmap(partial(one, number), out_axes=-1)(members))(streams)


def normal(labels: Sequence[str], members: range, seed: int, each: int = 1) -> npt.NDArray[np.float32]:
    """Standard normal draws, (labels, each, members), float32 in any mode of JAX."""
    streams = jnp.asarray([stream(label) for label in labels], jnp.uint32)
    numbers = jnp.arange(members.start, members.stop, dtype=jnp.uint32)
    return np.asarray(_normal(jnp.uint32(seed), streams, numbers, each))


def sample(registry: Registry, countries: Sequence[str], members: range, seed: int) -> Mapping[str, Floats]:
    """One value per member of every parameter.

    Returns:
        key → (members,) for scope world, (countries, members) for country, (niches, members) for niche.
    """
    subjects = {Scope.WORLD: ("",), Scope.COUNTRY: tuple(countries), Scope.NICHE: registry.niche_names}
    parameters = registry.parameters
    labels = [f"{key}/{subject}" for key, p in parameters.items() for subject in subjects[p.scope]]
    z = normal(labels, members, seed)[:, 0].astype(np.float64)
    by_label = dict(zip(labels, z, strict=True))
    keys, mixing = registry.mixing()
    if keys:
        mixed = mixing @ np.stack([by_label[f"{key}/"] for key in keys])
        by_label |= {f"{key}/": row for key, row in zip(keys, mixed, strict=True)}
    values = {
        key: p.distribution(np.stack([by_label[f"{key}/{subject}"] for subject in subjects[p.scope]]))
        for key, p in parameters.items()
    }
    return {key: value[0] if parameters[key].scope is Scope.WORLD else value for key, value in values.items()}

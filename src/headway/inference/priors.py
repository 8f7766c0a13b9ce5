"""Priors of the fit: the registry's distributions, or what stood in their place before their source was published."""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import jax.numpy as jnp
import numpyro
import numpyro.distributions as dist
from jax import Array
from pydantic import TypeAdapter

from headway.inference.arrays import Priors
from headway.scenarios.distributions import Distribution, Lognormal, Normal
from headway.scenarios.registry import registry


def draw(key: str, as_of: dt.date, own: Priors = MappingProxyType({})) -> Array:
    """Sample a registry parameter inside a NumPyro model, from its prior as known on a date; the site is the key.

    A bounded lognormal is sampled as the logarithm (site `log_KEY`): a transformed distribution does not tell the
    sampler its bounds, and a path that runs over one is a divergence.

    Raises:
        KeyError: no such parameter. ValueError: its distribution has no density to sample from.
    """
    distribution = known(key, as_of, own)
    if isinstance(distribution, Lognormal):
        value: Array = numpyro.deterministic(key, jnp.exp(numpyro.sample(f"log_{key}", _logarithm(distribution))))
        return value
    if isinstance(distribution, Normal):
        sampled: Array = numpyro.sample(key, _normal(distribution))
        return sampled
    raise ValueError(f"{key}: {type(distribution).__name__} has no density")


def known(key: str, as_of: dt.date, own: Priors = MappingProxyType({})) -> Any:
    """The user's own distribution of a parameter, else the registry's as it could have been written on a date."""
    if key in own:
        return TypeAdapter(Distribution).validate_python(own[key])
    entries = [entry for entry in _vintages().get(key, []) if entry["from"] <= as_of]
    if entries and not entries[-1].get("registry"):
        return TypeAdapter(Distribution).validate_python(entries[-1]["distribution"])
    return registry().parameters[key].distribution


def _normal(distribution: Normal) -> dist.Distribution:
    low, high = distribution.minimum, distribution.maximum
    if low is None and high is None:
        return dist.Normal(distribution.mean, distribution.sd)
    return dist.TruncatedNormal(distribution.mean, distribution.sd, low=low, high=high)


def _logarithm(distribution: Lognormal) -> dist.Distribution:
    low, high = (None if b is None else math.log(b) for b in (distribution.minimum, distribution.maximum))
    return _normal(Normal(kind="normal", mean=distribution.location, sd=distribution.scale, minimum=low, maximum=high))


def _vintages() -> dict[str, list[dict[str, Any]]]:
    text = files("headway.inference").joinpath("vintages.toml").read_text("utf-8")
    return tomllib.loads(text)

"""Priors of the fit: the registry's distributions, or what stood in their place before their source was published."""

from __future__ import annotations

import datetime as dt
import math
import tomllib
from importlib.resources import files
from typing import Any

import numpyro.distributions as dist
from pydantic import TypeAdapter

from headway.assumptions.distributions import Z90, Distribution, Lognormal, Normal
from headway.assumptions.registry import registry


def prior(key: str, as_of: dt.date) -> dist.Distribution:
    """The NumPyro distribution of a registry parameter, as known on a date.

    Raises:
        KeyError: no such parameter. ValueError: its distribution has no density to sample from.
    """
    return density(known(key, as_of))


def known(key: str, as_of: dt.date) -> Any:
    """The registry's distribution of a parameter as it could have been written on a date."""
    entries = [entry for entry in _vintages().get(key, []) if entry["from"] <= as_of]
    if entries and not entries[-1].get("registry"):
        return TypeAdapter(Distribution).validate_python(entries[-1]["distribution"])
    return registry().parameters[key].distribution


def density(distribution: Any) -> dist.Distribution:
    """A registry distribution as a NumPyro one."""
    if isinstance(distribution, Normal):
        low, high = distribution.minimum, distribution.maximum
        if low is None and high is None:
            return dist.Normal(distribution.mean, distribution.sd)
        return dist.TruncatedNormal(distribution.mean, distribution.sd, low=low, high=high)
    if isinstance(distribution, Lognormal):
        # Bounds of a lognormal are kept as bounds of its logarithm.
        centre, sd = math.log(distribution.median), math.log(distribution.spread) / Z90
        low, high = (None if b is None else math.log(b) for b in (distribution.minimum, distribution.maximum))
        base: dist.Distribution = dist.Normal(centre, sd)
        if low is not None or high is not None:
            base = dist.TruncatedNormal(centre, sd, low=low, high=high)
        return dist.TransformedDistribution(base, dist.transforms.ExpTransform())
    raise ValueError(f"{type(distribution).__name__} has no density")


def _vintages() -> dict[str, list[dict[str, Any]]]:
    text = files("headway.inference").joinpath("vintages.toml").read_text("utf-8")
    return tomllib.loads(text)

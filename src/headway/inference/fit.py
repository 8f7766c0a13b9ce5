"""The parts that a posterior is made of, each fitted on its own.

Joint fits of everything cost ten times as much and move nothing: countries without scores inform no level, and the
statistical trend sees no compute. So the likelihood is cut into three parts whose draws are combined independently.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from headway.inference.arrays import CapabilityData
from headway.scenarios.registry import registry

MECHANISMS = ("substitutes", "complements")  # compute and researchers in research: two readings, two fits


@dataclass(frozen=True)
class PosteriorPart:
    """A model and the view of the data that it is fitted to.

    Attributes:
        sites: what is kept of the draws; the rest is only needed while sampling.
    """

    name: str
    says: str
    model: Callable[[CapabilityData], None]
    view: Callable[[CapabilityData], CapabilityData]
    sites: tuple[str, ...]


def parts() -> Mapping[str, PosteriorPart]:
    """All parts, by name."""
    from headway.inference import levels, mechanistic, statistical

    model, sites = mechanistic.model, mechanistic.SITES
    every = (
        PosteriorPart(
            "runs", "largest runs and relative levels of all countries", levels.model, _everyone, levels.SITES
        ),
        PosteriorPart("trend", "local trend with catch-up", statistical.model, _scored, statistical.SITES),
        *(
            PosteriorPart(
                name, f"equations 3, 4, 6 and 7, sigma = {sigma:g}", partial(model, sigma=sigma), _scored, sites
            )
            for name, sigma in zip(MECHANISMS, readings(), strict=True)
        ),
    )
    return {part.name: part for part in every}


def _everyone(data: CapabilityData) -> CapabilityData:
    return data


def _scored(data: CapabilityData) -> CapabilityData:
    return data.scored_only()


def readings() -> tuple[float, ...]:
    """The registry's two readings of the elasticity of substitution: substitutes first."""
    choice = registry().parameters["substitution"].distribution
    return tuple(sorted(choice.values, reverse=True))  # type: ignore[union-attr]

"""Fit of a posterior to the evidence of one date: three parts, each fitted on its own, checked, thinned and stored.

Joint fits of everything cost ten times as much and move nothing: countries without scores inform no level, and the
statistical trend sees no compute. So the likelihood is cut into three parts whose draws are combined independently.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import headway
from headway.core import periods
from headway.core.cache import fingerprint, source_hash
from headway.inference.arrays import CapabilityData, Floats, capability_data
from headway.inference.sampling import Diagnostics, Draws, SamplingPlan, sample
from headway.inference.storage import Posterior
from headway.scenarios.registry import registry

if TYPE_CHECKING:
    from headway.evidence import Evidence

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
            for name, sigma in zip(MECHANISMS, elasticities(), strict=True)
        ),
    )
    return {part.name: part for part in every}


def _everyone(data: CapabilityData) -> CapabilityData:
    return data


def _scored(data: CapabilityData) -> CapabilityData:
    return data.scored_only()


def elasticities() -> tuple[float, ...]:
    """The registry's two readings of the elasticity of substitution: substitutes first."""
    choice = registry().parameters["substitution"].distribution
    return tuple(sorted(choice.values, reverse=True))  # type: ignore[union-attr]


KEEP = 2000  # draws kept of a posterior that ships
Progress = Callable[[str, int, int], None]  # part, iterations done, iterations wanted


def calibrate(
    evidence: Evidence,
    plan: SamplingPlan,
    *,
    names: Sequence[str] = (),
    without: str | None = None,
    until: str | None = None,
    keep: int = KEEP,
    checkpoints: Path | None = None,
    progress: Progress | None = None,
) -> Posterior:
    """Fit the parts to what was known on the evidence's date.

    Args:
        names: parts to fit; default all. without: country whose scores are withheld.
        until: last quarter of data. keep: draws kept, evenly thinned over the chains.
        checkpoints: folder for the state between chunks of draws; a killed fit goes on from there. The caller removes
            them once the posterior is stored.

    Raises:
        ModelError: a fit has not converged, or a checkpoint belongs to another fit.
        EvidenceError: no capability score was known on that date.
    """
    data = capability_data(evidence, until)
    if without is not None:
        data = data.without_scores_of(without)
    draws: dict[str, dict[str, Floats]] = {}
    found: dict[str, Diagnostics] = {}
    known = parts()
    for name in names or tuple(known):
        part = known[name]
        raw, diagnostics = _fit(part, data, plan, checkpoints, progress)
        diagnostics.enforce()
        draws[name] = thinned({site: raw[site] for site in part.sites}, keep)
        found[name] = diagnostics
    return Posterior(draws, data, fit_record(evidence, plan, found, without), "unsaved")


def fit_record(
    evidence: Evidence, plan: SamplingPlan, found: Mapping[str, Diagnostics], without: str | None = None
) -> dict[str, Any]:
    """Origin of a posterior: code, evidence, plan, and the diagnostics of each part."""
    return {
        "version": code_version(),
        "as_of": evidence.as_of.isoformat(),
        "snapshot": evidence.snapshot_hash,
        "own_files": evidence.user_hash,
        "fitted_on": periods.today().isoformat(),
        "without": without,
        "plan": {"chains": plan.chains, "warmup": plan.warmup, "draws": plan.draws, "seed": plan.seed},
        "diagnostics": {name: diagnostics.record() for name, diagnostics in found.items()},
    }


def _fit(
    part: PosteriorPart, data: CapabilityData, plan: SamplingPlan, checkpoints: Path | None, progress: Progress | None
) -> tuple[Draws, Diagnostics]:
    key = fit_key(part, data, plan)
    file = None if checkpoints is None else checkpoints / f"{part.name}-{key}.checkpoint"
    watch = None if progress is None else (lambda done, wanted: progress(part.name, done, wanted))
    return sample(part.model, part.view(data), plan, checkpoint=file, key=key, progress=watch)


def fit_key(part: PosteriorPart, data: CapabilityData, plan: SamplingPlan) -> str:
    """Twelve hex digits of all that a fit depends on: code version, part, data, plan."""
    return fingerprint(code_version(), part.name, plan, data)[:12]


def code_version() -> str:
    """Version of the package and eight hex digits of the source that a fit runs through."""
    return f"{headway.__version__}+{source_hash('inference', 'model', 'scenarios')}"


def thinned(draws: Draws, keep: int) -> dict[str, Floats]:
    """At most `keep` draws, evenly spaced within every chain, chains joined."""
    chains, length = next(iter(draws.values())).shape[:2]
    per_chain = min(length, max(keep // chains, 1))
    rows = np.linspace(0, length - 1, per_chain).round().astype(int)
    return {site: values[:, rows].reshape(chains * per_chain, *values.shape[2:]) for site, values in draws.items()}

"""Fitting a posterior to the evidence of one date: the parts in turn, checked, thinned and stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import headway
from headway.inference.arrays import CapabilityData, Floats, capability_data
from headway.inference.fit import Part, parts
from headway.inference.sampling import Diagnostics, Draws, Plan, sample
from headway.inference.storage import Posterior
from headway.kept import fingerprint, source

if TYPE_CHECKING:
    from headway.evidence import Evidence

KEEP = 2000  # draws kept of a posterior that ships
Progress = Callable[[str, int, int], None]  # part, iterations done, iterations wanted


def calibrate(
    evidence: Evidence,
    plan: Plan,
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
    record: dict[str, Any] = {
        "version": code_version(),
        "as_of": evidence.as_of.isoformat(),
        "snapshot": evidence.snapshot_hash,
        "fitted_on": dt.date.today().isoformat(),
        "without": without,
        "plan": {"chains": plan.chains, "warmup": plan.warmup, "draws": plan.draws, "seed": plan.seed},
        "diagnostics": {name: diagnostics.record() for name, diagnostics in found.items()},
    }
    return Posterior(draws, data, record, "unsaved")


def _fit(
    part: Part, data: CapabilityData, plan: Plan, checkpoints: Path | None, progress: Progress | None
) -> tuple[Draws, Diagnostics]:
    key = fit_key(part, data, plan)
    file = None if checkpoints is None else checkpoints / f"{part.name}-{key}.checkpoint"
    watch = None if progress is None else (lambda done, wanted: progress(part.name, done, wanted))
    return sample(part.model, part.view(data), plan, checkpoint=file, key=key, progress=watch)


def fit_key(part: Part, data: CapabilityData, plan: Plan) -> str:
    """Twelve hex digits of all that a fit depends on: code version, part, data, plan."""
    return fingerprint(code_version(), part.name, plan, data)[:12]


def code_version() -> str:
    """Version of the package and eight hex digits of the source that a fit runs through."""
    return f"{headway.__version__}+{source('inference', 'model', 'assumptions')}"


def thinned(draws: Draws, keep: int) -> dict[str, Floats]:
    """At most `keep` draws, evenly spaced within every chain, chains joined."""
    chains, length = next(iter(draws.values())).shape[:2]
    per_chain = min(length, max(keep // chains, 1))
    rows = np.linspace(0, length - 1, per_chain).round().astype(int)
    return {site: values[:, rows].reshape(chains * per_chain, *values.shape[2:]) for site, values in draws.items()}

"""Refit of the posteriors of several dates in pieces: a piece is one part of a posterior on one date."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from headway.core.cache import Arrays, fingerprint
from headway.ensemble.pieces import Gather
from headway.inference.arrays import capability_data
from headway.inference.calibrate import KEEP, calibrate, code_version, fit_record, parts
from headway.inference.sampling import Diagnostics, SamplingPlan
from headway.inference.storage import Posterior

if TYPE_CHECKING:
    from headway.evidence import Evidence

_DIAGNOSTICS = "diagnostics"  # beside the draws of a piece


@dataclass(frozen=True)
class RefitTask:
    """Fits of the parts of the posteriors of several dates.

    Attributes:
        evidence_on: evidence as known on a date.
    """

    origins: Sequence[dt.date]
    plan: SamplingPlan
    evidence_on: Callable[[dt.date], Evidence]

    @cached_property
    def recipe(self) -> dict[str, Any]:
        """All that the fits depend on."""
        return {
            "code": code_version(),
            "plan": fingerprint(self.plan)[:16],
            "kept": KEEP,
            "data": {f"{day}": fingerprint(capability_data(self.evidence_on(day)))[:16] for day in self.origins},
        }

    @cached_property
    def key(self) -> str:
        """Sixteen hex digits of the recipe."""
        return fingerprint(self.recipe)[:16]

    @cached_property
    def _fits(self) -> dict[str, tuple[dt.date, str]]:
        names = tuple(parts())
        half = len(names) // 2  # those of the equations come last and take longest: each half of a date has one of them
        order = [name for pair in zip(names[:half], names[half:], strict=True) for name in pair]
        return {f"{day}-{name}": (day, name) for day in self.origins for name in order}

    @property
    def pieces(self) -> tuple[str, ...]:
        """Names of the fits, date by date."""
        return tuple(self._fits)

    def run(self, piece: str) -> Arrays:
        """Draws of one part, by site, and its diagnostics as JSON.

        Raises:
            ModelError: the fit has not converged.
        """
        day, name = self._fits[piece]
        fit = calibrate(self.evidence_on(day), self.plan, names=(name,))
        return {**fit.draws[name], _DIAGNOSTICS: np.array(json.dumps(fit.record["diagnostics"][name]))}

    def posteriors(self, gather: Gather) -> dict[dt.date, Posterior]:
        """Posteriors by date, put together of their parts.

        Raises:
            ModelError: a fit has not converged. Whatever `gather` raises.
        """
        found = dict(zip(self._fits.values(), map(dict, gather(self)), strict=True))
        made = {}
        for day in self.origins:
            evidence = self.evidence_on(day)
            draws = {name: found[day, name] for name in parts()}
            told = {name: Diagnostics(**json.loads(str(sites.pop(_DIAGNOSTICS)))) for name, sites in draws.items()}
            made[day] = Posterior(draws, capability_data(evidence), fit_record(evidence, self.plan, told), "unsaved")
        return made

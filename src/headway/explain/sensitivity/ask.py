"""From words to a table of sensitivities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from headway.core.errors import InputError
from headway.core.periods import quarter_name, quarter_number
from headway.ensemble.pieces import Gather, run_here
from headway.ensemble.question import ask, quarter
from headway.explain.attribution import inhabitants
from headway.explain.causes import causes
from headway.explain.question import explain, require
from headway.explain.sensitivity import given
from headway.explain.sensitivity.prior import DESIGNS, analysed
from headway.explain.setting import METRICS, PairSimulator
from headway.scenarios.world.capability import last_scored

if TYPE_CHECKING:
    from headway.ensemble.question import PosteriorDraws
    from headway.evidence import Evidence

DRAWS = {"pawn": given.pawn, "delta": given.delta}
_SCORED = ("eci", "months")  # scales of the gap that follow from scores alone


@dataclass(frozen=True)
class SensitivityQuestion:
    """Question of the uncertain numbers that a gap between two countries, and its causes, hang on.

    Attributes:
        method: of `DESIGNS` (independent draws from the prior) or of `DRAWS` (draws of an attribution, correlated or
            not). at: quarter or year; the last with scores where none is given.
        samples: base samples, trajectories or draws. by_tier: whole tiers as groups; for `DESIGNS` alone.
        output: the only output to tell of; all of them where none is given.
    """

    method: str
    samples: int
    at: str | None = None
    scenario: str = "baseline"
    seed: int = 0
    by_tier: bool = False
    output: str | None = None

    def __post_init__(self) -> None:
        if self.by_tier and self.correlated:
            raise InputError(f"--by-tier: {self.method} looks at one factor at a time; use morris or sobol")
        parts = [f"part: {cause.cause}" for cause in causes().causes]
        known = [*METRICS, *(parts if self.correlated else ())]
        if self.output in (None, *known):
            return
        more = "; pawn and delta tell of the parts of causes" if self.output in parts else ""
        raise InputError(f"--output {self.output}: with --method {self.method} it is one of {', '.join(known)}{more}")

    @property
    def correlated(self) -> bool:
        """Whether the method takes draws as they are, those of a posterior too."""
        return self.method in DRAWS

    def answer(
        self, evidence: Evidence, pair: tuple[str, str], fit: PosteriorDraws | None, gather: Gather = run_here
    ) -> pd.DataFrame:
        """Table of the method (`given.pawn`, `given.delta`, `prior.analysed`).

        Args:
            pair: codes of the country and of its rival.
            fit: posterior that `DRAWS` takes its draws from; None is the prior, as it is for `DESIGNS`.
            gather: finds the pieces, as one process or many machines.

        Raises:
            InputError, EvidenceError: as `headway.explain.question.explain`; fewer than 200 draws; an output that is
                the same in all draws.
        """
        run = self._on_draws if self.correlated else self._on_prior
        table = run(evidence, pair, fit, gather)
        if self.output is None:
            return table
        moving = list(dict.fromkeys(table["output"]))
        if self.output not in moving:
            raise InputError(self._still(evidence, moving))
        return table[table["output"] == self.output]

    def _on_prior(
        self, evidence: Evidence, pair: tuple[str, str], fit: PosteriorDraws | None, gather: Gather
    ) -> pd.DataFrame:
        require(evidence, *pair)
        date = quarter(self.at, "--at") if self.at else quarter_name(last_scored(evidence))
        ensemble = ask(
            evidence, self.scenario, focal=pair[:1], countries=pair, series=(), seed=self.seed, posterior=None
        )
        people = inhabitants(evidence, pair)
        stage = PairSimulator(ensemble, *pair, (date,), (people[0], people[1]))
        return analysed(
            DESIGNS[self.method],
            stage,
            self.samples,
            by_tier=self.by_tier,
            seed=self.seed,
            recipe=ensemble.recipe,
            gather=gather,
        )

    def _on_draws(
        self, evidence: Evidence, pair: tuple[str, str], fit: PosteriorDraws | None, gather: Gather
    ) -> pd.DataFrame:
        found, ensemble = explain(
            evidence,
            *pair,
            at=self.at,
            scenario=self.scenario,
            draws=self.samples,
            seed=self.seed,
            fit=fit,
            gather=gather,
        )
        return DRAWS[self.method](given.inputs(found), given.outputs(found), ensemble.registry, seed=self.seed)

    def _still(self, evidence: Evidence, moving: list[str]) -> str:
        """Words on an output that is the same in all draws, and on those that are not."""
        last = last_scored(evidence)
        date = quarter(self.at, "--at") if self.at else quarter_name(last)
        why, later = "it is the same in all draws", ""
        if self.output in _SCORED and quarter_number(date) <= last:
            why = (
                f"the scores of both countries fix it up to {quarter_name(last)}, so that no uncertain number moves it"
            )
            later = f", and a later date (--at {int(date[:4]) + 2}) has {self.output} too"
        return f"--output {self.output}: {why}; {date} has {', '.join(moving) or 'no other output'}{later}"

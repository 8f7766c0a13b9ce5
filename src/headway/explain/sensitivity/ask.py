"""From words to a table of sensitivities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from headway.core.periods import quarter_name
from headway.ensemble.pieces import Gather, run_here
from headway.ensemble.question import ask, quarter
from headway.explain.attribution import inhabitants
from headway.explain.question import explain, require
from headway.explain.sensitivity import given, prior
from headway.explain.setting import PairSimulator
from headway.scenarios.world.capability import last_scored

if TYPE_CHECKING:
    from headway.ensemble.question import PosteriorDraws
    from headway.evidence import Evidence

PRIOR = {"morris": prior.morris, "sobol": prior.sobol}
DRAWS = {"pawn": given.pawn, "delta": given.delta}


def on_prior(
    evidence: Evidence,
    country: str,
    rival: str,
    *,
    method: str,
    at: str | None,
    scenario: str,
    samples: int,
    seed: int,
    by_tier: bool,
    gather: Gather = run_here,
) -> pd.DataFrame:
    """Morris or Sobol on the prior; see `prior`.

    Args:
        gather: finds the answers at the points, as one process or many machines.

    Raises:
        InputError, EvidenceError: as `headway.explain.question.explain`.
    """
    require(evidence, country, rival)
    date = quarter(at, "--at") if at else quarter_name(last_scored(evidence))
    ensemble = ask(
        evidence, scenario, focal=(country,), countries=(country, rival), series=(), seed=seed, posterior=None
    )
    people = inhabitants(evidence, (country, rival))
    stage = PairSimulator(ensemble, country, rival, (date,), (people[0], people[1]))
    return PRIOR[method](stage, samples, by_tier=by_tier, seed=seed, recipe=ensemble.recipe, gather=gather)


def on_draws(
    evidence: Evidence,
    country: str,
    rival: str,
    *,
    method: str,
    at: str | None,
    scenario: str,
    draws: int,
    seed: int,
    fit: PosteriorDraws | None,
    gather: Gather | None = None,
) -> pd.DataFrame:
    """PAWN or delta on the draws of an attribution: the gap on all scales, and the part of every cause; see `given`.

    Args:
        gather: finds the blocks of draws where machines share them.

    Raises:
        InputError, EvidenceError: as `headway.explain.question.explain`; fewer than 200 draws.
    """
    found, ensemble = explain(
        evidence, country, rival, at=at, scenario=scenario, draws=draws, seed=seed, fit=fit, gather=gather
    )
    return DRAWS[method](given.inputs(found), given.outputs(found), ensemble.registry, seed=seed)

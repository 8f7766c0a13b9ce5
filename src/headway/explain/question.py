"""From words to an attribution: country, rival, date and scenario as a user names them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from headway.core.errors import EvidenceError, InputError
from headway.core.periods import quarter_name, quarter_number
from headway.ensemble.pieces import Gather
from headway.ensemble.question import ask, quarter
from headway.ensemble.simulation import BLOCK, Ensemble
from headway.explain.attribution import Attribution, attribute, inhabitants
from headway.explain.causes import Causes, causes
from headway.inference import outlook, record
from headway.scenarios.distributions import Choice
from headway.scenarios.registry import registry
from headway.scenarios.world.capability import last_scored

if TYPE_CHECKING:
    from headway.ensemble.question import PosteriorDraws
    from headway.evidence import Evidence


def why_not(evidence: Evidence, country: str) -> str:
    """Why a country cannot be explained, as the end of a sentence; empty where it can."""
    if reason := outlook.why_not(evidence, country):
        return reason
    return "" if (evidence.observations("population", country)["value"] > 0).any() else "its population is not known"


def require(evidence: Evidence, *countries: str) -> None:
    """Refuse a question about countries that cannot be explained.

    Raises:
        EvidenceError: names the first such country and says why.
    """
    for code in countries:
        if reason := why_not(evidence, code):
            raise EvidenceError(f"{evidence.resolve(code).name} ({code}) cannot be explained by the model: {reason}")


def explain(
    evidence: Evidence,
    country: str,
    rival: str,
    *,
    at: str | None = None,
    since: str | None = None,
    scenario: str = "baseline",
    draws: int = BLOCK,
    seed: int = 0,
    fit: PosteriorDraws | None,
    chosen: Causes | None = None,
    check: bool = False,
    progress: Callable[[int], None] = lambda done: None,
    gather: Gather | None = None,
) -> tuple[Attribution, Ensemble]:
    """Split the gap of a country against a rival over its causes.

    Args:
        at: quarter or year (its last quarter); the last one with scores where none is given. since: an earlier one.
        fit: posterior to draw from; None draws from the prior. check: measure what holding the world costs.
        gather: finds the blocks of draws where machines share them, see `attribute`.

    Returns:
        The attribution at (since and) at, and the ensemble it was drawn from.

    Raises:
        InputError: an unknown country or scenario, a date that cannot be, two dates in the wrong order.
        EvidenceError: the evidence cannot anchor the model, or says too little of a country.
    """
    require(evidence, country, rival)
    last = quarter(at, "--at") if at else quarter_name(last_scored(evidence))
    dates = (quarter(since, "--since"), last) if since else (last,)
    if since and quarter_number(dates[0]) >= quarter_number(last):
        raise InputError(f"--since {since} must come before --at {last}")
    ensemble = ask(
        evidence,
        scenario,
        focal=(country,),
        countries=(country, rival),
        series=(),
        until=_until(last),
        seed=seed,
        posterior=fit,
    )
    people = inhabitants(evidence, (country, rival))
    made = attribute(
        ensemble,
        country,
        rival,
        dates=dates,
        people=(people[0], people[1]),
        causes=chosen or causes(),
        draws=draws,
        check=check,
        progress=progress,
        gather=gather,
    )
    return made, ensemble


def begins_after(ensemble: Ensemble, date: str) -> bool:
    """Whether the scenario changes nothing up to a date: no parameter, and no driver before it."""
    world = ensemble.world
    rows = slice(quarter_number(date) - world.grid.first + 1)
    paths = ensemble.drivers.paths.items()
    same = all(np.allclose(path[rows], world.drivers.paths[driver][rows]) for driver, path in paths)
    return same and not ensemble.held


def _until(last: str) -> str:
    """The horizon that other questions share, wherever it reaches far enough: then they share what is compiled."""
    return outlook.HORIZON if quarter_number(last) <= quarter_number(outlook.HORIZON) else last


def fitted(fit: PosteriorDraws | None, subject: str, rival: str, as_of: dt.date) -> tuple[str, ...]:
    """Parameters that a posterior weighs, named as in `Attribution.values`; none without one.

    Structures, of which every draw has one, are weighed by the hindcast: without its record they are not weighed.

    Args:
        as_of: day of the evidence; a record of a later day is not known.
    """
    if fit is None:
        return ()
    structures = {key for key, parameter in registry().parameters.items() if isinstance(parameter.distribution, Choice)}
    unweighed = structures if record.stored(as_of) is None else set()
    names = [key for key in fit.values if key not in unweighed]
    for side, code in (("subject", subject), ("rival", rival)):
        if code in fit.countries and np.isfinite(fit.log10_compute[:, fit.countries.index(code)]).any():
            names.append(f"compute_error/{side}")
    return tuple(names)

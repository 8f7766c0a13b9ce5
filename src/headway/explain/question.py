"""From words to an attribution: country, rival, date and scenario as a user names them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from headway.assumptions.quarters import name, number
from headway.assumptions.world.capability import last_scored
from headway.ensemble.engine import BLOCK, Ensemble
from headway.ensemble.question import AHEAD, ask, quarter
from headway.errors import EvidenceError, InputError
from headway.explain.attribution import Attribution, attribute, inhabitants
from headway.explain.causes import Causes, causes
from headway.inference import outlook
from headway.inference.posterior import load as posterior

__all__ = ["explain", "fitted", "posterior", "why_not"]

if TYPE_CHECKING:
    import xarray as xr

    from headway.evidence import Evidence


def why_not(evidence: Evidence, country: str) -> str:
    """Why a country cannot be explained, as the end of a sentence; empty where it can."""
    if reason := outlook.why_not(evidence, country):
        return reason
    return "" if (evidence.observations("population", country)["value"] > 0).any() else "its population is not known"


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
    fit: xr.Dataset | None = None,
    chosen: Causes | None = None,
    check: bool = False,
    progress: Callable[[int], None] = lambda done: None,
) -> tuple[Attribution, Ensemble]:
    """Split the gap of a country against a rival over its causes.

    Args:
        at: quarter or year (its last quarter); the last one with scores where none is given. since: an earlier one.
        fit: posterior to draw from; None draws from the prior. check: measure what holding the world costs.

    Returns:
        The attribution at (since and) at, and the ensemble it was drawn from.

    Raises:
        InputError: an unknown country or scenario, a date that cannot be, two dates in the wrong order.
        EvidenceError: the evidence cannot anchor the model, or says too little of a country.
    """
    for code in (country, rival):
        if reason := why_not(evidence, code):
            raise EvidenceError(f"{evidence.resolve(code).name} ({code}) cannot be explained by the model: {reason}")
    last = quarter(at) if at else name(last_scored(evidence))
    dates = (quarter(since), last) if since else (last,)
    if since and number(dates[0]) >= number(last):
        raise InputError(f"--since {since} must come before --at {last}")
    ensemble = ask(
        evidence,
        scenario,
        focal=(country,),
        countries=(country, rival),
        series=(),
        until=_until(evidence, last),
        seed=seed,
        posterior=fit,
    )
    people = inhabitants(evidence, (country, rival))
    made = attribute(
        ensemble,
        country,
        rival,
        dates,
        (people[0], people[1]),
        chosen or causes(),
        draws=draws,
        check=check,
        progress=progress,
    )
    return made, ensemble


def _until(evidence: Evidence, last: str) -> str | None:
    """None, the usual horizon that other questions share, wherever it reaches far enough."""
    return last if number(last) > last_scored(evidence) + AHEAD else None


def fitted(fit: xr.Dataset | None, subject: str, rival: str) -> tuple[str, ...]:
    """Parameters that a posterior holds, named as in `Attribution.values`; none without one."""
    if fit is None:
        return ()
    names = [str(key) for key, values in fit.data_vars.items() if values.dims == ("draw",)]
    for side, code in (("subject", subject), ("rival", rival)):
        if code in fit["country"].to_numpy():
            known = fit["log10_compute"].sel(country=code)
            names += [f"compute_error/{side}"] if bool(known.notnull().any()) else []
    return tuple(names)

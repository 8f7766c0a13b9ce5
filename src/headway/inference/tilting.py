"""Entropic tilting: rows of a posterior weighted so that the baseline scenario rises over a year as the forecast does.

The equations alone rose too slowly at every origin of the hindcast, while the forecast (`headway.inference.forecaster`)
did not. Of all weights that give the baseline scenario the forecast's mean rise, the tilted ones are nearest to equal
weights in relative entropy: w ∝ exp(λ x), x what a row adds to the best scores of the countries that keep releasing,
on average over them, in four quarters (Robertson, Tallman and Whiteman 2005, J. Money, Credit and Banking 37:383–401;
Krüger, Clark and Ravazzolo 2017, J. Business & Economic Statistics 35:470–485). One moment common to all countries was
better in the hindcast than one for each country, or second moments: it keeps two to eight times as many rows.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import brentq

from headway.core import periods
from headway.core.errors import EvidenceError
from headway.ensemble.inputs import row_of
from headway.ensemble.question import PosteriorDraws, ask
from headway.ensemble.simulation import survivors
from headway.ensemble.summary import dataset
from headway.inference import record, scores
from headway.inference.arrays import Floats
from headway.inference.forecaster import Settings, drift_at, forecast, rebased
from headway.inference.posterior import TILT, untilted
from headway.inference.record import HEADWAY
from headway.inference.releases import Releases
from headway.inference.storage import Posterior

if TYPE_CHECKING:
    import xarray as xr

    from headway.evidence import Evidence

QUARTERS = 4  # ahead, at which the rise is compared
REPEATS = 2  # members run for each row, so that their noise averages out
LEAST = 0.05  # share of effective rows below which the tilt stops short of the forecast


@dataclass(frozen=True)
class Tilt:
    """Weights of the rows of a posterior.

    Attributes:
        weight: adding up to 1, (rows,).
        before, target, after: mean best score a year ahead, ECI: under equal weights, of the forecast, under these.
        effective: effective number of rows as a share of all, in (0, 1].
    """

    weight: Floats
    before: float
    target: float
    after: float
    effective: float


def tilt(evidence: Evidence, releases: Releases, posterior: Posterior) -> Posterior:
    """The posterior with the weights of its rows, towards Headway's forecast from the end of its data.

    Args:
        evidence: the same that the posterior was fitted to. releases: all scored models; later ones take no part.

    Raises:
        EvidenceError: the posterior was fitted to evidence of another date.
    """
    known, settings = at_origin(evidence, releases, posterior)
    found = weights(evidence, posterior, known, settings)
    if found is None:
        return posterior
    told: dict[str, Any] = {
        "before": round(found.before, 2),
        "target": round(found.target, 2),
        "after": round(found.after, 2),
        "effective": round(found.effective, 3),
        "readings": dict(settings.readings),
    }
    return replace(
        posterior,
        draws={**posterior.draws, TILT: {"weight": found.weight}},
        record={**posterior.record, TILT: told},
    )


def at_origin(evidence: Evidence, releases: Releases, posterior: Posterior) -> tuple[Releases, Settings]:
    """Releases known at the origin of the forecast of a posterior, and the forecast's settings.

    Evidence after the last quarter with a score says nothing of the scores: the forecast starts where they end.

    Args:
        evidence: the same that the posterior was fitted to. releases: all scored models, later ones too.

    Raises:
        EvidenceError: the posterior was fitted to evidence of another date.
    """
    data = posterior.data
    if data.as_of != evidence.as_of:
        raise EvidenceError(f"the posterior of {data.as_of} cannot speak for the evidence of {evidence.as_of}")
    origin = min(data.as_of, periods.quarter_end(data.last))
    return releases.until(origin), Settings(drift_at(releases, origin), record.weights())


def sentence(posterior: Posterior) -> str:
    """Sentence on what the tilt of a posterior changed."""
    told = posterior.record.get(TILT)
    if told is None:
        return "the rows of the fit are not weighed: no country keeps releasing scored models"
    return (
        f"the rows of the fit are weighed: a year ahead the best scores of the countries that keep releasing are "
        f"{told['after']:g} on average in the baseline scenario ({told['before']:g} before, {told['target']:g} in the "
        f"forecast), with {told['effective']:.0%} of the rows effective"
    )


def weights(evidence: Evidence, posterior: Posterior, known: Releases, settings: Settings) -> Tilt | None:
    """Weights of the rows of the `untilted` posterior; None where no country keeps releasing scored models.

    Args:
        evidence: the same that the posterior was fitted to. known: releases known at the origin of the forecast.
        settings: of the forecast.
    """
    quarter = periods.quarter_number_of(known.as_of + dt.timedelta(days=1)) + QUARTERS - 1
    made = forecast(known, posterior, quarter, settings)
    kept = [code for code in made.countries if known.keeps_releasing(code)]
    if not kept:
        return None
    rise = _rise(evidence, posterior, settings.readings, known, kept, range(made.quarters[0], quarter + 1))
    even = (np.arange(1000) + 0.5) / 1000
    means = [np.interp(even, scores.PROBABILITIES, made.of(HEADWAY, code, quarter)).mean() for code in kept]
    return tilted(rise, float(np.mean(means)))


def tilted(values: Floats, target: float) -> Tilt:
    """Weights ∝ exp(λ x) whose mean of `values` is the target, or as near as `LEAST` lets them come.

    Args:
        values: x, (rows,).

    Examples:
        >>> import numpy as np
        >>> found = tilted(np.arange(100.0), 60.0)
        >>> round(found.after, 6), found.effective < 1
        (60.0, True)
    """
    scale = float(values.std()) or 1.0
    z, goal = (values - values.mean()) / scale, (target - values.mean()) / scale

    def weigh(slope: float) -> Floats:
        raw = np.exp(slope * z - (slope * z).max())
        return np.asarray(raw / raw.sum())

    def effective(slope: float) -> float:
        return float(1 / (weigh(slope) ** 2).sum() / len(z))

    far = 1.0
    while min(effective(far), effective(-far)) > LEAST and far < 64:
        far *= 2
    side = 1.0 if goal >= 0 else -1.0
    # Both the mean and the loss of effective rows grow with the slope.
    bound = far if effective(side * far) >= LEAST else brentq(lambda size: effective(side * size) - LEAST, 0.0, far)
    slope = side * bound
    if abs(goal) < 1e-9:
        slope = 0.0
    elif side * float(weigh(slope) @ z) > abs(goal):
        slope = side * float(brentq(lambda size: side * float(weigh(side * size) @ z) - abs(goal), 0.0, bound))
    weight = weigh(slope)
    return Tilt(weight, float(values.mean()), target, float(weight @ values), effective(slope))


def baseline_runs(
    evidence: Evidence,
    draws: PosteriorDraws,
    *,
    last: str,
    countries: Sequence[str],
    series: Sequence[str],
    members: int,
) -> xr.Dataset:
    """The baseline run of some countries, members that failed left out."""
    asked = ask(evidence, countries=countries, series=series, until=last, posterior=draws)
    run = dataset(asked, range(members))
    return run.isel(member=np.flatnonzero(survivors(run["status"].to_numpy())))


def _rise(
    evidence: Evidence,
    posterior: Posterior,
    readings: Mapping[str, float],
    known: Releases,
    countries: Sequence[str],
    quarters: range,
) -> Floats:
    """Mean best score of the countries at the end of the last quarter, by row of the posterior, ECI, (rows,)."""
    draws = untilted(posterior, readings)
    count = len(draws)
    runs = baseline_runs(
        evidence,
        draws,
        last=periods.quarter_name(quarters[-1]),
        countries=countries,
        series=("sovereign",),
        members=REPEATS * count,
    )
    grid = range(posterior.data.first, quarters[-1] + 1)
    names = [periods.quarter_name(quarter) for quarter in grid]
    sovereign = runs["sovereign"].sel(country=list(countries), quarter=names).transpose("member", "country", "quarter")
    now = np.array([known.best(code, known.as_of) for code in countries])
    last = rebased(known, countries, np.asarray(sovereign.to_numpy(), dtype=np.float64), grid)[:, :, -1]
    best = np.maximum(last, now).mean(axis=1)
    rows = row_of(runs["member"].to_numpy(), count)
    total, times = (np.bincount(rows, one, minlength=count) for one in (best, np.ones_like(best)))
    return np.where(times > 0, total / np.maximum(times, 1), best.mean())

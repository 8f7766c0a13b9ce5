"""A dated forecast that cannot be changed afterwards, and its score once the future is known.

Sovereign capability, lag and the best published score are pooled from the structures by their hindcast weights; the
mechanistic side is the ensemble's baseline run from the posterior, since compute years ahead depends on money and
controls. Compute and largest runs are the ensemble's alone. The naive forecasts are frozen beside.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

import headway
from headway.core import quarters
from headway.core.errors import EvidenceError
from headway.ensemble.labelled import dataset
from headway.ensemble.question import ask
from headway.ensemble.survivors import survivors
from headway.inference import baselines, record, scores
from headway.inference.actuals import Actual
from headway.inference.arrays import CapabilityData, Floats
from headway.inference.baselines import BASELINES
from headway.inference.paths import LevelPaths, best_so_far, lags, published
from headway.inference.posterior import as_draws
from headway.inference.storage import Posterior
from headway.inference.structure import structure

if TYPE_CHECKING:
    import xarray as xr

    from headway.evidence import Evidence

FORMAT = 1
LAST = "2030Q4"
MEMBERS = 2048
SEED = 31
STATISTICAL = "statistical"
_ENSEMBLE = ("sovereign", "lag", "lag_censored", "compute", "training_run")


def freeze(evidence: Evidence, posterior: Posterior, last: str = LAST) -> dict[str, Any]:
    """The forecast of every modelled country, quarter by quarter, with its hash.

    Args:
        evidence: the same that the posterior was fitted to.

    Raises:
        EvidenceError: the posterior was fitted to evidence of another date.
    """
    data = posterior.data
    if data.as_of != evidence.as_of:
        raise EvidenceError(f"the posterior of {data.as_of} cannot speak for the evidence of {evidence.as_of}")
    rng = np.random.default_rng(SEED)
    first, end = data.last + 1, quarters.number(last)
    weights = record.weights()
    share = weights.get(STATISTICAL, 0.0)
    statistical = structure(STATISTICAL).forecast(posterior, end, rng)
    runs = _ensemble(evidence, posterior, last)
    countries = {
        code: _country(code, data, statistical, runs, share, range(first, end + 1), rng)
        for code in [str(name) for name in runs["country"].to_numpy()]
    }
    content = {
        "format": FORMAT,
        "title": "Best published capability score, sovereign capability, lag and compute by country and quarter",
        "frozen_on": dt.date.today().isoformat(),
        "data_until": quarters.ends(data.last).isoformat(),
        "as_of": data.as_of.isoformat(),
        "version": headway.__version__,
        "snapshot": evidence.snapshot_hash,
        "posterior": posterior.hash,
        "scenario": "baseline",
        "weights": weights,
        "units": {
            "record": "ECI points, best published score so far", "sovereign": "ECI points", "lag": "months",
            "log10_compute": "log10 H100e", "log10_run": "log10 FLOP",
        },
        "probabilities": list(scores.PROBABILITIES),
        "quarters": [quarters.name(quarter) for quarter in range(first, end + 1)],
        "countries": countries,
        "baselines": _baselines(data, range(first, end + 1)),
    }  # fmt: skip
    return {**content, "sha256": digest(content)}


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content in canonical JSON, without the hash itself."""
    plain = {key: value for key, value in content.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def opened(text: str, name: str) -> dict[str, Any]:
    """A frozen forecast read back.

    Raises:
        EvidenceError: it is not one, or was changed after it was frozen.
    """
    try:
        content = json.loads(text)
        intact = content["sha256"] == digest(content)
        if content["format"] != FORMAT:
            raise KeyError("format")
    except (ValueError, KeyError, TypeError) as error:
        raise EvidenceError(f"{name} is not a frozen forecast ({error})") from error
    if not intact:
        raise EvidenceError(f"{name} was changed after it was frozen: its hash does not match")
    return dict(content)


def _ensemble(evidence: Evidence, posterior: Posterior, last: str) -> xr.Dataset:
    """The baseline run of all modelled countries, members that failed left out."""
    fit = as_draws(posterior)
    world = ask(evidence, posterior=fit, until=last).world
    codes = [code for code in world.countries if len(code) == 3 and code in posterior.data.countries]
    run = dataset(ask(evidence, countries=codes, series=_ENSEMBLE, until=last, posterior=fit), range(MEMBERS))
    return run.isel(member=np.flatnonzero(survivors(run["status"].to_numpy())))


def _country(
    code: str, data: CapabilityData, statistical: LevelPaths, runs: xr.Dataset, share: float, span: range,
    rng: np.random.Generator,
) -> dict[str, Any]:  # fmt: skip
    index = data.countries.index(code)
    mine = runs.sel(country=code)
    names = [quarters.name(quarter) for quarter in span]

    def series(name: str) -> Floats:
        return np.asarray(mine[name].sel(quarter=names).to_numpy(), dtype=np.float64)  # (quarter, member)

    def pooled(ours: Floats, theirs: Floats) -> list[list[float]]:
        pools = [scores.mixture([a, b], [share, 1 - share], 4000, rng) for a, b in zip(ours, theirs, strict=True)]
        return [_rounded(scores.quantiles(pool)) for pool in pools]

    start = data.n_quarters - 1
    level = statistical.sovereign[:, index, start + 1 :].T
    found: dict[str, Any] = {"scored": index in data.scored}
    found["sovereign"] = pooled(level, series("sovereign"))
    found["lag"] = pooled(lags(statistical, index)[:, start + 1 :].T, series("lag"))
    found["log10_compute"] = [_rounded(scores.quantiles(row)) for row in np.log10(np.maximum(series("compute"), 1.0))]
    found["log10_run"] = [_rounded(scores.quantiles(row)) for row in series("training_run")]
    if found["scored"]:
        anchor = mine["sovereign"].sel(quarter=quarters.name(data.last)).to_numpy()[None]
        path = np.concatenate([anchor, series("sovereign")]).T[:, None, :]
        best, live = best_so_far(data)[[index]], data.live[[index]]
        theirs = published(path.astype(np.float64), best, live, 0, rng)[:, 0, 1:].T
        found["record"] = pooled(statistical.record[:, index, 1:].T, theirs)
    return found


def _rounded(values: Floats) -> list[float]:
    return [round(float(value), 3) for value in values]


def _baselines(data: CapabilityData, span: range) -> dict[str, Any]:
    """Centres and spreads of the naive forecasts; the spread is the one that served them best in the hindcast."""
    stored = record.stored() or {}
    known = baselines.series(data)
    found: dict[str, Any] = {}
    for name, rule in BASELINES.items():
        sd = float(stored.get("spreads", {}).get(name, 5.0))
        centres = {
            data.countries[row]: [
                round(rule(known, row, (quarter + 1 - data.first) / 4 - data.known_until), 3) for quarter in span
            ]
            for row in data.scored
        }
        found[name] = {"sd_per_root_year": sd, "known_until": round(data.known_until, 4), "centres": centres}
    return found


def score(frozen: Mapping[str, Any], actuals: Sequence[Actual]) -> dict[str, Any]:
    """CRPS, absolute error and coverage of the frozen forecast and of the naive ones, on what came true."""
    names = {name: k for k, name in enumerate(frozen["quarters"])}
    first = quarters.number(frozen["quarters"][0])
    rows: list[dict[str, Any]] = []
    for actual in actuals:
        k = names[quarters.name(actual.quarter)]
        forecasts = {"headway": np.asarray(frozen["countries"][actual.country]["record"][k])}
        ahead = (actual.quarter - first + 1) / quarters.PER_YEAR
        for name, entry in frozen["baselines"].items():
            centre = entry["centres"][actual.country][k]
            forecasts[name] = baselines.spread(centre, entry["sd_per_root_year"], ahead)
        for name, values in forecasts.items():
            low, median, high = (float(np.interp(p, scores.PROBABILITIES, values)) for p in (0.05, 0.5, 0.95))
            rows.append(
                {
                    "forecast": name,
                    "country": actual.country,
                    "quarter": quarters.name(actual.quarter),
                    "actual": actual.eci,
                    "median": round(median, 2),
                    "low": round(low, 2),
                    "high": round(high, 2),
                    **{key: round(value, 4) for key, value in scores.score(values, actual.eci).items()},
                }
            )
    order = dict.fromkeys(row["forecast"] for row in rows)
    keys = ("crps", "error", "mae", *(f"in{round(100 * level)}" for level in scores.LEVELS))
    summary = {
        name: scores.mean_scores([{key: row[key] for key in keys} for row in rows if row["forecast"] == name])
        for name in order
    }
    return {
        "forecast": {key: frozen[key] for key in ("frozen_on", "data_until", "posterior", "snapshot", "sha256")},
        "summary": summary,
        "points": rows,
    }


def countries(frozen: Mapping[str, Any]) -> tuple[str, ...]:
    """Countries whose best published score is forecast."""
    return tuple(code for code, entry in frozen["countries"].items() if "record" in entry)

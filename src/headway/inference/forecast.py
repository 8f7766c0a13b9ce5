"""Dated forecast that cannot be changed afterwards, and its score against what came true.

Sovereign capability, lag and the best published score are pooled from the structures by their hindcast weights; the
mechanistic side is the ensemble's baseline run from the posterior, since compute years ahead depends on money and
controls. Compute and largest runs are the ensemble's alone. The naive forecasts are frozen beside.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import headway
from headway.core import periods
from headway.core.errors import EvidenceError, InputError
from headway.ensemble.question import ask
from headway.ensemble.simulation import survivors
from headway.ensemble.summary import dataset
from headway.inference import baselines, record, scores
from headway.inference.arrays import CapabilityData, Floats
from headway.inference.baselines import BASELINES
from headway.inference.paths import LevelPaths, best_so_far, lags, published
from headway.inference.posterior import as_draws
from headway.inference.storage import Posterior
from headway.inference.structure import structure

if TYPE_CHECKING:
    import xarray as xr

    from headway.evidence import Evidence

COLUMNS = ("country", "quarter", "eci")
LOWEST, HIGHEST = 0.0, 500.0  # no score of the scale lies outside


@dataclass(frozen=True)
class Actual:
    """Best published score of a country up to the end of a quarter."""

    country: str
    quarter: int
    eci: float


def read_actuals(path: Path, forecast: Collection[str], span: tuple[int, int]) -> list[Actual]:
    """Read a CSV table with the columns country (ISO 3166-1 alpha-3), quarter (2026Q1) and eci (best score so far).

    Args:
        forecast: codes of the countries that have a forecast. span: first and last quarter forecast.

    Raises:
        InputError: the file cannot be read or a row breaks a rule; the message names file, row and field.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} is not UTF-8 text ({error.reason} at byte {error.start}); save it as CSV UTF-8"
        ) from None
    reader = csv.DictReader(text.splitlines())
    header = [name.strip() for name in reader.fieldnames or []]
    reader.fieldnames = header
    if missing := [name for name in COLUMNS if name not in header]:
        raise InputError(
            f"{path}: no column {', '.join(missing)}; the header must hold {', '.join(COLUMNS)} "
            f"and holds {', '.join(header) or 'nothing'}"
        )
    rows = [_row(f"{path}, row {line}", row, forecast, span) for line, row in enumerate(reader, start=2)]
    if not rows:
        raise InputError(f"{path} holds no row below its header")
    _consistent(path, rows)
    return rows


def _row(where: str, row: Mapping[str | None, str | None], forecast: Collection[str], span: tuple[int, int]) -> Actual:
    if None in row:
        raise InputError(f"{where}: more cells than the header has columns; quote cells that hold a comma")
    country, quarter, eci = ((row.get(name) or "").strip() for name in COLUMNS)
    if country not in forecast:
        hint = f"; write {country.upper()}" if country.upper() in forecast else ""
        raise InputError(
            f"{where}: country '{country}' has no forecast{hint}; forecast are {', '.join(sorted(forecast))}"
        )
    try:
        number = periods.quarter_number(quarter)
    except InputError as error:
        raise InputError(f"{where}: quarter {error}") from None
    if not span[0] <= number <= span[1]:
        raise InputError(
            f"{where}: quarter {quarter} is not forecast; forecasts run from {periods.quarter_name(span[0])} "
            f"to {periods.quarter_name(span[1])}"
        )
    try:
        score = float(eci)
    except ValueError:
        raise InputError(f"{where}: eci '{eci}' is not a number; write a score such as 157.3") from None
    if not math.isfinite(score) or not LOWEST < score < HIGHEST:
        raise InputError(f"{where}: eci {eci} is not a score; scores lie between {LOWEST:g} and {HIGHEST:g}")
    return Actual(country, number, score)


def _consistent(path: Path, rows: list[Actual]) -> None:
    """No pair twice, and no record that falls."""
    seen: dict[tuple[str, int], int] = {}
    for line, row in enumerate(rows, start=2):
        if (row.country, row.quarter) in seen:
            raise InputError(
                f"{path}, row {line}: {row.country} {periods.quarter_name(row.quarter)} stands in row "
                f"{seen[row.country, row.quarter]} already"
            )
        seen[row.country, row.quarter] = line
    ordered = sorted(rows, key=lambda row: (row.country, row.quarter))
    for before, after in pairwise(ordered):
        if before.country == after.country and after.eci < before.eci:
            raise InputError(
                f"{path}, row {seen[after.country, after.quarter]}: eci {after.eci:g} of {after.country} is below "
                f"{before.eci:g} in {periods.quarter_name(before.quarter)}; the best score so far never falls"
            )


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
    first, end = data.last + 1, periods.quarter_number(last)
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
        "data_until": periods.quarter_end(data.last).isoformat(),
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
        "quarters": [periods.quarter_name(quarter) for quarter in range(first, end + 1)],
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
    names = [periods.quarter_name(quarter) for quarter in span]

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
        anchor = mine["sovereign"].sel(quarter=periods.quarter_name(data.last)).to_numpy()[None]
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
    first = periods.quarter_number(frozen["quarters"][0])
    rows: list[dict[str, Any]] = []
    for actual in actuals:
        k = names[periods.quarter_name(actual.quarter)]
        forecasts = {"headway": np.asarray(frozen["countries"][actual.country]["record"][k])}
        ahead = (actual.quarter - first + 1) / periods.PER_YEAR
        for name, entry in frozen["baselines"].items():
            centre = entry["centres"][actual.country][k]
            forecasts[name] = baselines.spread(centre, entry["sd_per_root_year"], ahead)
        for name, values in forecasts.items():
            low, median, high = (float(np.interp(p, scores.PROBABILITIES, values)) for p in (0.05, 0.5, 0.95))
            rows.append(
                {
                    "forecast": name,
                    "country": actual.country,
                    "quarter": periods.quarter_name(actual.quarter),
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

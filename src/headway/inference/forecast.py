"""Dated forecast that cannot be changed afterwards, and its score against what came true.

The best score so far is forecast by the function that the hindcast scores, with its members and the naive forecasts
beside. Sovereign capability, lag, compute and largest runs are the ensemble's baseline run from the posterior, since
compute years ahead depends on money and controls.
"""

from __future__ import annotations

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
from headway.core.files import read_text
from headway.core.text_tables import named_rows
from headway.ensemble.question import ask
from headway.evidence import open_evidence
from headway.inference import baselines, record, scores
from headway.inference.arrays import Floats
from headway.inference.baselines import BASELINES
from headway.inference.forecaster import (
    HORIZON,
    BestScoreForecast,
    Settings,
    forecast,
    laid_on,
    years_ahead,
)
from headway.inference.hindcast import panel
from headway.inference.posterior import as_draws, untilted
from headway.inference.releases import Releases, Rescaling, rescaling
from headway.inference.storage import Posterior
from headway.inference.tilting import at_origin, baseline_runs, weights

if TYPE_CHECKING:
    import xarray as xr

    from headway.evidence import Evidence

MOST_BYTES = 50_000_000  # of a forecast or of outcomes; a forecast has less than half a million
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
    text = read_text(path, MOST_BYTES)
    header, given = named_rows(text, str(path))
    if missing := [name for name in COLUMNS if name not in header]:
        raise InputError(
            f"{path}: no column {', '.join(missing)}; the header must hold {', '.join(COLUMNS)} "
            f"and holds {', '.join(header) or 'nothing'}"
        )
    rows = [_row(f"{path}, row {line}", row, forecast, span) for line, row in enumerate(given, start=2)]
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


FORMAT = 2
LAST = "2030Q4"
MEMBERS = 2048
UNKNOWN_SPREAD = 5.0  # ECI per square root of a year, of a naive forecast that no hindcast has scored
SCORED_MEMBERS = 512  # of the baseline scenario in the hindcast
_ENSEMBLE = ("sovereign", "lag", "lag_censored", "compute", "training_run")


def freeze(evidence: Evidence, releases: Releases, posterior: Posterior, last: str = LAST) -> dict[str, Any]:
    """The forecast of every modelled country, quarter by quarter, with its hash.

    The best score so far is forecast as far as past origins can score; what the baseline scenario says of sovereign
    capability, lag and compute reaches to `last`.

    Args:
        evidence: the same that the posterior was fitted to. releases: all scored models, later ones too.

    Raises:
        EvidenceError: the posterior was fitted to evidence of another date.
    """
    data = posterior.data
    known, settings = at_origin(evidence, releases, posterior)
    first, end = periods.quarter_number_of(known.as_of + dt.timedelta(days=1)), periods.quarter_number(last)
    made = forecast(known, posterior, min(first + HORIZON - 1, end), settings)
    runs, span = (
        baseline_runs(
            evidence,
            as_draws(posterior),
            last=last,
            countries=_modelled(evidence, posterior, last),
            series=_ENSEMBLE,
            members=MEMBERS,
        ),
        range(data.last + 1, end + 1),
    )
    content = {
        "format": FORMAT,
        "title": "Best published capability score, sovereign capability, lag and compute by country and quarter",
        "frozen_on": periods.today().isoformat(),
        "data_until": periods.quarter_end(data.last).isoformat(),
        "as_of": data.as_of.isoformat(),
        "version": headway.__version__,
        "snapshot": evidence.snapshot_hash,
        "posterior": posterior.hash,
        "scenario": "baseline",
        "weights": dict(settings.readings),
        "drift": settings.drift,
        "units": {
            "record": "ECI points, best published score so far", "sovereign": "ECI points", "lag": "months",
            "log10_compute": "log10 H100e", "log10_run": "log10 FLOP",
        },
        "probabilities": list(scores.PROBABILITIES),
        "record": _record(known, made),
        "quarters": [periods.quarter_name(quarter) for quarter in span],
        "countries": {code: _country(runs.sel(country=code), span) for code in map(str, runs["country"].to_numpy())},
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
        if content["format"] not in (1, FORMAT):
            raise KeyError("format")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise EvidenceError(f"{name} is not a frozen forecast ({error})") from error
    if not intact:
        raise EvidenceError(f"{name} was changed after it was frozen: its hash does not match")
    return dict(content)


def _modelled(evidence: Evidence, posterior: Posterior, last: str) -> list[str]:
    """Codes of the countries that both the world and the posterior hold."""
    world = ask(evidence, posterior=as_draws(posterior), until=last).world
    return [code for code in world.countries if len(code) == 3 and code in posterior.data.countries]


def baseline_scenario(
    known: Releases, posterior: Posterior, countries: Sequence[str], quarters: range, settings: Settings
) -> Floats:
    """The kept quantiles of the best score so far under the ensemble's baseline scenario, as was known on a day.

    What briefs and the explorer say of the future comes from these runs; the hindcast scores them beside the forecast.

    Args:
        settings: of the forecast that the rows of the posterior are tilted towards.

    Returns:
        shape (country, quarter, probability).
    """
    last, evidence = periods.quarter_name(quarters[-1]), open_evidence(posterior.as_of)
    draws, tilt = untilted(posterior, settings.readings), weights(evidence, posterior, known, settings)
    draws = draws if tilt is None else draws.resampled(tilt.weight)
    runs = baseline_runs(evidence, draws, last=last, countries=countries, series=("sovereign",), members=SCORED_MEMBERS)
    grid = range(posterior.data.first, quarters[-1] + 1)
    names = [periods.quarter_name(quarter) for quarter in grid]
    sovereign = runs["sovereign"].sel(country=list(countries), quarter=names).transpose("member", "country", "quarter")
    return laid_on(known, countries, np.asarray(sovereign.to_numpy(), dtype=np.float64), grid, quarters[0])


def _country(runs: xr.Dataset, span: range) -> dict[str, Any]:
    """Kept quantiles of one country's series in the baseline run, by quarter."""
    names = [periods.quarter_name(quarter) for quarter in span]

    def kept(series: str, log: bool = False) -> list[list[float]]:
        values = np.asarray(runs[series].sel(quarter=names).to_numpy(), dtype=np.float64)  # (quarter, member)
        return [_rounded(scores.quantiles(row)) for row in (np.log10(np.maximum(values, 1.0)) if log else values)]

    return {
        "sovereign": kept("sovereign"),
        "lag": kept("lag"),
        "log10_compute": kept("compute", log=True),
        "log10_run": kept("training_run"),
    }


def _rounded(values: Floats) -> list[float]:
    return [round(float(value), 3) for value in values]


def _record(known: Releases, made: BestScoreForecast) -> dict[str, Any]:
    """Forecasts of the best score so far: Headway's, its members' and the naive ones', all as kept quantiles.

    The spread of a naive forecast is the one that served it best in the hindcast.
    """
    spreads = (record.stored() or {}).get("spreads", {})
    ahead = years_ahead(made.origin, made.quarters)
    ruled = {
        name: baselines.naive(name, known, made.countries, ahead, float(spreads.get(name, UNKNOWN_SPREAD)))
        for name in BASELINES
    }
    found = {
        name: {code: [_rounded(row) for row in values[k]] for k, code in enumerate(made.countries)}
        for name, values in {**made.quantiles, **ruled}.items()
    }
    return {
        "origin": made.origin.isoformat(),
        "quarters": [periods.quarter_name(quarter) for quarter in made.quarters],
        "best": dict(zip(made.countries, _rounded(made.best), strict=True)),
        "scores": {model: round(score, 3) for model, score in sorted(known.scores.items())},
        "forecasts": found,
    }


Forecasts = Mapping[str, Mapping[str, Sequence[Sequence[float]]]]
"""Forecaster → country → kept quantiles by quarter."""


def outcomes(frozen: Mapping[str, Any], releases: Releases) -> list[Actual]:
    """Outcomes of a frozen forecast by the scores of the evidence, for the countries of the hindcast.

    Raises:
        EvidenceError: the evidence ends before the first quarter forecast.
    """
    first, last = span(frozen)
    if releases.last < first:
        raise EvidenceError(
            f"the scores of the evidence end with {periods.quarter_name(releases.last)}, before "
            f"{periods.quarter_name(first)}, the first quarter forecast; give what came true with --actuals"
        )
    return [
        Actual(country, quarter, releases.best(country, periods.quarter_end(quarter)))
        for country in panel(releases)
        if country in countries(frozen)
        for quarter in range(first, min(last, releases.last) + 1)
    ]


def score(frozen: Mapping[str, Any], actuals: Sequence[Actual], scale: Rescaling | None = None) -> dict[str, Any]:
    """CRPS, absolute error and coverage of the frozen forecast, its members and the naive ones, on what came true.

    Args:
        scale: from the table that the forecast was made on to the table of the actuals; None where they are one.
    """
    quarters, forecasts = _record_quarters(frozen), _forecasts(frozen)
    rows: list[dict[str, Any]] = []
    for actual in actuals:
        for name, by_country in forecasts.items():
            values = np.asarray(by_country[actual.country][quarters.index(periods.quarter_name(actual.quarter))])
            values = values if scale is None else scale.of(values)
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
    return {
        "forecast": {key: frozen[key] for key in ("frozen_on", "data_until", "posterior", "snapshot", "sha256")},
        "summary": {name: scores.summary(rows, name) for name in forecasts},
        "points": rows,
    }


def scale_to(frozen: Mapping[str, Any], releases: Releases) -> Rescaling | None:
    """Change of scale from the table that the forecast was made on; None where the file holds too few of its scores."""
    return rescaling(frozen.get("record", {}).get("scores", {}), releases.scores)


def _record_quarters(frozen: Mapping[str, Any]) -> list[str]:
    """Quarters whose best score so far is forecast, as `2026Q1`."""
    return list(frozen["quarters"] if frozen["format"] == 1 else frozen["record"]["quarters"])


def _forecasts(frozen: Mapping[str, Any]) -> Forecasts:
    """Every forecast of the best score so far; the first format froze naive ones as centres and spreads."""
    if frozen["format"] != 1:
        found: Forecasts = frozen["record"]["forecasts"]
        return found
    mine = {code: entry["record"] for code, entry in frozen["countries"].items() if "record" in entry}
    made: dict[str, Mapping[str, Sequence[Sequence[float]]]] = {record.HEADWAY: mine}
    for name, entry in frozen["baselines"].items():
        sd = entry["sd_per_root_year"]
        made[name] = {
            code: [list(baselines.spread(at, sd, (k + 1) / periods.PER_YEAR)) for k, at in enumerate(centres)]
            for code, centres in entry["centres"].items()
        }
    return made


def countries(frozen: Mapping[str, Any]) -> tuple[str, ...]:
    """Countries whose best published score is forecast."""
    return tuple(_forecasts(frozen)[record.HEADWAY])


def span(frozen: Mapping[str, Any]) -> tuple[int, int]:
    """Running numbers of the first and last quarter whose best score so far is forecast."""
    quarters = _record_quarters(frozen)
    return periods.quarter_number(quarters[0]), periods.quarter_number(quarters[-1])

"""Quantities that the hindcast scores beside the best score: lags in months, best open weights, releases in a quarter.

They follow from the same forecasts. A lag is read off draws of all countries' best scores; the forecasters give each
country's quantiles alone, so countries are drawn independently, and a country stays at one rank of its forecast.
Open-weight models are treated as one country more, whose equations are those of the best of all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import ndtri

from headway.core import periods
from headway.inference import scores
from headway.inference.arrays import Floats
from headway.inference.baselines import BASELINES, naive
from headway.inference.forecaster import (
    MECHANISM,
    TREND,
    Settings,
    average,
    mechanism_of_best,
    release_chance,
    trend,
)
from headway.inference.paths import lags_behind
from headway.inference.record import HEADWAY
from headway.inference.releases import Releases
from headway.inference.storage import Posterior

DRAWS = 400
SEED = 17
OPEN = "open weights"  # stands for a country in the releases of open-weight models
RELEASE_QUARTERS = 4  # quarters ahead in which a release is forecast


def lag_rows(
    releases: Releases, day: dt.date, countries: Sequence[str], quarters: range, grids: Mapping[str, Floats]
) -> Iterable[dict[str, Any]]:
    """Scores of every forecaster's lags, in months, at every quarter and country of one origin.

    A country's lag is the time since the best of the other scored countries stood where it stands; in the lead it is
    negative.

    Args:
        grids: forecaster → kept quantiles of the best scores, shape (country, quarter, probability).
    """
    past = range(releases.first, quarters[0])
    known, later = releases.until(day), [*past, *quarters]
    history = np.array([[known.best(code, periods.quarter_end(quarter)) for quarter in past] for code in countries])
    truth = np.array([[releases.best(code, periods.quarter_end(quarter)) for quarter in later] for code in countries])
    actual = [lags_behind(truth[None], row)[0, len(past) :] for row in range(len(countries))]
    ranks = np.random.default_rng(SEED).permuted(np.tile((np.arange(DRAWS) + 0.5) / DRAWS, (len(countries), 1)), axis=1)
    for name, values in grids.items():
        future = np.stack([_at_ranks(values[row], ranks[row]) for row in range(len(countries))], axis=1)
        paths = np.concatenate([np.broadcast_to(history, (DRAWS, *history.shape)), future], axis=2)
        for row, code in enumerate(countries):
            drawn = lags_behind(paths, row)[:, len(past) :]
            for column, quarter in enumerate(quarters):
                yield {
                    "quantity": "lag, months",
                    "forecast": name,
                    "country": code,
                    **_when(day, quarter),
                    "actual": round(float(actual[row][column]), 2),
                    **scores.score(scores.quantiles(drawn[:, column]), float(actual[row][column])),
                }


def _at_ranks(quantiles: Floats, ranks: Floats) -> Floats:
    """Draws of one country's best score at given ranks of its forecast, shape (draw, quarter)."""
    kept, wanted = ndtri(scores.PROBABILITIES), ndtri(ranks)
    return np.stack([np.interp(wanted, kept, row) for row in quantiles], axis=1)


def _when(day: dt.date, quarter: int) -> dict[str, Any]:
    months = (quarter - periods.quarter_number_of(day)) * periods.MONTHS
    return {"origin": day.isoformat(), "quarter": periods.quarter_name(quarter), "months": months}


def open_rows(
    releases: Releases,
    day: dt.date,
    quarters: range,
    posterior: Posterior,
    *,
    settings: Settings,
    spreads: Mapping[str, float],
) -> Iterable[dict[str, Any]]:
    """Scores of the forecasts of the best open-weight score, in ECI points, from one origin.

    Args:
        spreads: of the naive forecasts, as those of the countries' best scores have them.
    """
    opened = replace(releases, rows=tuple(replace(row, country=OPEN) for row in releases.rows if row.open_weights))
    known = opened.until(day)
    ahead = np.array([periods.decimal(periods.quarter_end(quarter)) - periods.decimal(day) for quarter in quarters])
    members = {
        TREND: trend(known, (OPEN,), ahead, settings.drift),
        MECHANISM: mechanism_of_best(known, OPEN, posterior, quarters, settings.readings),
    }
    grids = {HEADWAY: average(members, ahead), **members}
    grids |= {name: naive(name, known, (OPEN,), ahead, spreads[name]) for name in BASELINES}
    for name, values in grids.items():
        for column, quarter in enumerate(quarters):
            actual = opened.best(OPEN, periods.quarter_end(quarter))
            yield {
                "quantity": "best open-weight score",
                "forecast": name,
                "country": OPEN,
                **_when(day, quarter),
                "actual": actual,
                **scores.score(values[0, column], actual),
            }


def release_rows(releases: Releases, day: dt.date, quarters: range) -> Iterable[dict[str, Any]]:
    """Brier scores of the chance that a country with a score releases a scored model in a quarter, from one origin.

    Beside it: the share of all countries' quarters so far that had a release, and what each country's last quarter had.
    """
    known = releases.until(day)
    seen = {code: known.quarters(code) for code in known.countries}
    every = [live for quarters_of in seen.values() for live in quarters_of]
    rate = (sum(every) + 0.5) / (len(every) + 1)
    for code, own in seen.items():
        if not own:
            continue
        later = {periods.quarter_number_of(row.released) for row in releases.rows if row.country == code}
        first, second = release_chance(known, code)
        chances = {HEADWAY: first / (first + second), "share of all quarters": rate, "as in the last quarter": own[-1]}
        for quarter in quarters[:RELEASE_QUARTERS]:
            for name, chance in chances.items():
                yield {
                    "quantity": "release in the quarter",
                    "forecast": name,
                    "country": code,
                    **_when(day, quarter),
                    "actual": float(quarter in later),
                    "chance": round(float(chance), 3),
                    "brier": (float(chance) - float(quarter in later)) ** 2,
                }


def tables(rows: Sequence[Mapping[str, Any]], months: Sequence[int]) -> dict[str, dict[str, dict[str, float]]]:
    """Mean scores by quantity and forecaster: those of quantiles at the given horizons, Brier scores at all."""
    found: dict[str, dict[str, dict[str, float]]] = {}
    for quantity in dict.fromkeys(row["quantity"] for row in rows):
        mine = [row for row in rows if row["quantity"] == quantity and ("brier" in row or row["months"] in months)]
        found[quantity] = {
            name: _means([row for row in mine if row["forecast"] == name], name)
            for name in dict.fromkeys(row["forecast"] for row in mine)
        }
    return found


def _means(rows: Sequence[Mapping[str, Any]], name: str) -> dict[str, float]:
    if "brier" not in rows[0]:
        return scores.summary(rows, name)
    return {"n": float(len(rows)), "brier": float(np.mean([row["brier"] for row in rows]))}

"""Second structure of the long run: a follower trails the frontier by a lag that reverts to its own mean.

The equations of `headway.model` let a country's distance follow its compute. The record since 2023 believes less in
compute: followers kept their distance in time while their share of compute fell, as if knowledge diffused, by open
weights, papers, people and distillation. Here the lag of a follower (months since the best of all others stood where
its own best stands) is an Ornstein–Uhlenbeck process around a mean of its own, shrunk to that of all followers. Which
of the two structures served better 18 and 24 months ahead of past dates decides their weights.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from headway.core import periods
from headway.evidence.benchmarks import model_levels
from headway.inference import scores
from headway.inference.arrays import CapabilityData, Floats
from headway.inference.paths import lags
from headway.inference.record import COMPUTE, DIFFUSION
from headway.inference.storage import Posterior
from headway.inference.structure import structure

LONG = (18, 24)  # months: horizons that decide the weights
SHRINK = 4.0  # releases' worth of the mean of all followers in the mean of one
PRIOR_POINTS = 12.0  # points' worth of equal weights
LONGEST, SHORTEST = 120.0, 0.0  # months
DRAWS = 1000
SEED = 17


@dataclass(frozen=True)
class LagProcess:
    """Lags of followers as an Ornstein–Uhlenbeck process by quarters, months.

    Attributes:
        mean, mean_sd, last: by country code: long-run mean, its standard error, and the lag at the newest release.
        sd: stationary spread of a follower's lag around its mean. persistence: correlation from quarter to quarter.
    """

    mean: Mapping[str, float]
    mean_sd: Mapping[str, float]
    last: Mapping[str, float]
    sd: float
    persistence: float

    def draws(self, country: str, quarters: int, rng: np.random.Generator) -> Floats:
        """Draws of the lag after 1 … `quarters` quarters, shape (draw, quarter)."""
        mean = self.mean[country] + self.mean_sd[country] * rng.standard_normal(DRAWS)
        lag, out = np.full(DRAWS, self.last[country]), np.empty((DRAWS, quarters))
        step = self.sd * np.sqrt(1 - self.persistence**2)
        for k in range(quarters):
            lag = mean + self.persistence * (lag - mean) + step * rng.standard_normal(DRAWS)
            out[:, k] = np.clip(lag, SHORTEST, LONGEST)
        return out


def observed_lags(data: CapabilityData) -> dict[str, list[tuple[float, float]]]:
    """Lags (time in years, months) of each follower at the quarters in which it released a measured model.

    The frontier before the published index begins is that of the open capability scale, so that a lag can reach back
    behind 2023. The leader at the end has no lag.
    """
    found: dict[str, list[tuple[float, float]]] = {}
    ends = {code: data.frontier.of(index) for index, code in enumerate(data.countries) if index in data.scored}
    leader = max(ends, key=lambda code: ends[code].value.max())
    early = _early_frontier(data.first)
    for code, own in ends.items():
        others = np.concatenate([early, *(np.stack([o.time, o.value]) for c, o in ends.items() if c != code)], axis=1)
        order = np.argsort(others[0], kind="stable")
        time, best = others[0, order], np.maximum.accumulate(others[1, order])
        if code == leader:
            continue
        rows = []
        for now, level in zip(own.time, own.value, strict=True):
            past = time <= now
            if past.any() and level >= best[0]:
                rows.append((float(now), 12.0 * float(now - _reached(time[past], best[past], float(level)))))
        if rows:
            found[code] = rows
    return found


def _early_frontier(first: int) -> Floats:
    """Time (years since quarter `first` began) and level of the best models released before it, shape (2, model)."""
    table = model_levels()
    start = periods.quarter_start(first)
    strongest = table[(table["setting_class"] == "strongest") & table["released"].notna()].sort_values("released")
    before = strongest[strongest["released"] < start.isoformat()]
    time = [periods.decimal(dt.date.fromisoformat(day)) - first / periods.PER_YEAR for day in before["released"]]
    level = np.maximum.accumulate(before["level"].to_numpy(np.float64))
    return np.stack([np.array(time, dtype=np.float64), level])


def _reached(time: Floats, best: Floats, level: float) -> float:
    """Time at which a record first reached a level, along a line between readings; its last where it never did."""
    after = int(np.searchsorted(best, level, side="left"))
    if after == 0 or after >= len(best):
        return float(time[min(after, len(best) - 1)])
    low, high = best[after - 1], best[after]
    return float(time[after - 1] + (level - low) / (high - low) * (time[after] - time[after - 1]))


def lag_process(data: CapabilityData) -> LagProcess:
    """Lag process of the followers in the data, by moments."""
    lagging = observed_lags(data)
    pooled = float(np.mean([np.mean([lag for _, lag in rows]) for rows in lagging.values()])) if lagging else 12.0
    mean = {
        code: (sum(lag for _, lag in rows) + SHRINK * pooled) / (len(rows) + SHRINK) for code, rows in lagging.items()
    }
    off = [np.array([lag - mean[code] for _, lag in rows]) for code, rows in lagging.items()]
    spread = float(np.sqrt(np.mean(np.concatenate(off) ** 2))) if off else 6.0
    pairs = [(one[:-1], one[1:]) for one in off if len(one) > 1]
    before, after = (np.concatenate([pair[k] for pair in pairs]) if pairs else np.zeros(0) for k in (0, 1))
    steady = float(np.clip((before @ after) / max(before @ before, 1e-9), 0.3, 0.95)) if len(before) else 0.7
    between = float(np.std(list(mean.values()))) if len(mean) > 1 else spread
    return LagProcess(
        mean=mean,
        mean_sd={
            code: float(np.hypot(spread, between) / np.sqrt(len(rows) + SHRINK)) for code, rows in lagging.items()
        },
        last={code: rows[-1][1] for code, rows in lagging.items()},
        sd=spread,
        persistence=steady,
    )


def long_run(
    truth: CapabilityData, origins: Mapping[dt.date, Posterior], readings: Mapping[str, float]
) -> dict[str, Any]:
    """Scores of both structures' lags 18 and 24 months after each origin, and the weights that follow.

    Args:
        truth: data whose observed lags are the outcomes. origins: day → posterior of what was known on it.
        readings: weights of the mechanistic structures, by name.
    """
    rows: list[dict[str, Any]] = []
    outcomes = observed_lags(truth)
    for origin, posterior in origins.items():
        process = lag_process(posterior.data)
        start = periods.quarter_number_of(origin)
        ends = [start + months // periods.MONTHS for months in LONG]
        drawn = _compute_lags(posterior, ends[-1], readings)
        for months, quarter in zip(LONG, ends, strict=True):
            if quarter > truth.last:
                continue
            for code in process.mean:
                actual = _lag_at(outcomes.get(code, []), (quarter + 1 - truth.first) / periods.PER_YEAR)
                if actual is None or code not in posterior.data.countries:
                    continue
                rng = np.random.default_rng(SEED)
                diffused = process.draws(code, quarter - posterior.data.last, rng)[:, -1]
                computed = drawn[:, posterior.data.countries.index(code), quarter - posterior.data.first]
                rows.append(
                    {
                        "origin": origin.isoformat(),
                        "months": months,
                        "country": code,
                        "actual": round(actual, 2),
                        COMPUTE: [round(float(q), 2) for q in np.quantile(computed, scores.PROBABILITIES)],
                        DIFFUSION: [round(float(q), 2) for q in np.quantile(diffused, scores.PROBABILITIES)],
                    }
                )
    return {"points": rows, "crps": _crps(rows), "weights": weights(rows)}


def _compute_lags(posterior: Posterior, last: int, readings: Mapping[str, float]) -> Floats:
    """Draws of lags under the equations, months, shape (draw, country, quarter)."""
    parts = []
    for name, weight in readings.items():
        paths = structure(name).forecast(posterior, last, np.random.default_rng(SEED))
        months = np.stack([lags(paths, index) for index in range(len(paths.countries))], axis=1)
        parts.append(months[np.random.default_rng(SEED).integers(len(months), size=round(DRAWS * weight))])
    return np.nan_to_num(np.concatenate(parts), nan=LONGEST)


def _lag_at(rows: Sequence[tuple[float, float]], end: float) -> float | None:
    """Lag at the newest release not after `end` and not over half a year before it."""
    known = [(time, lag) for time, lag in rows if end - 0.5 <= time <= end + 1e-9]
    return known[-1][1] if known else None


def _crps(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    return {
        name: float(np.mean([scores.crps_of_quantiles(np.array(row[name]), row["actual"]) for row in rows]))
        for name in (COMPUTE, DIFFUSION)
        if rows
    }


def weights(rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Weights of the two structures: those of the best mixture of quantiles on the points, pulled towards a half."""
    if not rows:
        return {COMPUTE: 0.5, DIFFUSION: 0.5}
    shares = np.linspace(0, 1, 21)
    losses = [
        np.mean(
            [
                scores.crps_of_quantiles(
                    share * np.array(row[COMPUTE]) + (1 - share) * np.array(row[DIFFUSION]), row["actual"]
                )
                for row in rows
            ]
        )
        for share in shares
    ]
    best = float(shares[int(np.argmin(losses))])
    share = (len(rows) * best + PRIOR_POINTS * 0.5) / (len(rows) + PRIOR_POINTS)
    return {COMPUTE: round(share, 3), DIFFUSION: round(1 - share, 3)}

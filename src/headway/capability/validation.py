"""Validation of the capability scale: how well levels agree with published ECI that the fit has not seen."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import norm

from headway.capability.results import Benchmark
from headway.capability.scale import ANCHORS, INDEX_MOVES, STUDENT_T_DEGREES, Fit, arrange, fit
from headway.capability.score import GRID, Items, items_of, place

AIM_RMSE = 3.0
AIM_BIAS = 1.5
AIM_COVERAGE = (0.85, 0.95)
Floats = NDArray[np.float64]


def leave_out(
    results: pd.DataFrame,
    index: pd.DataFrame,
    benchmarks: dict[str, Benchmark],
    models: set[str],
    *,
    warmup: int = 200,
    draws: int = 150,
) -> pd.DataFrame:
    """Levels of the models left out, from their results alone, by item parameters fitted without any result or index
    of theirs.

    One row per model with a published index and at least two results at its strongest setting: model, countries,
    released, published, level, low, high, results, covered. The interval compared holds the scale's own uncertainty
    and the published index's.
    """
    models = models - set(ANCHORS)
    rest = results[~results["model"].isin(models)]
    fitted = fit(arrange(rest, index[~index["model"].isin(models)], benchmarks), warmup=warmup, draws=draws)
    whole = arrange(results[results["benchmark"].isin(fitted.readings.benchmarks)], index, benchmarks, least_takers=1)
    return placed_against_index(results, index, whole.units, models, fitted)


def placed_against_index(
    results: pd.DataFrame, index: pd.DataFrame, units: pd.DataFrame, models: set[str], fitted: Fit
) -> pd.DataFrame:
    """Levels of `models` by the items of a fit, next to their published index; columns as in `leave_out`."""
    items = items_of(fitted)
    published = index[index["eci"].notna()].drop_duplicates("model").set_index("model")
    strongest = (
        units[units["setting_class"] == "strongest"].sort_values("results", ascending=False).drop_duplicates("model")
    )
    share = float(fitted.index_share.mean())
    start, trend, spread = (float(fitted.prior[name].mean()) for name in ("start", "trend", "spread"))
    rows = []
    for unit in strongest[strongest["model"].isin(models & set(published.index))].to_dict("records"):
        own = results[(results["version"] == unit["version"]) & (results["setting"] == unit["setting"])]
        own = own[own["benchmark"].isin(items.benchmarks)]
        if own["benchmark"].nunique() < 2:
            continue
        centre = 130 + 10 * (start + trend * unit["years"])
        placement = place(own, items, centre=centre, spread=10 * spread)
        entry = published.loc[unit["model"]]
        index_sd = np.hypot(INDEX_MOVES, share * (entry["high"] - entry["low"]) / 3.29)
        low, high = widened(placement.density, index_sd)
        rows.append(
            {
                "model": unit["model"],
                "countries": unit["countries"],
                "released": unit["released"],
                "open": unit["open"],
                "published": entry["eci"],
                "level": placement.level,
                "low": low,
                "high": high,
                "results": own["benchmark"].nunique(),
                "covered": low <= entry["eci"] <= high,
            }
        )
    return pd.DataFrame(rows)


def widened(density: Floats, sd: float) -> tuple[float, float]:
    """5 % and 95 % quantiles of a level of density `density` over `GRID` as read with a normal error of standard
    deviation sd.
    """
    kernel = norm.pdf(GRID[:, None], GRID[None, :], sd)
    wide = kernel @ density
    cumulative = np.cumsum(wide / wide.sum())
    return float(GRID[np.searchsorted(cumulative, 0.05)]), float(GRID[np.searchsorted(cumulative, 0.95)])


def summary(name: str, table: pd.DataFrame) -> dict[str, object]:
    """One row of the validation table: number of models, bias, RMSE, 90 % coverage, and whether each aim is met."""
    error = table["level"] - table["published"]
    rmse, bias, coverage = float(np.sqrt((error**2).mean())), float(error.mean()), float(table["covered"].mean())
    low, high = AIM_COVERAGE
    met = rmse <= AIM_RMSE and abs(bias) <= AIM_BIAS and low <= coverage <= high
    return {"test": name, "models": len(table), "bias": bias, "rmse": rmse, "coverage_90": coverage, "aims_met": met}


def without_one_benchmark(results: pd.DataFrame, fitted: Fit) -> pd.DataFrame:
    """Prediction of each benchmark from a model's other results: benchmark, results, error (mean, in score), rmse,
    coverage of 90 %.

    The item parameters are those of the full fit; the level of each unit comes from its other benchmarks only.
    """
    items = items_of(fitted, draws=30)
    rng = np.random.default_rng(7)
    rows = []
    for b, name in enumerate(items.benchmarks):
        takers = results[results["benchmark"] == name]
        takers = takers.sort_values("evaluator").drop_duplicates(["version", "setting"])
        found = []
        for row in takers.to_dict("records"):
            own = results[(results["version"] == row["version"]) & (results["setting"] == row["setting"])]
            others = own[(own["benchmark"] != name) & own["benchmark"].isin(items.benchmarks)]
            if others["benchmark"].nunique() < 3:
                continue
            density = place(others, items).density
            found.append((row["score"], *_predicted(density, items, b, row, rng)))
        if len(found) < 5:
            continue
        actual, mean, low, high = np.array(found).T
        error = mean - actual
        rows.append(
            {
                "benchmark": name,
                "results": len(found),
                "bias": error.mean(),
                "rmse": np.sqrt((error**2).mean()),
                "coverage_90": np.mean((low <= actual) & (actual <= high)),
            }
        )
    return pd.DataFrame(rows)


def _predicted(
    density: Floats, items: Items, b: int, row: dict[str, object], rng: np.random.Generator, draws: int = 1000
) -> tuple[float, float, float]:
    """Mean, 5 % and 95 % quantile of the score that a model of level density `density` gets on benchmark b."""
    level = rng.choice(GRID, size=draws, p=density / density.sum())
    s = rng.integers(len(items.offset_sd), size=draws)
    offset = items.offset.get((str(row["benchmark"]), str(row["evaluator"])))
    o = offset[s] if offset is not None else items.offset_sd[s] * rng.standard_normal(draws)
    ability = level + items.domain_sd[s, b] * rng.standard_normal(draws)
    logit = items.slope[s, b] * (ability - items.difficulty[s, b]) + o
    expected = items.guess[b] + (items.ceiling[s, b] - items.guess[b]) * expit(logit)
    error = float(row["standard_error"])  # type: ignore[arg-type]
    sd = np.hypot(items.noise[s, b], 0.0 if np.isnan(error) else error)
    score = expected + sd * rng.standard_t(STUDENT_T_DEGREES, size=draws)
    low, high = np.quantile(score, [0.05, 0.95])
    return float(score.mean()), float(low), float(high)


def of_country(code: str) -> Callable[[pd.DataFrame], set[str]]:
    """Chooser of the models of a country, by ISO 3166-1 alpha-3 code, from a table with the columns model and
    countries.
    """
    return lambda table: set(table.loc[table["countries"].str.contains(code, regex=False), "model"])


def withheld_index(fitted_without: Fit, index: pd.DataFrame, models: set[str]) -> pd.DataFrame:
    """Levels of models whose published index alone was withheld, next to that index: the way a country without any
    index is treated.
    """
    r = fitted_without.readings
    published = index[index["eci"].notna()].drop_duplicates("model").set_index("model")
    strongest = r.units[(r.units["setting_class"] == "strongest") & (r.units["benchmarks"] >= 2)]
    strongest = strongest.sort_values("results", ascending=False).drop_duplicates("model")
    rng = np.random.default_rng(3)
    rows = []
    for i, unit in strongest[strongest["model"].isin(models & set(published.index))].iterrows():
        entry = published.loc[unit["model"]]
        sd = np.hypot(INDEX_MOVES, float(fitted_without.index_share.mean()) * (entry["high"] - entry["low"]) / 3.29)
        draws = fitted_without.level[:, int(i)]
        read = np.repeat(draws, 20) + sd * rng.standard_normal(20 * len(draws))
        low, high = np.quantile(read, [0.05, 0.95])
        rows.append(
            {
                "model": unit["model"],
                "countries": unit["countries"],
                "released": unit["released"],
                "open": unit["open"],
                "published": entry["eci"],
                "level": draws.mean(),
                "low": low,
                "high": high,
                "results": unit["benchmarks"],
                "covered": low <= entry["eci"] <= high,
            }
        )
    return pd.DataFrame(rows)


def record_errors(records: pd.DataFrame, index: pd.DataFrame, country: str, quarters: Sequence[str]) -> pd.DataFrame:
    """Own record of a country whose index was withheld, next to its best published index so far: country, quarter,
    published, level, low, high, error, covered, model, published_model.
    """
    published = index[index["eci"].notna() & index["countries"].str.contains(country, regex=False)]
    rows = []
    for quarter in quarters:
        known = published[published["released"] <= str(pd.Period(quarter).end_time.date())]
        record = records[(records["quarter"] == quarter) & (records["kind"] == "own")]
        if known.empty or record.empty:
            continue
        best, row = known.loc[known["eci"].idxmax()], record.iloc[0]
        rows.append(
            {
                "country": country,
                "quarter": quarter,
                "published": best["eci"],
                "level": row["level"],
                "low": row["low"],
                "high": row["high"],
                "error": row["level"] - best["eci"],
                "covered": row["low"] - INDEX_MOVES <= best["eci"] <= row["high"] + INDEX_MOVES,
                "model": row["model"],
                "published_model": best["model"],
            }
        )
    return pd.DataFrame(rows)

"""Validation of the capability scale: how well levels agree with published ECI that the fit has not seen."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit
from scipy.stats import norm

from headway.capability import STUDENT_T_DEGREES
from headway.capability.records import country_records
from headway.capability.results import Benchmark, benchmark_results, load_benchmarks, read_index
from headway.capability.scale import ANCHORS, INDEX_MOVES, Fit, arrange, fit
from headway.capability.score import GRID, Items, items_of, place
from headway.core.numbers import Floats
from headway.evidence.sources.capability_scale import load_base_models

FOLDS = 4
LEAST_INDEXED = 8
CHECKED_QUARTERS = ("2024Q2", "2024Q4", "2025Q2", "2025Q4", "2026Q2")
SHORT = {"warmup": 200, "draws": 150}  # enough for a mean and a 90 % interval of a level
AIM_RMSE = 3.0
AIM_BIAS = 1.5
AIM_COVERAGE = (0.85, 0.95)


def validate(cache: Path, progress: Callable[[str], None]) -> dict[str, pd.DataFrame]:
    """Agreement with the published index that a fit has not seen: the tables `summary`, `records` and `benchmarks`.

    Left out in turn: each country with at least eight indexed models but the one with most, all of them together,
    random quarters of the models, each country's index alone, and each benchmark.

    Args:
        cache: folder of the publishers' files. progress: told what is left out, before each fit.
    """
    index, benchmarks, base_models = read_index(cache), load_benchmarks(), load_base_models()
    results = benchmark_results(cache)
    scored = index[index["eci"].notna()].drop_duplicates("model")
    by_country = _by_country(scored)
    rows, random, records = [], [], []
    for name, models in _left_out(scored, results, by_country).items():
        progress(name)
        found = leave_out(results, index, benchmarks, models)
        rows += _summaries(name, found)
        random += [found] if name.startswith("random quarter") else []
    rows += _summaries(f"{FOLDS} random quarters together", pd.concat(random))
    for country, models in by_country.items():
        name = f"index of {country} withheld, results kept"
        progress(name)
        fitted = fit(arrange(results, index, benchmarks, without_index=models), **SHORT)
        rows += _summaries(name, withheld_index(fitted, index, models))
        # Like with like: the record among the models that the published index knows.
        kept = country_records(fitted, base_models, countries=[country], among=set(scored["model"]))
        records.append(record_errors(kept, index, country, CHECKED_QUARTERS))
    progress("one benchmark at a time")
    whole = fit(arrange(results, index, benchmarks), **SHORT)
    return {
        "summary": pd.DataFrame(rows),
        "records": pd.concat(records, ignore_index=True),
        "benchmarks": without_one_benchmark(results, whole),
    }


def _by_country(scored: pd.DataFrame) -> dict[str, set[str]]:
    """Indexed models of every country with enough of them, but the one with most."""
    count = scored["countries"].str.split(";").explode().value_counts().drop("", errors="ignore")
    return {str(code): of_country(str(code))(scored) for code in count[count >= LEAST_INDEXED].index[1:]}


def _left_out(scored: pd.DataFrame, results: pd.DataFrame, by_country: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Models to leave out together, by name of the test."""
    home = scored["countries"].str.split(";").explode().value_counts().drop("", errors="ignore").index[0]
    abroad = [table.loc[~table["countries"].isin([home, ""]), "model"] for table in (scored, results)]
    order = np.random.default_rng(20260630).permutation(sorted(scored["model"]))
    return {
        **{f"without {code}": models | of_country(code)(results) for code, models in by_country.items()},
        f"without all but {home}": set(pd.concat(abroad)),
        **{f"random quarter {k + 1}": set(order[k::FOLDS]) for k in range(FOLDS)},
    }


def _summaries(name: str, found: pd.DataFrame) -> list[dict[str, object]]:
    """Summary over all models, and over those of 2024 and later."""
    return [
        {"part": part, **summary(name, rows)}
        for part, rows in (("all models", found), ("released 2024 or later", found[found["released"] >= "2024"]))
    ]


def leave_out(
    results: pd.DataFrame,
    index: pd.DataFrame,
    benchmarks: dict[str, Benchmark],
    models: set[str],
) -> pd.DataFrame:
    """Levels of the models left out, from their results alone, by item parameters fitted without any result or index
    of theirs.

    One row per model with a published index and at least two results at its strongest setting: model, countries,
    released, published, level, low, high, results, covered. The interval compared holds the scale's own uncertainty
    and the published index's.
    """
    models = models - set(ANCHORS)
    rest = results[~results["model"].isin(models)]
    fitted = fit(arrange(rest, index[~index["model"].isin(models)], benchmarks), **SHORT)
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
        rows.append(_beside(unit, entry["eci"], (low, placement.level, high), own["benchmark"].nunique()))
    return pd.DataFrame(rows)


def _beside(
    unit: Mapping[Hashable, Any] | pd.Series, published: float, level: tuple[float, float, float], results: int
) -> dict[str, object]:
    """Row of a comparison: the model, its published index, and its level as low, mean and high."""
    low, mean, high = level
    told = {name: unit[name] for name in ("model", "countries", "released", "open")}
    found = {"published": published, "level": mean, "low": low, "high": high, "results": results}
    return {**told, **found, "covered": low <= published <= high}


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
        rows.append(_beside(unit, entry["eci"], (low, draws.mean(), high), unit["benchmarks"]))
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

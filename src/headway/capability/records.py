"""Country records: the level of the best model a country has trained, and the best it can use, by quarter, as
distributions; and the tables of the scale that ship with the evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from headway.capability.results import benchmark_results, load_benchmarks, read_index
from headway.capability.scale import Fit, arrange, fit, levels
from headway.capability.score import items_of, write_items
from headway.evidence.benchmarks import FOLDER, partial_coverage
from headway.evidence.sources.capability_scale import load_base_models, own_countries

WIDEST_INTERVAL = 12.0
LEAST_BENCHMARKS = 2


def candidates(fitted: Fit, base_models: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Models that can hold a record, one row per model and country: unit (its number), country, own, released, wide.

    Each model stands with its strongest setting alone, so that a model tried under many settings has no better
    chance of the record. A model needs two benchmarks or a published index, a country and a release date. `wide`
    marks an interval above 12 points.
    """
    r = fitted.readings
    indexed = {r.models[m] for m in r.model_of_unit[np.concatenate([r.index_unit, r.anchor_unit])]}
    low, high = np.quantile(fitted.level, [0.05, 0.95], axis=0)
    units = r.units.assign(unit=np.arange(len(r.units)), wide=high - low > WIDEST_INTERVAL)
    enough = (units["benchmarks"] >= LEAST_BENCHMARKS) | units["model"].isin(indexed)
    units = units[
        (units["setting_class"] == "strongest") & enough & units["released"].notna() & (units["countries"] != "")
    ]
    units = units.sort_values("results", ascending=False).drop_duplicates("model")
    rows = [
        {
            "unit": unit["unit"],
            "country": code,
            "own": code in own_countries(unit["model"], unit["countries"], base_models),
            "released": unit["released"],
            "wide": unit["wide"],
        }
        for unit in units.to_dict("records")
        for code in unit["countries"].split(";")
    ]
    return pd.DataFrame(rows, columns=["unit", "country", "own", "released", "wide"])


def country_records(
    fitted: Fit,
    base_models: Mapping[str, Sequence[str]],
    *,
    last: str = "2026Q2",
    countries: list[str] | None = None,
    among: set[str] | None = None,
) -> pd.DataFrame:
    """Records by country and quarter, from a country's first model to the quarter `last`, for `kind` own and
    accessible.

    The record is the maximum over the country's models in each joint draw, so its interval holds both the models'
    uncertainty and the question which of them is best. A model with an interval above 12 points holds a record only
    where even its low end is above the country's best model with a narrower one. `among` keeps only the models it
    names, `countries` only the countries it names. Columns: country, quarter, kind, level, low, high (5 % and 95
    %), model, setting, released, share (of draws in which that model is the best), benchmarks, evaluators,
    interval_wide.
    """
    table = candidates(fitted, base_models)
    if countries is not None:
        table = table[table["country"].isin(countries)]
    if among is not None:
        table = table[fitted.readings.units["model"].iloc[table["unit"]].isin(among).to_numpy()]
    quarters = pd.PeriodIndex(pd.to_datetime(table["released"]), freq="Q")
    table = table.assign(quarter=quarters)
    rows: list[dict[str, object]] = []
    for code, of_country in table.groupby("country"):
        for kind, kept in (("own", of_country[of_country["own"]]), ("accessible", of_country)):
            held = _certain_enough(fitted, kept)
            if held.empty:
                continue
            for quarter in pd.period_range(held["quarter"].min(), pd.Period(last), freq="Q"):
                out = held[held["quarter"] <= quarter]
                rows.append({"country": code, "quarter": str(quarter), "kind": kind, **_record(fitted, out)})
    return pd.DataFrame(rows)


def _certain_enough(fitted: Fit, kept: pd.DataFrame) -> pd.DataFrame:
    """Models of one country that may hold its record.

    A model with a wide interval may do so only where its low end (5 %) is above the high end (95 %) of the country's
    best model with a narrow one, or where the country has none: a wild guess must not stand beside a measurement.
    """
    narrow = kept[~kept["wide"]]
    if narrow.empty:
        return kept
    bar = np.quantile(fitted.level[:, narrow["unit"].to_numpy(np.int64)].max(axis=1), 0.95)
    low = np.quantile(fitted.level[:, kept["unit"].to_numpy(np.int64)], 0.05, axis=0)
    return kept[~kept["wide"] | (low > bar)]


def _record(fitted: Fit, out: pd.DataFrame) -> dict[str, object]:
    """The best of the models in `out`: the distribution of the maximum and the model that holds it most often."""
    numbers = out["unit"].to_numpy(np.int64)
    draws = fitted.level[:, numbers]
    best = draws.max(axis=1)
    holders = np.bincount(draws.argmax(axis=1), minlength=len(numbers))
    unit = fitted.readings.units.iloc[numbers[holders.argmax()]]
    low, high = np.quantile(best, [0.05, 0.95])
    return {
        "level": float(best.mean()),
        "low": float(low),
        "high": float(high),
        "model": unit["model"],
        "setting": unit["setting"],
        "released": unit["released"],
        "share": float(holders.max() / len(best)),
        "benchmarks": int(unit["benchmarks"]),
        "evaluators": unit["evaluators"],
        "interval_wide": bool(high - low > WIDEST_INTERVAL),
    }


def level_table(
    fitted: Fit, results: pd.DataFrame, index: pd.DataFrame, base_models: Mapping[str, Sequence[str]]
) -> pd.DataFrame:
    """Level of every unit, strongest first, with what decides whether it may anchor its country's level.

    Columns: model, version, setting, organisation, countries, own_countries (empty where the base is somebody else's),
    released, known_on (day on which two results were public), open, setting_class, level, low, high (5 % and 95 %),
    benchmarks, evaluators, anchors.

    `anchors` is true for a model that shows what its country can train where the published index does not: it has no
    published index, an interval of at most 12 points, the country's own base, a release after the index begins, and a
    low end above the best index that a model of its country had by then.
    """
    table = levels(fitted)
    table["own_countries"] = [
        ";".join(own_countries(model, countries, base_models))
        for model, countries in zip(table["model"], table["countries"], strict=True)
    ]
    table["open"] = table["open"].map({True: "yes", False: ""})  # the index says which are open, not which are closed
    table["known_on"] = _known_on(table, results)
    table["anchors"] = _anchors(fitted, table, index, base_models)
    columns = [
        *("model", "version", "setting", "organisation", "countries", "own_countries", "released", "known_on", "open"),
        *("setting_class", "level", "low", "high", "benchmarks", "evaluators", "anchors"),
    ]
    return table[columns]


def _known_on(table: pd.DataFrame, results: pd.DataFrame) -> pd.Series:
    """Day on which each unit's second benchmark was public, not before its release; empty where none is."""
    first = results.groupby(["version", "setting", "benchmark"])["known_on"].min()
    second = first.sort_values().groupby(level=["version", "setting"]).nth(LEAST_BENCHMARKS - 1)
    days = second.droplevel("benchmark")
    known = pd.Series([days.get(key, "") for key in zip(table["version"], table["setting"], strict=True)], table.index)
    return known.where((known == "") | (known > table["released"].fillna("")), table["released"])


def _anchors(
    fitted: Fit, table: pd.DataFrame, index: pd.DataFrame, base_models: Mapping[str, Sequence[str]]
) -> list[bool]:
    strongest = candidates(fitted, base_models)
    units = fitted.readings.units
    able = {
        (units.at[unit, "version"], units.at[unit, "setting"])
        for unit in strongest.loc[strongest["own"] & ~strongest["wide"], "unit"]
    }
    published = index[index["eci"].notna()]
    named, begins, partial = set(published["model"]), published["released"].min(), partial_coverage()

    def anchors(row: dict[str, object]) -> bool:
        key = row["version"], row["setting"]
        home = str(row["own_countries"]).split(";")[0]
        if key not in able or home in partial or row["model"] in named or str(row["released"]) < begins:
            return False
        theirs = published[published["countries"].str.split(";").str[0] == home]
        before = theirs.loc[theirs["released"] <= str(row["released"]), "eci"].max()
        return not float(row["low"]) <= before  # type: ignore[arg-type]  # NaN where the country has no index

    return [anchors(row) for row in table.to_dict("records")]


def publish(cache: Path, out: Path = FOLDER) -> pd.DataFrame:
    """Fit the scale to the publishers' files in `cache`, write its tables to `out`, and return the country records.

    Writes `benchmark_results.csv`, `levels.csv` (one row per model), `records.csv` (own and accessible, by country and
    quarter) and `item_draws.csv.gz`. The same files give the same tables.

    Raises:
        EvidenceError: a file is missing, or a cited row breaks a rule.
    """
    index, base_models = read_index(cache), load_base_models()
    results = benchmark_results(cache)
    fitted = fit(arrange(results, index, load_benchmarks()))
    records = country_records(fitted, base_models)
    out.mkdir(parents=True, exist_ok=True)
    results.to_csv(out / "benchmark_results.csv", index=False)
    level_table(fitted, results, index, base_models).round(2).to_csv(out / "levels.csv", index=False)
    records.round({"level": 1, "low": 1, "high": 1, "share": 2}).to_csv(out / "records.csv", index=False)
    write_items(items_of(fitted), out / "item_draws.csv.gz")
    return records

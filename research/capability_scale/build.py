"""Build of the capability scale: fits, validation and the tables that are shipped.

Run as `python build.py RAW OUT fit`, then `python build.py RAW OUT validate shippable` and `python build.py RAW OUT
validate all`. `fit` writes levels.csv, records.csv, items.csv, item_draws.csv and benchmark_results.csv; `validate`
writes, for the tables named, four files validation_TABLES.csv (summary), validation_models_TABLES.csv,
validation_benchmarks_TABLES.csv and validation_records_TABLES.csv.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from records import country_records, load_base_models
from results import benchmark_results, load_benchmarks, read_index
from scale import Fit, arrange, fit, items, levels
from score import items_of, write_items
from validate import leave_out, of_country, record_errors, summary, withheld_index, without_one_benchmark

FOLDS = 4
LEAST_INDEXED = 8
CHECKED_QUARTERS = ("2024Q2", "2024Q4", "2025Q2", "2025Q4", "2026Q2")


def build_fit(raw: Path, out: Path) -> None:
    """Fits with the shippable and with all tables, and the tables of levels, records and items."""
    index, benchmarks, base_models = read_index(raw), load_benchmarks(), load_base_models()
    fits: dict[str, Fit] = {}
    for name, shippable in (("shippable", True), ("all", False)):
        table = benchmark_results(raw, shippable=shippable)
        if shippable:
            table.to_csv(out / "benchmark_results.csv", index=False)
        fits[name] = fit(arrange(table, index, benchmarks), warmup=400, draws=400)
    shipped, everything = fits["shippable"], fits["all"]
    keys = ["model", "version", "setting"]
    compared = levels(everything).set_index(keys)[["level", "low", "high", "benchmarks"]].add_suffix("_all_tables")
    columns = [
        *keys,
        "organisation",
        "countries",
        "released",
        "setting_class",
        "level",
        "low",
        "high",
        "benchmarks",
        "evaluators",
    ]
    _rounded(levels(shipped)[columns].join(compared, on=keys)).to_csv(out / "levels.csv", index=False)
    records = country_records(shipped, base_models)
    other = country_records(everything, base_models).set_index(["country", "quarter", "kind"])[
        ["level", "low", "high", "model"]
    ]
    records.join(other.add_suffix("_all_tables"), on=["country", "quarter", "kind"]).pipe(_rounded).to_csv(
        out / "records.csv", index=False
    )
    items(shipped).round(4).to_csv(out / "items.csv", index=False)
    write_items(items_of(shipped), out / "item_draws.csv")
    items(everything).round(4).to_csv(out / "items_all_tables.csv", index=False)


def build_validation(raw: Path, out: Path, name: str) -> None:
    """Validation with the tables called `name`: shippable or all."""
    index, benchmarks, base_models = read_index(raw), load_benchmarks(), load_base_models()
    rows: list[dict[str, object]] = []
    details: list[pd.DataFrame] = []
    record_rows: list[pd.DataFrame] = []
    scored = index[index["eci"].notna()].drop_duplicates("model")
    order = np.random.default_rng(20260630).permutation(sorted(scored["model"]))
    table = benchmark_results(raw, shippable=name == "shippable")
    home, *tested = indexed_countries(scored)
    by_country = {code: of_country(code)(scored) for code in tested}
    tests = {f"without {code}": models | of_country(code)(table) for code, models in by_country.items()}
    abroad = ~scored["countries"].isin([home, ""])
    tests[f"without all but {home}"] = set(scored.loc[abroad, "model"]) | set(
        table.loc[~table["countries"].isin([home, ""]), "model"]
    )
    tests |= {f"random quarter {k + 1}": set(order[k::FOLDS]) for k in range(FOLDS)}
    for test, models in tests.items():
        found = leave_out(table, index, benchmarks, models)
        _note(rows, details, name, test, found)
    _pooled(rows, details, name, "random quarter", "four random quarters together")
    whole = fit(arrange(table, index, benchmarks), warmup=200, draws=150)
    without_one_benchmark(table, whole).assign(tables=name).to_csv(
        out / f"validation_benchmarks_{name}.csv", index=False
    )
    for country, models in by_country.items():
        fitted = fit(arrange(table, index, benchmarks, without_index=models), warmup=200, draws=150)
        _note(rows, details, name, f"index of {country} withheld, results kept", withheld_index(fitted, index, models))
        # Like with like: the record among the models that the published index knows.
        records = country_records(fitted, base_models, countries=[country], among=set(scored["model"]))
        error = record_errors(records, index, country, CHECKED_QUARTERS)
        record_rows.append(error.assign(tables=name))
    pd.DataFrame(rows).round(3).to_csv(out / f"validation_{name}.csv", index=False)
    pd.concat(details).pipe(_rounded).to_csv(out / f"validation_models_{name}.csv", index=False)
    pd.concat(record_rows).pipe(_rounded).to_csv(out / f"validation_records_{name}.csv", index=False)
    print(pd.DataFrame(rows).round(2).to_string(), pd.concat(record_rows).round(1).to_string(), sep="\n", flush=True)


def indexed_countries(scored: pd.DataFrame) -> list[str]:
    """Countries with at least eight models in the published index, the one with most first."""
    count = scored["countries"].str.split(";").explode().value_counts().drop("", errors="ignore")
    return [str(code) for code in count[count >= LEAST_INDEXED].index]


def _note(
    rows: list[dict[str, object]], details: list[pd.DataFrame], tables: str, test: str, found: pd.DataFrame
) -> None:
    """The test's summary over all models and over those of 2024 and later, added to `rows`, and its models to
    `details`.
    """
    rows.append({"tables": tables, "part": "all models", **summary(test, found)})
    rows.append(
        {"tables": tables, "part": "released 2024 or later", **summary(test, found[found["released"] >= "2024"])}
    )
    details.append(found.assign(tables=tables, test=test))


def _pooled(rows: list[dict[str, object]], details: list[pd.DataFrame], tables: str, start: str, name: str) -> None:
    """The summary of all tests whose name starts with `start`, pooled, added to `rows`."""
    every = pd.concat(details)
    every = every[(every["tables"] == tables) & every["test"].str.startswith(start)]
    rows.append({"tables": tables, "part": "all models", **summary(name, every)})
    rows.append(
        {"tables": tables, "part": "released 2024 or later", **summary(name, every[every["released"] >= "2024"])}
    )


def _rounded(table: pd.DataFrame) -> pd.DataFrame:
    """The table with its levels to one decimal and shares to two."""
    return table.round({column: 2 if column == "share" else 1 for column in table.select_dtypes("number")})


if __name__ == "__main__":
    source, target, what = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    if what == "fit":
        build_fit(source, target)
    else:
        build_validation(source, target, sys.argv[4])

"""Benchmark results of AI models, from several publishers' tables, as one tidy table.

A model version under one reasoning setting is one unit; results of two settings are never mixed. Names of different
publishers are matched by the alias table alone (`aliases.toml`), never by likeness.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from headway.core.errors import EvidenceError
from headway.evidence.sources.epoch_models import attribution

HERE = Path(__file__).parent / "tables"
LAST_RELEASE = "2026-06-30"
COLUMNS = [
    "model",
    "version",
    "setting",
    "organisation",
    "countries",
    "benchmark",
    "score",
    "standard_error",
    "evaluator",
    "evaluated_on",
    "known_on",
    "released",
    "source",
]
EPOCH_SOURCE = "https://epoch.ai/data/benchmark_data.zip"
EPOCH_INDEX_SOURCE = "https://epoch.ai/data/benchmarked_models.csv"
SIMPLE_EVALS_RU_SOURCE = "https://github.com/kuk/simple-evals-ru"
SWALLOW_SOURCE = "https://swallow-llm.github.io/leaderboard/"
EUROEVAL_SOURCE = "https://euroeval.com/leaderboards/"

EUROEVAL_VINTAGE = "2026-04-17"
SWALLOW_VINTAGE = "2026-06-30"

SIMPLE_EVALS_RU_BENCHMARKS = {
    "humaneval": "HumanEval",
    "mbpp": "MBPP",
    "bbh": "BIG-Bench Hard",
    "mgsm-en": "MGSM English",
    "math-500": "MATH-500",
    "mmlu-pro": "MMLU-Pro",
    "gpqa-diam": "GPQA diamond",
}
SWALLOW_BENCHMARKS = {
    "gpqa": "GPQA diamond",
    "mmlu_pro": "MMLU-Pro",
    "math_500": "MATH-500",
    "hellaswag": "HellaSwag",
    "livecodebench": "LiveCodeBench",
    "aime_2024_2025": "AIME 2024-2025",
}
EUROEVAL_BENCHMARKS = {
    "conll_en": "EuroEval CoNLL",
    "hellaswag": "EuroEval HellaSwag",
    "life_in_the_uk": "EuroEval Life in the UK",
    "scala_en": "EuroEval ScaLA",
    "squad": "EuroEval SQuAD",
    "sst5": "EuroEval SST-5",
}


@dataclass(frozen=True)
class Benchmark:
    """Properties of one benchmark: domain, score of blind guessing (0–1) and the unit of the published figure."""

    domain: str
    guess: float
    unit: str | float = "fraction"


def load_benchmarks(path: Path = HERE / "benchmarks.toml") -> dict[str, Benchmark]:
    """Benchmarks of the scale by name, read from `benchmarks.toml`."""
    return {name: Benchmark(**entry) for name, entry in _toml(path)["benchmarks"].items()}


def load_aliases(path: Path = HERE / "aliases.toml") -> dict[str, Any]:
    """Alias table: which names of different publishers mean the same model, version and setting."""
    return _toml(path)


def as_fraction(value: pd.Series, unit: str | float) -> pd.Series:
    """Scores as fractions of the full score (0–1); minutes m become m / (m + 60), whose log-odds are linear in log
    minutes.
    """
    if unit == "fraction":
        return value
    if unit == "percent":
        return value / 100
    if unit == "minutes":
        return value / (value + 60)
    return value / float(unit)


def benchmark_results(raw: Path, cited: Path = HERE / "cited_results.csv") -> pd.DataFrame:
    """Benchmark results of all sources, one row per unit, benchmark and evaluator, in the columns `COLUMNS`.

    Several runs of one unit by one evaluator (other shots, other agents) become their median: the best of many
    tries would favour whoever was tried most.

    Args:
        raw: folder of the publishers' files, with `benchmarks/` and `epoch_eci/`.
        cited: CSV of single cited figures in the columns of this table.

    Raises:
        EvidenceError: a cited row names a benchmark that `benchmarks.toml` lacks, or a score outside 0 to 1; a model of
            another table has no entry among the makers of `aliases.toml`.
    """
    aliases = load_aliases()
    benchmarks = load_benchmarks()
    index = read_index(raw)
    tables = [
        _epoch(raw, aliases, index, benchmarks),
        _simple_evals_ru(raw, aliases, index),
        _euroeval(raw, aliases, index),
        _swallow(HERE / "swallow_leaderboard_english.csv"),
        _cited(cited, benchmarks),
    ]
    table = pd.concat([t for t in tables if len(t)], ignore_index=True)
    table = table[table["benchmark"].isin(benchmarks)]
    table = table[~(table["released"].fillna("") > LAST_RELEASE)]
    # A figure that a whole table already holds is not counted again when it is cited singly.
    table = table.drop_duplicates(["version", "setting", "benchmark", "evaluator", "score"], keep="last")
    keys = ["model", "version", "setting", "benchmark", "evaluator"]
    merged = table.groupby(keys, as_index=False, sort=True).agg(
        {
            "organisation": "first",
            "countries": "first",
            "score": "median",
            "standard_error": "max",
            "evaluated_on": "max",
            "known_on": "max",
            "released": "first",
            "source": "first",
        }
    )
    # One model has one maker and one date, whichever table named them first.
    for column in ("organisation", "countries"):
        first = merged[merged[column] != ""].groupby("model")[column].first()
        merged[column] = merged["model"].map(first).fillna("")
    return merged[COLUMNS]


def read_index(raw: Path) -> pd.DataFrame:
    """Published Epoch Capabilities Index by model version: version, setting, model, eci, low, high, organisation,
    countries, released, open.
    """
    aliases = load_aliases()
    table = pd.read_csv(raw / "epoch_eci" / "benchmarked_models_eci.csv")
    table = table[table["id_model_version"].notna()].copy()
    identity = [_epoch_identity(name, aliases) for name in table["id_model_version"]]
    table["version"] = [version for version, _ in identity]
    table["setting"] = [setting for _, setting in identity]
    table["model"] = table["model_group"].fillna(table["Model"]).fillna(table["version"]).str.strip()
    table["organisation"] = table["Organization"].fillna("")
    table["countries"] = [_countries(text) for text in table["Country (of organization)"]]
    table["released"] = table["Version release date"]
    table["open"] = table["Model accessibility"].fillna("").str.startswith("Open weights")
    table = table.rename(columns={"eci_ci_low": "low", "eci_ci_high": "high"})
    columns = ["version", "setting", "model", "eci", "low", "high", "organisation", "countries", "released", "open"]
    return (
        table[columns]
        .sort_values("eci", na_position="last")
        .drop_duplicates(["version", "setting"])
        .reset_index(drop=True)
    )


def _epoch(raw: Path, aliases: dict[str, Any], index: pd.DataFrame, benchmarks: dict[str, Benchmark]) -> pd.DataFrame:
    """Results in Epoch AI's tables (its own runs, and those it collected from leaderboards and papers)."""
    table = pd.read_csv(raw / "benchmarks" / "epoch_benchmark_results.csv")
    table = table[table["score"].notna() & table["model_version"].notna() & table["benchmark"].isin(benchmarks)].copy()
    for name, rows in table.groupby("benchmark").groups.items():
        unit = benchmarks[str(name)].unit
        table.loc[rows, "score"] = as_fraction(table.loc[rows, "score"], unit)
        if unit != "fraction":
            table.loc[rows, "stderr"] = np.nan
    identity = [_epoch_identity(name, aliases) for name in table["model_version"]]
    table["version"] = [version for version, _ in identity]
    table["setting"] = [setting for _, setting in identity]
    models = index.drop_duplicates("version").set_index("version")["model"]
    table["model"] = table["version"].map(models).fillna(table["version"])
    own = table["source"].fillna("").str.startswith("Epoch AI run")
    table["evaluator"] = np.where(own, "Epoch AI", "collected: " + table["source"].fillna("not said"))
    table["countries"] = [_countries(text) for text in table["country"]]
    table["organisation"] = table["organisation"].fillna("")
    table = table.rename(columns={"stderr": "standard_error", "release_date": "released"})
    table["source"] = EPOCH_SOURCE
    table["known_on"] = table["evaluated_on"].fillna(table["vintage"])
    return table[COLUMNS]


def _simple_evals_ru(raw: Path, aliases: dict[str, Any], index: pd.DataFrame) -> pd.DataFrame:
    """Results in simple-evals-ru; its ± is taken as 1.65 standard errors."""
    table = pd.read_csv(raw / "benchmarks" / "simple_evals_ru.csv")
    names = aliases["simple_evals_ru"]["models"]
    table["version"] = [names[name][1] for name in table["model"]]
    table["model"] = [names[name][0] for name in table["model"]]
    table["setting"] = ""
    table["benchmark"] = table["benchmark"].map(SIMPLE_EVALS_RU_BENCHMARKS)
    table["score"] = table["score_pct"] / 100
    table["standard_error"] = table["plus_minus_pct"] / 100 / 1.645
    table["evaluator"] = "simple-evals-ru"
    table["source"] = SIMPLE_EVALS_RU_SOURCE
    table["known_on"] = table["evaluated_on"]
    return _with_makers(table, aliases, index)


def _euroeval(raw: Path, aliases: dict[str, Any], index: pd.DataFrame) -> pd.DataFrame:
    """Results in EuroEval's English tasks for the models that the alias table names; its ± is a 95 % interval."""
    table = pd.read_csv(raw / "benchmarks" / "euroeval_english.csv")
    names = aliases["euroeval"]["models"]
    missing = set(names) - set(table["model"])
    if missing:
        raise EvidenceError(
            f"aliases.toml, euroeval.models: {sorted(missing)[0]!r} is not in euroeval_english.csv; copy its name"
        )
    rows = [
        {
            "model": names[row["model"]][0],
            "version": names[row["model"]][1],
            "setting": names[row["model"]][2],
            "benchmark": benchmark,
            "score": row[column] / 100,
            "standard_error": row[f"{column}_ci"] / 100 / 1.96,
        }
        for row in table[table["model"].isin(names)].to_dict("records")
        for column, benchmark in EUROEVAL_BENCHMARKS.items()
        if pd.notna(row[column])
    ]
    result = pd.DataFrame(rows).assign(
        evaluator="EuroEval", evaluated_on=None, known_on=EUROEVAL_VINTAGE, source=EUROEVAL_SOURCE
    )
    return _with_makers(result, aliases, index)


def _swallow(path: Path) -> pd.DataFrame:
    """Results in the Swallow LLM Leaderboard's English tasks (CC BY 4.0) for the models that link the scale and for
    Japan's.
    """
    table = pd.read_csv(path)
    table["setting"] = table["setting"].fillna("")
    fixed = ["model", "version", "setting", "organisation", "countries", "released"]
    result = table.melt(fixed, list(SWALLOW_BENCHMARKS), var_name="benchmark", value_name="score").dropna(
        subset="score"
    )
    result["benchmark"] = result["benchmark"].map(SWALLOW_BENCHMARKS)
    result = result.assign(
        standard_error=np.nan,
        evaluator="Swallow LLM Leaderboard",
        evaluated_on=None,
        known_on=SWALLOW_VINTAGE,
        source=SWALLOW_SOURCE,
    )
    return result[COLUMNS]


def _cited(path: Path, benchmarks: dict[str, Benchmark]) -> pd.DataFrame:
    """Single cited figures; errors name the row and what would be right."""
    if not path.exists():
        return pd.DataFrame(columns=COLUMNS)
    table = pd.read_csv(path, keep_default_na=True, dtype={"setting": str})
    for number, row in enumerate(table.to_dict("records"), start=2):
        if row["benchmark"] not in benchmarks:
            raise EvidenceError(
                f"{path.name}, row {number}: benchmark {row['benchmark']!r} is not known; use a name of benchmarks.toml"
            )
        if not 0 <= row["score"] <= 1:
            raise EvidenceError(
                f"{path.name}, row {number}: score {row['score']} is outside 0 to 1; write a fraction, such as 0.46"
            )
    table["setting"] = table["setting"].fillna("")
    table["organisation"] = table["organisation"].fillna("")
    table["countries"] = table["countries"].fillna("")
    table["source"] = table["url"]
    table["known_on"] = table["evaluated_on"]
    return table[COLUMNS]


def _epoch_identity(name: str, aliases: dict[str, Any]) -> tuple[str, str]:
    """Version and setting that one of Epoch AI's version names means."""
    version, setting = name.strip(), ""
    for suffix, meaning in aliases["epoch"]["settings"].items():
        if meaning and version.endswith(suffix):
            version, setting = version.removesuffix(suffix), meaning
            break
    return aliases["epoch"]["versions"].get(version, version), setting


def _with_makers(table: pd.DataFrame, aliases: dict[str, Any], index: pd.DataFrame) -> pd.DataFrame:
    """The table with organisation, countries and release date from the published index or, failing that, the alias
    table's makers.
    """
    known = index.drop_duplicates("model").set_index("model")
    makers = aliases["makers"]

    def field(model: str, column: str) -> str:
        if model in known.index:
            return str(known.at[model, column])
        entry = makers.get(model)
        if entry is None:
            raise EvidenceError(
                f"aliases.toml, makers: {model!r} has no entry; give its organisation, countries and release date"
            )
        return ";".join(entry[column]) if column == "countries" else str(entry[column])

    result = table.copy()
    for column in ("organisation", "countries", "released"):
        result[column] = [field(model, column) for model in result["model"]]
    result["released"] = result["released"].replace("nan", None)
    return result[COLUMNS]


def _countries(text: object) -> str:
    """ISO 3166-1 alpha-3 codes joined by semicolons, that of most organisations first; empty where none is given."""
    return ";".join(attribution(text)) if isinstance(text, str) else ""


def _toml(path: Path) -> dict[str, Any]:
    """Content of a TOML file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))

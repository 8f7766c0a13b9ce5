"""Benchmark results of AI models, from several publishers' tables, as one tidy table.

A model version under one reasoning setting is one unit; results of two settings are never mixed. Names of different
publishers are matched by the alias table alone (`aliases.toml`), never by likeness.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pycountry

HERE = Path(__file__).parent
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
    "released",
    "source",
    "licence_ok",
]
EPOCH_SOURCE = "https://epoch.ai/data/benchmark_data.zip"
EPOCH_INDEX_SOURCE = "https://epoch.ai/data/benchmarked_models.csv"
ARTIFICIAL_ANALYSIS_SOURCE = "https://artificialanalysis.ai/leaderboards/models"
SIMPLE_EVALS_RU_SOURCE = "https://github.com/kuk/simple-evals-ru"
SWALLOW_SOURCE = "https://swallow-llm.github.io/leaderboard/"
EUROEVAL_SOURCE = "https://euroeval.com/leaderboards/"

ARTIFICIAL_ANALYSIS_BENCHMARKS = {
    "gpqa": "GPQA diamond",
    "hle": "Humanity's Last Exam",
    "scicode": "SciCode",
    "aa_lcr": "AA-LCR",
    "tau2_bench": "tau2-bench Telecom",
    "ifbench": "IFBench",
    "terminal_bench_hard": "Terminal-Bench Hard",
    "critpt": "CritPt",
    "mmmu_pro": "MMMU-Pro",
    "aa_omniscience_accuracy": "AA-Omniscience accuracy",
    "apex_agents": "APEX-Agents",
    "mmlu_pro": "MMLU-Pro",
    "livecodebench": "LiveCodeBench",
    "math_500": "MATH-500",
    "aime": "AIME 2024",
    "aime_2025": "AIME 2025",
}
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


def benchmark_results(raw: Path, cited: Path = HERE / "cited_results.csv", *, shippable: bool = False) -> pd.DataFrame:
    """Benchmark results of all sources, one row per unit, benchmark and evaluator, in the columns `COLUMNS`.

    Several runs of one unit by one evaluator (other shots, other agents) become their median: the best of many
    tries would favour whoever was tried most.

    Parameters
    ----------
    raw
    Folder with `benchmarks/` and `epoch_eci/`.
    cited
    CSV of single cited figures in the columns of this table without `licence_ok`.
    shippable
    True keeps openly licensed tables and single cited figures only.

    Raises
    ------
    ValueError
    A cited row names a benchmark that `benchmarks.toml` lacks, or a score outside 0–1.
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
    if not shippable:
        tables.append(_artificial_analysis(raw, aliases))
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
            "released": "first",
            "source": "first",
            "licence_ok": "first",
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
    table["licence_ok"] = True
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
    table["licence_ok"] = True
    return _with_makers(table, aliases, index)


def _euroeval(raw: Path, aliases: dict[str, Any], index: pd.DataFrame) -> pd.DataFrame:
    """Results in EuroEval's English tasks for the models that the alias table names; its ± is a 95 % interval."""
    table = pd.read_csv(raw / "benchmarks" / "euroeval_english.csv")
    names = aliases["euroeval"]["models"]
    missing = set(names) - set(table["model"])
    if missing:
        raise ValueError(
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
    result = pd.DataFrame(rows).assign(evaluator="EuroEval", evaluated_on=None, source=EUROEVAL_SOURCE, licence_ok=True)
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
        source=SWALLOW_SOURCE,
        licence_ok=True,
    )
    return result[COLUMNS]


def _artificial_analysis(raw: Path, aliases: dict[str, Any]) -> pd.DataFrame:
    """Results in Artificial Analysis's table (for building and checking only: it has no open licence)."""
    table = pd.read_csv(raw / "benchmarks" / "artificial_analysis_models.csv")
    rows = []
    for row in table.to_dict("records"):
        model, version, setting = artificial_analysis_identity(str(row["name"]), aliases)
        for column, benchmark in ARTIFICIAL_ANALYSIS_BENCHMARKS.items():
            # An exact zero is a run that failed or was not made, as in 40 entries of AA-LCR.
            if pd.notna(row[column]) and row[column] > 0:
                rows.append(
                    {
                        "model": model,
                        "version": version,
                        "setting": setting,
                        "benchmark": benchmark,
                        "score": row[column],
                        "organisation": row["creator"],
                        "countries": _alpha3(row["creator_country"]),
                        "released": row["release_date"],
                    }
                )
    result = pd.DataFrame(rows).assign(
        standard_error=np.nan,
        evaluator="Artificial Analysis",
        evaluated_on=None,
        source=ARTIFICIAL_ANALYSIS_SOURCE,
        licence_ok=False,
    )
    return result[COLUMNS]


def _cited(path: Path, benchmarks: dict[str, Benchmark]) -> pd.DataFrame:
    """Single cited figures; errors name the row and what would be right."""
    if not path.exists():
        return pd.DataFrame(columns=COLUMNS)
    table = pd.read_csv(path, keep_default_na=True, dtype={"setting": str})
    for number, row in enumerate(table.to_dict("records"), start=2):
        if row["benchmark"] not in benchmarks:
            raise ValueError(
                f"{path.name}, row {number}: benchmark {row['benchmark']!r} is not known; use a name of benchmarks.toml"
            )
        if not 0 <= row["score"] <= 1:
            raise ValueError(
                f"{path.name}, row {number}: score {row['score']} is outside 0 to 1; write a fraction, such as 0.46"
            )
    table["setting"] = table["setting"].fillna("")
    table["organisation"] = table["organisation"].fillna("")
    table["countries"] = table["countries"].fillna("")
    table["source"] = table["url"]
    table["licence_ok"] = True
    return table[COLUMNS]


def artificial_analysis_identity(name: str, aliases: dict[str, Any]) -> tuple[str, str, str]:
    """Model, version and setting that a name of Artificial Analysis means."""
    settings = aliases["artificial_analysis"]["settings"]
    base, setting = name.strip(), ""
    for word, meaning in settings.items():
        if base.endswith(f" ({word})"):
            base, setting = base.removesuffix(f" ({word})").strip(), meaning
            break
    model, version = aliases["artificial_analysis"]["models"].get(base, (base, base))
    return model, version, setting


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
            raise ValueError(
                f"aliases.toml, makers: {model!r} has no entry; give its organisation, countries and release date"
            )
        return ";".join(entry[column]) if column == "countries" else str(entry[column])

    result = table.copy()
    for column in ("organisation", "countries", "released"):
        result[column] = [field(model, column) for model in result["model"]]
    result["released"] = result["released"].replace("nan", None)
    return result[COLUMNS]


def _countries(text: object) -> str:
    """ISO 3166-1 alpha-3 codes joined by semicolons, from country names joined by commas; empty where none is given."""
    if not isinstance(text, str):
        return ""
    return ";".join(pycountry.countries.lookup(name.strip()).alpha_3 for name in re.split(",", text))


def _alpha3(code: object) -> str:
    """ISO 3166-1 alpha-3 code for a two-letter code; empty where none is given."""
    return str(pycountry.countries.lookup(code).alpha_3) if isinstance(code, str) else ""


def _toml(path: Path) -> dict[str, Any]:
    """Content of a TOML file."""
    return tomllib.loads(path.read_text(encoding="utf-8"))

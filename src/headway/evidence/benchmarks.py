"""Tables of the open capability scale: benchmark results, levels of models and records of countries, as shipped."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

import pandas as pd

SCALE = "capability_scale"
"""Source of the rows on models whose level comes from the open capability scale and not from the published index."""


FOLDER = Path(__file__).parent / "capability"
"""Folder of the shipped tables of the scale."""


@lru_cache(maxsize=4)
def _table(name: str) -> pd.DataFrame:
    return pd.read_csv(FOLDER / name, keep_default_na=True)


def benchmark_results() -> pd.DataFrame:
    """Results of models on public benchmarks, one row per model version, setting, benchmark and evaluator.

    Columns: model, version, setting, organisation, countries (ISO 3166-1 alpha-3, joined by semicolons), benchmark,
    score (0 to 1), standard_error, evaluator, evaluated_on, known_on, released, source (address).

    Example:
        >>> len(benchmark_results()) > 3000
        True
    """
    return _table("benchmark_results.csv").copy()


def model_levels() -> pd.DataFrame:
    """Level of every model version and setting in ECI points with its 90 % interval, strongest first.

    Columns: model, version, setting, organisation, countries, own_countries (empty where the base is somebody else's),
    released, known_on, open, setting_class, level, low, high, benchmarks (number), evaluators, anchors (whether the
    evidence takes the country's level from it).

    Example:
        >>> float(model_levels().query("model == 'GPT-5' and setting == 'high'").level.iloc[0])
        150.0
    """
    return _table("levels.csv").copy()


def country_records() -> pd.DataFrame:
    """Best level so far by country, quarter and kind (own: trained at home; accessible: also on others' open weights).

    Columns: country, quarter, kind, level, low, high (ECI points, 90 % interval), model, setting, released, share (of
    draws in which that model is the best), benchmarks, evaluators, interval_wide (above 12 points: no measurement).

    Example:
        >>> sorted(set(country_records().kind))
        ['accessible', 'own']
    """
    return _table("records.csv").copy()


def results_of(model: str) -> pd.DataFrame:
    """Results of one model, one row per benchmark, the hardest (lowest score) first; empty where it has none."""
    table = _table("benchmark_results.csv")
    own = table[table["model"] == model]
    return own.sort_values("score").drop_duplicates("benchmark")


def partial_coverage() -> dict[str, str]:
    """Reason, by country, why its largest models are in no table, so that its record is a lower bound.

    Example:
        >>> "JPN" in partial_coverage()
        True
    """
    return dict(tomllib.loads((FOLDER / "partial_coverage.toml").read_text("utf-8"))["countries"])

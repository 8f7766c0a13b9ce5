"""Path to the package's modules and a small made data set, fitted once."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from results import COLUMNS, Benchmark
from scale import Fit, arrange, fit
from scipy.special import expit


@dataclass(frozen=True)
class Made:
    """Made results, index, benchmarks and the true levels by model."""

    results: pd.DataFrame
    index: pd.DataFrame
    benchmarks: dict[str, Benchmark]
    truth: pd.Series
    difficulty: pd.Series


def make(models: int = 26, seed: int = 5) -> Made:
    """Results of `models` models on eight benchmarks by the scale's own equation, with an index for every second
    model.
    """
    rng = np.random.default_rng(seed)
    names = ["Claude 3.5 Sonnet", "GPT-5", *(f"model {i}" for i in range(models - 2))]
    truth = pd.Series(np.concatenate([[130.0, 150.0], rng.normal(132, 10, models - 2)]), index=names)
    difficulty = pd.Series(np.linspace(112, 158, 8), index=[f"test {i}" for i in range(8)])
    benchmarks = {
        name: Benchmark("one" if i % 2 else "two", 0.25 if i < 2 else 0.0) for i, name in enumerate(difficulty.index)
    }
    rows = []
    for model, level in truth.items():
        for test, hard in difficulty.items():
            guess = benchmarks[str(test)].guess
            score = guess + (1 - guess) * expit(0.12 * (level - hard)) + rng.normal(0, 0.02)
            rows.append(
                {
                    **dict.fromkeys(COLUMNS, ""),
                    "model": model,
                    "version": model,
                    "benchmark": test,
                    "score": float(np.clip(score, 0, 1)),
                    "standard_error": np.nan,
                    "evaluator": "somebody",
                    "countries": "AAA" if len(rows) % 3 else "BBB",
                    "released": "2025-02-01",
                    "licence_ok": True,
                }
            )
    index = pd.DataFrame(
        {"version": names, "setting": "", "model": names, "eci": truth.to_numpy() + rng.normal(0, 0.8, models)}
    )
    index.loc[3::2, "eci"] = np.nan
    index = index.assign(
        low=index["eci"] - 4, high=index["eci"] + 4, organisation="", countries="", released="2025-02-01", open=False
    )
    return Made(pd.DataFrame(rows), index, benchmarks, truth, difficulty)


@pytest.fixture(scope="session")
def made() -> Made:
    return make()


@pytest.fixture(scope="session")
def fitted(made: Made) -> Fit:
    return fit(arrange(made.results, made.index, made.benchmarks), warmup=80, draws=80, seed=1)

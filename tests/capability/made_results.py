"""A small made data set: results by the scale's own equation, and the true levels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from headway.capability.results import COLUMNS, Benchmark


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


def own_results(level: float, tests: list[int]) -> pd.DataFrame:
    """Results of one model of a known level on some of the made benchmarks, as a user would give them."""
    hard = np.linspace(112, 158, 8)
    guess = [0.25 if i < 2 else 0.0 for i in range(8)]
    score = [guess[i] + (1 - guess[i]) * expit(0.12 * (level - hard[i])) for i in tests]
    return pd.DataFrame(
        {"benchmark": [f"test {i}" for i in tests], "score": score, "standard_error": np.nan, "evaluator": "somebody"}
    )

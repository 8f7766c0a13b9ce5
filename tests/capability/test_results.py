"""Names are matched by the alias table alone, scores become fractions, and bad cited rows are refused in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from headway.capability import results
from headway.capability.results import as_fraction, load_aliases, load_benchmarks
from headway.capability.scale import CLASS_OF_SETTING
from headway.core.errors import EvidenceError


def test_hosts_are_one_version_and_settings_are_kept() -> None:
    identity = results._epoch_identity
    aliases = load_aliases()
    assert identity("openai/gpt-oss-120b_high", aliases) == ("gpt-oss-120b", "high")
    assert identity("claude-opus-4-6_64K", aliases) == ("claude-opus-4-6", "64K")
    assert identity("gemini-2.5-flash-lite-preview-06-17-thinking", aliases)[1] == ""


def test_every_setting_of_the_alias_table_has_a_class() -> None:
    aliases = load_aliases()
    assert set(aliases["epoch"]["settings"].values()) <= set(CLASS_OF_SETTING)


def test_minutes_become_odds_of_an_hour() -> None:
    fraction = as_fraction(pd.Series([15.0, 60.0, 240.0]), "minutes")
    assert np.allclose(np.log(fraction / (1 - fraction)), np.log([0.25, 1.0, 4.0]))


def test_percent_and_points_become_fractions() -> None:
    assert as_fraction(pd.Series([46.0]), "percent").iloc[0] == pytest.approx(0.46)
    assert as_fraction(pd.Series([2500.0]), 5000).iloc[0] == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("benchmark", "score", "message"),
    [
        (
            "No such test",
            0.5,
            r"cited.csv, row 2: benchmark 'No such test' is not known; use a name of benchmarks.toml",
        ),
        ("GPQA diamond", 46.0, r"cited.csv, row 2: score 46.0 is outside 0 to 1; write a fraction, such as 0.46"),
    ],
)
def test_a_bad_cited_row_is_refused_in_words(tmp_path: Path, benchmark: str, score: float, message: str) -> None:
    path = tmp_path / "cited.csv"
    row = dict.fromkeys(results.COLUMNS, "") | {"url": "https://example.org", "benchmark": benchmark, "score": score}
    pd.DataFrame([row]).to_csv(path, index=False)
    with pytest.raises(EvidenceError, match=message):
        results._cited(path, load_benchmarks())


def test_the_cited_figures_are_single_known_and_early_enough() -> None:
    table = pd.read_csv(results.HERE / "cited_results.csv")
    assert not table.duplicated(["version", "setting", "benchmark", "evaluator"]).any()
    assert (table["released"] <= results.LAST_RELEASE).all()
    assert table["url"].str.startswith("https://").all()

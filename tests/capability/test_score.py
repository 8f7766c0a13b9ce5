"""A user's own model is placed by the fitted items, and bad input is refused in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from headway.capability.scale import Fit
from headway.capability.score import Items, items_of, place, read_items, read_own_results, write_items
from headway.core.errors import InputError


@pytest.fixture(scope="module")
def items(fitted: Fit) -> Items:
    return items_of(fitted, draws=12)


def _own(level: float, tests: list[int]) -> pd.DataFrame:
    hard = np.linspace(112, 158, 8)
    guess = [0.25 if i < 2 else 0.0 for i in range(8)]
    score = [guess[i] + (1 - guess[i]) * expit(0.12 * (level - hard[i])) for i in tests]
    return pd.DataFrame(
        {"benchmark": [f"test {i}" for i in tests], "score": score, "standard_error": np.nan, "evaluator": "somebody"}
    )


@pytest.mark.parametrize("level", [120.0, 135.0, 148.0])
def test_a_model_is_placed_at_its_level(items: Items, level: float) -> None:
    placement = place(_own(level, list(range(8))), items)
    assert abs(placement.level - level) < 2
    assert placement.low <= level <= placement.high


def test_fewer_results_give_a_wider_interval(items: Items) -> None:
    many, few = place(_own(135, list(range(8))), items), place(_own(135, [2, 5]), items)
    assert few.high - few.low > many.high - many.low


def test_an_unknown_evaluator_gives_a_wider_interval(items: Items) -> None:
    known = place(_own(135, [2, 5]), items)
    unknown = place(_own(135, [2, 5]).assign(evaluator="myself"), items)
    assert unknown.high - unknown.low > known.high - known.low


def test_saturated_scores_leave_the_level_open_upwards(items: Items) -> None:
    top = pd.DataFrame(
        {"benchmark": ["test 0", "test 1"], "score": 0.999, "standard_error": np.nan, "evaluator": "somebody"}
    )
    placement = place(top, items)
    assert placement.high - placement.low > 10


def test_items_survive_the_file(items: Items, tmp_path: Path) -> None:
    write_items(items, tmp_path / "items.csv")
    again = read_items(tmp_path / "items.csv")
    assert place(_own(135, [1, 4, 6]), again).level == pytest.approx(place(_own(135, [1, 4, 6]), items).level, abs=0.05)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "benchmark,score\nArithmetic,0.5\ntest 1,0.5\n",
            r"own.csv, row 2: benchmark 'Arithmetic' is not on the scale.*It knows: test 0",
        ),
        (
            "benchmark,score\ntest 1,46\ntest 2,0.5\n",
            r"own.csv, row 2: score '46' is not a fraction from 0 to 1; 46 % is written 0.46",
        ),
        ("benchmark,score\ntest 1,0.5\n", r"own.csv: 1 result; a level needs results on at least 2 benchmarks"),
        ("benchmark,score\ntest 1,0.5\ntest 1,0.6\n", r"own.csv: benchmark 'test 1' stands twice"),
        ("benchmark,points\ntest 1,0.5\n", r"own.csv: column 'score' is missing"),
        (
            "benchmark,score,standard_error\ntest 1,0.5,-1\ntest 2,0.5,\n",
            r"own.csv, row 2: standard_error '-1' is not a number from 0 to 1",
        ),
    ],
)
def test_bad_input_is_refused_in_words(items: Items, tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_own_results(path, items)

"""A user's own model is placed by the fitted items, and bad input is refused in words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_results import own_results

from headway.capability.score import Items, place, read_items, read_own_results, write_items
from headway.core.errors import InputError


@pytest.fixture(scope="module")
def items() -> Items:
    """Items near the truth of the made results, as a fit gives them; `test_scale.py` places a model by fitted ones."""
    rng = np.random.default_rng(3)
    names, shape = [f"test {i}" for i in range(8)], (12, 8)
    return Items(
        benchmarks=names,
        domains=["one" if i % 2 else "two" for i in range(8)],
        guess=np.array([0.25 if i < 2 else 0.0 for i in range(8)]),
        slope=rng.normal(0.12, 0.004, shape),
        difficulty=rng.normal(np.linspace(112, 158, 8), 0.5, shape),
        ceiling=np.full(shape, 0.98),
        noise=np.full(shape, 0.03),
        domain_sd=np.full(shape, 1.5),
        offset_sd=np.full(12, 0.3),
        offset={(name, "somebody"): rng.normal(0.0, 0.03, 12) for name in names},
    )


def test_fewer_results_give_a_wider_interval(items: Items) -> None:
    many, few = place(own_results(135, list(range(8))), items), place(own_results(135, [2, 5]), items)
    assert few.high - few.low > many.high - many.low


def test_an_unknown_evaluator_gives_a_wider_interval(items: Items) -> None:
    known = place(own_results(135, [2, 5]), items)
    unknown = place(own_results(135, [2, 5]).assign(evaluator="myself"), items)
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
    assert place(own_results(135, [1, 4, 6]), again).level == pytest.approx(
        place(own_results(135, [1, 4, 6]), items).level, abs=0.05
    )


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


@pytest.mark.parametrize(
    "data",
    [
        b"benchmark;score;standard_error\nTEST 1;0,5;\nTest 2;0,25;0,1\n",
        "benchmark\tscore\tstandard_error\ntest 1\t0.5\t\ntest 2\t0.25\t0.1\n".encode("utf-16"),
        b"results of June\n\nbenchmark,score,standard_error\ntest 1,.5,\ntest 2,2.5e-1,0.1\n",
    ],
    ids=["semicolons and decimal commas", "tabs and UTF-16", "a title above the header"],
)
def test_results_are_read_as_other_own_tables_are(items: Items, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(data)
    own = read_own_results(path, items)
    assert own["benchmark"].tolist() == ["test 1", "test 2"]
    assert own["score"].tolist() == [0.5, 0.25]
    assert own["standard_error"].isna().tolist() == [True, False]
    assert own["standard_error"].iloc[1] == 0.1


def test_a_row_of_another_length_is_named(items: Items, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("benchmark,score\ntest 1,0.5\ntest 2,0.5,0.1\n")
    with pytest.raises(InputError, match=r"own.csv, row 3: has 3 cells, the header 2"):
        read_own_results(path, items)

"""Anyone's forecasts on the points of the hindcast: the three forms agree, and every mistake is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from headway.core.errors import InputError
from headway.inference import scores
from headway.inference.league import league, read_forecasts

HEAD = "origin,quarter,country,"
POINT = "2024-12-31,2025Q2,AAA,"


def read(tmp_path: Path, text: str) -> dict[Any, Any]:
    path = tmp_path / "mine.csv"
    path.write_text(text, "utf-8")
    return read_forecasts(path)


def test_the_three_forms_of_a_normal_forecast_agree(tmp_path: Path) -> None:
    exact = norm.ppf(scores.PROBABILITIES, 150.0, 3.0)
    ends = norm.ppf([0.05, 0.5, 0.95], 150.0, 3.0)
    draws = norm.ppf((np.arange(2000) + 0.5) / 2000, 150.0, 3.0)
    forms = {
        "mean,sd\n" + POINT + "150,3\n": 1e-9,
        "q5,q50,q95\n" + POINT + ",".join(map(str, ends)) + "\n": 1e-6,
        "sample\n" + "".join(f"{POINT}{draw}\n" for draw in draws): 0.02,
    }
    for text, tolerance in forms.items():
        found = read(tmp_path, HEAD + text)
        assert list(found) == [("2024-12-31", "2025Q2", "AAA")]
        np.testing.assert_allclose(next(iter(found.values())), exact, atol=tolerance)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no column origin, quarter, country"),
        (HEAD + "mean\n" + POINT + "150\n", "none of them"),
        (HEAD + "q50\n" + POINT + "150\n", "none of them"),
        (HEAD + "q0,q50\n" + POINT + "140,150\n", "none of them"),
        (HEAD + "q5,q5.0\n" + POINT + "140,150\n", "the same quantile"),
        (HEAD + "mean,sd,sample\n" + POINT + "150,1,150\n", "several of them"),
        (HEAD + "mean,sd\n", "no row below"),
        (HEAD + "mean,sd\n" + POINT + "150,0\n", "row 2: sd 0 must lie between"),
        (HEAD + "mean,sd\n" + POINT + "high,1\n", "row 2: mean 'high' is not a number"),
        (HEAD + "mean,sd\n" + POINT + "nan,1\n", "row 2: mean nan must lie"),
        (HEAD + "q5,q95\n" + POINT + "150,140\n", "row 2: quantiles fall"),
        (HEAD + "mean,sd\n" + 2 * (POINT + "150,1\n"), "row 3: 2024-12-31 2025Q2 AAA stands above"),
        (HEAD + "sample\n" + 3 * (POINT + "150\n"), "3 samples"),
        (HEAD + "mean,sd\n" + POINT + "150,1,7\n", "more cells"),
    ],
)
def test_mistakes_name_row_and_field(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(tmp_path, text)


def record() -> dict[str, Any]:
    rows = [
        {
            "forecast": name, "origin": "2024-12-31", "quarter": quarter, "country": "AAA", "months": months,
            "actual": 150.0, **scores.score(norm.ppf(scores.PROBABILITIES, mean, 2.0), 150.0),
        }
        for name, mean in (("Headway", 151.0), ("persistence", 140.0))
        for quarter, months in (("2025Q2", 6), ("2025Q4", 12))
    ]  # fmt: skip
    return {"points": rows, "summary": {"Headway": {}, "persistence": {}}}


def test_all_are_scored_on_the_points_of_the_file() -> None:
    mine = {("2024-12-31", "2025Q2", "AAA"): norm.ppf(scores.PROBABILITIES, 150.0, 2.0)}
    found = league(record(), mine, "mine")
    assert (found["points"], found["of"]) == (1, 2)
    assert {name: row["n"] for name, row in found["summary"].items()} == {"mine": 1, "Headway": 1, "persistence": 1}
    assert (
        found["summary"]["mine"]["crps"] < found["summary"]["Headway"]["crps"] < found["summary"]["persistence"]["crps"]
    )
    assert list(found["by_horizon"]) == ["6"]


@pytest.mark.parametrize(
    ("point", "says"),
    [
        (("2023-12-31", "2025Q2", "AAA"), "origins are 2024-12-31"),
        (("2024-12-31", "2030Q1", "AAA"), "quarters are 2025Q2, 2025Q4"),
        (("2024-12-31", "2025Q2", "BBB"), "countries are AAA"),
    ],
)
def test_a_point_without_outcome_is_an_error(point: tuple[str, str, str], says: str) -> None:
    with pytest.raises(InputError, match=says):
        league(record(), {point: norm.ppf(scores.PROBABILITIES, 150.0, 2.0)}, "mine")


def test_the_name_of_a_forecaster_is_taken() -> None:
    with pytest.raises(InputError, match="rename the file"):
        league(record(), {}, "Headway")

"""Numbers that the tests of the R package COINr state for its own functions, from the same inputs.

Source: W. Becker, COINr, tests/testthat: test-normalise.R, test-treat.R, test-aggregate.R. Nothing here runs R.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from headway.standing import frames


def column(values: Sequence[float]) -> pd.DataFrame:
    return pd.DataFrame({"x": np.asarray(values, float)}, index=[f"u{i:02d}" for i in range(len(values))])


ONE_TO_TEN = range(1, 11)
POSTS = {"method": "goalposts", "low": 0, "high": 10}


@pytest.mark.parametrize(
    ("values", "direction", "settings", "expected"),
    [
        ([1, 11, -1], 1, POSTS, [0.1, 1, 0]),
        ([1, -1, 11], -1, POSTS, [0.9, 1, 0]),
        ([0, 5, 11], 1, {"method": "distance_to_target", "target": 10}, [0, 0.5, 1.1]),
        ([0, 5, 11], 1, {"method": "distance_to_target", "target": 10, "cap": True}, [0, 0.5, 1]),
        ([-1, 1, 10], -1, {"method": "distance_to_target", "target": 0}, [1.1, 0.9, 0]),
        ([-1, 1, 10], -1, {"method": "distance_to_target", "target": 0, "cap": True}, [1, 0.9, 0]),
        (ONE_TO_TEN, 1, {"method": "scaled", "low": 1, "high": 10}, [(x - 1) / 9 * 100 for x in ONE_TO_TEN]),
        (ONE_TO_TEN, 1, {"method": "borda"}, list(range(10))),
        (ONE_TO_TEN, 1, {"method": "fraction_of_maximum"}, [x / 10 for x in ONE_TO_TEN]),
        (ONE_TO_TEN, 1, {"method": "distance_to_maximum"}, [1 - (10 - x) / 9 for x in ONE_TO_TEN]),
        ([4, 1, 7], 1, {"method": "distance_to_reference", "reference": "u00"}, [1, 0, 2]),
        ([4, 1, 7], 1, {"method": "distance_to_reference", "reference": "u00", "cap": True}, [1, 0, 1]),
    ],
)
def test_normalisation(
    values: Sequence[float], direction: int, settings: Mapping[str, Any], expected: list[float]
) -> None:
    made = frames.normalise(column(values), directions={"x": direction}, **settings)
    assert made["x"].tolist() == pytest.approx(expected)


def test_ranges_and_moments() -> None:
    ranged = frames.normalise(column(ONE_TO_TEN), method="minmax", lower=2, upper=7)["x"]
    assert (ranged.min(), ranged.max()) == (2, 7)
    scored = frames.normalise(column(ONE_TO_TEN), method="zscore", mean=5, sd=2)["x"]
    assert (scored.mean(), scored.std()) == pytest.approx((5, 2))


def test_treatment() -> None:
    treated = frames.treat(column([*ONE_TO_TEN, 100]), winmax=5)["x"]
    assert treated.tolist() == [*ONE_TO_TEN, 10]
    two = column([*range(1, 21), 100, 200])
    assert frames.treat(two, winmax=1, transform="none")["x"].skew() > 2, "one winsorised value is not enough"
    logged = frames.treat(two, winmax=1)["x"]
    assert logged.is_monotonic_increasing
    assert logged.nunique() == 22, "the logarithm is taken of the original values"


def test_aggregation() -> None:
    x = pd.DataFrame(np.random.default_rng(0).uniform(size=(20, 5)), index=[f"u{i:02d}" for i in range(20)])
    x = x.rename(columns="v{}".format)
    assert frames.aggregate(x).tolist() == pytest.approx(x.mean(axis=1).tolist())
    weights = {name: i for i, name in enumerate(x.columns, start=1)}
    whole = frames.aggregate(x, weights=weights)
    assert whole.tolist() == pytest.approx(np.average(x, axis=1, weights=[1, 2, 3, 4, 5]).tolist())
    gaps = x.copy()
    gaps.iloc[0, :4] = np.nan
    thin = frames.aggregate(gaps, weights=weights, minimum_data=0.5)
    assert np.isnan(thin.iloc[0])
    assert thin.iloc[1:].tolist() == whole.iloc[1:].tolist()

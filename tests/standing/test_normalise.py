"""Every normalisation by hand, and through a specification with directions."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from indexes import flat, table

from headway.core.errors import InputError
from headway.standing import normalise as norm
from headway.standing.build import build
from headway.standing.settings import Normalise
from headway.standing.sheet import Mark, Sheet, StepFrame

X = np.array([[10.0], [20.0], [40.0], [np.nan]])


def scores(step: dict[str, object], values: np.ndarray = X, direction: int = 1) -> list[float]:
    spec = flat(1, [{"normalise": step}])
    raw = spec.model_dump(mode="json", exclude_unset=True)
    raw["indicators"] = {"a": {"direction": direction}}
    from headway.standing.spec import parse

    return [float(v) for v in build(parse(raw, "x"), table(values)).scores["a"]]


@pytest.mark.parametrize(
    ("step", "up", "down"),
    [
        ({"method": "minmax"}, [0, 100 / 3, 100], [100, 200 / 3, 0]),
        ({"method": "minmax", "lower": 1, "upper": 7}, [1, 3, 7], [7, 5, 1]),
        ({"method": "scaled", "low": 0, "high": 50}, [20, 40, 80], [80, 60, 20]),
        ({"method": "scaled", "low": 0, "high": 50, "lower": 10, "upper": 20}, [12, 14, 18], [18, 16, 12]),
        ({"method": "rank"}, [1, 2, 3], [3, 2, 1]),
        ({"method": "borda"}, [0, 1, 2], [2, 1, 0]),
        ({"method": "percentile_rank"}, [0, 0.5, 1], [1, 0.5, 0]),
        ({"method": "distance_to_maximum"}, [0, 1 / 3, 1], [1, 2 / 3, 0]),
        ({"method": "distance_to_target", "target": 30}, [0, 0.5, 1.5], [3, 2, 0]),
        ({"method": "distance_to_target", "target": 30, "cap": True}, [0, 0.5, 1], [1, 1, 0]),
        ({"method": "distance_to_reference", "reference": "u001"}, [0, 1, 3], [1.5, 1, 0]),
        ({"method": "distance_to_reference", "reference": "u001", "cap": True}, [0, 1, 1], [1, 1, 0]),
        ({"method": "distance_to_reference", "reference": 25}, [0, 2 / 3, 2], [2, 4 / 3, 0]),
        ({"method": "goalposts", "low": 0, "high": 50}, [0.2, 0.4, 0.8], [0.8, 0.6, 0.2]),
        ({"method": "goalposts", "low": 15, "high": 35}, [0, 0.25, 1], [1, 0.75, 0]),
        ({"method": "goalposts", "low": 15, "high": 35, "cap": False}, [-0.25, 0.25, 1.25], [1.25, 0.75, -0.25]),
        ({"method": "goalposts", "low": 10, "high": 40, "log": True}, [0, 0.5, 1], [1, 0.5, 0]),
        ({"method": "goalposts", "low": 0, "high": 50, "upper": 10}, [2, 4, 8], [8, 6, 2]),
        ({"method": "none"}, [10, 20, 40], [-10, -20, -40]),
    ],
)
def test_by_hand_in_both_directions(step: dict[str, object], up: list[float], down: list[float]) -> None:
    assert scores(step)[:3] == pytest.approx(up)
    assert scores(step, direction=-1)[:3] == pytest.approx(down)
    assert np.isnan(scores(step)[3])


def test_z_scores_divide_by_n_minus_one() -> None:
    values = scores({"method": "zscore"})[:3]
    assert np.mean(values) == pytest.approx(0)
    assert np.std(values, ddof=1) == pytest.approx(1)
    other = scores({"method": "zscore", "mean": 100, "sd": 10, "ddof": 0})[:3]
    assert np.mean(other) == pytest.approx(100)
    assert np.std(other) == pytest.approx(10)


def test_fraction_of_maximum_and_its_limits() -> None:
    assert scores({"method": "fraction_of_maximum"})[:3] == pytest.approx([0.25, 0.5, 1])
    with pytest.raises(InputError, match="direction -1"):
        scores({"method": "fraction_of_maximum"}, direction=-1)
    with pytest.raises(InputError, match="maximum of 'a'"):
        scores({"method": "fraction_of_maximum"}, -X)
    with pytest.raises(InputError, match="maximum of 'a' is 0"):
        scores({"method": "fraction_of_maximum"}, np.array([[-1.0], [0.0]]))


def test_values_below_one_have_logarithms_too() -> None:
    values = scores({"method": "goalposts", "low": 0.01, "high": 1, "log": True}, np.array([[0.01], [0.1], [1.0]]))
    assert values == pytest.approx([0, 0.5, 1])


def test_scores_lie_from_0_to_100_where_nothing_else_is_said() -> None:
    np.testing.assert_allclose(norm.minmax(X[:3])[:, 0], [0, 100 / 3, 100])
    low, high = np.array([0.0]), np.array([50.0])
    np.testing.assert_allclose(norm.scaled(X[:3], low, high)[:, 0], [20, 40, 80])
    np.testing.assert_allclose(norm.goalposts(X[:3], low, high)[0][:, 0], [0.2, 0.4, 0.8])
    np.testing.assert_allclose(norm.zscore(np.array([[1.0], [2.0], [3.0]]))[:, 0], [-1, 0, 1])  # sd over n - 1 is 1
    np.testing.assert_allclose(norm.distance_to_reference(X[:3], np.array([20.0]))[:, 0], [0, 1, 3])
    np.testing.assert_allclose(norm.distance_to_target(X[:3], np.array([25.0]))[:, 0], [0, 2 / 3, 2])


@pytest.mark.parametrize(
    ("step", "cut"),
    [
        ({"method": "distance_to_reference", "reference": "u001", "cap": True}, [False, False, True]),
        ({"method": "distance_to_reference", "reference": "u001"}, [False, False, False]),
        ({"method": "distance_to_target", "target": 15, "cap": True}, [False, True, True]),
        ({"method": "distance_to_target", "target": 15}, [False, False, False]),
        ({"method": "goalposts", "low": 15, "high": 35}, [True, False, True]),
        ({"method": "minmax"}, [False, False, False]),
    ],
)
def test_values_that_were_cut_are_marked(step: dict[str, object], cut: list[bool]) -> None:
    marks = build(flat(1, [{"normalise": step}]), table(X[:3])).final.marks[:, 0]
    assert marks.tolist() == [int(Mark.CAPPED) if one else int(Mark.OBSERVED) for one in cut]


def test_a_reference_unit_that_is_missing_in_one_member_is_named() -> None:
    spec, rows = flat(2, [{"normalise": {"method": "distance_to_reference", "reference": "u001"}}]), table(np.eye(3, 2))
    members = np.stack([np.array([[1.0, 1.0], [2.0, 3.0], [4.0, 5.0]])] * 2)
    step, frame = spec.steps[0], StepFrame(spec, rows, {}, {})
    assert isinstance(step, Normalise)
    done = norm.normalise_sheet(step, replace(Sheet.of(rows), values=members), frame).values
    np.testing.assert_allclose(done[1], [[0, 0], [1, 1], [3, 2]])
    members[1, 1, 1] = np.nan
    with pytest.raises(InputError, match="'u001' has no value of 'b'"):
        norm.normalise_sheet(step, replace(Sheet.of(rows), values=members), frame)


def test_logarithms_of_all_years_reach_below_one() -> None:
    x = np.array([[0.01], [0.1], [1.0], [10.0]])
    step = {"normalise": {"method": "zscore", "log": True, "scope": "all"}}
    two = build(flat(1, [step]), table(x, units=("u", "v", "u", "v"), years=np.array([2020, 2020, 2021, 2021])))
    logs = np.log(x[:, 0])
    np.testing.assert_allclose(two.scores["a"], (logs - logs.mean()) / logs.std(ddof=1))


def test_the_adjusted_band_is_70_to_130_wide() -> None:
    values = scores({"method": "reference_band", "reference": 25})[:3]
    assert values == pytest.approx([70, 90, 130])
    assert values[2] - values[0] == 60


def test_a_log_of_nothing_names_the_unit() -> None:
    with pytest.raises(InputError, match="a of u000 is 0, which has no logarithm"):
        scores({"method": "goalposts", "low": 1, "high": 10, "log": True}, np.array([[0.0], [5.0]]))


@pytest.mark.parametrize("method", ["minmax", "zscore", "percentile_rank", "distance_to_maximum", "reference_band"])
def test_a_constant_column_is_an_error_naming_indicator_and_node(method: str) -> None:
    with pytest.raises(InputError, match=r"node 'top': indicator 'a' is constant \(3\)"):
        scores({"method": method}, np.full((4, 1), 3.0))


def test_goalposts_take_a_constant_column() -> None:
    assert scores({"method": "goalposts", "low": 0, "high": 6}, np.full((4, 1), 3.0)) == [0.5] * 4


def test_an_absent_reference_is_named() -> None:
    with pytest.raises(InputError, match="reference unit 'u009' is not in the data"):
        scores({"method": "distance_to_reference", "reference": "u009"})
    with pytest.raises(InputError, match="'u003' has no value of 'a'"):
        scores({"method": "distance_to_reference", "reference": "u003"})


def test_a_target_at_the_worst_value_leaves_no_distance() -> None:
    with pytest.raises(InputError, match="target of 'a' is its worst value"):
        scores({"method": "distance_to_target", "target": 10})


def test_global_parameters_come_from_all_years() -> None:
    x = np.array([[0.0], [10.0], [5.0], [20.0]])
    two = table(x, units=("u", "v", "u", "v"), years=np.array([2020, 2020, 2021, 2021]))
    each = build(flat(1, [{"normalise": {"upper": 1}}]), two).scores["a"]
    whole = build(flat(1, [{"normalise": {"upper": 1, "scope": "all"}}]), two).scores["a"]
    assert each.tolist() == [0, 1, 0, 1]
    assert whole.tolist() == [0, 0.5, 0.25, 1]


@pytest.mark.parametrize("method", ["rank", "borda", "percentile_rank", "zscore", "distance_to_maximum"])
def test_every_method_knows_all_years(method: str) -> None:
    x = np.array([[1.0], [2.0], [3.0], [5.0]])
    spec = flat(1, [{"normalise": {"method": method, "scope": "all"}}])
    years = np.array([2020, 2020, 2021, 2021])
    two = build(spec, table(x, units=("u", "v", "u", "v"), years=years)).scores["a"]
    one = build(flat(1, [{"normalise": {"method": method}}]), table(x)).scores["a"]
    np.testing.assert_allclose(two, one)


@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=20, unique=True), st.floats(0.1, 10), st.floats(-100, 100))
def test_scales_forget_units_of_measurement(values: list[float], factor: float, shift: float) -> None:
    x = np.array(values)[:, None]
    if np.ptp(x) < 1e-6:
        return
    for f in (norm.minmax, norm.zscore, norm.distance_to_maximum):
        np.testing.assert_allclose(f(x), f(x * factor + shift), atol=1e-5)

"""Gaps filled by hand-checked rules, marked, and never at the cost of an observed value."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indexes import flat, pillars, sample, table

from headway.core.errors import InputError
from headway.standing import impute
from headway.standing.build import build
from headway.standing.impute import by_floor, by_neighbours
from headway.standing.reader import parse_table
from headway.standing.sheet import Mark

GAP = np.nan


def filled(step: dict[str, object], values: npt.ArrayLike, **more: object) -> np.ndarray:
    spec = flat(np.shape(values)[1], [{"impute": step}])
    return build(spec, table(values, **more)).stages["impute"].values


def test_mean_and_median() -> None:
    x = [[1.0], [2.0], [6.0], [GAP]]
    assert filled({"method": "mean"}, x)[3, 0] == 3
    assert filled({"method": "median"}, x)[3, 0] == 2


def test_groups_fill_from_their_own_and_fall_back_marked() -> None:
    x = [[1.0], [3.0], [GAP], [10.0], [GAP], [GAP]]
    groups = {"region": ("n", "n", "n", "s", "w", "")}
    step = {"impute": {"method": "group_mean", "group": "region"}}
    sheet = build(flat(1, [step]), table(x, groups=groups)).stages["impute"]
    assert sheet.values[:, 0].tolist() == [1, 3, 2, 10, pytest.approx(14 / 3), pytest.approx(14 / 3)]
    assert sheet.marks[:, 0].tolist() == [0, 0, 2, 0, 6, 6]
    assert Mark.IMPUTED == 2
    none = filled({"method": "group_median", "group": "region", "fallback": "none"}, x, groups=groups)
    assert np.isnan(none[4:]).all()


def test_rows_are_filled_on_scaled_values_and_scaled_back() -> None:
    """b of the gap's unit is at 3/4 of its range and turned; a runs from 0 to 8."""
    x = np.array([[0.0, 100.0], [8.0, 500.0], [GAP, 200.0]])
    up = impute.by_row(x, np.array([1.0, 1.0])).values
    assert up[2, 0] == 2
    down = impute.by_row(x, np.array([1.0, -1.0])).values
    assert down[2, 0] == 6


def test_rows_within_a_pillar_do_not_look_at_the_other() -> None:
    x = np.array([[0.0, 0.0, 0.0, 0.0], [10.0, 10.0, 10.0, 10.0], [GAP, 5.0, 9.0, 9.0]])
    spec = pillars([{"impute": {"method": "row_mean", "within": 1}}])
    assert build(spec, table(x)).stages["impute"].values[2, 0] == 5
    spec = pillars([{"impute": {"method": "row_mean", "within": 0}}])
    assert build(spec, table(x)).stages["impute"].values[2, 0] == pytest.approx(23 / 3)


def test_a_row_with_too_little_keeps_its_gaps() -> None:
    x = np.array([[0.0, 0.0, 0.0], [10.0, 10.0, 10.0], [GAP, GAP, 5.0]])
    assert np.isnan(impute.by_row(x, np.ones(3), minimum=0.5).values[2, :2]).all()
    assert not np.isnan(impute.by_row(x, np.ones(3), minimum=0.3).values).any()


def test_over_years() -> None:
    years = np.array([2018.0, 2019.0, 2020.0, 2021.0, 2022.0])
    x = np.array([[GAP], [4.0], [GAP], [8.0], [GAP]])
    latest, of = impute.over_years(x, years, "latest")
    assert latest[1:, 0].tolist() == [4, 4, 8, 8]
    assert np.isnan(latest[0, 0])
    assert of[1:, 0].tolist() == [2019, 2019, 2021, 2021]
    assert impute.over_years(x, years, "constant")[0][:, 0].tolist() == [4, 4, 4, 8, 8]
    assert impute.over_years(x, years, "linear")[0][:, 0].tolist() == [4, 4, 6, 8, 8]


def test_a_limit_in_years() -> None:
    years = np.array([2018.0, 2020.0, 2021.0])
    x = np.array([[1.0], [GAP], [GAP]])
    values, _ = impute.over_years(x, years, "latest", limit=2)
    assert values[1, 0] == 1
    assert np.isnan(values[2, 0])


def test_years_by_label_and_marked_with_their_age() -> None:
    years = np.array([2020, 2020, 2021, 2021])
    panel = table([[1.0], [5.0], [GAP], [7.0]], units=("u", "v", "u", "v"), years=years)
    sheet = build(flat(1, [{"impute": {"method": "latest"}}, "normalise"]), panel).stages["impute"]
    assert sheet.values[:, 0].tolist() == [1, 5, 1, 7]
    assert sheet.marks[2, 0] == Mark.IMPUTED | Mark.CARRIED
    assert sheet.ages[2, 0] == 1
    with pytest.raises(InputError, match="no year column"):
        filled({"method": "latest"}, [[1.0], [GAP]])


def test_chained_equations_recover_a_linear_relation() -> None:
    rng = np.random.default_rng(0)
    a = rng.normal(size=80)
    x = np.column_stack([a, 3 * a + 1 + 0.01 * rng.normal(size=80)])
    truth = x[:10, 1].copy()
    x[:10, 1] = np.nan
    done, pool = impute.chained(x, draws=5)
    np.testing.assert_allclose(done.values[:10, 1], truth, atol=0.1)
    assert pool.shape == (5, 80, 2)
    assert (done.sd[:10, 1] > 0).all()
    assert not done.sd[10:].any()


def test_chained_equations_need_a_value_in_every_column() -> None:
    with pytest.raises(InputError, match="'b' has no value at all"):
        filled({"method": "chained"}, [[1.0, GAP], [2.0, GAP]])


def test_a_column_with_its_own_method_keeps_the_other_settings() -> None:
    x = [[1.0, 1.0], [3.0, 3.0], [8.0, 8.0], [GAP, GAP]]
    out = filled({"method": "mean", "per": {"b": {"method": "median"}}}, x)
    assert out[3].tolist() == [4, 3]


@settings(max_examples=30)
@given(st.integers(0, 1000), st.sampled_from(["mean", "median", "row_mean", "row_median"]))
def test_observed_values_never_change(seed: int, method: str) -> None:
    x = sample(20, 4, seed, missing=0.2)
    out = filled({"method": method}, x)
    np.testing.assert_array_equal(out[~np.isnan(x)], x[~np.isnan(x)])


def test_the_error_of_a_filled_cell_is_the_spread_of_what_it_was_filled_from() -> None:
    x = np.array([[1.0], [3.0], [5.0], [GAP]])
    assert impute.by_column(x).sd[3, 0] == pytest.approx(2 * np.sqrt(1 + 1 / 3))
    assert not impute.by_column(x).sd[:3].any()


def test_the_floor_is_the_worst_value_in_the_indicators_sense() -> None:
    x = np.array([[1.0, 5.0], [3.0, np.nan], [np.nan, 2.0]])
    done = by_floor(x, np.array([1.0, -1.0]))
    np.testing.assert_array_equal(done.values, [[1, 5], [3, 5], [1, 2]])
    assert not done.sd.any()


def test_neighbours_are_the_most_similar_units_that_have_the_value() -> None:
    """Unit 3 is near 0 and 1, whose values are 10 and 14; unit 4 is near 2 and, next, 1."""
    x = np.array([[0.0, 10.0], [1.0, 14.0], [9.0, 40.0], [0.4, np.nan], [8.0, np.nan]])
    done = by_neighbours(x, [1], 2)
    np.testing.assert_allclose(done.values[:, 0], [10, 14, 40, 12, 27])
    assert done.sd[3, 0] == pytest.approx(np.sqrt(8 * 1.5))
    np.testing.assert_array_equal(done.sd[:3], 0)


def test_absent_donors_count_with_what_stands_in_for_them() -> None:
    x = np.array([[0.0, 10.0], [0.1, np.nan], [0.2, np.nan], [5.0, 50.0]])
    np.testing.assert_allclose(by_neighbours(x, [1], 1).values[:, 0], [10, 10, 10, 50])
    done = by_neighbours(x, [1], 1, absent=np.array([4.0]))
    np.testing.assert_allclose(done.values[:, 0], [10, 4, 4, 50])


def test_further_columns_say_who_is_alike() -> None:
    x = np.array([[1.0, 10.0], [1.0, 20.0], [1.0, np.nan], [3.0, 30.0]])
    like = np.array([[1.0], [50.0], [49.0], [2.0]])
    assert by_neighbours(x, [1], 1, like).values[2, 0] == 20


def test_members_of_an_ensemble_find_their_own_neighbours() -> None:
    one = np.array([[0.0, 10.0], [1.0, 14.0], [0.4, np.nan]])
    other = np.array([[0.0, 10.0], [1.0, 14.0], [0.9, np.nan]])
    done = by_neighbours(np.stack([one, other]), [1], 1)
    np.testing.assert_allclose(done.values[:, 2, 0], [10, 14])


def test_a_unit_that_shares_no_column_keeps_its_gap() -> None:
    x = np.array([[1.0, np.nan], [2.0, np.nan], [np.nan, 3.0]])
    done = by_neighbours(x, [0, 1], 2)
    assert np.isnan(done.values[2, 0])
    assert np.isnan(done.values[:2, 1]).all()


def test_likeness_may_come_from_columns_that_are_no_indicators() -> None:
    step = {"impute": {"method": "neighbours", "neighbours": 1, "like": ["size"]}}
    text = "unit,a,b,size\nx,1,10,1\ny,1.1,20,50\nz,1,,49\nw,3,30,2\n"
    spec = flat(2, [step, "normalise"])
    index = build(spec, parse_table(text, spec, "d.csv"))
    assert index.stages["impute"].values[index.units.index("z"), 1] == 20

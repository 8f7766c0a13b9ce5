"""Whole builds: order of rows, names, screening, denominators, years, levels, published indexes."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indexes import flat, pillars, sample, table, tai_2001

from headway.core.errors import InputError
from headway.standing import export
from headway.standing.build import build
from headway.standing.ensemble import prepare, run
from headway.standing.moments import Array
from headway.standing.presets import preset
from headway.standing.reader import parse_table, read_table
from headway.standing.settings import Robustness
from headway.standing.sheet import Mark, mark_words
from headway.standing.spec import Spec, parse
from headway.standing.table import Table

HDI = Path(__file__).parents[2] / "docs" / "data" / "hdi_2022.csv"
EVERYTHING = [
    {"screen": {"minimum_data": 0.5}},
    {"impute": {"method": "group_median", "group": "g"}},
    "treat",
    {"normalise": {"lower": 1}},
]


def test_a_table_worked_by_hand() -> None:
    """a scores 0, 50, 100; b, turned, 100, 0, 50; weights 1 to 3 give 75, 12.5, 62.5."""
    spec = parse(
        {
            "name": "hand",
            "indicators": {"a": None, "b": {"direction": -1}},
            "nodes": {"top": {"children": ["a", "b"], "weights": {"a": 1, "b": 3}}},
            "steps": ["normalise"],
        },
        "hand",
    )
    index = build(spec, table([[1.0, 10.0], [2.0, 30.0], [3.0, 20.0]]))
    assert index.scores["a"].tolist() == [0, 50, 100]
    assert index.scores["b"].tolist() == [100, 0, 50]
    assert index.scores["top"].tolist() == [75, 12.5, 62.5]
    assert index.ranks["top"].tolist() == [1, 3, 2]


def test_technology_achievement_index_2001() -> None:
    """Human Development Report 2001, table A2.1, to the three digits printed there; New Zealand as in technical note 2.

    Inputs are the Handbook's, whose logarithms have two digits, hence 0.002. Singapore is left out: the report had no
    figure for its royalties, the Handbook fills one in.
    """
    units, values, _ = tai_2001()
    spec = preset("tai")
    index = build(spec, Table(units, spec.tree.leaves, values))
    published = {
        "Finland": 0.744, "United States": 0.733, "Sweden": 0.703, "Japan": 0.698, "Korea": 0.666,
        "Netherlands": 0.630, "United Kingdom": 0.606, "Canada": 0.589, "Australia": 0.587, "Germany": 0.583,
        "Norway": 0.579, "Ireland": 0.566, "Belgium": 0.553, "New Zealand": 0.548, "Austria": 0.544, "France": 0.535,
        "Israel": 0.514, "Spain": 0.481, "Italy": 0.471, "Czech Republic": 0.465, "Hungary": 0.464,
        "Slovenia": 0.458,
    }  # fmt: skip
    scores = dict(zip(index.units, index.scores["tai"], strict=True))
    for unit, score in published.items():
        assert scores[unit] == pytest.approx(score, abs=0.002)
    order = sorted(published, key=lambda unit: -scores[unit])
    assert order == list(published)
    at = index.units.index("New Zealand")
    parts = [index.scores[node][at] for node in ("creation", "recent_innovations", "old_innovations", "skills", "tai")]
    assert parts == pytest.approx([0.076, 0.411, 0.984, 0.725, 0.549], abs=6e-4)


def test_human_development_index_2019() -> None:
    """Human Development Report 2020, table 1: inputs and values as printed (Norway's schooling above 18 is capped)."""
    text = (
        "country,life_expectancy,expected_schooling,mean_schooling,gni_per_capita\n"
        "Norway,82.4,18.1,12.9,66494\nIreland,82.3,18.7,12.7,68371\nSwitzerland,83.8,16.3,13.4,69394\n"
        "India,69.7,12.2,6.5,6681\nNiger,62.4,6.5,2.1,1201\n"
    )
    spec = preset("hdi")
    index = build(spec, parse_table(text, spec, "hdi.csv"))
    published = {"Norway": 0.957, "Ireland": 0.955, "Switzerland": 0.955, "India": 0.645, "Niger": 0.394}
    for unit, score in zip(index.units, index.scores["hdi"], strict=True):
        assert score == pytest.approx(published[unit], abs=0.0011)
    norway = index.final.marks[index.units.index("Norway")]
    assert mark_words(int(norway[index.spec.tree.leaves.index("expected_schooling")])) == "capped"


def test_human_development_index_2022_of_all_countries() -> None:
    """Human Development Report 2023/24, table 1 (UNDP, CC BY 3.0 IGO): values within what its rounding leaves open."""
    spec = preset("hdi")
    whole = read_table(HDI, spec)
    half = np.array([0.05, 0.05, 0.05, 0.5])
    assert whole.indicators[-1] == "gni_per_capita"

    def scores(shift: Array) -> dict[str, float]:
        index = build(spec, Table(whole.units, whole.indicators, whole.values + shift))
        return dict(zip(index.units, index.scores["hdi"], strict=True))

    low, middle, high = (scores(sign * half) for sign in (-1, 0, 1))
    with HDI.open(encoding="utf-8") as file:
        published = {row["country"]: float(row["hdi"] or "nan") for row in csv.DictReader(file)}
    ranked = {unit: value for unit, value in published.items() if value == value}
    assert len(ranked) == 193
    assert all(low[unit] - 5e-4 <= value <= high[unit] + 5e-4 for unit, value in ranked.items())
    assert max(abs(middle[unit] - value) for unit, value in ranked.items()) < 0.002
    assert {unit for unit, score in middle.items() if score != score} == set(published) - set(ranked)


def test_rescaled_components_as_in_the_e_government_index() -> None:
    """z-scores are averaged, then the component runs from 0 to 1 over countries."""
    spec = preset("egdi-like")
    rng = np.random.default_rng(0)
    leaves = spec.tree.leaves
    index = build(spec, Table(tuple(f"u{i:02d}" for i in range(30)), leaves, rng.random((30, len(leaves)))))
    for node in ("infrastructure", "human_capital"):
        assert (index.scores[node].min(), index.scores[node].max()) == (0, 1)
    x = np.column_stack([index.scores[leaf] for leaf in spec.tree.children["human_capital"]])
    z = x @ np.array([3, 2, 2, 2]) / 9
    np.testing.assert_allclose(index.scores["human_capital"], (z - z.min()) / np.ptp(z))


@settings(max_examples=25)
@given(st.integers(0, 1000))
def test_the_order_of_rows_changes_nothing_to_the_last_bit(seed: int) -> None:
    x = sample(25, 4, seed, missing=0.1)
    units = tuple(f"u{i:02d}" for i in range(25))
    groups = tuple("xyz"[i % 3] for i in range(25))
    order = np.random.default_rng(seed).permutation(25)
    spec = pillars(EVERYTHING, aggregate="geometric")
    one = build(spec, Table(units, tuple("abcd"), x, groups={"g": groups}))
    mixed = {"g": tuple(groups[i] for i in order)}
    two = build(spec, Table(tuple(units[i] for i in order), tuple("abcd"), x[order], groups=mixed))
    assert one.units == two.units
    np.testing.assert_array_equal(one.scores["top"], two.scores["top"])


@settings(max_examples=25)
@given(st.integers(0, 1000))
def test_other_names_for_units_change_no_score(seed: int) -> None:
    x = sample(15, 4, seed)
    names = tuple(f"z{99 - i}" for i in range(15))
    one = build(pillars(), table(x, "abcd"))
    two = build(pillars(), table(x, "abcd", units=names))
    np.testing.assert_allclose(two.scores["top"], one.scores["top"][::-1], rtol=1e-12)


def test_columns_are_matched_by_name() -> None:
    x = sample(10, 4)
    one = build(pillars(), table(x, "abcd"))
    two = build(pillars(), Table(table(x).units, tuple("dcba"), x[:, ::-1]))
    np.testing.assert_array_equal(one.scores["top"], two.scores["top"])
    with pytest.raises(InputError, match="no column 'd'"):
        build(pillars(), table(x[:, :3], "abc"))


def test_screening_by_data_and_zeros_with_exceptions() -> None:
    x = [[1.0, 2.0], [np.nan, 3.0], [0.0, 0.0], [4.0, 0.0], [5.0, 6.0]]
    step = {"minimum_data": 0.6, "minimum_nonzero": 0.4, "include": ["u002"], "exclude": ["u004"]}
    index = build(flat(2, [{"screen": step}, "normalise"]), table(x))
    assert index.units == ("u000", "u002", "u003")
    decided = index.screened["screen"]
    assert decided.low_data.tolist() == [False, True, False, False, False]
    assert decided.many_zeros.tolist() == [False, False, True, False, False]
    assert any("left out 2 of 5 rows: u001, u004" in said for said in index.remarks)


def test_screening_out_everybody_or_a_stranger_is_an_error() -> None:
    gaps = [[np.nan, 1.0], [2.0, np.nan]]
    with pytest.raises(InputError, match="leaves no unit"):
        build(flat(2, [{"screen": {"minimum_data": 0.9}}]), table(gaps))
    with pytest.raises(InputError, match="unit 'FRA' is not in the data"):
        build(flat(2, [{"screen": {"include": ["FRA"]}}]), table(gaps))


def test_denominators_by_column_scale_and_function() -> None:
    text = "unit,a,b,people\nx,10,4,1000\ny,30,9,2000\nz,5,1,0\n"
    steps = [{"denominate": {"by": "people", "scale": 100, "per": {"b": {"function": "difference", "scale": 1}}}}]
    spec = flat(2, steps)
    index = build(spec, parse_table(text, spec, "d.csv"))
    np.testing.assert_array_equal(index.scores["a"], [1, 1.5, np.nan])
    np.testing.assert_array_equal(index.scores["b"], [4 - 1000, 9 - 2000, 1])
    assert index.final.marks[2, 0] == Mark.MISSING


def test_mixed_aggregation_at_several_levels() -> None:
    nodes = {
        "top": {"children": ["left", "right"], "aggregate": "copeland"},
        "left": {"children": ["a", "b"], "aggregate": "geometric"},
        "right": {"children": ["c", "d"], "aggregate": {"method": "power", "exponent": 2}},
    }
    x = 1 + sample(12, 4)
    index = build(pillars([], nodes=nodes), table(x, "abcd"))
    np.testing.assert_allclose(index.scores["left"], np.sqrt(x[:, 0] * x[:, 1]))
    np.testing.assert_allclose(index.scores["right"], np.sqrt((x[:, 2] ** 2 + x[:, 3] ** 2) / 2))
    assert index.scores["top"].sum() == pytest.approx(12 * 11 / 2)


def test_years_are_built_side_by_side() -> None:
    x, units = sample(10, 2), tuple(f"u{i}" for i in range(5)) * 2
    years = np.repeat([2020, 2021], 5)
    both = build(flat(2), Table(units, ("a", "b"), x, years=years))
    for year in (2020, 2021):
        alone = build(flat(2), Table(units[:5], ("a", "b"), x[years == year]))
        np.testing.assert_array_equal(both.scores["top"][np.array(both.years) == year], alone.scores["top"])
    assert sorted(both.ranks["top"][:5]) == [1, 2, 3, 4, 5]


def test_marks_say_what_happened_to_each_cell() -> None:
    x = np.vstack([np.linspace(1, 2, 25)[:, None], [[1e3], [1e6], [np.nan]]])
    index = build(flat(1, ["treat", {"impute": {"name": "fill"}}, "normalise"]), table(x))
    marks = [mark_words(int(mark)) for mark in index.final.marks[:, 0]]
    assert marks[-1] == "imputed"
    assert marks[0] in {"", "transformed"}
    assert index.share_imputed().tolist() == [0] * 27 + [1]


@settings(max_examples=25)
@given(st.integers(0, 1000), st.floats(0.01, 100), st.floats(-50, 50))
def test_units_of_measurement_change_no_rank(seed: int, factor: float, shift: float) -> None:
    x = sample(20, 4, seed)
    moved = x.copy()
    moved[:, 1] = factor * moved[:, 1] + shift
    for method in ("minmax", "zscore", "rank"):
        spec = pillars([{"normalise": {"method": method}}])
        one, two = build(spec, table(x, "abcd")), build(spec, table(moved, "abcd"))
        np.testing.assert_allclose(one.scores["top"], two.scores["top"], atol=1e-6)


def panel(**node: Any) -> tuple[Spec, Table]:
    spec = parse(
        {
            "name": "panel",
            "year": "year",
            "indicators": ["a", "b"],
            "nodes": {"top": {"children": ["a", "b"], "aggregate": "geometric", **node}},
            "steps": [{"normalise": {"method": "none"}}],
        },
        "panel",
    )
    values = np.array([[4.0, 1.0], [9.0, 4.0], [1.0, 1.0], [0.0, 4.0]])
    return spec, Table(("x", "y", "x", "y"), ("a", "b"), values, years=np.array([2020, 2020, 2021, 2021]))


def test_a_zero_under_a_geometric_mean_names_unit_year_and_child() -> None:
    with pytest.raises(InputError, match=r"'top': geometric needs positive scores, but 'a' of y in 2021 is 0; give"):
        build(*panel())


def test_a_floor_or_leaving_out_takes_zeros_into_a_geometric_mean() -> None:
    raised = build(*panel(aggregate={"method": "geometric", "floor": 1}))
    np.testing.assert_allclose(raised.scores["top"], [2, 6, 1, 2])
    assert "node 'top': 1 scores are raised to the floor of 1" in raised.remarks
    left = build(*panel(aggregate={"method": "geometric", "nonpositive": "missing"}))
    np.testing.assert_allclose(left.scores["top"], [2, 6, 1, 4])
    assert "node 'top': 1 scores are left out as not positive" in left.remarks


def test_a_floor_allows_a_scale_that_starts_at_zero() -> None:
    spec = flat(2, [{"normalise": {"lower": 0, "upper": 100}}], aggregate={"method": "geometric", "floor": 1})
    index = build(spec, table([[1, 3], [2, 1], [3, 2]]))
    np.testing.assert_allclose(index.scores["top"], [10, np.sqrt(50), np.sqrt(5000)])
    made = run(prepare(spec, table([[1, 3], [2, 1], [3, 2]]), Robustness(leave_out=True, draws=9)))
    assert made.failed == 0


def test_scores_may_be_rounded_before_they_are_ranked() -> None:
    spec = flat(1, [{"normalise": {"method": "none"}}])
    data = table([[0.7141], [0.7139], [0.7131]])
    assert build(spec, data).ranks["top"].tolist() == [1, 2, 3]
    rounded = parse({**spec.model_dump(mode="json", exclude_unset=True), "rank_decimals": 3}, "x")
    index = build(rounded, data)
    assert index.ranks["top"].tolist() == [1, 1, 3]
    assert index.ranks["a"].tolist() == [1, 2, 3]
    assert index.scores["top"].tolist() == [0.7141, 0.7139, 0.7131]
    shaken = run(prepare(rounded, data, Robustness(leave_out=True, draws=3)))
    assert shaken.nominal_ranks.tolist() == [1, 1, 3]


def test_weights_of_a_panel_are_those_of_each_year() -> None:
    spec, _ = panel(aggregate="arithmetic", weights="entropy")
    values = np.concatenate([sample(5, 2, 1), sample(5, 2, 2)])
    units, years = tuple("vwxyz" * 2), np.repeat([2020, 2021], 5)
    frame = export.weights(build(spec, Table(units, ("a", "b"), values, years=years)))
    assert frame["year"].tolist() == [2020, 2020, 2021, 2021]
    np.testing.assert_allclose(frame["effective"], frame["weight"])
    assert frame["weight"][0] != pytest.approx(frame["weight"][2])


def test_what_one_year_cannot_do_is_said_with_the_year() -> None:
    spec, data = panel(aggregate="arithmetic", weights="entropy")
    with pytest.raises(InputError, match="year 2020: node 'top': entropy weights need at least 3 units"):
        build(spec, data)
    constant = parse({**spec.model_dump(mode="json", exclude_unset=True), "steps": ["normalise"], "nodes": {
        "top": {"children": ["a", "b"]}}}, "x")  # fmt: skip
    with pytest.raises(InputError, match="year 2021: node 'top': indicator 'b' is constant"):
        build(constant, Table(data.units, ("a", "b"), np.array([[4.0, 1], [9, 4], [1, 4], [0, 4]]), data.years))


def test_intervals_on_a_page_end_at_whole_places() -> None:
    spec = flat(3).model_copy(update={"robustness": Robustness.model_validate({"draws": 33, "weights": {}})})
    index = build(spec, table(sample(12, 3), "abc"))
    ranked, _ = export.intervals(index)
    assert ranked is not None
    shown = export.with_intervals(index, ranked).set_index("unit").loc[ranked["unit"]]
    assert (ranked["low"] % 1 > 0).any(), "some ends lie between places"
    assert shown["top.low"].tolist() == np.floor(ranked["low"]).tolist()
    assert shown["top.high"].tolist() == np.ceil(ranked["high"]).tolist()

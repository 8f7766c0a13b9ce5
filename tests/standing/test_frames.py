"""Steps on frames give what a build gives; functions of one's own; COINr's tables."""

import numpy as np
import pandas as pd
import pytest
from indexes import pillars, sample, table

from headway.core.errors import InputError
from headway.standing import coinr, frames
from headway.standing.build import build
from headway.standing.ensemble import prepare, run
from headway.standing.settings import Robustness
from headway.standing.sheet import Mark


def frame(n: int = 30, missing: float = 0.1) -> pd.DataFrame:
    """Rows in an order that is not the sorted one."""
    x = sample(n, 4, 3, missing)
    out = pd.DataFrame(x, columns=list("abcd"), index=[f"u{i:02d}" for i in range(n)])
    return out.iloc[np.random.default_rng(0).permutation(n)]


STEPS = [{"impute": {"method": "median"}}, {"treat": {"winmax": 3}}, {"normalise": {"lower": 1, "upper": 100}}]


def test_a_pipe_of_steps_is_a_build() -> None:
    given = frame()
    piped = (
        given.pipe(frames.impute, method="median")
        .pipe(frames.treat, winmax=3)
        .pipe(frames.normalise, lower=1, upper=100)
    )
    assert list(piped.index) == list(given.index)
    left = piped[["a", "b"]].pipe(frames.aggregate)
    right = piped[["c", "d"]].pipe(frames.aggregate)
    top = pd.DataFrame({"left": left, "right": right}).pipe(frames.aggregate, method="geometric")
    nodes = {
        "top": {"children": ["left", "right"], "aggregate": "geometric"},
        "left": {"children": ["a", "b"]},
        "right": {"children": ["c", "d"]},
    }
    index = build(pillars(STEPS, nodes=nodes), given.rename_axis("unit"))
    whole = pd.Series(index.scores["top"], index=list(index.units))
    np.testing.assert_allclose(top.to_numpy(), whole[top.index].to_numpy(), rtol=1e-12)


def test_steps_of_a_frame_one_by_one() -> None:
    given = pd.DataFrame({"a": [1.0, 2.0, 4.0], "b": [9.0, np.nan, 3.0]}, index=["z", "y", "x"])
    assert frames.screen(given, minimum_data=1).index.tolist() == ["z", "x"]
    per = frames.denominate(given, pd.Series([1.0, 2.0, 4.0], index=given.index))
    assert per["a"].tolist() == [1, 1, 1]
    groups = pd.Series(["p", "p", "q"], index=given.index)
    assert frames.impute(given, method="group_mean", groups=groups)["b"].tolist() == [9, 9, 3]
    turned = frames.normalise(given, directions={"b": -1}, lower=0, upper=1)
    np.testing.assert_array_equal(turned["b"], [0, np.nan, 1])
    assert frames.aggregate(given, weights={"a": 3, "b": 1}).tolist() == [3, 2, 3.75]
    with pytest.raises(InputError, match="unknown option; did you mean 'winmax'"):
        frames.treat(given, winmx=3)
    with pytest.raises(InputError, match="no column 'c'"):
        frames.normalise(given, directions={"c": -1})


def test_a_panel_is_normalised_year_by_year_or_over_all() -> None:
    index = pd.MultiIndex.from_tuples([("x", 2021), ("y", 2020), ("x", 2020), ("y", 2021)], names=["country", "year"])
    given = pd.DataFrame({"a": [4.0, 2.0, 0.0, 3.0]}, index=index)
    assert frames.normalise(given)["a"].tolist() == [100, 100, 0, 0]
    assert frames.normalise(given, scope="all")["a"].tolist() == [100, 50, 0, 75]


def test_a_function_of_ones_own_takes_the_place_of_a_step() -> None:
    spec, data = pillars(STEPS), table(sample(20, 4, 2, 0.1), "abcd")
    seen: list[tuple[int, int]] = []

    def ranks(x: pd.DataFrame) -> pd.DataFrame:
        seen.append(x.shape)
        return x.rank()

    index = build(spec, data, {"normalise": ranks})
    expected = build(spec.with_changes({"normalise": {"method": "none"}}), data).scores["a"]
    np.testing.assert_array_equal(index.scores["a"], pd.Series(expected).rank())
    assert seen == [(20, 4)]
    assert "'normalise' is done by a function given from Python (ranks)" in index.remarks[0]
    filled = build(spec, data, {"impute": lambda x: x.fillna(0.5)})
    gaps = np.isnan(data.values)
    assert (filled.stages["impute"].values[gaps] == 0.5).all()
    assert (filled.stages["impute"].marks[gaps] == Mark.IMPUTED).all()


def test_a_function_may_screen_and_aggregate() -> None:
    steps = [{"screen": {}}, "normalise"]
    spec, data = pillars(steps), table(sample(20, 4, 2), "abcd")
    index = build(spec, data, {"screen": lambda x: x["a"] > x["a"].median()})
    assert len(index.units) == 10
    worst = build(spec, data, {"top": lambda x, w: x.min(axis=1) * w.sum()})
    low = np.minimum(worst.scores["left"], worst.scores["right"])
    np.testing.assert_allclose(worst.scores["top"], low)


def test_functions_take_part_in_a_robustness_study() -> None:
    spec, data = pillars(STEPS), table(sample(12, 4, 2), "abcd")
    functions = {"top": lambda x, w: (x * w).sum(axis=1), "normalise": lambda x: 1 + 99 * (x - x.min()) / np.ptp(x, 0)}
    noise = Robustness(weights={}, measurement={"default": 0.1}, draws=9)
    own, plain = run(prepare(spec, data, noise, functions=functions)), run(prepare(spec, data, noise))
    np.testing.assert_allclose(own.scores, plain.scores, rtol=1e-9)
    frame = own.to_frame()
    assert set(frame.index) == set(own.units)
    assert frame["tier"].is_monotonic_increasing


def test_functions_that_do_not_fit_are_refused() -> None:
    spec, data = pillars(STEPS), table(sample(12, 4, 2), "abcd")
    with pytest.raises(InputError, match="'zzz' is neither a step nor a node"):
        build(spec, data, {"zzz": lambda x: x})
    with pytest.raises(InputError, match=r"the function for 'treat' gives the shape \(4,\), not \(12, 4\)"):
        build(spec, data, {"treat": lambda x: x.mean()})
    with pytest.raises(InputError, match=r"the function for 'top' gives the shape \(2,\), not \(12,\)"):
        build(spec, data, {"top": lambda x, w: w})


def test_an_index_as_frames() -> None:
    index = build(pillars(), table(sample(12, 4, 2), "abcd"))
    assert index.to_frame()["top.rank"].tolist() == list(range(1, 13))
    assert len(index.to_frame("cells")) == 48
    assert set(index.to_frame("weights")["node"]) == {"top", "left", "right"}
    with pytest.raises(InputError, match="'rank' is no frame of an index; there are results, cells, weights"):
        index.to_frame("rank")  # type: ignore[arg-type]


META = pd.DataFrame(
    [
        ("G", "Region", np.nan, np.nan, "Group", np.nan),
        ("P", "Population", np.nan, np.nan, "Denominator", np.nan),
        ("a", "Roads", 1, 2, "Indicator", "left"),
        ("b", "Delays", -1, 1, "Indicator", "left"),
        ("c", "Trade", 1, 1, "Indicator", "right"),
        ("left", "Left", 1, 1, "Aggregate", "top"),
        ("right", "Right", 1, 3, "Aggregate", "top"),
        ("top", "Top", 1, 1, "Aggregate", np.nan),
    ],
    columns=["iCode", "iName", "Direction", "Weight", "Type", "Parent"],
)
DATA = pd.DataFrame(
    {
        "uCode": ["Y", "X", "Z"],
        "uName": ["Why", "Ex", "Zed"],
        "G": ["n", "n", "s"],
        "P": [2.0, 4, 8],
        "a": [1.0, 2, 3],
        "b": [10.0, 30, 20],
        "c": [5.0, np.nan, 7],
    }
)


def test_the_tables_of_a_coin_become_an_index() -> None:
    """a: X 50, Y 0, Z 100; b turned: X 0, Y 100, Z 50; left = (2a + b)/3; c: Y 0, Z 100; top = (left + 3 right)/4."""
    spec, data = coinr.from_coinr(DATA, META, name="My coin")
    index = build(spec, data)
    assert (spec.name, spec.label("a"), data.name("X")) == ("my-coin", "Roads", "Ex")
    np.testing.assert_allclose(index.scores["left"], [100 / 3, 100 / 3, 250 / 3])
    np.testing.assert_allclose(index.scores["top"], [100 / 3, 100 / 12, (250 / 3 + 300) / 4])
    steps = [{"denominate": {"by": "P", "indicators": ["a"]}}, {"impute": {"method": "group_mean", "group": "G"}}]
    divided = build(*coinr.from_coinr(DATA, META, [*steps, "normalise"]))
    assert divided.stages["denominate"].values[:, 0].tolist() == [0.5, 0.5, 0.375]
    assert divided.stages["impute"].values[0, 2] == 5


def test_tables_that_are_no_coin_are_refused() -> None:
    with pytest.raises(InputError, match="iMeta has no column 'Parent'; did you mean 'Parents'"):
        coinr.from_coinr(DATA, META.rename(columns={"Parent": "Parents"}))
    with pytest.raises(InputError, match="iData has no column 'uCode'"):
        coinr.from_coinr(DATA.drop(columns="uCode"), META)
    with pytest.raises(InputError, match="'top' is a parent, but no row of type Aggregate"):
        coinr.from_coinr(DATA, META.iloc[:-1])
    with pytest.raises(InputError, match="iData: no column 'c'"):
        coinr.from_coinr(DATA.drop(columns="c"), META)

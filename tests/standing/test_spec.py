"""Specifications: frozen, ordered, hashed; every mistake an error that names its place."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from indexes import flat, pillars
from pydantic import ValidationError

from headway.core.errors import InputError
from headway.standing.presets import preset, texts
from headway.standing.spec import build_tree, dump, load, parse, parse_yaml

GOOD: dict[str, Any] = {
    "name": "good",
    "indicators": ["a", "b"],
    "nodes": {"top": {"children": ["a", "b"]}},
    "steps": ["normalise"],
}


@pytest.mark.parametrize("name", sorted(texts()))
def test_presets_survive_a_round_trip(name: str) -> None:
    spec = preset(name)
    assert parse_yaml(dump(spec), "x").hash == spec.hash
    assert spec.source


def test_an_unknown_preset_names_those_there_are() -> None:
    with pytest.raises(InputError, match=r"there are .*hdi"):
        preset("hdr")


def test_a_specification_cannot_be_changed_in_place() -> None:
    with pytest.raises(ValidationError):
        flat(2).name = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    "change",
    [
        {"normalise": {"upper": 10}},
        {"top": {"weights": {"a": 1, "b": 2}}},
        {"top": {"children": ["b", "a"]}},
        {"nodes": {"minimum_data": 0.5}},
        {"normalise": None},
    ],
)
def test_any_change_changes_the_hash(change: dict[str, Any]) -> None:
    assert flat(2).with_changes(change).hash != flat(2).hash


def test_the_order_of_steps_is_part_of_the_hash() -> None:
    one = flat(2, [{"treat": {}}, {"impute": {}}, "normalise"])
    other = flat(2, [{"impute": {}}, {"treat": {}}, "normalise"])
    assert one.hash != other.hash


def test_a_step_may_come_twice_under_two_names() -> None:
    twice = flat(2, [{"impute": {"name": "first"}}, {"impute": {"name": "second"}}, "normalise"])
    assert [step.name for step in twice.steps] == ["first", "second", "normalise"]
    with pytest.raises(InputError, match="two steps are named 'impute'"):
        flat(2, ["impute", "impute"])


def test_an_indicators_own_setting_keeps_the_others() -> None:
    step = flat(2, [{"treat": {"winmax": 3, "kurtosis": 4, "per": {"b": {"winmax": 1}}}}]).steps[0]
    own = step.settings("b")
    assert (own.winmax, own.kurtosis) == (1, 4)  # type: ignore[union-attr]
    assert step.settings("a").winmax == 3  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"nodes": {"top": {"children": []}}}, "node 'top' has no children"),
        ({"nodes": {"top": {"children": ["a", "b", "c"]}}}, "child 'c' is neither a node nor an indicator"),
        ({"nodes": {"top": {"children": ["a"]}}}, "no node has the indicator 'b'"),
        ({"nodes": {"top": {"children": ["a", "a", "b"]}}}, "child 'a' stands twice"),
        (
            {"nodes": {"top": {"children": ["a", "x"]}, "x": {"children": ["a", "b"]}}},
            "node 'x': child 'a' stands under 'top' as well",
        ),
        (
            {"nodes": {"top": {"children": ["a", "b"]}, "x": {"children": ["y"]}, "y": {"children": ["x"]}}},
            "runs in a circle: . → . → .",
        ),
        ({"nodes": {"top": {"children": ["a"]}, "x": {"children": ["b"]}}}, "one node must stand above all others"),
        ({"nodes": {"a": {"children": ["b"]}}}, "'a' is both a node and an indicator"),
        ({"steps": [{"normalise": {"method": "minmix"}}]}, "steps.0.normalise.method"),
        ({"steps": [{"normalise": {"per": {"z": {"upper": 1}}}}]}, "names 'z', which is no indicator"),
        ({"steps": [{"normalise": {"method": "goalposts"}}]}, "indicator 'a': goalposts needs `low`"),
        ({"steps": [{"normalise": {"method": "goalposts", "low": 3, "high": 3}}]}, "`low` 3 must be below `high` 3"),
        ({"steps": [{"normalise": {"lower": 5, "upper": 5}}]}, "`lower` 5 must be below `upper` 5"),
        ({"steps": [{"impute": {"method": "group_mean"}}]}, "needs `group`"),
        ({"steps": [{"screen": {"include": ["x"], "exclude": ["x"]}}]}, "x stand under both"),
        ({"nodes": {"top": {"children": ["a", "b"], "weights": {"a": 1}}}}, "weights give nothing for 'b'"),
        (
            {"nodes": {"top": {"children": ["a", "b"], "weights": {"a": 1, "b": 1, "c": 1}}}},
            "give 'c', which is no child",
        ),
        ({"nodes": {"top": {"children": ["a", "b"], "weights": {"a": 0, "b": 0}}}}, "all weights are zero"),
        ({"nodes": {"top": {"children": ["a", "b"], "weights": {"a": -1, "b": 2}}}}, "greater than or equal to 0"),
        ({"colour": "red"}, "colour: unknown option; known are name, title"),
        ({"indicators": {}}, "indicators"),
        ({"steps": [{"treat": {"name": "data"}}]}, "'data' cannot be a name"),
        ({"nodes": {"nodes": {"children": ["a", "b"]}}}, "'nodes' cannot be a name"),
        ({"robustness": {"choices": {"x": {"y": {"zzz": {}}}}}}, "'zzz' is neither a step nor a node"),
    ],
)
def test_mistakes_are_named(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse({**GOOD, **change}, "my.yaml")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"steps": [{"treat": {"winmx": 3}}]}, "steps.0.treat.winmx: unknown option; did you mean 'winmax'"),
        ({"steps": [{"normalise": {"method": "minmix"}}]}, "'minmix' is none of .*; did you mean 'minmax'"),
        ({"steps": ["normalize"]}, "'normalize' is no step; steps are .*; did you mean 'normalise'"),
        ({"steps": [{"treat": {"per": {"a": {"winmx": 3}}}}]}, "per.a.winmx: unknown option; did you mean 'winmax'"),
        ({"nodes": {"top": {"childern": ["a"]}}}, "childern: unknown option; did you mean 'children'"),
        ({"robustness": {"drows": 3}}, "robustness.drows: unknown option; did you mean 'draws'"),
        ({"indicators": {"a": {"lable": "A"}, "b": {}}}, "indicators.a.lable: unknown option; did you mean 'label'"),
    ],
)
def test_misspelt_options_are_met_with_a_suggestion(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse({**GOOD, **change}, "my.yaml")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            {"steps": [{"normalise": {"method": "distance_to_target", "target": 5, "lower": 1, "upper": 100}}]},
            "method distance_to_target does not use `lower`, which is for goalposts, minmax, scaled",
        ),
        ({"steps": [{"impute": {"group": "region"}}]}, "method mean does not use `group`"),
        ({"steps": [{"treat": {"power": 0.5}}]}, "transform log does not use `power`, which is for boxcox"),
        ({"aggregate": {"method": "arithmetic", "floor": 1}}, "method arithmetic does not use `floor`"),
        ({"nodes": {"top": {"children": ["a", "b"], "weights": {"method": "pca", "target": {"a": 1}}}}}, "`target`"),
    ],
)
def test_an_option_that_would_be_ignored_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError, match=words):
        parse({**GOOD, **change}, "my.yaml")


def test_a_new_method_drops_what_it_does_not_use() -> None:
    spec = flat(2, [{"normalise": {"lower": 1, "upper": 100, "per": {"b": {"method": "zscore"}}}}])
    assert spec.steps[0].settings("b").lower is None  # type: ignore[union-attr]
    changed = spec.with_changes({"normalise": {"method": "zscore"}}).steps[0]
    assert (changed.method, changed.lower) == ("zscore", None)  # type: ignore[union-attr]


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    text = (
        "name: x\nindicators: [a, b]\nnodes: {top: {childern: [a, b]}}\nsteps:\n  - treat: {winmx: 1}\n"
        "  - normalise: {method: minmix}\n"
    )
    with pytest.raises(InputError) as caught:
        parse_yaml(text, "my.yaml")
    lines = str(caught.value).splitlines()
    assert lines[0] == "my.yaml: 4 mistakes"
    assert any("line 5: steps.0.treat.winmx" in line for line in lines)
    assert any("line 6: steps.1.normalise.method" in line for line in lines)
    with pytest.raises(InputError, match=r"(?s)names 'y'.*names 'z'"):
        parse({**GOOD, "steps": [{"normalise": {"per": {"y": {}, "z": {}}}}]}, "my.yaml")


@pytest.mark.parametrize(
    ("step", "aggregate", "fine"),
    [
        ({"method": "zscore"}, "geometric", False),
        ({"method": "zscore"}, "harmonic", False),
        ({"method": "zscore"}, "benefit_of_the_doubt", False),
        ({"method": "zscore"}, "arithmetic", True),
        ({"method": "zscore"}, "copeland", True),
        ({"method": "zscore", "mean": 100, "sd": 10}, "mazziotta_pareto", True),
        ({"method": "minmax"}, "geometric", False),
        ({"method": "minmax", "lower": 1, "upper": 100}, "geometric", True),
        ({"method": "minmax"}, "benefit_of_the_doubt", True),
        ({"method": "borda"}, "geometric", False),
        ({"method": "rank"}, "geometric", True),
        ({"method": "percentile_rank"}, "harmonic", False),
        ({"method": "distance_to_maximum"}, "geometric", False),
        ({"method": "goalposts", "low": 0, "high": 1}, "geometric", True),
        ({"method": "minmax", "lower": -1, "upper": 1}, {"method": "power", "exponent": 0.5}, False),
        ({"method": "minmax", "lower": -1, "upper": 1}, {"method": "power", "exponent": 2}, True),
    ],
)
def test_illegal_combinations_name_the_node(step: dict[str, Any], aggregate: Any, fine: bool) -> None:
    if fine:
        pillars([{"normalise": step}], aggregate=aggregate)
    else:
        with pytest.raises(InputError, match=r"node 'left': .* but 'a' "):
            pillars([{"normalise": step}], aggregate=aggregate)


def test_illegality_climbs_the_tree() -> None:
    nodes: dict[str, dict[str, object]] = {
        "top": {"children": ["left", "right"], "aggregate": "geometric"},
        "left": {"children": ["a", "b"]},
        "right": {"children": ["c", "d"]},
    }
    with pytest.raises(InputError, match="node 'top': geometric needs positive scores, but 'left'"):
        pillars([{"normalise": {"method": "zscore"}}], nodes=nodes)
    nodes["left"]["rescale"] = {"method": "minmax", "lower": 0, "upper": 1}
    with pytest.raises(InputError, match="'left' \\(minmax\\) is zero at the lowest unit"):
        pillars([{"normalise": {"method": "minmax", "lower": 1}}], nodes=nodes)


def test_trees_of_any_depth() -> None:
    tree = build_tree({"top": ["p", "z"], "p": ["q"], "q": ["r", "y"], "r": ["x"]}, ["x", "y", "z"])
    assert tree.nodes == ("r", "q", "p", "top")
    assert tree.leaves == ("x", "y", "z")
    assert [tree.level(name) for name in ("z", "r", "q", "p", "top")] == [0, 1, 2, 3, 4]
    assert tree.ancestors("x") == ("r", "q", "p", "top")
    assert tree.under("p") == ("x", "y")


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"cannot read .*absent\.yaml"):
        load(tmp_path / "absent.yaml")
    (tmp_path / "bad.yaml").write_text("name: [", encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.yaml, line 1, column 8: not valid YAML"):
        load(tmp_path / "bad.yaml")
    (tmp_path / "list.yaml").write_text("- 1", encoding="utf-8")
    with pytest.raises(InputError, match="a specification is a mapping"):
        load(tmp_path / "list.yaml")
    (tmp_path / "latin.yaml").write_bytes("name: Zürich".encode("latin-1"))
    with pytest.raises(InputError, match="not UTF-8"):
        load(tmp_path / "latin.yaml")


def test_a_key_given_twice_is_not_dropped_in_silence() -> None:
    with pytest.raises(InputError, match=r"x\.yaml, line 2: indicators: 'a' is given twice"):
        parse_yaml("name: x\nindicators: {a: , a: }\nnodes: {top: {children: [a]}}\n", "x.yaml")


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    )
)
def test_anything_at_all_is_either_a_specification_or_an_input_error(raw: Any) -> None:
    with pytest.raises(InputError):
        parse(raw, "x")
    with pytest.raises(InputError):
        parse({**GOOD, "nodes": raw, "steps": raw}, "x")


def test_an_option_may_remove_a_step_that_another_option_changes() -> None:
    choices = {"gaps": {"filled": {}, "left": {"impute": None}, "middle": {"impute": {"method": "median"}}}}
    raw = {**GOOD, "steps": [{"impute": {}}, "normalise"], "robustness": {"choices": choices}}
    spec = parse(raw, "x")
    assert [step.name for step in spec.with_changes({"impute": None}).steps] == ["normalise"]

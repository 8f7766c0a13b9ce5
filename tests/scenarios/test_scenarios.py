"""Scenario files: what they mean for the drivers, and that every mistake names file, line and field."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from headway.core.errors import InputError
from headway.core.periods import Grid, decimal, laid_out, quarter_number
from headway.scenarios import scenario
from headway.scenarios.apply import apply
from headway.scenarios.drivers import UNITS, Drivers
from headway.scenarios.registry import registry

HEAD = "scenario: mine\ntitle: Mine\ndescription: A test.\n"
GRID = Grid.between("2025Q4", "2030Q4")


def drivers() -> Drivers:
    shape = (len(GRID), 3)
    paths = {name: np.full(shape, 0.5) for name in UNITS}
    effort = {niche: np.zeros(shape) for niche in registry().niche_names}
    return Drivers(GRID, ("AAA", "BBB", "CCC"), paths, effort, np.zeros((3, 3)), np.eye(3, k=-1))


def applied(body: str, focal: tuple[str, ...] = ("BBB",)) -> Drivers:
    return apply([scenario.parse(HEAD + body, Path("mine.yaml"))], drivers(), focal, registry())


def at(quarter: str) -> int:
    """Row that acts during the quarter: the one dated at the end of the quarter before."""
    return quarter_number(quarter) - 1 - GRID.first


# ---------------------------------------------------------------------------------------------- meaning


@pytest.mark.parametrize("name", scenario.shipped())
def test_shipped_scenarios_load_and_are_named_as_their_files(name: str) -> None:
    chain = scenario.load(name)
    assert chain[-1].scenario == name
    assert chain[0].scenario == "baseline"
    if name != "baseline":
        assert any(chain[-1].changes(driver) for driver in UNITS) or chain[-1].niches


def test_a_set_value_holds_from_its_date_for_the_focal_country_alone() -> None:
    path = applied("controls:\n  - set: {2027-01-01: 1}\n").paths["controls"]
    assert path[at("2026Q4"), 1] == 0.5
    assert path[at("2027Q1"), 1] == 1
    assert (path[:, [0, 2]] == 0.5).all()


def test_a_date_inside_a_quarter_counts_for_the_weeks_it_covers() -> None:
    path = applied("controls:\n  - set: {2027-02-15: 1}\n").paths["controls"]
    assert 0.7 < path[at("2027Q1"), 1] < 0.8
    assert path[at("2027Q2"), 1] == 1


def test_null_ends_a_change_and_years_and_quarters_are_dates() -> None:
    path = applied("investment:\n  - multiply: {2027: 3, 2028Q3: null}\n").paths["investment"]
    assert path[at("2026Q4"), 1] == 0.5
    assert path[at("2027Q1"), 1] == 1.5
    assert path[at("2028Q2"), 1] == 1.5
    assert path[at("2028Q3"), 1] == 0.5


def test_a_linear_path_rises_between_its_dates() -> None:
    path = applied("rents:\n  - set: {2027-01-01: 0, 2029-01-01: 0.8}\n    shape: linear\n").paths["rents"][:, 1]
    assert (np.diff(path[at("2027Q1") : at("2029Q1")]) > 0).all()
    np.testing.assert_allclose(path[at("2028Q1")], 0.45, atol=0.01)
    np.testing.assert_allclose(path[at("2029Q1")], 0.8)


def test_others_and_all_and_named_countries() -> None:
    assert (applied("openness:\n  - {for: others, set: {2026: 1}}\n").paths["openness"][-1] == [1, 0.5, 1]).all()
    assert (applied("openness:\n  - {for: all, set: {2026: 1}}\n").paths["openness"][-1] == [1, 1, 1]).all()
    assert (applied("openness:\n  - {for: [CCC], set: {2026: 1}}\n").paths["openness"][-1] == [0.5, 0.5, 1]).all()


def test_shares_stay_shares_and_rates_stay_positive() -> None:
    path = applied("controls:\n  - add: {2027: 0.9}\nexodus:\n  - add: {2027: -3}\n").paths
    assert path["controls"][-1, 1] == 1
    assert path["exodus"][-1, 1] == 0


def test_changes_apply_in_order() -> None:
    path = applied("grey:\n  - set: {2026: 10}\n  - multiply: {2027: 3}\n").paths["grey"]
    assert path[-1, 1] == 30


def test_one_provider_is_the_largest_or_the_one_that_is_named_and_only_one() -> None:
    largest = applied("one_provider:\n  - set: {2027: 0}\n")
    assert largest.provider.tolist() == drivers().provider.tolist()
    assert largest.paths["one_provider"][-1].tolist() == [0.5, 0, 0.5]
    named = applied("one_provider:\n  - {set: {2027: 0}, provider: CCC}\n")
    assert named.provider[1].tolist() == [0, 0, 1]
    assert named.provider[2].tolist() == drivers().provider[2].tolist()
    with pytest.raises(InputError, match="BBB cannot be cut off from its own models"):
        applied("one_provider:\n  - {set: {2027: 0}, provider: BBB}\n")
    with pytest.raises(InputError, match="'Maker' is not a modelled country"):
        applied("one_provider:\n  - {set: {2027: 0}, provider: Maker}\n")
    with pytest.raises(InputError, match="an earlier change of one_provider is about another provider"):
        applied("one_provider:\n  - set: {2027: 0}\n  - {set: {2028: 0}, provider: CCC}\n")


def test_named_partners_share_the_weight_and_nobody_is_his_own() -> None:
    made = applied("collaboration:\n  - set: {2027: 0.5}\n    partners: [AAA, BBB, CCC]\n")
    assert made.partners[1].tolist() == [0.5, 0, 0.5]
    assert made.paths["collaboration"][-1, 1] == 0.5


def test_effort_goes_into_the_niche() -> None:
    made = applied("niches:\n  - {niche: language, set: {2027: 2}}\n")
    assert made.effort["language"][-1].tolist() == [0, 2, 0]


def test_a_scenario_extends_another_beside_it_and_the_base_comes_first(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(HEAD.replace("mine", "base") + "grey:\n  - set: {2026: 10}\n", "utf-8")
    child = tmp_path / "child.yaml"
    child.write_text(HEAD + "extends: base.yaml\ngrey:\n  - multiply: {2026: 2}\n", "utf-8")
    chain = scenario.load(str(child))
    assert [part.scenario for part in chain] == ["base", "mine"]
    assert apply(chain, drivers(), ("BBB",), registry()).paths["grey"][-1, 1] == 20


def test_laid_out_is_not_a_number_before_the_first_date() -> None:
    from datetime import date

    weeks = laid_out(GRID, [date(2027, 1, 1)], [2.0])
    assert np.isnan(weeks[at("2026Q4")]).all()
    assert (weeks[at("2027Q1")] == 2).all()
    assert decimal(date(2028, 7, 1)) == pytest.approx(2028.4973, abs=1e-3)


# ---------------------------------------------------------------------------------------------- mistakes


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (HEAD + "controls:\n  - set: {2027-01-01: 2}\n", 5, r"outside \[0, 1\]"),
        (HEAD + "controls:\n  - set:\n      2026-01-01: 0.5\n      2027-01-01: -1\n", 7, "outside"),
        (HEAD + "controls:\n  - sett: {2027-01-01: 1}\n", 5, "known are for, set, multiply"),
        (HEAD + "control:\n  - set: {2027-01-01: 1}\n", 4, "unknown field; known are collaboration"),
        (HEAD + "controls:\n  - set: {2027-01-01: much}\n", 5, "valid number"),
        (HEAD + "controls:\n  - set: {some day: 1}\n", 5, "valid date"),
        (HEAD + "controls:\n  - {set: {2027: 1}, add: {2027: 1}}\n", 5, "exactly one of set, multiply and add"),
        (HEAD + "controls:\n  - for: focal\n", 5, "exactly one"),
        (HEAD + "controls:\n  - set: {}\n", 5, "at least one dated value"),
        (HEAD + "controls:\n  - set: {2027: 1}\n    shape: curly\n", 6, "'step' or 'linear'"),
        (HEAD + "rents:\n  - set: {2027: 0, 2028: null}\n    shape: linear\n", 5, "cannot end with null"),
        (HEAD + "grey:\n  - multiply: {2027: -2}\n", 5, "outside"),
        (HEAD.replace("mine", "My Scenario"), 1, "pattern"),
        (HEAD.replace("title: Mine\n", ""), 1, "title"),
        (HEAD + "title: Again\n", 4, "given twice"),
        (HEAD + "controls: [\n", 5, "expected"),
        ("- a list\n", 1, "a mapping"),
        (HEAD + "niches:\n  - set: {2027: 1}\n", 5, "niche"),
        (HEAD + "collaboration:\n  - {set: {2027: 1}, partners: 3}\n", 5, "partners"),
        (HEAD + "parameters: {slope: steep}\n", 4, "slope"),
    ],
)
def test_a_mistake_names_file_line_and_field(text: str, line: int, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        scenario.parse(text, Path("mine.yaml"))
    assert f"mine.yaml, line {line}" in str(caught.value)


def test_an_impossible_date_is_an_input_error() -> None:
    with pytest.raises(InputError, match="month must be in"):
        scenario.parse(HEAD + "controls:\n  - set: {2027-99-01: 1}\n", Path("mine.yaml"))


def test_unknown_names_list_what_is_known(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no-exodus"):
        scenario.load("nonsense")
    with pytest.raises(InputError, match="modelled are AAA"):
        applied("controls:\n  - {for: [ZZZ], set: {2027: 1}}\n")
    with pytest.raises(InputError, match="known are computer_vision"):
        applied("niches:\n  - {niche: cooking, set: {2027: 1}}\n")


def test_scenarios_may_not_extend_one_another_in_a_circle(tmp_path: Path) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{one}.yaml").write_text(HEAD + f"extends: {other}.yaml\n", "utf-8")
    with pytest.raises(InputError, match="circle"):
        scenario.load(str(tmp_path / "a.yaml"))


def test_no_code_names_a_country() -> None:
    source = Path(scenario.__file__).parent.parent
    for file in (file for room in ("scenarios", "model", "ensemble") for file in (source / room).rglob("*.py")):
        named = re.search(r"\b(RUS|Russian?|CHN|China|USA|United States)\b", file.read_text("utf-8"))
        assert named is None, f"{file} names {named}"

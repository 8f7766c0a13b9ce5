"""Agreement with another ranking: correlations with intervals, and the parts that make a difference."""

import json
from pathlib import Path

import numpy as np
import pytest
from indexes import pillars, table
from typer.testing import CliRunner

from headway.charts import Caption, specification
from headway.cli.app import app
from headway.core.errors import InputError
from headway.evidence import open_evidence
from headway.standing.build import build
from headway.standing.compare import converge, interval, read_ranking, scatter
from headway.standing.view import ranking, robust_standing


def known(name: str) -> str | None:
    return name if name.startswith("u") else None


def made(n: int = 12) -> tuple[object, dict[str, float]]:
    """An index whose units go down in all indicators, u000 first, and the same order as another ranking."""
    x = np.repeat(np.arange(n, 0, -1.0)[:, None], 4, axis=1)
    return build(pillars(), table(x)), {f"u{i:03d}": float(n - i) for i in range(n)}


def test_the_same_order_agrees_in_full() -> None:
    index, other = made()
    found = converge(index, other)  # type: ignore[arg-type]
    assert found.spearman == (pytest.approx(1), pytest.approx(1), pytest.approx(1))
    assert found.disagreements == ()


def test_correlations_worked_by_hand() -> None:
    """Two neighbours of five swapped: Spearman 1 - 6 * 2 / (5 * 24) = 0.9, Kendall (9 - 1) / 10 = 0.8."""
    index, other = made(5)
    other["u000"], other["u001"] = other["u001"], other["u000"]
    found = converge(index, other)  # type: ignore[arg-type]
    assert found.spearman[0] == pytest.approx(0.9)
    assert found.kendall[0] == pytest.approx(0.8)
    assert {(d.unit, d.difference) for d in found.disagreements} == {("u000", -1), ("u001", 1)}


def test_intervals_follow_bonett_and_wright() -> None:
    """r = 0.5, n = 28: tanh(0.549306 ± 1.644854 * sqrt(1.125 / 25)) = 0.1977 and 0.7154; 0.437 / 24 for Kendall."""
    assert interval(0.5, 28, "spearman") == (pytest.approx(0.1977, abs=2e-4), pytest.approx(0.7154, abs=2e-4))
    assert interval(0.5, 28, "kendall") == (pytest.approx(0.3161, abs=2e-4), pytest.approx(0.6477, abs=2e-4))


def test_a_difference_is_put_down_to_the_part_that_makes_it() -> None:
    x = np.repeat(np.arange(12, 0, -1.0)[:, None], 4, axis=1)
    x[6, 2] = 30
    index = build(pillars(), table(x))
    other = {f"u{i:03d}": float(12 - i) for i in range(12)}
    first = converge(index, other).disagreements[0]
    assert first.unit == "u006"
    assert first.difference < 0
    assert first.because.startswith("right (+")
    assert ", c)" in first.because


def test_what_was_not_observed_is_said() -> None:
    x = np.repeat(np.arange(12, 0, -1.0)[:, None], 4, axis=1)
    x[0, :2] = np.nan
    steps = [{"impute": {"method": "floor"}}, {"normalise": {"lower": 1, "upper": 100}}]
    other = {f"u{i:03d}": float(12 - i) for i in range(12)}
    first = converge(build(pillars(steps), table(x)), other).disagreements[0]
    assert first.unit == "u000"
    assert "(not observed)" in first.because
    assert "left (-" in first.because


def test_a_difference_has_its_reason_where_units_are_few() -> None:
    """Among five units those far off would hide what the one next door lacks."""
    x = np.repeat(np.array([60.0, 30.0, 4.0, 3.0, 2.0])[:, None], 4, axis=1)
    other = {f"u{i:03d}": value for i, value in enumerate([5.0, 4.0, 2.0, 3.0, 1.0])}
    found = converge(build(pillars(), table(x)), other)
    assert {d.unit for d in found.disagreements} == {"u002", "u003"}
    assert all(d.because for d in found.disagreements)


def test_units_that_one_ranking_alone_has_are_named() -> None:
    index, other = made()
    del other["u003"]
    found = converge(index, {**other, "uxyz": 1.0})  # type: ignore[arg-type]
    assert (found.only_ours, found.only_other) == (("u003",), ("uxyz",))
    with pytest.raises(InputError, match="2 units in common; at least 5"):
        converge(index, {"u001": 1.0, "u002": 2.0})  # type: ignore[arg-type]


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    (folder / "other.csv").write_bytes(text.encode(encoding))
    return folder / "other.csv"


def test_ranks_and_scores_are_told_apart_by_the_columns_name(tmp_path: Path) -> None:
    assert read_ranking(write(tmp_path, "country,rank\nu1,1\nu2,2\nWorld,3\n"), known).values == {"u1": -1, "u2": -2}
    given = read_ranking(write(tmp_path, "Unit;note;Score\nu1;a;1,5\nu2;b;\nWorld;c;3,5\n"), known)
    assert (given.values, given.unknown, given.column) == ({"u1": 1.5}, ("World",), "Score")
    assert read_ranking(tmp_path / "other.csv", known, ranks=True).values == {"u1": -1.5}


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("country,a,b\nu1,1,2\n", None, r"2 columns of numbers \(a, b\); name the one"),
        ("country,a\nu1,x\n", None, "no column of numbers"),
        ("country,a\nu1,x\n", "a", "row 2: 'x' under 'a' is not a number"),
        ("country,score\nu1,1\n", "scor", "no column 'scor'; did you mean 'score'"),
        ("country,a\nu1,1\nu1,2\n", None, "'u1' stands for u1, which an earlier row has already"),
    ],
)
def test_files_that_are_no_ranking(text: str, column: str | None, words: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=words):
        read_ranking(write(tmp_path, text), known, column)


def test_the_picture_labels_the_largest_differences() -> None:
    index, other = made()
    other["u000"] = -1.0
    found = converge(index, other, most=1)  # type: ignore[arg-type]
    picture = scatter(found, {"u000": "Zeroland"}, "mine", "theirs")
    assert [row["label"] for row in picture.rows if row.get("highlight")] == ["Zeroland"]
    drawn = json.dumps(specification(picture, Caption(open_evidence().as_of)))
    assert "Zeroland" in drawn
    assert "u005" not in drawn


def test_the_command_reads_made_ranks_of_countries(tmp_path: Path) -> None:
    """The standing's own places with the first and the last swapped: no published index is needed for this."""
    made = robust_standing(open_evidence(), "scale")
    rows = ranking(made, made.root)[:30]
    places = {row["country"]: row["place"] for row in rows}
    first, last = rows[0]["country"], rows[-1]["country"]
    places[first], places[last] = places[last], places[first]
    path = tmp_path / "made.csv"
    path.write_text("Country,Rank\n" + "".join(f'"{n}",{p}\n' for n, p in places.items()), encoding="utf-8")
    words = ["standing", "compare", str(path), "--picture", str(tmp_path / "made.svg"), "--json"]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert record["n"] == 30
    assert {entry["country"] for entry in record["disagreements"][:2]} == {first, last}
    assert record["disagreements"][0]["because"]
    assert record["spearman"]["low"] < record["spearman"]["value"] < record["spearman"]["high"]
    assert (tmp_path / "made.svg").read_text(encoding="utf-8").startswith("<svg")
    table = CliRunner().invoke(app, ["standing", "compare", str(path), "--view", "scale"])
    assert "Spearman" in table.output

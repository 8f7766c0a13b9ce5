"""A brief made before is shown again, on every surface; another question is another brief."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import made_brief as made

from headway.brief.compose import Brief
from headway.brief.document import text
from headway.brief.html import page
from headway.brief.kept import kept
from headway.findings import Context


class Composer:
    """Composes the made brief and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, context: Context) -> Brief:
        self.times += 1
        return made.brief()


def test_the_second_time_nothing_is_composed_and_every_surface_is_the_same() -> None:
    compose = Composer()
    first, second = (kept(made.context(), compose) for _ in range(2))
    assert compose.times == 1
    assert page(first) == page(second)
    assert text(first) == text(second)


def scenario(file: Path, factor: float, extends: str = "baseline") -> Path:
    """A scenario file that multiplies investment."""
    head = f"scenario: {file.stem}\ntitle: made\ndescription: made\nextends: {extends}\n"
    file.write_text(f"{head}investment: [{{multiply: {{2027-01-01: {factor}}}}}]\n")
    return file


def test_another_question_is_another_brief(tmp_path: Path) -> None:
    compose, asked = Composer(), made.context()
    file = scenario(tmp_path / "mine.yaml", 2)
    mine = replace(asked, scenario=str(file))
    for context in (asked, replace(asked, seed=1), replace(asked, against=("CHN",)), mine):
        kept(context, compose)
    assert compose.times == 4
    scenario(file, 3)
    kept(mine, compose)
    assert compose.times == 5


def test_a_change_in_any_file_that_a_scenario_extends_makes_another_brief(tmp_path: Path) -> None:
    compose = Composer()
    (tmp_path / "below").mkdir()
    lowest = scenario(tmp_path / "below" / "lowest.yaml", 2)
    middle = scenario(tmp_path / "below" / "middle.yaml", 2, "lowest.yaml")
    mine = replace(made.context(), scenario=str(scenario(tmp_path / "mine.yaml", 2, "below/middle.yaml")))
    for file in (lowest, middle):
        kept(mine, compose)
        times = compose.times
        kept(mine, compose)
        assert compose.times == times
        scenario(file, 3, "lowest.yaml" if file is middle else "baseline")
        kept(mine, compose)
        assert compose.times == times + 1, file.name

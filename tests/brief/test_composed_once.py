"""A brief made before is shown again, on every surface; another question is another brief."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import made_brief as made

from headway.brief.compose import Brief, composed_once
from headway.brief.document import text
from headway.brief.html import page
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
    first, second = (composed_once(made.context(), compose) for _ in range(2))
    assert compose.times == 1
    assert page(first) == page(second)
    assert text(first) == text(second)


def test_another_question_is_another_brief(tmp_path: Path) -> None:
    compose, asked = Composer(), made.context()
    file = tmp_path / "mine.yaml"
    file.write_text(_scenario("mine", "a first description"))
    mine = replace(asked, scenario=str(file))
    for context in (asked, replace(asked, seed=1), replace(asked, against=("CHN",)), mine):
        composed_once(context, compose)
    assert compose.times == 4
    file.write_text(_scenario("mine", "another description"))
    composed_once(mine, compose)
    assert compose.times == 5


def test_a_change_of_a_scenario_that_it_extends_is_another_brief(tmp_path: Path) -> None:
    compose = Composer()
    (tmp_path / "base.yaml").write_text(_scenario("base", "controls as they are"))
    (tmp_path / "mine.yaml").write_text(_scenario("mine", "mine", extends="base.yaml"))
    mine = replace(made.context(), scenario=str(tmp_path / "mine.yaml"))
    composed_once(mine, compose)
    composed_once(mine, compose)
    assert compose.times == 1
    (tmp_path / "base.yaml").write_text(_scenario("base", "controls fall away"))
    composed_once(mine, compose)
    assert compose.times == 2


def _scenario(name: str, description: str, extends: str | None = None) -> str:
    parent = f"extends: {extends}\n" if extends else ""
    return f"scenario: {name}\ntitle: {name}\ndescription: {description}\n{parent}"

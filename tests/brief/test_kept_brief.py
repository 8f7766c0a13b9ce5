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


def test_another_question_is_another_brief(tmp_path: Path) -> None:
    compose, asked = Composer(), made.context()
    file = tmp_path / "mine.yaml"
    file.write_text("name: mine")
    mine = replace(asked, scenario=str(file))
    for context in (asked, replace(asked, seed=1), replace(asked, against=("CHN",)), mine):
        kept(context, compose)
    assert compose.times == 4
    file.write_text("name: yours")
    kept(mine, compose)
    assert compose.times == 5

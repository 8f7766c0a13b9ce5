"""A brief made before is shown again, on every surface; another question is another brief."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import made_brief as made
import numpy as np
import pytest

from headway.brief import stored, terminal
from headway.brief.compose import Brief, compose
from headway.brief.document import text
from headway.brief.html import page
from headway.brief.kept import kept
from headway.evidence import open_evidence
from headway.findings import Context
from headway.findings.recipe import recipes


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


def kinds(value: Any) -> Any:
    """The value with the type of everything in it."""
    if hasattr(value, "__dataclass_fields__"):
        return type(value), [kinds(getattr(value, name)) for name in value.__dataclass_fields__]
    if isinstance(value, dict):
        return dict, [(key, kinds(item)) for key, item in value.items()]
    if isinstance(value, list | tuple):
        return type(value), [kinds(item) for item in value]
    return type(value), repr(value)


def test_a_stored_brief_is_the_same_to_the_last_value_and_on_every_surface() -> None:
    brief = made.brief()
    again = stored.read(stored.write(brief))
    assert again == brief
    assert kinds(again) == kinds(brief)
    assert terminal.summary(again, 100).plain == terminal.summary(brief, 100).plain
    assert page(again) == page(brief)
    assert text(again) == text(brief)


def test_a_brief_of_shipped_evidence_is_stored_whole() -> None:
    context = Context(open_evidence(), "USA")
    observed = [
        one
        for name, one in recipes().items()
        if one.make.__module__.startswith(("headway.findings", "headway.standing"))
    ]
    brief = compose(context, observed)
    assert len(brief.findings) > 10
    again = stored.read(stored.write(brief))
    assert again == brief
    assert page(again) == page(brief)
    assert text(again) == text(brief)


@pytest.mark.parametrize(
    "value", [(1, 2), [1, (2,)], {"a": {"tuple": [1]}}, {}, dt.date(2026, 1, 1), math.inf, "ü", None]
)
def test_values_of_every_kind_come_back(value: Any) -> None:
    brief = made.brief()
    chapter = next(one for one in brief.chapters if one.findings)
    odd = replace(chapter, findings=(replace(chapter.findings[0], details={"odd": value}),))
    again = stored.read(stored.write(replace(brief, chapters=(odd,))))
    found = again.findings[0].details["odd"]
    assert kinds(found) == kinds(value)


def test_numbers_of_arrays_become_plain_ones_and_other_things_are_refused() -> None:
    brief = made.brief()
    chapter = next(one for one in brief.chapters if one.findings)

    def with_(value: Any) -> Brief:
        return replace(
            brief, chapters=(replace(chapter, findings=(replace(chapter.findings[0], details={"odd": value}),)),)
        )

    assert stored.read(stored.write(with_(np.int64(3)))).findings[0].details == {"odd": 3}
    with pytest.raises(TypeError, match="cannot be kept"):
        stored.write(with_(object()))


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'{"Brief": {}}', b'{"tuple": []}', b'{"os.system": "x"}']
)
def test_a_file_of_anything_else_is_no_brief(content: bytes) -> None:
    with pytest.raises((ValueError, TypeError, LookupError)):
        stored.read(content)

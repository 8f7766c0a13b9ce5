"""A brief made before is taken from the cache, and only where nothing that it depends on has changed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import made_brief as made
import pytest

from headway.brief import kept as keeping
from headway.brief.compose import Brief
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


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(keeping, "folder", lambda: tmp_path / "briefs")
    return tmp_path / "briefs"


def test_the_second_time_nothing_is_composed_and_every_surface_is_the_same(folder: Path) -> None:
    compose = Composer()
    first, second = (keeping.kept(made.context(), compose) for _ in range(2))
    assert compose.times == 1
    assert page(first) == page(second)
    assert text(first) == text(second)


def test_another_question_is_another_brief(folder: Path, tmp_path: Path) -> None:
    compose, asked = Composer(), made.context()
    file = tmp_path / "mine.yaml"
    file.write_text("name: mine")
    mine = replace(asked, scenario=str(file))
    for context in (asked, replace(asked, seed=1), replace(asked, against=("CHN",)), mine):
        keeping.kept(context, compose)
    assert compose.times == 4
    file.write_text("name: yours")
    keeping.kept(mine, compose)
    assert compose.times == 5


def test_changed_code_makes_a_new_brief(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compose = Composer()
    keeping.kept(made.context(), compose)
    monkeypatch.setattr(keeping, "_installed", lambda: "other code")
    keeping.kept(made.context(), compose)
    assert compose.times == 2


def test_a_spoilt_file_is_made_again(folder: Path) -> None:
    compose = Composer()
    keeping.kept(made.context(), compose)
    (file,) = folder.glob("*.pickle")
    file.write_bytes(b"{")
    assert page(keeping.kept(made.context(), compose)) == page(made.brief())
    assert compose.times == 2


def test_a_folder_that_cannot_be_written_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    monkeypatch.setattr(keeping, "folder", lambda: file)
    assert keeping.kept(made.context(), Composer()).country == "RUS"


def test_only_the_newest_briefs_stay(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST", 2)
    for seed in range(4):
        keeping.kept(replace(made.context(), seed=seed), Composer())
    assert len(list(folder.glob("*.pickle"))) == 2

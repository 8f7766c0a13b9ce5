"""The examples of the public functions' docstrings give what they say."""

import doctest
import importlib
from pathlib import Path

import pytest

import headway as hw
from headway.brief import edition

SHIPPED = edition.SHIPPED  # a reader's example takes its brief from the edition, where that fits
FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@pytest.mark.parametrize("name", ["", *(f".api.{name}" for name in hw.__all__)])
def test_examples_give_what_they_say(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(edition, "SHIPPED", SHIPPED)
    found = doctest.testmod(importlib.import_module(f"headway{name}"), optionflags=FLAGS)
    assert found.attempted
    assert not found.failed

"""Trees of results survive being written, and their description makes nothing but named tuples of the package."""

from __future__ import annotations

import pytest

from headway.core.cache import UnreadableEntryError
from headway.core.trees import build_tree, describe_tree
from headway.model.focal import hold  # noqa: F401 - the module of the named tuples below
from headway.model.state import State


def test_a_tree_is_built_again() -> None:
    tree = (State(*range(len(State._fields))), {"a": [5, None], ("b", "c"): (6,)})
    again = build_tree(describe_tree(tree, "headway."), "headway.")
    assert again == tree
    assert type(again[0]) is State


def test_other_classes_are_neither_written_nor_built() -> None:
    with pytest.raises(UnreadableEntryError):
        describe_tree((object(),), "headway.")
    with pytest.raises(UnreadableEntryError):
        describe_tree(State(*range(len(State._fields))), "numpyro.")
    for name in ("os:system", "subprocess:Popen", "headway.core.files:write_atomically", "headway:Path"):
        with pytest.raises(UnreadableEntryError):
            build_tree({"class": name, "fields": [1]}, "headway.")

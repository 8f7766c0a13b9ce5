"""A compiled function is taken from disk by the next process, with results of the same shape, numbers and types."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from headway.ensemble import compiled as room
from headway.ensemble.compiled import Compiled, compiled
from headway.explain.handles import Difference
from headway.model import Run


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where this test keeps compiled functions."""
    monkeypatch.setattr("headway.kept.cache_folder", lambda name: tmp_path / "cache" / name)
    return tmp_path / "cache" / "compiled"


def of_all_kinds(x: jax.Array, unused: jax.Array, times: int) -> tuple[Any, ...]:
    removal = (Difference("geography.pay", True, x * times),)
    return {"b": [x + 1, None], "a": ()}, removal, Run({"level": x}, jnp.sum(x > 1))


def test_a_later_process_compiles_nothing_and_gives_the_same(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    asked = (jnp.arange(3.0), jnp.zeros(2), 5)
    first = compiled("times")(of_all_kinds)(*asked)
    assert len(list(folder.iterdir())) == 1
    monkeypatch.setattr(Compiled, "_compile", lambda *rest: pytest.fail("compiled again"))
    later = compiled("times")(of_all_kinds)(*asked)
    plain = of_all_kinds(*asked)
    for found in (first, later):
        assert jax.tree.structure(found) == jax.tree.structure(plain)
        for leaf, wanted in zip(jax.tree.leaves(found), jax.tree.leaves(plain), strict=True):
            assert isinstance(leaf, jax.Array)
            assert (leaf.dtype, leaf.shape) == (wanted.dtype, wanted.shape)
            np.testing.assert_array_equal(leaf, wanted)


def test_other_shapes_and_other_static_values_are_other_programs(folder: Path) -> None:
    call = compiled("times")(of_all_kinds)
    for size, times in ((3, 5), (4, 5), (3, 6), (3, 5)):
        assert call(np.ones(size, np.float32), np.float32(0), times)[1][0].amount.tolist() == [times] * size
    assert len(list(folder.iterdir())) == 3


class Strange(NamedTuple):
    """A named tuple that is none of Headway's."""

    x: int


def test_results_of_strange_classes_are_not_kept_but_given(folder: Path) -> None:
    call = compiled()(lambda x: Strange(x))
    assert call(np.float32(2)) == Strange(2)
    assert not list(folder.iterdir())


@pytest.mark.parametrize(
    "place",
    [["os", "system"], ["subprocess", "Popen"], ["headway.files", "Path"], ["headway.ensemble.compiled", "Compiled"],
     ["headway.ensemble.compiled", "Program.__init__"], ["headway.none", "None"]],
)  # fmt: skip
def test_a_file_names_records_of_headway_and_nothing_else(place: list[str]) -> None:
    with pytest.raises(LookupError):
        room._made({"record": place, "fields": {}})

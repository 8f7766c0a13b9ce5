"""What was run stays run: pieces on disk, resumed after a kill."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from headway.core.errors import InputError
from headway.strategy.outcomes import OUTCOMES
from headway.strategy.run import WorkUnit, open_store

SHAPE = (3, 2, 10)
PIECES = [WorkUnit(h, range(0, 10), range(0, 3)) for h in range(2)]
RECIPE = {"seed": 0}


def filled(value: float) -> tuple[np.ndarray, np.ndarray]:
    return np.full((3, len(OUTCOMES), 10), value, np.float32), np.zeros((3, 10), np.int8)


def test_a_second_store_carries_on_where_the_first_stopped(tmp_path: Path) -> None:
    first = open_store(SHAPE, RECIPE, "key", tmp_path)
    assert first.missing(PIECES) == PIECES
    first.put(PIECES[0], *filled(1.5))
    del first  # killed before the second piece
    second = open_store(SHAPE, RECIPE, "key", tmp_path)
    assert second.missing(PIECES) == PIECES[1:]
    assert (second.outcomes[:, :, 0] == 1.5).all()
    assert (second.status[:, 1] == -1).all()


def test_numbers_written_without_their_mark_are_run_again(tmp_path: Path) -> None:
    first = open_store(SHAPE, RECIPE, "key", tmp_path)
    first.outcomes[:, :, 0] = 7  # the kill came between the numbers and the mark
    assert open_store(SHAPE, RECIPE, "key", tmp_path).missing(PIECES) == PIECES


def test_other_questions_have_shelves_of_their_own(tmp_path: Path) -> None:
    open_store(SHAPE, RECIPE, "one", tmp_path).put(PIECES[0], *filled(1))
    assert open_store(SHAPE, RECIPE, "two", tmp_path).missing(PIECES) == PIECES


def test_a_damaged_folder_is_named(tmp_path: Path) -> None:
    open_store(SHAPE, RECIPE, "key", tmp_path)
    (tmp_path / "key" / "outcomes.npy").write_bytes(b"nothing")
    with pytest.raises(InputError, match=r"outcomes\.npy"):
        open_store(SHAPE, RECIPE, "key", tmp_path)


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot write"):
        open_store(SHAPE, RECIPE, "key", tmp_path / "taken")


def test_in_memory_nothing_is_left_behind() -> None:
    kept = open_store(SHAPE, RECIPE, "key", None)
    kept.put(PIECES[1], *filled(2))
    assert (kept.outcomes[:, :, 1] == 2).all()
    assert kept.missing(PIECES) == PIECES

"""Store of outcomes: in memory, or on disk under the key of their inputs, so that a kill loses nothing."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from headway.core.errors import InputError
from headway.core.files import make_folder, temporary_file, write_atomically
from headway.strategy.outcomes import OUTCOMES

TOGETHER = 256  # strategies in one piece of work


class WorkUnit(NamedTuple):
    """One piece of work: strategies first … last − 1 in the futures of one block of draws under one happening."""

    happening: int
    members: range
    strategies: range

    @property
    def name(self) -> str:
        """Name of its file."""
        members, strategies = self.members, self.strategies
        return f"{self.happening}-{members.start}-{members.stop}-{strategies.start}-{strategies.stop}"


class OutcomeStore:
    """Outcomes of every strategy in every future, and which pieces of them are done.

    Attributes:
        outcomes: (strategies, outcomes, happenings, draws), float32; on disk a memory map, so memory stays bounded.
        status: how each run ended (`headway.model.Status`), (strategies, happenings, draws); −1 not run yet.
    """

    def __init__(self, shape: tuple[int, int, int], folder: Path | None = None) -> None:
        """
        Args:
            shape: strategies, happenings, draws. folder: of this key alone; None keeps everything in memory.

        Raises:
            InputError: the folder cannot be written, or holds arrays of another shape.
        """
        strategies, happenings, draws = shape
        self._folder = folder
        full = (strategies, len(OUTCOMES), happenings, draws)
        self.outcomes: npt.NDArray[np.float32] = _array(folder, "outcomes", full, np.float32)
        self.status: npt.NDArray[np.int8] = _array(folder, "status", shape, np.int8)
        if folder is None or not (folder / "pieces").is_dir():
            self.status[:] = -1
            if folder is not None:
                make_folder(folder / "pieces", f"cannot write to {folder}")

    def put(self, piece: WorkUnit, outcomes: npt.NDArray[np.float32], status: npt.NDArray[np.int8]) -> None:
        """Keep a piece; it counts as done only after its numbers have reached the disk."""
        h, members, strategies = piece.happening, _slice(piece.members), _slice(piece.strategies)
        self.outcomes[strategies, :, h, members] = outcomes
        self.status[strategies, h, members] = status
        if self._folder is not None:
            for array in (self.outcomes, self.status):
                if isinstance(array, np.memmap):
                    array.flush()
            write_atomically(self._folder / "pieces" / piece.name, b"", force=True)

    def missing(self, pieces: Iterable[WorkUnit]) -> list[WorkUnit]:
        """The pieces that are not done yet, in order."""
        if self._folder is None:
            return list(pieces)
        done = {path.name for path in (self._folder / "pieces").iterdir()}
        return [piece for piece in pieces if piece.name not in done]


def open_store(shape: tuple[int, int, int], recipe: Mapping[str, object], key: str, store: Path | None) -> OutcomeStore:
    """The store of a recipe: in memory, or in the folder `key` of `store`, which is carried on where it exists.

    Raises:
        InputError: `store` cannot be written.
    """
    if store is None:
        return OutcomeStore(shape)
    folder = store / key
    make_folder(folder, f"cannot write to {store}")
    if not (folder / "recipe.json").exists():
        write_atomically(folder / "recipe.json", json.dumps(recipe, indent=2, ensure_ascii=False) + "\n")
    return OutcomeStore(shape, folder)


def _array(folder: Path | None, name: str, shape: tuple[int, ...], kind: type) -> npt.NDArray[Any]:
    if folder is None:
        return np.zeros(shape, kind)
    path = folder / f"{name}.npy"
    if not path.exists():
        _write_zeros(path, shape, kind)
    try:
        found = np.lib.format.open_memmap(path, "r+")
    except (ValueError, OSError) as error:
        raise InputError(f"{path} is not an array of outcomes ({error}); remove the folder to begin anew") from error
    if found.shape != shape or found.dtype != kind:
        raise InputError(f"{path} has shape {found.shape}, not {shape}; remove the folder to begin anew")
    return found


def _write_zeros(path: Path, shape: tuple[int, ...], kind: type) -> None:
    """Write an array of zeros, whole or not at all.

    Its place on the disk is taken now: a disk that is full later would end the program without a word, since numbers
    reach a memory map without being written.

    Raises:
        InputError: it cannot be written.
    """
    try:
        with temporary_file(path) as temporary:
            np.lib.format.open_memmap(temporary, "w+", kind, shape).flush()
            if hasattr(os, "posix_fallocate"):
                with temporary.open("r+b") as file:
                    os.posix_fallocate(file.fileno(), 0, temporary.stat().st_size)
            os.replace(temporary, path)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from error


def _slice(numbers: range) -> slice:
    return slice(numbers.start, numbers.stop)

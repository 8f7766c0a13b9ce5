"""Every strategy in every future: pieces of work on this machine's cores or on a Dask cluster.

Outcomes are kept as they come in: in memory, or on disk under the key of their inputs, so that a kill loses nothing.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from headway.core.cache import Arrays
from headway.core.errors import InputError
from headway.core.files import cache_folder, make_folder, temporary_file, write_atomically
from headway.ensemble.pieces import Progress, Sharing, answered, gathered
from headway.ensemble.simulation import map_in_order
from headway.strategy.experiment import Experiment
from headway.strategy.outcomes import OUTCOMES
from headway.strategy.results import Results
from headway.strategy.simulation import TOGETHER as PASS
from headway.strategy.simulation import Moves, simulate_strategies

TOGETHER = 256  # strategies in one piece of work
_KEPT_FROM = 2_000_000  # runs from which outcomes are kept on disk without being asked


@dataclass(frozen=True)
class ExperimentTask:
    """Pieces of work of an experiment, for the cores of a machine and for machines that share them."""

    experiment: Experiment

    @property
    def key(self) -> str:
        """Sixteen hex digits of the experiment's recipe."""
        return self.experiment.key

    @property
    def recipe(self) -> Mapping[str, Any]:
        """All that the pieces depend on."""
        return self.experiment.recipe

    @cached_property
    def units(self) -> dict[str, WorkUnit]:
        """Pieces of work by name, in order; those of one baseline follow one another."""
        count = len(self.experiment.portfolio.names)
        units = (
            WorkUnit(happening, members, range(first, min(first + TOGETHER, count)))
            for happening, members in self.experiment.blocks()
            for first in range(0, count, TOGETHER)
        )
        return {unit.name: unit for unit in units}

    @property
    def pieces(self) -> tuple[str, ...]:
        """Names of the pieces of work."""
        return tuple(self.units)

    def run(self, piece: str) -> Arrays:
        """`outcomes` (strategies, outcomes, members) and `status` (strategies, members) of one piece.

        Always `PASS` strategies in one call, the last one repeated to fill up, so that one compiled function fits all.
        """
        unit = self.units[piece]
        baseline = self.experiment.built(unit.happening, unit.members.start)
        first, last, members = unit.strategies.start, unit.strategies.stop, len(unit.members)
        found = []
        for begin in range(first, last, PASS):
            rows = np.minimum(np.arange(begin, begin + PASS), last - 1)
            moves = Moves(*(leaf[rows] for leaf in self.experiment.moves))
            found.append(simulate_strategies(baseline, moves, self.experiment.levers.effects))
        parts = (np.concatenate([np.asarray(leaf) for leaf in leaves]) for leaves in zip(*found, strict=True))
        outcomes, status = (part[: last - first, ..., :members] for part in parts)
        return {
            "outcomes": np.asarray(outcomes, np.float32),
            "status": np.asarray(status, np.int8),
        }


def run(
    experiment: Experiment,
    *,
    store: Path | None = None,
    scheduler: str | None = None,
    progress: Progress = lambda done, of: None,
) -> Results:
    """Run the experiment, or what is missing of it.

    Args:
        store: folder to keep outcomes in, under the key of the experiment; None keeps them in memory.
        scheduler: address of a Dask scheduler; None runs on the cores of this machine.
        progress: told how many pieces of work are done, and of how many.

    Raises:
        InputError: the folder cannot be written, or no scheduler answers.
    """
    task = ExperimentTask(experiment)
    kept = _outcomes(experiment, store)
    missing = [unit.name for unit in kept.missing(task.units.values())]
    done, of = len(task.pieces) - len(missing), len(task.pieces)
    progress(done, of)
    for piece, found in answered(task, missing, scheduler, map_in_order):
        kept.put(task.units[piece], found["outcomes"], found["status"])
        done += 1
        progress(done, of)
    return Results(experiment, kept.outcomes, kept.status)


def run_shared(experiment: Experiment, sharing: Sharing, progress: Progress) -> Results:
    """Results of an experiment that machines share; large ones are kept in the user's cache as those of `run`.

    Raises:
        InputError: as `headway.ensemble.pieces.gathered`. UnfinishedError: pieces of other parts are missing.
    """
    task = ExperimentTask(experiment)
    pieces = gathered(task, sharing, progress)
    first = next(pieces)  # nothing is made room for before all pieces are there
    kept = _outcomes(experiment, kept_in(experiment, None))
    for unit, found in zip(task.units.values(), chain([first], pieces), strict=True):
        kept.put(unit, found["outcomes"], found["status"])
    return Results(experiment, kept.outcomes, kept.status)


def kept_in(experiment: Experiment, store: Path | None) -> Path | None:
    """Folder to keep outcomes in: the one asked for, and the user's cache where a run is long; else None."""
    runs = len(experiment.portfolio.names) * len(experiment.happenings) * experiment.draws
    return cache_folder("strategies") if store is None and runs >= _KEPT_FROM else store


def _outcomes(experiment: Experiment, store: Path | None) -> OutcomeStore:
    shape = len(experiment.portfolio.names), len(experiment.happenings), experiment.draws
    return open_store(shape, experiment.recipe, experiment.key, store)


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

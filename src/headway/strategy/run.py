"""Every strategy in every future: pieces of work on this machine's cores or on a Dask cluster, kept as they come in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from headway.core.cache import Arrays
from headway.core.files import cache_folder
from headway.ensemble.pieces import Progress, Sharing, gathered
from headway.ensemble.simulation import map_in_order
from headway.strategy.experiment import Experiment
from headway.strategy.results import Results
from headway.strategy.simulation import TOGETHER as PASS
from headway.strategy.simulation import Moves, simulate_strategies
from headway.strategy.store import TOGETHER, WorkUnit, open_store

_KEPT_FROM = 2_000_000  # runs from which outcomes are kept on disk without being asked
Found = tuple[npt.NDArray[np.float32], npt.NDArray[np.int8]]


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
    shape = _shape(experiment)
    kept = open_store(shape, experiment.recipe, experiment.key, store)
    pieces = list(work(experiment))
    missing = kept.missing(pieces)
    done = len(pieces) - len(missing)
    progress(done, len(pieces))
    if scheduler is None:
        found = run_locally(experiment, missing)
    else:
        from headway.ensemble.cluster import run_on_dask

        found = run_on_dask(experiment, missing, scheduler, compute)
    for piece, (outcomes, status) in found:
        kept.put(piece, outcomes, status)
        done += 1
        progress(done, len(pieces))
    return Results(experiment, kept.outcomes, kept.status)


@dataclass(frozen=True)
class ExperimentTask:
    """Pieces of work of an experiment, for machines that share them."""

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
        """Pieces of work by name, in order."""
        return {unit.name: unit for unit in work(self.experiment)}

    @property
    def pieces(self) -> tuple[str, ...]:
        """Names of the pieces of work."""
        return tuple(self.units)

    def run(self, piece: str) -> Arrays:
        """Outcomes and status of one piece, as `compute`."""
        outcomes, status = compute(self.experiment, self.units[piece])
        return {"outcomes": outcomes, "status": status}


def run_shared(experiment: Experiment, sharing: Sharing, progress: Progress) -> Results:
    """Results of an experiment that machines share; large ones are kept in the user's cache as those of `run`.

    Raises:
        InputError: as `headway.ensemble.pieces.gathered`. UnfinishedError: pieces of other parts are missing.
    """
    task = ExperimentTask(experiment)
    pieces = gathered(task, sharing, progress)
    first = next(pieces)  # nothing is made room for before all pieces are there
    kept = open_store(_shape(experiment), experiment.recipe, experiment.key, kept_in(experiment, None))
    for unit, found in zip(task.units.values(), chain([first], pieces), strict=True):
        kept.put(unit, found["outcomes"], found["status"])
    return Results(experiment, kept.outcomes, kept.status)


def _shape(experiment: Experiment) -> tuple[int, int, int]:
    return len(experiment.portfolio.names), len(experiment.happenings), experiment.draws


def kept_in(experiment: Experiment, store: Path | None) -> Path | None:
    """Folder to keep outcomes in: the one asked for, and the user's cache where a run is long; else None."""
    runs = len(experiment.portfolio.names) * len(experiment.happenings) * experiment.draws
    return cache_folder("strategies") if store is None and runs >= _KEPT_FROM else store


def work(experiment: Experiment) -> Iterator[WorkUnit]:
    """All pieces of work; pieces of one baseline follow one another."""
    count = len(experiment.portfolio.names)
    for happening, members in experiment.blocks():
        for first in range(0, count, TOGETHER):
            yield WorkUnit(happening, members, range(first, min(first + TOGETHER, count)))


def compute(experiment: Experiment, piece: WorkUnit) -> Found:
    """Outcomes (strategies, outcomes, members) and status (strategies, members) of one piece.

    Always `PASS` strategies in one call, the last one repeated to fill up: one compiled function fits all questions.
    """
    baseline = experiment.built(piece.happening, piece.members.start)
    first, last, members = piece.strategies.start, piece.strategies.stop, len(piece.members)
    found = []
    for begin in range(first, last, PASS):
        rows = np.minimum(np.arange(begin, begin + PASS), last - 1)
        found.append(
            simulate_strategies(baseline, Moves(*(leaf[rows] for leaf in experiment.moves)), experiment.levers.effects)
        )
    outcomes, status = (np.concatenate([np.asarray(leaf) for leaf in leaves]) for leaves in zip(*found, strict=True))
    count = last - first
    return np.asarray(outcomes[:count, :, :members], np.float32), np.asarray(status[:count, :members], np.int8)


def run_locally(experiment: Experiment, pieces: list[WorkUnit]) -> Iterator[tuple[WorkUnit, Found]]:
    yield from zip(pieces, map_in_order(partial(compute, experiment), pieces), strict=True)

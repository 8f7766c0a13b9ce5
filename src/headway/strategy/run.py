"""Every strategy in every future: pieces of work on this machine's cores or on a Dask cluster, kept as they come in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from headway.core.cache import Arrays
from headway.core.files import cache_folder
from headway.ensemble.pieces import Progress, Sharing, answered, gathered
from headway.ensemble.simulation import map_in_order
from headway.strategy.experiment import Experiment
from headway.strategy.results import Results
from headway.strategy.simulation import TOGETHER as PASS
from headway.strategy.simulation import Moves, simulate_strategies
from headway.strategy.store import TOGETHER, OutcomeStore, WorkUnit, open_store

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

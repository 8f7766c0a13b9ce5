"""Every strategy in every future: pieces of work on this machine's cores or on a Dask cluster, kept as they come in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt

from headway.core.files import cache_folder
from headway.ensemble.simulation import map_in_order
from headway.strategy.experiment import Experiment
from headway.strategy.results import Results
from headway.strategy.simulation import TOGETHER as PASS
from headway.strategy.simulation import Moves, simulate_strategies
from headway.strategy.store import TOGETHER, WorkUnit, open_store

_KEPT_FROM = 2_000_000  # runs from which outcomes are kept on disk without being asked
Found = tuple[npt.NDArray[np.float32], npt.NDArray[np.int8]]
Progress = Callable[[int, int], None]


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
    shape = (len(experiment.portfolio.names), len(experiment.happenings), experiment.draws)
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

"""A cluster of worker processes of which one is killed while it works: nothing is lost, nothing comes twice."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import numpy as np
import pytest

from headway.core.errors import InputError
from headway.evidence import open_evidence
from headway.strategy.cluster import run_on_dask
from headway.strategy.experiment import Experiment
from headway.strategy.outcomes import OUTCOMES
from headway.strategy.question import ask
from headway.strategy.run import run, work
from headway.strategy.shelf import WorkUnit

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def experiment() -> Experiment:
    return ask(open_evidence(), "KOR", draws=512, posterior=None)


@pytest.fixture(scope="module")
def cluster() -> Iterator[object]:
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
    ) as made:
        yield made


def kill_one(cluster: object) -> None:
    """Kill one of the worker processes that this test has started."""
    nannies = cluster.workers.values()  # type: ignore[attr-defined]
    os.kill(next(nanny.pid for nanny in nannies if nanny.pid), signal.SIGKILL)


def test_a_killed_worker_loses_nothing(experiment: Experiment, cluster: object) -> None:
    def slow(part: Experiment, piece: WorkUnit) -> tuple[np.ndarray, np.ndarray]:
        import time

        time.sleep(0.1)
        shape = (len(piece.strategies), len(OUTCOMES), len(piece.members))
        return np.full(shape, piece.members.start, np.float32), np.zeros((shape[0], shape[2]), np.int8)

    pieces = list(work(experiment))
    address = cluster.scheduler_address  # type: ignore[attr-defined]
    found = {}
    for piece, (outcomes, _) in run_on_dask(experiment, pieces, address, slow):
        if not found:
            kill_one(cluster)
        assert piece not in found
        found[piece] = float(outcomes.mean())
    assert found == {piece: float(piece.members.start) for piece in pieces}


@pytest.mark.slow
def test_a_cluster_finds_what_this_machine_finds(experiment: Experiment, cluster: object) -> None:
    address = cluster.scheduler_address  # type: ignore[attr-defined]
    killed = []

    def progress(done: int, of: int) -> None:
        if done and not killed:
            kill_one(cluster)
            killed.append(done)

    there_ = run(experiment, scheduler=address, progress=progress)
    here = run(experiment)
    assert killed
    np.testing.assert_allclose(there_.outcomes, here.outcomes, rtol=1e-5, atol=1e-4)
    np.testing.assert_array_equal(there_.status, here.status)


def test_a_scheduler_that_does_not_answer_is_told(experiment: Experiment) -> None:
    with pytest.raises(InputError, match="no Dask scheduler answers"):
        list(run_on_dask(experiment, [], "nowhere"))

"""A cluster of worker processes of which one is killed while it works: nothing is lost, nothing comes twice."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from headway.core.errors import InputError
from headway.ensemble import cluster as cluster_module
from headway.ensemble.cluster import run_on_dask
from headway.evidence import open_evidence
from headway.strategy.experiment import Experiment
from headway.strategy.outcomes import OUTCOMES
from headway.strategy.question import ask
from headway.strategy.run import ExperimentTask, WorkUnit, run

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


def slow(_: object, piece: WorkUnit) -> tuple[np.ndarray, np.ndarray]:
    """Outcomes that tell which members they are of, after a tenth of a second."""
    time.sleep(0.1)
    shape = (len(piece.strategies), len(OUTCOMES), len(piece.members))
    return np.full(shape, piece.members.start, np.float32), np.zeros((shape[0], shape[2]), np.int8)


class Counted:
    """Stands for an experiment and counts how often it is written down to be sent."""

    sent = 0

    def __reduce__(self) -> tuple[type, tuple[()]]:
        type(self).sent += 1
        return object, ()


UNITS = [WorkUnit(0, range(start, start + 1), range(1)) for start in range(24)]


def test_a_killed_worker_loses_nothing(experiment: Experiment, cluster: object) -> None:
    pieces = list(ExperimentTask(experiment).units.values())
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


def test_the_experiment_travels_once_and_not_with_every_piece(cluster: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Counted, "sent", 0)
    address: str = cluster.scheduler_address  # type: ignore[attr-defined]
    found = [piece.members.start for piece, _ in run_on_dask(Counted(), UNITS, address, slow)]  # type: ignore[arg-type]
    assert sorted(found) == list(range(len(UNITS)))
    assert Counted.sent == 1


def test_a_cancelled_piece_is_sent_again(cluster: object) -> None:
    scheduler: Any = cluster.scheduler  # type: ignore[attr-defined]
    address: str = cluster.scheduler_address  # type: ignore[attr-defined]
    found = []
    with distributed.Client(address, set_as_default=False) as other:
        for piece, _ in run_on_dask(Counted(), UNITS, address, slow):  # type: ignore[arg-type]
            if not found:
                mine = [key for key, task in scheduler.tasks.items() if task.state == "processing"]
                other.cancel([distributed.Future(key, other) for key in mine], force=True)
                assert mine
                asked = time.monotonic()
                while set(mine) & set(scheduler.tasks):  # results not taken yet stay there, unless they are cancelled
                    assert time.monotonic() - asked < 30
                    time.sleep(0.02)
            found.append(piece.members.start)
    assert sorted(found) == list(range(len(UNITS)))


def test_a_result_that_is_lost_before_it_is_fetched_counts_as_cancelled() -> None:
    class Lost:
        status = "finished"

        def result(self) -> object:
            raise distributed.client.FutureCancelledError("slow-1", None)

    assert cluster_module._result(Lost()) is None


def in_this_process(workers: int) -> Any:
    return distributed.LocalCluster(
        n_workers=workers, processes=False, dashboard_address=":0", host="127.0.0.1", protocol="tcp://"
    )


def test_a_scheduler_without_a_worker_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "_ANSWER", 1)
    with (
        in_this_process(0) as idle,
        pytest.raises(InputError, match="had no worker for 1 seconds"),
    ):
        list(run_on_dask(Counted(), UNITS, idle.scheduler_address, slow))  # type: ignore[arg-type]


def test_workers_that_leave_for_good_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster_module, "_ANSWER", 1)
    with in_this_process(1) as leaving:
        found = run_on_dask(Counted(), UNITS, leaving.scheduler_address, slow)  # type: ignore[arg-type]
        next(found)
        leaving.scale(0)
        with pytest.raises(InputError, match="had no worker for 1 seconds"):
            list(found)


def test_a_scheduler_that_does_not_answer_is_told(experiment: Experiment) -> None:
    with pytest.raises(InputError, match="no Dask scheduler answers"):
        list(run_on_dask(experiment, [], "nowhere", slow))

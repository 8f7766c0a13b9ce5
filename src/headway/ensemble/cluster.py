"""Pieces of work on a Dask cluster: workers may come, go and be killed; what is lost is run again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from queue import Empty, Queue
from typing import Any, TypeVar

from headway.core.errors import InputError, ModelError

S = TypeVar("S")  # what all pieces share
P = TypeVar("P")  # a piece
F = TypeVar("F")  # what is found for it
_RETRIES = 3
_ANSWER = 20  # seconds that a scheduler has to answer, and that it may be without a worker
_MOST_LOCAL = 256  # worker processes that `local:N` starts
_AHEAD = 4  # pieces under way per worker thread, so that the client's memory stays bounded


def run_on_dask(shared: S, pieces: Sequence[P], scheduler: str, work: Callable[[S, P], F]) -> Iterator[tuple[P, F]]:
    """Pieces as they come back, in any order.

    What they share travels to the workers once; a piece that is cancelled, or whose share was lost with the workers
    that held it, is sent again.

    Args:
        scheduler: address, such as tcp://10.0.0.1:8786, or `local:N` for N worker processes on this machine.
        work: what a worker does with a piece.

    Raises:
        InputError: Dask is not installed, no scheduler answers at the address, or it has no worker.
        ModelError: a piece failed on several workers, or was cancelled several times.
    """
    with _connected(scheduler) as client:
        if not pieces:
            return
        _await_worker(client, scheduler)
        waiting = iter(pieces)
        under_way: dict[Any, tuple[P, int]] = {}
        done: Queue[Any] = Queue()
        held = _spread(client, scheduler, shared)

        def send(piece: P, attempt: int = 1) -> None:
            task = client.submit(work, held, piece, pure=False, retries=_RETRIES)
            under_way[task.key] = piece, attempt
            task.add_done_callback(done.put)

        for _ in range(_AHEAD * _threads(client)):
            if (piece := next(waiting, None)) is not None:
                send(piece)
        while under_way:
            try:
                task = done.get(timeout=_ANSWER)
            except Empty:
                _await_worker(client, scheduler)
                continue
            piece, attempt = under_way.pop(task.key)
            if (found := _result(task)) is not None:
                yield piece, found[0]
                task.release()
                if (following := next(waiting, None)) is not None:
                    send(following)
            elif task.status == "error":
                raise ModelError(f"a piece of work failed on the cluster: {task.exception()}")
            elif attempt > _RETRIES:
                raise ModelError(f"a piece of work was cancelled on the cluster {attempt} times; what is done is kept")
            else:
                _await_worker(client, scheduler)
                if not any(client.who_has([held]).values()):
                    held = _spread(client, scheduler, shared)
                send(piece, attempt + 1)


def _result(task: Any) -> tuple[Any] | None:
    """The result of a task, none if it did not finish or its result was lost with the worker that held it."""
    if task.status != "finished":
        return None
    try:
        return (task.result(),)
    except CancelledError:
        return None


def _spread(client: Any, scheduler: str, shared: object) -> Any:
    """The share of all pieces on every worker, so that it outlives any of them."""
    try:
        return client.scatter(shared, broadcast=True, hash=False, timeout=_ANSWER)
    except TimeoutError as error:
        raise _no_worker(scheduler) from error


@contextmanager
def _connected(scheduler: str) -> Iterator[Any]:
    """A client of the scheduler; with `local:N`, of one that is started here and ends with it.

    Raises:
        InputError: Dask is not installed, or no scheduler answers.
    """
    distributed = _distributed()
    local = re.fullmatch(r"local:([0-9]{1,4})", scheduler)
    if local is not None:
        count = int(local[1])
        if not 1 <= count <= _MOST_LOCAL:
            raise InputError(f"--scheduler {scheduler}: give local:1 to local:{_MOST_LOCAL}")
        with (
            distributed.LocalCluster(
                n_workers=count, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
            ) as cluster,
            distributed.Client(cluster, timeout=_ANSWER) as client,
        ):
            yield client
        return
    try:
        client = distributed.Client(scheduler, timeout=_ANSWER)
    except (OSError, ValueError) as error:
        raise InputError(f"--scheduler {scheduler}: no Dask scheduler answers ({error or 'timeout'})") from error
    with client:
        yield client


def _threads(client: Any) -> int:
    workers = client.scheduler_info(-1)["workers"].values()
    return max(1, sum(int(worker["nthreads"]) for worker in workers))


def _await_worker(client: Any, scheduler: str) -> None:
    """Wait until the scheduler has a worker.

    Raises:
        InputError: it has none for `_ANSWER` seconds, or has left.
    """
    try:
        client.wait_for_workers(1, timeout=_ANSWER)
    except TimeoutError as error:
        raise _no_worker(scheduler) from error
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(f"--scheduler {scheduler}: the Dask scheduler has left ({error})") from error


def _no_worker(scheduler: str) -> InputError:
    return InputError(
        f"--scheduler {scheduler}: the scheduler answers but had no worker for {_ANSWER} seconds; "
        f"start one with 'dask worker {scheduler}'"
    )


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise InputError("--scheduler needs Dask: pip install 'headway[dask]'") from error
    return distributed

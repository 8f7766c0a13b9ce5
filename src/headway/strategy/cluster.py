"""The same pieces of work on a Dask cluster: workers may come, go and be killed; what is lost is run again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from queue import Empty, Queue
from typing import Any

from headway.core.errors import InputError, ModelError
from headway.strategy.experiment import Experiment
from headway.strategy.run import Found, compute
from headway.strategy.store import WorkUnit

Work = Callable[[Experiment, WorkUnit], Found]
_RETRIES = 3
_ANSWER = 20  # seconds that a scheduler has to answer, and that it may be without a worker
_AHEAD = 4  # pieces under way per worker thread, so that the client's memory stays bounded


def run_on_dask(
    experiment: Experiment, pieces: list[WorkUnit], scheduler: str, work: Work = compute
) -> Iterator[tuple[WorkUnit, Found]]:
    """Pieces as they come back, in any order.

    The experiment travels to the workers once; a piece that is cancelled, or whose experiment was lost with the workers
    that held it, is sent again.

    Args:
        scheduler: address, such as tcp://10.0.0.1:8786. work: what a worker does with a piece.

    Raises:
        InputError: Dask is not installed, no scheduler answers at the address, or it has no worker.
        ModelError: a piece failed on several workers, or was cancelled several times.
    """
    distributed = _distributed()
    try:
        client = distributed.Client(scheduler, timeout=_ANSWER)
    except (OSError, ValueError) as error:
        raise InputError(f"--scheduler {scheduler}: no Dask scheduler answers ({error or 'timeout'})") from error
    with client:
        if not pieces:
            return
        _await_worker(client, scheduler)
        waiting = iter(pieces)
        under_way: dict[Any, tuple[WorkUnit, int]] = {}
        done: Queue[Any] = Queue()
        held = _spread(client, scheduler, experiment)

        def send(piece: WorkUnit, attempt: int = 1) -> None:
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
                yield piece, found
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
                    held = _spread(client, scheduler, experiment)
                send(piece, attempt + 1)


def _result(task: Any) -> Found | None:
    """The result of a task, none if it did not finish or its result was lost with the worker that held it."""
    if task.status != "finished":
        return None
    try:
        found: Found = task.result()
    except CancelledError:
        return None
    return found


def _spread(client: Any, scheduler: str, experiment: Experiment) -> Any:
    """The experiment on every worker, so that it outlives any of them."""
    try:
        return client.scatter(experiment, broadcast=True, hash=False, timeout=_ANSWER)
    except TimeoutError as error:
        raise _no_worker(scheduler) from error


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
        raise InputError("--scheduler needs Dask: pip install 'headway[strategy]'") from error
    return distributed

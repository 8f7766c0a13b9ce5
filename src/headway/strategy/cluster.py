"""The same pieces of work on a Dask cluster: workers may come, go and be killed; what is lost is run again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from headway.core.errors import InputError, ModelError
from headway.strategy.experiment import Experiment
from headway.strategy.run import Found, compute
from headway.strategy.shelf import WorkUnit

Work = Callable[[Experiment, WorkUnit], Found]
_RETRIES = 3
_ANSWER = 20  # seconds that a scheduler has to answer
_AHEAD = 4  # pieces under way per worker thread, so that the client's memory stays bounded


def run_on_dask(
    experiment: Experiment, pieces: list[WorkUnit], scheduler: str, work: Work = compute
) -> Iterator[tuple[WorkUnit, Found]]:
    """Pieces as they come back, in any order.

    Args:
        scheduler: address, such as tcp://10.0.0.1:8786. work: what a worker does with a piece.

    Raises:
        InputError: Dask is not installed, or no scheduler answers at the address.
        ModelError: a piece failed on several workers.
    """
    distributed = _distributed()
    try:
        client = distributed.Client(scheduler, timeout=_ANSWER)
    except (OSError, ValueError) as error:
        raise InputError(f"--scheduler {scheduler}: no Dask scheduler answers ({error or 'timeout'})") from error
    with client:
        threads = max(1, sum(worker["nthreads"] for worker in client.scheduler_info(-1)["workers"].values()))
        waiting = iter(pieces)
        under_way: dict[Any, WorkUnit] = {}
        results = distributed.as_completed()

        def send() -> None:
            piece = next(waiting, None)
            if piece is None:
                return
            chosen = slice(piece.strategies.start, piece.strategies.stop)
            part = experiment.with_portfolio(experiment.portfolio.some(chosen))
            job = piece._replace(strategies=range(len(piece.strategies)))
            task = client.submit(work, part, job, pure=False, retries=_RETRIES)
            under_way[task.key] = piece
            results.add(task)

        for _ in range(_AHEAD * threads):
            send()
        for task in results:
            piece = under_way.pop(task.key)
            if task.status != "finished":
                raise ModelError(f"a piece of work failed on the cluster: {task.exception()}")
            yield piece, task.result()
            task.release()
            send()


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise InputError("--scheduler needs Dask: pip install 'headway[strategy]'") from error
    return distributed

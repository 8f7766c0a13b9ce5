"""Work on all cores, in order, with a bounded number of results in memory."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def map_in_order(work: Callable[[T], R], items: Iterable[T], threads: int | None = None) -> Iterator[R]:
    """`work` of every item, in their order; at most two per thread are under way or wait to be taken.

    Args:
        threads: how many; all cores where none are given.
    """
    waiting, workers = deque(items), threads or os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        running: deque[Future[R]] = deque()
        while waiting or running:
            while waiting and len(running) < 2 * workers:
                running.append(pool.submit(work, waiting.popleft()))
            yield running.popleft().result()

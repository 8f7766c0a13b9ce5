"""Long computations beside the server's loop: a few threads, a bounded queue, single flight, answers kept."""

from __future__ import annotations

import asyncio
import contextlib
import queue
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class BusyError(Exception):
    """Too much is waiting, or an answer takes longer than a request may: the same request will find it done later."""


class Workers:
    """Daemon threads, so that nothing keeps a stopped server alive; begun by the first job, and again after a close."""

    def __init__(self, threads: int = 2, waiting: int = 64) -> None:
        self._queue: queue.Queue[tuple[Future[Any], Callable[[], Any]] | None] = queue.Queue(waiting)
        self._count, self._threads, self._ending = threads, list[threading.Thread](), list[threading.Thread]()
        self._lock = threading.Lock()

    def close(self, patience: float = 3.0) -> None:
        """Drop what waits, and let what runs end within `patience` seconds."""
        with self._lock:
            ending, self._threads = self._threads, []
            self._ending = ending
        with contextlib.suppress(queue.Empty):
            while True:
                waiting = self._queue.get_nowait()
                if waiting is not None:
                    waiting[0].cancel()
        for _ in ending:
            self._queue.put(None)
        until = time.monotonic() + patience
        for thread in ending:
            thread.join(max(0.0, until - time.monotonic()))

    def ended(self) -> bool:
        """Whether no job runs any more after a close."""
        return not any(thread.is_alive() for thread in self._ending)

    def submit(self, job: Callable[[], T]) -> Future[T]:
        """Queue a job.

        Raises:
            BusyError: too many wait already.
        """
        future: Future[T] = Future()
        self._begin()
        try:
            self._queue.put_nowait((future, job))
        except queue.Full:
            raise BusyError("too many requests wait for an answer") from None
        return future

    def _begin(self) -> None:
        with self._lock:
            while len(self._threads) < self._count:
                name = f"explorer-{len(self._threads)}"
                self._threads.append(threading.Thread(target=self._serve, name=name, daemon=True))
                self._threads[-1].start()

    def _serve(self) -> None:
        while True:
            next_ = self._queue.get()
            if next_ is None:
                return
            future, job = next_
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(job())
            except BaseException as error:
                future.set_exception(error)


class Kept(Generic[T]):
    """The newest `most` answers by key; a key that is being computed is computed once."""

    def __init__(self, workers: Workers, most: int) -> None:
        self._workers, self._most = workers, most
        self._found: OrderedDict[str, T] = OrderedDict()
        self._flying: dict[str, tuple[Future[T], int]] = {}
        self._lock = threading.Lock()

    async def get(self, key: str, make: Callable[[], T], limit: float) -> T:
        """The answer of `key`. When everybody who waits for a queued job has left, the job is dropped.

        Raises:
            BusyError: the queue is full, or `limit` seconds have passed; what was begun goes on and is kept.
        """
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                return self._found[key]
            if key in self._flying:
                future, waiting = self._flying[key]
                self._flying[key] = future, waiting + 1
            else:
                future = self._workers.submit(lambda: self._keep(key, make))
                self._flying[key] = future, 1
                future.add_done_callback(lambda done: self._landed(key, done))
        waited = asyncio.wrap_future(future)
        waited.add_done_callback(lambda done: done.cancelled() or done.exception())  # heard, even if nobody waits
        try:
            return await asyncio.wait_for(asyncio.shield(waited), limit)
        except TimeoutError:
            raise BusyError("the answer is still being computed") from None
        finally:
            self._leave(key, future)

    def _keep(self, key: str, make: Callable[[], T]) -> T:
        made = make()
        with self._lock:
            self._found[key] = made
            while len(self._found) > self._most:
                self._found.popitem(last=False)
        return made

    def _landed(self, key: str, future: Future[T]) -> None:
        with self._lock:
            if self._flying.get(key, (None, 0))[0] is future:
                del self._flying[key]

    def _leave(self, key: str, future: Future[T]) -> None:
        with self._lock:
            held, waiting = self._flying.get(key, (None, 0))
            if held is not future:
                return
            self._flying[key] = future, waiting - 1
            abandoned = waiting <= 1
        if abandoned:
            future.cancel()  # works only while it waits in the queue


__all__ = ["BusyError", "CancelledError", "Kept", "Workers"]

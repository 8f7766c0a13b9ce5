"""Connections that cannot be held open by silence: a request whose head does not come in time ends its connection."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_WITHIN = 10.0  # seconds from the opening of a connection, or the first byte of a request, to the end of its head


class PunctualProtocol(H11Protocol):
    """HTTP connection with a time limit on the head of each request; uvicorn limits only the pause between two."""

    _limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._limit = self.loop.call_later(HEAD_WITHIN, self._end)

    def data_received(self, data: bytes) -> None:
        """Take bytes; the wait is over when a request is whole enough to be answered."""
        super().data_received(data)
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering and self._limit is not None:
            self._limit.cancel()
            self._limit = None
        elif not answering and self._limit is None:
            self._limit = self.loop.call_later(HEAD_WITHIN, self._end)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        if self._limit is not None:
            self._limit.cancel()
        super().connection_lost(exc)

    def _end(self) -> None:
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()

"""Readers' texts and ledgers, answered by a process of their own that is ended when one takes too long.

A page is bounded by its parameters; what a text or a ledger asks for is not, and a thread cannot be ended.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from headway.core import errors
from headway.explorer.address import ParameterError
from headway.explorer.claimed import ClaimState
from headway.explorer.session import ExplorerSession
from headway.explorer.views import claim, claims

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

WITHIN = 120.0  # seconds that one text or ledger may take
_PARAMETER = {"draft": "text", "check": "ledger", "ledger": "ledger", "claim": "test"}

Reading = Callable[[str, str], dict[str, Any]]
"""Answer to what is asked (`draft`, `check`, `ledger`, or `claim` with its state as JSON) of a text."""


def answer(asked: str, text: str, opened: Callable[[], ExplorerSession]) -> dict[str, Any]:
    """Answer to one of `_PARAMETER` in this process; the evidence is opened where it is needed.

    Raises:
        ParameterError: the text or the ledger cannot be read. EvidenceError: the evidence cannot answer.
    """
    if asked == "draft":
        return claims.draft(text, opened())
    if asked == "claim":
        return claim.judged(ClaimState.model_validate_json(text), opened())
    return claims.check(text, opened()) if asked == "check" else claims.ledger(text)


class ReadingProcess:
    """A process that answers one text after the other; begun by the first, and anew after it was ended.

    It is asked by one thread alone. It ends with the process that began it, whatever ends that one.

    Args:
        user_files: the user's own files, as the server's session has them.
        within: seconds that one answer may take.
    """

    def __init__(self, user_files: Sequence[Path], within: float = WITHIN) -> None:
        self._files, self._within = user_files, within
        self._process: SpawnProcess | None = None
        self._asking: Connection | None = None

    def __call__(self, asked: str, text: str) -> dict[str, Any]:
        """Answer, as `answer` gives it.

        Raises:
            ParameterError: as `answer`, or it took too long or too much memory. HeadwayError: as `answer`.
        """
        asking = self._begun()
        try:
            asking.send_bytes(json.dumps([asked, text]).encode())
            in_time = asking.poll(self._within)
            told: dict[str, Any] = json.loads(asking.recv_bytes()) if in_time else {}
        except (EOFError, OSError):
            self.close()
            raise ParameterError(
                _PARAMETER[asked], "reading it ended the process that reads; give a shorter one"
            ) from None
        if not in_time:
            self.close()
            raise ParameterError(_PARAMETER[asked], f"it takes longer than {self._within:g} s; give a shorter one")
        if "answer" in told:
            found: dict[str, Any] = told["answer"]
            return found
        if "parameter" in told:
            raise ParameterError(told["parameter"], told["message"])
        raise getattr(errors, told["kind"])(told["message"])

    def close(self) -> None:
        """End the process at once."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.join()
        if self._asking is not None:
            self._asking.close()

    def _begun(self) -> Connection:
        if self._process is None or self._asking is None or not self._process.is_alive():
            self.close()
            # A new interpreter, not a copy of this one, whose threads hold locks that nobody would ever give back.
            spawning = multiprocessing.get_context("spawn")
            self._asking, theirs = spawning.Pipe()
            self._process = spawning.Process(target=_serve, args=(theirs, self._files), daemon=True)
            self._process.start()
            theirs.close()
        return self._asking


def _serve(asked: Connection, user_files: Sequence[Path]) -> None:
    """Answer what comes until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process of a terminal; the server ends this one
    threading.Thread(target=_end_with_parent, daemon=True).start()
    opened = cache(lambda: ExplorerSession(user_files))
    while True:
        try:
            kind, text = json.loads(asked.recv_bytes())
        except (EOFError, OSError):
            return
        told: dict[str, Any]
        try:
            told = {"answer": answer(kind, text, opened)}
        except ParameterError as error:
            told = {"parameter": error.parameter, "message": error.message}
        except errors.HeadwayError as error:
            known = [one for one in type(error).__mro__ if one.__module__ == errors.__name__]
            told = {"kind": known[0].__name__, "message": str(error)}
        asked.send_bytes(json.dumps(told).encode())


def _end_with_parent() -> None:
    """End this process when the one that began it has ended, also in the middle of an answer."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)

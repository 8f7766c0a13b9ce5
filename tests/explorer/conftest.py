"""The explorer over the shipped evidence, asked without a socket."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("fastapi", reason="NO FASTAPI: pip install headway[serve]")

from fastapi.testclient import TestClient

from headway.brief.compose import Brief, compose
from headway.explorer.app import create_app
from headway.explorer.session import ExplorerSession
from headway.findings import Context, recipes
from headway.site.home import LABELS, HomeRow, unknown

if TYPE_CHECKING:
    from fastapi import FastAPI


@pytest.fixture(scope="session")
def desk() -> ExplorerSession:
    return ExplorerSession(draws=256)


@pytest.fixture(scope="session")
def stored_brief(desk: ExplorerSession) -> Callable[[str], Brief]:
    """Function that gives a country's brief of goals and standing alone, as an edition would hold it."""
    chosen = [one for name, one in recipes().items() if name.startswith(("ambition.goal", "standing"))]
    return lru_cache(maxsize=4)(lambda country: compose(Context(desk.evidence, country), chosen))


@pytest.fixture(scope="session")
def first_rows() -> Callable[..., list[HomeRow]]:
    """Function that gives a few lines of the first page, in the place of the one that reads them from an edition."""

    def row(code: str, name: str, months: float | None, how: str = "measured, 30 June 2026") -> HomeRow:
        if months is None:
            return unknown(code, name)
        answers = tuple((label, f"{label} of {name}.") for label in LABELS)
        told = f"{months:g} months behind (90%: {months - 2:g}–{months + 2:g})"
        return HomeRow(code, name, told, how, f"{name} is behind.", answers, months, months - 2, months + 2, False)

    modelled = "modelled, Q2 2026"
    made = [row("KOR", "South Korea", 15), row("CHN", "China", 7), row("TWN", "Taiwan", 20, modelled),
            row("SGP", "Singapore", 27, modelled), row("PER", "Peru", None)]  # fmt: skip
    return lambda *_: made


@pytest.fixture(scope="session")
def app(desk: ExplorerSession) -> Iterator[FastAPI]:
    made = create_app(desk, ("testserver", "127.0.0.1", "localhost"))
    yield made
    made.state.workers.close(60)  # an interpreter that ends under a running computation aborts


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(scope="session")
def base(app: FastAPI) -> Iterator[str]:
    """Address of the explorer behind a socket, for a browser."""
    import uvicorn

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(5)

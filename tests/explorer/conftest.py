"""The explorer over the shipped evidence, asked without a socket."""

from __future__ import annotations

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
def app(desk: ExplorerSession) -> Iterator[FastAPI]:
    made = create_app(desk, ("testserver", "127.0.0.1", "localhost"))
    yield made
    made.state.workers.close(60)  # an interpreter that ends under a running computation aborts


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened

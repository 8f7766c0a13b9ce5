"""The explorer over the shipped evidence, asked without a socket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("fastapi", reason="NO FASTAPI: pip install headway[serve]")

from fastapi.testclient import TestClient

from headway.explorer.app import create_app
from headway.explorer.session import ExplorerSession

if TYPE_CHECKING:
    from fastapi import FastAPI


@pytest.fixture(scope="session")
def desk() -> ExplorerSession:
    return ExplorerSession(draws=256)


@pytest.fixture(scope="session")
def app(desk: ExplorerSession) -> Iterator[FastAPI]:
    made = create_app(desk, ("testserver", "127.0.0.1", "localhost"))
    yield made
    made.state.workers.close(60)  # an interpreter that ends under a running computation aborts


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened

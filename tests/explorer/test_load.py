"""Readers do not hold up one another: silence ends a connection, texts have a thread of their own, processes agree."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from headway.explorer import connection, guard

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.testclient import TestClient


def test_a_connection_that_says_nothing_or_half_a_request_is_ended(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    import uvicorn

    monkeypatch.setattr(connection, "HEAD_WITHIN", 0.3)
    monkeypatch.setattr(guard, "BODY_WITHIN", 0.3)
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="critical", lifespan="off", http=connection.PunctualProtocol)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.02)
        head = b"HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        body = b"content-type: application/json\r\ncontent-length: 90\r\n\r\n{"
        for said, answered in (
            (b"", b""),
            (b"GET /health HTTP/1.1\r\nHost:", b""),
            (b"POST /claims/draft.json " + head + body, b"HTTP/1.1 4"),
            (b"GET /health " + head + b"\r\nGET /hea", b"HTTP/1.1 200"),
        ):
            with socket.create_connection(listener.getsockname(), timeout=20) as client:
                client.sendall(said)
                start, heard = time.monotonic(), b""
                while not heard.startswith(b"HTTP/1.1 4") and (part := client.recv(4096)):
                    heard += part
                assert time.monotonic() - start < 15
                assert heard.startswith(answered)
    finally:
        server.should_exit = True
        thread.join(5)


def test_a_long_text_holds_up_no_page(client: TestClient, app: FastAPI) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def read() -> None:
        begun.set()
        go_on.wait(60)

    app.state.readers.submit(read)
    try:
        assert begun.wait(20)
        assert client.get("/world.json?top=11").status_code == 200
    finally:
        go_on.set()


def test_answers_may_be_kept_and_say_their_canonical_address(client: TestClient) -> None:
    for shape in ("json", "csv", "svg"):
        headers = client.get(f"/world.{shape}?top=30&country=FRA").headers
        assert headers["cache-control"] == "public, max-age=600"
        assert headers["content-location"] == f"/world.{shape}?country=FRA"
    for address in ("/world.json?top=9", "/world", "/health"):
        assert "public" not in client.get(address).headers.get("cache-control", "")


@pytest.mark.parametrize("address", ["/world.json?top=30&country=FRA", "/world.svg?top=30&country=FRA", "/limits.csv"])
def test_an_answer_is_not_sent_again_to_who_holds_it(client: TestClient, address: str) -> None:
    first = client.get(address)
    tag = first.headers["etag"]
    again = client.get(address, headers={"if-none-match": f'"another", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert [again.headers[name] for name in ("etag", "cache-control")] == [tag, first.headers["cache-control"]]
    other = client.get(address, headers={"if-none-match": '"another"'})
    assert (other.status_code, other.content) == (200, first.content)
    assert client.get("/world.json?top=30&country=KOR").headers["etag"] != tag


@pytest.mark.slow
def test_two_processes_that_share_a_cache_folder_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    command = [sys.executable, "-m", "headway", "serve", "--port", "0"]
    servers = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    try:
        bases = []
        for server in servers:
            assert server.stderr is not None
            bases.append(next(line for line in server.stderr if "http://" in line).split(" at ")[1].split("/ ")[0])
        for path in ("/world.json?width=700", "/world.svg?country=KOR", "/standing.csv?compute=3", "/limits.json",
                     "/embed/world?country=FRA", "/whatif.json?tables=false&width=700&spending=2"):  # fmt: skip
            assert len({_patiently(base + path) for base in bases}) == 1, path
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            server.wait(30)


def _patiently(address: str) -> bytes:
    """The answer, asked for again while it is being computed, under the name that readers of every process use."""
    asked = urllib.request.Request(address, headers={"Host": "127.0.0.1"})
    for _ in range(300):
        try:
            with urllib.request.urlopen(asked, timeout=60) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            if error.code != 429:
                raise
            time.sleep(1)
    raise AssertionError(f"no answer from {address}")

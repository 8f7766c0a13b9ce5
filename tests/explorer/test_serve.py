"""The server as a process: where it listens, how it stops."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator

import pytest

from headway.cli.serve import listening

COMMAND = [sys.executable, "-m", "headway", "serve", "--port"]


@pytest.fixture
def server() -> Iterator[subprocess.Popen[str]]:
    started = subprocess.Popen([*COMMAND, "0"], stderr=subprocess.PIPE, text=True)
    yield started
    started.kill()
    started.wait(10)


def address(server: subprocess.Popen[str]) -> str:
    assert server.stderr is not None
    return next(line for line in server.stderr if "http://" in line).split(" at ")[1].split(" ")[0]


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_when_asked_even_while_it_computes(server: subprocess.Popen[str], how: int) -> None:
    base = address(server)
    assert base.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(f"{base}health", timeout=20) as answer:
        assert answer.status == 200
    port = int(base.rstrip("/").rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port)) as client:  # an answer that takes seconds, and nobody waits
        client.sendall(b"GET /whatif.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        server.send_signal(how)
        assert server.wait(30) == 0
    assert server.stderr is not None
    said = server.stderr.read()
    assert "stopped" in said
    assert "Traceback" not in said
    assert "terminate called" not in said


def test_a_port_in_use_is_told_in_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run(
            [*COMMAND, str(taken.getsockname()[1])], capture_output=True, text=True, timeout=60, env=os.environ
        )
    assert done.returncode == 2
    assert "cannot listen on 127.0.0.1" in done.stderr
    assert "--port 0" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_answer_is_sent_at_once() -> None:
    async def first_connection() -> int:
        taken = asyncio.get_running_loop().create_future()

        def meet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            taken.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        listener = listening("127.0.0.1", 0)
        async with await asyncio.start_server(meet, sock=listener):
            _, writer = await asyncio.open_connection(*listener.getsockname())
            told = await taken
            writer.close()
        return int(told)

    assert asyncio.run(first_connection())  # else the second answer of a connection waits 40 ms for the first

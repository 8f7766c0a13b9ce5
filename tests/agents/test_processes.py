"""The server as a process: nothing but the protocol on standard output, and HTTP on this machine alone."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from typing import Any

COMMAND = [sys.executable, "-m", "headway", "mcp"]
HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


def message(number: int | None, method: str, **params: Any) -> str:
    told = {"jsonrpc": "2.0", "method": method, "params": params} | ({} if number is None else {"id": number})
    return json.dumps(told) + "\n"


def test_standard_output_carries_the_protocol_alone() -> None:
    with subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as one:
        assert one.stdin is not None
        assert one.stdout is not None
        one.stdin.write(message(1, "initialize", **HELLO) + message(None, "notifications/initialized"))
        asked = {"indicator": "rd_share_gdp", "countries": "KOR"}
        one.stdin.write(message(2, "tools/call", name="series", arguments=asked))
        one.stdin.flush()
        answers = [json.loads(one.stdout.readline()) for _ in range(2)]
        one.stdin.close()
        assert one.stdout.read() == ""
        assert one.wait(20) == 0
    assert answers[0]["result"]["serverInfo"]["name"] == "headway"
    assert "not_known" in answers[0]["result"]["instructions"]
    assert answers[1]["result"]["structuredContent"]["statements"][0]["id"].split(":")[2] == "KOR"


def test_http_answers_this_machine_and_refuses_other_names() -> None:
    from mcp import Client

    with subprocess.Popen([*COMMAND, "--http", "0"], stderr=subprocess.PIPE, text=True) as one:
        assert one.stderr is not None
        url = next(line for line in one.stderr if "http://" in line).split(" at ")[1].split(" ")[0]
        assert url.startswith("http://127.0.0.1:")

        async def listed() -> list[str]:
            async with Client(url) as client:
                return [tool.name for tool in (await client.list_tools()).tools]

        assert "trace" in asyncio.run(listed())
        request = urllib.request.Request(url, b"{}", {"Host": "elsewhere.example", "Content-Type": "application/json"})
        try:
            status = urllib.request.urlopen(request, timeout=20).status
        except urllib.error.HTTPError as error:
            status = error.code
        assert status == 421
        one.send_signal(signal.SIGTERM)
        one.wait(20)


def test_a_file_that_cannot_be_used_is_told_before_serving() -> None:
    done = subprocess.run([*COMMAND, "--evidence", "nowhere.csv"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert "nowhere.csv" in done.stderr

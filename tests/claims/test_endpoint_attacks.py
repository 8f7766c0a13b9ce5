"""A hostile or broken endpoint: the draft of the rules survives every answer, and the key stays at home."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.proposer.draft import Draft, draft
from headway.claims.proposer.endpoint import ModelEndpoint, refine_with_model
from headway.claims.reader.article import Article

Attack = Callable[["_Hostile"], None]


class _Hostile(BaseHTTPRequestHandler):
    attack: ClassVar[Attack]
    keys: ClassVar[list[tuple[str, str]]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        type(self).keys.append((self.path, self.headers.get("Authorization") or ""))
        try:
            type(self).attack(self)
        except OSError:
            pass  # the reader has hung up

    def do_GET(self) -> None:
        self.do_POST()

    def answer(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


def content(text: object, **more: object) -> Attack:
    body = json.dumps({"choices": [{"message": {"content": text}}], **more}).encode()
    return lambda handler: handler.answer(body)


def lines(*records: object) -> Attack:
    return content("\n".join(json.dumps(record) for record in records))


def raw(body: bytes) -> Attack:
    return lambda handler: handler.answer(body)


def redirect(handler: _Hostile) -> None:
    handler.send_response(307)
    handler.send_header("Location", f"http://localhost:{handler.server.server_port}/stolen")  # type: ignore[attr-defined]
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def moved(handler: _Hostile) -> None:
    handler.send_response(301)
    handler.send_header("Location", "/elsewhere")
    handler.send_header("Content-Length", "0")
    handler.end_headers()


def drip(handler: _Hostile) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.02)


def drip_head(handler: _Hostile) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(200):
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.02)


def fails(handler: _Hostile) -> None:
    handler.answer(b"{}", 500)


ONE = {"n": 1, "kind": "comparison", "topic": "rd_spending", "negated": False}
ATTACKS: dict[str, Attack] = {
    "a redirect to another host": redirect,
    "a redirect on the same host": moved,
    "errors of the server": fails,
    "a body that drips": drip,
    "a head that drips": drip_head,
    "a body without end": raw(b" " * 2_100_000),
    "no JSON": raw(b"<html>"),
    "JSON nested deeply": raw(b"[" * 100_000),
    "lines nested deeply": content("[" * 100_000),
    "an array in place of the record": raw(b"[1, 2]"),
    "content that is a list": content([{"type": "text", "text": json.dumps({**ONE, "negated": True})}]),
    "usage that is a list": content(json.dumps(ONE), usage=[1]),
    "tokens below zero": content(json.dumps(ONE), usage={"total_tokens": -5}),
    "lists in place of strings": lines({**ONE, "kind": ["fact"], "topic": ["publications"]}),
    "false as text": lines({**ONE, "negated": "false"}, {**ONE, "n": 2, "negated": "true"}),
    "a topic that the words do not bear": lines({**ONE, "topic": "publications"}),
    "an unknown topic and kind": lines({**ONE, "kind": "lie", "topic": "gossip"}),
    "numbers that are none": lines({**ONE, "n": True, "negated": True}, {**ONE, "n": 99}, {**ONE, "n": "1"}),
    "an array of records": lines([{**ONE, "negated": True}]),
}


@pytest.fixture
def address() -> Iterator[str]:
    _Hostile.keys = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Hostile)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def drafted(shipped: EvidenceLookup) -> Draft:
    return draft(Article("Germany spends more than France on R&D. Poland spends less on R&D than Italy."), shipped)


def asked(address: str, attack: Attack, drafted: Draft, lookup: EvidenceLookup) -> tuple[Draft, list[str], float]:
    _Hostile.attack = staticmethod(attack)  # type: ignore[assignment]
    said: list[str] = []
    start = time.monotonic()
    found = refine_with_model(
        drafted, lookup, ModelEndpoint(address, "m", "secret", pause=0.01, timeout=1.0), said.append
    )
    return found, said, time.monotonic() - start


@pytest.mark.parametrize("name", ATTACKS)
def test_the_draft_of_the_rules_survives(name: str, address: str, drafted: Draft, shipped: EvidenceLookup) -> None:
    assert len(drafted.claims) == 2
    found, said, seconds = asked(address, ATTACKS[name], drafted, shipped)
    assert found == drafted
    assert said[-1].endswith("tokens used")
    assert seconds < 15
    assert {path for path, _ in _Hostile.keys} == {"/v1/chat/completions"}


@pytest.mark.parametrize("kind", ["none", "opinion"])
def test_no_answer_deletes_a_claim(kind: str, address: str, drafted: Draft, shipped: EvidenceLookup) -> None:
    found, _, _ = asked(address, lines({**ONE, "kind": kind}), drafted, shipped)
    assert [claim.statement for claim in found.claims] == [claim.statement for claim in drafted.claims]
    assert found.claims[0].proposals == drafted.claims[0].proposals
    assert found.claims[0].differences == (f"kind comparison → {kind}",)


def test_a_denial_that_the_model_reads_is_a_difference(address: str, drafted: Draft, shipped: EvidenceLookup) -> None:
    found, _, _ = asked(address, lines({**ONE, "negated": True}, {**ONE, "negated": False}), drafted, shipped)
    claim = found.claims[0]
    assert claim.differences == ("not denied → denied",)
    assert claim.proposals[0] == drafted.claims[0].proposals[0]
    assert any((one.test or "").startswith("not ") and "by the model's reading" in one.note for one in claim.proposals)

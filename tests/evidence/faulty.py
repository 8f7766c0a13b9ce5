"""A publisher's server on this machine, with the faults that publishers have."""

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Publisher(http.server.ThreadingHTTPServer):
    """Serves the files of `folder` and what `answers` holds; counts what it was asked for."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.faults: dict[str, list[str]] = {}
        self.asked: list[str] = []

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}/{path}"


class _Handler(http.server.BaseHTTPRequestHandler):
    server: Publisher

    def do_GET(self) -> None:
        path = self.path.lstrip("/")
        self.server.asked.append(path)
        waiting = self.server.faults.get(path, [])
        fault = (waiting.pop(0) if len(waiting) > 1 else waiting[0]) if waiting else ""
        file = self.server.folder / path
        if fault.startswith("moved:"):
            _, status, target = fault.split(":", 2)
            self.send_response(int(status))
            self.send_header("Location", f"/{target}")
            self.end_headers()
        elif fault.isdigit():
            self.send_error(int(fault))
        elif fault == "slow":
            time.sleep(1.5)
        elif not file.is_file():
            self.send_error(404)
        else:
            self._send(file.read_bytes(), fault)

    def _send(self, body: bytes, fault: str) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(0 if fault == "empty" else len(body)))
        self.end_headers()
        if fault == "truncated":
            self.wfile.write(body[: len(body) // 2])
        elif fault == "damaged":
            self.wfile.write(bytes(reversed(body)))
        elif fault != "empty":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def publisher(folder: Path) -> Iterator[Publisher]:
    server = Publisher(folder)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()

"""`headway serve`: the explorer, a web page on this machine."""

from __future__ import annotations

import os
import socket
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from headway.cli import options
from headway.cli.common import say
from headway.cli.options import AcceptOutliers, Map, Parameters, Posterior, User
from headway.core.errors import InputError

if TYPE_CHECKING:
    from fastapi import FastAPI

Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")]
Host = Annotated[str, typer.Option("--host", help="Address to listen on; by default this machine only.")]

_LOCAL = ("127.0.0.1", "localhost", "::1")
_NEEDED = {"fastapi", "starlette", "uvicorn"}
_GRACE = 3  # seconds that a stopping server gives the answers under way


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(
    port: Port = 8321,
    host: Host = "127.0.0.1",
    evidence: User = None,
    mapping: Map = None,
    accept_outliers: AcceptOutliers = False,
    posterior: Posterior = None,
    parameters: Parameters = None,
) -> None:
    """Serve the explorer: every view, its data and its charts, for a browser on this machine.

    Stop it with Ctrl-C. The API is described at /openapi.json.
    """
    listener = listening(host, port)
    try:
        from headway.explorer.app import create_app
    except ModuleNotFoundError as error:
        if error.name not in _NEEDED:
            raise
        raise InputError("the explorer needs FastAPI and uvicorn: pip install 'headway[serve]'") from error

    from headway.explorer.session import ExplorerSession

    with options.working("Reading the evidence"):
        desk = ExplorerSession(options.own_files(evidence, mapping, accept_outliers, posterior, parameters))
        options.say_remarks(desk.evidence)
        desk.ready()
    with options.working("Compiling the model for this machine, which later starts find done"):
        desk.warm()
    hosts = ("127.0.0.1", "localhost", "::1", "[::1]") if host in _LOCAL else ("*",)
    shown = f"[{host}]" if ":" in host else host
    if host not in _LOCAL:
        say(f"warning: {host} can be reached from other machines; the explorer has no passwords")
    app = create_app(desk, hosts)
    say(f"Headway explorer at http://{shown}:{listener.getsockname()[1]}/ (Ctrl-C stops it)")
    _run(app, listener)
    say("stopped")
    if not (app.state.workers.ended() and app.state.readers.ended()):
        # A computation cannot be torn from its thread: leave without waiting for it.
        sys.stderr.flush()
        os._exit(0)


def listening(host: str, port: int) -> socket.socket:
    """A socket bound to the address.

    Raises:
        InputError: no such address here, or somebody else listens there.
    """
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        raise InputError(f"cannot listen on {host}, port {port}: {error.strerror or error}; try --port 0") from error
    return listener


def _run(app: FastAPI, listener: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM. Both are the way to stop a server, so neither is passed on as an interruption."""
    import uvicorn

    from headway.explorer.connection import PunctualProtocol

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: object) -> None:
            self.force_exit = self.should_exit
            self.should_exit = app.state.stopping = True

    config = uvicorn.Config(
        app, log_level="warning", timeout_graceful_shutdown=_GRACE, limit_concurrency=500, http=PunctualProtocol,
        server_header=False, access_log=False, timeout_keep_alive=30,
    )  # fmt: skip
    Server(config).run(sockets=[listener])

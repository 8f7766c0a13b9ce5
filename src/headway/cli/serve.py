"""`headway serve`: the explorer, a web page on this machine."""

from __future__ import annotations

import os
import re
import secrets
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.cli import options
from headway.cli.common import say
from headway.cli.options import AcceptOutliers, Map, Parameters, Posterior, User
from headway.core.errors import InputError

if TYPE_CHECKING:
    from fastapi import FastAPI

Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")]
Since = Annotated[
    Path | None,
    typer.Option("--since", metavar="EDITION", help="The first page says which headlines changed since this one."),
]
Host = Annotated[str, typer.Option("--host", help="Address to listen on; by default this machine only.")]
Token = Annotated[
    str | None,
    typer.Option("--token", metavar="TEXT", envvar="HEADWAY_TOKEN", help="What every request has to bring; with "
                 "--host one is made where none is given."),
]  # fmt: skip
Public = Annotated[bool, typer.Option("--public", help="Ask for no token with --host: whoever reaches it may ask.")]

_LOCAL = ("127.0.0.1", "localhost", "::1")
_NEEDED = {"fastapi", "starlette", "uvicorn"}
_GRACE = 3  # seconds that a stopping server gives the answers under way


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(
    port: Port = 8321,
    host: Host = "127.0.0.1",
    token: Token = None,
    public: Public = False,
    evidence: User = None,
    mapping: Map = None,
    accept_outliers: AcceptOutliers = False,
    posterior: Posterior = None,
    parameters: Parameters = None,
    since: Since = None,
) -> None:
    """Serve the explorer: every view, its data and its charts, for a browser on this machine.

    Stop it with Ctrl-C. The API is described at /openapi.json.
    """
    here = host in _LOCAL
    token = token_of(token, here=here, public=public)
    listener = listening(host, port)
    try:
        from headway.explorer.app import create_app
        from headway.explorer.reading import ReadingProcess
    except ModuleNotFoundError as error:
        if error.name not in _NEEDED:
            raise
        raise InputError("the explorer needs FastAPI and uvicorn: pip install 'headway[serve]'") from error

    from headway.brief.edition import read
    from headway.explorer.session import ExplorerSession

    earlier = read(since) if since else None

    with options.working("Reading the evidence"):
        own = options.own_files(evidence, mapping, accept_outliers, posterior, parameters)
        desk = ExplorerSession(own, since=earlier)
        options.say_remarks(desk.evidence)
        desk.ready()
    with options.working("Compiling the model for this machine, which later starts find done"):
        desk.warm()
    hosts = ("127.0.0.1", "localhost", "::1", "[::1]") if here else ("*",)
    shown = f"[{host}]" if ":" in host else host
    if not here:
        say(f"warning: {host} can be reached from other machines; nothing that is sent is encrypted")
    reads = ReadingProcess(own)
    app = create_app(desk, hosts, reads=reads, others=not here, token=token)
    asked = f"?token={token}" if token else ""
    say(f"Headway explorer at http://{shown}:{listener.getsockname()[1]}/{asked} (Ctrl-C stops it)")
    _run(app, listener)
    reads.close()
    say("stopped")
    if not (app.state.workers.ended() and app.state.readers.ended()):
        # A computation cannot be torn from its thread: leave without waiting for it.
        sys.stderr.flush()
        os._exit(0)


def token_of(given: str | None, *, here: bool, public: bool) -> str | None:
    """The token of a server: the one given, or a new one where other machines can reach it and nobody said `--public`.

    Raises:
        InputError: a token that an address or a header could not hold, or one together with `--public`.
    """
    if given is not None and public:
        raise InputError("--public asks for no token, and --token for one: give one of them")
    if given is not None and not re.fullmatch(r"[A-Za-z0-9._~-]{8,200}", given):
        raise InputError("--token: give 8 to 200 letters, digits or any of . _ ~ -")
    return secrets.token_urlsafe(24) if given is None and not here and not public else given


def listening(host: str, port: int) -> socket.socket:
    """A socket bound to the address.

    Raises:
        InputError: no such address here, or somebody else listens there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Only of a socket that names its protocol does asyncio have each write sent at once; else answers wait 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
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

"""`headway serve`: the explorer, a web page on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headway.cli.common import say
from headway.errors import InputError

Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; 0 takes a free one.")]
Host = Annotated[str, typer.Option("--host", help="Address to listen on; by default this machine only.")]
User = Annotated[list[Path] | None, typer.Option("--evidence", metavar="FILE", help="Your own table (.csv) or groups.")]

_LOCAL = ("127.0.0.1", "localhost", "::1")


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(port: Port = 8321, host: Host = "127.0.0.1", evidence: User = None) -> None:
    """Serve the explorer: every view, its data and its charts, for a browser on this machine.

    Stop it with Ctrl-C. The API is described at /openapi.json.
    """
    try:
        import uvicorn

        from headway.explorer.app import create_app
    except ImportError as error:
        raise InputError("the explorer needs FastAPI and uvicorn: pip install 'headway[serve]'") from error
    import socket

    from headway.cli import asked
    from headway.explorer.desk import Desk

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        raise InputError(f"cannot listen on {host}, port {port}: {error.strerror or error}; try --port 0") from error
    with asked.working("Reading the evidence"):
        desk = Desk(evidence or ())
    hosts = ("127.0.0.1", "localhost", "::1", "[::1]") if host in _LOCAL else ("*",)
    shown = f"[{host}]" if ":" in host else host
    if host not in _LOCAL:
        say(f"warning: {host} can be reached from other machines; the explorer has no passwords")
    say(f"Headway explorer at http://{shown}:{listener.getsockname()[1]}/ (Ctrl-C stops it)")
    config = uvicorn.Config(
        create_app(desk, hosts), log_level="warning", timeout_graceful_shutdown=3, limit_concurrency=200,
        server_header=False, access_log=False,
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listener])

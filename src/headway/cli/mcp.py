"""`headway mcp`: tools for language models, over standard input and output or HTTP on this machine."""

from __future__ import annotations

from typing import Annotated

import typer

from headway.cli.common import say
from headway.cli.options import AcceptOutliers, Map, Parameters, Posterior, User, own_files
from headway.core.errors import InputError

Http = Annotated[
    int | None,
    typer.Option("--http", metavar="PORT", min=0, max=65535, help="Serve HTTP on this machine only; 0: a free port."),
]

_NEEDED = {"mcp", "mcp_types"}


def register(app: typer.Typer) -> None:
    app.command("mcp")(mcp)


def mcp(
    http: Http = None, evidence: User = None, mapping: Map = None, accept_outliers: AcceptOutliers = False,
    posterior: Posterior = None, parameters: Parameters = None,
) -> None:  # fmt: skip
    """Serve Headway's tools to a language model by the Model Context Protocol, over standard input and output.

    A client starts this command by itself; docs/agents.md says how to tell it. Nothing but the protocol is printed.
    No file of yours is read but those that you name.
    """
    try:
        from headway.mcp import server as serving
    except ModuleNotFoundError as error:
        if error.name not in _NEEDED:
            raise
        raise InputError("the tools need the Model Context Protocol: pip install 'headway[mcp]'") from error
    import asyncio

    from headway.mcp.session import McpSession

    session = McpSession(own_files(evidence, mapping, accept_outliers, posterior, parameters))
    session.evidence(None)  # a file that cannot be used is told now, not to the model
    server, tools = serving.build_server(session)
    if http is None:
        asyncio.run(serving.serve_stdio(server))
    else:
        from headway.cli.serve import listening

        listener = listening("127.0.0.1", http)
        say(f"Headway tools at http://127.0.0.1:{listener.getsockname()[1]}/mcp (Ctrl-C stops it)")
        serving.serve_http(server, listener)
    tools.workers.close(0.0)

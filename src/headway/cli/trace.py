"""`headway trace`: one finding made again, and the chain from it down to publisher and address."""

from __future__ import annotations

from typing import Annotated

import typer

from headway.cli import options
from headway.cli.options import AcceptOutliers, Json, Map, Parameters, Posterior, Recompute, Scenario, Seed, User

Identifier = Annotated[str, typer.Argument(metavar="FINDING_ID", help="As printed: RUS:gap.training_compute:USA@…")]


def register(app: typer.Typer) -> None:
    app.command("trace")(trace)


def trace(
    finding: Identifier,
    evidence: User = None,
    mapping: Map = None,
    accept_outliers: AcceptOutliers = False,
    posterior: Posterior = None,
    parameters: Parameters = None,
    scenario: Scenario = None,
    seed: Seed = 0,
    recompute: Recompute = False,
    json: Json = False,
) -> None:
    """Print a finding by its id and what it rests on, down to publisher, address and licence."""
    from headway.brief import trace as chains
    from headway.cli.common import console, print_json
    from headway.findings import FindingId

    identifier = FindingId.parse(finding)
    own = options.own_files(evidence, mapping, accept_outliers, posterior, parameters)
    with options.working("Tracing"):
        chain = chains.trace(
            identifier,
            chains.context_of(identifier, own, scenario, seed),
            recompute=recompute,
        )
    if json:
        print_json(chains.document(chain))
    else:
        screen = console()
        screen.width = screen.width if screen.is_terminal else 100
        screen.print(chains.tree(chain), soft_wrap=False)

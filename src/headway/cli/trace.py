"""`headway trace`: one finding made again, and the chain from it down to publisher and address."""

from __future__ import annotations

from typing import Annotated

import typer

from headway.cli.asked import AcceptOutliers, Map, Recompute, User
from headway.core.limits import MOST_SEED

Identifier = Annotated[str, typer.Argument(metavar="FINDING_ID", help="As printed: RUS:gap.training_compute:USA@…")]
Scenario = Annotated[str | None, typer.Option("--scenario", metavar="FILE", help="The user's own scenario.")]
Seed = Annotated[int, typer.Option("--seed", min=0, max=MOST_SEED, help="Seed of all draws, as given to the brief.")]
Json = Annotated[bool, typer.Option("--json", help="The whole chain as JSON.")]


def register(app: typer.Typer) -> None:
    app.command("trace")(trace)


def trace(
    finding: Identifier,
    evidence: User = None,
    mapping: Map = None,
    accept_outliers: AcceptOutliers = False,
    scenario: Scenario = None,
    seed: Seed = 0,
    recompute: Recompute = False,
    json: Json = False,
) -> None:
    """Print a finding by its id and what it rests on, down to publisher, address and licence."""
    from headway.brief import trace as chains
    from headway.cli import asked
    from headway.cli.common import console, print_json
    from headway.findings import FindingId

    identifier = FindingId.parse(finding)
    with asked.working("Tracing"):
        chain = chains.trace(
            identifier,
            chains.context_of(identifier, asked.own_files(evidence, mapping, accept_outliers), scenario, seed),
            recompute=recompute,
        )
    if json:
        print_json(chains.document(chain))
    else:
        screen = console()
        screen.width = screen.width if screen.is_terminal else 100
        screen.print(chains.tree(chain), soft_wrap=False)

"""`headway trace`: one finding made again, and the chain from it down to publisher and address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from headway.cli import options
from headway.cli.options import AcceptOutliers, Json, Map, Parameters, Posterior, Recompute, Scenario, Seed, User

if TYPE_CHECKING:
    from rich.console import Console

Identifier = Annotated[
    str, typer.Argument(metavar="ID", help="As printed: RUS:gap.training_compute:USA@…; of a typed row: RUS-04.")
]


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
    """Print a finding by its id and what it rests on, down to publisher, address and licence.

    Or one fact by its id; that of a typed statement may be as its table has it (docs/curated.md).
    """
    from headway.brief import trace as chains
    from headway.cli.common import print_json
    from headway.findings import FindingId

    own = options.own_files(evidence, mapping, accept_outliers, posterior, parameters)
    if "@" not in finding and (facts := chains.facts_named(finding.strip(), options.evidence_on(None, own))):
        if json:
            print_json(chains.facts_document(facts))
        for fact in () if json else facts:
            _screen().print(chains.fact_tree(fact), soft_wrap=False)
        return
    identifier = FindingId.parse(finding)
    with options.working("Tracing"):
        chain = chains.trace(
            identifier,
            chains.context_of(identifier, own, scenario, seed),
            recompute=recompute,
        )
    if json:
        print_json(chains.document(chain))
    else:
        _screen().print(chains.tree(chain), soft_wrap=False)


def _screen() -> Console:
    """Console of the terminal; where output goes elsewhere it is 100 columns wide."""
    from headway.cli.common import console

    screen = console()
    screen.width = screen.width if screen.is_terminal else 100
    return screen

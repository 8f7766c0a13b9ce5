"""`headway trace`: one finding made again, and the chain from it down to publisher and address."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.core.errors import InputError
from headway.core.limits import MOST_SEED

if TYPE_CHECKING:
    from headway.evidence import Evidence
    from headway.findings import FindingId

Identifier = Annotated[str, typer.Argument(metavar="FINDING_ID", help="As printed: RUS:gap.training_compute:USA@…")]
User = Annotated[
    list[Path] | None, typer.Option("--evidence", metavar="FILE", help="The user's own files that took part, in order.")
]
Scenario = Annotated[str | None, typer.Option("--scenario", metavar="FILE", help="The user's own scenario.")]
Seed = Annotated[int, typer.Option("--seed", min=0, max=MOST_SEED, help="Seed of all draws, as given to the brief.")]
Json = Annotated[bool, typer.Option("--json", help="The whole chain as JSON.")]


def register(app: typer.Typer) -> None:
    app.command("trace")(trace)


def trace(
    finding: Identifier, evidence: User = None, scenario: Scenario = None, seed: Seed = 0, json: Json = False
) -> None:
    """Make a finding again from its id and print what it rests on, down to publisher, address and licence."""
    from headway.brief import trace as chains
    from headway.cli import asked
    from headway.cli.common import console, print_json
    from headway.findings import FindingId

    identifier = FindingId.parse(finding)
    with asked.working("Tracing"):
        known = asked.evidence_on(identifier.as_of, evidence or ())
        _same_evidence(identifier, known)
        context = asked.context(known, identifier.country, (), _scenario(identifier, scenario), seed)
        chain = chains.trace(identifier, context)
    if json:
        print_json(chains.document(chain))
    else:
        screen = console()
        screen.width = screen.width if screen.is_terminal else 100
        screen.print(chains.tree(chain), soft_wrap=False)


def _same_evidence(identifier: FindingId, known: Evidence) -> None:
    if identifier.user == known.user_hash:
        return
    if identifier.user is None:
        raise InputError(f"{identifier} was made without evidence of your own: leave --evidence away")
    if known.user_hash is None:
        raise InputError(
            f"{identifier} was made with evidence of your own (+{identifier.user}): give it with --evidence FILE"
        )
    raise InputError(
        f"the files given have the hash {known.user_hash}, but {identifier} was made with {identifier.user}: "
        "give the same files, unchanged and in the same order"
    )


def _scenario(identifier: FindingId, given: str | None) -> str | None:
    from headway.findings.recipe import scenario_name

    if given is not None and scenario_name(given) != identifier.scenario:
        raise InputError(
            f"--scenario {given} is not the scenario of {identifier} ({identifier.scenario or 'baseline'})"
        )
    if given is None and identifier.scenario is not None:
        from headway.scenarios.scenario import shipped

        if identifier.scenario not in shipped():
            raise InputError(f"{identifier} was made with a scenario of your own: give it with --scenario FILE")
    return given or identifier.scenario

"""`headway parameters` and `headway scenarios`: what the model supposes, with its sources."""

from __future__ import annotations

from typing import Annotated

import typer

from headway.cli.common import TableFormat, emit_table, print_json
from headway.cli.options import Force, Format, Json, Out, Parameters

Tier = Annotated[str | None, typer.Option("--tier", help="Only one tier: fit, prior or scenario.")]
Name = Annotated[str | None, typer.Argument(help="Print one scenario in full: a name or a YAML file.")]


def register(app: typer.Typer) -> None:
    app.command("parameters")(parameters)
    app.command("scenarios")(scenarios)


def parameters(
    own: Parameters = None, tier: Tier = None, shape: Format = TableFormat.TABLE, json: Json = False, out: Out = None,
    force: Force = False,
) -> None:  # fmt: skip
    """Every uncertain number of the model: unit, distribution, tier, and where it comes from."""
    from headway.core.errors import InputError
    from headway.scenarios.own_parameters import with_own
    from headway.scenarios.registry import registry
    from headway.scenarios.tables import parameter_table

    table = parameter_table(with_own(registry(), own) if own else registry())
    if tier is not None:
        if tier not in set(table["tier"]):
            raise InputError(f"--tier {tier}: it is fit, prior or scenario")
        table = table[table["tier"] == tier]
    shape = TableFormat.JSON if json else shape
    if shape is TableFormat.TABLE and out is None:
        table = table[["key", "symbol", "unit", "tier", "distribution", "source"]]
    emit_table(table, shape, name="parameters", out=out, force=force, title="Parameters of the model")


def scenarios(
    name: Annotated[str | None, typer.Argument(help="Print one scenario in full.")] = None, json: Json = False
) -> None:
    """The scenarios that ship, or one of them (or of a file) with all that it extends."""
    from headway.scenarios import scenario
    from headway.scenarios.tables import scenario_table

    if name is None:
        emit_table(
            scenario_table(), TableFormat.JSON if json else TableFormat.TABLE, name="scenarios", title="Scenarios"
        )
        return
    chain = scenario.load(name)
    if json:
        print_json({"scenario": [part.model_dump(mode="json", exclude_defaults=True, by_alias=True) for part in chain]})
        return
    for part in chain:
        typer.echo(scenario.find(part.scenario if part.scenario in scenario.shipped() else name).read_text("utf-8"))

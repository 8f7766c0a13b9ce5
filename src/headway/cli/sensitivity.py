"""`headway sensitivity`: what the gap between two countries, and its causes, hang on."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from importlib.util import find_spec
from typing import Annotated

import typer

from headway.cli import options
from headway.cli.common import TableFormat, emit_table, say
from headway.cli.options import (
    AcceptOutliers,
    AsOf,
    At,
    Force,
    Format,
    Map,
    Merge,
    OneCountry,
    Out,
    Parameters,
    PartOf,
    Posterior,
    Rival,
    Scenario,
    Scheduler,
    Seed,
    Store,
    User,
)
from headway.core.errors import InputError
from headway.core.limits import MOST_DRAWS


class Method(StrEnum):
    """Two methods for the prior, two that stay valid where draws are correlated."""

    MORRIS = "morris"
    SOBOL = "sobol"
    PAWN = "pawn"
    DELTA = "delta"


_SAMPLES = {Method.MORRIS: 64, Method.SOBOL: 256, Method.PAWN: 1024, Method.DELTA: 1024}
_SCORE = {Method.MORRIS: "effect", Method.SOBOL: "total", Method.PAWN: "index", Method.DELTA: "index"}
_INDEPENDENT = "independent draws from the prior, without the registry's correlations"

Chosen = Annotated[Method, typer.Option("--method", help="morris, sobol: on the prior. pawn, delta: on the posterior.")]
ByTier = Annotated[
    bool, typer.Option("--by-tier", help="Morris and Sobol: whole tiers (fit, prior, scenario) as groups.")
]
Samples = Annotated[
    int | None, typer.Option("--samples", min=2, max=MOST_DRAWS, help="Base samples, trajectories or draws.")
]
Output = Annotated[str | None, typer.Option("--output", metavar="NAME", help="Only this output; else all of them.")]
Top = Annotated[int | None, typer.Option("--top", min=1, help="Only the first rows of each output.")]


def register(app: typer.Typer) -> None:
    app.command("sensitivity")(sensitivity)


def sensitivity(
    country: OneCountry, against: Rival = None, at: At = None, method: Chosen = Method.PAWN, by_tier: ByTier = False,
    samples: Samples = None, output: Output = None, top: Top = None, scenario: Scenario = None,
    as_of: AsOf = None, evidence: User = None, mapping: Map = None, accept_outliers: AcceptOutliers = False,
    posterior: Posterior = None, parameters: Parameters = None,
    part: PartOf = None, store: Store = None, merge: Merge = False, scheduler: Scheduler = None,
    shape: Format = TableFormat.TABLE, out: Out = None, seed: Seed = 0,
    force: Force = False,
) -> None:  # fmt: skip
    """Uncertain numbers that a gap depends on most, for all its scales at once, each with its tier.

    Machines share one question by --part K/N and one --store FOLDER, or by --scheduler.
    """
    from headway.core.files import refuse_early
    from headway.ensemble.pieces import gathered
    from headway.explain.sensitivity.ask import SensitivityQuestion
    from headway.findings.rivals import leaders
    from headway.inference.posterior import chosen_for

    shared = options.sharing(store, part, scheduler, merge)
    refuse_early(out, force=force)
    if find_spec("SALib") is None:
        raise InputError("headway sensitivity needs SALib; install it with: pip install 'headway[strategy]'")
    question = SensitivityQuestion(
        method.value, samples or _SAMPLES[method], at, scenario or "baseline", seed, by_tier=by_tier, output=output
    )
    own = options.own_files(evidence, mapping, accept_outliers, posterior, parameters)
    with options.working("Reading the evidence"):
        known = options.evidence_on(as_of, own)
        context = options.context(known, country, [against] if against else (), scenario, seed)
    rival = (context.against or leaders(context))[0]
    fit = chosen_for(known) if question.correlated else None
    source = "prior: no posterior ships for this date" if fit is None else "posterior"
    say(f"draws from the {source}" if question.correlated else _INDEPENDENT)
    with options.sharing_pieces(f"{question.samples} samples") as progress:
        gather = partial(gathered, sharing=shared, progress=progress)
        table = question.answer(known, (context.country, rival), fit, gather)
    table = table.sort_values(["output", _SCORE[method]], ascending=[True, False], kind="stable")
    if top is not None:
        table = table.groupby("output", sort=False).head(top)
    emit_table(table, shape, name="sensitivity", out=out, force=force, title=f"{context.country} against {rival}")

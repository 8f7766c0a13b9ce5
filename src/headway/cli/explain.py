"""`headway explain`: why a country stands where it does against another one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headway.cli import options
from headway.cli.common import console, print_json, say
from headway.cli.options import (
    AcceptOutliers,
    AsOf,
    At,
    Force,
    Json,
    Map,
    OneCountry,
    Parameters,
    Posterior,
    Prior,
    Rival,
    Scenario,
    Seed,
    Svg,
    User,
)
from headway.core.limits import MOST_DRAWS

if TYPE_CHECKING:
    from headway.explain.attribution import Attribution
    from headway.findings import Context, Finding

_UNITS = {"months": "months", "eci": "ECI points", "oom": "OOM", "compute_share": "% of world compute"}
_PLACES = {"months": 1, "eci": 1, "compute_share": 0}

Since = Annotated[str | None, typer.Option("--since", metavar="QUARTER", help="Also say why the gap moved since then.")]
Draws = Annotated[int, typer.Option("--draws", min=20, max=MOST_DRAWS, help="Draws; more make intervals steadier.")]
CausesFile = Annotated[Path | None, typer.Option("--causes", metavar="FILE", help="Your own causes (.yaml).")]


def register(app: typer.Typer) -> None:
    app.command("explain")(explain)


def explain(
    country: OneCountry, against: Rival = None, at: At = None, since: Since = None, draws: Draws = 256,
    svg: Svg = None, causes: CausesFile = None, scenario: Scenario = None, prior: Prior = False, as_of: AsOf = None,
    evidence: User = None, mapping: Map = None, accept_outliers: AcceptOutliers = False,
    posterior: Posterior = None, parameters: Parameters = None,
    json: Json = False, seed: Seed = 0, force: Force = False,
) -> None:  # fmt: skip
    """Split a gap over its causes: what is due to size, spending, controls, talent, resources, openness."""
    from headway.core.files import refuse_early, write_atomically
    from headway.explain.answer import explain_gap
    from headway.explain.causes import read_causes
    from headway.inference.posterior import chosen_for

    refuse_early(svg, force=force)
    if causes is not None:
        read_causes(causes)  # a fault in it is told before the evidence is read
    own = options.own_files(evidence, mapping, accept_outliers, posterior, parameters)
    with options.working("Reading the evidence"):
        known = options.evidence_on(as_of, own)
        context = options.context(known, country, [against] if against else (), scenario, seed)
    with options.progress_bar("Counterfactual runs", draws) as progress:
        answer = explain_gap(
            context,
            at=at,
            since=since,
            draws=draws,
            causes_file=causes,
            fit=None if prior else chosen_for(known),
            progress=progress,
        )
    found, told = answer.attribution, list(answer.findings)
    say(
        f"{found.draws:,} draws from the {answer.source}"
        + (f"; {found.failed} failed and are left out" if found.failed else "")
    )
    if json:
        _print_json(context, found, told)
    else:
        _print(found, told)
    if svg is not None:
        from headway.charts import drawing

        write_atomically(svg, drawing(told[0], background="#ffffff"), force=force)
        say(f"wrote {svg}")


def _print_json(context: Context, found: Attribution, told: list[Finding]) -> None:
    from headway.brief.document import record

    print_json(
        {
            "country": found.subject,
            "against": found.rival,
            "as_of": context.as_of.isoformat(),
            "dates": list(found.dates),
            "draws": found.draws,
            "failed": found.failed,
            "recipe": dict(found.recipe),
            "fixed_world_error": {
                metric: {"typical": e.typical, "largest": e.largest, "unit": _UNITS[metric], "draws": e.draws}
                for metric, e in found.errors.items()
            },
            "findings": [record(finding) for finding in told],
        }
    )


def _print(found: Attribution, told: list[Finding]) -> None:
    from headway.core import wording

    screen = console(None if sys.stdout.isatty() else 120)
    headline, *others = told
    screen.print(headline.sentence)
    _print_causes(screen, headline)
    for finding in others:
        if finding.quantity.startswith(("change", "competing")):
            screen.print(finding.sentence)
            screen.print()
    error = found.errors["months"]
    typical, largest = wording.number(error.typical, 2), wording.number(abs(error.largest), 2)
    screen.print(
        f"Holding the rest of the world costs {typical} months on average over {error.coalitions} counterfactuals that "
        f"were also run in full, at most {largest}."
    )
    screen.print(headline.caveat)


def _print_causes(screen: Any, headline: Finding) -> None:
    """One row per cause, with intervals; `--json` has orders of magnitude as well."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("mean (90% interval)")
    for unit in (*(_UNITS[metric] for metric in _PLACES), "months if taken away alone"):
        table.add_column(unit, justify="right")
    for row in headline.table:
        cells = [
            _cell(row[metric], row[f"{metric}_low"], row[f"{metric}_high"], places)
            for metric, places in _PLACES.items()
        ]
        alone = row["months_alone"]
        table.add_row(row["cause"], *cells, "" if alone is None else _fixed(-alone, 1))
    screen.print(table)


def _cell(value: float, low: float, high: float, places: int) -> str:
    ends = [_fixed(end, places) for end in (low, high)]
    return _fixed(value, places) if ends[0] == ends[1] else f"{_fixed(value, places)} ({' to '.join(ends)})"


def _fixed(value: float, places: int) -> str:
    """A fixed number of decimals, a true minus sign, and no minus nothing."""
    return f"{round(value, places) + 0.0:.{places}f}".replace("-", "−")

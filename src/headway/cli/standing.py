"""`headway standing`: robust ranks of all countries, by size or by intensity, in one domain or in all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from headway.cli.common import TableFormat, emit_table, print_json, say
from headway.core.errors import InputError

if TYPE_CHECKING:
    from headway.standing.evidence_table import View as Kind
    from headway.standing.view import RobustStanding

Domain = Annotated[str | None, typer.Option("--domain", help="One domain, such as compute; all of them by default.")]
Top = Annotated[int, typer.Option("--top", min=1, help="How many countries to print.")]
View = Annotated[str, typer.Option("--view", help="scale (size) or intensity (per head); they are never blended.")]
AsOf = Annotated[
    dt.datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="As known on this day.")
]
User = Annotated[list[Path] | None, typer.Option("--evidence", metavar="FILE", help="Your own table (.csv).")]
Json = Annotated[bool, typer.Option("--json", help="JSON on stdout; the same as --format json.")]
Shape = Annotated[TableFormat, typer.Option("--format", help="Shape of the table.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write to this file instead of stdout.")]
Force = Annotated[bool, typer.Option("--force", help="Replace an existing file.")]


def register(app: typer.Typer) -> None:
    app.command("standing")(standing)


def standing(
    domain: Domain = None, top: Top = 30, view: View = "scale", as_of: AsOf = None, evidence: User = None,
    json: Json = False, shape: Shape = TableFormat.TABLE, out: Out = None, force: Force = False,
) -> None:  # fmt: skip
    """Which place each country takes, with its interval over alternative rankings."""
    from headway.core.numbers import LEVEL
    from headway.evidence import open_evidence
    from headway.standing.evidence_table import VIEWS
    from headway.standing.view import robust_standing

    if view not in VIEWS:
        raise InputError(f"--view {view}: it is {' or '.join(VIEWS)}")
    store = open_evidence(as_of.date() if as_of else None, evidence or ())
    kind: Kind = "scale" if view == "scale" else "intensity"
    made = robust_standing(store, kind)
    node = _node(made, domain, view)
    rows = _rows(made, node)
    words = f"{made.title(node, kind)}, as known on {store.as_of}"
    if json:
        record = {
            "as_of": str(store.as_of),
            "view": view,
            "node": node,
            "level": LEVEL,
            "countries": len(rows),
            "alternatives": len(made.ensembles[node].scores),
            "specification": made.spec.hash,
            "indicators": list(made.spec.tree.under(node)),
            "absent": list(made.data.absent),
            "standing": rows[:top],
        }
        print_json(record)
        return
    import pandas as pd

    emit_table(pd.DataFrame(rows[:top]), shape, name="standing", out=out, force=force, title=words)
    say(
        f"{len(rows)} countries with data. Ranks: median and 90% interval over {len(made.ensembles[node].scores)} "
        "alternative weights, methods, errors, ages and imputations."
    )
    if made.data.absent:
        say(f"Not in the evidence for enough countries: {', '.join(made.data.absent)}.")


def _node(made: RobustStanding, domain: str | None, view: str) -> str:
    if domain is None:
        return made.root
    if domain not in made.domains:
        raise InputError(f"--domain {domain}: by {view} there are {', '.join(made.domains)}")
    return domain


def _rows(made: RobustStanding, node: str) -> list[dict[str, Any]]:
    """Ranked countries, best first."""
    from headway.standing.view import place

    ensemble, stats = made.ensembles[node], made.stats[node]
    ranked = (i for i in range(len(ensemble.units)) if stats.ranked[i] >= 0.5)
    order = sorted(ranked, key=lambda i: (stats.median[i], stats.mean[i]))
    rows = []
    for i in order:
        unit = ensemble.units[i]
        found = place(ensemble, unit, stats)
        if found is None:
            continue
        known, of = made.known(unit, node)
        rows.append(
            {
                "code": unit,
                "country": made.data.table.name(unit),
                "rank": found.rank,
                "low": found.low,
                "high": found.high,
                "p_top_10": round(found.top10, 3),
                "indicators": f"{known} of {of}",
            }
        )
    return rows

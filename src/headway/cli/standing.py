"""`headway standing`: robust ranks of countries by size, by intensity or at the frontier, in one domain or in all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.cli.asked import AcceptOutliers, Map, User
from headway.cli.common import TableFormat, emit_table, print_json, say

if TYPE_CHECKING:
    from headway.standing.view import RobustStanding

Domain = Annotated[str | None, typer.Option("--domain", help="One domain, such as compute; all of them by default.")]
Top = Annotated[int, typer.Option("--top", min=1, help="How many countries to print.")]
View = Annotated[str, typer.Option("--view", help="scale (size), intensity (per head) or frontier (the best).")]
AsOf = Annotated[
    dt.datetime | None, typer.Option("--as-of", formats=["%Y-%m-%d"], metavar="DATE", help="As known on this day.")
]
Json = Annotated[bool, typer.Option("--json", help="JSON on stdout; the same as --format json.")]
Shape = Annotated[TableFormat, typer.Option("--format", help="Shape of the table.")]
Out = Annotated[Path | None, typer.Option("--out", help="Write to this file instead of stdout.")]
Force = Annotated[bool, typer.Option("--force", help="Replace an existing file.")]


def register(app: typer.Typer) -> None:
    app.command("standing")(standing)


def standing(
    domain: Domain = None, top: Top = 30, view: View = "scale", as_of: AsOf = None,
    evidence: User = None, mapping: Map = None, accept_outliers: AcceptOutliers = False,
    json: Json = False, shape: Shape = TableFormat.TABLE, out: Out = None, force: Force = False,
) -> None:  # fmt: skip
    """Which place each country takes, with its interval over alternative rankings."""
    from headway.cli import asked
    from headway.core.numbers import LEVEL
    from headway.evidence import open_evidence
    from headway.standing.view import ranking, robust_standing, view_named

    kind = view_named(view)
    store = open_evidence(as_of.date() if as_of else None, asked.own_files(evidence, mapping, accept_outliers))
    asked.say_remarks(store)
    made = robust_standing(store, kind)
    node = made.node(domain, kind)
    rows = ranking(made, node)
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
            "unranked": made.unranked if node == made.root else {},
        }
        print_json(record)
        return
    import pandas as pd

    frame = pd.DataFrame(rows[:top]).rename(columns={"rank": "typical"})
    emit_table(frame, shape, name="standing", out=out, force=force, title=words)
    say(
        f"{len(rows)} countries with a place. Tier: cannot be told apart from its first. Place: by the scores of the "
        f"baseline. Typical, low and high: median and 90% interval over {len(made.ensembles[node].scores)} alternative "
        "weights, methods, errors, ages and assumptions on what is missing."
    )
    if made.data.absent:
        say(f"Not in the evidence for enough countries: {', '.join(made.data.absent)}.")
    if node == made.root and made.unranked:
        say(_unranked(made))


def _unranked(made: RobustStanding) -> str:
    """Countries without a place, grouped by reason."""
    by_reason: dict[str, list[str]] = {}
    for unit, reason in made.unranked.items():
        by_reason.setdefault(reason, []).append(made.data.table.name(unit))
    listed = [f"{_some(names)} ({reason})" for reason, names in sorted(by_reason.items())]
    return f"Not ranked: {'; '.join(listed)}. `--json` names all."


def _some(names: list[str], most: int = 8) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")

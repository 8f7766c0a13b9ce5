"""`headway standing`: robust ranks of countries by size, by intensity or at the frontier, in one domain or in all."""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.cli import options
from headway.cli.common import SentenceGroup, TableFormat, emit_table, print_json, say
from headway.cli.options import AcceptOutliers, AsOf, Force, Format, Json, Map, Out, User
from headway.core.errors import InputError

if TYPE_CHECKING:
    from headway.evidence import Evidence
    from headway.standing.compare import Convergence
    from headway.standing.view import RobustStanding

Domain = Annotated[str | None, typer.Option("--domain", help="One domain, such as compute; all of them by default.")]
Top = Annotated[int, typer.Option("--top", min=1, help="How many countries to print.")]
View = Annotated[str, typer.Option("--view", help="scale (size), intensity (per head) or frontier (the best).")]


group = typer.Typer(cls=SentenceGroup, invoke_without_command=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="standing", help="Places of countries with their intervals; compare another ranking.")


@group.callback()
def standing(
    context: typer.Context, domain: Domain = None, top: Top = 30, view: View = "scale", as_of: AsOf = None,
    evidence: User = None, mapping: Map = None, accept_outliers: AcceptOutliers = False,
    json: Json = False, shape: Format = TableFormat.TABLE, out: Out = None, force: Force = False,
) -> None:  # fmt: skip
    """Place of each country, with its interval over alternative rankings."""
    if context.invoked_subcommand is not None:
        return
    from headway.core.numbers import LEVEL
    from headway.standing.view import ranking, robust_standing, view_named

    kind = view_named(view)
    store = options.evidence_on(as_of, options.own_files(evidence, mapping, accept_outliers))
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


@group.command()
def compare(
    other: Annotated[Path, typer.Argument(metavar="OTHER.csv", help="Countries with ranks or scores, CSV or .xlsx.")],
    view: View = "scale", domain: Domain = None, as_of: AsOf = None, evidence: User = None, mapping: Map = None,
    accept_outliers: AcceptOutliers = False,
    column: Annotated[str | None, typer.Option("--column", help="The column with ranks or scores.")] = None,
    ranks: Annotated[
        bool | None, typer.Option("--ranks/--scores", help="Less is better, or more; by the column's name by default.")
    ] = None,
    picture: Annotated[Path | None, typer.Option("--picture", help="Draw both rankings, .svg or .png.")] = None,
    force: Force = False, json: Json = False,
) -> None:  # fmt: skip
    """Agreement of another ranking of countries with the standing, and its largest disagreements with their reasons."""
    from headway.core.files import refuse_early
    from headway.core.numbers import LEVEL
    from headway.standing.compare import converge, read_ranking
    from headway.standing.view import ranking, robust_standing, view_named

    kind = view_named(view)
    if picture is not None:
        if picture.suffix.lower() not in {".svg", ".png"}:
            raise InputError(f"--picture {picture}: write .svg or .png")
        refuse_early(picture, force=force)
    store = options.evidence_on(as_of, options.own_files(evidence, mapping, accept_outliers))
    given = read_ranking(other, partial(_code_of, store), column, ranks)
    made = robust_standing(store, kind)
    node = made.node(domain, kind)
    found = converge(
        made.ensembles[node].study.nominal, given.values, node, [row["code"] for row in ranking(made, node)]
    )
    names = {unit: made.data.table.name(unit) for unit in found.units}
    if picture is not None:
        say(f"wrote {_drawn(found, names, made.title(node, kind), other, store.as_of, picture, force)}")
    rows = [
        {"country": names[d.unit], "here": d.ours, "other": d.other, "because": d.because} for d in found.disagreements
    ]
    if json:
        keys = ("value", "low", "high")
        record = {
            "as_of": str(store.as_of), "view": view, "node": node, "other": str(other), "column": given.column,
            "n": len(found.units), "level": LEVEL,
            "spearman": dict(zip(keys, found.spearman, strict=True)),
            "kendall": dict(zip(keys, found.kendall, strict=True)),
            "disagreements": rows, "only_here": list(found.only_ours), "only_other": list(found.only_other),
            "unknown": list(given.unknown),
        }  # fmt: skip
        print_json(record)
        return
    import pandas as pd

    emit_table(pd.DataFrame(rows), TableFormat.TABLE, name="disagreements", title="Largest differences of rank")
    for name, (value, low, high) in (("Spearman", found.spearman), ("Kendall", found.kendall)):
        say(f"{name} {value:.2f} (90% interval {low:.2f} to {high:.2f}), {len(found.units)} countries")
    say("Ranks are among the countries of both. Points: against the countries that stand here where the other puts it.")
    for words in given.remarks:
        say(words)
    if given.unknown:
        say(f"Not countries that are known: {_some(list(given.unknown))}.")


@group.command()
def audit(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The report, one page a step: .pdf or .html.")],
    view: View = "scale", as_of: AsOf = None, evidence: User = None, mapping: Map = None,
    accept_outliers: AcceptOutliers = False,
    links: Annotated[
        Path | None, typer.Option("--links", metavar="FILE", help="CSV or .xlsx: countries and further variables.")
    ] = None,
    force: Force = False,
) -> None:  # fmt: skip
    """Audit report of a view: what was chosen in each of ten steps, what the data say of it, with pictures."""
    from headway.cli.audits import refuse_report, write_report
    from headway.standing.build import build
    from headway.standing.evidence_table import standing_data
    from headway.standing.view import view_named

    kind = view_named(view)
    refuse_report(out, force=force)
    store = options.evidence_on(as_of, options.own_files(evidence, mapping, accept_outliers))
    data = standing_data(store, kind)
    made = write_report(
        build(data.spec, data.table), out, links, store.as_of, force=force, resolve=partial(_code_of, store)
    )
    say(f"wrote {made}")
    if data.absent:
        say(f"Not in the evidence for enough countries: {', '.join(data.absent)}.")


def _code_of(store: Evidence, name: str) -> str | None:
    """Code of a country as people write it; None where nobody is called so."""
    try:
        return store.resolve(name).code
    except InputError:
        return None


def _drawn(
    found: Convergence, names: dict[str, str], ours: str, other: Path, day: dt.date, to: Path, force: bool
) -> Path:
    """Path of the picture of two rankings, written."""
    from headway.charts import Caption, png, specification, svg
    from headway.core.files import write_atomically
    from headway.standing.compare import scatter

    made = scatter(found, names, ours, other.stem)
    drawn = specification(made, Caption(day, None, "Rankings that agree measure alike, which does not say what."))
    is_png = to.suffix.lower() == ".png"
    content = png(drawn) if is_png else svg(drawn, made.title, made.alternative, background="#fff")
    return write_atomically(to, content, force=force)

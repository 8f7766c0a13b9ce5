"""`headway answer`: what a page of the explorer says, by its address, without a server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from headway.cli import options
from headway.cli.common import TableFormat, emit_table, say
from headway.cli.options import AcceptOutliers, Force, Map, Parameters, Posterior, User
from headway.core.errors import InputError

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="As the page has it: '/world?view=intensity'.")]
File = Annotated[
    Path | None, typer.Option("--out", metavar="FILE", help="Write a .csv, .json, .parquet, .svg or .png instead.")
]
Chart = Annotated[str, typer.Option("--chart", help="Name of the chart in .svg and .png; the first by default.")]


def register(app: typer.Typer) -> None:
    app.command("answer")(answer)


def answer(
    address: Address, out: File = None, chart: Chart = "", evidence: User = None, mapping: Map = None,
    accept_outliers: AcceptOutliers = False, posterior: Posterior = None, parameters: Parameters = None,
    force: Force = False,
) -> None:  # fmt: skip
    """Answer of the explorer at an address: its sentence and first table, or the file that the page would give.

    An address has characters that a shell reads otherwise: put it into single quotes.
    """
    from headway.core.files import refuse_early, write_atomically
    from headway.explorer import ask
    from headway.explorer.session import ExplorerSession

    state = ask.state_of(address)
    shapes = {f".{shape}": shape for shape in ask.AnswerShape}
    if out is not None:
        if out.suffix.lower() not in shapes:
            raise InputError(f"--out {out}: write {', '.join(shapes)}")
        refuse_early(out, force=force)
    desk = ExplorerSession(options.own_files(evidence, mapping, accept_outliers, posterior, parameters))
    options.say_remarks(desk.evidence)
    with options.working("Answering"):
        found = ask.answer(state, desk)
        content = ask.content(found, state, shapes[out.suffix.lower()], desk, chart=chart) if out is not None else b""
    say(found.sentence)
    if out is not None:
        write_atomically(out, content, force=force)
        say(f"wrote {out}")
        return
    import pandas as pd

    for table in found.tables[:1]:
        frame = pd.DataFrame([{key: row.get(key) for key in table.columns} for row in table.rows])
        emit_table(frame.rename(columns=dict(table.columns)), TableFormat.TABLE, name=table.name, title=table.title)
    say(f"{found.source}. {found.made.note}." if found.source else f"{found.made.note}.")

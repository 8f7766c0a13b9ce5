"""`headway score`: anyone's forecasts on the points of the hindcast."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from headway.cli.common import console, print_json, say
from headway.cli.options import Json
from headway.core.errors import EvidenceError

Forecasts = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="CSV: origin, quarter, country, and mean and sd, or quantiles (q5, q50, q95), or sample (a row per draw).",
    ),
]


def register(app: typer.Typer) -> None:
    app.command("score")(score)


def score(file: Forecasts, json: Json = False) -> None:
    """Score your own forecasts of the best score so far beside Headway's and the naive ones, on the same points."""
    from headway.inference.league import league, read_forecasts
    from headway.inference.record import stored

    record = stored()
    if record is None:
        raise EvidenceError("no hindcast record ships; headway hindcast --out makes one")
    found = league(record, read_forecasts(file), file.stem)
    if json:
        print_json(found)
    else:
        _print(found, file.stem)


def _print(found: dict[str, Any], mine: str) -> None:
    from rich import box
    from rich.table import Table

    spans = tuple(found["by_horizon"])
    title = f"Forecasts of the best score so far on the {found['points']} points of {mine}, ECI points"
    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left")
    for heading in ("forecast", "CRPS", "MAE", "bias", "in 50%", "in 90%", *(f"CRPS {span} m" for span in spans)):
        table.add_column(heading, justify="left" if heading == "forecast" else "right", no_wrap=True)
    for name, row in sorted(found["summary"].items(), key=lambda item: item[1]["crps"]):
        table.add_row(
            f"{name} *" if name == mine else name,
            f"{row['crps']:.2f}", f"{row['mae']:.2f}", f"{row['bias']:+.2f}",
            *(f"{100 * row[f'coverage{level}']:.0f}%" for level in (50, 90)),
            *(f"{found['by_horizon'][span][name]['crps']:.2f}" for span in spans),
        )  # fmt: skip
    console(None if sys.stdout.isatty() else 120).print(table)
    say(f"* your file. The hindcast has {found['of']} points; naive forecasts have the spread that served them best.")

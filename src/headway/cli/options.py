"""Options that commands share, each in one place, and the user's own files that they name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Protocol

import typer

from headway.cli.common import TableFormat, one_day, say
from headway.core.limits import MOST_SEED
from headway.scenarios import question
from headway.scenarios.question import context as context
from headway.scenarios.question import split as split

if TYPE_CHECKING:
    from headway.ensemble.pieces import Sharing
    from headway.evidence import Evidence
    from headway.evidence.layout import OwnFiles

OneCountry = Annotated[str, typer.Argument(metavar="COUNTRY", help="ISO code or name.")]
Rival = Annotated[str | None, typer.Option("--against", metavar="COUNTRY", help="The rival; else the leader.")]
At = Annotated[str | None, typer.Option("--at", metavar="QUARTER", help="2025Q4 or 2025; else the last with scores.")]
AsOf = Annotated[
    dt.datetime | None, typer.Option("--as-of", parser=one_day, metavar="DATE", help="As known on this day.")
]
Scenario = Annotated[str | None, typer.Option("--scenario", metavar="NAME|FILE", help="A named scenario or your own.")]
Prior = Annotated[bool, typer.Option("--prior", help="Draw from the prior even where a posterior ships.")]
Seed = Annotated[int, typer.Option("--seed", min=0, max=MOST_SEED, help="Seed of all draws.")]
Json = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]
Format = Annotated[TableFormat, typer.Option("--format", help="table, json, csv or parquet.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write to this file instead of stdout.")]
Svg = Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Write the picture.")]
Force = Annotated[bool, typer.Option("--force", help="Replace existing files.")]
User = Annotated[
    list[Path] | None,
    typer.Option("--evidence", metavar="FILE", help="Your own table (.csv, .xlsx …) or settings (.toml, .yaml)."),
]
Map = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=COLUMN", help="Which column of your table holds what, joined by commas."),
]
AcceptOutliers = Annotated[
    bool, typer.Option("--accept-outliers", help="Take values of yours that lie far from all known ones.")
]
Posterior = Annotated[
    Path | None, typer.Option("--posterior", metavar="FILE", help="Draw from your own fit (`headway calibrate`).")
]
Parameters = Annotated[
    Path | None, typer.Option("--parameters", metavar="FILE", help="Your own distributions of parameters (.toml).")
]

PartOf = Annotated[
    str | None, typer.Option("--part", metavar="K/N", help="Run only part K of N, for machines that share a question.")
]
Store = Annotated[
    Path | None, typer.Option("--store", metavar="FOLDER", help="Keep pieces here; a killed run carries on.")
]
Scheduler = Annotated[
    str | None, typer.Option("--scheduler", metavar="ADDRESS|local:N", help="Run on a Dask cluster, or N processes.")
]
Merge = Annotated[bool, typer.Option("--merge", help="Run nothing; put together what all parts left in --store.")]

Recompute = Annotated[
    bool, typer.Option("--recompute", help="Compute it, even where an edition holds it (headway edition --help).")
]


def own_files(
    files: Sequence[Path] | None,
    mapping: Sequence[str] | None = None,
    accept_outliers: bool = False,
    posterior: Path | None = None,
    parameters: Path | None = None,
) -> OwnFiles:
    """The user's own files and how their tables are to be read.

    Raises:
        InputError: a mapping that names no field, or one without files.
    """
    from headway.core.errors import InputError
    from headway.evidence.layout import OwnFiles, Reading, parse_mapping
    from headway.scenarios.own_parameters import with_own
    from headway.scenarios.registry import registry

    if not files and (mapping or accept_outliers):
        raise InputError("--map and --accept-outliers speak of your own table: give it with --evidence FILE")
    reading = Reading(parse_mapping(mapping or ()), accept_outliers)
    if parameters is not None:  # a fault in them is told before the evidence is read
        with_own(registry(), parameters)
    return OwnFiles(files or (), reading, posterior=posterior, parameters=parameters)


def evidence_on(as_of: dt.datetime | None, files: Sequence[Path]) -> Evidence:
    """Evidence as known on the day of `--as-of`, with the user's own files; says on stderr how their tables were read.

    Raises:
        InputError: a day that has not come yet or lies before any evidence; a user's file that breaks a rule.
    """
    known = question.evidence_on(as_of.date() if as_of else None, files)
    say_remarks(known)
    return known


def say_remarks(evidence: Evidence) -> None:
    """Say on stderr how the user's tables were read and what was left out."""
    for remark in evidence.own.remarks if evidence.own else ():
        say(remark)


def sharing(store: Path | None, part: str | None, scheduler: str | None, merge: bool) -> Sharing:
    """How a question is shared between machines.

    Raises:
        InputError: options that contradict each other, or no folder where one is needed.
    """
    from headway.ensemble.pieces import Part, Sharing

    return Sharing(store, Part.parse(part) if part else None, scheduler, merge)


@contextmanager
def working(words: str) -> Iterator[None]:
    """A spinner on stderr while something takes time; nothing where stderr is no terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(words):
        yield


class Advance(Protocol):
    """Function that moves a progress bar: to `done` of `total`, or by one where nothing is given."""

    def __call__(self, done: int | None = None, total: int | None = None) -> None: ...


@contextmanager
def progress_bar(words: str, total: int | None = None) -> Iterator[Advance]:
    """A progress bar on stderr; nothing where stderr is no terminal. Yields what moves it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    screen = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=screen, disable=not screen.is_terminal, transient=True) as shown:
        task = shown.add_task(words, total=total)

        def advance(done: int | None = None, total: int | None = None) -> None:
            shown.update(task, completed=done, total=total, advance=1 if done is None else None)

        yield advance


@contextmanager
def sharing_pieces(words: str) -> Iterator[Advance]:
    """A progress bar on the pieces of a question; where those of other parts are missing, says so and ends the command.

    Raises:
        typer.Exit: with code 0, since this part has done its own.
    """
    from headway.ensemble.pieces import UnfinishedError

    try:
        with progress_bar(words) as advance:
            yield advance
    except UnfinishedError as error:
        say(str(error))
        raise typer.Exit from error

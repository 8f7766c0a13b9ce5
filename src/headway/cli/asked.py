"""Options and progress that commands share; the checked words of a question are those of every surface."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from headway.cli.common import say
from headway.scenarios import question
from headway.scenarios.question import context as context
from headway.scenarios.question import split as split

if TYPE_CHECKING:
    from headway.evidence import Evidence
    from headway.evidence.user import OwnFiles

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

Recompute = Annotated[
    bool, typer.Option("--recompute", help="Compute it, even where an edition holds it (headway edition --help).")
]


def own_files(files: Sequence[Path] | None, mapping: Sequence[str] | None, accept_outliers: bool) -> OwnFiles:
    """The user's own files and what they say about reading them.

    Raises:
        InputError: a mapping that names no field, or one without files.
    """
    from headway.core.errors import InputError
    from headway.evidence.layout import Reading, parse_mapping
    from headway.evidence.user import OwnFiles

    if not files and (mapping or accept_outliers):
        raise InputError("--map and --accept-outliers speak of your own table: give it with --evidence FILE")
    return OwnFiles(files or (), Reading(parse_mapping(mapping or ()), accept_outliers))


def evidence_on(day: dt.date | None, files: Sequence[Path]) -> Evidence:
    """Evidence as known on `day`, with the user's own files; says on stderr how their tables were read.

    Raises:
        InputError: a day that has not come yet or lies before any evidence; a user's file that breaks a rule.
    """
    known = question.evidence_on(day, files)
    say_remarks(known)
    return known


def say_remarks(evidence: Evidence) -> None:
    """Say on stderr how the user's tables were read and what was left out."""
    for remark in evidence.own.remarks if evidence.own else ():
        say(remark)


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

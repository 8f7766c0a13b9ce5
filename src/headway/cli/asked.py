"""Progress of a command that takes time; the checked words of a question are those of every surface."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from headway.scenarios.question import context as context
from headway.scenarios.question import evidence_on as evidence_on
from headway.scenarios.question import split as split


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

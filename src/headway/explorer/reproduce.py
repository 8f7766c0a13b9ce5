"""Lines that give an answer again, from a command, from Python and in R, made from its address alone."""

from __future__ import annotations

import shlex
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Reproduction:
    """Lines that give an answer again.

    Attributes:
        command: writes its first table as CSV, byte for byte the file of the page.
        python: the same table as a `pandas.DataFrame`.
        r: reads that file, whose first lines say source and date after a `#`.
    """

    command: str
    python: str
    r: str


def reproduction(canonical: str) -> dict[str, str]:
    """Lines by name for the answer at a canonical address."""
    file = f"headway-{urlsplit(canonical).path.strip('/')}.csv"
    lines = f'grep("^#", readLines("{file}"), invert = TRUE, value = TRUE)'
    return asdict(
        Reproduction(
            f"headway answer {shlex.quote(canonical)} --out {file}",
            f'import headway as hw\ntable = hw.answer("{canonical}").table',
            f"table <- read.csv(text = {lines}, check.names = FALSE)",
        )
    )

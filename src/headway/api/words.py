"""Words that all public functions take: days, files, evidence and rivals; checked as the command line checks them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from headway.core.errors import InputError

if TYPE_CHECKING:
    from headway.api.evidence import EvidenceTables
    from headway.evidence import Evidence
    from headway.evidence.layout import OwnFiles

Day = str | dt.date | None
Files = str | Path | Sequence[str | Path]
Names = str | Sequence[str]


def day_of(as_of: Day) -> dt.date | None:
    """The day that a user names.

    Raises:
        InputError: it is not of the form 2024-06-30, or no day of the calendar.
    """
    if isinstance(as_of, dt.datetime):
        return as_of.date()
    if as_of is None or isinstance(as_of, dt.date):
        return as_of
    try:
        if not isinstance(as_of, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", as_of):
            raise ValueError("it is not of the form YYYY-MM-DD")
        return dt.date.fromisoformat(as_of)
    except ValueError as error:
        raise InputError(f"as_of {as_of!r} is no day ({error}); write it as 2024-06-30") from error


def files_of(extra: Files) -> OwnFiles:
    """The user's own files, given as one or several."""
    from headway.evidence.layout import OwnFiles

    if isinstance(extra, OwnFiles):
        return extra
    return OwnFiles([Path(extra)] if isinstance(extra, str | Path) else map(Path, extra))


def names_of(names: Names) -> tuple[str, ...]:
    """Names given as one or as several."""
    return (names,) if isinstance(names, str) else tuple(names)


def known(evidence: EvidenceTables | None, as_of: Day, extra: Files) -> Evidence:
    """Evidence to answer from: the opened one, or that of a day with the user's own files.

    Raises:
        InputError: both an opened evidence and a day or files; a day or a file that cannot be used.
    """
    from headway.scenarios.question import evidence_on

    day, files = day_of(as_of), files_of(extra)
    if evidence is None:
        return evidence_on(day, files)
    if day is not None or files:
        raise InputError("give either evidence=, which has its own day and files, or as_of= and extra=")
    return evidence.opened


def near(text: str, known: Sequence[str]) -> str:
    """End of a message about an unknown name: names that begin with it or are like it, or the first ones there are."""
    begin = [name for name in known if name.startswith(text)]
    close = list(dict.fromkeys([*begin, *get_close_matches(text, known, 3, 0.4)]))[:4]
    return f"did you mean {' or '.join(close)}?" if close else f"there are {', '.join(known[:12])}"

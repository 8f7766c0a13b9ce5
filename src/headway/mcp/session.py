"""Evidence by date that the server holds open, with the files that the user named when it was started."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from headway.api.words import files_of
from headway.core.cache import MemoryCache

if TYPE_CHECKING:
    from headway.api.evidence import EvidenceTables
    from headway.findings import Context, Finding

_DAYS = 6  # bodies of evidence that are kept open


class McpSession:
    """Evidence of one server; `files` are the user's own, and no other file of theirs is ever read."""

    def __init__(self, files: Sequence[Path] = ()) -> None:
        self.files = files_of(files)
        self._opened: MemoryCache[EvidenceTables] = MemoryCache(_DAYS)

    def evidence(self, as_of: str | None) -> EvidenceTables:
        """Evidence as known on a day; that of the shipped snapshot where none is given.

        Raises:
            InputError: no day, a day in the future or before any evidence, or a file that breaks a rule.
        """
        from headway.api.evidence import evidence

        return self._opened.get(as_of, lambda: evidence(as_of, self.files))


def made(context: Context, recipe: str) -> dict[str, Finding]:
    """Findings of one recipe, by id without country and date: `standing.domain:compute:scale`."""
    from headway.findings import recipes

    return {name_of(finding.id): finding for finding in recipes()[recipe](context)}


def name_of(identifier: str) -> str:
    """Id without country and date."""
    return identifier.partition(":")[2].partition("@")[0]


def country_codes(tables: EvidenceTables, given: Iterable[str]) -> tuple[str, ...]:
    """Codes of countries, each once.

    Raises:
        InputError: an unknown name; the message gives those that are near.
    """
    return tuple(dict.fromkeys(tables.opened.resolve(name).code for name in given))

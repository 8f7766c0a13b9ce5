"""Faults of one file, collected so that all are told at once."""

from __future__ import annotations

from headway.core.errors import InputError

MOST = 20
"""Most faults that one message lists."""


class Faults:
    """Faults of one file: the row, and what is wrong there; a fault that many rows share is told once.

    Row 0 stands for the file as a whole.
    """

    def __init__(self, where: str) -> None:
        self.where = where
        self._rows: dict[str, list[int]] = {}

    def __bool__(self) -> bool:
        return bool(self._rows)

    def add(self, row: int, words: str) -> None:
        """Note one fault of a row."""
        self._rows.setdefault(words, []).append(row)

    def refuse(self) -> None:
        """Do nothing if there are no faults.

        Raises:
            InputError: all faults, the first `MOST` of them in words, by row.
        """
        if not self._rows:
            return
        ordered = sorted(self._rows.items(), key=lambda entry: (min(entry[1]), entry[0]))
        lines = [_line(sorted(set(rows)), words) for words, rows in ordered]
        if len(lines) == 1:
            raise InputError(f"{self.where}: {lines[0]}")
        more = [f"and {len(lines) - MOST} more"] if len(lines) > MOST else []
        raise InputError("\n  ".join([f"{self.where}: {len(lines)} faults", *lines[:MOST], *more]))


def _line(rows: list[int], words: str) -> str:
    if rows[0] == 0:
        return words
    if len(rows) == 1:
        return f"row {rows[0]}{words}"
    shown = ", ".join(map(str, rows[1:4])) + (" …" if len(rows) > 4 else "")
    return f"row {rows[0]}{words} (so in {len(rows) - 1} more: {shown})"

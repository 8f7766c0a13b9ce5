"""How wide text is in Noto Sans, and how it breaks into lines."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.resources import files
from typing import Literal

Face = Literal["Regular", "Bold"]
_UNKNOWN = 1000  # thousandths of an em; wide, so that what is not measured is not clipped


@lru_cache(maxsize=1)
def _advances() -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = json.loads(
        files("headway.brief").joinpath("fonts/advances.json").read_text("utf-8")
    )
    return table


@lru_cache(maxsize=8192)
def width(text: str, size: float, face: Face = "Regular") -> float:
    """Width of `text` in px at font size `size`."""
    table = _advances()[face]
    return sum(table.get(character, _UNKNOWN) for character in text) * size / 1000


def wrap(text: str, room: float, size: float, face: Face = "Regular") -> list[str]:
    """Break `text` into lines no wider than `room` px; a word wider than that is broken inside."""
    return list(_wrapped(text, room, size, face))


@lru_cache(maxsize=2048)
def _wrapped(text: str, room: float, size: float, face: Face) -> tuple[str, ...]:
    """Lines, remembered: the words around a chart stay while its numbers move."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in _pieces(word, room, size, face):
            longer = f"{line} {piece}" if line else piece
            if line and width(longer, size, face) > room:
                lines.append(line)
                line = piece
            else:
                line = longer
    return (*lines, line) if line else tuple(lines)


def _pieces(word: str, room: float, size: float, face: Face) -> list[str]:
    pieces, piece = [], ""
    for character in word:
        if piece and width(piece + character, size, face) > room:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece]


def covers(character: str) -> bool:
    """Whether the shipped font has `character`."""
    return character in _advances()["Regular"]

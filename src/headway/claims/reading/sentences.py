"""Sentences and where they stand in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and its place: `text == article[start:end]`."""

    text: str
    start: int
    end: int


def sentences(text: str) -> Iterator[Sentence]:
    """Split `text` (paragraphs divided by blank lines) with sentencex; a quoted sentence stays with its speaker."""
    import sentencex

    for paragraph in re.finditer(r"[^\n](?:.|\n(?!\n))*", text):
        at = paragraph.start()
        for piece in _rejoined(list(sentencex.segment("en", paragraph[0]))):
            stripped = piece.strip()
            if stripped:
                start = text.index(stripped, at)
                yield Sentence(stripped, start, start + len(stripped))
                at = start + len(stripped)


def _rejoined(pieces: list[str]) -> list[str]:
    """Pieces split after an initial or inside a bracket or quotation are put together again."""
    whole: list[str] = []
    for piece in pieces:
        if whole and _unfinished(whole[-1], piece):
            whole[-1] += piece
        else:
            whole.append(piece)
    return whole


def _unfinished(before: str, after: str) -> bool:
    before, after = before.rstrip(), after.lstrip()
    if not after:
        return True
    if before.count("(") > before.count(")") and ")" in after:
        return True
    return after[0].islower() or re.search(r"\b(?:(?<!&)[A-Z]|No|Gen|Sen|Rep|Gov|St|vs|approx)\.$", before) is not None

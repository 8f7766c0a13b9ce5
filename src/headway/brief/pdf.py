"""The brief on paper: PDF/UA-1 through Typst, the same bytes on every run."""

from __future__ import annotations

import datetime as dt
import json
import re
from contextlib import suppress
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from headway.brief import view
from headway.brief.compose import Brief, Chapter
from headway.brief.footnotes import reading
from headway.charts import drawing
from headway.charts.layout import covers
from headway.core import wording as plain
from headway.core.errors import EvidenceError

if TYPE_CHECKING:
    import typst

_UNSET = "[…] stands for characters of a script for which this machine has no font; the JSON has them."
_PAPER = 700  # width in px that a chart is drawn for; it fills 166 mm


def pdf(brief: Brief) -> bytes:
    """The PDF.

    Text in a script that the package's font lacks is set in a font of this machine, or, where it has none either,
    stands as `[…]`, and the PDF says so.

    Raises:
        EvidenceError: what Typst cannot set.
    """
    import typst

    text = json.dumps(content(brief), ensure_ascii=False)
    foreign = "".join(sorted({character for character in text if character.isprintable() and not covers(character)}))
    try:
        if foreign:
            with suppress(typst.TypstError):
                return _typeset(text, brief, system=True)
            gaps = re.compile(f"[{re.escape(foreign)}]+")
            text = json.dumps({**json.loads(gaps.sub("[…]", text)), "unset": _UNSET}, ensure_ascii=False)
        return _typeset(text, brief, system=False)
    except typst.TypstError as error:
        raise EvidenceError(f"the PDF could not be set: {error.message}") from error


def _typeset(text: str, brief: Brief, *, system: bool) -> bytes:
    import typst

    made = typst.compile(
        files("headway.brief").joinpath("templates/brief.typ").read_bytes(),
        format="pdf",
        font_paths=_fonts(system=system),
        sys_inputs={"data": text},
        pdf_standards=["ua-1"],
        timestamp=dt.datetime.combine(brief.as_of, dt.time(), dt.UTC),
    )
    assert isinstance(made, bytes)
    return made


def content(brief: Brief) -> dict[str, Any]:
    """Content of the template as plain data."""
    return {
        "title": f"{brief.name}: AI brief as of {plain.day(brief.as_of)}",
        "name": brief.name,
        "footer": f"{brief.name}: AI brief as of {plain.day(brief.as_of)} · evidence {brief.recipe.snapshot[:12]}",
        "dateline": view.dateline(brief),
        "judgement": [sentence.text for sentence in view.judgement(brief)],
        "tiles": [
            {"title": tile.title, "figure": tile.figure, "unit": tile.unit, "range": tile.range, "tier": tile.tier}
            for tile in view.tiles(brief)
        ],
        "parts": [_part(chapter, brief) for chapter in brief.chapters],
        "tiers": [(str(tier), meaning) for tier, (_, meaning) in view.TIERS.items()],
        "scale": plain.PROBABILITY_SOURCE,
        "notes": [
            {
                "number": note.number,
                "publisher": note.reference.publisher,
                "title": note.reference.title,
                "dated": note.reference.dated,
                "url": note.reference.url,
                "reading": reading(note.reference),
                "licence": note.reference.licence,
                "retrieved": plain.day(note.reference.retrieved_on) if note.reference.retrieved_on else "",
                "facts": [text for _, text in note.facts],
            }
            for note in brief.footnotes
        ],
        "cite": view.citation(brief),
        "unset": "",
    }


def _part(chapter: Chapter, brief: Brief) -> dict[str, Any]:
    body, more = view.items(chapter, brief)
    return {
        "number": chapter.part.number,
        "title": chapter.part.title,
        "question": chapter.part.question,
        "items": [_item(item) for item in body],
        "more": [{"sentence": item.sentence, "notes": item.notes, "tier": item.tier, "id": item.id} for item in more],
        "missing": [*chapter.notes, *([chapter.part.needs] if not chapter.findings and chapter.part.needs else [])],
    }


def _item(item: view.Item) -> dict[str, Any]:
    picture = item.finding.picture
    return {
        "id": item.id,
        "title": item.title,
        "sentence": item.sentence,
        "tier": item.tier,
        "interval": item.interval,
        "period": item.period,
        "caveat": item.caveat,
        "coverage": item.coverage,
        "notes": item.notes,
        "columns": item.columns,
        "rows": item.rows,
        "svg": drawing(item.finding, _PAPER) if picture else "",
        "alternative": f"{picture.title}. {picture.alternative}" if picture else "",
    }


@lru_cache(maxsize=2)
def _fonts(*, system: bool) -> typst.Fonts:
    """The package’s faces, and the machine’s own only where a text needs them: others come out the same anywhere."""
    import typst

    folder = str(files("headway.charts").joinpath("fonts"))
    return typst.Fonts(include_system_fonts=system, include_embedded_fonts=False, font_paths=[folder])

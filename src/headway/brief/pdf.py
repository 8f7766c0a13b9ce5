"""The brief on paper: PDF/UA-1 through Typst, the same bytes on every run."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from importlib.resources import files
from typing import Any

from headway.brief import view
from headway.brief.annex import AnnexTable, annex_tables, caveat_numbers
from headway.brief.compose import Brief, Chapter
from headway.brief.footnotes import reading
from headway.brief.front import front_pictures
from headway.charts import drawing
from headway.charts.paper import typeset
from headway.core import wording as plain
from headway.findings import Finding

_PAPER, _HALF = 700, 400  # widths in px that a chart is drawn for: it fills 166 mm, or half of them


def pdf(brief: Brief, *, annex: bool = True) -> bytes:
    """The PDF: two pages with the judgement and its pictures and, unless it is not wanted, the annex by part.

    Text in a script that the package's font lacks is set in a font of this machine, or, where it has none either,
    stands as `[…]`, and the PDF says so.

    Raises:
        EvidenceError: what Typst cannot set.
    """
    template = files("headway.brief").joinpath("templates/brief.typ").read_bytes()
    return typeset(template, content(brief, annex=annex), brief.as_of)


def content(brief: Brief, *, annex: bool = True) -> dict[str, Any]:
    """Content of the template as plain data."""
    front = front_pictures(brief)
    fronted = {finding.id for finding in front}
    return {
        "title": f"{brief.name}: AI brief as of {plain.day(brief.as_of)}",
        "name": brief.name,
        "footer": f"{brief.name}: AI brief as of {plain.day(brief.as_of)} · evidence {brief.recipe.snapshot[:12]}",
        "dateline": view.dateline(brief),
        "judgement": [sentence.text for sentence in view.judgement(brief)],
        "front": [
            {**_picture(finding, _PAPER if (wide := finding.picture.kind == "waterfall") else _HALF), "wide": wide}
            for finding in front
            if finding.picture is not None
        ],
        "parts": [_part(chapter, brief, fronted) for chapter in brief.chapters] if annex else [],
        "more": ""
        if annex
        else f"The annex, with every finding, its sources and caveats: headway brief {brief.country} --pdf FILE.",
        "caveats": list(caveat_numbers(brief)) if annex else [],
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
            for note in (brief.footnotes if annex else ())
        ],
        "cite": view.citation(brief),
    }


def _picture(finding: Finding, width: float) -> dict[str, str]:
    """The picture without its caveat, which the annex has by number, and words for those who cannot see it."""
    assert finding.picture is not None
    words = f"{finding.picture.title}. {finding.picture.alternative}"
    return {"svg": drawing(replace(finding, caveat=""), width), "alternative": words}


def _part(chapter: Chapter, brief: Brief, fronted: Collection[str]) -> dict[str, Any]:
    body, more = view.annex_items(chapter, brief)
    return {
        "number": chapter.part.number,
        "title": chapter.part.title,
        "question": chapter.part.question,
        "items": [_item(item, fronted) for item in body],
        "tables": [_joined(table, brief) for table in annex_tables(chapter)],
        "more": [
            {"sentence": item.sentence, "notes": item.notes, "caveat": item.caveat_number, "tier": item.tier}
            for item in more
        ],
        "missing": [*chapter.notes, *([chapter.part.needs] if not chapter.findings and chapter.part.needs else [])],
    }


def _joined(table: AnnexTable, brief: Brief) -> dict[str, Any]:
    return {
        "title": table.title,
        "columns": table.columns,
        "widths": table.widths,
        "rows": [
            {"cells": line.cells, "notes": line.notes, "caveats": line.caveats, "tier": line.items[0].tier}
            for line in view.annex_lines(table, brief)
        ],
    }


def _item(item: view.Item, fronted: Collection[str]) -> dict[str, Any]:
    drawn = item.finding.picture is not None and item.id not in fronted
    return {
        "id": item.id,
        "title": item.title,
        "sentence": item.sentence,
        "tier": item.tier,
        "interval": item.interval,
        "period": item.period,
        "caveat": item.caveat_number,
        "coverage": item.coverage,
        "notes": item.notes,
        "columns": item.columns,
        "rows": item.rows,
        **(_picture(item.finding, _PAPER) if drawn else {"svg": "", "alternative": ""}),
    }

"""The brief as one self-contained page, and a folder of briefs with a page that leads to each.

A page holds no script and asks nothing of any host; it is readable on paper and on a phone.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from markupsafe import Markup

from headway.brief import document, view
from headway.brief.annex import annex_tables, caveat_numbers
from headway.brief.compose import Brief
from headway.brief.footnotes import reading
from headway.brief.front import front_pictures
from headway.charts import NARROW, WIDE, drawing, table
from headway.core import wording as plain
from headway.core.errors import InputError
from headway.core.files import make_folder, refuse_taken_names, write_atomically
from headway.core.templates import template_environment
from headway.findings import Finding

if TYPE_CHECKING:
    from jinja2 import Environment

    from headway.brief.compose import Brief

_INDEX = ("standing", "gap", "outlook")  # the parts that the page of several countries quotes


_WORDS = 40  # characters from which a cell is no figure


@dataclass(frozen=True, slots=True)
class EmbeddedPicture:
    """A picture twice (desk and phone) and the table of its data."""

    wide: Markup
    narrow: Markup
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class PageSurroundings:
    """Surroundings of a brief's page that is one file of many.

    Attributes:
        links: addresses and words of the links above the brief.
        stylesheet: address of the file that holds `style()`, which the page then leaves out.
        scripts: addresses of scripts beside it, which the page then loads.
        head: further tags of its head.
    """

    links: Sequence[tuple[str, str]]
    stylesheet: str
    scripts: Sequence[str] = ()
    head: Markup = field(default_factory=Markup)


def page(brief: Brief, surroundings: PageSurroundings | None = None, *, annex: bool = True) -> str:
    """The HTML page: the judgement with its pictures and, unless it is not wanted, the annex by part.

    It is one file that needs no other, unless it is given surroundings.
    """
    chapters = []
    fronted = front_pictures(brief)
    for chapter in brief.chapters if annex else ():
        body, more = view.annex_items(chapter, brief)
        tables = [(table, view.annex_lines(table, brief)) for table in annex_tables(chapter)]
        chapters.append({"part": chapter.part, "notes": chapter.notes, "body": body, "more": more, "tables": tables})
    return (
        _environment()
        .get_template("brief.html.j2")
        .render(
            brief=brief,
            chapters=chapters,
            judgement=view.judgement(brief),
            annex=annex,
            front=[(view.anchor(finding.id), figure(finding)) for finding in fronted],
            fronted={finding.id for finding in fronted},
            caveats=caveat_numbers(brief),
            dateline=view.dateline(brief),
            citation=view.citation(brief),
            tiers=[(str(tier), mark, meaning) for tier, (mark, meaning) in view.TIERS.items()],
            backlinks=_backlinks(brief),
            scale=plain.PROBABILITY_SOURCE,
            surroundings=surroundings,
        )
    )


def style() -> str:
    """Fonts and style of the pages, as a stylesheet that loads nothing."""
    environment = _environment()
    return f"{environment.globals['fonts']}\n{environment.globals['css']}"


def index(briefs: Sequence[Brief]) -> str:
    """The page that leads to several briefs, each in a file named by its country’s code."""
    rows = [
        {
            "brief": brief,
            "file": brief.country,
            "tiles": view.tiles(brief, 3),
            "headlines": [text for chapter, text in view.headlines(brief.chapters) if chapter.part.key in _INDEX],
        }
        for brief in briefs
    ]
    return _environment().get_template("index.html.j2").render(rows=rows, first=briefs[0])


def figure(finding: Finding) -> EmbeddedPicture:
    """The finding's picture at both widths."""
    columns, rows = table(finding)
    finding = replace(finding, caveat="")  # the page has it once, by number
    return EmbeddedPicture(
        Markup(drawing(finding, WIDE)),
        Markup(drawing(finding, NARROW)),
        columns,
        [[view.cell(value) for value in row] for row in rows],
    )


def _wordy(rows: Sequence[Sequence[str]]) -> set[int]:
    """Columns that hold words rather than figures: they are set to the left, with room."""
    return {column for row in rows for column, cell in enumerate(row) if len(cell) > _WORDS}


def _backlinks(brief: Brief) -> dict[int, list[tuple[str, str]]]:
    """Anchors and titles of the findings that rest on each source."""
    links: dict[int, list[tuple[str, str]]] = {}
    for finding in brief.findings:
        for number in brief.marks.get(finding.id, ()):
            links.setdefault(number, []).append((view.anchor(finding.id), view.title(finding)))
    return links


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = template_environment("headway.brief")
    environment.filters["day"] = plain.day
    environment.filters["reading"] = reading
    environment.filters["wordy"] = _wordy
    environment.filters["anchor"] = view.anchor
    environment.globals["figure"] = figure
    environment.globals["css"] = Markup(files("headway.brief").joinpath("templates/page.css").read_text("utf-8"))
    environment.globals["fonts"] = Markup(_fonts())
    return environment


def _fonts() -> str:
    """The two faces of the page, inside it."""
    faces = []
    for face, weight in (("Regular", 400), ("Bold", 700)):
        data = b64encode(files("headway.charts").joinpath(f"fonts/NotoSans-{face}.woff2").read_bytes()).decode()
        source = f'url(data:font/woff2;base64,{data}) format("woff2")'
        faces.append(f'@font-face{{font-family:"Noto Sans";font-weight:{weight};src:{source}}}')
    return "\n".join(faces)


def refuse_early(folder: Path, countries: Sequence[str], *, force: bool = False) -> None:
    """Refuse a folder that holds one of the files to come.

    Raises:
        InputError: names the file; or the path is a file, or its parent folder is missing.
    """
    if not folder.parent.is_dir():
        raise InputError(f"cannot make {folder}: there is no folder {folder.parent}")
    refuse_taken_names(folder, _names(countries), force=force)


def write(briefs: Sequence[Brief], folder: Path, *, force: bool = False) -> list[Path]:
    """Write `index.html` and, for every country, its page and its findings as JSON.

    Raises:
        InputError: a file exists and `force` is false, or the folder cannot be written.
    """
    refuse_early(folder, [brief.country for brief in briefs], force=force)
    make_folder(folder, f"cannot make {folder}", parents=False)
    written = []
    for brief in briefs:
        written.append(write_atomically(folder / f"{brief.country}.html", page(brief), force=force))
        written.append(write_atomically(folder / f"{brief.country}.json", document.text(brief), force=force))
    return [write_atomically(folder / "index.html", index(briefs), force=force), *written]


def _names(countries: Sequence[str]) -> list[str]:
    return ["index.html", *(f"{code}.{ending}" for code in countries for ending in ("html", "json"))]

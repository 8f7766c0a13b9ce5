"""Preview of a page, which messengers and networks show beside a link to it: title, answer and picture."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from markupsafe import Markup, escape

from headway.brief.compose import Brief
from headway.brief.front import front_pictures
from headway.charts import WIDE, Caption, chart, png, svg_png
from headway.site import world_map
from headway.site.home import HomeRow

_WIDTH = 600  # px: wide enough for a preview, and all of them stay a small part of the site
_WORDS = 300  # characters of a description; networks show fewer


@dataclass(frozen=True, slots=True)
class PagePreview:
    """Preview of one page.

    Attributes:
        picture: PNG; None where the page has no picture.
    """

    title: str
    description: str
    picture: bytes | None = None


def of_brief(brief: Brief) -> bytes | None:
    """PNG of the first picture beside the judgement; None where there is none."""
    found = front_pictures(brief)
    return png(chart(found[0], _WIDTH), scale=1.0) if found else None


def of_drawing(drawing: str | None) -> bytes | None:
    """PNG of a chart that is drawn as SVG already; None where there is none."""
    return svg_png(drawing, scale=_WIDTH / WIDE) if drawing else None


def of_map(rows: Sequence[HomeRow], as_of: dt.date) -> bytes:
    """PNG of the map of the first page, as known on a day, with its legend."""
    drawn = world_map.figure(
        world_map.areas(rows),
        world_map.CLASSES,
        world_map.months_words(rows, "the briefs of the edition"),
        Caption(as_of, 0.9, ""),
        WIDE,
        background="#ffffff",
    )
    return svg_png(drawn, scale=1.0)


def picture_name(page: str) -> str:
    """Path of the picture of a page: beside it, under its name."""
    return str(PurePosixPath(page).with_suffix(".png"))


def tags(preview: PagePreview, address: str, page: str) -> Markup:
    """Tags for the head of a page that previews read (Open Graph).

    Args:
        address: at which the site will lie, with a slash at its end: previews take whole addresses alone.
        page: path of the page below the site's folder.
    """
    words = " ".join(preview.description.split())
    told = {
        "title": preview.title,
        "description": words if len(words) <= _WORDS else f"{words[:_WORDS].rpartition(' ')[0]} …",
        "type": "article",
        "url": address + page,
    }
    if preview.picture is not None:
        told["image"] = address + picture_name(page)
    lines = (f'<meta property="og:{name}" content="{escape(text)}">' for name, text in told.items())
    card = "summary_large_image" if preview.picture is not None else "summary"
    return Markup("\n".join([*lines, f'<meta name="twitter:card" content="{card}">', ""]))

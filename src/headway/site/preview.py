"""Preview of a country's page, which messengers and networks show beside a link to it: title, answer and picture."""

from __future__ import annotations

from markupsafe import escape

from headway.brief.compose import Brief
from headway.brief.front import front_pictures
from headway.charts import chart, png
from headway.site.home import HomeRow

_WIDTH = 600  # px: wide enough for a preview, and all of them stay a small part of the site


def picture(brief: Brief) -> bytes | None:
    """PNG of the first picture beside the judgement; None where there is none."""
    found = front_pictures(brief)
    return png(chart(found[0], _WIDTH), scale=1.0) if found else None


def with_tags(page: str, row: HomeRow, address: str, has_picture: bool) -> str:
    """The page of a country with what previews read (Open Graph).

    Args:
        address: at which the site will lie, with a slash at its end: previews take whole addresses alone.
    """
    place = f"{address}countries/{row.code}"
    tags = {"title": f"{row.name}: AI brief", "description": row.sentence, "type": "article", "url": f"{place}.html"}
    if has_picture:
        tags["image"] = f"{place}.png"
    lines = "".join(f'<meta property="og:{name}" content="{escape(text)}">\n' for name, text in tags.items())
    return page.replace("</head>", f"{lines}</head>", 1)

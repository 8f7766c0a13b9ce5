"""Pages that other sites show in a frame: one chart or one card of an answer, its source, and the way to all of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi.responses import HTMLResponse
from markupsafe import Markup

from headway.charts import NARROW, WIDE
from headway.core.templates import template_environment
from headway.explorer import export
from headway.explorer.answer import Answer

if TYPE_CHECKING:
    from jinja2 import Environment

CARD = "card"
"""Name that stands for the words of an answer, where others name one of its charts."""


def page(answer: Answer, chart: str, canonical: str, host: str = "") -> str:
    """The page of one chart, or of the card: title and sentence.

    Args:
        chart: its name; empty is the first, and the card where the answer has no chart.
        canonical: address of the whole answer. host: scheme and host of this server, for the preview of a link.

    Raises:
        ParameterError: no such chart.
    """
    drawn = None if chart == CARD or not (chart or answer.charts) else export.chosen(answer, chart)
    claimed = canonical.startswith("/claim")  # its title is what is claimed: nothing is said of it without
    pictures = [Markup(export.drawing(answer, drawn.name, width)) for width in (WIDE, NARROW)] if drawn else []
    return (
        _environment()
        .get_template("embed.html.j2")
        .render(
            answer=answer,
            title=drawn.title if drawn and not claimed else answer.title,
            heading=claimed or drawn is None,
            pictures=pictures,
            address=canonical,
            host=host,
            image=_picture_address(canonical, drawn.name) if drawn else "",
        )
    )


def _picture_address(canonical: str, chart: str) -> str:
    """Address of a chart as PNG."""
    path, _, query = canonical.partition("?")
    return f"{path}.png?{'&'.join(filter(None, (query, urlencode({'chart': chart}))))}"


def waiting(words: str) -> HTMLResponse:
    """The page of an answer that is still being computed, which asks again by itself."""
    html = _environment().get_template("embed_waiting.html.j2").render(words=words)
    return HTMLResponse(html, 429, {"retry-after": "2", "refresh": "2", "cache-control": "no-store"})


def refused(words: str, status: int) -> HTMLResponse:
    """The page of an answer that cannot be."""
    return HTMLResponse(_environment().get_template("embed_waiting.html.j2").render(words=words), status)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return template_environment("headway.explorer")

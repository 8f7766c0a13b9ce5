"""Frame that all pages of a site share, and its links; every address in a page is relative to that page."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from headway import __version__
from headway.brief.edition import EditionKey
from headway.brief.html import style
from headway.claims.page import shown
from headway.core import wording
from headway.core.templates import template_environment
from headway.site import claims

if TYPE_CHECKING:
    from jinja2 import Environment

STYLE, SCRIPT, CHART, EMBED = "static/site.css", "static/site.js", "static/chart.js", "static/embed.js"
FIGURES = "static/figures.js"
HOME = "index.html"

MAIN: Mapping[str, str] = {
    "home": "Home", "world": "World", "country": "Country", "whatif": "What if", "compare": "Compare",
    "indicators": "Indicators", "standing": "Standing", "record": "Record", "claims": "Claims",
    "changes": "What changed",
}  # fmt: skip
"""Main pages of sites and of the explorer, each of which has some of them: words by name, in the order of links."""


def render(template: str, name: str, key: EditionKey, links: dict[str, str], head: Markup, **values: Any) -> str:
    """A page of the site.

    Args:
        name: path of the page below the site's folder.
        links: words of the site's main pages by path below that folder.
        head: further tags of its head.
    """
    up = "../" * name.count("/")
    shown = [(up + address, words, address == name) for address, words in links.items()]
    files = {"style": up + STYLE, "script": up + SCRIPT, "figures": up + FIGURES, "embed": up + EMBED}
    page = _environment().get_template(template)
    return slim(page.render(up=up, links=shown, key=key, tags=head, version=__version__, **files, **values))


def stylesheet() -> str:
    """Style of the briefs, of charts and maps, and of the pages that only the site has."""
    return f"{style()}\n{_static('figures.css')}\n{_static('site.css')}"


def scripts() -> dict[str, str]:
    """Scripts by path: of sorted tables, lines and the map; of filtered lists; of charts; of frames."""
    return {name: _static(name.removeprefix("static/")) for name in (FIGURES, SCRIPT, CHART, EMBED)}


def _static(name: str) -> str:
    return files("headway.site").joinpath("static", name).read_text("utf-8")


_DRAWING = re.compile(r"<svg.*?</svg>", re.DOTALL)
# Defaults of SVG, the font that the page sets anyway, and marks that are drawn invisibly.
_IDLE = re.compile(
    r' opacity="1"| stroke-width="1"| font-family="Noto Sans, Helvetica, Arial, sans-serif"|<path d="" display="none"/>'
    r'|<path [^>]* opacity="0"/>'
)
_TAG = re.compile(r"<[^>]+>")
_LONG = re.compile(r"\d+\.\d{3,}")


def slim(page: str) -> str:
    """The page with the same drawings in fewer bytes: nothing that changes no pixel, and hundredths of one."""

    def shorter(tag: re.Match[str]) -> str:
        return _LONG.sub(lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), tag[0])

    def slimmed(drawing: re.Match[str]) -> str:
        return _TAG.sub(shorter, _IDLE.sub("", drawing[0]))  # text between tags stays as it is

    return _DRAWING.sub(slimmed, page)


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = template_environment("headway.site")
    filters: dict[str, Any] = {
        "day": wording.day,
        "period": wording.period,
        "hundred": wording.in_hundred,
        "sentence": wording.sentence,
        "test_words": claims.test_in_words,
        "shown": shown,
    }
    environment.filters.update(filters)
    return environment

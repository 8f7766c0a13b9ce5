"""Frame that all pages of a site share, and its links; every address in a page is relative to that page."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from headway import __version__
from headway.brief.edition import EditionKey
from headway.brief.html import style
from headway.core import wording

if TYPE_CHECKING:
    from jinja2 import Environment

STYLE, SCRIPT = "static/site.css", "static/site.js"
HOME = "index.html"


def render(template: str, name: str, key: EditionKey, links: dict[str, str], **values: Any) -> str:
    """A page of the site.

    Args:
        name: path of the page below the site's folder.
        links: words of the site's main pages by path below that folder.
    """
    up = "../" * name.count("/")
    shown = [(up + address, words, address == name) for address, words in links.items()]
    return (
        _environment()
        .get_template(template)
        .render(up=up, links=shown, key=key, style=up + STYLE, script=up + SCRIPT, version=__version__, **values)
    )


def stylesheet() -> str:
    """Style of the briefs, and of the pages that only the site has."""
    return f"{style()}\n{_static('site.css')}"


def script() -> str:
    """Script of the site: a list that is filtered as one types, a table that is sorted."""
    return _static("site.js")


def _static(name: str) -> str:
    return files("headway.site").joinpath("static", name).read_text("utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("headway.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["day"] = _day
    return environment


def _day(date: dt.date) -> str:
    return wording.day(date)

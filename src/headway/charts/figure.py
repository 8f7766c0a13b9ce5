"""Specification, SVG and PNG of a finding's picture, with the date, interval level and caveat beside it."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from html import escape
from importlib.resources import files
from typing import Any

from headway.charts import rows, series
from headway.charts.marks import Caption
from headway.findings import Finding
from headway.findings.finding import Picture

WIDE, NARROW = 768, 350
"""Widths in px: for the page on a desk, and on a phone of 390 px."""


def specification(picture: Picture, caption: Caption, width: float = WIDE) -> dict[str, Any]:
    """A Vega-Lite 6 specification, `width` px wide, with fixed scales and its own labels, source, date and caveat.

    Raises:
        ValueError: the picture has no rows.
    """
    if not picture.rows:
        raise ValueError(f"picture '{picture.title}' has no rows to draw")
    draw = series.draw if picture.kind in {"lines", "fan"} else rows.draw
    return draw(picture, caption, width)


_NOISE = re.compile(r' (?:aria-[a-z]+|role|pointer-events|class)="[^"]*"')


def svg(specification: dict[str, Any], title: str, description: str, *, background: str | None = None) -> str:
    """A self-contained SVG with a title and a description for those who cannot see it.

    Its ids carry a hash of its content, so that many pictures can stand in one page.
    """
    import vl_convert

    drawn = _NOISE.sub("", vl_convert.vegalite_to_svg({**specification, "background": background}))
    key = hashlib.sha256(drawn.encode()).hexdigest()[:8]
    drawn = re.sub(r'(id="|url\(#)', rf"\g<1>c{key}-", drawn)
    label = f'role="img" aria-labelledby="t{key} d{key}"'
    head = f'<title id="t{key}">{escape(title)}</title><desc id="d{key}">{escape(description)}</desc>'
    return re.sub(r"<svg ([^>]*)>", lambda match: f"<svg {label} {match[1]}>{head}", drawn, count=1)


def png(specification: dict[str, Any], *, scale: float = 2.0) -> bytes:
    """A PNG on white, with the package's own font."""
    import vl_convert

    _register_fonts()
    drawn: bytes = vl_convert.vegalite_to_png({**specification, "background": "#ffffff"}, scale=scale)
    return drawn


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(files("headway.charts").joinpath("fonts")))


def chart(finding: Finding, width: float = WIDE) -> dict[str, Any]:
    """The specification of a finding's picture.

    Raises:
        ValueError: the finding has no picture.
    """
    if finding.picture is None:
        raise ValueError(f"finding {finding.id} has no picture")
    return specification(finding.picture, Caption(finding.as_of, finding.level, finding.caveat), width)


def drawing(finding: Finding, width: float = WIDE, *, background: str | None = None) -> str:
    """The SVG of a finding's picture."""
    drawn = chart(finding, width)
    assert finding.picture is not None
    return svg(drawn, finding.picture.title, finding.picture.alternative, background=background)


def table(finding: Finding) -> tuple[list[str], list[list[Any]]]:
    """Column names and rows of the data behind a picture, without the marks that only steer the drawing."""
    if finding.picture is None:
        return [], []
    hidden = {"highlight", "total"}
    columns = list(dict.fromkeys(key for row in finding.picture.rows for key in row if key not in hidden))
    return columns, [[row.get(column) for column in columns] for row in finding.picture.rows]

"""The picture of a finding: specification with date, interval level and caveat, SVG, PNG, and the data behind it."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from html import escape
from importlib.resources import files
from typing import Any

from headway.charts import rows, scatter, series
from headway.charts.marks import Caption
from headway.findings.finding import Finding, Picture

WIDE, NARROW = 768, 350
"""Widths in px: for a page on a desktop, and on a phone of 390 px."""

_STEERING = frozenset({"highlight", "total", "written"})  # fields of rows that steer the drawing
_NOISE = re.compile(r' (?:aria-[a-z]+|role|pointer-events|class)="[^"]*"')


def specification(picture: Picture, caption: Caption, width: float = WIDE) -> dict[str, Any]:
    """Vega-Lite 6 specification, `width` px wide, with fixed scales and its own labels, source, date and caveat.

    Raises:
        ValueError: the picture has no rows.
    """
    if not picture.rows:
        raise ValueError(f"picture '{picture.title}' has no rows to draw")
    if picture.kind == "scatter":
        return scatter.draw(picture, caption, width)
    draw = series.draw if picture.kind in {"lines", "fan"} else rows.draw
    return draw(picture, caption, width)


def picture_svg(picture: Picture, caption: Caption, width: float = WIDE, *, background: str | None = None) -> str:
    """SVG of a picture, `width` px wide, transparent unless a `background` colour is given.

    Raises:
        ValueError: the picture has no rows.
    """
    drawn = specification(picture, caption, width)
    return svg(drawn, picture.title, picture.alternative, background=background)


def chart(finding: Finding, width: float = WIDE) -> dict[str, Any]:
    """Specification of a finding's picture, `width` px wide.

    Raises:
        ValueError: the finding has no picture, or a picture without rows.
    """
    return specification(_picture(finding), _caption(finding), width)


def drawing(finding: Finding, width: float = WIDE, *, background: str | None = None) -> str:
    """SVG of a finding's picture, `width` px wide, transparent unless a `background` colour is given.

    Raises:
        ValueError: the finding has no picture, or a picture without rows.
    """
    return picture_svg(_picture(finding), _caption(finding), width, background=background)


def table(finding: Finding) -> tuple[list[str], list[list[Any]]]:
    """Column names and rows of the data behind a finding's picture; empty without a picture."""
    if finding.picture is None:
        return [], []
    columns = list(dict.fromkeys(key for row in finding.picture.rows for key in row if key not in _STEERING))
    return columns, [[row.get(column) for column in columns] for row in finding.picture.rows]


def _picture(finding: Finding) -> Picture:
    if finding.picture is None:
        raise ValueError(f"finding {finding.id} has no picture")
    return finding.picture


def _caption(finding: Finding) -> Caption:
    return Caption(finding.as_of, finding.level, finding.caveat)


def svg(specification: dict[str, Any], title: str, description: str, *, background: str | None = None) -> str:
    """Self-contained SVG with a title and a description for screen readers.

    Ids carry a hash of the content, so that many pictures can stand in one page.
    """
    import vl_convert

    drawn = _NOISE.sub("", vl_convert.vegalite_to_svg({**specification, "background": background}))
    key = hashlib.sha256(drawn.encode()).hexdigest()[:8]
    drawn = re.sub(r'(id="|url\(#)', rf"\g<1>c{key}-", drawn)
    label = f'role="img" aria-labelledby="t{key} d{key}"'
    head = f'<title id="t{key}">{escape(title)}</title><desc id="d{key}">{escape(description)}</desc>'
    return re.sub(r"<svg ([^>]*)>", lambda match: f"<svg {label} {match[1]}>{head}", drawn, count=1)


def with_own_ids(drawing: str, turn: int) -> str:
    """An SVG of `svg` for its `turn`th place in one page: its ids, hashes of the content, differ by the turn."""
    keys = set(re.findall(r'aria-labelledby="t([0-9a-f]{8})|id="c([0-9a-f]{8})-', drawing))
    for key in {one for pair in keys for one in pair if one}:
        drawing = drawing.replace(key, f"{key}x{turn}")
    return drawing


def png(specification: dict[str, Any], *, scale: float = 2.0) -> bytes:
    """PNG on white in the package's own font, `scale` pixels to a px."""
    import vl_convert

    _register_fonts()
    drawn: bytes = vl_convert.vegalite_to_png({**specification, "background": "#ffffff"}, scale=scale)
    return drawn


def svg_png(drawing: str, *, scale: float = 1.0) -> bytes:
    """PNG of a finished SVG in the package's own font, `scale` pixels to a px of the drawing."""
    import vl_convert

    _register_fonts()
    drawn: bytes = vl_convert.svg_to_png(drawing, scale=scale)
    return drawn


@lru_cache(maxsize=1)
def _register_fonts() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(files("headway.charts").joinpath("fonts")))

"""SVG and PNG of a specification."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from html import escape
from importlib.resources import files
from typing import Any

_NOISE = re.compile(r' (?:aria-[a-z]+|role|pointer-events|class)="[^"]*"')


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

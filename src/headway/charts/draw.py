"""From a picture's data to its specification."""

from __future__ import annotations

from typing import Any

from headway.charts import rows, series
from headway.charts.frame import Caption
from headway.findings.finding import Picture

WIDE, NARROW = 768, 350
"""Widths in px: for the page on a desk, and on a phone of 390 px."""

__all__ = ["NARROW", "WIDE", "Caption", "specification"]


def specification(picture: Picture, caption: Caption, width: float = WIDE) -> dict[str, Any]:
    """A Vega-Lite 6 specification, `width` px wide, with fixed scales and its own labels, source, date and caveat.

    Raises:
        ValueError: the picture has no rows.
    """
    if not picture.rows:
        raise ValueError(f"picture '{picture.title}' has no rows to draw")
    draw = series.draw if picture.kind in {"lines", "fan"} else rows.draw
    return draw(picture, caption, width)

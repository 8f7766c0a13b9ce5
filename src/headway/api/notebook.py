"""Results as a notebook shows them: HTML with a picture in it, and the picture's specification beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from headway.findings.finding import draw_with

if TYPE_CHECKING:
    from headway.charts import Caption
    from headway.findings import Finding, Picture

VEGA_LITE = "application/vnd.vegalite.v6+json"
"""Media type of the specifications that the room `charts` makes."""


def pictured(picture: Picture, caption: Caption) -> tuple[str, dict[str, Any]]:
    """SVG of a picture on white, and its Vega-Lite specification by media type."""
    from headway.charts import picture_svg, specification

    return picture_svg(picture, caption, background="white"), {VEGA_LITE: specification(picture, caption)}


def of_finding(finding: Finding) -> tuple[str, dict[str, Any]]:
    """SVG of a finding's picture on white, and its Vega-Lite specification by media type.

    Raises:
        ValueError: the finding has no picture.
    """
    from headway.charts import chart, drawing

    return drawing(finding, background="white"), {VEGA_LITE: chart(finding)}


def with_picture(html: str, drawn: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """Representations of a result by media type: its HTML with the picture in it, and the picture by itself."""
    picture, more = drawn
    return {"text/html": html.replace("</h3>", f"</h3>{picture}", 1), **more}


draw_with(of_finding)

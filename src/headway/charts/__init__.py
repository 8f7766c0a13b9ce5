"""Pictures of findings: Vega-Lite specifications written as plain dicts, and their SVG and PNG.

The same specification goes into the HTML and PDF brief, into files and into the explorer. Everything that carries text
is placed with measured widths, so that nothing is clipped or overlaps.

- `figure`: from a finding or a picture to its specification, SVG and PNG
- `rows`: intervals, bars and waterfalls, one row to an item
- `series`: lines and fans over time
- `marks`: layers of text, rectangles, rules and dots; the texts around a plot
- `layout`: widths of text, line breaks, places of labels, axis scales
- `theme`: colours and sizes
- `paper`: PDF of a template with pictures
"""

from headway.charts.figure import (
    NARROW,
    WIDE,
    chart,
    drawing,
    picture_svg,
    png,
    specification,
    svg,
    svg_png,
    table,
    with_own_ids,
)
from headway.charts.marks import Caption

__all__ = [
    "NARROW",
    "WIDE",
    "Caption",
    "chart",
    "drawing",
    "picture_svg",
    "png",
    "specification",
    "svg",
    "svg_png",
    "table",
    "with_own_ids",
]

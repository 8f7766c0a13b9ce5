"""Pictures of findings: Vega-Lite specifications written as plain dicts, and their SVG and PNG.

One module draws one kind of picture; the same specification goes into the HTML and PDF brief, into files and into the
explorer. Everything that carries text is placed here, with measured widths, so that nothing is clipped or overlaps.
"""

from headway.charts.figure import NARROW, WIDE, chart, drawing, png, specification, svg, table
from headway.charts.marks import Caption

__all__ = ["NARROW", "WIDE", "Caption", "chart", "drawing", "png", "specification", "svg", "table"]

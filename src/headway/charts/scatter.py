"""Charts of two quantities against each other: one dot a row, labels on the highlighted ones, the line of equality."""

from __future__ import annotations

from typing import Any

from headway.charts import theme
from headway.charts.layout import AxisScale, ranks, text_width
from headway.charts.marks import (
    MARGIN,
    Caption,
    Layer,
    TextBox,
    TextMark,
    axis,
    chart_frame,
    picture_specification,
    rules,
    texts,
)
from headway.findings.finding import Picture

_LINE = theme.LABEL * 1.2
_GAP = 7.0


def draw(picture: Picture, caption: Caption, width: float) -> dict[str, Any]:
    """Specification of a `scatter` picture of two rankings, `width` px wide."""
    x_scale = ranks([float(row["x"]) for row in picture.rows])
    y_scale = ranks([float(row["y"]) for row in picture.rows])
    surround = chart_frame(
        picture.title, picture.y, "Line: the same place in both.", source=picture.source, caption=caption, width=width
    )
    left = MARGIN + max(text_width(label, theme.TICK) for label in y_scale.labels) + 8
    height, ticks = min(460.0, 0.72 * width), 38.0
    box = TextBox(width, left, MARGIN + 12, surround.top, ticks + surround.bottom, height)
    x_scale = x_scale.thinned(box.width)
    end = min(x_scale.high, y_scale.high)
    line = {"x": 0.0, "y": box.height, "x2": x_scale.at(end) * box.width, "y2": (1 - y_scale.at(end)) * box.height}
    layers = [
        rules([{**line, "colour": theme.MUTED}], dash=(4, 4)),
        *(_dots(picture, strong, x_scale, y_scale) for strong in (False, True)),
        *texts(
            [
                *_labels(picture, x_scale, y_scale, box),
                *surround.above(left),
                *surround.below(left, height + ticks),
                TextMark(box.width / 2, height + 30, picture.x, theme.TICK, theme.MUTED, "center"),
            ]
        ),
    ]
    return picture_specification(box, layers, f"{picture.title}. {picture.alternative}")


def _dots(picture: Picture, strong: bool, x: AxisScale, y: AxisScale) -> Layer:
    rows = [{"x": row["x"], "y": row["y"]} for row in picture.rows if bool(row.get("highlight")) == strong]
    mark = {"type": "point", "filled": True, "size": 60, "opacity": 1, "stroke": "#ffffff", "strokeWidth": 1}
    colour = theme.FILLS[0] if strong else theme.CONTEXT
    encoding = {
        "x": {"field": "x", "type": "quantitative", "scale": x.vega(), "axis": axis(x)},
        "y": {"field": "y", "type": "quantitative", "scale": y.vega(), "axis": axis(y)},
    }
    return {"data": {"values": rows}, "mark": {**mark, "color": colour}, "encoding": encoding}


def _labels(picture: Picture, x: AxisScale, y: AxisScale, box: TextBox) -> list[TextMark]:
    """Labels of highlighted rows beside their dots, moved down where one would lie on another."""
    taken: list[tuple[float, float, float]] = []  # left, right, middle
    out = []
    marked = [row for row in picture.rows if row.get("highlight")]
    for row in sorted(marked, key=lambda row: -float(row["y"])):
        label, wide = str(row["label"]), text_width(str(row["label"]), theme.LABEL)
        at, middle = x.at(float(row["x"])) * box.width, (1 - y.at(float(row["y"]))) * box.height
        fits = at + _GAP + wide <= box.width
        start = at + _GAP if fits else at - _GAP - wide
        while any(start < right and start + wide > first and abs(middle - m) < _LINE for first, right, m in taken):
            middle += 2.0
        taken.append((start, start + wide, middle))
        out.append(TextMark(start, middle, label))
    return out

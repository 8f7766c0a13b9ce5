"""Parts of a specification: marks placed in px of the plot, and the texts above and below it.

Above every plot stand its title and unit; below it the interval note, the caveat, the source and the date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import groupby
from typing import Any, Literal

from headway.charts import theme
from headway.charts.layout import AxisScale, wrap
from headway.core import wording

Layer = dict[str, Any]
Align = Literal["left", "center", "right"]

_SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"


@dataclass(frozen=True, slots=True)
class TextMark:
    """One line of text; (x, y) in px of the plot area, y the middle of the line."""

    x: float
    y: float
    text: str
    size: float = theme.LABEL
    colour: str = theme.INK
    align: Align = "left"
    bold: bool = False


_FIELDS = tuple(field.name for field in fields(TextMark))


@dataclass(frozen=True, slots=True)
class TextBox:
    """Plot area inside the picture, in px: outer width, four paddings, and the height of the plot."""

    total: float
    left: float
    right: float
    top: float
    bottom: float
    height: float

    @property
    def width(self) -> float:
        """Width of the plot area in px."""
        return self.total - self.left - self.right


def texts(items: Iterable[TextMark]) -> list[Layer]:
    """Layers of text, one for each alignment, weight and size."""

    def style(item: TextMark) -> tuple[str, bool, float]:
        return item.align, item.bold, item.size

    layers = []
    for (align, bold, size), group in groupby(sorted(items, key=style), key=style):
        mark = {
            "type": "text",
            "align": align,
            "baseline": "middle",
            "fontSize": size,
            "fontWeight": "bold" if bold else "normal",
        }
        rows = [{name: getattr(item, name) for name in _FIELDS} for item in group]
        layers.append({"data": {"values": rows}, "mark": mark, "encoding": _pixels(text={"field": "text"})})
    return layers


def rectangles(rows: Sequence[dict[str, Any]], opacity: float = 1.0, radius: float = 0) -> Layer:
    """Layer of rectangles from rows of x, x2, y, y2 (px) and colour."""
    mark = {"type": "rect", "opacity": opacity, "cornerRadius": radius}
    return {"data": {"values": list(rows)}, "mark": mark, "encoding": _pixels(x2={"field": "x2"}, y2={"field": "y2"})}


def rules(rows: Sequence[dict[str, Any]], size: float = 1, opacity: float = 1.0, dash: Sequence[int] = ()) -> Layer:
    """Layer of straight lines, `size` px thick, from rows of x, x2, y, y2 (px) and colour."""
    mark: Layer = {"type": "rule", "strokeWidth": size, "opacity": opacity, "strokeCap": "butt"}
    if dash:
        mark["strokeDash"] = list(dash)
    return {"data": {"values": list(rows)}, "mark": mark, "encoding": _pixels(x2={"field": "x2"}, y2={"field": "y2"})}


def dots(rows: Sequence[dict[str, Any]], area: float = 70) -> Layer:
    """Layer of filled circles of `area` px² from rows of x, y (px) and colour."""
    mark = {"type": "point", "filled": True, "size": area, "opacity": 1, "stroke": "#ffffff", "strokeWidth": 1}
    return {"data": {"values": list(rows)}, "mark": mark, "encoding": _pixels()}


def axis(scale: AxisScale, *, grid: bool = True) -> dict[str, Any]:
    """Vega-Lite axis that shows exactly the ticks of `scale`, with their labels."""
    ticks, labels = list(scale.ticks), list(scale.labels)
    return {
        "values": ticks,
        "labelExpr": f"{labels!r}[indexof({ticks!r}, datum.value)]",
        "labelOverlap": False,
        "labelBound": False,
        "labelFlush": False,
        "title": None,
        "grid": grid,
        "domain": False,
        "ticks": False,
        "labelPadding": 6,
    }


def picture_specification(box: TextBox, layers: Sequence[Layer], description: str) -> dict[str, Any]:
    """Specification of the whole picture; the box sets all paddings, so nothing depends on the renderer's fonts."""
    padding = {side: round(getattr(box, side), 2) for side in ("left", "right", "top", "bottom")}
    return {
        "$schema": _SCHEMA,
        "description": description,
        "width": box.total - sum(padding[side] for side in ("left", "right")),
        "height": round(box.height, 2),
        "autosize": "none",
        "padding": padding,
        "background": None,
        "config": {
            "aria": False,
            "font": theme.FONT,
            "view": {"stroke": None},
            "axis": {
                "gridColor": theme.GRID,
                "labelColor": theme.MUTED,
                "labelFontSize": theme.TICK,
                "labelFont": theme.FONT,
            },
        },
        "layer": list(layers),
    }


def _pixels(**more: dict[str, Any]) -> dict[str, Any]:
    free: dict[str, Any] = {"type": "quantitative", "scale": None, "axis": None}
    return {
        "x": {"field": "x", **free},
        "y": {"field": "y", **free},
        "color": {"field": "colour", "type": "nominal", "scale": None, "legend": None},
        **more,
    }


MARGIN = 4.0


@dataclass(frozen=True, slots=True)
class Caption:
    """Facts that a chart states besides its data, since it travels without its page.

    Attributes:
        as_of: date of the evidence; nothing later is in the chart.
        level: probability that the intervals cover, in (0, 1); None where there are no intervals.
        caveat: the main reservation, one sentence.
    """

    as_of: dt.date
    level: float | None = None
    caveat: str = ""


@dataclass(frozen=True, slots=True)
class ChartFrame:
    """Lines of text above (title, unit) and below (notes) a plot, and the room in px that they take."""

    title: list[str]
    unit: list[str]
    notes: list[str]

    @property
    def top(self) -> float:
        """Padding in px above the plot."""
        return MARGIN + len(self.title) * _line(theme.TITLE) + len(self.unit) * _line(theme.LABEL) + 12

    @property
    def bottom(self) -> float:
        """Height in px of the notes below the plot's ticks."""
        return 10 + len(self.notes) * _line(theme.NOTE) + MARGIN

    def above(self, left: float) -> list[TextMark]:
        """Marks of title and unit; `left` is the plot's left padding in px."""
        items, y = [], MARGIN - self.top
        for lines, size, colour, bold in (
            (self.title, theme.TITLE, theme.INK, True),
            (self.unit, theme.LABEL, theme.MUTED, False),
        ):
            for line in lines:
                items.append(TextMark(MARGIN - left, y + _line(size) / 2, line, size, colour, bold=bold))
                y += _line(size)
        return items

    def below(self, left: float, y: float) -> list[TextMark]:
        """Marks of the notes, from `y` px downwards; `left` is the plot's left padding in px."""
        return [
            TextMark(MARGIN - left, y + 10 + (i + 0.5) * _line(theme.NOTE), line, theme.NOTE, theme.MUTED)
            for i, line in enumerate(self.notes)
        ]


def chart_frame(title: str, unit: str, note: str, *, source: str, caption: Caption, width: float) -> ChartFrame:
    """Texts around a plot, broken to `width` px; `note` says what the marks mean."""
    room = width - 2 * MARGIN
    origin = f"Source: {source.rstrip('. ')}. As of {wording.day(caption.as_of)}."
    return ChartFrame(
        wrap(title, room, theme.TITLE, "Bold"),
        wrap(wording.sentence(unit), room, theme.LABEL),
        [line for text in (note, caption.caveat, origin) if text for line in wrap(text, room, theme.NOTE)],
    )


def percent(level: float) -> str:
    """Probability as a percentage, such as `90%`."""
    return f"{100 * level:g}%"


def _line(size: float) -> float:
    return size * theme.LEADING

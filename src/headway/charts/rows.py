"""Charts with one row to an item: intervals, bars, waterfall."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from headway.charts import theme
from headway.charts.layout import AxisScale, Face, linear, logarithmic, ranks, text_width, wrap
from headway.charts.marks import (
    MARGIN,
    Caption,
    Layer,
    TextBox,
    TextMark,
    axis,
    chart_frame,
    dots,
    percent,
    picture_specification,
    rectangles,
    rules,
    texts,
)
from headway.core import wording
from headway.findings.finding import Picture

_LINE = theme.LABEL * theme.LEADING
_BAR = 13.0


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One item of a chart and its place.

    Attributes:
        label: lines of its name. written: value and interval as printed.
        start: where its bar begins. value, low, high: centre and interval, in the unit of the data.
        y: middle of its mark, in px of the plot.
    """

    label: list[str]
    written: str
    start: float
    value: float
    low: float | None
    high: float | None
    highlight: bool
    total: bool
    y: float


@dataclass(frozen=True, slots=True)
class RowLayout:
    """Place of the labels: left of the marks, or above them where the picture is narrow.

    Attributes:
        column: width in px of the labels on the left. right: padding in px for the printed values.
    """

    above: bool
    column: float
    right: float


def draw(picture: Picture, caption: Caption, width: float) -> dict[str, Any]:
    """Specification of an `intervals`, `bars` or `waterfall` picture, `width` px wide."""
    has_interval = any(row.get("low") is not None for row in picture.rows)
    whole = "rank" in picture.x.lower()
    written = [_written(row, whole) for row in picture.rows]
    layout = _layout(picture, written, width)
    rows, headers, height = _place(picture, written, layout)
    scale = _scale(picture, rows, whole)
    note = _note(picture, has_interval, caption.level)
    surround = chart_frame(picture.title, picture.x, note, source=picture.source, caption=caption, width=width)
    ticks = 22.0
    left = MARGIN + (0 if layout.above else layout.column + 10)
    left = max(left, MARGIN + text_width(scale.labels[0], theme.TICK) / 2)
    right = max(layout.right, MARGIN + text_width(scale.labels[-1], theme.TICK) / 2)
    scale = scale.thinned(width - left - right)
    box = TextBox(width, left, right, surround.top, ticks + surround.bottom, height)
    layers = [
        _grid(scale, box),
        *_marks(picture, rows, scale, layout, box),
        *texts([*surround.above(left), *surround.below(left, height + ticks), *_labels(rows, headers, layout, box)]),
    ]
    return picture_specification(box, layers, f"{picture.title}. {picture.alternative}")


def _written(row: Mapping[str, Any], whole: bool) -> str:
    """Value as printed beside its row, with its interval where that says more or as the row says; ranks whole."""
    if "written" in row:
        return str(row["written"])
    low, high = row.get("low"), row.get("high")
    if low is None or high is None:
        return f"{row['value']:.0f}" if whole else wording.number(row["value"])
    centre = f"{row['value']:.0f}" if whole else wording.amount(row["value"], "", low, high)
    if whole:
        return centre if round(low) == round(high) else f"{centre} ({low:.0f}–{high:.0f})"
    ends = wording.interval(low, high)
    return centre if ends == centre else f"{centre} ({ends})"


def _layout(picture: Picture, written: Sequence[str], width: float) -> RowLayout:
    longest = max(text_width(str(row["label"]), theme.LABEL, "Bold") for row in picture.rows)
    values = max(text_width(text, theme.TICK) for text in written)
    column = min(longest, 0.34 * width)
    if width < 480 and longest + values > 0.5 * width:
        return RowLayout(True, 0, MARGIN + 6)
    return RowLayout(False, column, values + 12 + MARGIN)


def _place(picture: Picture, written: Sequence[str], layout: RowLayout) -> tuple[list[ChartRow], list[TextMark], float]:
    """Rows from top to bottom, headers of their groups, and the height in px that they need."""
    rows: list[ChartRow] = []
    headers: list[TextMark] = []
    y, running = 4.0, 0.0
    group: object = None
    anything = any(row.get("highlight") for row in picture.rows)
    for record, text in zip(picture.rows, written, strict=True):
        if record.get("group") not in (None, group):
            group = record["group"]
            y += 8 if rows else 0
            headers.append(TextMark(0, y + _LINE / 2, str(group), theme.LABEL, theme.MUTED, bold=True))
            y += _LINE + 4
        total = bool(record.get("total"))
        start = running if picture.kind == "waterfall" and not total else 0.0
        running = start + record["value"]
        room = layout.column if not layout.above else 10_000
        label = wrap(_named(str(record["label"])), room, theme.LABEL, "Bold")
        depth = _LINE + _BAR + 6 if layout.above else max(len(label) * _LINE, _BAR) + 8
        middle = y + (_LINE + 2 + _BAR / 2 if layout.above else depth / 2)
        highlight = bool(record.get("highlight")) or not anything
        low, high = record.get("low"), record.get("high")
        rows.append(ChartRow(label, text, start, record["value"], low, high, highlight, total, middle))
        y += depth
    return rows, headers, y + 2


def _named(label: str) -> str:
    """Label with a capital first letter, unless its first word is a name of its own (`o1-preview`, `xAI`)."""
    first = label.partition(" ")[0]
    return wording.sentence(label) if first.isalpha() and first.islower() else label


def _scale(picture: Picture, rows: Sequence[ChartRow], whole: bool) -> AxisScale:
    ends = [row.start + v for row in rows for v in (row.value, row.low, row.high) if v is not None]
    ends += [row.start for row in rows] if picture.kind == "waterfall" else []
    if picture.log and min(ends) > 0:
        return logarithmic(ends)
    if whole and min(ends) >= 1:
        return ranks(ends)
    return linear(ends, zero=picture.kind != "intervals")


def _note(picture: Picture, has_interval: bool, level: float | None) -> str:
    if not has_interval or all("written" in row for row in picture.rows):  # its bars are no intervals
        return ""
    interval = f"{percent(level)} interval" if level else "interval"
    return {"intervals": f"Dot: central estimate; bar: {interval}."}.get(picture.kind, f"Thin line: {interval}.")


def _grid(scale: AxisScale, box: TextBox) -> Layer:
    """Layer of ticks and grid; they belong to invisible points, so that the scale is one of data."""
    x = {"field": "x", "type": "quantitative", "scale": scale.vega(), "axis": axis(scale)}
    return {
        "data": {"values": [{"x": scale.low}, {"x": scale.high}]},
        "mark": {"type": "point", "opacity": 0},
        "encoding": {"x": x, "y": {"value": box.height}},
    }


def _marks(
    picture: Picture, rows: Sequence[ChartRow], scale: AxisScale, layout: RowLayout, box: TextBox
) -> list[Layer]:
    def x(value: float) -> float:
        return round(scale.at(value) * box.width, 2)

    spans = [
        {
            "x": x(row.start + row.low),
            "x2": x(row.start + row.high),
            "y": row.y,
            "y2": row.y,
            "colour": _colour(picture, row),
        }
        for row in rows
        if row.low is not None and row.high is not None
    ]
    if picture.kind == "intervals":
        points = [{"x": x(row.value), "y": row.y, "colour": _colour(picture, row)} for row in rows]
        return [rules(spans, 6, 0.38), dots(points)]
    base = scale.low if scale.log else 0.0
    bars = [
        {
            "x": x(row.start or base),
            "x2": x(row.start + row.value),
            "y": row.y - _BAR / 2,
            "y2": row.y + _BAR / 2,
            "colour": _colour(picture, row),
        }
        for row in rows
    ]
    beside = [(row.y - _BAR / 2 - 1, row.y + _BAR / 2 + 1) for row in rows]  # the words between are not crossed
    zero = [
        {"x": x(base), "x2": x(base), "y": top, "y2": end, "colour": theme.AXIS}
        for top, end in (beside if layout.above else [(0, box.height)])
    ]
    whiskers = [{**span, "colour": theme.INK} for span in spans]
    links = (
        [
            {
                "x": x(row.start + row.value),
                "x2": x(row.start + row.value),
                "y": row.y + _BAR / 2,
                "y2": after.y - _BAR / 2,
                "colour": theme.AXIS,
            }
            for row, after in pairwise(rows)
            if not (layout.above and _meets_words(x(row.start + row.value), after, box))
        ]
        if picture.kind == "waterfall"
        else []
    )
    return [rules(zero), *([rules(links)] if links else []), rectangles(bars, 0.85), rules(whiskers, 1.5)]


def _meets_words(x: float, row: ChartRow, box: TextBox) -> bool:
    """Whether a line down to a row at `x` would cross its name or its value, which stand above its bar."""
    name = MARGIN - box.left + text_width(" ".join(row.label), theme.LABEL, "Bold")
    value = box.width + box.right - MARGIN - text_width(row.written, theme.TICK)
    return x < name + 3 or x > value - 3


def _colour(picture: Picture, row: ChartRow) -> str:
    if picture.kind == "waterfall":
        return theme.MUTED if row.total else theme.FILLS[1] if row.value >= 0 else theme.FILLS[0]
    return theme.FILLS[0] if row.highlight else theme.CONTEXT


def _labels(rows: Sequence[ChartRow], headers: Sequence[TextMark], layout: RowLayout, box: TextBox) -> list[TextMark]:
    """Marks of the rows' names, group headers and printed values."""
    edge = MARGIN - box.left
    items = [TextMark(edge, header.y, header.text, header.size, header.colour, bold=True) for header in headers]
    some = not all(row.highlight for row in rows)
    for row in rows:
        bold = row.total or (row.highlight and some)
        colour = theme.TEXTS[0] if row.highlight and some else theme.INK
        if layout.above:
            y = row.y - _BAR / 2 - 2 - _LINE / 2
            room = box.total - 2 * MARGIN - text_width(row.written, theme.TICK) - 8
            name = shorten(" ".join(row.label), room, bold)
            items.append(TextMark(edge, y, name, theme.LABEL, colour, bold=bold))
            items.append(TextMark(box.width + box.right - MARGIN, y, row.written, theme.TICK, theme.MUTED, "right"))
            continue
        top = row.y - (len(row.label) - 1) * _LINE / 2
        items += [
            TextMark(-10, top + i * _LINE, line, theme.LABEL, colour, "right", bold) for i, line in enumerate(row.label)
        ]
        items.append(TextMark(box.width + box.right - MARGIN, row.y, row.written, theme.TICK, theme.MUTED, "right"))
    return items


def shorten(text: str, room: float, bold: bool) -> str:
    """`text`, cut with an ellipsis where it is wider than `room` px; the table under the chart has it whole."""
    face: Face = "Bold" if bold else "Regular"
    if text_width(text, theme.LABEL, face) <= room:
        return text
    while text and text_width(text + "…", theme.LABEL, face) > room:
        text = text[:-1]
    return text.rstrip() + "…"

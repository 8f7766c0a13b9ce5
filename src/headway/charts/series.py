"""Charts over time: lines with bands, and fans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headway.charts import theme
from headway.charts.layout import (
    MONTHS,
    AxisScale,
    decimal_year,
    linear,
    logarithmic,
    spread_labels,
    text_width,
    time,
    wrap,
)
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
    rules,
    texts,
)
from headway.core import wording
from headway.findings.finding import Picture

_LINE = theme.LABEL * 1.2
_QUANTILES = ("q05", "q25", "q50", "q75", "q95")


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """One labelled path over time.

    Attributes:
        rows: sorted by time `t` (decimal year), each with `value` and the ends of its bands.
        index: place in the palette.
    """

    label: str
    rows: list[dict[str, Any]]
    index: int

    @property
    def end(self) -> dict[str, Any]:
        """Latest row."""
        return self.rows[-1]


def draw(picture: Picture, caption: Caption, width: float) -> dict[str, Any]:
    """Specification of a `lines` or `fan` picture, `width` px wide."""
    fan = picture.kind == "fan"
    paths = _series(picture)
    edges = [
        row[key]
        for path in paths
        for row in path.rows
        for key in ("value", "low", "high", *_QUANTILES)
        if row.get(key) is not None
    ]
    y_scale = logarithmic(edges) if picture.log and min(edges) > 0 else linear(edges)
    surround = chart_frame(
        picture.title, picture.y, _note(picture, caption.level), source=picture.source, caption=caption, width=width
    )
    names = [_end_label(path, 0.26 * width) for path in paths]
    heights = [len(name) * _LINE + 5 for name in names]
    column = max(text_width(line, theme.LABEL, "Bold") for name in names for line in name)
    left = MARGIN + max(text_width(label, theme.TICK) for label in y_scale.labels) + 8
    right = column + 18 + MARGIN
    height = max(300.0 if width >= 480 else 230.0, sum(heights))
    x_title = [picture.x] if picture.x and picture.x.lower() not in {"year", "date", "quarter"} else []
    ticks = 22.0 + 16 * len(x_title)
    box = TextBox(width, left, right, surround.top, ticks + surround.bottom, height)
    x_scale = time([row["t"] for path in paths for row in path.rows], box.width).thinned(box.width)
    layers = [
        *_now(caption, x_scale, box, fan),
        *(layer for path in reversed(paths) for layer in _path(path, x_scale, y_scale, fan)),
        *_ends(paths, names, heights, x_scale, y_scale, box),
        *texts(
            [
                *surround.above(left),
                *surround.below(left, height + ticks),
                *(TextMark(box.width / 2, height + 30, title, theme.TICK, theme.MUTED, "center") for title in x_title),
            ]
        ),
    ]
    return picture_specification(box, layers, f"{picture.title}. {picture.alternative}")


def _series(picture: Picture) -> list[ChartSeries]:
    """Paths in the order of the palette: the highlighted first, then as they come."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    first: set[str] = set()
    for row in picture.rows:
        centre = row["q50"] if picture.kind == "fan" else row["value"]
        grouped.setdefault(str(row["label"]), []).append({**row, "t": decimal_year(str(row["date"])), "value": centre})
        if row.get("highlight"):
            first.add(str(row["label"]))
    order = sorted(grouped, key=lambda label: label not in first)
    return [
        ChartSeries(label, sorted(grouped[label], key=lambda row: row["t"]), index) for index, label in enumerate(order)
    ]


def _note(picture: Picture, level: float | None) -> str:
    if picture.kind == "fan":
        if any(row.get("q25") is not None for row in picture.rows):
            return "Line: median. Dark band: 50% of futures; light band: 90%."
        return "Line: median. Band: 90% of futures."
    if any(row.get("low") is not None for row in picture.rows):
        return f"Band: {percent(level)} interval." if level else "Band: interval."
    return ""


def _end_label(path: ChartSeries, room: float) -> list[str]:
    end = path.end
    value = wording.number(end["value"])
    if end.get("q05") is not None and end["q05"] < end["q95"]:
        value = (
            f"{wording.amount(end['value'], '', end['q05'], end['q95'])} ({wording.interval(end['q05'], end['q95'])})"
        )
    return [*wrap(path.label, room, theme.LABEL, "Bold"), *wrap(value, room, theme.LABEL, "Bold")]


def _path(path: ChartSeries, x: AxisScale, y: AxisScale, fan: bool) -> list[Layer]:
    strong = path.index == 0
    bands = [("q05", "q95", 0.16), ("q25", "q75", 0.3)] if fan else [("low", "high", 0.16)]
    encoding = {
        "x": {"field": "t", "type": "quantitative", "scale": x.vega(), "axis": axis(x, grid=False)},
        "y": {"field": "value", "type": "quantitative", "scale": y.vega(), "axis": axis(y)},
    }
    layers: list[Layer] = []
    for low, high, opacity in bands:
        rows = [row for row in path.rows if row.get(low) is not None and row.get(high) is not None]
        if rows:
            mark = {"type": "area", "color": theme.fill(path.index), "opacity": opacity * (1 if strong else 0.6)}
            band = {"x": encoding["x"], "y": {**encoding["y"], "field": low}, "y2": {"field": high}}
            layers.append({"data": {"values": _only(rows, "t", low, high)}, "mark": mark, "encoding": band})
    mark = {"type": "line", "color": theme.fill(path.index), "strokeWidth": 2.5 if strong else 1.8}
    layers.append({"data": {"values": _only(path.rows, "t", "value")}, "mark": mark, "encoding": encoding})
    return layers


def _ends(
    paths: Sequence[ChartSeries],
    names: Sequence[list[str]],
    heights: Sequence[float],
    x: AxisScale,
    y: AxisScale,
    box: TextBox,
) -> list[Layer]:
    """Layers of a dot at each path's end, its label beside the plot, and a thin line between the two."""
    targets = [(1 - y.at(path.end["value"])) * box.height for path in paths]
    centres = spread_labels(targets, heights, 0, box.height)
    points, links, labels = [], [], []
    for path, name, target, centre in zip(paths, names, targets, centres, strict=True):
        end = x.at(path.end["t"]) * box.width
        points.append({"x": round(end, 2), "y": round(target, 2), "colour": theme.fill(path.index)})
        links.append({"x": end + 3, "x2": box.width + 12, "y": target, "y2": centre, "colour": theme.fill(path.index)})
        top = centre - (len(name) - 1) * _LINE / 2
        labels += [
            TextMark(box.width + 16, top + i * _LINE, line, theme.LABEL, theme.ink(path.index), bold=True)
            for i, line in enumerate(name)
        ]
    return [rules(links, 1, 0.5), dots(points, 45), *texts(labels)]


def _now(caption: Caption, x: AxisScale, box: TextBox, fan: bool) -> list[Layer]:
    """Layers of a dashed line at the date of the evidence, where a fan goes beyond it."""
    now = decimal_year(caption.as_of.isoformat())
    if not fan or not x.low < now < x.high:
        return []
    at = x.at(now) * box.width
    line = rules([{"x": at, "x2": at, "y": 0, "y2": box.height, "colour": theme.AXIS}], 1, 1, (4, 3))
    right = at > box.width / 2
    month = f"{MONTHS[caption.as_of.month - 1]} {caption.as_of.year}"
    word = TextMark(at + (-5 if right else 5), 8, month, theme.NOTE, theme.MUTED, "right" if right else "left")
    return [line, *texts([word])]


def _only(rows: Sequence[Mapping[str, Any]], *keys: str) -> list[dict[str, Any]]:
    return [{key: row[key] for key in keys} for row in rows]

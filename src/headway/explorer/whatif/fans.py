"""Fans over time: the scenario in bands, the baseline dashed, rivals as lines; axes stay while a slider moves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from headway.charts import Caption, theme
from headway.charts.layout import AxisScale, linear, spread_labels, text_width, time, wrap
from headway.charts.marks import (
    MARGIN,
    Layer,
    TextBox,
    TextMark,
    axis,
    chart_frame,
    dots,
    picture_specification,
    rules,
    texts,
)
from headway.core import wording

Floats = npt.NDArray[np.float64]
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
_LINE = theme.LABEL * 1.2


@dataclass(frozen=True, slots=True)
class Fan:
    """Quantiles of one country's series by year, (levels, years), under the changes and as things go.

    `structure` is that of the long run from which they come, empty where there is one alone.
    """

    name: str
    now: Floats
    base: Floats
    structure: str = ""


@dataclass(frozen=True, slots=True)
class DateMark:
    """Dated event in a chart, at a decimal year of its axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart of one series: the focal country first, then rivals.

    Attributes:
        half: whether the band of 50% is drawn too. whole: values are told as whole numbers, such as months.
        banded: how many fans, the first ones, have bands; the others are lines.
        marks: those that would be marked, the most wanted first; as many are drawn as have room for their words.
        dashed: whether the first fan is also drawn as things go, where it differs or not.
        mark_rows: rows that are kept for them above the plot, the same while a slider moves.
    """

    title: str
    unit: str
    years: Sequence[int]
    fans: Sequence[Fan]
    changed: bool
    half: bool
    note: str
    source: str
    caption: Caption
    whole: bool = False
    banded: int = 1
    marks: Sequence[DateMark] = ()
    mark_rows: int = 0
    dashed: bool = True


MARK_LINE = theme.NOTE * 1.25


def placed(chart: Drawn, width: float, beside: float) -> list[tuple[DateMark, float, int]]:
    """Marks that have room for their words, from left to right: mark, px from the left of the plot, row from the top.

    Words begin at the mark's line. One that falls under the words of an earlier mark takes the row below them, so that
    no line crosses words; one that finds no row is left out.

    Args:
        width: of the plot, px. beside: px right of it that words may take.
    """
    low, high = min(chart.years), max(chart.years)
    kept: list[tuple[DateMark, float, int]] = []
    for mark in chart.marks:
        if not low <= mark.at <= high:
            continue
        tried = sorted(
            [*((one, x) for one, x, _ in kept), (mark, (mark.at - low) / (high - low) * width)],
            key=lambda pair: pair[1],
        )
        rows: list[tuple[DateMark, float, int]] = []
        for one, x in tried:
            row = max((k + 1 for other, at, k in rows if at + 3 + _mark_width(other) + 8 > x), default=0)
            rows.append((one, x, row))
        if all(row < chart.mark_rows and x + 3 + _mark_width(one) <= width + beside for one, x, row in rows):
            kept = rows
    return kept


def _mark_width(mark: DateMark) -> float:
    return text_width(mark.label, theme.NOTE)


def draw(chart: Drawn, width: float) -> dict[str, Any]:
    """The specification, `width` px wide. Scales follow the baseline; a scenario beyond widens them by whole ticks."""
    y = _scale(chart)
    surround = chart_frame(chart.title, chart.unit, chart.note, source=chart.source, caption=chart.caption, width=width)
    names = _names(chart, 0.24 * width)
    heights = [len(name) * _LINE + 4 for name, _, _ in names]
    column = max(
        text_width("00,000", theme.LABEL, "Bold"),
        *(text_width(line, theme.LABEL, "Bold") for n, _, _ in names for line in n),
    )
    column = 24 * math.ceil(column / 24)  # in steps, so that a moving slider does not move the plot
    left = MARGIN + max(text_width(label, theme.TICK) for label in y.labels) + 8
    height = max(250.0 if width >= 480 else 210.0, sum(heights))
    strip = chart.mark_rows * MARK_LINE + 4 * bool(chart.mark_rows)
    box = TextBox(width, left, column + 22 + MARGIN, surround.top + strip, 22 + surround.bottom, height)
    x = time([float(year) for year in chart.years], box.width).thinned(box.width)
    axes, fans = Axes(x, y), [told(chart.years, fan.now) for fan in chart.fans]
    above = [replace(text, y=text.y - strip) for text in surround.above(left)]
    layers = [
        *(_line(fan, 2, axes, theme.fill(i), 1.8) for i, fan in enumerate(fans) if i >= chart.banded),
        *(
            layer
            for i, fan in enumerate(fans[: chart.banded])
            for layer in _bands(fan, axes, chart.half, theme.fill(i))
        ),
        *(_baseline(told(chart.years, chart.fans[0].base), axes) if chart.dashed else ()),
        *_marks(placed(chart, box.width, box.right - MARGIN), strip, height),
        *(_line(fan, 2, axes, theme.fill(i), 2.6) for i, fan in enumerate(fans[: chart.banded])),
        *_ends(names, heights, y, box, chart.banded),
        *texts([*above, *surround.below(left, height + 22)]),
    ]
    return picture_specification(box, layers, chart.title)


def _marks(shown: Sequence[tuple[DateMark, float, int]], strip: float, height: float) -> list[Layer]:
    """A line at each date with its words beside its top."""
    lines, words = list[dict[str, object]](), list[TextMark]()
    for mark, x, row in shown:
        top = row * MARK_LINE - strip
        lines.append({"x": round(x, 2), "x2": round(x, 2), "y": round(top, 2), "y2": height, "colour": theme.AXIS})
        words.append(TextMark(x + 3, top + MARK_LINE / 2, mark.label, theme.NOTE, theme.MUTED))
    return [rules(lines, 1, 0.75, (1, 3)), *texts(words)]


def _scale(chart: Drawn) -> AxisScale:
    def edges(key: str) -> list[float]:
        banded = [getattr(fan, key) for fan in chart.fans[: chart.banded]]
        lines = [getattr(fan, key)[2] for fan in chart.fans]
        known = [part[~np.isnan(part)] for part in (*banded, *lines)]
        return [float(v) for part in known if part.size for v in (part.min(), part.max())] or [0.0]

    base = edges("base")
    fixed = linear(base)
    now = edges("now")
    inside = fixed.low <= min(now) and max(now) <= fixed.high
    return fixed if inside else linear([*base, *now])


class Told(NamedTuple):
    """Years in which a fan can be told, and its quantiles in them, level by level."""

    years: list[float]
    paths: list[list[float]]

    def rows(self, **levels: int) -> list[dict[str, float]]:
        """A row a year: `t`, and the quantile of every named level."""
        names = ("t", *levels)
        columns = zip(self.years, *(self.paths[level] for level in levels.values()), strict=True)
        return [dict(zip(names, values, strict=True)) for values in columns]


def told(years: Sequence[int], quantiles: Floats) -> Told:
    """A fan without the years that it leaves out, (levels, years)."""
    known = ~np.isnan(quantiles).any(axis=0)
    return Told(np.asarray(years, float)[known].tolist(), quantiles[:, known].round(4).tolist())


class Axes:
    """How all lines and bands of a chart are placed; written once."""

    def __init__(self, x: AxisScale, y: AxisScale) -> None:
        self._x = {"field": "t", "type": "quantitative", "scale": x.vega(), "axis": axis(x, grid=False)}
        self._y = {"type": "quantitative", "scale": y.vega(), "axis": axis(y)}

    def __call__(self, field: str) -> dict[str, Any]:
        return {"x": self._x, "y": {"field": field, **self._y}}


def _line(fan: Told, level: int, axes: Axes, colour: str, size: float, dash: Sequence[int] = ()) -> Layer:
    mark: Layer = {"type": "line", "color": colour, "strokeWidth": size, "clip": True}
    if dash:
        mark["strokeDash"] = list(dash)
    return {"data": {"values": fan.rows(v=level)}, "mark": mark, "encoding": axes("v")}


def _bands(fan: Told, axes: Axes, half: bool, colour: str) -> list[Layer]:
    layers = []
    for low, high, opacity in ((0, 4, 0.16), *(((1, 3, 0.3),) if half else ())):
        mark = {"type": "area", "color": colour, "opacity": opacity, "clip": True}
        encoding = {**axes("a"), "y2": {"field": "b"}}
        layers.append({"data": {"values": fan.rows(a=low, b=high)}, "mark": mark, "encoding": encoding})
    return layers


def _baseline(fan: Told, axes: Axes) -> list[Layer]:
    """Median and 90% edges of the focal country as things go; the shape of the picture is the same without changes."""
    return [
        _line(fan, 2, axes, theme.INK, 1.6, (6, 4)),
        _line(fan, 0, axes, theme.MUTED, 1.0, (2, 3)),
        _line(fan, 4, axes, theme.MUTED, 1.0, (2, 3)),
    ]


def _names(chart: Drawn, room: float) -> list[tuple[list[str], float, int]]:
    """Label in lines, value it stands at, place in the palette (-1: the baseline)."""

    def told(levels: Floats) -> str:
        low, middle, high = (float(levels[k][-1]) for k in (0, 2, 4))
        return wording.number(round(middle)) if chart.whole else wording.amount(middle, "", low, high)

    names = list[tuple[list[str], float, int]]()
    for place, fan in enumerate(chart.fans):
        if place < chart.banded:
            low, high = (float(fan.now[k][-1]) for k in (0, 4))
            ends = wording.whole_interval(low, high) if chart.whole else wording.interval(low, high)
            lines = [*wrap(fan.name, room, theme.LABEL, "Bold"), f"{told(fan.now)} ({ends})"]
        else:
            lines = wrap(f"{fan.name} {told(fan.now)}", room, theme.LABEL, "Bold")
        names.append((lines, float(fan.now[2][-1]), place))
    if chart.changed:
        base = chart.fans[0].base
        names.insert(1, ([f"as things go {told(base)}"], float(base[2][-1]), -1))
    return names


def _ends(
    names: Sequence[tuple[list[str], float, int]], heights: Sequence[float], y: AxisScale, box: TextBox, banded: int
) -> list[Layer]:
    targets = [(1 - min(1.0, max(0.0, y.at(value)))) * box.height for _, value, _ in names]
    centres = spread_labels(targets, heights, 0, box.height)
    points, links, labels = [], [], []
    for (name, _, place), target, centre in zip(names, targets, centres, strict=True):
        fill, ink = (theme.INK, theme.INK) if place < 0 else (theme.fill(place), theme.ink(place))
        points.append({"x": round(box.width, 2), "y": round(target, 2), "colour": fill})
        links.append({"x": box.width + 3, "x2": box.width + 12, "y": target, "y2": centre, "colour": fill})
        top = centre - (len(name) - 1) * _LINE / 2
        labels += [
            TextMark(box.width + 16, top + i * _LINE, line, theme.LABEL, ink, bold=0 <= place < banded)
            for i, line in enumerate(name)
        ]
    return [rules(links, 1, 0.5), dots(points, 40), *texts(labels)]

"""Layout in px: widths of text in Noto Sans, line breaks, places of labels without overlap, and axis scales.

Axis scales have fixed domains and round ticks: linear, logarithmic, ranks, and time in decimal years.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Literal

from headway.charts.theme import TICK
from headway.core import wording

Face = Literal["Regular", "Bold"]
_UNKNOWN = 1000  # thousandths of an em; wide, so that what is not measured is not clipped


@lru_cache(maxsize=1)
def _advances() -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = json.loads(
        files("headway.charts").joinpath("fonts/advances.json").read_text("utf-8")
    )
    return table


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, face: Face = "Regular") -> float:
    """Width of `text` in px at font size `size`."""
    table = _advances()[face]
    return sum(table.get(character, _UNKNOWN) for character in text) * size / 1000


def wrap(text: str, room: float, size: float, face: Face = "Regular") -> list[str]:
    """Lines of `text`, each no wider than `room` px; a word wider than that is broken inside."""
    return list(_wrapped(text, room, size, face))


@lru_cache(maxsize=2048)
def _wrapped(text: str, room: float, size: float, face: Face) -> tuple[str, ...]:
    """Lines of `text`, cached: the words around a chart stay while its numbers move."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in _pieces(word, room, size, face):
            longer = f"{line} {piece}" if line else piece
            if line and text_width(longer, size, face) > room:
                lines.append(line)
                line = piece
            else:
                line = longer
    return (*lines, line) if line else tuple(lines)


def _pieces(word: str, room: float, size: float, face: Face) -> list[str]:
    pieces, piece = [], ""
    for character in word:
        if piece and text_width(piece + character, size, face) > room:
            pieces.append(piece)
            piece = ""
        piece += character
    return [*pieces, piece]


def covers(character: str) -> bool:
    """Whether the shipped font has `character`."""
    return character in _advances()["Regular"]


def spread_labels(targets: Sequence[float], heights: Sequence[float], low: float, high: float) -> list[float]:
    """Centres of labels of given heights (px) within [low, high], without overlap, least squares from their targets.

    The order of the targets is kept. Stacked labels at the best common offset are an isotonic regression (pool adjacent
    violators); a stack that leaves the range is moved back into it. Labels that cannot fit start at `low` and run over.
    """
    order = sorted(range(len(targets)), key=lambda i: (targets[i], i))
    stacked = 0.0  # distance from the first centre to this one when labels touch
    offsets: list[float] = []
    for position, i in enumerate(order):
        if position:
            stacked += (heights[order[position - 1]] + heights[i]) / 2
        offsets.append(stacked)
    free = _isotonic([targets[i] - offset for i, offset in zip(order, offsets, strict=True)])
    if not order:
        return []
    first = low + heights[order[0]] / 2
    last = max(first, high - heights[order[-1]] / 2 - stacked)
    centres = [0.0] * len(targets)
    for i, offset, value in zip(order, offsets, free, strict=True):
        centres[i] = offset + min(last, max(first, value))
    return centres


def _isotonic(values: Sequence[float]) -> list[float]:
    """Nearest non-decreasing sequence, by pooling adjacent violators."""
    blocks: list[tuple[float, int]] = []
    for value in values:
        mean, count = value, 1
        while blocks and blocks[-1][0] > mean:
            before, size = blocks.pop()
            mean, count = (before * size + mean * count) / (size + count), size + count
        blocks.append((mean, count))
    return [mean for mean, count in blocks for _ in range(count)]


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class AxisScale:
    """Domain, ticks and labels of an axis, in the unit of the data."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    log: bool = False

    def at(self, value: float) -> float:
        """Position of a value as a fraction of the axis: 0 at `low`, 1 at `high`."""
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def thinned(self, room: float) -> AxisScale:
        """Scale with the same domain and as many ticks as have room for their labels on an axis of `room` px."""
        widest = max(text_width(label, TICK) for label in self.labels) + 8
        every = next(
            n for n in range(1, len(self.ticks) + 1) if self._spacing(n) * room >= widest or n == len(self.ticks)
        )
        return replace(self, ticks=self.ticks[::every], labels=self.labels[::every])

    def _spacing(self, every: int) -> float:
        kept = [self.at(tick) for tick in self.ticks[::every]]
        return min((b - a for a, b in pairwise(kept)), default=1.0)

    def vega(self) -> dict[str, object]:
        """Vega-Lite scale with exactly this domain."""
        return {"domain": [self.low, self.high], "nice": False, "zero": False, "type": "log" if self.log else "linear"}


def linear(values: Sequence[float], count: int = 5, *, zero: bool = False) -> AxisScale:
    """Linear scale from one round number to another over all values (and 0 with `zero`), about `count` ticks."""
    low, high = min(values), max(values)
    if zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high - low <= 1e-12 * max(abs(high), abs(low), 1e-300):
        spread = abs(high) / 10 or 1.0
        low, high = low - (0 if zero and low == 0 else spread), high + spread
    step = _step((high - low) / count)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(float(f"{i * step:.12g}") for i in range(first, last + 1))
    return AxisScale(ticks[0], ticks[-1], ticks, tuple(tick_label(tick, step) for tick in ticks))


def logarithmic(values: Sequence[float], count: int = 6) -> AxisScale:
    """Logarithmic scale from one power of ten to another that covers all values, which must be positive."""
    first = math.floor(math.log10(min(values)) + 1e-9)
    last = math.ceil(math.log10(max(values)) - 1e-9)
    if first == last:
        last += 1
    every = max(1, math.ceil((last - first) / count))
    powers = [p for p in range(first, last + 1) if (p - first) % every == 0]
    labels = tuple(_power_label(power) for power in powers)
    return AxisScale(10.0**first, 10.0**last, tuple(10.0**p for p in powers), labels, log=True)


def ranks(values: Sequence[float], count: int = 6) -> AxisScale:
    """Scale of ranks, from the first place to the last of `values`."""
    last = max(values)
    step = max(1.0, _step(last / count))
    ticks = (1.0, *(round(i * step, 6) for i in range(1, math.ceil(last / step) + 1) if i * step > 1))
    return AxisScale(1.0, max(ticks[-1], 2.0), ticks, tuple(tick_label(tick, step) for tick in ticks))


def time(values: Sequence[float], room: float) -> AxisScale:
    """Scale of decimal years, ticked in months where the span is short; one tick to about 55 px of `room`."""
    low, high = min(values), max(values)
    if high - low < 1e-6:
        low, high = low - 0.5, high + 0.5
    count = max(2.0, room / 55)
    span = high - low
    step = next((s for s in (1 / 12, 0.25, 0.5, 1, 2, 5, 10, 20, 50) if span / s <= count), 100)
    first, last = math.ceil(low / step - 1e-6), math.floor(high / step + 1e-6)
    ticks = tuple(round(i * step, 9) for i in range(first, last + 1)) or (low,)
    return AxisScale(low, high, ticks, tuple(_date_label(tick, step) for tick in ticks))


def decimal_year(text: str) -> float:
    """Decimal year of a period: of a day as it is, of a month or quarter at its end, of a year its number.

    Raises:
        ValueError: not a period.
    """
    if match := re.fullmatch(r"(\d{4})-?Q([1-4])", text):
        return int(match[1]) + int(match[2]) / 4
    if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return int(match[1]) + int(match[2]) / 12
    if re.fullmatch(r"\d{4}", text):
        return float(text)
    day = dt.date.fromisoformat(text[:10])
    start, end = dt.date(day.year, 1, 1), dt.date(day.year + 1, 1, 1)
    return day.year + (day - start).days / (end - start).days


def tick_label(value: float, step: float) -> str:
    """Label of a tick: a round number with just the decimals that its step needs."""
    if abs(value) >= 1e6:
        return wording.number(value).replace(" million", "m").replace(" billion", "bn").replace(" trillion", "tn")
    if step < 1e-4:
        return f"{value:.3g}".replace("-", "−")
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) if step < 1 else 0
    text = f"{abs(value):,.{decimals}f}"
    return f"−{text}" if value < 0 else text


def _step(raw: float) -> float:
    power = 10.0 ** math.floor(math.log10(raw))
    return next(multiple * power for multiple in (1, 2, 5, 10) if multiple * power >= raw * 0.999)


def _power_label(power: int) -> str:
    if -3 <= power <= 5:
        return f"{10**power:,g}" if power < 0 else f"{10**power:,}"
    return "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _date_label(value: float, step: float) -> str:
    year = math.floor(value + 1e-6)
    if step >= 1:
        return str(year)
    month = round((value - year) * 12) % 12
    return str(year) if month == 0 else MONTHS[month]

"""World map of one value a country, as SVG that is complete without a script: of the first page or an indicator."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import numpy as np
from markupsafe import Markup, escape

from headway.charts import Caption, theme
from headway.charts.layout import text_width
from headway.charts.marks import TextMark, chart_frame
from headway.core import wording
from headway.site.home import HomeRow

MapClass = tuple[float, str, str]
"""Upper end of a class (not included), its fill and its words."""

FILLS = ("#d3e8f6", "#8cc4e8", "#3d93cb", "#00619c", "#08365c")
"""Fills of classes: one hue, in steps of lightness."""

CLASSES: tuple[MapClass, ...] = (
    (12.0, FILLS[4], "under 12 months"),
    (18.0, FILLS[3], "12 to 18"),
    (24.0, FILLS[2], "18 to 24"),
    (30.0, FILLS[1], "24 to 30"),
    (float("inf"), FILLS[0], "30 and more"),
)
"""Classes of the months behind the frontier."""

_RADIUS = 3.4  # px of the circle of a small state
_LETTER, _LINE = 6.5, 10.0  # px of a number on the map
_ROOM = 600.0  # px across from which countries have room for numbers
_ROW, _BOX, _GAP = 18.0, 20.0, 14.0  # px of the legend: height of a row, width of a colour, space between entries


@dataclass(frozen=True, slots=True)
class MapArea:
    """One country on a map.

    Attributes:
        value: by which it is filled; None where it is not known.
        told: its name and value in words.
        number: written on it where it has room; empty for none.
        sure: whether its number goes before others where two would cover each other.
    """

    code: str
    value: float | None
    told: str
    number: str = ""
    sure: bool = True


@dataclass(frozen=True)
class WorldMap:
    """Map of the first page and what stands below it.

    Attributes:
        shown: countries with a distance, nearest to the frontier first.
        hatched: number of other countries that have a page.
        source: of the outlines, with its address and licence.
    """

    picture: Markup
    shown: Sequence[HomeRow]
    hatched: int
    source: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MapWords:
    """Texts around a map that stands by itself.

    Attributes:
        unit: line under the title. note: line under the legend. unknown: words for hatched countries.
        alternative: the map in words, for who cannot see it.
    """

    title: str
    unit: str
    note: str
    unknown: str
    alternative: str
    source: str


@lru_cache(maxsize=1)
def outlines() -> Mapping[str, Any]:
    """Outlines of countries, projected, with their source and licence (tools/world_map.py)."""
    found: Mapping[str, Any] = json.loads(files("headway.site").joinpath("data", "world.json").read_bytes())
    return found


def class_of(value: float, classes: Sequence[MapClass] = CLASSES) -> int:
    """Index in `classes` of a value."""
    return next(index for index, (end, *_) in enumerate(classes) if value < end)


def classes_by_rank(values: Sequence[float]) -> list[MapClass]:
    """Up to five classes with about as many values each, between borders of two significant digits."""
    if not values:
        return []
    borders = sorted({float(f"{border:.2g}") for border in np.quantile(values, (0.2, 0.4, 0.6, 0.8), method="nearest")})
    borders = [border for border in borders if min(values) < border <= max(values)]
    fills = [FILLS[round(place)] for place in np.linspace(0, len(FILLS) - 1, len(borders) + 1)]
    said = [wording.number(border, 2) for border in borders]
    if not said:
        return [(float("inf"), FILLS[2], wording.number(max(values), 2))]
    middle = [f"{low} to {high}" for low, high in pairwise(said)]
    words = [f"under {said[0]}", *middle, f"{said[-1]} and more"]
    return list(zip((*borders, float("inf")), fills, words, strict=True))


def areas(rows: Sequence[HomeRow]) -> list[MapArea]:
    """Countries of the first page as areas of its map; a tilde stands before months that are modelled."""
    return [
        MapArea(
            row.code,
            row.value,
            f"{row.name}: {', '.join(filter(None, (row.months or 'no distance known', row.how)))}",
            "" if row.value is None else f"{'' if row.measured else '~'}{round(row.value)}{'+' if row.beyond else ''}",
            row.measured,
        )
        for row in rows
    ]


def world_map(rows: Sequence[HomeRow], link: Callable[[str], str]) -> WorldMap:
    """Map of the countries among `rows`, groups left out.

    Args:
        link: address of a country's page, by its code.
    """
    drawn = outlines()
    known = [row for row in rows if row.value is not None and row.code in {**drawn["paths"], **drawn["circles"]}]
    hatched = [row for row in rows if row.value is None and row.code in drawn["paths"]]
    head = (
        f'<svg class="world" viewBox="0 0 {drawn["width"]:g} {drawn["height"]:g}" role="group" '
        'aria-labelledby="map-title" font-family="inherit">'
    )
    source = {name: str(drawn[name]) for name in ("source", "url", "licence", "projection")}
    shown = sorted(known, key=lambda row: (row.value or 0.0, row.name))
    return WorldMap(Markup(f"{head}{drawing(areas(rows), CLASSES, link)}</svg>"), shown, len(hatched), source)


def figure(
    places: Sequence[MapArea],
    classes: Sequence[MapClass],
    words: MapWords,
    caption: Caption,
    width: float,
    *,
    link: Callable[[str], str] | None = None,
    background: str = "",
) -> str:
    """Map as an SVG that stands by itself: with title, legend, source and date, `width` px wide.

    Args:
        link: address of a country's page, by its code; without it the picture holds no links, for files and frames.
        background: colour of the ground; empty for none.
    """
    frame = chart_frame(words.title, words.unit, words.note, source=words.source, caption=caption, width=width)
    tall = outlines()["height"] * width / outlines()["width"]
    hatch = f"hatch{round(width)}"
    entries = [*((fill, text) for _, fill, text in classes), (f"url(#{hatch})", words.unknown)]
    boxes, height = _legend(entries, frame.top + tall + 6, width, 0.1 * width / outlines()["width"])
    below = frame.top + tall + 6 + height
    title, told = escape(words.title), escape(words.alternative)
    role = 'role="group" aria-label="{}"' if link else 'role="img" aria-label="{}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="world" width="{width:g}" height="{below + frame.bottom:g}" '
        f'viewBox="0 0 {width:g} {below + frame.bottom:g}" {role.format(f"{title}. {told}")} '
        f'font-family="{theme.FONT}">',
        f'<rect width="100%" height="100%" fill="{background}"/>' if background else "",
        f'<g transform="translate(0 {frame.top:g})">',
        drawing(places, classes, link, width, hatch),
        "</g>",
        '<g class="words" aria-hidden="true">' if link else '<g class="words">',
        *(_text(mark, frame.top) for mark in frame.above(0)),
        *boxes,
        *(_text(mark, 0) for mark in frame.below(0, below)),
        "</g></svg>",
    ]
    return "\n".join(filter(None, lines))


def drawing(
    places: Sequence[MapArea],
    classes: Sequence[MapClass],
    link: Callable[[str], str] | None,
    across: float = 1000.0,
    hatch: str = "hatch",
) -> str:
    """Countries as elements of an SVG, `across` px wide; a country that is not among `places` is an empty outline.

    Args:
        hatch: id of the pattern of countries of which nothing is known.
    """
    drawn = outlines()
    factor = across / drawn["width"]
    by_code = {place.code: place for place in places}
    empty = "".join(f'<path d="{path}"/>' for code, path in drawn["paths"].items() if code not in by_code)
    hatched: list[MapArea] = []
    known: list[MapArea] = []
    for code in {**drawn["paths"], **drawn["circles"]}:
        place = by_code.get(code)
        if place is None or (place.value is None and code not in drawn["paths"]):
            continue  # a circle of which nothing is known would only hide its neighbours
        (hatched if place.value is None else known).append(place)
    return "\n".join(
        [
            _hatching(hatch, factor),
            f'<g class="absent" fill="none" stroke="{theme.AXIS}" stroke-width="{4 / factor:.3g}" '
            f'transform="scale({0.1 * factor:.4g})">{empty}</g>',
            *(_country(place, classes, link, factor, hatch) for place in (*hatched, *known)),
            f'<g class="numbers" aria-hidden="true" font-size="10" font-weight="700" text-anchor="middle" '
            f'dominant-baseline="central" fill="{theme.INK}" stroke="#ffffff" stroke-width="2.6" '
            f'paint-order="stroke" stroke-linejoin="round">{"".join(_numbers(known, factor))}</g>',
        ]
    )


def _hatching(name: str, factor: float) -> str:
    """Pattern of countries of which nothing is known, in the tenths of a unit in which outlines are drawn."""
    step, thick = 50 / factor, 9 / factor
    return (
        f'<defs><pattern id="{name}" width="{step:.4g}" height="{step:.4g}" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><path d="M{step / 5:.4g} 0V{step:.4g}" class="hatch" fill="none" '
        f'stroke="{theme.AXIS}" stroke-width="{thick:.3g}"/></pattern></defs>'
    )


def _country(
    place: MapArea, classes: Sequence[MapClass], link: Callable[[str], str] | None, factor: float, hatch: str
) -> str:
    """A country that says its value, as a link where `link` gives one."""
    drawn = outlines()
    unknown = place.value is None
    style, fill = ("unknown", f"url(#{hatch})") if unknown else ("known", _fill(place, classes))
    path, circle = drawn["paths"].get(place.code), drawn["circles"].get(place.code)
    marks = ""
    if path:
        thick = f'stroke="{theme.AXIS}" stroke-width="{5 / factor:.3g}"'
        marks = f'<path transform="scale({0.1 * factor:.4g})" d="{path}" {thick}/>'
    if circle and not unknown:
        marks += (
            f'<circle cx="{circle[0] * factor:.4g}" cy="{circle[1] * factor:.4g}" '
            f'r="{max(2.6, _RADIUS * factor):.3g}" stroke="{theme.INK}" stroke-width=".5"/>'
        )
    told = f"<title>{escape(place.told)}</title>{marks}"
    shared = f'class="{style}" fill="{fill}" data-code="{place.code}"'
    return f'<a href="{escape(link(place.code))}" {shared}>{told}</a>' if link else f"<g {shared}>{told}</g>"


def _fill(place: MapArea, classes: Sequence[MapClass]) -> str:
    assert place.value is not None
    return classes[class_of(place.value, classes)][1]


def _numbers(places: Sequence[MapArea], factor: float) -> Iterator[str]:
    """Numbers on countries that have room for them; one that would cover an earlier one is left out."""
    if factor * outlines()["width"] < _ROOM:
        return
    taken: list[tuple[float, float, float]] = []
    ordered = sorted(places, key=lambda place: (place.value or 0.0, place.told))
    for place in sorted(ordered, key=lambda place: not place.sure):
        spot = outlines()["labels"].get(place.code)
        if spot is None or not place.number:
            continue
        (x, y), width = (factor * one for one in spot), _LETTER * len(place.number)
        if all(abs(x - x2) > (width + width2) / 2 or abs(y - y2) > _LINE for x2, y2, width2 in taken):
            taken.append((x, y, width))
            yield f'<text x="{x:.4g}" y="{y:.4g}">{escape(place.number)}</text>'


def _legend(entries: Sequence[tuple[str, str]], top: float, width: float, scale: float) -> tuple[list[str], float]:
    """Colours with their words in rows no wider than `width`, and the height of all rows, in px.

    Args:
        scale: of the outlines, in which the pattern is drawn.
    """
    lines, x, y = [], 4.0, top
    for fill, text in entries:
        long = _BOX + 6 + text_width(text, theme.TICK) + _GAP
        if x > 4.0 and x + long - _GAP > width:
            x, y = 4.0, y + _ROW
        lines.append(
            f'<rect transform="translate({x:.4g} {y + 3:.5g}) scale({scale:.4g})" width="{_BOX / scale:.4g}" '
            f'height="{12 / scale:.4g}" fill="{fill}" stroke="{theme.AXIS}" stroke-width="{0.5 / scale:.3g}"/>'
        )
        lines.append(_text(TextMark(x + _BOX + 6, y + 9, text, theme.TICK, theme.INK), 0))
        x += long
    return lines, y + _ROW - top


def _text(mark: TextMark, down: float) -> str:
    weight = ' font-weight="700"' if mark.bold else ""
    return (
        f'<text x="{mark.x:.4g}" y="{mark.y + down:.5g}" font-size="{mark.size:g}" fill="{mark.colour}"{weight} '
        f'dominant-baseline="central">{escape(mark.text)}</text>'
    )


def months_words(rows: Sequence[HomeRow], source: str) -> MapWords:
    """Texts around the map of the months behind the frontier."""
    shown = sorted((row for row in rows if row.value is not None and not row.is_group), key=lambda row: row.value or 0)
    told = "; ".join(f"{row.name}: {row.months}" for row in shown)
    return MapWords(
        "Months behind the best of all other countries",
        "",
        "Plain numbers are measured from published scores, those with a tilde modelled; a plus means more than that. "
        f"{projection()}",
        "no distance known",
        f"{wording.sentence(told)}." if told else "No distance is known.",
        source,
    )


def projection() -> str:
    """Note on how the map is drawn."""
    return f"{outlines()['projection']} projection, which keeps areas; boundaries as Natural Earth draws them."

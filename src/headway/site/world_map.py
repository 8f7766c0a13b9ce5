"""World map of the first page: months behind the frontier by country, as SVG that is complete without a script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from markupsafe import Markup

from headway.site.home import HomeRow

CLASSES: tuple[tuple[float, str, str], ...] = (
    (12.0, "#08365c", "under 12 months"),
    (18.0, "#00619c", "12 to 18"),
    (24.0, "#3d93cb", "18 to 24"),
    (30.0, "#8cc4e8", "24 to 30"),
    (float("inf"), "#d3e8f6", "30 and more"),
)
"""Upper ends in months (not included), fills and words of the classes: one hue, in steps of lightness."""

_RADIUS = 3.4
_LETTER, _LINE = 6.5, 10.0  # of a number on the map, in its units


# Styles of the page that the map has to carry where it stands by itself; paths are drawn at a tenth of their size.
_ALONE = (
    "path{stroke:#7b8792;stroke-width:4} .hatch{stroke:#7b8792;stroke-width:9;fill:none} "
    "circle{stroke:#1b2430;stroke-width:.5} .numbers{font:700 10px 'Noto Sans';text-anchor:middle;"
    "fill:#1b2430;stroke:#fff;stroke-width:2.6px;paint-order:stroke}"
)


@dataclass(frozen=True)
class WorldMap:
    """The map and what stands below it.

    Attributes:
        shown: countries with a distance, nearest to the frontier first.
        hatched: number of other countries that have a page.
        source: of the outlines, with its address and licence.
    """

    picture: Markup
    shown: Sequence[HomeRow]
    hatched: int
    source: Mapping[str, str]


@lru_cache(maxsize=1)
def outlines() -> Mapping[str, Any]:
    """Outlines of countries, projected, with their source and licence (tools/world_map.py)."""
    found: Mapping[str, Any] = json.loads(files("headway.site").joinpath("data", "world.json").read_bytes())
    return found


def class_of(months: float) -> int:
    """Index in `CLASSES` of a distance in months."""
    return next(index for index, (end, *_) in enumerate(CLASSES) if months < end)


def world_map(rows: Sequence[HomeRow]) -> WorldMap:
    """Map of the countries among `rows`; a country that has no row is an empty outline, groups are not drawn."""
    drawn = outlines()
    by_code = {row.code: row for row in rows}
    absent = [f'<path d="{path}"/>' for code, path in drawn["paths"].items() if code not in by_code]
    hatched: list[HomeRow] = []
    known: list[HomeRow] = []
    for code in {**drawn["paths"], **drawn["circles"]}:
        row = by_code.get(code)
        if row is None or (row.value is None and code not in drawn["paths"]):
            continue  # a circle of which nothing is known would only hide its neighbours
        (hatched if row.value is None else known).append(row)
    shown = sorted(known, key=lambda row: (row.value or 0.0, row.name))
    parts = [
        f'<svg class="world" viewBox="0 0 {drawn["width"]:g} {drawn["height"]:g}" role="group" '
        'aria-labelledby="map-title" font-family="inherit">',
        '<defs><pattern id="hatch" width="50" height="50" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path d="M10 0V50" class="hatch"/></pattern></defs>',
        f'<g class="absent" fill="none" transform="scale(.1)">{"".join(absent)}</g>',
        *(_country(row) for row in (*hatched, *known)),
        f'<g class="numbers" aria-hidden="true">{"".join(_numbers(shown))}</g>',
        "</svg>",
    ]
    source = {name: str(drawn[name]) for name in ("source", "url", "licence", "projection")}
    return WorldMap(Markup("\n".join(parts)), shown, len(hatched), source)


def alone(made: WorldMap) -> str:
    """The map as an SVG that needs no page: size, white ground and the styles that the page gives it."""
    drawn = outlines()
    size = f'width="{drawn["width"]:g}" height="{drawn["height"]:g}" xmlns="http://www.w3.org/2000/svg"'
    ground = f'<style>{_ALONE}</style><rect width="100%" height="100%" fill="#ffffff"/>'
    return str(made.picture).replace("<svg ", f"<svg {size} ", 1).replace("<defs>", f"{ground}<defs>", 1)


def _country(row: HomeRow) -> str:
    """A country as a link that says its distance."""
    drawn = outlines()
    style, fill = ("unknown", "url(#hatch)") if row.value is None else ("known", CLASSES[class_of(row.value)][1])
    path, place = drawn["paths"].get(row.code), drawn["circles"].get(row.code)
    marks = f'<path transform="scale(.1)" d="{path}"/>' if path else ""
    if place and row.value is not None:
        marks += f'<circle cx="{place[0]}" cy="{place[1]}" r="{_RADIUS}"/>'
    told = Markup("{}: {}").format(row.name, ", ".join(filter(None, (row.months or "no distance known", row.how))))
    link = f'<a href="countries/{row.code}.html" class="{style}" fill="{fill}" data-code="{row.code}">'
    return f"{link}<title>{told}</title>{marks}</a>"


def _numbers(rows: Sequence[HomeRow]) -> Iterator[str]:
    """Months in figures on countries that have room for them, with a tilde where they are modelled.

    A number that would cover an earlier one is left out.
    """
    taken: list[tuple[float, float, float]] = []
    for row in sorted(rows, key=lambda row: not row.measured):
        place = outlines()["labels"].get(row.code)
        if place is None or row.value is None:
            continue
        text = f"{'' if row.measured else '~'}{round(row.value)}"
        (x, y), width = place, _LETTER * len(text)
        if all(abs(x - x2) > (width + width2) / 2 or abs(y - y2) > _LINE for x2, y2, width2 in taken):
            taken.append((x, y, width))
            yield f'<text x="{x}" y="{y}">{text}</text>'

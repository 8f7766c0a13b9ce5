"""Outlines of countries for the map of the site, from the two files of Natural Earth in the npm package world-atlas.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/world_map.py package/countries-110m.json package/countries-10m.json

Needs the package itself.

Outlines are projected with Equal Earth (Šavrič, Patterson and Jenny 2018), which keeps areas, and written as paths of
SVG in tenths of a unit, in a frame of 1000 units across. A country whose outline would hardly be seen also gets the
place of a circle, a large one the place of a number.
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any

from headway.core.errors import InputError
from headway.evidence.countries import resolve

OUT = Path(__file__).parents[1] / "src/headway/site/data/world.json"
WIDTH = 1000.0
SMALL = 30.0  # square units, about 38,000 km², below which a country gets a circle
MERGED = {"N. Cyprus": "CYP", "Somaliland": "SOM"}  # drawn with the country that ISO 3166 counts them to
LABELLED = 60.0  # square units, from which a country has room for a number
LEFT_OUT = {"Antarctica"}  # nobody's, and a third of the frame's height

Point = tuple[float, float]
Ring = list[Point]


def project(longitude: float, latitude: float) -> Point:
    """Equal Earth: x and y of degrees, y upwards."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    m = math.sqrt(3) / 2
    theta = math.asin(m * math.sin(math.radians(latitude)))
    t2 = theta * theta
    t6 = t2**3
    x = math.radians(longitude) * math.cos(theta) / (m * (a1 + 3 * a2 * t2 + t6 * (7 * a3 + 9 * a4 * t2)))
    return x, theta * (a1 + a2 * t2 + t6 * (a3 + a4 * t2))


SCALE = WIDTH / (2 * project(180, 0)[0])
TOP = project(0, 83.7)[1]
HEIGHT = round((TOP - project(0, -56)[1]) * SCALE, 1)


def placed(longitude: float, latitude: float) -> Point:
    """Place in the frame, y downwards."""
    x, y = project(longitude, latitude)
    return x * SCALE + WIDTH / 2, (TOP - y) * SCALE


def rings(topology: dict[str, Any]) -> dict[str, list[Ring]]:
    """Outer rings of every country in degrees, by its code."""
    (kx, ky), (dx, dy) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs: list[Ring] = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            line.append((x * kx + dx, y * ky + dy))
        arcs.append(line)

    def ring(numbers: list[int]) -> Ring:
        line: Ring = []
        for number in numbers:
            part = arcs[number] if number >= 0 else arcs[~number][::-1]
            line += part[1:] if line else part
        return line

    found: dict[str, list[Ring]] = defaultdict(list)
    for shape in topology["objects"]["countries"]["geometries"]:
        name = shape["properties"]["name"]
        if name in LEFT_OUT or not shape.get("arcs"):
            continue
        try:
            code = MERGED.get(name) or resolve(name).code
        except InputError:
            continue  # a base, a reef or a zone without a code
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        found[code] += [part for polygon in polygons for part in cut(ring(polygon[0]))]
    return found


def cut(ring: Ring) -> list[Ring]:
    """A ring that crosses the meridian of 180 degrees as two that end there; any other as it is."""
    turned = [ring[0]]
    for longitude, latitude in ring[1:]:
        last = turned[-1][0]
        turned.append((longitude + 360 * round((last - longitude) / 360), latitude))
    east, west = max(x for x, _ in turned), min(x for x, _ in turned)
    edge = 180 if east > 180 else -180 if west < -180 else None
    if edge is None:
        return [turned]
    parts = (clipped(turned, edge, side) for side in (-1, 1))
    return [[(x - 360 * round(x / 400), y) for x, y in part] for part in parts if part]


def clipped(ring: Ring, edge: float, side: int) -> Ring:
    """The part of a ring with longitudes below the edge (side −1) or above it (side 1)."""
    kept: Ring = []
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        inside, then = (x1 - edge) * side >= 0, (x2 - edge) * side >= 0
        if inside:
            kept.append((x1, y1))
        if inside != then:
            kept.append((edge, y1 + (y2 - y1) * (edge - x1) / (x2 - x1)))
    return kept


def area(ring: Ring) -> float:
    """Area of a ring, without its sign."""
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True))) / 2


def centre(ring: Ring) -> Point:
    """Centre of a ring's points."""
    return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)


def middle(ring: Ring) -> Point:
    """Centre of mass of a ring's area."""
    pairs = list(zip(ring, ring[1:] + ring[:1], strict=True))
    double = sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)
    x = sum((x1 + x2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairs) / (3 * double)
    return x, sum((y1 + y2) * (x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairs) / (3 * double)


def path(ring: Ring) -> str:
    """A ring as a path in tenths of a unit, by steps; empty where nothing is left of it."""
    tenths = [(round(10 * x), round(10 * y)) for x, y in ring]
    moves = [(x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in pairwise(tenths)]
    steps = " ".join(f"{dx} {dy}" for dx, dy in moves if dx or dy).replace(" -", "-")
    return f"M{tenths[0][0]} {tenths[0][1]}l{steps}z" if steps else ""


def main(coarse: str, fine: str) -> None:
    shapes = {
        code: [[placed(*point) for point in ring] for ring in found]
        for code, found in rings(json.loads(Path(coarse).read_bytes())).items()
    }
    sizes = {code: sum(map(area, found)) for code, found in shapes.items()}
    circles = {}
    for code, found in rings(json.loads(Path(fine).read_bytes())).items():
        if sizes.get(code, 0.0) < SMALL:
            x, y = centre([placed(*point) for point in max(found, key=area)])
            circles[code] = [round(x, 1), round(y, 1)]
    labels = {code: max(found, key=area) for code, found in shapes.items()}
    text = {
        "source": "Natural Earth, countries at 1:110 million (and 1:10 million for the places of circles), version 4.1,"
        " by way of world-atlas 2.0.2",
        "url": "https://www.naturalearthdata.com",
        "licence": "public domain",
        "projection": "Equal Earth",
        "width": WIDTH,
        "height": HEIGHT,
        "paths": {code: "".join(map(path, shapes[code])) for code in sorted(shapes)},
        "labels": {
            code: [round(part, 1) for part in middle(ring)]
            for code, ring in sorted(labels.items())
            if area(ring) >= LABELLED
        },
        "circles": {code: circles[code] for code in sorted(circles)},
    }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(text, ensure_ascii=False, indent=0, separators=(",", ":")) + "\n", "utf-8")
    print(f"{OUT}: {len(shapes)} outlines, {len(circles)} circles, {OUT.stat().st_size} bytes, height {HEIGHT}")


if __name__ == "__main__":
    main(*sys.argv[1:3])

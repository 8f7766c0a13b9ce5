"""Charts: nothing is clipped, nothing overlaps, and each says where it comes from."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import made_brief as made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.charts import NARROW, WIDE, Caption, png, specification, svg
from headway.charts.layout import text_width
from headway.findings import Picture

CAPTION = Caption(made.AS_OF, 0.9, "Known runs only; what a country keeps secret is not in it.")
LONG = replace(
    made.INTERVALS,
    title="A title of more words than fit on one line of a phone, then some more of them for a desk, really",
    rows=(
        {"label": "Democratic Republic of the Congo and its provinces", "value": 3e12, "low": 1e12, "high": 9e12},
        {"label": "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "value": 2.0, "low": 1.0, "high": 3.0},
    ),
)  # fmt: skip
CROWD = replace(
    made.LINES,
    rows=tuple(
        {"label": f"Country number {i}", "date": date, "value": 10 + i / 100}
        for i in range(12)
        for date in ("2024", "2025")
    ),
)
ONE_POINT = replace(made.LINES, rows=({"label": "Arland", "date": "2024Q3", "value": 3.0},))
HUGE = replace(made.BARS, log=True, rows=({"label": "A", "value": 3e26}, {"label": "B", "value": 2e21}))
ALL = (*made.PICTURES, LONG, CROWD, ONE_POINT, HUGE)


@dataclass(frozen=True)
class Box:
    text: str
    left: float
    right: float
    top: float
    bottom: float


def boxes(drawing: str) -> tuple[float, float, list[Box]]:
    """Size of the picture, and where each text lies, by its anchor and the widths of the shipped font."""
    root = ET.fromstring(drawing)
    found = list(_texts(root, 0.0, 0.0))
    return float(root.attrib["width"]), float(root.attrib["height"]), found


def _texts(node: ET.Element, x: float, y: float) -> Iterator[Box]:
    for a, b in re.findall(r"translate\(([-\d.e]+)(?:[, ]([-\d.e]+))?\)", node.attrib.get("transform", "")):
        x, y = x + float(a), y + float(b or 0)
    if node.tag.endswith("}text") and node.text:
        size = float(node.attrib["font-size"].removesuffix("px"))
        wide = text_width(node.text, size, "Bold" if node.attrib.get("font-weight") == "bold" else "Regular")
        before = {"start": 0.0, "middle": 0.5, "end": 1.0}[node.attrib.get("text-anchor", "start")] * wide
        yield Box(node.text, x - before, x - before + wide, y - 0.8 * size, y + 0.25 * size)
    for child in node:
        yield from _texts(child, x, y)


def draw(picture: Picture, room: float) -> str:
    return svg(specification(picture, CAPTION, room), picture.title, picture.alternative)


@pytest.mark.parametrize("room", [WIDE, NARROW, 620])
@pytest.mark.parametrize("picture", ALL, ids=[f"{i}-{p.kind}" for i, p in enumerate(ALL)])
def test_every_text_lies_inside_the_picture_and_none_overlaps(picture: Picture, room: float) -> None:
    wide, high, found = boxes(draw(picture, room))
    assert wide == pytest.approx(room)
    assert len(found) > 5
    for box in found:
        assert box.left >= -0.5, box
        assert box.right <= wide + 0.5, box
        assert box.top >= -0.5, box
        assert box.bottom <= high + 0.5, box
    for i, a in enumerate(found):
        for b in found[i + 1 :]:
            apart = a.right <= b.left + 1 or b.right <= a.left + 1 or a.bottom <= b.top + 2.5 or b.bottom <= a.top + 2.5
            assert apart, (a, b)


@given(
    st.lists(st.tuples(st.text("abcdefgh ÄЖ", min_size=1, max_size=40), st.floats(-1e9, 1e9)), min_size=1, max_size=8),
    st.sampled_from(["intervals", "bars", "waterfall"]),
    st.sampled_from([WIDE, NARROW]),
)
@settings(max_examples=25)
def test_rows_of_any_size_stay_inside(rows: list[tuple[str, float]], kind: Any, room: float) -> None:
    picture = replace(made.BARS, kind=kind, rows=tuple({"label": label, "value": value} for label, value in rows))
    wide, high, found = boxes(draw(picture, room))
    assert all(b.left >= -0.5 and b.right <= wide + 0.5 and b.top >= -0.5 and b.bottom <= high + 0.5 for b in found)


@pytest.mark.parametrize("picture", made.PICTURES, ids=lambda p: p.kind)
def test_a_chart_carries_source_date_and_caveat_and_a_text_alternative(picture: Picture) -> None:
    drawing = draw(picture, WIDE)
    said = " ".join(box.text for box in boxes(drawing)[2])
    assert f"Source: {picture.source}" in said
    assert "As of 22 November 2026." in said
    assert CAPTION.caveat in said
    assert 'role="img"' in drawing
    assert "<title id=" in drawing
    assert picture.alternative.split(".")[0] in drawing


def test_intervals_name_their_level_and_every_row_its_numbers() -> None:
    said = [box.text for box in boxes(draw(made.INTERVALS, WIDE))[2]]
    assert "Dot: central estimate; bar: 90% interval." in said
    assert "27 (21–34)" in said


def test_ids_differ_between_pictures_of_one_page() -> None:
    ids = [set(re.findall(r'id="([^"]+)"', draw(picture, room))) for picture in ALL for room in (WIDE, NARROW)]
    assert sum(map(len, ids)) == len(set().union(*ids))


def test_scales_are_fixed_and_padding_is_explicit() -> None:
    for picture in ALL:
        spec = specification(picture, CAPTION, WIDE)
        assert spec["autosize"] == "none"
        assert set(spec["padding"]) == {"left", "right", "top", "bottom"}
        domains = {
            str(encoding["scale"]["domain"])
            for layer in spec["layer"]
            for encoding in layer["encoding"].values()
            if isinstance(encoding, dict) and encoding.get("scale")
        }
        assert 1 <= len(domains) <= 2


def test_a_picture_without_rows_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="Largest known training run"):
        specification(replace(made.LINES, rows=()), CAPTION)


def test_the_same_picture_gives_the_same_bytes() -> None:
    assert draw(made.FAN, WIDE) == draw(made.FAN, WIDE)


def test_png_is_a_png() -> None:
    assert png(specification(made.BARS, CAPTION, NARROW), scale=1).startswith(b"\x89PNG")


def test_an_interval_that_says_no_more_than_its_number_is_left_away() -> None:
    rows = ({"label": "Money", "value": 2, "low": 2, "high": 2}, {"label": "Talent", "value": 5, "low": 3, "high": 6})
    texts = {box.text for box in boxes(draw(replace(made.INTERVALS, rows=rows), WIDE))[2]}
    assert {"2", "5 (3–6)"} <= texts
    assert not any(text.startswith("2 (") for text in texts)

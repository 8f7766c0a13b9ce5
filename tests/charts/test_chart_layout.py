"""Labels, ticks and line breaks of charts."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from headway.charts import Caption, specification, theme
from headway.charts.layout import decimal_year, linear, logarithmic, ranks, spread_labels, text_width, time, wrap
from headway.findings.finding import Picture

NUMBERS = st.floats(-1e12, 1e12)


@given(st.lists(st.tuples(st.floats(0, 300), st.floats(5, 40)), max_size=8))
def test_labels_never_overlap_and_keep_their_order(items: list[tuple[float, float]]) -> None:
    targets, heights = [t for t, _ in items], [h for _, h in items]
    assume(sum(heights) <= 300)
    centres = spread_labels(targets, heights, 0, 300)
    order = sorted(range(len(items)), key=lambda i: (targets[i], i))
    for above, below in pairwise(order):
        assert centres[above] + heights[above] / 2 <= centres[below] - heights[below] / 2 + 1e-6
    for centre, height in zip(centres, heights, strict=True):
        assert centre - height / 2 >= -1e-6
        assert centre + height / 2 <= 300 + 1e-6


def test_labels_with_room_stay_where_they_belong() -> None:
    assert spread_labels([50, 100, 200], [20, 20, 20], 0, 300) == [50, 100, 200]


def test_two_colliding_labels_share_the_shift() -> None:
    assert spread_labels([100, 110], [20, 20], 0, 300) == [95, 115]


@given(st.lists(NUMBERS, min_size=1, max_size=20), st.booleans())
def test_a_linear_scale_holds_its_values_with_a_handful_of_distinct_ticks(values: list[float], zero: bool) -> None:
    scale = linear(values, zero=zero)
    slack = 1e-6 * (scale.high - scale.low)
    assert scale.low <= min(values) + slack
    assert max(values) <= scale.high + slack
    assert 2 <= len(scale.ticks) <= 9
    assert not zero or scale.low <= 0 <= scale.high


@given(st.lists(st.floats(1e-9, 1e30), min_size=1, max_size=20))
def test_a_log_scale_holds_its_values(values: list[float]) -> None:
    scale = logarithmic(values)
    assert scale.low <= min(values) * (1 + 1e-6)
    assert max(values) <= scale.high * (1 + 1e-6)
    assert len(scale.ticks) <= 8
    assert 0 - 1e-6 <= scale.at(values[0]) <= 1 + 1e-6


def test_ranks_begin_with_the_first() -> None:
    assert ranks([3, 52]).ticks == (1.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0)
    assert ranks([1]).labels[0] == "1"


@pytest.mark.parametrize(
    ("text", "year"),
    [("2024", 2024.0), ("2024Q3", 2024.75), ("2024-06", 2024.5), ("2024-01-01", 2024.0), ("2023-07-02", 2023.4986)],
)
def test_periods_on_a_time_axis(text: str, year: float) -> None:
    assert decimal_year(text) == pytest.approx(year, abs=1e-4)


def test_what_is_no_period_is_an_error() -> None:
    with pytest.raises(ValueError, match="isoformat"):
        decimal_year("last year")


def test_time_ticks_are_years_or_months_by_room() -> None:
    assert time([2020, 2030], 600).labels[:2] == ("2020", "2021")
    assert time([2020, 2030], 200).labels == ("2020", "2025", "2030")
    assert time([2024.5, 2025.0], 600).labels[0] == "Jul"


@given(st.text(max_size=80), st.floats(20, 200))
def test_wrapped_lines_are_no_wider_than_the_room_and_lose_nothing(text: str, room: float) -> None:
    lines = wrap(text, room, 12)
    assert all(text_width(line, 12) <= room or len(line) == 1 for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_no_line_of_a_narrow_waterfall_crosses_the_words_above_its_bars() -> None:
    parts = (("Size", 10.0), ("AI spending as a share of GDP", 8.0), ("Open", -4.0), ("Gap", 14.0))
    rows = tuple({"label": label, "value": value, "total": label == "Gap"} for label, value in parts)
    picture = Picture("waterfall", "Why", rows, "Months", "", "Parts.", "")
    lines = {
        width: [
            one
            for layer in specification(picture, Caption(dt.date(2026, 1, 1), 0.9, ""), width)["layer"]
            for one in layer["data"]["values"]
            if one.get("colour") == theme.AXIS and one["y2"] - one["y"] < 100  # the axis beside bars is long
        ]
        for width in (340.0, 760.0)
    }
    assert len(lines[760.0]) == 3, "beside the bars there is room for all of them"
    links = [one for one in lines[340.0] if one["x"] > 1]
    assert 0 < len(links) < 3
    assert len(lines[340.0]) - len(links) == len(rows), "the axis, bar by bar"

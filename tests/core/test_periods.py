import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.core import periods
from headway.core.errors import InputError


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024Q1", "2024-01-01", "2024-03-31"),
        ("2023Q4", "2023-10-01", "2023-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-05-17", "2024-05-17", "2024-05-17"),
    ],
)
def test_first_and_last_day(text: str, first: str, last: str) -> None:
    assert periods.span(text) == (dt.date.fromisoformat(first), dt.date.fromisoformat(last))


@pytest.mark.parametrize(
    "text", ["", "24", "2024Q5", "2024-13", "2024-02-30", "2024 ", "2024q1", "FY2024", "２０２４", "٢٠٢٤Q1", "0000"]
)
def test_other_forms_are_refused(text: str) -> None:
    with pytest.raises(InputError, match="write 2024, 2024Q3"):
        periods.span(text)


@given(st.dates(dt.date(1950, 1, 1), dt.date(2040, 12, 31)))
def test_a_day_lies_in_its_quarter(day: dt.date) -> None:
    first, last = periods.span(periods.quarter_of(day))
    assert first <= day <= last

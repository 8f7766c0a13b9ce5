"""A quantity prints no more digits than its interval knows."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from headway.core import wording
from headway.findings.recipe import scenario_name


@pytest.mark.parametrize(
    ("value", "unit", "low", "high", "text"),
    [
        (19, "months", 14, 25, "19 months (90%: 14–25)"),
        (40, "months", 27, 40, "40 months (95%: at least 27)"),
        (18, "months", 18, 22, "18 months (95%: at most 22)"),
        (0, "months", 0, 13, "0 months (95%: at most 13)"),
        (1, "rank", 1, 3, "1st (90%: 1st–3rd)"),
        (1.4, "OOM", 1.1, 1.9, "25 times (90%: 13–79)"),
        (1.23e9, "USD", 1e9, 2e9, "$1.2 billion (90%: $1.0–$2.0 billion)"),
        (31, "rank", 27, 38, "31st (90%: 27th–38th)"),
        (0.83, "probability", 0.70, 0.90, "83 in 100 (90%: 70–90)"),
        (4.123, "%", 3.9, 4.4, "4.1% (90%: 3.9–4.4%)"),
        (-3.2, "ECI points", -8, 1, "−3 capability points (90%: −8 to 1)"),
        (123_456, "H100e", 100_000, 150_000, "120,000 H100e (90%: 100,000–150,000)"),
        (41_234, "USD per person", 30_000, 50_000, "$41,000 per person (90%: $30,000–$50,000)"),
    ],
)
def test_digits_follow_the_width_of_the_interval(value: float, unit: str, low: float, high: float, text: str) -> None:
    assert wording.quantity(value, low, high, 0.9, unit) == text


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (1, "months", "1 month"),
        (2, "months", "2 months"),
        (0.0123, "% of GDP", "0.012% of GDP"),
        (0.001, "probability", "fewer than 1 in 100"),
        (1.0, "probability", "more than 99 in 100"),
        (0, "", "0"),
        (-2e9, "2015 USD", "−$2.00 billion"),
    ],
)
def test_an_amount_reads_as_its_unit_is_read(value: float, unit: str, text: str) -> None:
    assert wording.amount(value, unit) == text


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_higher_probability_never_gets_a_lower_word(p: float, q: float) -> None:
    order = [word for _, word in wording.PROBABILITY_SCALE]
    assert order.index(wording.likelihood(min(p, q))) <= order.index(wording.likelihood(max(p, q)))


@given(st.integers(0, 100).filter(lambda percent: percent not in {5, 20, 45, 55, 80, 95}))
def test_the_scale_is_symmetric(percent: int) -> None:
    order = [word for _, word in wording.PROBABILITY_SCALE]
    assert order.index(wording.likelihood(percent / 100)) == 6 - order.index(wording.likelihood((100 - percent) / 100))


@given(st.floats(0, 1))
def test_no_frequency_claims_certainty(p: float) -> None:
    assert not wording.in_hundred(p).startswith(("0 ", "100 "))


@given(st.floats(-1e14, 1e14), st.floats(-1e14, 1e14), st.sampled_from(["months", "USD", "%", "", "ECI points"]))
@example(0.0, 5e-324, "months")
def test_every_interval_can_be_printed_with_a_true_minus_sign(a: float, b: float, unit: str) -> None:
    text = wording.interval(min(a, b), max(a, b), unit)
    assert text
    assert "-" not in text


@pytest.mark.parametrize(
    ("n", "text"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (112, "112th"), (121, "121st"), (1003, "1,003rd")]
)
def test_ordinals(n: int, text: str) -> None:
    assert wording.ordinal(n) == text


def test_dates_and_periods() -> None:
    assert wording.day(dt.date(2026, 11, 22)) == "22 November 2026"
    assert wording.period("2022Q4–2025Q4") == "Q4 2022–Q4 2025"
    assert wording.period("2024-05") == "May 2024"
    assert wording.period("2024-05-17") == "17 May 2024"
    assert wording.period("2024") == "2024"


@pytest.mark.parametrize(
    ("scenario", "name"),
    [
        (None, None),
        ("baseline", None),
        ("no-exodus", "no-exodus"),
        ("my/Own Plan.yaml", "own-plan"),
        ("../файл.yml", "user"),
    ],
)
def test_a_scenario_file_has_a_name_that_fits_an_id(scenario: str | None, name: str | None) -> None:
    assert scenario_name(scenario) == name

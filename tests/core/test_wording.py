"""Numbers and probabilities read the same everywhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.core import wording


@pytest.mark.parametrize(
    ("x", "text"),
    [
        (0, "0"),
        (0.94, "0.94"),
        (12.3456, "12.3"),
        (1.81e6, "1.81 million"),
        (-2.345, "−2.35"),
        (285.9e9, "286 billion"),
    ],
)
def test_numbers(x: float, text: str) -> None:
    assert wording.number(x) == text


@pytest.mark.parametrize(
    ("p", "word"),
    [
        (0, "almost no chance"),
        (0.1, "very unlikely"),
        (0.5, "roughly even chance"),
        (0.8, "likely"),
        (1, "almost certain"),
    ],
)
def test_probability_words_follow_the_stated_scale(p: float, word: str) -> None:
    assert wording.likelihood(p) == word


@pytest.mark.parametrize("p", [-0.1, 1.2])
def test_a_probability_outside_its_range_is_an_error(p: float) -> None:
    with pytest.raises(ValueError, match="not a probability"):
        wording.likelihood(p)


@given(st.floats(0, 1), st.floats(0, 1))
def test_words_are_ordered_like_probabilities(p: float, q: float) -> None:
    order = [word for _, word in wording.PROBABILITY_SCALE]
    low, high = sorted((p, q))
    assert order.index(wording.likelihood(low)) <= order.index(wording.likelihood(high))


def test_small_probabilities_are_not_rounded_to_nothing() -> None:
    assert wording.in_hundred(0.004) == "fewer than 1 in 100"
    assert wording.in_hundred(0.83) == "83 in 100"


def test_lists_and_ratios() -> None:
    assert wording.listing(["A", "B", "C"]) == "A, B and C"
    assert wording.listing(["A"]) == "A"
    assert wording.times(91.7) == "92 times"


@given(st.lists(st.text("abc ", min_size=1, max_size=30), min_size=1, max_size=6), st.integers(20, 90))
def test_a_line_holds_as_many_parts_as_fit_and_always_the_first(parts: list[str], most: int) -> None:
    line = wording.fitting("It: ", parts, most)
    counts = [count for count in range(1, len(parts) + 1) if line == f"It: {', '.join(parts[:count])}."]
    assert counts
    assert len(line) <= most or counts[0] == 1
    following = parts[counts[-1] : counts[-1] + 1]
    assert not following or len(line) + len(following[0]) + 2 > most


@pytest.mark.parametrize(
    "name",
    [
        "Organisation for Economic Co-operation and Development",
        "North Atlantic Treaty Organization",
        "Shanghai Cooperation Organisation",
        "Group of Twenty (its member states)",
        "Baltic states",
        "United Arab Emirates",
        "Isle of Man",
    ],
)
def test_a_name_that_takes_an_article_has_it_inside_a_sentence(name: str) -> None:
    assert wording.the(name) == f"the {name}"
    assert wording.of(name).startswith(f"the {name}’")


@pytest.mark.parametrize("name", ["Mercosur", "BRICS (five members, 2011 to 2023)", "France", "South Africa", "DRAM"])
def test_a_name_that_takes_none_stays_as_it_is(name: str) -> None:
    assert wording.the(name) == name


def test_a_factor_is_never_nothing() -> None:
    assert wording.interval(1.3, 80, "times") == "1–80 times"
    assert wording.interval(0.04, 80, "times") == "0.04–80 times"
    assert wording.interval(-0.2, 80, "months") == "0–80 months"


@pytest.mark.parametrize(
    ("months", "low", "high", "beyond", "told"),
    [
        (28, 22.4, 39.6, 0.0, "28 months behind (90%: 22–40)"),
        (20.4, -1.4, 33.6, 0.0, "20 months behind (90%: 1 ahead to 34 behind)"),
        (20.9, 0.47, 39.0, 0.15, "21 months behind (90%: 0 to more than 39)"),
        (19.9, -1.4, 39.0, 0.07, "20 months behind (90%: 1 ahead to more than 39 behind)"),
        (39.0, 28.7, 39.0, 0.83, "more than 39 months behind (95%: at least 29)"),
        (39.0, -2.0, 39.0, 0.6, "more than 39 months behind (95%: at most 2 ahead)"),
        (39.0, 39.0, 39.0, 0.97, "more than 39 months behind"),
        (-4.8, -29.7, 23.2, 0.04, "5 months ahead (90%: 23 behind to 30 ahead)"),
        (-8.0, -13.0, -3.0, 0.0, "8 months ahead (90%: 3–13)"),
        (0.4, -3.0, 0.4, 0.0, "less than a month behind (95%: at most 3 ahead)"),
        (1.2, 0.1, 4.0, 0.0, "a month behind (90%: 0–4)"),
        (18.0, 18.0, 22.0, 0.0, "18 months behind (95%: at most 22)"),
        (18.0, 9.0, 18.0, 0.0, "18 months behind (95%: at least 9)"),
        (7.0, 7.2, 7.4, 0.0, "7 months behind"),
    ],
)
def test_a_lag_reads_the_same_everywhere(months: float, low: float, high: float, beyond: float, told: str) -> None:
    assert wording.lag(months, low, high, 0.9, beyond=beyond) == told


@given(st.floats(-200, 200), st.floats(0, 90), st.floats(0, 90), st.floats(0, 1))
def test_a_lag_and_the_lead_of_the_other_are_the_same_numbers(
    months: float, below: float, above: float, beyond: float
) -> None:
    low, high = months - below, months + above
    told = wording.lag(months, low, high, 0.9, beyond=beyond)
    assert "−" not in told
    assert "-" not in told
    if months:
        other = wording.lag(-months, -high, -low, 0.9, beyond=beyond, behind="ahead", ahead="behind")
        swapped = told.replace("behind", "x").replace("ahead", "behind").replace("x", "ahead")
        kept = told.partition("(")[0]  # the words given for the two sides were swapped, those inside were not
        assert other == kept + swapped.removeprefix(swapped.partition("(")[0])

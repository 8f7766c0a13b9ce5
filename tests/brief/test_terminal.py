"""The one-screen summary."""

from __future__ import annotations

from dataclasses import replace

import made_brief as made
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from headway.brief.terminal import COLUMNS, LINES, summary

LONG = "A sentence that goes on " * 30 + "ends."


@pytest.mark.parametrize("columns", [60, 80, 100, 200])
def test_it_fits_one_screen(columns: int) -> None:
    lines = summary(made.brief(), columns).plain.split("\n")
    assert len(lines) <= LINES
    assert max(map(len, lines)) <= min(columns, COLUMNS)


@pytest.mark.parametrize("columns", [80, 100])
def test_it_fits_even_when_everything_is_long(columns: int) -> None:
    many = [replace(one, id=one.id.replace("@", f":{i}@"), sentence=LONG) for one in made.findings() for i in range(9)]
    assert len(summary(made.brief(many), columns).plain.split("\n")) <= LINES


@settings(max_examples=20)
@given(st.lists(st.integers(0, 10), unique=True))
def test_every_part_says_something_whatever_was_found(indices: list[int]) -> None:
    text = summary(made.brief([made.findings()[i] for i in indices])).plain
    for label in (
        "1 Ambition",
        "2 Standing",
        "3 Gap",
        "4 Why",
        "5 Strengths",
        "6 What helps",
        "7 Outlook",
        "8 Not known",
    ):
        assert f"\n{label}" in text


def test_it_reads_as_a_judgement_with_words_for_probabilities_and_the_next_commands() -> None:
    text = summary(made.brief()).plain
    assert text.startswith("RUSSIA")
    assert "as of 22 November 2026" in text
    assert "(almost no chance)" in text
    assert "headway brief RUS --html RUS.html" in text
    assert f"headway trace RUS:ambition.probability@{made.AS_OF}" not in text  # rests on no fact
    assert f"headway trace RUS:standing.rank@{made.AS_OF}" in text


def test_details_stay_off_the_screen() -> None:
    assert "olympiads" not in summary(made.brief()).plain


def test_a_short_sentence_may_stand_in_for_a_long_one() -> None:
    one = replace(made.findings()[3], short="It lags by 19 months.")
    assert "It lags by 19 months." in summary(made.brief([one])).plain

"""Strategies as dated mixes, and when their money is felt."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headway.core.errors import InputError
from headway.core.periods import Grid
from headway.strategy.levers import levers
from headway.strategy.mix import Strategy, at_work, named, read_strategies, shares

GRID = Grid.between("2025Q4", "2035Q4")
NICHES = ("science", "language")
TEXT = """\
strategies:
  - strategy: mine
    title: Mine
    mix:
      2027-01-01: {talent: 0.6, education: 0.4}
      2030: {head_on: 1}
"""


def refused(tmp_path: Path, text: str) -> str:
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_strategies(file, levers(), NICHES)
    return str(error.value)


def test_the_named_strategies_ship() -> None:
    names = [one.strategy for one in named()]
    assert names == [
        "status-quo", "head-on", "niche-focus", "collaboration", "talent-first", "domestic-chips", "diversify",
        "balanced",
    ]  # fmt: skip
    assert all(set(mix) <= set(levers().names) for one in named() for mix in one.mix.values())


def test_a_dated_mix_changes_on_its_dates(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(TEXT, encoding="utf-8")
    table = shares(read_strategies(file, levers(), NICHES), levers(), GRID)[0]
    of = {name: table[:, k] for k, name in enumerate(levers().names)}
    row = GRID.names.index
    assert of["talent"][row("2026Q3")] == 0
    assert of["talent"][row("2027Q1")] == pytest.approx(0.6)
    assert of["education"][row("2029Q4") - 1] == pytest.approx(0.4)
    assert of["head_on"][row("2030Q1")] == 1
    assert of["talent"][row("2030Q1")] == 0


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("education: 0.4", "education: 0.5", 4, "add up to 1.1"),
        ("talent", "magic", 4, "no lever 'magic'; known are head_on"),
        ("title: Mine", "title: Mine\n    niches: [magic]", 4, "no niche 'magic'; known are science, language"),
        ("0.6", "-0.6", 5, "greater than or equal to 0"),
        ("2027-01-01", "someday", 5, "date"),
    ],
)
def test_a_refusal_names_file_line_and_field(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    message = refused(tmp_path, TEXT.replace(old, new))
    assert f"mine.yaml, line {line}:" in message
    assert words in message


@given(st.lists(st.floats(0, 5), min_size=41, max_size=41))
def test_money_is_felt_late_and_never_more_than_was_spent(spent: list[float]) -> None:
    money = np.zeros((len(GRID), len(levers().names)))
    money[:] = np.asarray(spent)[:, None]
    felt = at_work(money, levers())
    assert (felt <= money.max() + 1e-9).all()
    assert (felt >= -1e-9).all()
    assert (felt.sum(axis=0) <= money.sum(axis=0) + 1e-9).all()


def test_steady_money_is_felt_in_full_after_delay_and_build_up() -> None:
    felt = at_work(np.ones((len(GRID), len(levers().names))), levers())
    for k, lever in enumerate(levers().levers):
        wait, full = round(4 * lever.delay), round(4 * (lever.delay + lever.build_up))
        assert (felt[:wait, k] == 0).all()
        assert felt[min(full, len(GRID) - 1), k] == pytest.approx(1)


def test_shares_may_leave_money_unspent_but_not_overspend() -> None:
    Strategy(strategy="a", title="A", mix={dt.date(2027, 1, 1): {"talent": 0.2}})
    with pytest.raises(ValueError, match=r"add up to 1\.2"):
        Strategy(strategy="a", title="A", mix={dt.date(2027, 1, 1): {"talent": 0.7, "education": 0.5}})

"""The page of the documentation says what the code does."""

from pathlib import Path

import pytest

from headway.claims.evaluate.lookup import assumed_errors
from headway.claims.evaluate.terms import TERM_FORMS
from headway.claims.ledger import read_ledger, shipped_ledgers
from headway.claims.measure import read_labels, scores, table

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "claims.md"
SCORES = ROOT / "docs" / "claims-scores.md"

pytestmark = pytest.mark.skipif(not PAGE.exists(), reason="the documentation is not installed")


def test_every_term_is_explained() -> None:
    text = PAGE.read_text()
    for name in TERM_FORMS:
        assert f"`{name}(" in text, name


@pytest.mark.parametrize("name", ["development", "prose_development"])
def test_scores_are_those_that_the_command_prints(name: str) -> None:
    labels = read_labels(ROOT / "tests" / "claims" / "labelled" / f"{name}.jsonl")
    assert table(scores(labels)) in SCORES.read_text()


def test_assumed_errors_and_ledgers_are_named_as_they_are() -> None:
    text = " ".join(PAGE.read_text().split())
    words = {
        "official": "official statistics",
        "measured": "machine counts",
        "survey": "surveys",
        "estimate": "estimates",
    }
    for sort, shown in words.items():
        assert f"{shown} {100 * assumed_errors()['relative'][sort]:g} %" in text
    for value in assumed_errors()["statement"].values():
        assert f"{value:g}" in text
    for name in shipped_ledgers():
        count = len(read_ledger(name).claims)
        assert f"`{name}` ({count}" in text

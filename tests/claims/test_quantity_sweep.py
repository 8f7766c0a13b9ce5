"""A sweep over the catalogue: of each quantity, sentences of several kinds have the test that says what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.proposer.draft import draft
from headway.claims.reader.article import Article

LINES = [
    tuple(line.split("|"))
    for line in Path(__file__).with_name("quantity_sweep.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("quantity", "kind", "sentence", "parts"), LINES, ids=[line[2][:60] for line in LINES])
def test_a_sentence_has_the_test_that_says_what_it_says(
    quantity: str, kind: str, sentence: str, parts: str, shipped: EvidenceLookup
) -> None:
    offered = [claim.proposals[0] for claim in draft(Article(sentence), shipped).claims if claim.proposals]
    firsts = " and ".join(test for one in offered for test in (one.test, *(each.test for each in one.readings)) if test)
    if parts == "-":
        assert not firsts
    else:
        assert all(part in firsts for part in parts.split(";")), firsts

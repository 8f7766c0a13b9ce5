"""Scores of the proposals for labelled sentences: claims found, sensible tests, and verdicts given without a choice.

Run `python -m headway.claims.measure_proposals FILE…`; a file beside which a `.sha256` lies must match it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from headway.claims.check import Verdict, check
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.ledger import Claim, ProposedTest, parse_ledger
from headway.claims.measure import Label, count_table, print_tables
from headway.claims.proposer.draft import as_yaml, draft
from headway.claims.reader.article import Article
from headway.evidence import open_evidence

_AGAINST = frozenset({Verdict.CONTRADICTED, Verdict.LEANING_AGAINST})
_FOR = frozenset({Verdict.SUPPORTED, Verdict.LEANING})


@dataclass(frozen=True, slots=True)
class ProposalScores:
    """Counts over labelled sentences.

    Attributes:
        checkable, found: sentences with a checkable claim, and those of them from which a claim was drafted.
        claimed: all sentences from which a claim was drafted.
        testable, proposed: sentences that some test of the language says, and those with a proposal.
        offered: all sentences with a proposal.
        first, among: of those, the ones whose first proposal, or one of three, is sensible.
        drafts: verdicts on the drafts as they are; there must be none.
        against, wrongly_against: verdicts against claims with `--assume-first`, and those on claims not labelled false.
        supported, wrongly_supported: the same for verdicts in favour, on claims labelled false.
    """

    sentences: int
    checkable: int
    found: int
    claimed: int
    testable: int
    proposed: int
    offered: int
    first: int
    among: int
    drafts: int
    against: int
    wrongly_against: int
    supported: int
    wrongly_supported: int


def sensible(offer: ProposedTest, label: Label) -> bool:
    """Whether a proposal says what the sentence says, or is called a proxy where only a proxy can be had."""
    patterns = [*label["accept"], *(label["proxy"] if offer.proxy else ())]
    tests = [test for test in (offer.test, *(one.test for one in offer.readings)) if test]
    return bool(tests) and all(any(re.fullmatch(pattern, test) for pattern in patterns) for test in tests)


def proposal_scores(labels: Sequence[Label], lookup: EvidenceLookup) -> ProposalScores:
    """Scores on `labels`, each sentence read by itself as an article."""
    rows = []
    for label in labels:
        book = parse_ledger(as_yaml(draft(Article(str(label["text"])), lookup)), "draft")
        plain = [one.judgement.verdict for one in check(book, lookup).claims]
        assumed = {one.judgement.verdict for one in check(book, lookup, assume_first=True).claims}
        rows.append((label, book.claims, plain, assumed))
    offers = [(label, _offers(claims)) for label, claims, _, _ in rows if _offers(claims)]
    return ProposalScores(
        sentences=len(rows),
        checkable=sum(bool(label["checkable"]) for label in labels),
        found=sum(bool(label["checkable"] and claims) for label, claims, _, _ in rows),
        claimed=sum(bool(claims) for _, claims, _, _ in rows),
        testable=sum(bool(label["accept"] or label["proxy"]) for label in labels),
        proposed=sum(bool(label["accept"] or label["proxy"]) for label, _ in offers),
        offered=len(offers),
        first=sum(sensible(found[0], label) for label, found in offers),
        among=sum(any(sensible(one, label) for one in found) for label, found in offers),
        drafts=sum(one in _AGAINST | _FOR for _, _, plain, _ in rows for one in plain),
        against=sum(bool(assumed & _AGAINST) for _, _, _, assumed in rows),
        wrongly_against=sum(bool(assumed & _AGAINST) and label["truth"] != "fails" for label, _, _, assumed in rows),
        supported=sum(bool(assumed & _FOR) for _, _, _, assumed in rows),
        wrongly_supported=sum(bool(assumed & _FOR) and label["truth"] == "fails" for label, _, _, assumed in rows),
    )


def _offers(claims: Sequence[Claim]) -> tuple[ProposedTest, ...]:
    """Proposals of the first clause that has any."""
    return next((claim.offered for claim in claims if claim.offered), ())


def table(scores: ProposalScores) -> str:
    """The scores as a table in Markdown."""
    rows = (
        ("checkable claims from which a claim was drafted", scores.found, scores.checkable),
        ("drafted claims that are checkable", scores.found, scores.claimed),
        ("testable claims with a proposal", scores.proposed, scores.testable),
        ("first proposal sensible", scores.first, scores.offered),
        ("one of three proposals sensible", scores.among, scores.offered),
        ("verdicts on the draft", scores.drafts, scores.sentences),
        ("with `--assume-first`: against a claim, wrongly", scores.wrongly_against, scores.against),
        ("with `--assume-first`: for a claim labelled false", scores.wrongly_supported, scores.supported),
    )
    return count_table(rows)


def main(arguments: Sequence[str]) -> int:
    """Print the scores of every file named."""

    def tabulate(labels: list[Label]) -> str:
        return table(proposal_scores(labels, EvidenceLookup(open_evidence())))

    return print_tables(arguments, "headway.claims.measure_proposals", tabulate)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

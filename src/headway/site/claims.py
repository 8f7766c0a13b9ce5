"""Pages of claim ledgers: every claim with its verdict at an address of its own, and the same as ClaimReview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from headway.brief.edition import Edition
from headway.claims.backtranslation import plain_words
from headway.claims.check import LedgerReport, Verdict, check
from headway.claims.claim_review import claim_reviews
from headway.claims.evaluate.known import KnownQuantity
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.ledger import Ledger
from headway.claims.page import ClaimCard, drawn_cards, shown
from headway.core import wording
from headway.evidence import Evidence, open_evidence

_AUTHOR = "Headway"


@dataclass(frozen=True)
class LedgerPage:
    """A checked ledger as a page.

    Attributes:
        counts: number of claims by verdict and its style, those that occur.
        reviews: the claims that were reviewed, as ClaimReview of schema.org.
    """

    report: LedgerReport
    cards: Sequence[ClaimCard]
    counts: Mapping[tuple[Verdict, str], int]
    reviews: Sequence[Mapping[str, Any]]

    @property
    def ledger(self) -> Ledger:
        """The ledger that was checked."""
        return self.report.ledger

    @property
    def name(self) -> str:
        """Path of its page below the site's folder."""
        return f"claims/{self.ledger.ledger}.html"


@dataclass(frozen=True)
class WorkedExample:
    """One claim followed from what was said to its verdict.

    Attributes:
        figures: quantities that its test compares, in words with their intervals.
    """

    page: LedgerPage
    card: ClaimCard
    figures: tuple[str, ...]


def ledger_page(ledger: Ledger, evidence: Evidence, edition: Edition, base: str) -> LedgerPage:
    """Page of `ledger`, judged on the evidence and on the findings that the edition holds.

    Args:
        base: address at which the site will lie, with a slash at its end; empty where that is not known.

    Raises:
        InputError: a test asks for what does not exist; or the edition is damaged.
    """
    lookup = EvidenceLookup(evidence, ledger.errors, edition.findings)
    report = check(ledger, lookup, open_evidence)
    cards = drawn_cards(report, lookup)
    counts: dict[tuple[Verdict, str], int] = {}
    for verdict in Verdict:
        for card in cards:
            if card.item.judgement.verdict is verdict:
                counts[verdict, card.style] = counts.get((verdict, card.style), 0) + 1
    address = f"{base}claims/{ledger.ledger}.html" if base else ""
    return LedgerPage(report, cards, counts, claim_reviews(report, lookup, _AUTHOR, address))


def example(pages: Sequence[LedgerPage]) -> WorkedExample | None:
    """The first comparison with one test on published figures, a verdict and a picture; None without one."""
    for page in pages:
        for card in page.cards:
            item, used = card.item, card.item.used
            on_figures = bool(used) and not any(one.finding for one in used) and len(item.readings) == 1
            if on_figures and item.claim.kind == "comparison" and item.judgement.probability is not None and card.wide:
                return WorkedExample(page, card, tuple(map(_figure, used)))
    return None


def _figure(known: KnownQuantity) -> str:
    """A quantity in words with its interval, and the error that is assumed of it."""
    assumed = f" ({known.assumed})" if known.assumed else ""
    return f"{wording.sentence(known.words).rstrip('.')}: {shown(known)}{assumed}."


def test_in_words(test: str) -> str:
    """A test as a sentence: `Checks whether …`."""
    return wording.sentence(plain_words(test)).rstrip(".") + "."

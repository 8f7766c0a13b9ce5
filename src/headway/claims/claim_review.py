"""Verdicts as ClaimReview (schema.org), the markup that fact-checkers publish and that search engines read.

Only a verdict on a test that a person chose is published. An opinion and advice have no truth to be rated, a claim that
was not read or that has no test was not reviewed, and a proxy decides nothing.
"""

from __future__ import annotations

from typing import Any

from headway.claims.check import CheckedClaim, LedgerReport, Verdict
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.ledger import ClaimSource
from headway.claims.page import sources
from headway.core import wording

_RATING = {
    Verdict.CONTRADICTED: 1,
    Verdict.LEANING_AGAINST: 2,
    Verdict.UNDECIDED: 3,
    Verdict.LEANING: 4,
    Verdict.SUPPORTED: 5,
}
_NAME = {
    Verdict.LEANING_AGAINST: "Leaning towards contradicted",
    Verdict.LEANING: "Leaning towards supported",
}


def claim_reviews(report: LedgerReport, lookup: EvidenceLookup, author: str, url: str) -> list[dict[str, Any]]:
    """ClaimReview of every claim that was reviewed, in the ledger's order.

    Args:
        author: name of the person or body that publishes the review.
        url: address of the page that shows the verdicts; a claim's own is that with `#` and its id.
    """
    return [_review(item, report, lookup, author, url) for item in report.claims if _is_reviewed(item)]


def _is_reviewed(item: CheckedClaim) -> bool:
    """Whether a person chose a test of a claim that can be true or false, and the test is no proxy."""
    claim = item.claim
    if item.assumed or claim.awaits_choice or claim.proxy or claim.kind in ("advice", "opinion"):
        return False
    return bool(claim.tests)


def _review(item: CheckedClaim, report: LedgerReport, lookup: EvidenceLookup, author: str, url: str) -> dict[str, Any]:
    claim = item.claim
    cited = [source.url for source in sources(item.used, lookup) if source.url]
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": f"{url}#{claim.id}",
        "claimReviewed": claim.claim,
        "author": {"@type": "Organization", "name": author},
        "itemReviewed": _claim(claim.said if claim.said != ClaimSource() else report.ledger.said or ClaimSource()),
        "reviewRating": _rating(item, report),
        "version": claim.version,
        **({"citation": list(dict.fromkeys(cited))} if cited else {}),
        **(
            {
                "correction": [
                    {"@type": "CorrectionComment", "datePublished": one.date, "text": one.words}
                    for one in claim.corrections
                ]
            }
            if claim.corrections
            else {}
        ),
    }


def _rating(item: CheckedClaim, report: LedgerReport) -> dict[str, Any]:
    """Rating from 1 (contradicted) to 5 (supported); in words alone where data cannot decide."""
    judged = item.judgement
    chance = f"{wording.in_hundred(judged.probability)}. " if judged.probability is not None else ""
    why = f"{wording.sentence(judged.why)}. " if judged.why else ""
    tests = "; ".join(one.test for one in item.readings)
    number = _RATING.get(judged.verdict)
    return {
        "@type": "Rating",
        **({"ratingValue": number, "bestRating": 5, "worstRating": 1} if number else {}),
        "alternateName": _NAME.get(judged.verdict, wording.sentence(str(judged.verdict))),
        "ratingExplanation": f"{chance}{why}Test: {tests}. Evidence as known on {report.as_of.isoformat()}.",
    }


def _claim(said: ClaimSource) -> dict[str, Any]:
    """The claim as it was made: by whom, when and where, as far as the ledger says."""
    found: dict[str, Any] = {"@type": "Claim"}
    if said.who:
        found["author"] = {"@type": "Person", "name": said.who}
    elif said.publisher:
        found["author"] = {"@type": "Organization", "name": said.publisher}
    if said.date and "Q" not in said.date:
        found["datePublished"] = said.date
    if said.title or said.url:
        named = {key: value for key, value in (("name", said.title), ("url", said.url)) if value}
        found["appearance"] = {"@type": "CreativeWork", **named}
    return found

"""Learnt order of proposals against the order of the rules, on sentences whose sensible tests are labelled.

Run `python tools/proposal_order.py FILE.jsonl`. A logistic regression learns from the other sentences which proposal is
sensible; of each sentence the proposal that it thinks the best is counted. Whether it beats the rules decides whether a
learnt order is worth shipping.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.ledger import Claim, ProposedTest, parse_ledger
from headway.claims.measure import read_labels
from headway.claims.measure_proposals import sensible
from headway.claims.reader.article import Article
from headway.claims.reader.draft import as_yaml, draft
from headway.claims.review import form
from headway.evidence import open_evidence


def features(claim: Claim, offer: ProposedTest, place: int) -> dict[str, float]:
    """Features of a proposal: place in the rules' order, coverage, confidence, whether a proxy or a set, and form."""
    return {
        "place": float(place),
        "covers": offer.covers,
        "confidence": offer.confidence or 0.0,
        "proxy": float(bool(offer.proxy)),
        "set": float(bool(offer.readings)),
        **{f"{claim.kind}:{term}": 1.0 for term in form(offer).split()},
    }


def order_scores(groups: Sequence[tuple[list[dict[str, float]], list[bool]]]) -> tuple[int, int, int]:
    """Sentences whose first proposal is sensible in the rules' order, in the learnt one, and in the best possible."""
    learnt = 0
    for left_out, (rows, right) in enumerate(groups):
        train = [pair for number, pair in enumerate(groups) if number != left_out]
        model = make_pipeline(DictVectorizer(), LogisticRegression(class_weight="balanced", max_iter=1000))
        model.fit([row for one, _ in train for row in one], [flag for _, flags in train for flag in flags])
        learnt += right[int(np.argmax(model.predict_proba(rows)[:, 1]))]
    return sum(right[0] for _, right in groups), learnt, sum(any(right) for _, right in groups)


def main(path: str) -> None:
    """Print the table of the three orders."""
    lookup, groups = EvidenceLookup(open_evidence()), []
    for label in read_labels(Path(path)):
        drafted = draft(Article(str(label["text"])), lookup)
        claims = parse_ledger(as_yaml(drafted), "draft").claims if drafted.claims else ()
        claim = next((one for one in claims if one.offered), None)
        if claim is not None:
            rows = [features(claim, offer, place) for place, offer in enumerate(claim.offered)]
            groups.append((rows, [sensible(offer, label) for offer in claim.offered]))
    rules, learnt, best = order_scores(groups)
    several = sum(len(rows) > 1 for rows, _ in groups)
    print(f"{len(groups)} sentences with a proposal, {several} of them with several\n")
    print("| order | first proposal sensible | of |\n|---|---:|---:|")
    for name, count in (
        ("the rules", rules),
        ("learnt, each sentence left out in turn", learnt),
        ("the best possible", best),
    ):
        print(f"| {name} | {count} | {len(groups)} |")


if __name__ == "__main__":
    main(sys.argv[1])

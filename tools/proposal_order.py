"""Learnt order of proposals against the order of the rules, on texts and sentences whose sensible tests are labelled.

Run `python tools/proposal_order.py FILE…`, each a set of texts (.json, with judgements beside it) or of sentences
(.jsonl). A logistic regression learns from all other texts which proposal is sensible; of each claim of the text left
out the proposal that it thinks the best is counted. Whether it beats the rules decides whether it is worth shipping.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.ledger import parse_ledger
from headway.claims.measure import read_labels
from headway.claims.measure_articles import judged_proposals, read_judgements, read_texts
from headway.claims.measure_proposals import sensible
from headway.claims.proposer.draft import as_yaml, draft
from headway.claims.proposer.proposals import Proposal
from headway.claims.reader.article import Article
from headway.claims.reader.statements import ArticleStatement
from headway.evidence import open_evidence


@dataclass(frozen=True, slots=True)
class RankedClaim:
    """Proposals of a claim in the rules' order: the text it stands in, features of each, and whether it is sensible."""

    text: str
    rows: tuple[dict[str, float], ...]
    right: tuple[bool, ...]


def features(statement: ArticleStatement, proposal: Proposal, place: int) -> dict[str, float]:
    """Features of a proposal: place, coverage, confidence, what is filled otherwise than read, and its form."""
    test = proposal.test or "; ".join(one.test for one in proposal.readings)
    return {
        "place": float(place),
        "first": float(place == 0),
        "covers": proposal.coverage.share,
        "confidence": proposal.confidence,
        "rank": proposal.rank,
        "proxy": float(bool(proposal.proxy)),
        "set": float(bool(proposal.readings)),
        "record": float(bool(proposal.record)),
        "left out": float(len(proposal.coverage.leaves_out)),
        "carried": float(statement.inferred),
        "clause": float(bool(statement.sentence)),
        **{f"filled {slot}": 1.0 for slot in proposal.filled},
        **{f"term {term}": 1.0 for term in ("gap.", "trend(", "ratio(", "rank(", "growth(", " and ") if term in test},
        f"kind {statement.kind}": 1.0,
    }


def _model() -> Pipeline:
    return make_pipeline(
        DictVectorizer(sparse=False),
        StandardScaler(),
        LogisticRegression(class_weight="balanced", C=0.3, max_iter=2000),
    )


def order_scores(claims: Sequence[RankedClaim]) -> tuple[int, int, int]:
    """Claims whose first proposal is sensible in the rules' order, in the learnt one, and in the best possible."""
    learnt = 0
    for text in dict.fromkeys(one.text for one in claims):
        train = [one for one in claims if one.text != text]
        model = _model().fit([row for one in train for row in one.rows], [flag for one in train for flag in one.right])
        for one in claims:
            if one.text == text:
                learnt += one.right[int(np.argmax(model.predict_proba(list(one.rows))[:, 1]))]
    return sum(one.right[0] for one in claims), learnt, sum(any(one.right) for one in claims)


def _of_texts(path: Path, lookup: EvidenceLookup) -> Iterator[RankedClaim]:
    texts, judgements = read_texts(path), read_judgements(path.with_name("judgements.jsonl"))
    for text in texts:
        for claim, right in judged_proposals(text, draft(Article(text.text), lookup), judgements):
            rows = tuple(features(claim.statement, one, place) for place, one in enumerate(claim.proposals))
            yield RankedClaim(f"{path}: {text.id}", rows, right)


def _of_sentences(path: Path, lookup: EvidenceLookup) -> Iterator[RankedClaim]:
    for label in read_labels(path):
        drafted = draft(Article(str(label["text"])), lookup)
        book = parse_ledger(as_yaml(drafted), "draft").claims if drafted.claims else ()
        for claim, one in zip(drafted.claims, book, strict=True):
            if one.offered:
                rows = tuple(features(claim.statement, offer, place) for place, offer in enumerate(claim.proposals))
                yield RankedClaim(str(label["text"]), rows, tuple(sensible(offer, label) for offer in one.offered))
                break


def main(paths: Sequence[str]) -> None:
    """Print the table of the three orders."""
    lookup = EvidenceLookup(open_evidence())
    read = {".json": _of_texts, ".jsonl": _of_sentences}
    claims = [one for path in map(Path, paths) for one in read[path.suffix](path, lookup)]
    several = [one for one in claims if len(one.rows) > 1]
    texts = len({one.text for one in claims})
    print(f"{len(claims)} claims with a proposal in {texts} texts, {len(several)} of them with several\n")
    print("| order | first proposal sensible | of | where there are several | of |\n|---|---:|---:|---:|---:|")
    kept = order_scores(claims)
    # the model of all claims orders those with several; single proposals are as they are
    of_several = tuple(count - sum(one.right[0] for one in claims if len(one.rows) == 1) for count in kept)
    for name, count, part in zip(
        ("the rules", "learnt, each text left out in turn", "the best possible"), kept, of_several, strict=True
    ):
        print(f"| {name} | {count} | {len(claims)} | {part} | {len(several)} |")


if __name__ == "__main__":
    main(sys.argv[1:])

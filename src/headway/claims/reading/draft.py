"""A draft of a ledger from an article: what the rules found, for a person to edit."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from headway.claims.reading.article import Article
from headway.claims.reading.propose import Proposal, propose
from headway.claims.reading.read import ArticleStatement, read_article

if TYPE_CHECKING:
    from headway.claims.weighing.desk import EvidenceLookup


@dataclass(frozen=True, slots=True)
class DraftedClaim:
    """A statement of the article, and the test proposed for it."""

    id: str
    statement: ArticleStatement
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Draft:
    """All statements of an article; `claims` are those that go into the ledger."""

    article: Article
    statements: tuple[ArticleStatement, ...]
    claims: tuple[DraftedClaim, ...]

    @property
    def testable(self) -> int:
        """How many claims have a proposed test."""
        return sum(claim.proposal.test is not None for claim in self.claims)


def draft(article: Article, desk: EvidenceLookup) -> Draft:
    """Read `article` and propose a test for every claim in it."""
    statements = read_article(article.text)
    claims = []
    used: Counter[str] = Counter()
    for statement in statements:
        if statement.kind == "none":
            continue
        name = _slug(statement.text)
        used[name] += 1
        id = name if used[name] == 1 else f"{name}-{used[name]}"
        opinion = statement.kind == "opinion"
        claims.append(DraftedClaim(id, statement, Proposal(None, 0.0) if opinion else propose(statement, desk)))
    return Draft(article, statements, tuple(claims))


def as_record(drafted: DraftedClaim) -> dict[str, Any]:
    """The claim as it stands in a ledger."""
    statement, proposal = drafted.statement, drafted.proposal
    record: dict[str, Any] = {
        "id": drafted.id,
        "claim": statement.text[:600],
        "kind": statement.kind,
        "countries": list(statement.countries),
    }
    if len(statement.periods) == 1:
        record["speaks_of"] = statement.periods[0]
    if statement.kind == "opinion":
        return record
    if proposal.test is not None:
        record["test"] = proposal.test
        record["confidence"] = proposal.confidence
    elif statement.kind != "advice":
        record["no_data"] = proposal.no_data
    if note := _note(statement, proposal):
        record["note"] = note
    return record


def as_yaml(drafted: Draft, name: str = "draft", title: str = "") -> str:
    """The draft as the text of a ledger."""
    counted = Counter(code for claim in drafted.claims for code in claim.statement.countries)
    main = counted.most_common(1)[0][0] if counted else None
    head: dict[str, Any] = {
        "ledger": name,
        "title": title or drafted.article.title or "Draft from an article",
        **({"country": main} if main else {}),
        "about": "Drafted by rules. Read every claim, mend its test, and delete what does not matter.",
        "said": {"title": drafted.article.title or "the article"},
        "thresholds": {"supported": 0.9, "leaning": 0.65},
        "claims": [as_record(claim) for claim in drafted.claims],
    }
    return yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=110)


def _note(statement: ArticleStatement, proposal: Proposal) -> str:
    parts = [proposal.note]
    if statement.inferred:
        parts.append("the country is taken from the sentences before")
    if statement.hedged:
        parts.append("the writer hedges")
    if statement.attributed:
        parts.append("reported as somebody's words")
    return "; ".join(part for part in parts if part)


def _slug(text: str, words: int = 6) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    found: Sequence[str] = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    useful = [word for word in found if word not in ("the", "a", "an", "of", "in", "to", "and", "its", "is", "that")]
    return "-".join(useful[:words])[:55].strip("-") or "claim"

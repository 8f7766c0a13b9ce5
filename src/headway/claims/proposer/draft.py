"""Draft of a ledger: the claims of an article with the tests proposed for each, for a person to choose from.

Where nothing in the catalogue could show a statement true or false, the draft says why.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from headway.claims.backtranslation import plain_words
from headway.claims.proposer.proposals import Proposal, proposals, propose
from headway.claims.reader.article import Article
from headway.claims.reader.statements import ArticleStatement, is_checkable, read_article
from headway.claims.reader.words import cues
from headway.core import yaml_files

if TYPE_CHECKING:
    from headway.claims.evaluate.lookup import EvidenceLookup


@dataclass(frozen=True, slots=True)
class DraftedClaim:
    """A statement of the article, and the tests proposed for it.

    Attributes:
        proposal: the first that the rules find, or the reason why there is none.
        proposals: those to choose from.
        differences: what a language model reads otherwise, if one was asked.
    """

    id: str
    statement: ArticleStatement
    proposal: Proposal
    proposals: tuple[Proposal, ...] = ()
    differences: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """Statements of an article, and the claims that go into the ledger."""

    article: Article
    statements: tuple[ArticleStatement, ...]
    claims: tuple[DraftedClaim, ...]

    @property
    def sentences(self) -> int:
        """Number of sentences, each counted once with all its parts."""
        parts = [one.sentence or one.text for one in self.statements]
        return sum(part != before for before, part in pairwise(["", *parts]))

    @property
    def testable(self) -> int:
        """Number of claims with a proposed test."""
        return sum(bool(claim.proposals) for claim in self.claims)


def draft(
    article: Article, lookup: EvidenceLookup, progress: Callable[[int, int], None] = lambda done, total: None
) -> Draft:
    """Draft of a ledger: every claim in `article`, each with a proposed test or the reason why it has none.

    Args:
        progress: called before each statement with how many are done, and of how many.
    """
    statements = read_article(article.text)
    claims = []
    used: Counter[str] = Counter()
    for done, statement in enumerate(statements):
        progress(done, len(statements))
        if not is_checkable(statement):
            continue
        name = _slug(statement.text)
        used[name] += 1
        id = name if used[name] == 1 else f"{name}-{used[name]}"
        claims.append(drafted_claim(id, statement, lookup))
    return Draft(article, statements, tuple(claims))


_MEASURED, _PROXY, _NO_DATA, _NOT_READ = 1.0, 0.5, 0.2, 0.1
_NO_AI, _INFERRED = 0.6, 0.8


def check_worthiness(drafted: DraftedClaim) -> float:
    """How much a claim is worth checking, 0 to 1: how far it can be checked, times how much it is about national AI.

    A claim can be checked as far as its best proposal covers it, half as far by a proxy, hardly without data or a test,
    and not at all where it is an opinion. It is less about national AI where it names no technology or not its country.
    """
    statement = drafted.statement
    if statement.kind == "opinion":
        return 0.0
    lacking = _NO_DATA if drafted.proposal.no_data else _NOT_READ
    covered = (one.coverage.share * (_PROXY if one.proxy else _MEASURED) for one in drafted.proposals)
    about = 1.0 if cues("domain").search(statement.text) else _NO_AI
    return round(max(covered, default=lacking) * about * (_INFERRED if statement.inferred else 1.0), 2)


def drafted_claim(id: str, statement: ArticleStatement, lookup: EvidenceLookup) -> DraftedClaim:
    """Claim with the tests proposed for it; an opinion has none."""
    if statement.kind in ("opinion", "none"):
        return DraftedClaim(id, statement, Proposal(None, 0.0))
    return DraftedClaim(id, statement, propose(statement, lookup), proposals(statement, lookup))


def as_record(drafted: DraftedClaim) -> dict[str, Any]:
    """The claim as it stands in a ledger."""
    statement, proposal = drafted.statement, drafted.proposal
    record: dict[str, Any] = {
        "id": drafted.id,
        "claim": " ".join(statement.text.split())[:600],
        **({"sentence": statement.sentence} if statement.sentence else {}),
        "kind": statement.kind,
        "status": "proposed",
        "worth": check_worthiness(drafted),
        "countries": list(statement.countries),
    }
    if len(statement.periods) == 1:
        record["speaks_of"] = statement.periods[0]
    if statement.kind == "opinion":
        return record
    if drafted.proposals:
        record["proposals"] = [proposal_record(one) for one in drafted.proposals]
    elif statement.kind != "advice":
        key = "no_data" if proposal.no_data else "not_read"
        record[key] = proposal.no_data or proposal.not_read
    told = f"a language model reads otherwise: {', '.join(drafted.differences)}" if drafted.differences else ""
    if note := "; ".join(part for part in (_note(statement), told) if part):
        record["note"] = note
    return record


def proposal_record(proposal: Proposal) -> dict[str, Any]:
    """A proposal as it stands in a ledger; a proxy has no confidence."""
    tests = [proposal.test] if proposal.test else [one.test for one in proposal.readings]
    asked: dict[str, Any] = (
        {"test": proposal.test}
        if proposal.test
        else {"readings": [{"reading": one.reading, "test": one.test} for one in proposal.readings]}
    )
    record: dict[str, Any] = {
        "words": _words(plain_words(*tests), proposal.record) if proposal.record else plain_words(*tests),
        **asked,
        "covers": proposal.coverage.share,
        "leaves_out": list(proposal.coverage.leaves_out),
        **({"proxy": proposal.proxy} if proposal.proxy else {"confidence": proposal.confidence}),
        "note": proposal.note,
    }
    return {key: value for key, value in record.items() if value not in ("", [])}


def _words(checks: str, record: str) -> str:
    """Back-translation in which a record stands with its own words in place of its identifier."""
    return re.sub(r"the figure on record under [\w-]+ was", lambda _: f"the record “{record}” says", checks)


def as_yaml(drafted: Draft, name: str = "draft", title: str = "") -> str:
    """The draft as the text of a ledger."""
    counted = Counter(code for claim in drafted.claims for code in claim.statement.countries)
    main = counted.most_common(1)[0][0] if counted else None
    head: dict[str, Any] = {
        "ledger": name,
        "title": title or drafted.article.title or "Draft from an article",
        **({"country": main} if main else {}),
        "about": "Drafted by rules: no claim has a verdict until you choose. Copy the `test` of the proposal that fits "
        "(or write your own) beneath its claim, set `status: confirmed`, and delete what does not matter.",
        "said": {"title": drafted.article.title or "the article"},
        "thresholds": {"supported": 0.9, "leaning": 0.65},
        "claims": [as_record(claim) for claim in drafted.claims],
    }
    return yaml_files.dump(head)


def _note(statement: ArticleStatement) -> str:
    parts = []
    if statement.inferred:
        parts.append("the country is taken from the words around the claim")
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

"""Reports and drafts as plain records, for JSON: the field names are a promise."""

from __future__ import annotations

from typing import Any

from headway.claims.check import CheckedClaim, ClaimJudgement, EvaluatedReading, EvidencePoint, LedgerReport, Verdict
from headway.claims.evaluate.known import KnownQuantity
from headway.claims.language import IsTrue
from headway.claims.proposer.draft import Draft, as_record
from headway.claims.reader.statements import ArticleStatement
from headway.core import wording


def report_record(report: LedgerReport) -> dict[str, Any]:
    """The record of a checked ledger."""
    ledger = report.ledger
    return {
        "ledger": ledger.ledger,
        "title": ledger.title,
        "country": ledger.country,
        "as_of": report.as_of.isoformat(),
        "snapshot": report.snapshot,
        "thresholds": ledger.thresholds.model_dump(),
        "verdicts": {str(verdict): report.count(verdict) for verdict in Verdict},
        "claims": [_claim(item) for item in report.claims],
    }


def draft_record(draft: Draft) -> dict[str, Any]:
    """The record of a draft: every sentence with its place and what was found in it, and the claims."""
    ids = {id(claim.statement): claim.id for claim in draft.claims}
    return {
        "title": draft.article.title,
        "notes": list(draft.article.notes),
        "text": draft.article.text,
        "sentences": [{**statement_record(one), "claim": ids.get(id(one))} for one in draft.statements],
        "claims": [as_record(claim) for claim in draft.claims],
        "testable": draft.testable,
    }


def statement_record(statement: ArticleStatement) -> dict[str, Any]:
    """Record of one sentence and all that was found in it."""
    return {
        "text": statement.text,
        "start": statement.start,
        "end": statement.end,
        "kind": statement.kind,
        "rule": statement.rule,
        "direction": statement.direction,
        "countries": list(statement.countries),
        "country_inferred": statement.inferred,
        "negated": statement.negated,
        "hedged": statement.hedged,
        "attributed": statement.attributed,
        "mentions": [
            {"words": one.words, "country": one.code, "start": one.start, "end": one.end} for one in statement.mentions
        ],
        "amounts": [
            {"value": one.value, "unit": one.unit, "start": one.start, "end": one.end} for one in statement.amounts
        ],
        "periods": list(statement.periods),
        "topics": [{"topic": one.topic, "confidence": one.confidence} for one in statement.topics[:3]],
    }


def _claim(item: CheckedClaim) -> dict[str, Any]:
    claim = item.claim
    return {
        "id": claim.id,
        "version": claim.version,
        "corrections": [one.model_dump() for one in claim.corrections],
        **_judgement(item.judgement),
        "claim": claim.claim,
        "kind": claim.kind,
        "status": "proposed" if claim.awaits_choice else "confirmed",
        "assumed": item.assumed,
        "proposals": [offer.model_dump(mode="json", exclude_defaults=True) for offer in item.offered],
        "proxy": claim.proxy,
        "countries": list(claim.countries),
        "said": {key: value for key, value in claim.said.model_dump().items() if value},
        "speaks_of": claim.speaks_of,
        "tested": "presupposition" if claim.kind == "advice" and item.readings else "claim",
        "note": claim.note,
        "readings": [_reading(one) for one in item.readings],
        "used": [known_record(known) for known in item.used],
        "for": [_point(point) for point in item.points_for],
        "against": [_point(point) for point in item.points_against],
        "settle": item.settle,
        "then": None
        if item.earlier is None
        else {
            "as_of": item.earlier.as_of.isoformat(),
            **_judgement(item.earlier.judgement),
            "same": item.earlier.judgement.verdict is item.judgement.verdict,
        },
    }


def _judgement(judgement: ClaimJudgement) -> dict[str, Any]:
    known = judgement.probability is not None
    return {
        "verdict": str(judgement.verdict),
        "probability": _rounded(judgement.probability),
        "low": _rounded(judgement.low),
        "high": _rounded(judgement.high),
        "words": wording.likelihood(judgement.probability) if known and judgement.probability is not None else None,
        "why": judgement.why,
    }


def _reading(one: EvaluatedReading) -> dict[str, Any]:
    return {
        "reading": one.reading,
        "test": one.test,
        **_judgement(one.judgement),
        "parts": [
            {
                "part": str(leaf.node),
                "probability": _rounded(leaf.middle),
                "truth_of_record": isinstance(leaf.node, IsTrue),
                "missing": leaf.missing or None,
            }
            for leaf in one.chance.leaves
        ],
    }


def known_record(known: KnownQuantity) -> dict[str, Any]:
    """A quantity that a test used, with what leads back to its sources."""
    return {
        "what": known.words,
        "value": known.value,
        "low": known.low,
        "high": known.high,
        "level": known.level,
        "unit": known.unit,
        "period": known.period,
        "tier": known.tier,
        "assumed": known.assumed or None,
        "finding": known.finding,
        "facts": list(known.facts),
    }


def _point(point: EvidencePoint) -> dict[str, Any]:
    return {
        "words": point.words,
        "probability": _rounded(point.probability),
        "findings": [known.finding for known in point.known if known.finding],
        "facts": [fact for known in point.known for fact in known.facts][:12],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)

"""Tools that judge: claims that others make, and the record of Headway's own forecasts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from headway.core import wording
from headway.core.errors import EvidenceError, InputError
from headway.mcp.answer import AnswerSource, AnswerStatement, SourcedStatement, UncutAnswer, of_fact, rounded

if TYPE_CHECKING:
    from headway.api.evidence import EvidenceTables
    from headway.claims.check import CheckedClaim
    from headway.claims.evaluate.known import KnownQuantity
    from headway.mcp.arguments import CheckClaimArguments, RecordArguments
    from headway.mcp.session import McpSession

_MOST_TESTS = 6  # proposed for one text
_RECORD = AnswerSource(
    publisher="Headway", title="Hindcast record", url="headway://docs/inference", licence="Apache-2.0"
)


def check_claim(session: McpSession, asked: CheckClaimArguments) -> UncutAnswer:
    """Verdict on a claim by the test chosen for it; without one, the tests to choose from and no verdict.

    Raises:
        InputError: neither a claim nor a ledger, an unknown ledger or claim, a malformed test.
    """
    from headway.api.check import check
    from headway.claims.ledger import shipped_ledgers

    tables = session.evidence(asked.as_of)
    if asked.ledger is not None:
        if asked.ledger not in shipped_ledgers():
            raise InputError(f"no ledger '{asked.ledger}' ships; there are {', '.join(shipped_ledgers())}")
        checked = check(asked.ledger, claims=asked.claim_id or (), then=False, evidence=tables)
        words = f"headway claims check {asked.ledger}{f' --claim {asked.claim_id}' if asked.claim_id else ''}"
        return _verdicts(checked.report.claims, tables, words)
    if asked.claim is None:
        raise InputError("give a claim in words, or a ledger (headway://ledgers) with or without claim_id")
    if asked.test is None:
        return _proposed(asked.claim, tables)
    claim = {"id": "asked", "claim": asked.claim, "kind": "fact", "test": asked.test}
    checked = check({"ledger": "asked", "title": "Asked", "claims": [claim]}, then=False, evidence=tables)
    return _verdicts(checked.report.claims, tables, "headway claims check FILE, with this claim and test in FILE")


def _verdicts(claims: tuple[CheckedClaim, ...], tables: EvidenceTables, made_by: str) -> UncutAnswer:
    """Verdict of each claim; of a single one also the quantities behind it."""
    behind = [one for item in claims for one in _quantities(item, tables)] if len(claims) == 1 else []
    return UncutAnswer(
        as_of=tables.as_of,
        statements=(*(_verdict(item, tables) for item in claims), *behind),
        not_known=tuple(f"What would settle it: {item.settle}" for item in claims if len(claims) == 1 and item.settle),
        made_by=made_by,
        narrower="name one claim by claim_id",
    )


def _verdict(item: CheckedClaim, tables: EvidenceTables) -> SourcedStatement:
    judged = item.judgement
    chance = "" if judged.probability is None else f", {wording.likelihood(judged.probability)}"
    because = f": {judged.why}" if judged.why else ""
    tiers = {known.tier for known in item.used}
    statement = AnswerStatement(
        sentence=f"“{item.claim.claim.rstrip('.')}” is {judged.verdict}{chance}{because}.",
        value=rounded(judged.probability),
        low=rounded(judged.low),
        high=rounded(judged.high),
        unit="" if judged.probability is None else "probability",
        tier="modelled" if "modelled" in tiers else "derived" if judged.probability is not None else "",
        caveat=item.claim.note,
        rests_on=tuple(dict.fromkeys(id for known in item.used for id in _ids(known))),
    )
    facts = tables.opened.facts(id for known in item.used for id in known.facts)
    return SourcedStatement(
        statement,
        tuple(dict.fromkeys(source for fact in facts.values() for source in of_fact(fact, tables.opened).sources)),
    )


def _quantities(item: CheckedClaim, tables: EvidenceTables) -> Iterator[SourcedStatement]:
    """Quantities that the tests used, each with its facts' sources."""
    for known in item.used:
        facts = tables.opened.facts(known.facts)
        shown = wording.quantity(known.value, known.low, known.high, known.level, known.unit)
        yield SourcedStatement(
            AnswerStatement(
                sentence=known.sentence or f"{wording.sentence(known.words)}: {shown}.",
                value=rounded(known.value),
                low=rounded(known.low),
                high=rounded(known.high),
                level=known.level,
                unit=known.unit,
                period=known.period,
                tier=known.tier,
                id=known.finding or "",
                rests_on=known.facts,
                caveat=known.assumed,
            ),
            tuple(dict.fromkeys(one for fact in facts.values() for one in of_fact(fact, tables.opened).sources)),
        )


def _ids(known: KnownQuantity) -> tuple[str, ...]:
    return (known.finding,) if known.finding else known.facts


def _proposed(text: str, tables: EvidenceTables) -> UncutAnswer:
    """Tests that the rules read out of a text; nobody has chosen, so there is no verdict."""
    from headway.brief.edition import held_findings
    from headway.claims.evaluate.lookup import EvidenceLookup
    from headway.claims.proposer.draft import as_record, draft
    from headway.claims.reader.article import Article, normalise_whitespace

    drafted = draft(Article(normalise_whitespace(text)), EvidenceLookup(tables.opened, held=held_findings))
    records = [as_record(claim) for claim in drafted.claims]
    offers = [offer for record in records for offer in record.get("proposals", ())][:_MOST_TESTS]
    reasons = [str(record.get("no_data") or record.get("not_read") or "") for record in records]
    reasons += [f"“{record['claim']}” is an opinion." for record in records if record["kind"] == "opinion"]
    unread = () if records else ("Nothing in it is a claim about national AI that a test could show.",)
    choose = ("No verdict: choose the test that says what is meant, and call again with claim and test.",)
    return UncutAnswer(
        as_of=tables.as_of,
        statements=tuple(SourcedStatement(_offer(offer)) for offer in offers),
        not_known=(*(choose if offers else ()), *(reason for reason in reasons if reason), *unread),
        made_by="headway claims read FILE, with this text in FILE",
    )


def _offer(offer: Mapping[str, Any]) -> AnswerStatement:
    left = f" It leaves out {wording.listing(offer['leaves_out'])}." if offer.get("leaves_out") else ""
    return AnswerStatement(
        sentence=f"Test: {offer['test']} – {str(offer['words']).rstrip('.')}.",
        value=rounded(offer["covers"]),
        unit="share of the claim that it covers",
        caveat=f"{offer.get('proxy', '')}{left}".strip(),
    )


def record(session: McpSession, asked: RecordArguments) -> UncutAnswer:
    """How Headway's forecasts of the best score did beside the naive ones, on the same points.

    Raises:
        EvidenceError: no hindcast record ships.
    """
    from headway.inference.record import HEADWAY, coverage, stored, verdict

    found = stored()
    if found is None:
        raise EvidenceError("no hindcast record ships with this installation")
    rows = found["by_horizon"][asked.months] if asked.months else found["summary"]
    order = sorted(rows, key=lambda name: (name != HEADWAY, rows[name]["crps"]))
    whole = (AnswerStatement(sentence=verdict(found), tier="modelled", caveat=str(found["flag"])),)
    held = (AnswerStatement(sentence=coverage(), tier="modelled"),)
    each = (_score(name, rows[name], asked.months, str(found["period"])) for name in order)
    return UncutAnswer(
        as_of=session.evidence(None).as_of,
        statements=tuple(SourcedStatement(one, (_RECORD,)) for one in (*whole, *held, *each)),
        made_by="headway hindcast",
    )


def _score(name: str, row: Mapping[str, float], months: str | None, period: str) -> AnswerStatement:
    ahead = f"{months} months ahead" if months else "6 and 12 months ahead"
    points, inside = round(row["n"]), round(row["n"] * row["coverage90"])
    return AnswerStatement(
        sentence=f"{wording.sentence(name)}, {ahead}: mean CRPS {wording.number(row['crps'])} ECI points, "
        f"mean absolute error {wording.number(row['mae'])}; {inside} of {points} scores inside the 90% interval.",
        value=rounded(row["crps"]),
        unit="ECI points (CRPS)",
        period=period,
        tier="modelled",
    )

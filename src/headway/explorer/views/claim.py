"""Claim: the verdict on one claim of a ledger that ships, at an address of its own, with the figures that decide it."""

from __future__ import annotations

from typing import Any

from headway.charts import Caption
from headway.claims.backtranslation import plain_words
from headway.claims.check import CheckedClaim, check
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.ledger import parse_ledger, shipped_ledgers
from headway.claims.page import picture
from headway.claims.record import known_record
from headway.core import wording
from headway.explorer.address import ClaimState, ParameterError
from headway.explorer.answer import Answer, AnswerTable, picture_chart
from headway.explorer.session import ExplorerSession

_CAVEAT = "A verdict holds for the test that is told and for the evidence of its day."
_COLUMNS = {
    "what": "Quantity", "value": "Value", "low": "Low", "high": "High", "unit": "Unit", "period": "Period",
    "tier": "Tier", "finding": "Finding",
}  # fmt: skip


def answer(state: ClaimState, desk: ExplorerSession) -> Answer:
    """The answer to a state.

    Raises:
        ParameterError: no such ledger ships, or it has no such claim.
    """
    texts = shipped_ledgers()
    if state.ledger not in texts:
        raise ParameterError("ledger", f"no ledger '{state.ledger}' ships; there are {', '.join(texts)}")
    book = parse_ledger(texts[state.ledger], state.ledger)
    known = [claim.id for claim in book.claims]
    if state.claim not in known:
        raise ParameterError("claim", f"no claim '{state.claim}' in {state.ledger}; there are {', '.join(known)}")
    book = book.only([state.claim])
    lookup = EvidenceLookup(desk.evidence, book.errors)
    (checked,) = check(book, lookup).claims
    drawn = picture(checked, lookup)
    tests = [f"{one.reading or 'Test'}: {one.test}" for one in checked.readings]
    rows: list[dict[str, Any]] = [known_record(one) for one in checked.used]
    caption = Caption(desk.evidence.as_of, 0.9, _CAVEAT)
    return Answer(
        f"“{checked.claim.claim}”",
        _sentence(checked),
        desk.made(model=any(row["finding"] for row in rows)),
        _CAVEAT,
        drawn.source if drawn else "",
        tuple(filter(None, (checked.claim.note, *tests))),
        (picture_chart("figures", drawn, caption),) if drawn else (),
        (AnswerTable("figures", "Quantities that the test compares", _COLUMNS, rows),),
        {
            "ledger": state.ledger, "claim": state.claim, "verdict": str(checked.judgement.verdict),
            "probability": checked.judgement.probability,
        },
    )  # fmt: skip


def _sentence(checked: CheckedClaim) -> str:
    """Verdict, its probability in words and why, then the test of the first reading."""
    found = checked.judgement
    chance = f", {wording.of_hundred(found.probability)}" if found.probability is not None else ""
    why = f": {found.why.rstrip('.')}" if found.why else ""
    tests = [wording.sentence(plain_words(one.test)).rstrip(".") for one in checked.readings[:1]]
    return " ".join(f"{words}." for words in (f"{wording.sentence(str(found.verdict))}{chance}{why}", *tests))

"""Claim: the verdict on one claim at an address of its own, with the figures that decide it and the evidence beside.

A claim is one of a ledger that ships, or a sentence with a test that a reader chose; then every form of the answer says
that neither is by Headway.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from headway.brief.document import plain_data
from headway.charts import Caption
from headway.claims.backtranslation import plain_words
from headway.claims.check import CheckedClaim, check_claim
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.ledger import Ledger, parse_ledger, shipped_ledgers, unknown_names
from headway.claims.page import picture
from headway.claims.record import known_record
from headway.core import wording
from headway.core.errors import InputError
from headway.explorer.address import ParameterError, codes
from headway.explorer.answer import Answer, AnswerTable, picture_chart
from headway.explorer.claimed import NOT_OURS, ClaimState, readings_of
from headway.explorer.session import ExplorerSession
from headway.findings.finding import Picture

_CAVEAT = "A verdict holds for the test that is told and for the evidence of its day."
_ADVICE = "Advice is neither true nor false: what is tested is what it presupposes, not whether it is wise."
_COLUMNS = {
    "what": "Quantity", "value": "Value", "low": "Low", "high": "High", "unit": "Unit", "period": "Period",
    "tier": "Tier", "finding": "Finding",
}  # fmt: skip
_SIDES = {"speaks": "Speaks", "words": "Evidence", "probability": "Probability"}
Judge = Callable[[ClaimState], dict[str, Any]]


def answer(state: ClaimState, desk: ExplorerSession, judge: Judge | None = None) -> Answer:
    """The answer to a state.

    Args:
        judge: gives what `judged` gives, perhaps from another process; by default it is asked here.

    Raises:
        ParameterError: no such ledger ships, it has no such claim, or the test of a reader's claim cannot be.
    """
    found = judge(state) if judge else judged(state, desk)
    remark = NOT_OURS if state.text else ""
    caveat = f"{remark} {_CAVEAT}".strip()
    drawn = Picture(**{**found["picture"], "rows": tuple(found["picture"]["rows"])}) if found["picture"] else None
    sides = [AnswerTable("evidence", "Evidence for and against", _SIDES, found["points"])] if found["points"] else []
    return Answer(
        f"“{found['claim']}”",
        found["sentence"],
        desk.made(model=any(row["finding"] for row in found["figures"])),
        caveat,
        drawn.source if drawn else "",
        tuple(found["notes"]),
        (picture_chart("figures", drawn, Caption(desk.evidence.as_of, 0.9, caveat)),) if drawn else (),
        (AnswerTable("figures", "Quantities that the test compares", _COLUMNS, found["figures"]), *sides),
        {
            "ledger": state.ledger, "claim": state.claim, "verdict": found["verdict"],
            "probability": found["probability"],
        },
        remark,
    )  # fmt: skip


def judged(state: ClaimState, desk: ExplorerSession) -> dict[str, Any]:
    """Verdict on the claim of a state as plain data, with the picture of what decides it.

    Raises:
        ParameterError: as `answer`.
    """
    book = _readers(state) if state.text else _shipped(state)
    lookup = EvidenceLookup(desk.evidence, book.errors)
    (claim,) = book.claims
    try:
        checked = check_claim(claim, lookup, book.thresholds)
    except InputError as error:
        raise ParameterError(_tested(state), str(error)) from error
    several = len(checked.readings) > 1
    tests = [f"{wording.sentence(one.reading) if several else 'Test'}: {one.test}" for one in checked.readings]
    beside = [
        f"{side} (holds in {wording.of_hundred(point.probability)}): {point.words}"
        for side, points in (("For it", checked.points_for), ("Against it", checked.points_against))
        for point in points[:2]
    ]
    advice = _ADVICE if claim.kind == "advice" and checked.readings else ""
    settle = f"What would settle it: {checked.settle}" if checked.settle else ""
    found: dict[str, Any] = plain_data(
        {
            "claim": claim.claim,
            "sentence": _sentence(checked),
            "notes": list(filter(None, (*beside, claim.note, advice, *tests, settle))),
            "verdict": str(checked.judgement.verdict),
            "probability": checked.judgement.probability,
            "figures": [known_record(one) for one in checked.used],
            "points": [
                {"speaks": side, "words": point.words, "probability": round(point.probability, 3)}
                for side, points in (("for it", checked.points_for), ("against it", checked.points_against))
                for point in points
            ],
            "picture": picture(checked, lookup),
        }
    )
    return found


def _shipped(state: ClaimState) -> Ledger:
    """Ledger of the one claim of a shipped ledger that a state names."""
    if reader := next((name for name in ("test", "readings") if getattr(state, name)), ""):
        raise ParameterError(reader, "it belongs to a sentence: give that as `text`")
    texts = shipped_ledgers()
    if state.ledger not in texts:
        raise ParameterError("ledger", f"no ledger '{state.ledger}' ships; there are {', '.join(texts)}")
    book = parse_ledger(texts[state.ledger], state.ledger)
    known = [claim.id for claim in book.claims]
    if state.claim not in known:
        raise ParameterError("claim", f"no claim '{state.claim}' in {state.ledger}; there are {', '.join(known)}")
    return book.only([state.claim])


def _readers(state: ClaimState) -> Ledger:
    """Ledger of the one claim that a reader has confirmed."""
    if state.ledger or state.claim:
        raise ParameterError("text", "give a sentence, or a claim of a ledger that ships, and not both")
    if bool(state.test) == bool(state.readings):
        raise ParameterError("test", "give the test that says what the sentence means, or several as `readings`")
    readings = [{"reading": words, "test": test} for words, test in readings_of(state.readings)]
    claim = {
        "id": "claim", "claim": state.text, "kind": state.kind, "status": "confirmed", "proxy": state.proxy,
        "countries": codes(state.countries), **({"readings": readings} if readings else {"test": state.test}),
    }  # fmt: skip
    book = Ledger.model_validate({"ledger": "reader", "title": "A claim of a reader", "claims": [claim]})
    for where, complaint in unknown_names(book):
        raise ParameterError(str(where[2]), complaint)
    return book


def _tested(state: ClaimState) -> str:
    return "readings" if state.readings else "test" if state.text else "claim"


def _sentence(checked: CheckedClaim) -> str:
    """Verdict, its probability in words and why, then the test of the first reading."""
    found = checked.judgement
    chance = f", {wording.of_hundred(found.probability)}" if found.probability is not None else ""
    why = f": {found.why.rstrip('.')}" if found.why else ""
    tests = [wording.sentence(plain_words(one.test)).rstrip(".") for one in checked.readings[:1]]
    return " ".join(f"{words}." for words in (f"{wording.sentence(str(found.verdict))}{chance}{why}", *tests))

"""From probabilities to a verdict, by thresholds that stand in the ledger and are printed with every verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from headway.claims.ledger.model import Claim, Thresholds
from headway.claims.weighing import Chance


class Verdict(StrEnum):
    """What the evidence says of a claim."""

    SUPPORTED = "supported"
    LEANING = "leaning"
    UNDECIDED = "undecided"
    LEANING_AGAINST = "leaning against"
    CONTRADICTED = "contradicted"
    CANNOT_DECIDE = "data cannot decide"
    NOT_CHECKABLE = "not checkable"


_SIDE = {
    Verdict.SUPPORTED: 2,
    Verdict.LEANING: 1,
    Verdict.UNDECIDED: 0,
    Verdict.LEANING_AGAINST: -1,
    Verdict.CONTRADICTED: -2,
}


@dataclass(frozen=True, slots=True)
class ClaimJudgement:
    """A verdict, the probability behind it (None without one), its range, and why."""

    verdict: Verdict
    probability: float | None
    low: float | None
    high: float | None
    why: str


def name_of(probability: float, thresholds: Thresholds) -> Verdict:
    """The verdict that a probability has under `thresholds`."""
    if probability >= thresholds.supported:
        return Verdict.SUPPORTED
    if probability >= thresholds.leaning:
        return Verdict.LEANING
    if probability <= 1.0 - thresholds.supported:
        return Verdict.CONTRADICTED
    if probability <= 1.0 - thresholds.leaning:
        return Verdict.LEANING_AGAINST
    return Verdict.UNDECIDED


def of_chance(chance: Chance, thresholds: Thresholds) -> ClaimJudgement:
    """The verdict on one test: that of the probability least favourable to a decision, however errors hang together."""
    cautious = name_of(chance.cautious, thresholds)
    if chance.middle is None:
        middle = (chance.low + chance.high) / 2.0
        if cautious is Verdict.UNDECIDED:
            return ClaimJudgement(Verdict.CANNOT_DECIDE, None, None, None, "; ".join(chance.missing))
        return ClaimJudgement(
            cautious, middle, chance.low, chance.high, "decided although " + "; ".join(chance.missing)
        )
    why = ""
    if cautious is not name_of(chance.middle, thresholds):
        why = f"with independent errors it would be “{name_of(chance.middle, thresholds)}”; errors may move together"
    return ClaimJudgement(cautious, chance.middle, chance.low, chance.high, why)


def of_claim(claim: Claim, chances: Sequence[Chance], thresholds: Thresholds) -> ClaimJudgement:
    """The verdict on a claim. Readings that point to different sides mean that data cannot decide between them."""
    if not chances:
        if claim.kind in ("opinion", "advice"):
            return ClaimJudgement(Verdict.NOT_CHECKABLE, None, None, None, claim.kind)
        return ClaimJudgement(Verdict.CANNOT_DECIDE, None, None, None, claim.no_data)
    judged = [of_chance(chance, thresholds) for chance in chances]
    if len(judged) == 1:
        return judged[0]
    decided = [one for one in judged if one.verdict is not Verdict.CANNOT_DECIDE]
    sides = {_SIDE[one.verdict] for one in decided}
    if not decided or (max(sides) > 0 and min(sides) < 0):
        why = "its readings come out on different sides" if decided else "no reading has the data it needs"
        return ClaimJudgement(Verdict.CANNOT_DECIDE, None, None, None, why)
    if len(decided) < len(judged):
        why = "a reading without data leaves it open"
        return ClaimJudgement(Verdict.CANNOT_DECIDE, None, None, None, why)
    weakest = min(decided, key=lambda one: abs(_SIDE[one.verdict]) + abs((one.probability or 0.5) - 0.5) / 10)
    lows = [one.low for one in decided if one.low is not None]
    highs = [one.high for one in decided if one.high is not None]
    return ClaimJudgement(weakest.verdict, weakest.probability, min(lows), max(highs), "the weakest of its readings")

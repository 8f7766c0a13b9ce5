"""Verdicts of a ledger: every claim with its probability, its verdict, and the evidence for and against.

The thresholds between verdicts stand in the ledger and are printed with every verdict. A claim whose test was only
proposed has none until a person chooses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from headway.claims.evaluate.known import KnownQuantity
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.evaluate.probability import ProbabilityBounds, evaluate_test, holds_as_published, most_decisive
from headway.claims.language import And, Node, Not, Or, parse_test
from headway.claims.ledger import Bearing, Claim, Ledger, ProposedTest, Thresholds
from headway.core import wording
from headway.core.errors import InputError
from headway.evidence import Evidence


class Verdict(StrEnum):
    """Verdicts of the evidence on a claim, from supported to contradicted, or the reason why there is none."""

    SUPPORTED = "supported"
    LEANING = "leaning"
    UNDECIDED = "undecided"
    LEANING_AGAINST = "leaning against"
    CONTRADICTED = "contradicted"
    CANNOT_DECIDE = "data cannot decide"
    NOT_CHECKABLE = "not checkable"
    PROPOSED = "proposed"
    NOT_SETTLED = "not settled"
    NOT_READ = "not read"


LEAST_ASSUMED_CONFIDENCE = 0.75
"""A negative verdict on a test that nobody chose is given only from this confidence of the match on."""

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


def verdict_at(probability: float, thresholds: Thresholds) -> Verdict:
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


def judge_test(chance: ProbabilityBounds, thresholds: Thresholds) -> ClaimJudgement:
    """Verdict on one test, by the probability nearest to one half that any dependence between errors allows."""
    cautious = verdict_at(chance.cautious, thresholds)
    if chance.middle is None:
        middle = (chance.low + chance.high) / 2.0
        if cautious is Verdict.UNDECIDED:
            return ClaimJudgement(Verdict.CANNOT_DECIDE, None, None, None, "; ".join(chance.missing))
        return ClaimJudgement(
            cautious, middle, chance.low, chance.high, "decided although " + "; ".join(chance.missing)
        )
    why = ""
    if cautious is not verdict_at(chance.middle, thresholds):
        why = f"with independent errors it would be “{verdict_at(chance.middle, thresholds)}”; errors may move together"
    return ClaimJudgement(cautious, chance.middle, chance.low, chance.high, why)


def judge_claim(claim: Claim, chances: Sequence[ProbabilityBounds], thresholds: Thresholds) -> ClaimJudgement:
    """Verdict on a claim; where readings come out on different sides, data cannot decide between them."""
    if not chances:
        if claim.kind in ("opinion", "advice"):
            told = "it is advice whose premise has no test" if claim.kind == "advice" else "it is an opinion"
            return ClaimJudgement(Verdict.NOT_CHECKABLE, None, None, None, told)
        if claim.not_read:
            return ClaimJudgement(Verdict.NOT_READ, None, None, None, claim.not_read)
        return ClaimJudgement(Verdict.CANNOT_DECIDE, None, None, None, claim.no_data)
    judged = [judge_test(chance, thresholds) for chance in chances]
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


@dataclass(frozen=True, slots=True)
class EvaluatedReading:
    """One reading of a claim, evaluated."""

    reading: str
    test: str
    chance: ProbabilityBounds
    judgement: ClaimJudgement


@dataclass(frozen=True, slots=True)
class EvidencePoint:
    """Piece of evidence: its statement, the probability of that, and whether it speaks for the claim or against it."""

    words: str
    probability: float
    known: tuple[KnownQuantity, ...]
    speaks_for: bool


@dataclass(frozen=True, slots=True)
class EarlierVerdict:
    """Verdict on the evidence that was known on the day the claim was made."""

    as_of: dt.date
    judgement: ClaimJudgement


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A claim with its verdict.

    Attributes:
        used: quantities that the tests used, each once.
        settle: the measurement that would settle it.
        earlier: the verdict on the day of the article, where that is before the day of the evidence.
        offered: proposals among which nobody has chosen yet.
        assumed: whether the first of them was taken without anybody's choice.
    """

    claim: Claim
    judgement: ClaimJudgement
    readings: tuple[EvaluatedReading, ...]
    used: tuple[KnownQuantity, ...]
    points_for: tuple[EvidencePoint, ...]
    points_against: tuple[EvidencePoint, ...]
    settle: str
    earlier: EarlierVerdict | None = None
    offered: tuple[ProposedTest, ...] = ()
    assumed: bool = False


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """A checked ledger."""

    ledger: Ledger
    as_of: dt.date
    snapshot: str
    claims: tuple[CheckedClaim, ...]

    def count(self, verdict: Verdict) -> int:
        """Number of claims with this verdict."""
        return sum(item.judgement.verdict is verdict for item in self.claims)


def check(
    ledger: Ledger,
    lookup: EvidenceLookup,
    earlier: Callable[[dt.date], Evidence] | None = None,
    progress: Callable[[str], None] = lambda claim: None,
    assume_first: bool = False,
) -> LedgerReport:
    """Check every claim of `ledger` on the evidence of `lookup`.

    Args:
        earlier: opens the evidence of an earlier day, for the verdict at the date of the article; None leaves it out.
        progress: called with the id of each claim before it is evaluated.
        assume_first: takes the first proposal of a claim for which nobody has chosen; see `check_claim`.

    Raises:
        InputError: a test asks for what does not exist, or compares units that do not fit.
    """

    @lru_cache(maxsize=64)
    def lookup_of(day: dt.date) -> EvidenceLookup:
        assert earlier is not None
        return EvidenceLookup(earlier(day), ledger.errors)

    checked = []
    for claim in ledger.claims:
        progress(claim.id)
        day = claim.said.day or (ledger.said.day if ledger.said else None)
        lookup_then = (
            lookup_of(day) if earlier is not None and day is not None and day < lookup.as_of and claim.tests else None
        )
        try:
            checked.append(check_claim(claim, lookup, ledger.thresholds, lookup_then, assume_first))
        except InputError as error:
            raise InputError(f"{ledger.ledger}, claim {claim.id}: {error}") from error
    return LedgerReport(ledger, lookup.as_of, lookup.evidence.snapshot_hash, tuple(checked))


def check_claim(
    claim: Claim,
    lookup: EvidenceLookup,
    thresholds: Thresholds,
    earlier: EvidenceLookup | None = None,
    assume_first: bool = False,
) -> CheckedClaim:
    """Verdict on one claim, with its evidence; `earlier` holds the evidence known on the day of the article.

    A claim for which nobody has chosen a test has no verdict. With `assume_first` its first proposal is evaluated and
    marked as assumed; a verdict stands only where that test covers all the claim's slots and its match has a
    confidence of `LEAST_ASSUMED_CONFIDENCE`, and a proxy has none.
    """
    if not claim.awaits_choice:
        return _check_chosen(claim, lookup, thresholds, earlier)
    if assume_first:
        return _check_assumed(claim, lookup, thresholds)
    why = f"nobody has chosen among {len(claim.offered)} proposals" if len(claim.offered) > 1 else "nobody has chosen"
    return _without_verdict(claim, Verdict.PROPOSED, f"{why}: a proposal is no verdict")


def _without_verdict(claim: Claim, verdict: Verdict, why: str) -> CheckedClaim:
    judgement = ClaimJudgement(verdict, None, None, None, why)
    assumed = verdict is Verdict.NOT_SETTLED
    return CheckedClaim(claim, judgement, (), (), (), (), claim.settle, None, claim.offered, assumed)


def _check_assumed(claim: Claim, lookup: EvidenceLookup, thresholds: Thresholds) -> CheckedClaim:
    """The claim as its first proposal has it, if that may be said without anybody's choice."""
    first = claim.offered[0]
    if first.proxy:
        return _without_verdict(claim, Verdict.NOT_SETTLED, f"the first proposal is a proxy: {first.proxy}")
    chosen = claim.model_copy(update={"test": first.test, "readings": first.readings, "status": "confirmed"})
    checked = _check_chosen(chosen, lookup, thresholds, None)
    if _SIDE.get(checked.judgement.verdict, 0) and (why := _reason_unsettled(first)):
        return _without_verdict(claim, Verdict.NOT_SETTLED, why)
    reason = "; ".join(part for part in ("assumed, chosen by nobody", checked.judgement.why) if part)
    return replace(
        checked,
        claim=claim,
        judgement=replace(checked.judgement, why=reason),
        offered=claim.offered,
        assumed=True,
    )


def _reason_unsettled(first: ProposedTest) -> str:
    """Reason why no verdict on the claim can rest on a proposal that nobody chose; empty if one can."""
    if first.covers < 1.0:
        left = f" and leaves out {wording.listing(first.leaves_out)}" if first.leaves_out else ""
        return f"the first proposal covers {100 * first.covers:.0f} % of the claim{left}"
    if (first.confidence or 0.0) < LEAST_ASSUMED_CONFIDENCE:
        return f"the match has a confidence of {first.confidence or 0.0:.2f}, below {LEAST_ASSUMED_CONFIDENCE:g}"
    return ""


def _check_chosen(
    claim: Claim, lookup: EvidenceLookup, thresholds: Thresholds, earlier: EvidenceLookup | None
) -> CheckedClaim:
    evaluated = tuple(_evaluate_reading(reading.reading, reading.test, lookup, thresholds) for reading in claim.tests)
    judgement = judge_claim(claim, [one.chance for one in evaluated], thresholds)
    if claim.proxy and evaluated:
        words = f"the test is a proxy, which points one way and decides nothing: {claim.proxy}"
        judgement = ClaimJudgement(Verdict.CANNOT_DECIDE, None, None, None, words)
    points = [*_points_of_readings(evaluated), *(_bearing_point(bearing, lookup) for bearing in claim.bearing)]
    for_it = [point for point in points if point is not None and point.speaks_for]
    against = [
        replace(point, probability=1.0 - point.probability)
        for point in points
        if point is not None and not point.speaks_for
    ]
    used = {known.key: known for one in evaluated for leaf in one.chance.leaves for known in leaf.known}
    verdict_then = None
    if earlier is not None and not claim.proxy:
        before = [evaluate_test(reading.node, earlier) for reading in claim.tests]
        verdict_then = EarlierVerdict(earlier.as_of, judge_claim(claim, before, thresholds))
    return CheckedClaim(
        claim,
        judgement,
        evaluated,
        tuple(used.values()),
        tuple(sorted(for_it, key=lambda point: -point.probability)),
        tuple(sorted(against, key=lambda point: -point.probability)),
        _settling_measurement(claim, evaluated, lookup),
        verdict_then,
    )


def _evaluate_reading(reading: str, test: str, lookup: EvidenceLookup, thresholds: Thresholds) -> EvaluatedReading:
    chance = evaluate_test(parse_test(test), lookup)
    return EvaluatedReading(reading, test, chance, judge_test(chance, thresholds))


def _points_of_readings(evaluated: tuple[EvaluatedReading, ...]) -> list[EvidencePoint | None]:
    """The parts of the tests as evidence: a part that is denied speaks for the claim by being improbable."""
    found: list[EvidencePoint | None] = []
    for one in evaluated:
        for leaf, upright in zip(one.chance.leaves, _unnegated(parse_test(one.test)), strict=True):
            if leaf.middle is None:
                continue
            probability = leaf.middle if upright else 1.0 - leaf.middle
            found.append(
                EvidencePoint(describe(leaf.known), probability, leaf.known, holds_as_published(leaf) is upright)
            )
    return found


def _unnegated(node: Node, upright: bool = True) -> list[bool]:
    if isinstance(node, Not):
        return _unnegated(node.part, not upright)
    if isinstance(node, (And, Or)):
        return [flag for part in node.parts for flag in _unnegated(part, upright)]
    return [upright]


def describe(known: tuple[KnownQuantity, ...]) -> str:
    """Sentences of the quantities in a part of a test, or their names with values."""
    parts = []
    for item in known:
        if item.sentence:
            parts.append(item.sentence.rstrip("."))
        else:
            shown = wording.quantity(item.value, item.low, item.high, item.level, item.unit)
            parts.append(f"{wording.sentence(item.words)}: {shown}")
    return "; ".join(parts) + "."


def _bearing_point(bearing: Bearing, lookup: EvidenceLookup) -> EvidencePoint | None:
    chance = evaluate_test(parse_test(bearing.test), lookup)
    if chance.middle is None:
        return None
    probability = chance.middle if bearing.speaks == "for" else 1.0 - chance.middle
    known = tuple(item for leaf in chance.leaves for item in leaf.known)
    holds = "" if chance.middle >= 0.5 else "It does not hold that: "
    text = f"{holds}{bearing.words.rstrip('.')} ({describe(known).rstrip('.')})."
    return EvidencePoint(text, probability, known, probability >= 0.5)


def _settling_measurement(claim: Claim, evaluated: tuple[EvaluatedReading, ...], lookup: EvidenceLookup) -> str:
    if claim.settle:
        return claim.settle
    missing = [reason for one in evaluated for reason in one.chance.missing]
    if missing:
        return f"The figure that is missing: {missing[0]}."
    for one in evaluated:
        item = most_decisive(parse_test(one.test), lookup, one.chance)
        if item is not None and one.judgement.verdict is not Verdict.SUPPORTED:
            what = item.title if item.sentence else item.words
            if item.sentence and what[1:2].islower():  # a title inside a sentence; `GDP` stays
                what = what[:1].lower() + what[1:]
            return f"A firmer figure of this: {what.rstrip('.')} ({item.assumed or 'its interval is too wide'})."
    return ""

"""Probabilities of made tests by hand: quantities that are uniform or certain, under each dependence between errors."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from headway.claims.check import Verdict, judge_claim, judge_test, verdict_at
from headway.claims.evaluate import probability
from headway.claims.evaluate.known import KnownQuantity, MissingEvidence, probability_grid
from headway.claims.evaluate.probability import (
    EvaluatedLeaf,
    ProbabilityBounds,
    evaluate_test,
    holds_as_published,
    most_decisive,
)
from headway.claims.language import And, Arithmetic, Comparison, IsTrue, Node, Not, Number, Operator, Or, Term, Value
from headway.claims.ledger import Claim, Thresholds
from headway.core.errors import InputError

STEP = 1 / 4096  # of the grid: what a probability that is read off it may be off by
DRAWN = 0.02  # what one of independent draws may be off by


def quantity(key: str, quantiles: Any, value: float | None = None, family: str = "", unit: str = "") -> KnownQuantity:
    spread = np.asarray(quantiles, dtype=float)
    return KnownQuantity(key, family or key, key, float(np.median(spread)) if value is None else value, unit, spread)


def uniform(key: str, low: float, value: float | None = None, family: str = "", unit: str = "") -> KnownQuantity:
    """Uniform on the stretch of one from `low`."""
    return quantity(key, low + probability_grid(), value, family, unit)


MADE = {
    made.key: made
    for made in (
        uniform("a", 0.0),
        uniform("b", 0.5),
        uniform("same", 0.5, family="a"),
        uniform("below", -1.0),
        uniform("c", 0.0, value=0.9),
        quantity("six", [6.0]),
        quantity("three", [3.0]),
        quantity("nothing", [0.0]),
        quantity("dollars", [1.5e9], unit="USD"),
        quantity("thousands", [1.5e6], unit="thousand USD"),
        quantity("likely", (probability_grid() >= 0.25).astype(float), unit="probability"),
        quantity("even", (probability_grid() >= 0.5).astype(float), unit="probability"),
        quantity("first", np.ones(4096), unit="rank"),
        quantity("one", [1.0]),
    )
}


@pytest.fixture(autouse=True)
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str | None]:
    """Periods that terms were asked for; the made quantities answer them."""
    periods: list[str | None] = []

    def answer(lookup: object, term: Term, at: str | None) -> KnownQuantity:
        periods.append(at)
        if term.name not in MADE:
            raise MissingEvidence(f"no figure of {term.name}")
        return MADE[term.name]

    monkeypatch.setattr(probability, "answer_term", answer)
    return periods


def chance(node: Node) -> ProbabilityBounds:
    return evaluate_test(node, None)  # type: ignore[arg-type]


def value(given: str | float | Value) -> Value:
    return Term(given, ()) if isinstance(given, str) else Number(given) if isinstance(given, float) else given


def compare(left: str | float | Value, operator: Operator, right: str | float | Value, **more: Any) -> Comparison:
    return Comparison(value(left), operator, value(right), **more)


def joined(left: str, operator: Any, right: str | float) -> Arithmetic:
    return Arithmetic(operator, value(left), value(right))


def bounds(node: Node) -> tuple[float, float]:
    found = chance(node)
    return found.low, found.high


@pytest.mark.parametrize(
    ("node", "low", "middle", "high"),
    [
        (compare("b", ">", "a"), 0.75, 0.875, 1.0),  # opposite errors: 1/2 + p > 1 − p for p > 1/4
        (compare("a", "<", "b"), 0.75, 0.875, 1.0),
        (compare("same", ">", "a"), 0.875, 0.875, 1.0),  # of one method: no opposite errors
        (compare(joined("b", "-", "a"), ">", 0.0), 0.75, 0.875, 1.0),
        (compare(0.0, "<", joined("b", "-", "a")), 0.75, 0.875, 1.0),
        (compare(joined("b", "/", "a"), ">", 1.0), 0.75, 0.875, 1.0),
        (compare(joined("a", "+", "b"), ">", 1.0), 0.75, 0.875, 0.875),  # what is added errs alike at the worst
        (compare(1.0, "<", joined("a", "+", "b")), 0.75, 0.875, 0.875),
        (compare(joined("a", "+", "b"), ">", "a"), 1.0, 1.0, 1.0),  # a quantity moves with itself
        (compare("a", ">", 0.25), 0.75, 0.75, 0.75),
        (compare("a", "~", 0.5, tolerance=0.2), 0.2, 0.2, 0.2),
        (compare("below", "~", -0.5, tolerance=0.2), 0.2, 0.2, 0.2),
        (IsTrue(Term("likely", ())), 0.75, 0.75, 0.75),
        (And((compare("a", ">", 0.25), Not(compare("a", ">", 0.75)))), 0.5, 0.5, 0.75),
        (Or((compare("a", "<", 0.25), compare("a", ">", 0.75))), 0.25, 0.5, 0.5),
    ],
)
def test_dependence_by_hand(node: Node, low: float, middle: float, high: float) -> None:
    found = chance(node)
    assert found.low == pytest.approx(low, abs=DRAWN if low == middle else STEP)
    assert found.middle == pytest.approx(middle, abs=DRAWN if low < high else STEP)
    assert found.high == pytest.approx(high, abs=DRAWN if high == middle else STEP)


@pytest.mark.parametrize(
    ("node", "holds"),
    [
        (compare("six", ">", 6.0), False),
        (compare("six", ">=", 6.0), True),
        (compare("six", "<", 6.0), False),
        (compare("six", "<=", 6.0), True),
        (compare("six", "~", 4.0, tolerance=0.5), True),
        (compare(joined("six", "+", "three"), "~", 9.0, tolerance=0.0), True),
        (compare(joined("six", "-", "three"), "~", 3.0, tolerance=0.0), True),
        (compare(joined("six", "*", "three"), "~", 18.0, tolerance=0.0), True),
        (compare(joined("six", "/", "three"), "~", 2.0, tolerance=0.0), True),
        (compare(joined("six", "/", "nothing"), ">", 0.0), False),
        (compare(joined("six", "/", "nothing"), "<=", 0.0), False),
        (compare("dollars", ">", Number(1.4, "billion USD")), True),
        (compare("dollars", ">", Number(1.6, "billion USD")), False),
        (compare(Number(1.6, "billion USD"), ">", "dollars"), True),
        (compare("thousands", "~", "dollars", tolerance=1e-9), True),
        (compare(joined("thousands", "+", "dollars"), "~", Number(3.0, "billion USD"), tolerance=1e-9), True),
        (compare(joined("dollars", "*", "three"), "~", Number(4.5, "billion USD"), tolerance=1e-9), True),
        (compare(joined("three", "*", "dollars"), "~", Number(4.5, "billion USD"), tolerance=1e-9), True),
        (compare(joined("three", "/", "six"), "~", Number(50.0, "%"), tolerance=0.0), True),
        (And((compare("six", ">", 5.0), compare("three", ">", 5.0))), False),
        (Or((compare("six", ">", 5.0), compare("three", ">", 5.0))), True),
        (Not(Or((compare("six", ">", 7.0), compare("three", ">", 5.0)))), True),
    ],
)
def test_what_is_certain_holds_or_does_not(node: Node, holds: bool) -> None:
    with np.errstate(all="raise"):
        found = chance(node)
    assert (found.low, found.middle, found.high) == (holds, holds, holds)


def test_parts_are_bounded_for_any_dependence() -> None:
    """Fréchet: of parts 3/4, 1/2 and 7/8 together between 1/8 and 1/2; of 1/4 and 3/8 either between 3/8 and 5/8."""
    three = And((compare("a", ">", 0.25), compare("b", ">", 1.0), compare("c", ">", 0.125)))
    two = Or((compare("a", "<", 0.25), compare("c", ">", 0.625)))
    assert bounds(three) == (0.125, 0.5)
    assert bounds(Not(three)) == (0.5, 0.875)
    assert bounds(two) == (0.375, 0.625)
    assert bounds(Or((two, compare("b", ">", 1.0)))) == (0.5, 1.0)
    assert bounds(And((compare("a", "<", 0.25), compare("b", ">", 1.0)))) == (0.0, 0.25)
    assert chance(three).middle == pytest.approx(0.75 * 0.5 * 0.875, abs=DRAWN)
    assert [leaf.node for leaf in chance(three).leaves] == list(three.parts)


def test_the_joint_probability_of_draws_stays_within_its_bounds() -> None:
    statements = And((IsTrue(Term("likely", ())), IsTrue(Term("even", ()))))
    found = chance(statements)
    assert (found.low, found.high) == (0.25, 0.5)
    assert found.middle == pytest.approx(0.375, abs=DRAWN)


def test_silence_is_told_once_and_bounds_stay_open(asked: list[str | None]) -> None:
    silent = compare("absent", ">", 1.0, at="2024")
    found = chance(And((silent, compare("a", ">", 0.75), Not(silent))))
    assert (found.middle, found.low, found.high) == (None, 0.0, 0.25)
    assert found.missing == ("no figure of absent",)
    assert found.leaves[0].known == ()
    assert "2024" in asked


@pytest.mark.parametrize(("name", "told"), [("a", "0.5 "), ("six", "6 "), ("one", "1 "), ("first", "1 rank")])
def test_a_number_is_no_statement_even_where_it_is_one(name: str, told: str) -> None:
    with pytest.raises(InputError, match=rf"{name}\(\) is a number \({told}\); compare it with something"):
        chance(IsTrue(Term(name, ())))


@pytest.mark.parametrize(("low", "high", "nearest"), [(0.6, 0.9, 0.6), (0.1, 0.4, 0.4), (0.2, 0.7, 0.5)])
def test_the_cautious_end_is_nearest_to_one_half(low: float, high: float, nearest: float) -> None:
    assert ProbabilityBounds(None, low, high, ()).cautious == nearest


def test_published_values_hold_without_their_errors() -> None:
    """The median of `a` is 1/2, of which the errors leave 0.4 in doubt; a statement holds from even odds on."""
    leaves = [chance(compare("a", ">", limit)).leaves[0] for limit in (0.4, 0.6)]
    assert [holds_as_published(leaf) for leaf in leaves] == [True, False]
    told = IsTrue(Term("likely", ()))
    odds = [holds_as_published(EvaluatedLeaf(told, middle, 0.0, 1.0)) for middle in (0.5, 0.49, None)]
    assert odds == [True, False, False]


def test_the_most_decisive_quantity_moves_the_probability_furthest() -> None:
    """Known exactly, `a` (0.5) makes 3/8 of both parts 1/2, `c` (0.9) makes it 3/4: 1/4 from one half, not 1/8."""
    both = And((compare("a", ">", 0.25), compare("c", ">", 0.5)))
    found = most_decisive(both, None, chance(both))  # type: ignore[arg-type]
    assert found is not None
    assert found.key == "c"
    one = compare("a", ">", 0.485)  # 0.515, which certainty about `a` moves to 1
    assert most_decisive(one, None, chance(one)) is MADE["a"]  # type: ignore[arg-type]
    near = compare("a", ">", 0.01)  # 0.99 cannot move by more than a hundredth
    silent = compare("absent", ">", "a")
    for node in (near, silent, compare("six", ">", 5.0)):
        assert most_decisive(node, None, chance(node)) is None  # type: ignore[arg-type]
    told = And((IsTrue(Term("even", ())), compare("six", ">", 5.0)))  # known exactly it is true: from 1/2 to 1
    assert most_decisive(told, None, chance(told)) is MADE["even"]  # type: ignore[arg-type]


LIMITS = Thresholds()


@pytest.mark.parametrize(
    ("probability_", "verdict"),
    [
        (0.9, Verdict.SUPPORTED),
        (0.899, Verdict.LEANING),
        (0.65, Verdict.LEANING),
        (0.649, Verdict.UNDECIDED),
        (0.351, Verdict.UNDECIDED),
        (0.35, Verdict.LEANING_AGAINST),
        (0.101, Verdict.LEANING_AGAINST),
        (0.0999, Verdict.CONTRADICTED),
    ],
)
def test_verdicts_change_at_their_thresholds(probability_: float, verdict: Verdict) -> None:
    assert verdict_at(probability_, LIMITS) is verdict


def test_a_verdict_on_one_test_by_hand() -> None:
    plain = judge_test(ProbabilityBounds(0.95, 0.92, 0.97, ()), LIMITS)
    assert (plain.verdict, plain.probability, plain.low, plain.high, plain.why) == (
        Verdict.SUPPORTED, 0.95, 0.92, 0.97, "",
    )  # fmt: skip
    leaf = EvaluatedLeaf(compare("absent", ">", 1.0), None, 0.0, 1.0, (), "no figure of absent")
    decided = judge_test(ProbabilityBounds(None, 0.0, 0.05, (leaf,)), LIMITS)
    assert (decided.verdict, decided.probability) == (Verdict.CONTRADICTED, 0.025)
    assert decided.why == "decided although no figure of absent"
    silent = judge_test(ProbabilityBounds(None, 0.2, 0.7, (leaf,)), LIMITS)
    assert (silent.verdict, silent.probability, silent.why) == (Verdict.CANNOT_DECIDE, None, "no figure of absent")


def test_a_verdict_on_readings_by_hand() -> None:
    """The weakest reading speaks for all; on opposite sides, or with one silent, none does."""

    def judged(*chances: ProbabilityBounds) -> tuple[Verdict, float | None, float | None, float | None]:
        claim = Claim.model_validate({"id": "c", "claim": "Something.", "kind": "fact", "no_data": "none"})
        found = judge_claim(claim, chances, LIMITS)
        return found.verdict, found.probability, found.low, found.high

    sure, leaning = ProbabilityBounds(0.95, 0.92, 0.99, ()), ProbabilityBounds(0.8, 0.7, 0.85, ())
    less = ProbabilityBounds(0.7, 0.66, 0.9, ())
    against, undecided = ProbabilityBounds(0.2, 0.1, 0.25, ()), ProbabilityBounds(0.5, 0.4, 0.6, ())
    silent = ProbabilityBounds(None, 0.0, 1.0, ())
    nothing = (Verdict.CANNOT_DECIDE, None, None, None)
    assert judged(sure) == (Verdict.SUPPORTED, 0.95, 0.92, 0.99)
    assert judged(sure, leaning) == (Verdict.LEANING, 0.8, 0.7, 0.99)
    assert judged(less, leaning) == judged(leaning, less) == (Verdict.LEANING, 0.7, 0.66, 0.9)
    assert judged(sure, undecided) == (Verdict.UNDECIDED, 0.5, 0.4, 0.99)
    assert judged(against, undecided) == (Verdict.UNDECIDED, 0.5, 0.1, 0.6)
    assert judged(against, leaning) == judged(sure, silent) == judged(silent, silent) == judged() == nothing

"""Probability that a test holds, and its bounds over the possible dependence between errors.

Errors of two quantities may move together; the evidence seldom says how. A comparison is therefore evaluated three
times: with independent errors, with errors that spread the difference most, and with all errors upwards together.
Between figures of one indicator the second is left out: one method errs alike, which can help a comparison and not
hurt it. Parts joined by and/or are bounded by Fréchet's inequalities. The verdict uses the end of the range that is
nearest to one half.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from headway.claims.evaluate.known import GRID, KnownQuantity, MissingEvidence, convert_unit, draw_order
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.evaluate.terms import answer_term
from headway.claims.language import (
    And,
    Arithmetic,
    Comparison,
    IsTrue,
    Node,
    Not,
    Number,
    Or,
    Term,
    Value,
    leaves,
    terms,
)
from headway.core.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Draws = NDArray[np.float64]
    Truth = NDArray[np.bool_]

Coupling = Literal["independent", "spreading", "together"]


@dataclass(frozen=True, slots=True)
class EvaluatedLeaf:
    """One comparison or statement of a test, evaluated.

    Attributes:
        middle: probability with independent errors; None where evidence is silent (`missing` says why).
        low, high: over the three couplings; 0 and 1 where evidence is silent.
    """

    node: Comparison | IsTrue
    middle: float | None
    low: float
    high: float
    known: tuple[KnownQuantity, ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class ProbabilityBounds:
    """Probability that a test holds, with bounds.

    `middle` takes the parts as independent; [low, high] holds for any dependence between them. `middle` is None where a
    part on which the answer depends is missing.
    """

    middle: float | None
    low: float
    high: float
    leaves: tuple[EvaluatedLeaf, ...]

    @property
    def cautious(self) -> float:
        """The end of [low, high] nearest to one half, or one half where it lies between."""
        return min(max(0.5, self.low), self.high)

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(leaf.missing for leaf in self.leaves if leaf.missing))


def evaluate_test(node: Node, lookup: EvidenceLookup) -> ProbabilityBounds:
    """Probability that a test holds on the evidence of `lookup`.

    Raises:
        InputError: unknown quantity, indicator, country, period or unit.
    """
    evaluated = {leaf: _evaluate_leaf(leaf, lookup) for leaf in dict.fromkeys(leaves(node))}
    low, high = _bounds(node, evaluated)
    middle: float | None = None
    if all(leaf.middle is not None for leaf in evaluated.values()):
        middle = float(np.mean(_truth(node, {leaf: _draw(leaf, item) for leaf, item in evaluated.items()})))
        middle = min(max(middle, low), high)
    return ProbabilityBounds(middle, low, high, tuple(evaluated[leaf] for leaf in leaves(node)))


def _evaluate_leaf(leaf: Comparison | IsTrue, lookup: EvidenceLookup) -> EvaluatedLeaf:
    at = leaf.at if isinstance(leaf, Comparison) else None
    try:
        known = {term: answer_term(lookup, term, at) for term in dict.fromkeys(terms(leaf))}
    except MissingEvidence as silence:
        return EvaluatedLeaf(leaf, None, 0.0, 1.0, (), str(silence))
    found = tuple(known.values())
    if isinstance(leaf, IsTrue):
        only = found[0]
        told = not only.certain and only.unit in ("", "probability")  # a count of one or a first rank is no truth
        if not told or not set(np.unique(only.quantiles)) <= {0.0, 1.0}:
            raise InputError(f"{leaf.term} is a number ({only.value:g} {only.unit}); compare it with something")
        chance = float(np.mean(only.quantiles))
        return EvaluatedLeaf(leaf, chance, chance, chance, found)
    middle = _probability(leaf, known, "independent")
    others = [_probability(leaf, known, "together")]
    if len({item.family for item in found if not item.certain}) > 1:
        others.append(_probability(leaf, known, "spreading"))
    return EvaluatedLeaf(leaf, middle, min(middle, *others), max(middle, *others), found)


def _probability(leaf: Comparison, known: dict[Term, KnownQuantity], coupling: Coupling) -> float:
    return float(np.mean(_comparison(leaf, known, coupling)))


def _comparison(leaf: Comparison, known: dict[Term, KnownQuantity], coupling: Coupling) -> Truth:
    signs: dict[str, float] = {}

    def draw(item: KnownQuantity, sign: float) -> Draws:
        if item.certain:
            return item.quantiles
        if coupling == "independent":
            return item.quantiles[draw_order(item.key)]
        if coupling == "together":
            return item.quantiles
        return item.quantiles if signs.setdefault(item.key, sign) > 0 else item.quantiles[::-1]

    unit = _unit(leaf.left, known) or _unit(leaf.right, known)
    left = _value(leaf.left, known, draw, +1.0, unit)
    right = _value(leaf.right, known, draw, -1.0, unit)
    if leaf.operator == "~":
        assert leaf.tolerance is not None
        return np.asarray(np.abs(left - right) <= leaf.tolerance * np.abs(right))
    compare = {">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal}[leaf.operator]
    return np.asarray(compare(left, right))


def _value(
    value: Value,
    known: dict[Term, KnownQuantity],
    draw: Callable[[KnownQuantity, float], Draws],
    sign: float,
    unit: str,
) -> Draws:
    if isinstance(value, Number):
        return np.array([convert_unit(value.value, value.unit, unit)])
    if isinstance(value, Term):
        item = known[value]
        draws = draw(item, sign)
        return draws if not unit or not item.unit or item.unit == unit else convert_draws(draws, item.unit, unit)
    opposite = value.operator in ("-", "/")
    left = _value(value.left, known, draw, sign, unit if value.operator in "+-" else _unit(value.left, known))
    right = _value(
        value.right,
        known,
        draw,
        -sign if opposite else sign,
        unit if value.operator in "+-" else _unit(value.right, known),
    )
    if value.operator == "/":
        result: Draws = np.divide(left, right, out=np.full(np.broadcast(left, right).shape, np.nan), where=right != 0)
        return result
    return {"+": np.add, "-": np.subtract, "*": np.multiply}[value.operator](left, right)


def convert_draws(draws: Draws, given: str, wanted: str) -> Draws:
    """Draws in the unit `wanted`, of the shape of `draws`."""
    return np.asarray(draws * convert_unit(1.0, given, wanted), dtype=np.float64)


def _unit(value: Value, known: dict[Term, KnownQuantity]) -> str:
    if isinstance(value, Term):
        return known[value].unit
    if isinstance(value, Arithmetic) and value.operator in "+-":
        return _unit(value.left, known) or _unit(value.right, known)
    if isinstance(value, Arithmetic) and value.operator == "*":
        return _unit(value.left, known) or _unit(value.right, known)
    return ""


def _draw(node: Comparison | IsTrue, leaf: EvaluatedLeaf) -> Truth:
    known = dict(zip(dict.fromkeys(terms(node)), leaf.known, strict=True))
    if isinstance(node, IsTrue):
        item = leaf.known[0]
        return np.asarray(item.quantiles[draw_order(item.key)] > 0.5)
    return np.broadcast_to(_comparison(node, known, "independent"), (GRID,))


def _truth(node: Node, drawn: dict[Comparison | IsTrue, Truth]) -> Truth:
    if isinstance(node, Not):
        return ~_truth(node.part, drawn)
    if isinstance(node, (And, Or)):
        join = np.logical_and if isinstance(node, And) else np.logical_or
        return np.asarray(join.reduce([_truth(part, drawn) for part in node.parts]))
    return drawn[node]


def _bounds(node: Node, evaluated: dict[Comparison | IsTrue, EvaluatedLeaf]) -> tuple[float, float]:
    if isinstance(node, Not):
        low, high = _bounds(node.part, evaluated)
        return 1.0 - high, 1.0 - low
    if isinstance(node, (And, Or)):
        parts = [_bounds(part, evaluated) for part in node.parts]
        lows, highs = [low for low, _ in parts], [high for _, high in parts]
        if isinstance(node, And):
            return max(0.0, sum(lows) - len(lows) + 1.0), min(highs)
        return max(lows), min(1.0, sum(highs))
    return evaluated[node].low, evaluated[node].high


def holds_as_published(leaf: EvaluatedLeaf) -> bool:
    """Whether the part holds at the published values, without their errors."""
    if isinstance(leaf.node, IsTrue):
        return (leaf.middle or 0.0) >= 0.5
    return bool(np.mean(_draw(leaf.node, replace(leaf, known=tuple(item.fixed() for item in leaf.known)))) > 0.5)


def most_decisive(node: Node, lookup: EvidenceLookup, chance: ProbabilityBounds) -> KnownQuantity | None:
    """Uncertain quantity whose exact knowledge would move the probability furthest from one half; None without one."""
    uncertain = {item.key: item for leaf in chance.leaves for item in leaf.known if not item.certain}
    if chance.middle is None or not uncertain:
        return None
    best, gain = None, 0.02
    for key, item in uncertain.items():
        fixed = [
            replace(leaf, known=tuple(other.fixed() if other.key == key else other for other in leaf.known))
            for leaf in chance.leaves
        ]
        drawn = {
            leaf.node: _draw(leaf.node, leaf) if not isinstance(leaf.node, IsTrue) else _truth_of_record(leaf)
            for leaf in fixed
        }
        moved = abs(float(np.mean(_truth(node, drawn))) - 0.5) - abs(chance.middle - 0.5)
        if moved > gain:
            best, gain = item, moved
    return best


def _truth_of_record(leaf: EvaluatedLeaf) -> Truth:
    item = leaf.known[0]
    return np.full(GRID, True) if item.certain else np.asarray(item.quantiles[draw_order(item.key)] > 0.5)

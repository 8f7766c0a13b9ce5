"""The probability that a test holds, and how far it depends on what moves with what.

Errors of two quantities may move together; the evidence seldom says how. A comparison is therefore weighed three
times: errors independent, errors that spread the difference most, and errors all upwards together. Between figures of
one indicator the second is left out: one method errs alike, which can help a comparison and not hurt it. Parts joined
by and/or are bounded by Fréchet's inequalities. The verdict uses the end of the range that is nearest to one half.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from headway.claims.evaluate.known import GRID, Known, MissingEvidence, bring, order_of
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.evaluate.terms import answer
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
class Leaf:
    """One comparison or statement of a test, weighed.

    Attributes:
        middle: probability with independent errors; None where evidence is silent (`missing` says why).
        low, high: over the three couplings; 0 and 1 where evidence is silent.
    """

    node: Comparison | IsTrue
    middle: float | None
    low: float
    high: float
    known: tuple[Known, ...] = ()
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Chance:
    """The probability that a test holds.

    `middle` takes the parts as independent; [low, high] holds for any dependence between them. `middle` is None where a
    part on which the answer depends is missing.
    """

    middle: float | None
    low: float
    high: float
    leaves: tuple[Leaf, ...]

    @property
    def cautious(self) -> float:
        """The end of [low, high] nearest to one half, or one half where it lies between."""
        return min(max(0.5, self.low), self.high)

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(leaf.missing for leaf in self.leaves if leaf.missing))


def weigh(node: Node, desk: EvidenceLookup) -> Chance:
    """Weigh a test on the evidence of `desk`.

    Raises:
        InputError: unknown quantity, indicator, country, period or unit.
    """
    weighed = {leaf: _weigh_leaf(leaf, desk) for leaf in dict.fromkeys(leaves(node))}
    low, high = _bounds(node, weighed)
    middle: float | None = None
    if all(leaf.middle is not None for leaf in weighed.values()):
        middle = float(np.mean(_truth(node, {leaf: _draw(leaf, item) for leaf, item in weighed.items()})))
        middle = min(max(middle, low), high)
    return Chance(middle, low, high, tuple(weighed[leaf] for leaf in leaves(node)))


def _weigh_leaf(leaf: Comparison | IsTrue, desk: EvidenceLookup) -> Leaf:
    at = leaf.at if isinstance(leaf, Comparison) else None
    try:
        known = {term: answer(desk, term, at) for term in dict.fromkeys(terms(leaf))}
    except MissingEvidence as silence:
        return Leaf(leaf, None, 0.0, 1.0, (), str(silence))
    found = tuple(known.values())
    if isinstance(leaf, IsTrue):
        only = found[0]
        if not set(np.unique(only.quantiles)) <= {0.0, 1.0}:
            raise InputError(f"{leaf.term} is a number ({only.value:g} {only.unit}); compare it with something")
        chance = float(np.mean(only.quantiles))
        return Leaf(leaf, chance, chance, chance, found)
    middle = _probability(leaf, known, "independent")
    others = [_probability(leaf, known, "together")]
    if len({item.family for item in found if not item.certain}) > 1:
        others.append(_probability(leaf, known, "spreading"))
    return Leaf(leaf, middle, min(middle, *others), max(middle, *others), found)


def _probability(leaf: Comparison, known: dict[Term, Known], coupling: Coupling) -> float:
    return float(np.mean(_comparison(leaf, known, coupling)))


def _comparison(leaf: Comparison, known: dict[Term, Known], coupling: Coupling) -> Truth:
    signs: dict[str, float] = {}

    def draw(item: Known, sign: float) -> Draws:
        if item.certain:
            return item.quantiles
        if coupling == "independent":
            return item.quantiles[order_of(item.key)]
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
    value: Value, known: dict[Term, Known], draw: Callable[[Known, float], Draws], sign: float, unit: str
) -> Draws:
    if isinstance(value, Number):
        return np.array([bring(value.value, value.unit, unit)])
    if isinstance(value, Term):
        item = known[value]
        draws = draw(item, sign)
        return draws if not unit or not item.unit or item.unit == unit else bring_all(draws, item.unit, unit)
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


def bring_all(draws: Draws, given: str, wanted: str) -> Draws:
    """Draws in another unit."""
    return np.asarray(draws * bring(1.0, given, wanted), dtype=np.float64)


def _unit(value: Value, known: dict[Term, Known]) -> str:
    if isinstance(value, Term):
        return known[value].unit
    if isinstance(value, Arithmetic) and value.operator in "+-":
        return _unit(value.left, known) or _unit(value.right, known)
    if isinstance(value, Arithmetic) and value.operator == "*":
        return _unit(value.left, known) or _unit(value.right, known)
    return ""


def _draw(node: Comparison | IsTrue, leaf: Leaf) -> Truth:
    known = dict(zip(dict.fromkeys(terms(node)), leaf.known, strict=True))
    if isinstance(node, IsTrue):
        item = leaf.known[0]
        return np.asarray(item.quantiles[order_of(item.key)] > 0.5)
    return np.broadcast_to(_comparison(node, known, "independent"), (GRID,))


def _truth(node: Node, drawn: dict[Comparison | IsTrue, Truth]) -> Truth:
    if isinstance(node, Not):
        return ~_truth(node.part, drawn)
    if isinstance(node, (And, Or)):
        join = np.logical_and if isinstance(node, And) else np.logical_or
        return np.asarray(join.reduce([_truth(part, drawn) for part in node.parts]))
    return drawn[node]


def _bounds(node: Node, weighed: dict[Comparison | IsTrue, Leaf]) -> tuple[float, float]:
    if isinstance(node, Not):
        low, high = _bounds(node.part, weighed)
        return 1.0 - high, 1.0 - low
    if isinstance(node, (And, Or)):
        parts = [_bounds(part, weighed) for part in node.parts]
        lows, highs = [low for low, _ in parts], [high for _, high in parts]
        if isinstance(node, And):
            return max(0.0, sum(lows) - len(lows) + 1.0), min(highs)
        return max(lows), min(1.0, sum(highs))
    return weighed[node].low, weighed[node].high


def holds_as_published(leaf: Leaf) -> bool:
    """Whether the part holds at the very values that are published, errors left aside."""
    if isinstance(leaf.node, IsTrue):
        return (leaf.middle or 0.0) >= 0.5
    return bool(np.mean(_draw(leaf.node, replace(leaf, known=tuple(item.fixed() for item in leaf.known)))) > 0.5)


def decisive(node: Node, desk: EvidenceLookup, chance: Chance) -> Known | None:
    """The uncertain quantity whose exact knowledge would move the probability furthest from one half, if any would."""
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
            leaf.node: _draw(leaf.node, leaf) if not isinstance(leaf.node, IsTrue) else _held(leaf) for leaf in fixed
        }
        moved = abs(float(np.mean(_truth(node, drawn))) - 0.5) - abs(chance.middle - 0.5)
        if moved > gain:
            best, gain = item, moved
    return best


def _held(leaf: Leaf) -> Truth:
    item = leaf.known[0]
    return np.full(GRID, True) if item.certain else np.asarray(item.quantiles[order_of(item.key)] > 0.5)

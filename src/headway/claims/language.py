"""The language of tests: its parser, its tree, and the arguments of a term that name countries or periods."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, cast

from headway.core.errors import InputError

Operator = Literal[">", ">=", "<", "<=", "~"]


@dataclass(frozen=True, slots=True)
class Number:
    """A number as written, with its unit as written ("" without one)."""

    value: float
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.value:g}{' ' if self.unit else ''}{self.unit}"


@dataclass(frozen=True, slots=True)
class Term:
    """A finding (`gap.lag_observed(RUS, USA)`) or a question to the evidence (`indicator(rd_share_gdp, RUS, 2024)`)."""

    name: str
    arguments: tuple[str, ...]

    @property
    def is_finding(self) -> bool:
        return "." in self.name

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.arguments)})"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two values joined by + - * or /."""

    operator: Literal["+", "-", "*", "/"]
    left: Value
    right: Value

    def __str__(self) -> str:
        return f"[{self.left} {self.operator} {self.right}]"


Value = Number | Term | Arithmetic


@dataclass(frozen=True, slots=True)
class Comparison:
    """One value against another, perhaps at a stated period; `~` means within `tolerance` (a fraction) of the right."""

    left: Value
    operator: Operator
    right: Value
    at: str | None = None
    tolerance: float | None = None

    def __str__(self) -> str:
        ending = f" within {100 * self.tolerance:g} %" if self.tolerance is not None else ""
        return f"{self.left} {self.operator} {self.right}{ending}{f' at {self.at}' if self.at else ''}"


@dataclass(frozen=True, slots=True)
class IsTrue:
    """A term that is true or false by itself: `statement(goal, RUS)`, or a finding that is a probability."""

    term: Term

    def __str__(self) -> str:
        return str(self.term)


@dataclass(frozen=True, slots=True)
class Not:
    """Negation of a test."""

    part: Node

    def __str__(self) -> str:
        return f"not {self.part}" if isinstance(self.part, (Comparison, IsTrue)) else f"not ({self.part})"


@dataclass(frozen=True, slots=True)
class And:
    """Conjunction: every part holds."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " and ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """Disjunction: at least one part holds."""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " or ".join(str(part) for part in self.parts)


Node = Comparison | IsTrue | Not | And | Or


def leaves(node: Node) -> tuple[Comparison | IsTrue, ...]:
    """The comparisons and statements that a test is composed of, from left to right."""
    if isinstance(node, (And, Or)):
        return tuple(leaf for part in node.parts for leaf in leaves(part))
    if isinstance(node, Not):
        return leaves(node.part)
    return (node,)


def terms(node: Node | Value) -> tuple[Term, ...]:
    """All terms in a test or value, from left to right."""
    if isinstance(node, Term):
        return (node,)
    if isinstance(node, Number):
        return ()
    if isinstance(node, IsTrue):
        return (node.term,)
    if isinstance(node, (Comparison, Arithmetic)):
        return (*terms(node.left), *terms(node.right))
    if isinstance(node, Not):
        return terms(node.part)
    return tuple(term for part in node.parts for term in terms(part))


_COUNTRIES = {
    "indicator": (1,),
    "ratio": (1, 2),
    "change": (1,),
    "growth": (1,),
    "trend": (1,),
    "rank": (1,),
    "statement": (1,),
    "count": (1,),
    "flow": (1, 2),
}
_PERIODS = {
    "indicator": (2,),
    "ratio": (3,),
    "change": (2, 3),
    "growth": (2, 3),
    "trend": (2, 3),
    "rank": (2,),
    "statement": (3,),
    "count": (3,),
    "flow": (3, 4),
}


def countries_in(term: Term) -> tuple[str, ...]:
    """The arguments that name countries; of a finding, the first."""
    return _at(term, (0,) if term.is_finding else _COUNTRIES.get(term.name, ()))


def periods_in(term: Term) -> tuple[str, ...]:
    """The arguments that name periods."""
    return _at(term, _PERIODS.get(term.name, ()))


def _at(term: Term, places: tuple[int, ...]) -> tuple[str, ...]:
    return tuple(term.arguments[place] for place in places if place < len(term.arguments))


_EXAMPLE = "gap.lag_observed(RUS, USA) > 12 months or ratio(gdp_usd, USA, RUS) > 10"
_MAX_LENGTH = 2000


@lru_cache(maxsize=1)
def _parser() -> Any:
    from lark import Lark

    grammar = files("headway.claims").joinpath("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=True)


def parse_test(text: str) -> Node:
    """Tree of a test.

    Raises:
        InputError: not in the language; the message shows the place and what could stand there.
    """
    from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

    if len(text) > _MAX_LENGTH:
        raise InputError(f"the test is longer than {_MAX_LENGTH} characters; split the claim")
    try:
        tree = _parser().parse(text)
    except (UnexpectedToken, UnexpectedCharacters, UnexpectedInput) as error:
        at = getattr(error, "pos_in_stream", None) or max(0, (getattr(error, "column", 1) or 1) - 1)
        shown = text[max(0, at - 20) : at].lstrip() + "⟦" + text[at : at + 20].rstrip() + "⟧"
        raise InputError(f"the test cannot be read at {shown!r}; one looks like: {_EXAMPLE}") from None
    except RecursionError:
        raise InputError("the test is nested too deeply; split the claim") from None
    return _node(tree)


def _node(tree: Any) -> Node:
    if tree.data == "disjunction":
        return Or(tuple(_node(part) for part in tree.children))
    if tree.data == "conjunction":
        return And(tuple(_node(part) for part in tree.children))
    if tree.data == "negated":
        return Not(_node(tree.children[0]))
    if tree.data == "is_true":
        return IsTrue(_term(tree.children[0]))
    if tree.data == "approximate":
        left, right, within, at = tree.children
        return Comparison(_value(left), "~", _value(right), _period(at), float(within) / 100.0)
    left, operator, right, at = tree.children
    return Comparison(_value(left), cast(Operator, str(operator)), _value(right), _period(at))


def _period(tree: Any) -> str | None:
    return None if tree is None else str(tree.children[0])


def _value(tree: Any) -> Value:
    if tree.data == "term":
        return _term(tree)
    if tree.data in ("number", "negative"):
        number, unit = (tree.children[0], tree.children[1] if len(tree.children) > 1 else None)
        words = " ".join(str(part).strip('"') for part in unit.children) if unit is not None else ""
        return Number(float(number) * (-1.0 if tree.data == "negative" else 1.0), words)
    sign = {"plus": "+", "minus": "-", "times": "*", "over": "/"}[tree.data]
    return Arithmetic(cast(Any, sign), _value(tree.children[0]), _value(tree.children[1]))


def _term(tree: Any) -> Term:
    name, *arguments = tree.children
    return Term(str(name), tuple(str(part.children[0]).strip('"') for part in arguments))

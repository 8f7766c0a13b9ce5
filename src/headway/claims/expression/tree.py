"""What a test is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
    """not …"""

    part: Node

    def __str__(self) -> str:
        return f"not {self.part}" if isinstance(self.part, (Comparison, IsTrue)) else f"not ({self.part})"


@dataclass(frozen=True, slots=True)
class And:
    """… and …"""

    parts: tuple[Node, ...]

    def __str__(self) -> str:
        return " and ".join(f"({part})" if isinstance(part, Or) else str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """… or …"""

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

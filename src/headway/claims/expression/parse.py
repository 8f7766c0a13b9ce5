"""From the text of a test to its tree."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Any, cast

from headway.claims.expression.tree import (
    And,
    Arithmetic,
    Comparison,
    IsTrue,
    Node,
    Not,
    Number,
    Operator,
    Or,
    Term,
    Value,
)
from headway.core.errors import InputError

_EXAMPLE = "gap.lag_observed(RUS, USA) > 12 months or ratio(gdp_usd, USA, RUS) > 10"
_MAX_LENGTH = 2000


@lru_cache(maxsize=1)
def _parser() -> Any:
    from lark import Lark

    grammar = files("headway.claims.expression").joinpath("grammar.lark").read_text("utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=True)


def parse_test(text: str) -> Node:
    """Read a test.

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
    if tree.data == "either":
        return Or(tuple(_node(part) for part in tree.children))
    if tree.data == "both":
        return And(tuple(_node(part) for part in tree.children))
    if tree.data == "neither":
        return Not(_node(tree.children[0]))
    if tree.data == "holds":
        return IsTrue(_term(tree.children[0]))
    if tree.data == "close":
        left, right, within, at = tree.children
        return Comparison(_value(left), "~", _value(right), _at(at), float(within) / 100.0)
    left, operator, right, at = tree.children
    return Comparison(_value(left), cast(Operator, str(operator)), _value(right), _at(at))


def _at(tree: Any) -> str | None:
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

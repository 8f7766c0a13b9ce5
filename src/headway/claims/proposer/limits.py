"""Limits that the amounts of a statement set to a test: the operator, the number in its unit, and the tolerance."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from headway.claims.reader.amounts import Amount
from headway.claims.reader.statements import ArticleStatement
from headway.claims.reader.words import cues, number

_MORE = re.compile(
    r"(?:(?<!no )(?<!not )more than|over|above|at least|exceed\w*|upwards of|no (?:less|fewer) than)\s+(?:US)?[$€£]?$",
    re.I,
)
_LESS = re.compile(r"(?:less than|fewer than|under|below|at most|up to|no more than)\s+(?:US)?[$€£]?$", re.I)
_JUST_ABOVE = re.compile(
    r"(?:little|slightly|barely|just|a bit|marginally|scarcely|hardly|only) (?:more than|over|above)\s+(?:US)?[$€£]?$",
    re.I,
)
_JUST_BELOW = re.compile(
    r"(?:little|slightly|just|a bit|marginally|a shade) (?:less than|fewer than|under|below)\s+(?:US)?[$€£]?$", re.I
)
_OR_MORE = re.compile(r" or (?:more|longer|above)\b")
_BEFORE_NUMBER = rf"(?! than (?:an?|half|twice|{number()}|\S*\d)\b)"
_UPWARD = re.compile(
    r"\b(?:more|higher|larger|bigger|greater|ahead|above|exceed\w*|outspen\w+)\b" + _BEFORE_NUMBER, re.I
)
_DOWNWARD = re.compile(
    r"\b(?:less|fewer|lower|smaller|behind|below|rounding error|fraction of|dwarfed|trail\w*|lag\w*)\b"
    + _BEFORE_NUMBER,
    re.I,
)


def amount_test(statement: ArticleStatement, amount: Amount, entry: Mapping[str, Any], term: str) -> str:
    """Test of `term` against an amount; "little more than one percent" lies between 1 and 1.3."""
    before = statement.text[: amount.start]
    unit = entry["units"][amount.unit]
    if _JUST_ABOVE.search(before):
        return f"{term} >= {amount.value:g} {unit}".rstrip() + f" and {term} <= {1.3 * amount.value:g} {unit}".rstrip()
    if _JUST_BELOW.search(before):
        return f"{term} >= {0.8 * amount.value:g} {unit}".rstrip() + f" and {term} <= {amount.value:g} {unit}".rstrip()
    return f"{term} {amount_comparison(statement, amount, entry)}"


def amount_comparison(statement: ArticleStatement, amount: Amount, entry: Mapping[str, Any]) -> str:
    """Right side of a comparison: the operator, the amount in the indicator's unit, and the tolerance."""
    sign = amount_operator(statement, amount)
    if statement.kind == "advice":  # who is told to raise it to two percent is presumed to be below
        sign = ">" if cues("effect", "down").search(statement.text) else "<"
    within = 25 if statement.hedged else 15
    if amount.unit in ("models", "count") and 0 < amount.value < 10:
        within = max(within, round(110 / amount.value))  # one more or less, when a few are counted
    ending = f" within {within} %" if sign == "~" else ""
    return f"{sign} {amount.value:g} {entry['units'][amount.unit]}".rstrip() + ending


def amount_operator(statement: ArticleStatement, amount: Amount) -> str:
    """Operator of an amount: ">" after "more than", "<" after "less than", else "~"."""
    before = statement.text[: amount.start]
    if _MORE.search(before) or _OR_MORE.match(statement.text, amount.end):
        return ">"
    return "<" if _LESS.search(before) else "~"


def compares_both_ways(text: str) -> bool:
    """Whether the sentence holds something to be more than one thing and less than another."""
    return _UPWARD.search(text) is not None and _DOWNWARD.search(text) is not None


def amounts_of_subject(statement: ArticleStatement) -> tuple[Amount, ...]:
    """Amounts of the subject: all before the first comparing word that is not part of a number."""
    turn = re.search(
        r", (?:still |yet |but )?(?:more|less|half|twice|well|far|a fraction|above|below|behind|ahead)\b|\bbut\b"
        r"|\bthan (?:in |the )?[A-Z]|\bcompared\b",
        statement.text,
    )
    stop = turn.start() if turn else len(statement.text)
    return tuple(amount for amount in statement.amounts if amount.start < stop)


def direction_operator(direction: str) -> str:
    """Operator of a direction: ">" for more and up, "<" for less and down."""
    return "<" if direction in ("less", "down") else ">"


def first_amount(statement: ArticleStatement, *units: str) -> Amount | None:
    """The first amount in one of `units`."""
    return next((amount for amount in statement.amounts if amount.unit in units), None)

"""Back-translation: plain words of what a test checks, so that a reader need not know the language of tests."""

from __future__ import annotations

from collections.abc import Mapping

from headway.claims.evaluate.lookup import within_sentence
from headway.claims.language import (
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
    parse_test,
)
from headway.core import wording
from headway.core.errors import InputError
from headway.core.wording import of, the
from headway.evidence.catalogue import indicators
from headway.evidence.countries import resolve

_OPERATORS: Mapping[Operator, str] = {
    ">": "above",
    ">=": "at least",
    "<": "below",
    "<=": "at most",
    "~": "about",
}
_CHANGES = ("rose", "fell")
_GAPS: Mapping[str, str] = {
    "gap.modelled_trend": "the gap of {A} to the leader in capability, as the model infers it,",
    "gap.eci_trend": "the gap of {A}{TO_B} on the Capabilities Index",
    "gap.training_trend": "the gap of {A}{TO_B} in training compute",
}
_FINDINGS: Mapping[str, str] = {
    "gap.lag_observed": "the lag of {OF_A} best scored model behind the leader",
    "gap.lag_sovereign": "the lag of {OF_A} own best model behind the leader, as the model infers it,",
    "gap.lag_to": "the lag of {A} behind {B} in capability, as the model infers it,",
    "gap.training_compute": "the distance of {A}{TO_B} in the largest training run",
}
_OUTLOOKS: Mapping[str, str] = {
    "frontier": "stand at the frontier",
    "top_5": "be among the first five",
    "top_10": "be among the first ten",
    "within_12": "be within twelve months of the frontier",
}
_RECORDS: Mapping[str, str] = {"goal": "a goal", "budget": "a budget", "event": "an event", "niche": "a niche"}


def plain_words(test: str) -> str:
    """Back-translation of a test: "checks whether …".

    Raises:
        InputError: not in the language of tests.
    """
    return f"checks whether {_node(parse_test(test))}"


def _node(node: Node) -> str:
    if isinstance(node, Not):
        return f"it is not so that {_node(node.part)}"
    if isinstance(node, (And, Or)):
        join = ", and whether " if isinstance(node, And) else ", or whether "
        return join.join(_node(part) for part in node.parts)
    if isinstance(node, IsTrue):
        return _truth(node.term)
    return _comparison(node)


def _truth(term: Term) -> str:
    if term.name == "statement":
        kind, country, *more = term.arguments
        about = f" about {more[0].replace('_', ' ')}" if more else ""
        since = f" since {wording.period(more[1])}" if len(more) > 1 else ""
        return f"{_RECORDS.get(kind, kind)}{about} of {_country(country)} is on record{since}"
    if term.name == "outlook.probability" and len(term.arguments) == 3 and term.arguments[1] in _OUTLOOKS:
        country, event, year = term.arguments
        return f"the outlook has {_country(country)} {_OUTLOOKS[event]} at the end of {year}"
    return f"{_value(term)} holds"


def _comparison(leaf: Comparison) -> str:
    within = f" (within {100 * leaf.tolerance:g} %)" if leaf.tolerance is not None else ""
    at = f" in {wording.period(leaf.at)}" if leaf.at else ""
    left, right, sign = leaf.left, leaf.right, leaf.operator
    if isinstance(left, Term) and isinstance(right, Number):
        special = _against_number(left, sign, right)
        if special:
            return f"{special}{within}{at}"
    if isinstance(left, Term) and isinstance(right, Term) and _same_series(left, right):
        period = left.arguments[2] if len(left.arguments) > 2 else None
        when = f" in {wording.period(period)}" if period else ""
        other = "that of " + _country(right.arguments[1])
        return f"{_series(left)} was {_OPERATORS[sign]} {other}{within}{when or at or _NEWEST}"
    return f"{_value(left)} was {_OPERATORS[sign]} {_value(right)}{within}{at}"


_NEWEST = ", by the newest figures"


def _same_series(left: Term, right: Term) -> bool:
    both = left.name == right.name == "indicator" and left.arguments[0] == right.arguments[0]
    return both and left.arguments[2:] == right.arguments[2:]


def _against_number(left: Term, sign: Operator, right: Number) -> str:
    """Words of one term held against a number; empty where the general form will do."""
    number = _number(right)
    if left.name == "trend" and right.value == 0 and sign != "~":
        slug, country, first, last = left.arguments
        moved = _CHANGES[sign.startswith("<")]
        return f"{_name(slug)} of {_country(country)} {moved} from {wording.period(first)} to {wording.period(last)}"
    if left.name == "rank":
        return _rank(left, sign, right.value)
    if left.name == "ratio":
        slug, one, other, *period = left.arguments
        when = f" in {wording.period(period[0])}" if period else ""
        how = {"~": "about", ">": "more than", "<": "less than"}.get(sign, _OPERATORS[sign])
        if right.value == 1 and sign != "~":
            return f"{_name(slug)} of {_country(one)} was {_OPERATORS[sign]} that of {_country(other)}{when}"
        times = "the same as" if right.value == 1 else f"{right.value:g} times"
        return f"{_name(slug)} of {_country(one)} was {how} {times} that of {_country(other)}{when}"
    if left.name == "growth":
        slug, country, first, last = left.arguments
        return (
            f"{_name(slug)} of {_country(country)} in {wording.period(last)} was {_OPERATORS[sign]} {right.value:g} "
            f"times that in {wording.period(first)}"
        )
    if left.name in _GAPS and right.value == 0 and sign != "~":
        moved = "narrowed" if sign.startswith("<") else "widened"
        ahead = " (in the outlook)" if "ahead" in left.arguments else ""
        return f"{_filled(_GAPS[left.name], left)} {moved}{ahead}"
    if left.name == "indicator":
        newest = "" if len(left.arguments) > 2 else ", by the newest figure"
        return f"{_value(left)} was {_OPERATORS[sign]} {number}{newest}"
    return ""


def _rank(term: Term, sign: Operator, place: float) -> str:
    slug, country, *period = term.arguments
    when = f" in {wording.period(period[0])}" if period else ""
    if sign in ("<", "<=") and place == 1:
        where = "ranked first"
    elif sign in ("<", "<="):
        where = f"ranked among the first {place:g}"
    elif sign == "~":
        where = f"ranked about {wording.ordinal(place)}"
    else:
        where = f"ranked below the first {place:g}"
    return f"{_country(country)} {where} by {_name(slug)}{when}"


def _value(value: Value) -> str:
    if isinstance(value, Number):
        return _number(value)
    if isinstance(value, Arithmetic):
        sign = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}[value.operator]
        return f"{_value(value.left)} {sign} {_value(value.right)}"
    if value.name == "indicator":
        period = f" in {wording.period(value.arguments[2])}" if len(value.arguments) > 2 else ""
        return f"{_series(value)}{period}"
    if value.name == "ratio":
        slug, one, other, *more = value.arguments
        return f"{_name(slug)} of {_country(one)} over that of {_country(other)}{_in(more)}"
    if value.name in ("change", "growth", "trend"):
        slug, country, first, last = value.arguments
        return (
            f"the {value.name} of {_name(slug)} of {_country(country)} from {wording.period(first)} to "
            f"{wording.period(last)}"
        )
    if value.name == "rank":
        return f"the rank of {_country(value.arguments[1])} by {_name(value.arguments[0])}{_in(value.arguments[2:])}"
    if value.name == "count":
        return f"the number of {value.arguments[0]}s of {_country(value.arguments[1])} on record"
    if value.name == "amount":
        return f"the figure on record under {value.arguments[0]}"
    if value.name == "flow":
        return f"{value.arguments[0]} from {_country(value.arguments[1])} to {_country(value.arguments[2])}"
    for table in (_GAPS, _FINDINGS):
        if value.name in table and ("{B}" not in table[value.name] or len(value.arguments) > 1):
            return _filled(table[value.name], value)
    rest = f" ({', '.join(value.arguments[1:])})" if len(value.arguments) > 1 else ""
    return f"the finding {value.name} of {_country(value.arguments[0])}{rest}"


def _filled(template: str, term: Term) -> str:
    first, second = term.arguments[0], term.arguments[1] if len(term.arguments) > 1 else ""
    code = "" if not second or not _is_country(second) else second
    name = resolve(first).name
    return template.format(
        A=the(name), OF_A=of(name), B=_country(second) if second else "", TO_B=f" to {_country(code)}" if code else ""
    )


def _is_country(text: str) -> bool:
    try:
        resolve(text)
    except InputError:
        return False
    return True


def _in(periods: tuple[str, ...] | list[str]) -> str:
    return f" in {wording.period(periods[0])}" if periods else ""


def _series(term: Term) -> str:
    return f"{_name(term.arguments[0])} of {_country(term.arguments[1])}"


def _name(slug: str) -> str:
    """Name of a series; a share or a density says of what, since a total often has the same name."""
    entry = indicators().get(slug)
    if entry is None:
        return slug
    relative = entry.unit.startswith(("%", "per "))
    return f"{within_sentence(entry.name)} ({entry.unit})" if relative else within_sentence(entry.name)


def _country(name: str) -> str:
    return the(resolve(name).name) if _is_country(name) else name


def _number(number: Number) -> str:
    return wording.amount(number.value, number.unit) if number.unit else wording.number(number.value)

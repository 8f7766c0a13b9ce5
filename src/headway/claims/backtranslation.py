"""Back-translation: plain words of what a test checks, so that a reader need not know the language of tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

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
from headway.claims.series_words import SeriesWords, Verbs, series_words
from headway.core import wording, yaml_files
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
_AMOUNTS: Mapping[Operator, str] = {**_OPERATORS, ">": "more than", "<": "less than"}
_BY: Mapping[str, str] = {">": "by more than", ">=": "by at least", "<": "by more than", "<=": "by at least"}
_THE_MODEL = ", as the model infers it,"
_GAPS: Mapping[str, str] = {
    "gap.modelled_trend": f"{{OF_A}} gap to the leader in capability{_THE_MODEL}",
    "gap.eci_trend": "{OF_A} gap to {B} on the Capabilities Index",
    "gap.training_trend": "{OF_A} gap to {B} in training compute",
}
_SPANS: Mapping[str, str] = {"past": " over the last year", "3y": " over the last three years"}
_LAGS: Mapping[str, tuple[str, str]] = {
    "gap.lag_observed": ("the best scored model of {A}", "the leader"),
    "gap.lag_sovereign": (f"{{OF_A}} own best model{_THE_MODEL}", "the leader"),
    "gap.lag_accessible": (f"the best model open to {{A}}{_THE_MODEL}", "the leader"),
    "gap.lag_to": ("{A}", f"{{B}} in capability{_THE_MODEL}"),
}
_DISTANCES: Mapping[str, tuple[str, str]] = {
    "gap.training_compute": ("the largest known training run of {A}", "that of {B}"),
    "gap.modelled_gap": (f"the effective compute of {{OF_A}} best model{_THE_MODEL}", "that of the leader"),
}
_STANDINGS: Mapping[str, str] = {"standing.scale": "size", "standing.intensity": "intensity"}
_OUTLOOKS: Mapping[str, str] = {
    "frontier": "stand at the frontier of AI",
    "top_5": "be among the first five in AI",
    "top_10": "be among the first ten in AI",
    "within_12": "be within twelve months of the frontier of AI",
}
_RECORDS: Mapping[str, tuple[str, str]] = {
    "goal": ("{A} has set itself a goal", " for {ABOUT}"),
    "budget": ("{A} has given or planned public money", " for {ABOUT}"),
    "event": ("rules touch {A}", " and concern {ABOUT}"),
    "niche": ("{A} has results to show", " in {ABOUT}"),
}
_TOPICS: Mapping[tuple[str, str], str] = {
    ("goal", "position"): ", to be among the leading countries",
    ("goal", "compute"): " for computing power",
    ("event", "chips"): " and concern chips",
    ("event", "tighten"): " and were tightened",
    ("event", "loosen"): " and were loosened",
    ("budget", "ai"): " for AI",
}


def plain_words(*tests: str) -> str:
    """Back-translation of a test, or of a set of readings: "checks whether …".

    Raises:
        InputError: not in the language of tests.
    """
    asked = [f"whether {_node(parse_test(test))}" for test in tests]
    if len(asked) == 1:
        return f"checks {asked[0]}"
    return f"checks in {len(asked)} readings that must agree: {'; '.join(asked)}"


def _node(node: Node) -> str:
    if isinstance(node, Not):
        if isinstance(node.part, (Comparison, IsTrue)):
            return _leaf(node.part, Verbs(denied=True))
        return f"it is not so that {_node(node.part)}"
    if isinstance(node, (And, Or)):
        join = ", and whether " if isinstance(node, And) else ", or whether "
        return join.join(_node(part) for part in node.parts)
    return _leaf(node, Verbs())


def _leaf(leaf: Comparison | IsTrue, verbs: Verbs) -> str:
    if isinstance(leaf, IsTrue):
        return _truth(leaf.term, verbs)
    within = f" (within {100 * leaf.tolerance:g} %)" if leaf.tolerance is not None else ""
    at = f" in {wording.period(leaf.at)}" if leaf.at else ""
    left, told = _as_ratio(leaf.left), ""
    if isinstance(left, Term) and isinstance(leaf.right, Number):
        told = _finding(left, leaf.operator, leaf.right, verbs) or _figure(left, leaf.operator, leaf.right, verbs)
    elif isinstance(left, Term) and isinstance(leaf.right, Term):
        told = _two_series(left, leaf.operator, leaf.right, verbs)
    if not told:
        told = f"{_value(left)} {verbs.be()} {_OPERATORS[leaf.operator]} {_value(leaf.right)}"
    return f"{told}{within}{at}"


def _as_ratio(value: Value) -> Value:
    """One country's figure divided by another's as the ratio that it is; other values as they are."""
    if isinstance(value, Arithmetic) and value.operator == "/":
        one, other = value.left, value.right
        if isinstance(one, Term) and isinstance(other, Term) and _same_series(one, other, "indicator"):
            return Term("ratio", (*one.arguments[:2], other.arguments[1], *one.arguments[2:]))
    return value


def _truth(term: Term, verbs: Verbs) -> str:
    first, *more = term.arguments
    if term.name == "statement":
        what, about = _RECORDS.get(first, (f"{first} of {{A}}", " about {ABOUT}"))
        topic = more[1] if len(more) > 1 else ""
        tail = _TOPICS.get((first, topic), about) if topic else ""
        since = f" (since {wording.period(more[2])})" if len(more) > 2 else ""
        words = f"{what}{tail}".format(A=_country(more[0]), ABOUT=topic.replace("_", " "))
        return f"it {verbs.be('is')} on record that {words}{since}"
    if term.name == "outlook.probability" and len(more) == 2 and more[0] in _OUTLOOKS:
        return f"{_country(first)} {verbs.will} {_OUTLOOKS[more[0]]} at the end of {more[1]}, by the outlook"
    if term.name == "change.supremacy":
        return f"{'no' if verbs.denied else 'some'} strategy brings {_country(first)} to supremacy"
    return f"it {verbs.be('is')} so that {_value(term)}"


def _finding(term: Term, sign: Operator, right: Number, verbs: Verbs) -> str:
    """Words of a finding of a brief held against a number; empty where the general form will do."""
    number = _number(right)
    if term.name in _GAPS and right.value == 0 and sign != "~":
        moved = ("narrowed", "narrow") if sign.startswith("<") else ("widened", "widen")
        if "ahead" in term.arguments:
            return f"{_filled(_GAPS[term.name], term)} {verbs.will} {moved[1]}, by the outlook"
        span = next((words for argument in term.arguments if (words := _SPANS.get(argument))), "")
        return f"{_filled(_GAPS[term.name], term)} {verbs.do(*moved)}{span}"
    if term.name in _LAGS:
        one, other = (_filled(text, term) for text in _LAGS[term.name])
        how = "" if right.value == 0 and sign == ">" else f" {_AMOUNTS[sign]} {number}"
        return f"{one} {verbs.be()}{how} behind {other}".rstrip(",")
    if term.name in _DISTANCES and right.unit == "OOM" and sign in (">", ">="):
        one, other = (_filled(text, term) for text in _DISTANCES[term.name])
        if right.value == 0:
            return f"{one} {verbs.be()} smaller than {other}"
        return (
            f"{one} {verbs.be()} smaller than {other} by a factor of {_AMOUNTS[sign]} {wording.number(10**right.value)}"
        )
    if term.name in _STANDINGS and sign in ("<=", "<"):
        country, how = _country(term.arguments[0]), _STANDINGS[term.name]
        return f"{country} {verbs.do('ranked', 'rank')} among the first {right.value:g} by {how} in the standing"
    if term.name == "why.attribution" and len(term.arguments) == 3:
        country, rival, cause = term.arguments
        verb = "does not account" if verbs.denied else "accounts"
        about = f"{_cause(cause)} {verb} for {_AMOUNTS[sign]} {number} of {of(resolve(country).name)} lag"
        return f"{about} behind {_country(rival)}, by the equations of the model"
    if term.name == "change.strategy" and len(term.arguments) == 2:
        country, strategy = term.arguments
        would = "would not" if verbs.denied else "would"
        return f"the strategy “{strategy}” {would} change {of(resolve(country).name)} lag by {_AMOUNTS[sign]} {number}"
    return ""


def _figure(term: Term, sign: Operator, right: Number, verbs: Verbs) -> str:
    """Words of a term about one series held against a number; empty where the general form will do."""
    if term.name == "rank":
        return _rank(term, sign, right.value, verbs)
    if term.name == "ratio":
        return _ratio(term, sign, right.value, verbs)
    if term.name in ("trend", "change", "growth"):
        return _change(term, sign, right, verbs)
    if term.name == "count":
        kind, country, *more = term.arguments
        about = f" about {more[0].replace('_', ' ')}" if more else ""
        be = verbs.be("are")
        return f"{_AMOUNTS[sign]} {right.value:g} {kind}s of {_country(country)}{about} {be} on record"
    if term.name != "indicator":
        return ""
    slug, country, *period = term.arguments
    words = series_words(slug)
    number = _number(right) if right.unit not in ("", "%") else _in_unit(slug, right.value)
    when = f" in {wording.period(period[0])}" if period else ", by the newest figure"
    if words.counted:
        number = wording.number(right.value) if right.unit in ("", _unit(slug)) else _number(right)
        if right.value == 0 and sign == ">":
            return f"{_country(country)} {verbs.do('had', 'have')} any {words.name}{when}"
        return f"{_country(country)} {verbs.do('had', 'have')} {_AMOUNTS[sign]} {number} {words.name}{when}"
    if slug == "scholars_net_rate" and right.value == 0 and sign in (">", "<"):
        came, went = ("came to", "left") if sign == ">" else ("left", "came")
        denied = "it is not so that " if verbs.denied else ""
        return f"{denied}more scholars {came} {_country(country)} than {went}{when}"
    be = verbs.be("were" if words.plural else "was")
    return f"{of(resolve(country).name)} {words.name} {be} {_OPERATORS[sign]} {number}{when}"


def _rank(term: Term, sign: Operator, place: float, verbs: Verbs) -> str:
    slug, country, *period = term.arguments
    if sign in ("<", "<=") and place == 1:
        where = "first"
    elif sign in ("<", "<="):
        where = f"among the first {place:g}"
    elif sign == "~":
        where = f"about {wording.ordinal(place)}"
    else:
        where = f"below the first {place:g}"
    return f"{_country(country)} {verbs.do('ranked', 'rank')} {where} by {series_words(slug).full}{_in(period)}"


def _ratio(term: Term, sign: Operator, times: float, verbs: Verbs) -> str:
    slug, one, other, *period = term.arguments
    words, when = series_words(slug), _in(period)
    if times == 1 and sign != "~":
        return _held_against(words, one, sign, other, verbs) + when
    if words.counted:
        many = "as many" if times == 1 else f"{_AMOUNTS[sign]} {wording.number(times)} times as many"
        return f"{_country(one)} {verbs.do('had', 'have')} {many} {words.name} as {_country(other)}{when}"
    how = "about as large as" if times == 1 else f"{_AMOUNTS[sign]} {wording.number(times)} times"
    return f"{_series(words, one)} {words.be(verbs)} {how} {words.that} of {_country(other)}{when}"


def _held_against(words: SeriesWords, one: str, sign: Operator, other: str, verbs: Verbs) -> str:
    """Series of one country held against the same of another."""
    if words.counted and sign in (">", "<"):
        more = "more" if sign == ">" else "fewer"
        return f"{_country(one)} {verbs.do('had', 'have')} {more} {words.full} than {_country(other)}"
    if words.place and sign in (">", "<"):
        where = "behind" if sign == ">" else "ahead of"
        return f"{_country(one)} {verbs.be()} {where} {_country(other)} by {words.name}"
    return f"{_series(words, one)} {words.be(verbs)} {_OPERATORS[sign]} {words.that} of {_country(other)}"


def _change(term: Term, sign: Operator, right: Number, verbs: Verbs) -> str:
    """Words of a trend, a difference or a growth between two dates."""
    slug, country, first, last = term.arguments
    words = series_words(slug)
    series = f"the number of {words.full} in {_country(country)}" if words.counted else _series(words, country)
    span = f"from {wording.period(first)} to {wording.period(last)}"
    moved = ("fell", "fall") if sign.startswith("<") else ("rose", "rise")
    still = 1.0 if term.name == "growth" else 0.0
    if right.value == still and sign != "~":
        return f"{series} {verbs.do(*moved)} {span}"
    if right.value == still:
        return f"{series} {verbs.do('stayed', 'stay')} the same {span}"
    if term.name == "growth":
        be, begin = verbs.be() if words.counted else words.be(verbs), wording.period(first)
        that = "that" if words.counted else words.that
        times = wording.number(right.value)
        return f"{series} in {wording.period(last)} {be} {_AMOUNTS[sign]} {times} times {that} of {begin}"
    if sign == "~":
        return ""
    by, each = _difference(slug, abs(right.value), right.unit), " a year" if term.name == "trend" else ""
    if (right.value > 0) == sign.startswith(">"):
        return f"{series} {verbs.do(*moved)} {_BY[sign]} {by}{each} {span}"
    if verbs.denied:
        return ""
    return f"{series} did not {'fall' if right.value < 0 else 'rise'} by {by} or more{each} {span}"


def _difference(slug: str, size: float, unit: str) -> str:
    """Difference of a series in words: points of a share, a factor of what is counted in powers of ten."""
    own = _unit(slug)
    if own.startswith("%"):
        return f"{wording.number(size)} percentage points"
    if own.startswith("log10"):
        return f"a factor of {10**size:.2g}"
    return wording.amount(size, unit or own)


def _two_series(left: Term, sign: Operator, right: Term, verbs: Verbs) -> str:
    """Words of one series held against the same of another country; empty where the general form will do."""
    if not _same_series(left, right, left.name):
        return ""
    words, one, other = series_words(left.arguments[0]), left.arguments[1], right.arguments[1]
    if left.name == "indicator":
        when = _in(left.arguments[2:]) or ", by the newest figures"
        return f"{_held_against(words, one, sign, other, verbs)}{when}"
    if left.name == "growth" and sign in (">", "<"):
        first, last = left.arguments[2:]
        series = f"the number of {words.full} in {_country(one)}" if words.counted else _series(words, one)
        rival = f"in {_country(other)}" if words.counted else f"{words.that} of {_country(other)}"
        how = "more" if sign == ">" else "less"
        span = f"from {wording.period(first)} to {wording.period(last)}"
        return f"{series} {verbs.do('grew', 'grow')} {how} than {rival} {span}"
    return ""


def _same_series(one: Term, other: Term, name: str) -> bool:
    """Whether two terms called `name` ask for the same series of the same time."""
    same = one.arguments[:1] == other.arguments[:1] and one.arguments[2:] == other.arguments[2:]
    return same and one.name == other.name == name


def _value(value: Value) -> str:
    """Words of a value by itself, for tests that no other form fits."""
    if isinstance(value, Number):
        return _number(value)
    if isinstance(value, Arithmetic):
        if per_head := _per_head(value):
            return per_head
        sign = {"+": "plus", "-": "minus", "*": "times", "/": "divided by"}[value.operator]
        return f"{_value(value.left)} {sign} {_value(value.right)}"
    if value.name == "indicator":
        slug, country, *period = value.arguments
        words = series_words(slug)
        series = f"the number of {words.full} in {_country(country)}" if words.counted else _series(words, country)
        return f"{series}{_in(period)}"
    if value.name == "ratio":
        slug, one, other, *more = value.arguments
        return f"{_series(series_words(slug), one)} over {series_words(slug).that} of {_country(other)}{_in(more)}"
    if value.name in ("change", "growth", "trend"):
        slug, country, first, last = value.arguments
        span = f"from {wording.period(first)} to {wording.period(last)}"
        return f"the {value.name} of {series_words(slug).full} of {_country(country)} {span}"
    if value.name == "rank":
        slug, country, *period = value.arguments
        return f"the rank of {_country(country)} by {series_words(slug).full}{_in(period)}"
    if value.name == "count":
        return f"the number of {value.arguments[0]}s of {_country(value.arguments[1])} on record"
    if value.name == "amount":
        return f"the figure on record under {value.arguments[0]}"
    if value.name == "flow":
        kind, one, other, *years = value.arguments
        moved = " who moved" if kind == "scholars" else ""
        when = f" from {years[0]} to {years[1]}" if len(years) == 2 else ""
        return f"the number of {kind}{moved} from {_country(one)} to {_country(other)}{when}"
    if value.name in _GAPS:
        return f"the change of {_filled(_GAPS[value.name], value)}".rstrip(",")
    if value.name in _LAGS:
        one, other = (_filled(text, value) for text in _LAGS[value.name])
        return f"the lag of {one} behind {other}".rstrip(",")
    if value.name in _DISTANCES:
        one, other = (_filled(text, value) for text in _DISTANCES[value.name])
        return f"the distance of {one} to {other}".rstrip(",")
    rest = f" ({', '.join(value.arguments[1:])})" if len(value.arguments) > 1 else ""
    return f"the finding {value.name} of {_country(value.arguments[0])}{rest}"


def _per_head(value: Arithmetic) -> str:
    """Words of a figure over the population of the same country; empty for other divisions."""
    one, other = value.left, value.right
    if value.operator != "/" or not isinstance(one, Term) or not isinstance(other, Term):
        return ""
    same = other.name == one.name == "indicator" and other.arguments == ("population", one.arguments[1])
    return f"{_value(one)} per head" if same else ""


def _filled(template: str, term: Term) -> str:
    """Template with the country of a finding, and with the one that it is compared with (the leader without one)."""
    first, *more = term.arguments
    name = resolve(first).name
    other = next((argument for argument in more if _is_country(argument)), "")
    return template.format(A=the(name), OF_A=of(name), B=_country(other) if other else "the leader")


def _is_country(text: str) -> bool:
    try:
        resolve(text)
    except InputError:
        return False
    return True


def _in(periods: Sequence[str]) -> str:
    return f" in {wording.period(periods[0])}" if periods else ""


def _series(words: SeriesWords, country: str) -> str:
    """Series of a country: "France’s GDP per head"."""
    return f"{of(resolve(country).name)} {words.full}"


@lru_cache(maxsize=1)
def _causes() -> Mapping[str, str]:
    """Phrases of the causes over which the model splits a gap, by name."""
    text = files("headway.explain").joinpath("causes.yaml").read_text("utf-8")
    return {one["cause"]: one["phrase"] for one in yaml_files.document(text, "causes.yaml").value["causes"]}


def _cause(name: str) -> str:
    return _causes().get(name, name.replace("_", " "))


def _country(name: str) -> str:
    return the(resolve(name).name) if _is_country(name) else name


def _unit(slug: str) -> str:
    entry = indicators().get(slug)
    return entry.unit if entry else ""


def _in_unit(slug: str, value: float) -> str:
    """Number written without a unit, in the unit of the catalogue."""
    if value == 0 and _unit(slug) == "standard units":
        return "zero"
    return wording.amount(value, _unit(slug))


def _number(number: Number) -> str:
    text = wording.amount(number.value, number.unit) if number.unit else wording.number(number.value)
    return text.replace("%/year", "% a year")

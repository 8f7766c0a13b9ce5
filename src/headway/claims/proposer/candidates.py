"""Tests of a statement against one series: its value, trend, rank or ratio."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from typing import Any

from headway.claims.proposer.limits import (
    amount_comparison,
    amount_test,
    amounts_of_subject,
    compares_both_ways,
    direction_operator,
    first_amount,
)
from headway.claims.reader.amounts import Amount
from headway.claims.reader.kinds import SIDE_BY_SIDE
from headway.claims.reader.roles import ComparisonRoles, excluded_countries
from headway.claims.reader.statements import ArticleStatement
from headway.evidence.catalogue import indicators

LAST_YEAR = "2025"
"""The last whole year that a test may name by itself: models of the year after are kept for scoring forecasts."""

_NOT_YET = re.compile(
    r"\b(?:planned|proposed|projected|future|upcoming|under construction|to be built|on paper)\b", re.I
)
_TOGETHER = re.compile(r"\b(?:together|combined|taken as one|jointly|put together|in sum)\b", re.I)
_MORE_THAN = re.compile(r"(?:more than|over|at least|well over|upwards of|tens of|dozens of|hundreds of) ?$", re.I)
_AVERAGE = re.compile(r"\b(?:average|mean|median|norm)\b", re.I)
_BOTH_WAYS = "the sentence also compares, which is not tested"
_PEERS = re.compile(  # words that set a country among all others, so that its rank says something
    r"\b(?:countr(?:y|ies)|nations?|economy|economies|states|peers|rivals?|competitors|leaders?|laggards?|world(?:['’]s|wide)?|"
    r"global(?:ly)?|international|regional?|Europe['’]s|Asia['’]s|continent['’]s|ranks?|ranked|ranking|rankings|tables?|top|"
    r"remarkably|comparatively|relatively|unusually|large(?:st)?|small(?:est)?|any other|no one|nobody|elsewhere|"
    r"others|most|second|third)\b",
    re.I,
)
_BEST = re.compile(r"\b(?:largest|biggest|most|first|highest|best|strongest|fastest|only|any other|leads?)\b", re.I)
_ONE_OF = re.compile(r"\b(?:among|one of|near the top|well placed|leading)\b", re.I)
_REGION = re.compile(
    r"\b(?:in|of|across|within|among) (?:sub-Saharan |(?:North|South|East|West|Central|Latin|Southeast|Eastern|Western|"
    r"Northern|Southern) )*(?:Africa|Asia|Europe|America(?!n)|the (?:\w+ )?(?:region|continent|EU|OECD|G7|G20|BRICS|"
    r"Gulf|Balkans|Baltics|Middle East|Arab world|Caribbean))\b"
    r"|\b(?:region|continent|Africa|Asia|Europe|Latin America)['’]s\b|\b(?:African|Asian|European|regional) "
    r"(?:countr|nation|peer|rival|econom|neighbour|state|leader|champion)",
)
_IN_YEAR = re.compile(r"\b(?:in|during|over) (?:19|20)\d\d\b(?!\s?[–-])")
_EXCEPT_ONE = re.compile(
    r"\b(?:any|every) (?:other )?(?:country|nation|state|economy) (?:on earth |in the world )?"
    r"(?:except|but|save|bar|other than|apart from)\b",
    re.IGNORECASE,
)
_MORE_PEOPLE = re.compile(  # heads, not shares
    r"\b(?:[Mm]ore|[Ff]ewer) (?:people in )?[A-Z]\w+ than (?:people in )?[A-Z]\w+ "
)
_SECOND_TO = re.compile(r"\bsecond (?:only |solely |just )?to (?:only )?(?!none)", re.I)
_FROM = re.compile(r"(?:\w+ )?(?:up|down) from\b", re.I)
_EVERY_YEAR = re.compile(r"\b(?:every|each) (?:single )?year (?:since|after)\b", re.I)
_ENDS = ("2025", "2024", "2023", "2022", "2021", "2020")
"""Where a trend may end: the first year that the series reaches is taken."""
_NO_TURN = re.compile(
    r"\bno (?:[\w-]+ )?(?:sign of (?:an? )?)?(?:[\w-]+ )?(?:turn|shift|move|pivot|improvement)\b"
    r"|\b(?:has|have|had) not (?:grown|risen|improved|increased)\b",
    re.I,
)
PLACE_LOST = re.compile(
    r"\blos\w+ (?:its|their|the|his|her) (?:\w+ )?(?:lead|edge|place|rank|position|crown|top)", re.I
)
_EFFECT_ALONE = "tests the effect alone: that it has this cause is not shown"


@dataclass(frozen=True, slots=True)
class CandidateTest:
    """Possible test, a note about it, and how well it fits (0 to 1).

    Attributes:
        proxy: what it measures in place of what is claimed; empty where it measures that itself.
        either: what the sentence leaves open and the test settles by itself; empty for nothing.
        uses: amounts, periods and countries of the sentence that the test holds in another form ("fell by a fifth" as
            0.8 times; the country of a record).
        settled: whether a denial in the sentence is already part of the test.
        words: words of the sentence that the test speaks of; empty where that is not known.
        record: text of the record whose figure the test holds; empty for none.
    """

    test: str
    note: str
    fit: float
    proxy: str = ""
    either: str = ""
    uses: tuple[Amount | str, ...] = ()
    settled: bool = False
    words: tuple[str, ...] = ()
    record: str = ""


def series_tests(
    statement: ArticleStatement, entry: Mapping[str, Any], sides: ComparisonRoles, fill: Mapping[str, str]
) -> Iterator[CandidateTest]:
    """Candidates from one entry of the measures' file, in order of preference."""
    slug, first = str(entry["slug"]), fill["A"]
    operator = direction_operator(statement.direction or "more")
    if entry.get("sense", 1) < 0:
        operator = {">": "<", "<": ">"}[operator]
    if statement.kind == "cause":
        if "cause" in entry:
            for end in _ENDS if "{NOW}" in entry["cause"] else (LAST_YEAR,):
                yield CandidateTest(str(entry["cause"]).format(**{**fill, "NOW": end}), _EFFECT_ALONE, 0.4)
        elif statement.direction in ("up", "down"):
            for end in _ENDS:
                yield CandidateTest(f"trend({slug}, {first}, {fill['SINCE']}, {end}) {operator} 0", _EFFECT_ALONE, 0.4)
    elif entry.get("rate") and statement.kind == "trend":
        yield from _level(statement, entry, slug, first)
        if not statement.amounts and statement.direction in ("up", "down"):
            period = f", {found}" if (found := _only_period(statement)) else ""
            yield CandidateTest(f"indicator({slug}, {first}{period}) {operator} 0", "", 0.6)
    elif statement.kind == "trend" and "standing" in entry and re.search(entry["standing"], statement.text, re.I):
        yield CandidateTest(
            str(entry["plain"]).format(**fill), "what goes on is tested as a state, not as a change", 0.5
        )
    elif statement.kind == "trend":
        yield from _trend(statement, entry, first, operator, fill)
    elif statement.kind == "comparison":
        yield from _comparison(statement, entry, sides, operator)
    else:
        yield from _level(statement, entry, slug, first)
        if "plain" in entry and re.search(entry.get("plain_when", ""), statement.text, re.IGNORECASE):
            fit = 0.35 if statement.amounts else 0.5
            yield CandidateTest(str(entry["plain"]).format(**fill), "the threshold is ours: set your own", fit)


def _level(statement: ArticleStatement, entry: Mapping[str, Any], slug: str, country: str) -> Iterator[CandidateTest]:
    if statement.periods and all(period[:4] > LAST_YEAR for period in statement.periods):
        return  # what is planned stands in no figure yet
    for amount in map(partial(_signed, statement, entry), statement.amounts):
        if amount is None or amount.unit not in entry["units"] or not _counts_this(statement, amount, entry):
            continue
        if _of_the_world(statement, amount, country) or _of_something_else(statement, amount, entry):
            continue
        if period := _only_period(statement):
            yield CandidateTest(
                amount_test(statement, amount, entry, f"indicator({slug}, {country}, {period})"), "", 0.9
            )
        note = "the newest figure, none being known for the date named" if statement.periods else ""
        test = amount_test(statement, amount, entry, f"indicator({slug}, {country})")
        yield CandidateTest(test, note, 0.6 if statement.periods else 0.85)


def _signed(statement: ArticleStatement, entry: Mapping[str, Any], amount: Amount) -> Amount | None:
    """The amount as a rate has it: below zero after "shrank by"; None where only the rate itself fell by it."""
    by = re.search(r"\bby (?:\w+ ){0,3}$", statement.text[: amount.start], re.IGNORECASE) is not None
    if not entry.get("rate") or statement.direction != "down" or not by:
        return amount
    if re.search(r"\bgrowth\b", statement.text, re.IGNORECASE):
        return None  # "growth fell by two points" gives no rate
    return replace(amount, value=-amount.value)


_WORLDWIDE = re.compile(r"\b(?:world(?:wide)?|global(?:ly)?|planet)\b", re.IGNORECASE)
_SHARE_OF_WORLD = re.compile(
    r"^[^,;]{0,12}\bof (?:all|the (?:world|planet|globe)|the global|global|world)\b|^ of [^,;]{0,60}"
    r"\b(?:world(?:wide)?|globally|planet|everywhere|anywhere)\b",
    re.IGNORECASE,
)


def _of_the_world(statement: ArticleStatement, amount: Amount, country: str) -> bool:
    """Whether the amount is the world's: "worldwide, 16 percent …", with the country named only afterwards."""
    before = statement.text[: amount.start]
    named = any(mention.code == country and mention.end <= amount.start for mention in statement.mentions)
    return _WORLDWIDE.search(before) is not None and not named


def shares_of_world(statement: ArticleStatement) -> bool:
    """Whether the sentence gives a country's share of the world's stock, which neither a rank nor a level tests."""
    return any(
        amount.unit == "percent" and _SHARE_OF_WORLD.search(statement.text[amount.end :])
        for amount in statement.amounts
    )


def _of_something_else(statement: ArticleStatement, amount: Amount, entry: Mapping[str, Any]) -> bool:
    """Whether a share is of another whole than the entry's `of` names: "12 percent of firms" is no share of GDP."""
    after = statement.text[amount.end :]
    whole = re.match(r"\s?of\b[^,;.]{0,40}", after, re.IGNORECASE)
    if amount.unit != "percent" or whole is None:
        return False
    if "of" in entry:
        return re.search(entry["of"], whole[0], re.IGNORECASE) is None
    return _SHARE_OF_WORLD.search(after) is not None


def _counts_this(statement: ArticleStatement, amount: Amount, entry: Mapping[str, Any]) -> bool:
    """Whether a number is of what the entry names: "535 universities" are no papers, a loan is no GDP."""
    if "around" in entry:
        return re.search(entry["around"], statement.text[max(0, amount.start - 20) : amount.end + 12], re.I) is not None
    if amount.unit != "count":
        return "amount_when" not in entry or re.search(entry["amount_when"], statement.text) is not None
    around = statement.text[amount.start : amount.end + 40]
    return "counts" in entry and re.search(entry["counts"], around, re.IGNORECASE) is not None


def _trend(
    statement: ArticleStatement, entry: Mapping[str, Any], country: str, operator: str, fill: Mapping[str, str]
) -> Iterator[CandidateTest]:
    if statement.periods and all(period[:4] > LAST_YEAR for period in statement.periods):
        return  # what is to come has no trend yet
    if PLACE_LOST.search(statement.text):
        return  # others may have risen
    years = sorted({period[:4] for period in statement.periods})
    if _FROM.match(statement.text):
        yield from _from_before(statement, entry, country, operator, years)
        return
    if len(years) == 1 and _EVERY_YEAR.search(statement.text):
        for end in _ENDS:
            steps = [f"change({entry['slug']}, {country}, {n - 1}, {n}) {operator} 0" for n in _years_after(years, end)]
            if len(steps) > 1:
                yield CandidateTest(" and ".join(steps), "", 0.8)
        return
    if len(years) == 1 and _IN_YEAR.search(statement.text):
        begin, note = str(int(years[0]) - 1), "from the year before"
        yield CandidateTest(f"change({entry['slug']}, {country}, {begin}, {years[0]}) {operator} 0", note, 0.7)
        return
    if len(years) > 1:
        yield from _trend_between(statement, entry, country, operator, (years[0], years[-1]))
        return
    for end in _ENDS:
        if end > fill["SINCE"]:
            yield from _trend_between(statement, entry, country, operator, (fill["SINCE"], end))


def _years_after(years: list[str], end: str) -> range:
    return range(int(years[0]) + 1, int(end) + 1)


def _from_before(
    statement: ArticleStatement, entry: Mapping[str, Any], country: str, operator: str, years: list[str]
) -> Iterator[CandidateTest]:
    """Test of "up from 5 percent in 2019": the figure of that year, and a larger one since."""
    before = [amount for amount in statement.amounts if amount.unit in entry["units"]]
    if len(before) != 1 or len(statement.amounts) != 1 or not years:
        return
    then = amount_test(statement, before[0], entry, f"indicator({entry['slug']}, {country}, {years[0]})")
    now = f", {years[-1]}" if len(years) > 1 else ""
    up = f"indicator({entry['slug']}, {country}{now}) {operator} indicator({entry['slug']}, {country}, {years[0]})"
    yield CandidateTest(f"{then} and {up}", "", 0.8)


def _trend_between(
    statement: ArticleStatement, entry: Mapping[str, Any], country: str, operator: str, years: tuple[str, str]
) -> Iterator[CandidateTest]:
    (begin, end), slug, multiples = years, entry["slug"], not entry.get("absolute", False)
    named = len({period[:4] for period in statement.periods})
    if statement.direction == "flat" and _NO_TURN.search(statement.text):
        hoped = "<" if entry.get("sense", 1) < 0 else ">"
        yield CandidateTest(f"not trend({slug}, {country}, {begin}, {end}) {hoped} 0", "the years are ours", 0.6)
        return
    if statement.direction == "flat" and multiples:
        yield CandidateTest(f"growth({slug}, {country}, {begin}, {end}) ~ 1 within 10 %", "", 0.7)
        return
    if operator == "<" and entry.get("record"):
        return  # the best so far cannot fall
    factor = first_amount(statement, "times")
    if factor and multiples and named > 1 and operator == ">":
        yield CandidateTest(f"growth({slug}, {country}, {begin}, {end}) ~ {factor.value:g} within 25 %", "", 0.9)
    note = "" if statement.periods else "the years are ours: the sentence names none"
    yield CandidateTest(
        f"trend({slug}, {country}, {begin}, {end}) {operator} 0", note, 0.8 if statement.periods else 0.6
    )


def _comparison(
    statement: ArticleStatement, entry: Mapping[str, Any], sides: ComparisonRoles, operator: str
) -> Iterator[CandidateTest]:
    slug, multiples = entry["slug"], not entry.get("absolute", False)
    period = f", {found}" if (found := _only_period(statement)) else ""
    factor, place = first_amount(statement, "times"), first_amount(statement, "rank")
    first = sides.subjects[0]
    if statement.rule == SIDE_BY_SIDE:
        yield from _each(statement, entry, period)
        return
    if shares_of_world(statement):
        return  # who has the larger share is not what is said
    if _NOT_YET.search(statement.text):
        return  # what is planned stands in no series yet
    if together := _TOGETHER.search(statement.text):
        yield from _sum(statement, entry, sides, operator, together.start())
        return
    if except_one := _EXCEPT_ONE.search(statement.text):
        after = [mention.code for mention in statement.mentions if mention.start >= except_one.end()]
        if len(after) == 1 and operator == ">" and "norank" not in entry and not statement.amounts:
            above = f"indicator({slug}, {first}{period}) < indicator({slug}, {after[0]}{period})"
            yield CandidateTest(f"rank({slug}, {first}{period}) <= 2 and {above}", "", 0.9)
            return
    years = sorted({found[:4] for found in statement.periods})
    if sides.others and len(years) == 1 and not statement.amounts and _EVERY_YEAR.search(statement.text):
        pair = (first, sides.others[0])
        for end in _ENDS:
            steps = [
                f" {operator} ".join(f"indicator({slug}, {code}, {year})" for code in pair)
                for year in range(int(years[0]), int(end) + 1)
            ]
            yield CandidateTest(" and ".join(steps), "", 0.9)
        return
    set_apart = bool(excluded_countries(statement))
    mixed = compares_both_ways(statement.text)
    against_average = not sides.others and _AVERAGE.search(statement.text) is not None
    if mixed or set_apart or against_average:
        note = "the comparison with an average is not tested" if against_average else _BOTH_WAYS
        first_only = replace(statement, amounts=amounts_of_subject(statement))
        yield from (replace(one, note=note) for one in _level(first_only, entry, slug, first))
        return
    if _SECOND_TO.search(statement.text):
        if "norank" not in entry:
            yield CandidateTest(f"rank({slug}, {first}{period}) ~ 2 within 10 %", "", 0.9)
        return
    if place and "norank" not in entry:
        yield CandidateTest(f"rank({slug}, {first}{period}) {_wanted_place(statement, place)}", "", 0.9)
        return
    if "people" in entry and sides.others and _MORE_PEOPLE.search(statement.text):
        one, other = (f"indicator({slug}, {code}) * indicator(population, {code})" for code in (first, sides.others[0]))
        yield CandidateTest(f"{one} {operator} {other}", "", 0.9)
        return
    if sides.others and factor and multiples:
        named = [mention.code for mention in statement.mentions if mention.end <= factor.start]
        who = next((code for code in reversed(named) if code in sides.subjects), first)
        upright = operator == ">" or factor.value < 1
        pair = (who, sides.others[0]) if upright else (sides.others[0], who)
        exact = factor.value <= 10 and not _MORE_THAN.search(statement.text[: factor.start])
        short = re.search(r"\bnot (?:even|quite) $", statement.text[: factor.start], re.I) is not None
        wanted = (
            f"< {factor.value:g}"
            if short
            else f"~ {factor.value:g} within 30 %"
            if statement.hedged or exact
            else f"> {factor.value:g}"
        )
        yield CandidateTest(f"ratio({slug}, {pair[0]}, {pair[1]}{period}) {wanted}", "", 0.9)
    if sides.others and factor and factor.value < 1:
        return  # "half as much" says by how much, and nothing else will do
    if sides.others and statement.direction == "equal" and multiples:
        near = (
            20
            if statement.hedged or re.search(r"\b(?:almost|nearly|about|roughly) (?:as|the)\b", statement.text)
            else 10
        )
        yield CandidateTest(f"ratio({slug}, {first}, {sides.others[0]}{period}) ~ 1 within {near} %", "", 0.8)
    elif sides.others:
        pairs = list(product(sides.subjects[:2], sides.others[:4]))
        both = [
            f"indicator({slug}, {one}{period}) {operator} indicator({slug}, {other}{period})" for one, other in pairs
        ]
        yield CandidateTest(" and ".join(both), "", 0.9)
        if len(both) > 1:
            yield CandidateTest(both[0], "only the first two countries", 0.7)
        if multiples:
            yield CandidateTest(f"ratio({slug}, {first}, {sides.others[0]}) {operator} 1", "newest period of both", 0.8)
    elif _PEERS.search(statement.text):
        yield from _place(statement, entry, first, period, operator)


def _sum(
    statement: ArticleStatement, entry: Mapping[str, Any], sides: ComparisonRoles, operator: str, place: int
) -> Iterator[CandidateTest]:
    """Test against the sum of several countries: "more than A and B together"; `place` is where that is said."""
    slug, known = entry["slug"], [mention.start for mention in statement.mentions if mention.code in sides.others]
    if len(sides.subjects) != 1 or len(sides.others) < 2 or statement.amounts or not known or place < max(known):
        return
    if is_total(entry):
        period = f", {found}" if (found := _only_period(statement)) else ""
        total = " + ".join(f"indicator({slug}, {code}{period})" for code in sides.others)
        yield CandidateTest(f"indicator({slug}, {sides.subjects[0]}{period}) {operator} {total}", "", 0.9)


def is_total(entry: Mapping[str, Any]) -> bool:
    """Whether the entry's indicator grows with the size of the country: no share, rate, scale or figure per head."""
    slug = str(entry["slug"])
    relative = entry.get("absolute") or "_per_" in slug or re.search(r"%|\bper\b", indicators()[slug].unit)
    return not relative


def per_head_tests(
    statement: ArticleStatement, entry: Mapping[str, Any], sides: ComparisonRoles, operator: str
) -> Iterator[CandidateTest]:
    """Test of a total over the population, for which the catalogue has no series of its own."""
    if sides.others and statement.kind == "comparison" and not statement.amounts:
        one, other = (
            f"indicator({entry['slug']}, {code}) / indicator(population, {code})"
            for code in (sides.subjects[0], sides.others[0])
        )
        yield CandidateTest(f"{one} {operator} {other}", "", 0.9)


def _each(statement: ArticleStatement, entry: Mapping[str, Any], period: str) -> Iterator[CandidateTest]:
    """Test of each figure on its own: "A spends one percent, while B spends more than three"."""
    parts = []
    owners = [_owner(statement, amount) for amount in statement.amounts if amount.unit in entry["units"]]
    if len(set(owners)) < len(owners):
        return  # two figures of one country say nothing of the other
    for amount in statement.amounts:
        owner = _owner(statement, amount)
        if amount.unit in entry["units"] and owner and _counts_this(statement, amount, entry):
            parts.append(f"indicator({entry['slug']}, {owner}{period}) {amount_comparison(statement, amount, entry)}")
    if len(parts) > 1:
        yield CandidateTest(" and ".join(parts), "", 0.8)


def _owner(statement: ArticleStatement, amount: Amount) -> str:
    """Country to which a figure belongs: "109 billion in the United States", else the last one named before it."""
    near = statement.text[amount.end : amount.end + 25]
    for mention in statement.mentions:
        if mention.start >= amount.end and re.match(
            r"\s?(?:dollars |euros )?(?:in|for|by|from) (?:the )?$", near[: mention.start - amount.end]
        ):
            return mention.code
    before = [mention.code for mention in statement.mentions if mention.end <= amount.start]
    return before[-1] if before else ""


def _wanted_place(statement: ArticleStatement, place: Amount) -> str:
    """Limit on a rank: that place or better ("in the top ten"), or about that place ("ranks a dismal 25th")."""
    if place.value <= 5 or re.search(r"\b(?:top|among)\b", statement.text[: place.end], re.I):
        return f"<= {place.value:g}"
    return f"~ {place.value:g} within 20 %"


def _place(
    statement: ArticleStatement, entry: Mapping[str, Any], country: str, period: str, operator: str
) -> Iterator[CandidateTest]:
    if "norank" in entry or shares_of_world(statement) or _REGION.search(statement.text):
        return  # too few countries have a figure for a rank to mean anything, and a rank is one in the world
    one_of = _ONE_OF.search(statement.text) or not _BEST.search(statement.text) or operator == "<"
    best = 10 if one_of else 1
    note = "" if best == 1 else "the tenth place is ours: set your own"
    sign = "<=" if operator == ">" else ">"
    fit = 0.7 if operator == ">" else 0.6
    if any(amount.unit in ("percent", "people", "USD", "count") for amount in statement.amounts):
        fit /= 2.0  # the sentence gives a figure that a rank passes over
    yield CandidateTest(f"rank({entry['slug']}, {country}{period}) {sign} {best}", note, fit)


def _only_period(statement: ArticleStatement) -> str:
    past = [period for period in statement.periods if period[:4] <= LAST_YEAR]
    return past[0] if len(past) == 1 else ""

"""Tests of what a clause says of scholars who move: from where to where, how many, and whether more come than leave."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from headway.claims.proposer.candidates import CandidateTest
from headway.claims.proposer.changes import changes
from headway.claims.proposer.limits import amount_operator
from headway.claims.proposer.skeleton import ClauseSeries, Skeleton, countries_around
from headway.claims.reader.amounts import Amount
from headway.claims.reader.statements import ArticleStatement
from headway.claims.reader.words import lexicon, relation

LAST_OF_FLOWS = 2020
"""The last year of the series of scholars who move."""

_PEOPLE = re.compile(
    r"\b(?:scholars?|scientists?|researchers?|academics?|professors?|mathematicians|brains?|"
    r"brain (?:drain|gain)|talents?)\b",
    re.IGNORECASE,
)
_SCHOLARS = re.compile(r"\b(?:scholars?|scientists?|researchers?|academics?|professors?)\b", re.IGNORECASE)
_AI = re.compile(r"\b(?:AI|artificial intelligence|machine learning)\b")
_PROXY = "people who publish research in any field are counted, not those who work on AI"

_WORDS: Mapping[str, str] = lexicon("migration")["words"]
OUT, IN = _WORDS["OUT"], _WORDS["IN"]
_SIDES = ("from", "to", "one", "other")


@dataclass(frozen=True, slots=True)
class _Moves:
    """A clause that tells of scholars who move.

    Attributes:
        subject: code of the country that it is about, where there is one.
    """

    statement: ArticleStatement
    clause: Skeleton
    subject: str

    @property
    def text(self) -> str:
        return self.clause.text

    def code(self, token: str) -> str:
        """Code of a country told by `token`, or by a word that points to the subject; empty where it is unsure."""
        if token == "H":
            return self.clause.home
        if not re.fullmatch(r"G\d+", token):
            return self.subject
        codes = self.clause.groups[int(token[1:])]
        return codes[0] if len(codes) == 1 else ""

    def number(self, token: str) -> Amount:
        return self.clause.numbers[int(token)]


def migration_tests(statement: ArticleStatement, clause: Skeleton) -> Iterator[CandidateTest]:
    """Tests of the first form that fits the clause, in which every number and country must have its place."""
    told = _PEOPLE.search(f"{clause.text} {statement.sentence} {statement.before}")
    if (
        told is None
        or statement.kind in ("forecast", "advice", "opinion", "none")
        or relation("not_yet").search(clause.text)
    ):
        return
    if not _MOVED.search(clause.text):
        return
    moves = _Moves(statement, clause, _subject(statement, clause))
    for pattern, build in _forms():
        if (match := pattern.search(clause.text)) is None:
            continue
        if found := list(build(moves, match)):
            yield from (replace(one, proxy=_proxy(statement, clause)) for one in found)
            return


_MOVED = re.compile(
    rf"\b(?:{OUT}|{IN}|net|drain|gain|balance|outflow|inflow|emigration|exodus|departures|arrivals|abroad)\b",
    re.IGNORECASE,
)


def _proxy(statement: ArticleStatement, clause: Skeleton) -> str:
    text = f"{clause.text} {statement.sentence} {statement.before}"
    return "" if _SCHOLARS.search(text) and not _AI.search(clause.text) else _PROXY


def _subject(statement: ArticleStatement, clause: Skeleton) -> str:
    """Code of the only country of the clause, else of the one that it goes on about."""
    codes = list(dict.fromkeys(code for group in clause.groups for code in group))
    if re.search(r"\bH\b", clause.text) and clause.home not in codes:
        codes.append(clause.home)
    if len(codes) == 1 and not statement.inferred:
        return codes[0]
    return (clause.subject or statement.countries or ("",))[0]


def _years(moves: _Moves) -> tuple[str, str] | None:
    """First and last year that the clause names; None without one."""
    dates = [period[:4] for period in moves.clause.dates]
    if not dates or len(set(dates)) > 2:
        return None
    if len(set(dates)) == 1 and re.search(r"\b(?:since|from|after)\b[^,;]{0,20}\bD\d", moves.text, re.IGNORECASE):
        return dates[0], str(LAST_OF_FLOWS)
    return min(dates), max(dates)


def _flow(moves: _Moves, origin: str, destination: str) -> str:
    years = _years(moves)
    return f"flow(scholars, {origin}, {destination}{f', {years[0]}, {years[1]}' if years else ''})"


def _limit(moves: _Moves, amount: Amount, sign: int = 1) -> str:
    operator = amount_operator(moves.statement, amount)
    if sign < 0:
        operator = {">": "<", "<": ">"}.get(operator, operator)
    return f"{operator} {sign * amount.value:g}{' within 15 %' if operator == '~' else ''}"


def _sign(how: str) -> str:
    return ">" if how.lower() == "more" else "<"


def _distinct(*codes: str) -> bool:
    return all(codes) and len(set(codes)) == len(codes)


def _no_numbers(moves: _Moves) -> bool:
    return not moves.clause.numbers


def _number_moved(moves: _Moves, match: re.Match[str]) -> Iterator[CandidateTest]:
    """ "N scholars moved from A to B"."""
    amount, origin, to = moves.number(match["n"]), moves.code(match["from"]), moves.code(match["to"])
    if _distinct(origin, to) and len(moves.clause.numbers) == 1 and amount.unit in ("people", "count"):
        yield CandidateTest(f"{_flow(moves, origin, to)} {_limit(moves, amount)}", "", 0.9, uses=(amount,))


def _two_ways(moves: _Moves, match: re.Match[str]) -> Iterator[CandidateTest]:
    """ "More move from A to B than the other way round", "A loses more to B than it gets from there"."""
    origin, to = moves.code(match["from"]), moves.code(match["to"])
    if _distinct(origin, to) and _no_numbers(moves):
        test = f"{_flow(moves, origin, to)} {_sign(match['how'])} {_flow(moves, to, origin)}"
        yield CandidateTest(test, "", 0.9, uses=_told_years(moves))


def _two_destinations(moves: _Moves, match: re.Match[str]) -> Iterator[CandidateTest]:
    """ "More scholars of A went to B than to C"."""
    origin, to, other = (moves.code(match[name]) for name in ("from", "to", "other"))
    if _distinct(origin, to, other) and _no_numbers(moves):
        test = f"{_flow(moves, origin, to)} {_sign(match['how'])} {_flow(moves, origin, other)}"
        yield CandidateTest(test, "", 0.9, uses=_told_years(moves))


def _two_origins(moves: _Moves, match: re.Match[str]) -> Iterator[CandidateTest]:
    """ "More scholars come to A from B than from C"."""
    to, origin, other = (moves.code(match[name]) for name in ("to", "from", "other"))
    if _distinct(origin, to, other) and _no_numbers(moves):
        test = f"{_flow(moves, origin, to)} {_sign(match['how'])} {_flow(moves, other, to)}"
        yield CandidateTest(test, "", 0.9, uses=_told_years(moves))


def _told_years(moves: _Moves) -> tuple[Amount | str, ...]:
    return tuple(period[:4] for period in moves.clause.dates)


def _compared(slug: str) -> Callable[[_Moves, re.Match[str]], Iterator[CandidateTest]]:
    """Builder of a comparison of two countries: "more scholars left A than B"."""

    def build(moves: _Moves, match: re.Match[str]) -> Iterator[CandidateTest]:
        one, other = moves.code(match["one"]), moves.code(match["other"])
        period = f", {moves.clause.dates[0]}" if len(set(moves.clause.dates)) == 1 else ""
        rate = f"{slug}_rate" if re.search(r"\b(?:share|proportion|part|per)\b", moves.text) else slug
        sign = "<" if match["how"].lower() in ("fewer", "less", "smaller", "lower") else ">"
        if _distinct(one, other) and _no_numbers(moves):
            yield CandidateTest(f"indicator({rate}, {one}{period}) {sign} indicator({rate}, {other}{period})", "", 0.9)

    return build


def _balance(positive: bool | None) -> Callable[[_Moves, re.Match[str]], Iterator[CandidateTest]]:
    """Builder of whether more come than leave; None where the words of the match say it ("more", "negative")."""

    def build(moves: _Moves, match: re.Match[str]) -> Iterator[CandidateTest]:
        gains = positive
        if gains is None:
            gains = match["how"].lower() == "positive"
        elif "how" in match.re.groupindex and (match["how"] or "more").lower() != "more":
            gains = not gains
        settled = False
        if _IN_NO_YEAR.search(moves.text):
            gains, settled = not gains, True
        yield from _balance_over_time(moves, ">" if gains else "<", settled)

    return build


_IN_NO_YEAR = re.compile(r"\bin no year\b|\bno year (?:since|in which)\b|\bnever\b", re.IGNORECASE)
_MOST_OF = re.compile(r"\b(?:most|much|parts?) of the\b", re.IGNORECASE)
_DECADE = re.compile(
    r"\b(?:throughout|all through|during|over|for|in) (?:the|this|that|a) (?:whole |past |last |entire )?decade\b", re.I
)
_RUNNING = re.compile(r"\bN(?P<n>\d+) (?:running|in a row|on end|now)\b|\bfor (?:the (?:past|last) )?N(?P<m>\d+)\b")


def _balance_over_time(moves: _Moves, sign: str, settled: bool) -> Iterator[CandidateTest]:
    """Sign of the net rate of the newest year, of the year named, or of each year since one."""
    running = _RUNNING.search(moves.text)
    used = moves.number(running["n"] or running["m"]) if running else None
    others = [one for one in moves.clause.numbers if one is not used]
    if not moves.subject or others or (used is not None and (used.unit != "years" or used.value > 11)):
        return
    if len({code for group in moves.clause.groups for code in group} - {moves.subject}) > 0:
        return
    term = f"indicator(scholars_net_rate, {moves.subject}"
    years = _years(moves)
    if _MOST_OF.search(moves.text):
        return  # most years are not each, nor the newest
    if years is None and _DECADE.search(moves.text):
        years = str(LAST_OF_FLOWS - 9), str(LAST_OF_FLOWS)
    if used is not None:
        span = range(LAST_OF_FLOWS - int(used.value) + 1, LAST_OF_FLOWS + 1)
    elif years is not None:
        span = range(int(years[0]), int(years[1]) + 1)
    else:
        yield CandidateTest(f"{term}) {sign} 0", "", 0.9, settled=settled)
        return
    parts = " and ".join(f"{term}, {year}) {sign} 0" for year in span)
    if parts and len(span) <= 12:
        uses = () if used is None else (used,)
        yield CandidateTest(parts, "", 0.9, uses=(*uses, *_told_years(moves)), settled=settled)


def _as_many(moves: _Moves, match: re.Match[str]) -> Iterator[CandidateTest]:
    """ "As many come as leave"; in no year, where the comparison is denied for all of them."""
    if _IN_NO_YEAR.search(moves.text) or moves.statement.negated:
        yield from _balance_over_time(moves, "<", True)
    elif moves.subject and _no_numbers(moves) and len(moves.clause.groups) <= 1:
        period = f", {moves.clause.dates[0]}" if len(moves.clause.dates) == 1 else ""
        sides = (f"indicator(scholars_{way}_rate, {moves.subject}{period})" for way in ("in", "out"))
        yield CandidateTest(f"{' / '.join(sides)} ~ 1 within 10 %", "", 0.85)


def _net_levels(moves: _Moves, match: re.Match[str]) -> Iterator[CandidateTest]:
    """A net loss or gain in numbers, of one year or of two: "its net loss deepened from N0 in D0 to N1 in D1"."""
    sign = -1 if re.search(r"\b(?:loss|los\w+|outflow|lost|drain|out-migration)\b", moves.text, re.IGNORECASE) else 1
    numbers, dates = moves.clause.numbers, moves.clause.dates
    if any(one.unit not in ("people", "count") for one in numbers) or not moves.subject:
        return
    if len(numbers) == 1 and len(dates) <= 1:
        periods = [f", {dates[0]}" if dates else ""]
    elif len(numbers) == 2 and len(dates) == 2:
        periods = [f", {period}" for period in dates]
    else:
        return
    if not re.search(
        r"\b(?:per|of (?:a|every|each)) (?:thousand|1,?000)\b", f"{moves.statement.text} {moves.statement.sentence}"
    ):
        return
    parts = [
        f"indicator(scholars_net_rate, {moves.subject}{period}) {_limit(moves, one, sign)}"
        for one, period in zip(numbers, periods, strict=True)
    ]
    yield CandidateTest(" and ".join(parts), "", 0.9, uses=numbers)


def _net_changes(moves: _Moves, match: re.Match[str]) -> Iterator[CandidateTest]:
    """ "The net loss has doubled since D0"."""
    sized = [one for one in moves.clause.numbers if one.unit == "times"]
    if not moves.subject or len(moves.clause.dates) != 1 or len(moves.clause.numbers) != 1 or not sized:
        return
    now, then = (f"indicator(scholars_net_rate, {moves.subject}{when})" for when in ("", f", {moves.clause.dates[0]}"))
    yield CandidateTest(f"{now} / {then} ~ {sized[0].value:g} within 15 %", "", 0.85, uses=tuple(sized))


def _of_a_thousand(moves: _Moves, match: re.Match[str]) -> Iterator[CandidateTest]:
    """ "Of every thousand scholars, eleven left"."""
    amount = moves.number(match["n"])
    way = "out" if re.match(OUT, match["verb"]) and not re.match(r"mov\w+ (?:in|to)\b", match["verb"]) else "in"
    period = f", {moves.clause.dates[0]}" if len(moves.clause.dates) == 1 else ""
    if moves.subject and len(moves.clause.numbers) == 1:
        test = f"indicator(scholars_{way}_rate, {moves.subject}{period}) {_limit(moves, amount)}"
        yield CandidateTest(test, "", 0.9, uses=(amount,))


def _total(way: str) -> Callable[[_Moves, re.Match[str]], Iterator[CandidateTest]]:
    """Builder of how many scholars left a country, or came to it."""

    def build(moves: _Moves, match: re.Match[str]) -> Iterator[CandidateTest]:
        amount, code = moves.number(match["n"]), moves.code(match["one"])
        period = f", {moves.clause.dates[0]}" if len(moves.clause.dates) == 1 else ""
        single = len({one for group in moves.clause.groups for one in group}) <= 1
        if code and single and len(moves.clause.numbers) == 1 and amount.unit in ("people", "count"):
            yield CandidateTest(
                f"indicator(scholars_{way}, {code}{period}) {_limit(moves, amount)}", "", 0.9, uses=(amount,)
            )

    return build


def _per_hundred(moves: _Moves, match: re.Match[str]) -> Iterator[CandidateTest]:
    """ "For every hundred who leave only seventy arrive"."""
    amount = moves.number(match["n"])
    if moves.subject and moves.clause.numbers[-1] is amount and len(moves.clause.numbers) <= 2:
        sides = (f"indicator(scholars_{way}, {moves.subject})" for way in ("in", "out"))
        limit = f"~ {amount.value / 100.0:g} within 15 %"
        yield CandidateTest(f"{' / '.join(sides)} {limit}", "", 0.85, uses=moves.clause.numbers)


def _share_of_leavers(moves: _Moves, match: re.Match[str]) -> Iterator[CandidateTest]:
    """ "B received half of those who left": the flow over all who left, of the years named."""
    amount, to = moves.number(match["n"]), moves.code(match["to"])
    others = countries_around(moves.statement, to)
    origin = moves.code(match["from"]) if match["from"] else others[0] if len(others) == 1 else ""
    years = _years(moves)
    if not _distinct(origin, to) or years is None or amount.unit != "percent" or len(moves.clause.numbers) != 1:
        return
    span = range(int(years[0]), int(years[1]) + 1)
    if 0 < len(span) <= 11:
        total = " + ".join(f"indicator(scholars_out, {origin}, {year})" for year in span)
        share = replace(amount, value=round(amount.value / 100.0, 4))
        test = f"{_flow(moves, origin, to)} / [{total}] {_limit(moves, share)}"
        yield CandidateTest(test, "", 0.85, uses=(amount, *_told_years(moves)))


def _stock_changes(moves: _Moves, match: re.Match[str]) -> Iterator[CandidateTest]:
    """A change in how many leave or come: "the scholars who left rose from N0 in D0 to N1 in D1"."""
    leaves = re.match(r"dep|emi|outf", match["verb"], re.IGNORECASE) or re.match(OUT, match["verb"], re.IGNORECASE)
    entry = {"slug": f"scholars_{'out' if leaves else 'in'}", "units": {"people": "", "count": ""}, "facets": ()}
    yield from changes(ClauseSeries(entry, False, moves.clause, moves.statement), moves.statement.negated)


_BUILDERS: Mapping[str, Callable[[_Moves, re.Match[str]], Iterator[CandidateTest]]] = {
    "number_moved": _number_moved,
    "share_of_leavers": _share_of_leavers,
    "stock_changes": _stock_changes,
    "two_ways": _two_ways,
    "two_destinations": _two_destinations,
    "two_origins": _two_origins,
    "as_many": _as_many,
    "of_a_thousand": _of_a_thousand,
    "per_hundred": _per_hundred,
    "net_changes": _net_changes,
    "net_levels": _net_levels,
    "compared_out": _compared("scholars_out"),
    "compared_in": _compared("scholars_in"),
    "gains": _balance(True),
    "loses": _balance(False),
    "balance": _balance(None),
    "left": _total("out"),
    "came": _total("in"),
}


@lru_cache(maxsize=1)
def _forms() -> tuple[tuple[re.Pattern[str], Callable[[_Moves, re.Match[str]], Iterator[CandidateTest]]], ...]:
    """Compiled patterns of the forms, each with what builds its test."""
    sides = {name.upper(): _WORDS["SIDE"].replace("{name}", name) for name in _SIDES}
    places = {**_WORDS, **sides, "N": r"N(?P<n>\d+)"}
    return tuple(
        (re.compile(_filled(form["pattern"], places), re.IGNORECASE), _BUILDERS[form["build"]])
        for form in lexicon("migration")["form"]
    )


def _filled(pattern: str, places: Mapping[str, str]) -> str:
    """The pattern with what its places stand for."""
    return re.sub(r"\{([A-Z]+)\}", lambda match: places[match[1]], pattern)

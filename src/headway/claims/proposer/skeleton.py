"""Skeleton of a clause: its words, with placeholders for its countries, numbers and dates; and a series it tells of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from headway.claims.proposer.candidates import is_total
from headway.claims.reader.amounts import Amount
from headway.claims.reader.slots import dates, mentions
from headway.claims.reader.statements import ArticleStatement
from headway.claims.reader.words import lexicon

_BESIDE = re.compile(  # what is said of a country in passing: "G0, which H like to look down on, has …"
    r",? \((?:[^()ND]|[ND](?!\d))*\)|, (?:which|who|where|whom|hardly|once|long|not|though|although|despite|unlike) "
    r"(?:[^,;.GDN]|[GDN](?!\d))*,"
)
_SOURCE = re.compile(r"\bAccording to [^,]*,|\baccording to [^,.]*(?:,|\.?$)|, (?:says?|said|reports?) [^,.]*(?=\.?$)")


@dataclass(frozen=True, slots=True)
class Skeleton:
    """A clause with G0, N0, D0 … in place of its countries, numbers and dates; H stands for the writer's own country.

    Attributes:
        groups: codes of each G; several where countries are told of in one breath.
        joined: the groups whose figures are taken together.
        counted: words of each number, among them what it counts.
        subject: codes of the subject that stands before the clause, where it names none.
    """

    text: str
    groups: tuple[tuple[str, ...], ...]
    joined: frozenset[int]
    numbers: tuple[Amount, ...]
    counted: tuple[str, ...]
    dates: tuple[str, ...]
    subject: tuple[str, ...]
    home: str

    @property
    def words(self) -> str:
        """The clause without its slots, but with what its numbers count."""
        said = _SOURCE.sub(" ", self.text)
        counted = re.sub(r"\bN(\d+)\b", lambda match: f" {self.counted[int(match[1])]} ", said)
        return re.sub(r"\b(?:[GD]\d+|H)\b", " ", counted)


_TOGETHER = re.compile(
    r"^[^.;,]{0,60}\b(?:together|combined|between them|taken as one|jointly|put together|in sum)\b", re.I
)
_LINK = r"(?:,? (?:and|or|nor) |, | & )(?:(?:in|of|on|to|than) )?(?:the )?(?:(?:that|those) (?:of|in) )?(?:the )?"
_NOT_ONLY = re.compile(r"\b(?:not only|both) (?:the )?(C\d+) but (?:also )?(?:the )?(C\d+)")
_RUN = re.compile(rf"C\d+(?:['’]s?)?(?:{_LINK}C\d+(?:['’]s?)?(?!\d))+")
_HOME = re.compile(
    r"\b(?:[Ww]e(?! (?:do |did |have )?(?:\w+ )?(?:find|found|study|estimate|use|show|argue|think|"
    r"know|should|must|attribute|report|conclude|see)\b)|[Oo]ur|[Oo]urs|us|[Aa]t home)\b|"
    r"\bhere\b(?! (?:is|are|again)\b)"
)


def skeleton(statement: ArticleStatement) -> Skeleton:
    """The skeleton of a statement."""
    text = statement.text
    spans: list[tuple[int, int, str, Any]] = [(one.start, one.end, "C", one) for one in statement.mentions]
    spans += [(one.start, one.end, "N", one) for one in statement.amounts]
    spans += [(start, end, "D", period) for period, start, end in dates(text)]
    out, at = "", 0
    codes: list[str] = []
    numbers: list[Amount] = []
    when: list[str] = []
    for start, end, sort, what in sorted(spans, key=lambda one: (one[0], -one[1])):
        if start < at:
            continue
        if sort == "C" and (what.sort == "organisations" or what.words in cities()):
            continue  # a firm or a city is something narrower than its country
        if sort == "C":
            codes.append(what.code)
            token = f"C{len(codes) - 1}"
        elif sort == "N":
            numbers.append(what)
            token = f"N{len(numbers) - 1}"
        else:
            when.append(what)
            token = f"D{len(when) - 1}"
        out += f"{text[at:start]}{'' if start == 0 or text[start - 1] in ' (-–' else ' '}{token}"
        at = end
    out += text[at:]
    grouped, groups, joined = _grouped(out, codes)
    grouped = _BESIDE.sub("", grouped)
    return Skeleton(
        _HOME.sub("H", grouped) if statement.home else grouped,
        groups,
        joined,
        tuple(numbers),
        tuple(text[one.start : one.end] for one in numbers),
        tuple(when) or statement.periods,
        _subject(statement),
        statement.home,
    )


def _subject(statement: ArticleStatement) -> tuple[str, ...]:
    """Codes of the subject that a clause takes from before it: of all that are named there after "both"."""
    if not statement.inferred:
        return ()
    return (
        statement.countries if re.match(r"(?:both|neither|each)\b", statement.text, re.I) else statement.countries[:1]
    )


def _grouped(text: str, codes: list[str]) -> tuple[str, tuple[tuple[str, ...], ...], frozenset[int]]:
    """The text with G for every run of countries, the codes of each, and those taken together."""
    groups: list[tuple[str, ...]] = []
    joined: set[int] = set()

    def group(match: re.Match[str]) -> str:
        places = [int(number) for number in re.findall(r"C(\d+)", match[0])]
        groups.append(tuple(dict.fromkeys(codes[place] for place in places)))
        if len(places) > 1 and _TOGETHER.match(text[match.end() :]):
            joined.add(len(groups) - 1)
        own = "'s" if re.search(r"['’]s?$", match[0]) else ""
        return f"G{len(groups) - 1}{own}"

    text = _NOT_ONLY.sub(r"\1 and \2", text)
    text = re.sub(rf"{_RUN.pattern}|C\d+(?:['’]s)?", group, text)
    return text, tuple(groups), frozenset(joined)


def countries_around(statement: ArticleStatement, subject: str) -> tuple[str, ...]:
    """Codes told in the rest of the sentence, else in the one before, without those of `subject` and of firms."""
    for text in (statement.rest, statement.before):
        told = (one.code for one in mentions(text) if one.sort != "organisations" and one.code != subject)
        if found := tuple(dict.fromkeys(told)):
            return found
    return ()


@lru_cache(maxsize=1)
def cities() -> frozenset[str]:
    """Words for places that are less than their country."""
    return frozenset(lexicon("actors")["cities"]["names"])


SIDE = r"(?:the )?(?P<side>G\d+|H)\b"
COUNTRY = re.compile(r"\b(?:G\d+|H)\b")
MORE, LESS = ("|".join(lexicon("frames")[key]["words"]) for key in ("more", "less"))
HELD = re.compile(
    rf"\b(?P<how>{LESS}|{MORE})\b(?P<between>[^;.]*?)(?P<than> than (?:(?:in|by|for|to|"
    rf"that|those|does|do) )*"
    rf"(?:of |in )?| of | by | behind | ahead of | )(?:that of |those of |what |in |on )?{SIDE}",
    re.IGNORECASE,
)


_REACHED = re.compile(r"(?:reaching|to) (?:\w+ ){0,3}N\d", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ClauseSeries:
    """A series with the clause that speaks of it."""

    entry: Mapping[str, Any]
    told_per_head: bool
    clause: Skeleton
    statement: ArticleStatement

    @property
    def slug(self) -> str:
        own = str(self.entry["slug"])
        return str(self.entry["per_head"]) if self.told_per_head and "per_head" in self.entry else own

    @property
    def divided(self) -> bool:
        """Whether the figure per head must be made of the total and the population."""
        return self.told_per_head and "per_head" not in self.entry and is_total(self.entry)

    @property
    def limits(self) -> Mapping[str, Any]:
        """The entry with the units in which a figure can be held against the series: per head, none of the total's."""
        return self.entry if self.slug == self.entry["slug"] else {**self.entry, "units": {}}

    @property
    def complement(self) -> bool:
        """Whether the rest of a share is told: "four in ten are offline"."""
        words, text = self.entry.get("complement"), self.clause.text
        if words is None:
            return False
        named = re.search(rf"\b(?:{self.entry['facets'][0]})\b", text, re.IGNORECASE) is not None
        told = text if named else f"{text} {self.statement.sentence}"
        return re.search(rf"\b(?:{words})\b", told, re.IGNORECASE) is not None

    @property
    def period(self) -> str:
        """The one period named, as the last argument of a term."""
        if len(set(self.clause.dates)) == 1:
            return f", {self.clause.dates[0]}"
        return f", {self.clause.dates[-1]}" if self.clause.dates and _REACHED.match(self.clause.text) else ""

    @property
    def is_of_one_year(self) -> bool:
        """Whether the clause names no more than one year, or is only the level that was reached at the last one."""
        return len(set(self.clause.dates)) <= 1 or _REACHED.match(self.clause.text) is not None

    def of(self, code: str, period: str | None = None) -> str:
        when = self.period if period is None else period
        own = f"indicator({self.slug}, {code}{when})"
        if self.complement:
            return f"[100 - {own}]"
        if not self.divided:
            return own
        return f"{own} / indicator(population, {code}{when})"

    def codes(self, token: str) -> tuple[str, ...]:
        if token == "H":
            return (self.clause.home,)
        return self.clause.groups[int(token[1:])]

    def is_joined(self, token: str) -> bool:
        return token != "H" and int(token[1:]) in self.clause.joined

    def sides(self, start: int, end: int) -> list[str]:
        """Countries told between two places, as tokens."""
        told = [match[0] for match in COUNTRY.finditer(self.clause.text, start, end)]
        named = {code for group in self.clause.groups for code in group}
        return [token for token in told if token != "H" or self.clause.home not in named]  # "G0 … at home" is one

    def subjects(self, before: int) -> tuple[str, ...]:
        """Codes of the subject: the only country told before a place, else that of the text before."""
        told = self.sides(0, before)
        if not told:
            return self.clause.subject
        distinct = list(dict.fromkeys(told))
        return self.codes(distinct[0]) if len(distinct) == 1 else ()

    def free_numbers(self, *used: int) -> list[Amount]:
        return [one for place, one in enumerate(self.clause.numbers) if place not in used]


def limit_of_multiple(before: str, value: float) -> str:
    """Right side of a multiple: "more than", "less than", or about it."""
    if re.search(
        r"(?:(?<!no )(?<!not )more than|over|above|at least|exceed\w*|upwards of|well over|no (?:less|"
        r"fewer) than) (?:an? )?$",
        before,
    ):
        return f"> {value:g}"
    if re.search(
        r"(?:less than|fewer than|under|below|at most|not even|not quite|no more than|barely|scarcely|"
        r"hardly) (?:an? )?$",
        before,
        re.I,
    ) and not re.search(r"(?:barely|scarcely|hardly) (?:an? )?$", before, re.I):
        return f"< {value:g}"
    return f"~ {value:g} within 30 %"

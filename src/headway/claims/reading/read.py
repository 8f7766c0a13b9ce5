"""The reader: from an article to its statements, each with all that was found in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from headway.claims.reading.amounts import Amount, amounts
from headway.claims.reading.kinds import Direction, Kind, judge
from headway.claims.reading.slots import MatchedTopic, Mention, dates, mentions, topics
from headway.claims.reading.words import attributed, hedged, main_part, negated, sentences

_ANAPHOR = re.compile(
    r"\b(?:the (?:country|nation|regime|government|state|economy|kingdom|republic|federation|emirates|"
    r"island|union|bloc)|its|their|it|domestic|national|homegrown)\b",
    re.IGNORECASE,
)
_CARRIED_ON = re.compile(  # the sentence goes on about the one before, whomever else it names
    r"(?:(?:And|But|Yet|Still|Today|Now|Even so|At present),? )?"
    r"(?:It|Its|The (?:country|nation|kingdom|republic|federation)(?:['’]s)?)\b"
    r"(?! (?:is|was|would be|will be|may be|might be|seems?|has been|took|takes|follows|turns out) (?:\w+ )?"
    r"(?:that|to|for|true|clear|likely|unlikely|possible|hard|difficult|easy|time|no|not|in|the|a|an|American|Chinese|Western)\b)"
)
_SOURCES = r"(?:['’]s)? (?:\w+ )?(?:report|study|survey|index|data|figures|estimates?|analysis|paper|poll|tally)\b"
_BOUND_FOR = re.compile(  # where people go: they leave the country that the text speaks of
    r"\b(?:leav|left|mov|emigrat|reloc|depart|decamp|head|flee|fled|flock|escap|mak)\w* (?:\w+ ){0,3}?(?:for|to) "
    r"(?:the )?(?:(?:labs?|firms?|jobs?|cities) in )?$",
    re.IGNORECASE,
)
_FOREMOST_IN = 2.0
"""How many times the mentions of the next country make one the text's own, which a sentence naming it is about."""


@dataclass(frozen=True, slots=True)
class ArticleStatement:
    """A sentence and what the rules found in it.

    Attributes:
        start, end: its place in the article's text.
        countries: codes in order of mention; `inferred` says that they were taken from the sentences before.
        periods: ISO periods of the dates named.
        topics: catalogue topics, the surest first.
        rule: why it has its kind.
    """

    text: str
    start: int
    end: int
    kind: Kind
    rule: str
    direction: Direction | None
    countries: tuple[str, ...]
    mentions: tuple[Mention, ...]
    inferred: bool
    negated: bool
    hedged: bool
    attributed: bool
    amounts: tuple[Amount, ...]
    periods: tuple[str, ...]
    topics: tuple[MatchedTopic, ...]

    @property
    def topic(self) -> str | None:
        return self.topics[0].topic if self.topics else None


def read_sentence(text: str, start: int = 0) -> ArticleStatement:
    """Analyse one sentence by itself."""
    found = tuple(mention for mention in mentions(text) if not _only_quoted(text, mention))
    when = dates(text)
    numbers = amounts(text, [(begin, end) for _, begin, end in when])
    matched = topics(text, about_someone=bool(found))
    countries = tuple(dict.fromkeys(mention.code for mention in found))
    judged = judge(
        text,
        places=len(countries),
        numbers=len(numbers),
        topic=matched[0].topic if matched else None,
        dated=len(when),
    )
    return ArticleStatement(
        text=text,
        start=start,
        end=start + len(text),
        kind=judged.kind,
        rule=judged.rule,
        direction=judged.direction,
        countries=countries,
        mentions=found,
        inferred=False,
        negated=negated(text),
        hedged=hedged(text),
        attributed=attributed(text),
        amounts=numbers,
        periods=tuple(dict.fromkeys(period for period, _, _ in when)),
        topics=matched,
    )


def _only_quoted(text: str, mention: Mention) -> bool:
    """ "According to a Microsoft report": a firm as a source stands for no country."""
    if mention.sort != "organisations":
        return False
    before, after = text[: mention.start], text[mention.end :]
    source = re.search(r"\b(?:according to|by|from|in) (?:an? |the )?(?:\w+ )?$", before, re.IGNORECASE)
    return source is not None and re.match(_SOURCES, after) is not None


def read_article(text: str) -> tuple[ArticleStatement, ...]:
    """Analyse every sentence of `text`; a sentence about "the country" gets the country that the text speaks of."""
    found = [read_sentence(sentence.text, sentence.start) for sentence in sentences(text)]
    return tuple(_with_context(found))


def _foremost(statement: ArticleStatement) -> str:
    """The first country of the main clause: "While others race ahead, X falters" is about X."""
    main = main_part(statement.text)
    named = [mention.code for mention in statement.mentions if main[mention.start : mention.end].strip()]
    return (named or list(statement.countries))[0]


def _only_measured_against(statement: ArticleStatement) -> bool:
    """ "The gap with the United States widens" is about somebody else."""
    before = statement.text[: statement.mentions[0].start]
    return re.search(r"\b(?:gap|distance|lag|divide) (?:with|to|from|behind) (?:the )?$", before) is not None


def _only_bound_for(statement: ArticleStatement) -> bool:
    """ "Engineers leave for the United States" is about the country that they leave."""
    return _BOUND_FOR.search(statement.text[: statement.mentions[0].start]) is not None


def _with_context(statements: Sequence[ArticleStatement]) -> list[ArticleStatement]:
    counts = Counter(code for statement in statements for code in statement.countries)
    ranked = counts.most_common(2)
    main = ranked[0][0] if ranked else None
    single = len(ranked) < 2 or ranked[0][1] > _FOREMOST_IN * ranked[1][1]
    settled: list[ArticleStatement] = []
    last: str | None = None
    for statement in statements:
        if statement.countries:
            subject = last or main
            goes_on = (
                _CARRIED_ON.match(statement.text) or _only_measured_against(statement) or _only_bound_for(statement)
            )
            if subject and goes_on and subject not in statement.countries:
                settled.append(replace(statement, countries=(subject, *statement.countries), inferred=True))
                continue
            last = main if single and main in statement.countries else _foremost(statement)
            settled.append(statement)
        elif statement.kind != "none" and (last or main) and statement.topics:
            near = last if last is not None and _ANAPHOR.search(statement.text) else main
            settled.append(replace(statement, countries=(near,) if near else (), inferred=True))
        else:
            settled.append(statement)
    return settled

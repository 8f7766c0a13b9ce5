"""Statements of an article: its sentences, each with all that the rules found in it, and the roles of its countries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from headway.claims.reader.amounts import Amount, amounts
from headway.claims.reader.kinds import NOTHING_SPOKEN_OF, Direction, Kind, classify
from headway.claims.reader.parts import SentencePart, names_own_figure, names_speaker, parts, plans, tells
from headway.claims.reader.quantities import matched_quantities, unexplained_words
from headway.claims.reader.slots import MatchedTopic, Mention, dates, mentions, topics
from headway.claims.reader.subjects import (
    IN_PLACE,
    home_of,
    lacks_subject,
    main_country,
    points_back,
    with_subjects,
)
from headway.claims.reader.words import (
    Sentence,
    attributed,
    blanked,
    cues,
    hedged,
    negated,
    sentences,
)

_SOURCES = r"(?:['’]s)? (?:\w+ )?(?:report|study|survey|index|data|figures|estimates?|analysis|paper|poll|tally)\b"


@dataclass(frozen=True, slots=True)
class ArticleStatement:
    """Sentence of an article, and all that the rules found in it.

    Attributes:
        start, end: its place in the article's text.
        countries: codes in order of mention; `inferred` says that they were taken from the words around.
        periods: ISO periods of the dates named.
        topics: catalogue topics, the surest first.
        rule: why it has its kind.
        sentence: the whole sentence, where the statement is one clause of it.
        subjectless: whether its subject is that of the statement before it, and only what it is held against is named.
        home: code of the country that "we" and "our" stand for; empty where the text has no country of its own.
        before: the sentence before, about which it may go on.
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
    sentence: str = ""
    subjectless: bool = False
    home: str = ""
    before: str = ""

    @property
    def topic(self) -> str | None:
        return self.topics[0].topic if self.topics else None

    @property
    def around(self) -> tuple[str, str]:
        """The words of its sentence before it and behind it; empty where it is a sentence of its own."""
        head, _, tail = self.sentence.partition(self.text)
        return head, tail

    @property
    def rest(self) -> str:
        """Its sentence without it."""
        return self.sentence.replace(self.text, " ")


def read_sentence(
    text: str, start: int = 0, before: tuple[MatchedTopic, ...] = (), *, part: bool = False
) -> ArticleStatement:
    """Statement in one sentence, or in `part` of one; without topics of its own it goes on about those `before` it."""
    found = tuple(mention for mention in mentions(text) if not _only_quoted(text, mention))
    when = dates(text)
    numbers = amounts(text, [(begin, end) for _, begin, end in when])
    matched = topics(text, about_someone=bool(found)) or before
    countries = tuple(dict.fromkeys(mention.code for mention in found))
    stated = numbers
    numbers = _fractions_of_others(text, stated, found)
    fraction = numbers != stated
    judged = classify(
        f"{text.rstrip(' ,;:.')}." if part else text,
        places=len(countries),
        numbers=len(numbers),
        topic=matched[0].topic if matched else None,
        dated=len(when),
    )
    return ArticleStatement(
        text=text,
        start=start,
        end=start + len(text),
        kind="comparison" if fraction and judged.kind == "fact" else judged.kind,
        rule=judged.rule,
        direction="less" if fraction and judged.direction is None else judged.direction,
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


_FRACTION_OF = re.compile(r"(?: of)? (?P<that>that of |that in |those of |what )?(?:the )?")


def _fractions_of_others(text: str, numbers: tuple[Amount, ...], found: Sequence[Mention]) -> tuple[Amount, ...]:
    """Amounts, where "a fiftieth of America's" is 0.02 times another country's figure and no share."""
    made = []
    for amount in numbers:
        spelled = amount.unit == "percent" and re.search(r"\d|%|cent", text[amount.start : amount.end]) is None
        for mention in found if spelled else ():
            link = _FRACTION_OF.fullmatch(text, amount.end, mention.start) if mention.start > amount.end else None
            earlier = any(one.end <= amount.start and one.code != mention.code for one in found)
            own = re.match(r"['’]s?(?! ?\w)", text[mention.end :]) is not None  # "a third of Spain's", and of no noun
            owned = link is not None and (link["that"] or own)
            if link is not None and (owned or earlier):
                amount = replace(amount, value=round(amount.value / 100.0, 5), unit="times")
                break
        made.append(amount)
    return tuple(made)


def _only_quoted(text: str, mention: Mention) -> bool:
    """Whether a firm is only a source ("a Microsoft report", "Microsoft estimates") and stands for no country."""
    if mention.sort != "organisations":
        return False
    before, after = text[: mention.start], text[mention.end :]
    source = re.search(r"\b(?:according to|by|from|in) (?:an? |the )?(?:\w+ )?$", before, re.IGNORECASE)
    return (source is not None and re.match(_SOURCES, after) is not None) or names_speaker(text[mention.start :])


def read_article(text: str) -> tuple[ArticleStatement, ...]:
    """Statements of `text`, one a sentence; a sentence about "the country" gets the country that the text is about."""
    found: list[ArticleStatement] = []
    for sentence in sentences(text):
        for one in _read_clauses(sentence):
            told = next((before for before in reversed(found[-2:]) if before.topics), None)
            found.append(_carried_on(one, told))
    return tuple(with_subjects([_told_of(one) for one in _with_context(found)]))


_DEFINITE = re.compile(r"\W*(?:The|This|That|These|Those|Another|Nationally)\b", re.IGNORECASE)


def _told_of(statement: ArticleStatement) -> ArticleStatement:
    """The statement as a fact, where it tells something of a country in a text about technology ("Peru has one")."""
    if statement.kind != "none" or statement.rule != NOTHING_SPOKEN_OF:
        return statement
    about = (
        bool(statement.countries)
        or points_back(statement.text)
        or statement.sentence
        or _DEFINITE.match(statement.text)
    )
    if bool(about) and tells(statement.text) and is_about_technology(statement):
        return replace(statement, kind="fact")
    return statement


def _with_context(statements: Sequence[ArticleStatement]) -> Iterator[ArticleStatement]:
    """The statements, each with the sentence before it and the country that "we" stands for."""
    home = home_of(statements)
    before = sentence = ""
    for statement in statements:
        whole = statement.sentence or statement.text
        if whole != sentence:
            before, sentence = sentence, whole
        yield replace(statement, home=home, before=before)


_STARTS_BACK = re.compile(r"(?:That|This|It|They|Both|Neither|None|All|Either|The same)\b")


def _carried_on(statement: ArticleStatement, before: ArticleStatement | None) -> ArticleStatement:
    """The statement with the topics of the one before, where it gives a figure or a comparison of what was told."""
    told = statement.amounts or statement.kind in ("comparison", "trend")
    if before is None or statement.topics or not told:
        return statement
    if not _STARTS_BACK.match(statement.text) and unexplained_words(_without_names(statement)):
        return statement
    kind: Kind = "fact" if statement.kind == "none" else statement.kind
    return replace(statement, topics=_carried(before), kind=kind)


def _without_names(statement: ArticleStatement) -> str:
    """The text without the countries that it names."""
    text = statement.text
    for mention in statement.mentions:
        text = blanked(text, mention.start, mention.end)
    return text


_GOES_ON = re.compile(
    r"(?:in (?:the )?[A-Z][\w ]+,? )?(?:it|they|this|that|those|these|neither|both|each|none of (?:it|them))\b",
    re.IGNORECASE,
)
_ITS = re.compile(
    r"(?:neither|both|each"
    r"|(?:\w+ ){0,5}(?:it|they) (?!is (?:\w+ )?(?:that|to|true|clear)\b)|(?:\w+ ){0,3}(?:its|their|the country)\b)",
    re.IGNORECASE,
)
_TELLS_BEFORE = re.compile(rf"{_ITS.pattern}|(?:\w+ ){{0,3}}(?:our|we)\b", re.IGNORECASE)


def _read_clauses(sentence: Sentence) -> list[ArticleStatement]:
    """Statements of the parts of a sentence, and of the plans that it names with their sums."""
    sentence = _without_dateline(sentence)
    cut = parts(sentence)
    told = [
        _as_fact(read_sentence(part.text, part.start), sentence.text)
        for part in plans(sentence)
        if part.text != sentence.text
    ]
    if len(cut) == 1:
        return [read_sentence(sentence.text, sentence.start), *told]
    found: list[ArticleStatement] = []
    for part in cut:
        found.append(_read_part(part, sentence.text, found[part.host] if part.host is not None else None))
    return [*found, *told]


_DATELINE = re.compile(
    r"(?:[A-Z][A-Z .'/-]{2,30}|[A-Z][\w.' -]{2,30}(?=, \d| \(|, [A-Z][a-z]+\.? \d))"
    r"(?:, [^—–,]{3,25}){0,2}(?: ?\([^)]{2,40}\))?(?: ?[—–-]+|(?<=\d{4}):) "
)


def _without_dateline(sentence: Sentence) -> Sentence:
    """The sentence without the place and day that a news agency or ministry puts in front."""
    line = _DATELINE.match(sentence.text)
    cut = line.end() if line else 0
    return Sentence(sentence.text[cut:], sentence.start + cut, sentence.end)


def _as_fact(statement: ArticleStatement, sentence: str) -> ArticleStatement:
    """The statement of a part of `sentence`, a fact where it names a figure without a verb."""
    kind: Kind = "fact" if statement.kind == "none" and statement.amounts else statement.kind
    return replace(statement, sentence=sentence, kind=kind)


def _read_part(part: SentencePart, sentence: str, host: ArticleStatement | None) -> ArticleStatement:
    """Statement of a part, with the topics and the subject of its `host` where it goes on about these."""
    goes_on = host is not None and (part.role != "clause" or _GOES_ON.match(part.text))
    topics_before = _carried(host) if host is not None and goes_on else ()
    one = _as_fact(read_sentence(part.text, part.start, topics_before, part=True), sentence)
    if host is None:
        return one
    if part.role in ("tail", "aside", "relative", "participle"):
        return _said_of(host, one, part)
    if part.role == "gapped" and host.kind == "trend" and one.kind == "fact":
        one = replace(one, kind="trend", direction=host.direction)
    subject = _subject(host)
    first = one.mentions[0].start if one.mentions else None
    ours = part.role == "predicate" or (part.role == "gapped" and first is None) or _ITS.match(one.text[:first])
    elsewhere = one.kind == "trend" and IN_PLACE.search(one.text[: first or 0])
    if subject and ours and not elsewhere and subject not in one.countries:
        return replace(one, countries=(subject, *one.countries), inferred=True)
    if part.role == "predicate" and not subject and one.countries:
        return replace(one, subjectless=True)
    return one


def _carried(statement: ArticleStatement) -> tuple[MatchedTopic, ...]:
    """Topics of a statement for one that goes on about them, less sure."""
    return tuple(replace(topic, confidence=round(0.8 * topic.confidence, 2)) for topic in statement.topics)


_MULTIPLE = re.compile(r"(?:\w+ )?(?:half|twice|double)\b", re.IGNORECASE)
_SET_AGAINST = re.compile(r"(?:compared with|compared to|against|versus|vs\.?) ", re.IGNORECASE)


def _said_of(host: ArticleStatement, one: ArticleStatement, part: SentencePart) -> ArticleStatement:
    """Statement of a tail, an aside or a relative clause, about the subject of its `host`.

    "Against 40 in Spain" tells a figure of Spain, and the noun before "which" is what a relative clause is about.
    """
    subject = _noun_before(host, part) if part.role == "relative" else ""
    subject = subject or _subject(host)
    others = tuple(code for code in one.countries if code != subject)
    against = _SET_AGAINST.match(one.text)
    if against and len(others) == 1 and names_own_figure(one.text[against.end() :]):
        return replace(one, kind="fact", countries=others, periods=one.periods or host.periods)
    both = part.text.lower().startswith("both")
    multiple = _MULTIPLE.match(one.text) is not None
    compared = multiple or (one.direction in ("more", "less", "equal") and bool(others))
    changed = part.role == "tail" and one.direction in ("up", "down", "flat")
    compared = compared and not (one.kind == "trend" and not others)  # held against its own past
    kind: Kind = "comparison" if compared else "trend" if changed else "fact" if one.kind == "none" else one.kind
    if part.role in ("relative", "participle") and one.kind != "none":
        kind = one.kind
    own = part.role == "aside" or (kind == "fact" and one.periods)
    return replace(
        one,
        kind=kind,
        countries=host.countries if both else (subject, *others) if subject else others,
        periods=one.periods if own else tuple(dict.fromkeys((*one.periods, *host.periods))),
        inferred=bool(subject),
        subjectless=not subject,
    )


def _noun_before(host: ArticleStatement, part: SentencePart) -> str:
    """Country that stands just before a relative clause; empty for none."""
    end = part.start - host.start
    near = [mention for mention in host.mentions if 0 < end - mention.end <= 3]
    return near[0].code if near else ""


def _subject(statement: ArticleStatement) -> str:
    """Code of the country that a statement is about; empty where only the text before says which."""
    if not statement.countries or statement.subjectless:
        return ""
    if statement.inferred:
        return statement.countries[0]
    before = statement.text[: statement.mentions[0].start] if statement.mentions else ""
    return "" if _TELLS_BEFORE.match(before) or lacks_subject(statement) else main_country(statement)


def is_checkable(statement: ArticleStatement) -> bool:
    """Whether a statement is about a country and technology, and tells something that evidence could decide.

    A fact that leaves its country to the text before tells something only by a figure, a comparison, a change, a date
    or a deed: "the ministry thanked its partners" is no claim.
    """
    if statement.kind == "none" or not statement.countries or not is_about_technology(statement):
        return False
    bare = statement.kind in ("fact", "cause") and (statement.inferred or not statement.topics)
    return not bare or bool(statement.amounts or statement.periods) or tells(statement.text) or _is_deed(statement.text)


def _is_deed(text: str) -> bool:
    return cues("plan").search(text) is not None or cues("plan", "events").search(text) is not None


def is_about_technology(statement: ArticleStatement) -> bool:
    """Whether a statement names a topic of the catalogue, or technology, or goes on about a sentence that does.

    It goes on about its own sentence, of which it is a part, or about the one before, where it tells a figure, a
    comparison or a change.
    """
    if statement.topics or _names_technology(statement.text):
        return True
    told = bool(statement.amounts) or statement.kind in ("comparison", "trend") or tells(statement.text)
    if not told:
        return False
    if matched_quantities(_without_names(statement)):
        return True
    return _names_technology(f"{statement.sentence} {statement.before}")


def _names_technology(text: str) -> bool:
    return cues("domain").search(text) is not None or bool(topics(text))

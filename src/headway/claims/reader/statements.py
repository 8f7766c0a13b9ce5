"""Statements of an article: its sentences, each with all that the rules found in it, and the roles of its countries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from headway.claims.reader.amounts import Amount, amounts
from headway.claims.reader.kinds import SIDE_BY_SIDE, Direction, Kind, classify
from headway.claims.reader.parts import SentencePart, asides, clauses
from headway.claims.reader.slots import MatchedTopic, Mention, dates, mentions, topics
from headway.claims.reader.words import (
    Sentence,
    attributed,
    cues,
    hedged,
    main_part,
    negated,
    sentences,
)

_ANAPHOR = re.compile(
    r"\b(?:the (?:country|nation|regime|government|state|economy|kingdom|republic|federation|emirates|"
    r"island|union|bloc)|its|their|it|(?<!gross )domestic|national|homegrown)\b",
    re.IGNORECASE,
)
_THE_COUNTRY = re.compile(r"\bthe (?:country|nation|kingdom|republic)\b", re.IGNORECASE)
_OURS = re.compile(r"\b(?:[Ww]e|[Oo]ur|[Oo]urs|us)\b")  # the writer's own country, of which the text tells most
_CARRIED_ON = re.compile(  # the sentence goes on about the one before, whomever else it names
    r"(?:(?:And|But|Yet|Still|Today|Now|Even so|At present),? )?"
    r"(?:It|Its|The (?:country|nation|kingdom|republic|federation)(?:['’]s)?)\b"
    r"(?! (?:is|was|would be|will be|may be|might be|seems?|has been|took|takes|follows|turns out) (?:\w+ )?"
    r"(?:that|to|for|true|clear|likely|unlikely|possible|hard|difficult|easy|time|no|not|in|the|a|an|American|Chinese|Western)\b)"
)
_SOURCES = r"(?:['’]s)? (?:\w+ )?(?:report|study|survey|index|data|figures|estimates?|analysis|paper|poll|tally)\b"
_BOUND_FOR = re.compile(  # where people go: they leave the country that the text speaks of
    r"\b(?:leav|left|mov|e?migrat|reloc|depart|decamp|head|flee|fled|flock|escap|mak)\w* (?:\w+ ){0,3}?(?:for|to) "
    r"(?:the )?(?:(?:labs?|firms?|jobs?|cities) in )?$",
    re.IGNORECASE,
)
_FOREMOST_IN = 1.5
"""How many times the mentions of the next country make one the text's own, which a sentence naming it is about."""


@dataclass(frozen=True, slots=True)
class ArticleStatement:
    """Sentence of an article, and all that the rules found in it.

    Attributes:
        start, end: its place in the article's text.
        countries: codes in order of mention; `inferred` says that they were taken from the sentences before.
        periods: ISO periods of the dates named.
        topics: catalogue topics, the surest first.
        rule: why it has its kind.
        sentence: the whole sentence, where the statement is one clause of it.
        subjectless: whether its subject is that of the statement before it, and only what it is held against is named.
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

    @property
    def topic(self) -> str | None:
        return self.topics[0].topic if self.topics else None


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
            owned = link is not None and (link["that"] or text[mention.end : mention.end + 2] in ("'s", "’s"))
            if link is not None and (owned or earlier):
                amount = replace(amount, value=round(amount.value / 100.0, 5), unit="times")
                break
        made.append(amount)
    return tuple(made)


def _only_quoted(text: str, mention: Mention) -> bool:
    """Whether a firm is only cited as a source ("according to a Microsoft report") and stands for no country."""
    if mention.sort != "organisations":
        return False
    before, after = text[: mention.start], text[mention.end :]
    source = re.search(r"\b(?:according to|by|from|in) (?:an? |the )?(?:\w+ )?$", before, re.IGNORECASE)
    return source is not None and re.match(_SOURCES, after) is not None


def read_article(text: str) -> tuple[ArticleStatement, ...]:
    """Statements of `text`, one a sentence; a sentence about "the country" gets the country that the text is about."""
    found: list[ArticleStatement] = []
    for sentence in sentences(text):
        found += [_carried_on(one, found[-1] if found else None) for one in _read_clauses(sentence)]
    return tuple(_with_inferred_countries(found))


_STARTS_BACK = re.compile(r"(?:That|This|It|They|Both|Neither|None|All|Either|The same)\b")


def _carried_on(statement: ArticleStatement, before: ArticleStatement | None) -> ArticleStatement:
    """The statement with the topics of the one before, where it gives a figure or a comparison of what was told."""
    told = statement.amounts or statement.kind in ("comparison", "trend")
    if before is None or statement.topics or not told or not _STARTS_BACK.match(statement.text):
        return statement
    kind: Kind = "fact" if statement.kind == "none" else statement.kind
    return replace(statement, topics=_carried(before), kind=kind)


_GOES_ON = re.compile(r"(?:it|they|this|that|those|these)\b", re.IGNORECASE)
_ITS = re.compile(r"(?:its|their)\b", re.IGNORECASE)


def _read_clauses(sentence: Sentence) -> list[ArticleStatement]:
    """Statements of the parts of a sentence; a comparison whose sides stand in two clauses stays whole."""
    told = read_sentence(sentence.text, sentence.start)
    rest, beside = _without_asides(sentence)
    whole = replace(read_sentence(rest.text, rest.start), sentence=sentence.text) if beside else told
    parts = clauses(rest)
    if len(parts) == 1 or whole.rule == SIDE_BY_SIDE:
        return [whole, *beside]
    found: list[ArticleStatement] = []
    for part in parts:
        found.append(_read_part(part, sentence.text, found[-1] if found else None))
    torn = any(
        one.kind == "comparison" and len(one.countries) < 2 and cues("comparison", "explicit").search(one.text)
        for one in found
    )
    kept = [whole] if torn and whole.kind == "comparison" and len(whole.countries) > 1 else found
    return [*kept, *beside]


def _read_part(part: SentencePart, sentence: str, before: ArticleStatement | None) -> ArticleStatement:
    """Statement of a clause or predicate, with the topics and the subject of the one `before` it where it goes on."""
    goes_on = before is not None and (part.role == "predicate" or _GOES_ON.match(part.text))
    topics_before = _carried(before) if before is not None and goes_on else ()
    one = replace(read_sentence(part.text, part.start, topics_before, part=True), sentence=sentence)
    subject = _main_country(before) if before is not None and before.countries else ""
    ours = part.role == "predicate" or _ITS.match(part.text)
    if subject and ours and subject not in one.countries:
        return replace(one, countries=(subject, *one.countries), inferred=True)
    return one


def _carried(statement: ArticleStatement) -> tuple[MatchedTopic, ...]:
    """Topics of a statement for one that goes on about them, less sure."""
    return tuple(replace(topic, confidence=round(0.8 * topic.confidence, 2)) for topic in statement.topics)


def _without_asides(sentence: Sentence) -> tuple[Sentence, list[ArticleStatement]]:
    """The sentence without the asides and tails that make claims of their own, and their statements.

    A tail stays where nothing is left before it that tells a figure, a comparison or a change.
    """
    kept: list[tuple[SentencePart, ArticleStatement]] = []
    for part in asides(sentence):
        main = _without(sentence, (part,))
        rest = read_sentence(main.text, main.start)
        if part.role == "tail" and not (rest.amounts or rest.kind in ("comparison", "trend")):
            continue
        subject = _main_country(rest) if rest.countries else ""
        if one := _aside(part, sentence, subject, rest):
            kept.append((part, one))
    return _without(sentence, [part for part, _ in kept]), [one for _, one in kept]


def _aside(part: SentencePart, sentence: Sentence, subject: str, rest: ArticleStatement) -> ArticleStatement | None:
    """Statement of an aside or tail about the subject of its sentence; None where it makes no claim."""
    one = read_sentence(part.text, part.start, _carried(rest) if part.role == "tail" else (), part=True)
    others = tuple(code for code in one.countries if code != subject)
    multiple = _MULTIPLE.match(one.text) is not None
    compared = multiple or (one.direction in ("more", "less", "equal") and bool(others))
    changed = part.role == "tail" and one.direction in ("up", "down", "flat")
    if not one.topics or not (one.amounts or compared or changed):
        return None
    kind: Kind = "comparison" if compared else "trend" if changed else "fact"
    when = one.periods if kind == "fact" and one.periods else tuple(dict.fromkeys((*one.periods, *rest.periods)))
    codes = (subject, *others) if subject else others
    numbers = () if multiple and not others else one.amounts  # half of what no country is named for
    whole = sentence.text
    return replace(
        one,
        kind=kind,
        countries=codes,
        amounts=numbers,
        periods=when,
        inferred=bool(subject),
        sentence=whole,
        subjectless=not subject,
    )


_MULTIPLE = re.compile(r"(?:\w+ )?(?:half|twice|double)\b", re.IGNORECASE)


def _without(sentence: Sentence, parts: Sequence[SentencePart]) -> Sentence:
    """The sentence with asides and the commas about them blanked, so that all places stay; one in front is cut."""
    text, start = sentence.text, sentence.start
    for one in parts:
        begin, end = max(0, one.start - start - 2), one.end - start
        end += text[end : end + 1] == ","
        text = text[:begin] + " " * (end - begin) + text[end:]
    lead = len(text) - len(text.lstrip())
    return Sentence(text[lead:], start + lead, sentence.end)


def _main_country(statement: ArticleStatement) -> str:
    """The first country of the main clause: "While others race ahead, X falters" is about X."""
    main = main_part(statement.text)
    named = [mention.code for mention in statement.mentions if main[mention.start : mention.end].strip()]
    return (named or list(statement.countries))[0]


def _only_measured_against(statement: ArticleStatement) -> bool:
    """Whether the first country named is only the reference: "the gap with the United States widens"."""
    before = statement.text[: statement.mentions[0].start]
    return re.search(r"\b(?:gap|distance|lag|divide) (?:with|to|from|behind) (?:the )?$", before) is not None


def is_destination(statement: ArticleStatement, country: str) -> bool:
    """Whether people are said to go to `country`: "specialists are moving to Switzerland"."""
    named = [mention for mention in statement.mentions if mention.code == country]
    return bool(named) and all(_BOUND_FOR.search(statement.text[: mention.start]) for mention in named)


def _only_bound_for(statement: ArticleStatement) -> bool:
    """Whether the first country named is only a destination: "engineers leave for the United States"."""
    return _BOUND_FOR.search(statement.text[: statement.mentions[0].start]) is not None


def _only_compared_with(statement: ArticleStatement) -> bool:
    """Whether all countries named stand behind "than", and the subject is "it" or "the country"."""
    before = statement.text[: statement.mentions[0].start]
    pivots = list(_PIVOT.finditer(before))
    told = statement.kind == "comparison" and bool(pivots)
    return told and _ANAPHOR.search(before, 0, pivots[-1].start()) is not None


def _with_inferred_countries(statements: Sequence[ArticleStatement]) -> list[ArticleStatement]:
    counts = Counter(code for statement in statements for code in statement.countries if _is_named(statement, code))
    ranked = counts.most_common(2)
    main = ranked[0][0] if ranked else None
    second = ranked[1][1] if len(ranked) > 1 else 0
    single = not second or ranked[0][1] > max(_FOREMOST_IN * second, second + 1)
    settled: list[ArticleStatement] = []
    last: str | None = None
    for statement in statements:
        if statement.inferred:  # a clause or an aside, about the country of its own sentence
            settled.append(statement)
        elif statement.subjectless:
            codes = settled[-1].countries[:1] if settled else ()
            settled.append(replace(statement, countries=(*codes, *statement.countries), inferred=True))
        elif statement.countries:
            subject = last or main
            goes_on = (
                _CARRIED_ON.match(statement.text)
                or _only_measured_against(statement)
                or _only_bound_for(statement)
                or _only_compared_with(statement)
            )
            if subject and goes_on and subject not in statement.countries:
                settled.append(replace(statement, countries=(subject, *statement.countries), inferred=True))
                continue
            subject = main if single and main in statement.countries else _main_country(statement)
            last = subject if last is None or _is_named(statement, subject or "") else last
            settled.append(_against_ours(statement, main))
        elif statement.kind != "none" and (last or main) and is_about_technology(statement):
            named = single and _THE_COUNTRY.search(statement.text)
            own = named or _OURS.search(statement.text) is not None
            near = last if last is not None and not own and _ANAPHOR.search(statement.text) else main
            settled.append(replace(statement, countries=(near,) if near else (), inferred=True))
        else:
            settled.append(statement)
    return settled


def _is_named(statement: ArticleStatement, country: str) -> bool:
    """Whether a country is named itself, and not by its firms alone."""
    return any(one.code == country and one.sort != "organisations" for one in statement.mentions)


def is_about_technology(statement: ArticleStatement) -> bool:
    """Whether a statement names a topic of the catalogue, or at least technology."""
    return bool(statement.topics) or cues("domain").search(statement.text) is not None


def points_back(text: str) -> bool:
    """Whether words point to a country named before, or to the writer's own."""
    return _ANAPHOR.search(text) is not None or _OURS.search(text) is not None


def _against_ours(statement: ArticleStatement, main: str | None) -> ArticleStatement:
    """The statement with the writer's own country as the other side, where it holds one against "ours"."""
    pivot = _PIVOT.search(statement.text)
    if statement.kind != "comparison" or len(statement.countries) != 1 or pivot is None or main is None:
        return statement
    if main in statement.countries or _OURS.search(statement.text, pivot.end()) is None:
        return statement
    return replace(statement, countries=(*statement.countries, main), inferred=True)


_PIVOT = re.compile(  # what stands after these is what the subject is held against
    r"\bthan\b|\bbehind\b|\bahead of\b|\bcompared (?:with|to)\b|\bin (?:comparison|contrast) (?:with|to)\b|\bagainst\b|"
    r"\brelative to\b|\btimes\b|\bas (?:much|many|high|large) as\b|\bon par with\b|\bunlike\b|\bby contrast\b",
    re.IGNORECASE,
)
_INTRANSITIVE = re.compile(r"\b(?:trail|lag|fall|fell|fallen|falling)\w*\b", re.IGNORECASE)
_TRAILS = re.compile(
    r"\b(?:trail(?:s|ed|ing)?|lag(?:s|ged|ging)?) (?:far |well )?(?:behind )?(?:the )?$", re.IGNORECASE
)
_RESTRICTS = re.compile(
    r"\W+(?:\w+ ){0,2}(?:ban(?:s|ned)|bars|barred|block(?:s|ed)|restrict(?:s|ed)|prohibit(?:s|ed)|curb(?:s|ed)|"
    r"limit(?:s|ed)|tighten(?:s|ed)|impos(?:es|ed)|den(?:ies|ied)|adds?|added|blacklist(?:s|ed))\b(?! by)"
)
_LEFT_OUT = re.compile(  # "any other economy except Israel", "no other European country": nobody to be held against
    r"\b(?:except(?: for)?|save|bar|barring|apart from|aside from|other than|excluding|outside) (?:the )?$"
    r"|\b(?:no|any|every|all) other (?:\w+ )?$",
    re.IGNORECASE,
)


_FRONTED = re.compile(
    r"(?:(?:when |if )?(?:set|measured|judged|held|seen|placed|put|weighed)\s+)?(?:against|beside|alongside|next to|"
    r"compared (?:with|to)|in comparison (?:with|to)|by comparison with|relative to|unlike|in contrast (?:to|with)|"
    r"contrasted with)\b|(?:while|whereas|though|although|even as)\b",
    re.IGNORECASE,
)


def _fronted_end(text: str) -> int:
    """End of an opening phrase or clause that only says what the subject is held against; 0 without one.

    The main clause begins after the first comma behind which a verb stands before the next comma.
    """
    if _FRONTED.match(text) is None:
        return 0
    commas = [match.end() for match in re.finditer(r", ", text)]
    for start, stop in zip(commas, [*commas[1:], len(text)], strict=True):
        if cues("finite").search(text[start:stop]) or _REMAINS.search(text[start:stop]):
            return start
    return 0


_REMAINS = re.compile(r"\b(?:looks?|remains?|seems?|stays?|lies|pales?|spends?|invests?|devotes?|puts?|has|is)\b")


@dataclass(frozen=True, slots=True)
class ComparisonRoles:
    """Codes of the subjects of a statement, and of the countries that they are compared with."""

    subjects: tuple[str, ...]
    others: tuple[str, ...]


def comparison_roles(statement: ArticleStatement) -> ComparisonRoles:
    """The two sides of a statement; without a comparison, the first country and the rest."""
    codes = statement.countries
    if statement.kind == "comparison":
        left_out = excluded_countries(statement)
        codes = tuple(code for code in codes if code not in left_out) or codes
    if len(codes) < 2 or not statement.mentions:
        return ComparisonRoles(codes[:1], codes[1:])
    if statement.inferred:
        return ComparisonRoles(codes[:1], codes[1:])  # the subject stands in the sentence before
    if statement.kind == "cause":
        return _roles_of_cause(statement)
    if turn := _fronted_end(statement.text):
        held_against = tuple(code for code in _codes(statement, 0, turn) if code in codes)
        main = tuple(code for code in _codes(statement, turn, len(statement.text)) if code in codes)
        if held_against and main and not set(main) & set(held_against):
            return ComparisonRoles(main[:1], held_against)
    found = (
        _PIVOT.search(statement.text)
        or cues("comparison", "explicit").search(statement.text)
        or cues("comparison").search(statement.text)
    )
    if found is None:
        return ComparisonRoles(codes[:1], codes[1:])
    for mention in statement.mentions:
        if _TRAILS.search(statement.text[: mention.start]):
            behind = tuple(code for code in _codes(statement, 0, mention.start) if code in codes)
            if behind and mention.code not in behind:
                return ComparisonRoles(behind, (mention.code,))
            break
    before = _codes(statement, 0, found.start())
    clause = re.search(r"; |, (?:and|but|while|though) ", statement.text[found.end() :])
    stop = found.end() + clause.start() if clause and before else len(statement.text)
    after = _codes(statement, found.start(), stop) or _codes(statement, found.start(), len(statement.text))
    after = tuple(code for code in after if code not in before and code in codes)
    if before and after:
        return ComparisonRoles(before, after)
    if not after and re.match(r"\w+ (?:in |by |that of )?any(?:one| other)?\b", statement.text[found.start() :], re.I):
        places = {mention.code for mention in statement.mentions if mention.sort != "organisations"}
        return ComparisonRoles(tuple(code for code in before if code in places) or before, ())
    if not after and _INTRANSITIVE.search(statement.text) and len(before) > 1:
        return ComparisonRoles(before[-1:], before[:-1])
    whole = before or after
    return ComparisonRoles(whole[:1], whole[1:])


def excluded_countries(statement: ArticleStatement) -> frozenset[str]:
    """Countries named only to be left out of a comparison, or to say among whom it is made."""
    return frozenset(
        mention.code for mention in statement.mentions if _LEFT_OUT.search(statement.text[: mention.start])
    )


def restriction_roles(statement: ArticleStatement, sides: ComparisonRoles) -> ComparisonRoles:
    """Sides of a restriction: the restricted country is the subject, the country that bans or tightens the other."""
    for mention in statement.mentions:
        if mention.code in sides.subjects and _RESTRICTS.match(statement.text[mention.end :]):
            others = tuple(code for code in statement.countries if code != mention.code)
            return ComparisonRoles(others[:1], (mention.code,))
    return sides


def _roles_of_cause(statement: ArticleStatement) -> ComparisonRoles:
    """Roles in a causal statement: the first country after the word of effect, else the first of all, is affected."""
    found = cues("cause", "verbs").search(statement.text)
    after = _codes(statement, found.start(), len(statement.text)) if found else ()
    first = after[:1] or statement.countries[:1]
    return ComparisonRoles(first, tuple(code for code in statement.countries if code not in first))


def _codes(statement: ArticleStatement, start: int, end: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention.code for mention in statement.mentions if start <= mention.start < end))

"""Who is compared with whom, and on whom a cause works: the countries before and after the deciding words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from headway.claims.reading.read import ArticleStatement
from headway.claims.reading.words import cues

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


@dataclass(frozen=True, slots=True)
class Roles:
    """Codes of the subjects of a statement and of those it is held against."""

    subjects: tuple[str, ...]
    others: tuple[str, ...]


def roles(statement: ArticleStatement) -> Roles:
    """The two sides of a statement; without a comparison, the first country and the rest."""
    codes = statement.countries
    if statement.kind == "comparison":
        left_out = excepted(statement)
        codes = tuple(code for code in codes if code not in left_out) or codes
    if len(codes) < 2 or not statement.mentions:
        return Roles(codes[:1], codes[1:])
    if statement.inferred:
        return Roles(codes[:1], codes[1:])  # the subject stands in the sentence before
    if statement.kind == "cause":
        return _affected(statement)
    found = (
        _PIVOT.search(statement.text)
        or cues("comparison", "explicit").search(statement.text)
        or cues("comparison").search(statement.text)
    )
    if found is None:
        return Roles(codes[:1], codes[1:])
    for mention in statement.mentions:
        if _TRAILS.search(statement.text[: mention.start]):
            behind = tuple(code for code in _codes(statement, 0, mention.start) if code in codes)
            if behind and mention.code not in behind:
                return Roles(behind, (mention.code,))
            break
    before = _codes(statement, 0, found.start())
    clause = re.search(r"; |, (?:and|but|while|though) ", statement.text[found.end() :])
    stop = found.end() + clause.start() if clause and before else len(statement.text)
    after = _codes(statement, found.start(), stop) or _codes(statement, found.start(), len(statement.text))
    after = tuple(code for code in after if code not in before and code in codes)
    if before and after:
        return Roles(before, after)
    if not after and re.match(r"\w+ (?:in |by |that of )?any(?:one| other)?\b", statement.text[found.start() :], re.I):
        places = {mention.code for mention in statement.mentions if mention.sort != "organisations"}
        return Roles(tuple(code for code in before if code in places) or before, ())
    if not after and _INTRANSITIVE.search(statement.text) and len(before) > 1:
        return Roles(before[-1:], before[:-1])
    whole = before or after
    return Roles(whole[:1], whole[1:])


def excepted(statement: ArticleStatement) -> frozenset[str]:
    """Countries named only to be left out of a comparison, or to say among whom it is made."""
    return frozenset(
        mention.code for mention in statement.mentions if _LEFT_OUT.search(statement.text[: mention.start])
    )


def restricted(statement: ArticleStatement, sides: Roles) -> Roles:
    """The sides of a restriction: who bans, bars or tightens is not the one whom it keeps from something."""
    for mention in statement.mentions:
        if mention.code in sides.subjects and _RESTRICTS.match(statement.text[mention.end :]):
            others = tuple(code for code in statement.countries if code != mention.code)
            return Roles(others[:1], (mention.code,))
    return sides


def _affected(statement: ArticleStatement) -> Roles:
    """Of a cause, the country that it works on: the first named after the word of effect, else the first of all."""
    found = cues("cause", "verbs").search(statement.text)
    after = _codes(statement, found.start(), len(statement.text)) if found else ()
    first = after[:1] or statement.countries[:1]
    return Roles(first, tuple(code for code in statement.countries if code not in first))


def _codes(statement: ArticleStatement, start: int, end: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mention.code for mention in statement.mentions if start <= mention.start < end))

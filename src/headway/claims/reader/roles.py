"""Roles of the countries of a statement: whom it is about, and whom these are held against."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from headway.claims.reader.words import cues

if TYPE_CHECKING:
    from headway.claims.reader.statements import ArticleStatement

BOUND_FOR = re.compile(  # where people go: they leave the country that the text speaks of
    r"\b(?:leav|left|mov|e?migrat|reloc|depart|decamp|head|flee|fled|flock|escap|mak|went|go(?:es)?\b)\w* "
    r"(?:\w+,? ){0,4}?(?:for|to) "
    r"(?:the )?(?:(?:labs?|firms?|jobs?|cities) in )?$",
    re.IGNORECASE,
)
PIVOT = re.compile(  # what stands after these is what the subject is held against
    r"\bthan\b|\bbehind\b|\bahead of\b|\bcompared (?:with|to)\b|\bin (?:comparison|contrast) (?:with|to)\b|\bagainst\b|"
    r"\brelative to\b|\btimes\b|\bas (?:much|many|high|large) as\b|\bon par with\b|\bunlike\b|\bby contrast\b",
    re.IGNORECASE,
)


def is_destination(statement: ArticleStatement, country: str) -> bool:
    """Whether people are said to go to `country`: "specialists are moving to Switzerland"."""
    named = [mention for mention in statement.mentions if mention.code == country]
    return bool(named) and all(BOUND_FOR.search(statement.text[: mention.start]) for mention in named)


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
        PIVOT.search(statement.text)
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

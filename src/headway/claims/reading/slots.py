"""Slots of a sentence: countries and blocs, dates, topics, and the roles of the countries in a comparison or cause."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from headway.claims.reading.words import cues, lexicon
from headway.evidence.catalogue import blocs
from headway.evidence.countries import countries

if TYPE_CHECKING:
    from headway.claims.reading.read import ArticleStatement

_TABLES = ("places", "leaders", "organisations", "demonyms")
_AMBIGUOUS = frozenset({"Chad", "Guinea", "Jersey", "Niger", "Dominica", "Reunion", "Mali", "Oman", "Congo", "Jordan"})
_AFTER_FIRST_NAME = r"(?<![A-Z][a-z] )"


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention of a country: its code, the words, where they stand, and what sort of word it was."""

    code: str
    words: str
    start: int
    end: int
    sort: str


@lru_cache(maxsize=1)
def _spellings() -> Mapping[str, tuple[str, str]]:
    """Spelling → (code, sort); an entry of the actors' file beats a country's plain name."""
    found: dict[str, tuple[str, str]] = {}
    for code, country in countries().items():
        found[country.name] = (code, "name")
    for bloc in blocs().values():
        if bloc.slug not in ("WORLD",):
            found[bloc.name] = (bloc.slug, "name")
    actors = lexicon("actors")
    for table in _TABLES:
        for code, words in actors[table].items():
            for word in words:
                found[word] = (code, "name" if table == "places" and word in found else table)
                if table == "demonyms" and word[-1] not in "sh" and not word.endswith(("ese", "men", "man")):
                    found[f"{word}s"] = (code, table)
    return found


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    words = sorted(_spellings(), key=len, reverse=True)
    body = "|".join(re.escape(word).replace("’", "['’]") for word in words)
    return re.compile(rf"(?<![\w-])(?:{body})(?![\w])")


@lru_cache(maxsize=1)
def _ignored() -> re.Pattern[str]:
    phrases = sorted(lexicon("actors")["ignore"]["phrases"], key=len, reverse=True)
    return re.compile("|".join(re.escape(phrase) for phrase in phrases))


def mentions(sentence: str) -> tuple[Mention, ...]:
    """All mentions, in order. Offsets refer to `sentence`."""
    blanked = _ignored().sub(lambda match: " " * len(match[0]), sentence)
    found = []
    for match in _pattern().finditer(blanked):
        code, sort = (
            _spellings()[match[0].replace("’", "'")] if match[0] not in _spellings() else _spellings()[match[0]]
        )
        if not _misread(blanked, match):
            found.append(Mention(code, match[0], match.start(), match.end(), sort))
    return tuple(found)


def _misread(sentence: str, match: re.Match[str]) -> bool:
    """Jordan Miller, Alain Paris: a name of a person; "May I", "Arm the troops": a word at the start of a sentence."""
    before, after = sentence[: match.start()], sentence[match.end() :]
    if match[0] in ("Meta", "Apple", "Arm", "Alps", "Oracle", "Grab", "Intel", "Falcon") and not before.strip():
        return re.match(r"(?:'s|’s|,)? (?:and|has|is|will|said|plans|models?|[a-z]+ed\b)|'s|’s", after) is None
    if match[0] in _AMBIGUOUS and re.match(r" [A-Z][a-z]+", after):
        return True
    return match[0] == "Georgian" and "Canad" in before


def codes(sentence: str) -> tuple[str, ...]:
    """Codes of the countries and blocs in `sentence`, in order of first mention, without repeats."""
    return tuple(dict.fromkeys(mention.code for mention in mentions(sentence)))


_NAMES = lexicon("units")["months"]["names"]
_MONTHS = {name[:3].lower(): number for number, name in enumerate(_NAMES, start=1)}
_MONTH = r"(?P<month>" + "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in _NAMES) + r"|Sept)\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
_NO_UNIT = (
    r"(?!\s*(?:GPUs?|chips?|accelerators?|people|engineers?|researchers?|students?|H100|models?|percent|%|MW|million|"
    r"billion|companies|jobs|specialists)\b)"
)

_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("iso", re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)\b")),
    ("day", re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH},? {_YEAR}\b")),
    ("day", re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}\b")),
    ("month", re.compile(rf"\b{_MONTH},? (?:of )?{_YEAR}\b")),
    ("quarter", re.compile(rf"\bQ(?P<quarter>[1-4])[ ,]*(?:of )?{_YEAR}\b")),
    ("quarter", re.compile(rf"\b{_YEAR} ?Q(?P<quarter>[1-4])\b")),
    ("quarter", re.compile(rf"\b(?P<word>first|second|third|fourth|last) quarter of {_YEAR}\b", re.IGNORECASE)),
    ("range", re.compile(rf"\b{_YEAR}\s?[–—/-]\s?(?P<second>(?:20|19)?\d\d)\b(?![\d-])")),
    ("year", re.compile(rf"(?<![\w$€£.,^-]){_YEAR}(?![\w^]|[.,]\d|-(?!\b(?:20|era|style|level))\w){_NO_UNIT}")),
)


def dates(sentence: str) -> tuple[tuple[str, int, int], ...]:
    """(period, start, end) of every date, in order; an impossible day such as 31 February is left out."""
    taken: list[tuple[int, int]] = []
    found: list[tuple[str, int, int]] = []
    for form, pattern in _FORMS:
        for match in pattern.finditer(sentence):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            periods = _periods(form, match)
            taken.append(match.span())
            found.extend((period, *match.span()) for period in periods)
    return tuple(sorted(found, key=lambda item: item[1]))


def _periods(form: str, match: re.Match[str]) -> tuple[str, ...]:
    year = match["year"]
    if form == "iso":
        return _day(year, int(match["number"]), match["day"])
    if form == "day":
        return _day(year, _MONTHS[match["month"][:3].lower()], match["day"])
    if form == "month":
        return (f"{year}-{_MONTHS[match['month'][:3].lower()]:02d}",)
    if form == "quarter":
        groups = match.groupdict()
        return (f"{year}Q{groups['quarter'] if groups.get('quarter') else _QUARTERS[groups['word'].lower()]}",)
    if form == "range":
        second = match["second"]
        return (year, second if len(second) == 4 else year[:2] + second)
    return (year,)


def _day(year: str, month: int, day: str) -> tuple[str, ...]:
    try:
        return (dt.date(int(year), month, int(day)).isoformat(),)
    except ValueError:
        return ()


_STRONG, _WEAK, _ENOUGH = 2.0, 0.7, 1.3
_BROAD = {
    "capability_gap": 0.8,
    "declared_goal": 0.95,
    "talent_training": 0.85,
    "researchers": 0.95,
    "economy": 0.8,
}  # they speak along with narrower topics

_TELLING = frozenset(  # a single weak word ("publications", "GDP") is enough where these are meant
    {
        "private_investment",
        "notable_models",
        "researchers",
        "adoption",
        "energy",
        "economy",
        "publications",
        "open_models",
    }
)


@dataclass(frozen=True, slots=True)
class MatchedTopic:
    """A topic, the words that named it, and a confidence between 0 and 1 (share of the evidence among all topics)."""

    topic: str
    confidence: float
    words: tuple[str, ...]


@lru_cache(maxsize=1)
def _patterns() -> Mapping[str, tuple[re.Pattern[str], re.Pattern[str] | None]]:
    def one(entries: list[str]) -> re.Pattern[str] | None:
        return re.compile("|".join(f"(?:{entry})" for entry in entries), re.IGNORECASE) if entries else None

    table = {}
    for slug, entry in lexicon("topics").items():
        strong = one(entry["strong"])
        assert strong is not None
        table[slug] = (strong, one(entry["weak"]))
    return table


def topics(sentence: str, *, about_someone: bool = False) -> tuple[MatchedTopic, ...]:
    """All topics with enough evidence, the surest first; one lone hint counts where a country is named."""
    sentence = re.sub(r"\bA\.I\.", "AI", sentence)
    scores: dict[str, tuple[float, tuple[str, ...]]] = {}
    for slug, (strong, weak) in _patterns().items():
        hits = {match[0].lower() for match in strong.finditer(sentence)}
        hints = {match[0].lower() for match in weak.finditer(sentence)} if weak else set()
        length = sum(min(len(hit.split()), 4) for hit in hits)
        score = (_STRONG * len(hits) + 0.25 * length + _WEAK * len(hints)) * _BROAD.get(slug, 1.0)
        if score > 0.0:
            scores[slug] = (score, tuple(sorted(hits | hints)))
    enough = {slug: entry for slug, entry in scores.items() if entry[0] >= _ENOUGH}
    hinted = {slug: entry for slug, entry in scores.items() if slug in _TELLING}
    scores = enough or (hinted if about_someone and len(hinted) == 1 else {})
    total = sum(score for score, _ in scores.values())
    ranked = sorted(scores.items(), key=lambda item: (-item[1][0], item[0]))
    return tuple(MatchedTopic(slug, round(score / (total + 1.0), 2), words) for slug, (score, words) in ranked)


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

"""Slots of a sentence: countries and blocs, dates, and topics of the catalogue."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from headway.claims.reader.words import lexicon
from headway.evidence.catalogue import blocs
from headway.evidence.countries import countries

_TABLES = ("places", "leaders", "organisations", "demonyms")
_AMBIGUOUS = frozenset({"Chad", "Guinea", "Jersey", "Niger", "Dominica", "Reunion", "Mali", "Oman", "Congo", "Jordan"})
_AFTER_FIRST_NAME = r"(?<![A-Z][a-z] )"


@dataclass(frozen=True, slots=True)
class Mention:
    """Mention of a country: its code, the words, their place, and the sort of word."""

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
                if table == "demonyms" and not word.endswith(("s", "sh", "nch", "tch", "ese", "men", "man")):
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


@lru_cache(maxsize=1)
def _money() -> re.Pattern[str]:
    """Currency signs and names with the country in them: US$, Canadian dollars, Chinese yuan."""
    signs = "|".join(re.escape(sign) for sign in lexicon("units")["currency_signs"] if re.search(r"[A-Z.].*\W$", sign))
    names = "|".join(re.escape(word) for word in lexicon("units")["currency_words"] if " " not in word)
    return re.compile(rf"(?<!\w)(?:{signs})(?=\s?\d)|\b(?:[A-Z][\w.]+ )(?:{names})s?\b")


_LANGUAGE_BEFORE = re.compile(
    r"\b(?:in|into|speak(?:s|ing)?|spoke|understands?|learn(?:s|ed)?|translates?|handles?|both|of)\s+"
    r"(?:[A-Z]\w+(?:,? and |,? or |, ))*$"
)
_LANGUAGE_LIST = re.compile(r"(?:,? (?:and|or)|,)\s+$")
_LANGUAGE_AFTER = re.compile(
    r"(?:(?:,|,? and|,? or) [A-Z]\w+)*(?:\s*[.,;:)!?]|\s*$|-language\b|\s(?:language|texts?|speakers?|words?|corpus|"
    r"corpora|is|are|was|were|with|from|than|on|at|as|well)\b)"
)


def _is_language(sentence: str, start: int, end: int, last: int) -> bool:
    """Whether a demonym names a language ("in Portuguese", "speaks Arabic"); `last` is the end of one before it."""
    if sentence[end:].startswith(("-language", "-speaking", " language ", " languages ")):
        return True
    listed = last > 0 and _LANGUAGE_LIST.fullmatch(sentence[last:start]) is not None
    led = _LANGUAGE_BEFORE.search(sentence[:start]) is not None
    return (listed or led) and _LANGUAGE_AFTER.match(sentence[end:]) is not None


def mentions(sentence: str) -> tuple[Mention, ...]:
    """All mentions, in order. Offsets refer to `sentence`. Money and languages name no country."""
    blanked = _ignored().sub(lambda match: " " * len(match[0]), sentence)
    blanked = _money().sub(lambda match: " " * len(match[0]), blanked)
    language = 0
    found = []
    for match in _pattern().finditer(blanked):
        code, sort = (
            _spellings()[match[0].replace("’", "'")] if match[0] not in _spellings() else _spellings()[match[0]]
        )
        if sort == "demonyms" and match[0][-1] != "s" and _is_language(blanked, *match.span(), language):
            language = match.end()
        elif not _misread(blanked, match):
            found.append(Mention(code, match[0], match.start(), match.end(), sort))
    return tuple(found)


def _misread(sentence: str, match: re.Match[str]) -> bool:
    """Whether the match is a person's name ("Jordan Miller") or a word that begins a sentence ("Arm the troops")."""
    before, after = sentence[: match.start()], sentence[match.end() :]
    if match[0] in ("Meta", "Apple", "Arm", "Alps", "Oracle", "Grab", "Intel", "Falcon") and not before.strip():
        return re.match(r"(?:'s|’s|,)? (?:and|has|is|will|said|plans|models?|[a-z]+ed\b)|'s|’s", after) is None
    if match[0] in _AMBIGUOUS and re.match(r" [A-Z][a-z]+", after):
        return True
    return match[0] == "Georgian" and "Canad" in before


_NAMES = lexicon("units")["months"]["names"]
_MONTHS = {name[:3].lower(): number for number, name in enumerate(_NAMES, start=1)}
_MONTH = r"(?P<month>" + "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in _NAMES) + r"|Sept)\.?"
_YEAR = r"(?P<year>(?:19|20)[0-9]{2})"
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
_NO_UNIT = (
    r"(?!\s*(?:GPUs?|chips?|accelerators?|people|engineers?|researchers?|students?|H100|models?|percent|%|MW|million|"
    r"billion|companies|jobs|specialists)\b)"
)

_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("iso", re.compile(r"\b(?P<year>(?:19|20)[0-9]{2})-(?P<number>\d\d)-(?P<day>\d\d)\b")),
    ("day", re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH},? {_YEAR}\b")),
    ("day", re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}\b")),
    ("month", re.compile(rf"\b{_MONTH},? (?:of )?{_YEAR}\b")),
    ("quarter", re.compile(rf"\bQ(?P<quarter>[1-4])[ ,]*(?:of )?{_YEAR}\b")),
    ("quarter", re.compile(rf"\b{_YEAR} ?Q(?P<quarter>[1-4])\b")),
    ("quarter", re.compile(rf"\b(?P<word>first|second|third|fourth|last) quarter of {_YEAR}\b", re.IGNORECASE)),
    ("range", re.compile(rf"\b{_YEAR}\s?[–—/-]\s?(?P<second>(?:20|19)?\d\d)\b(?![\d-])")),
    ("year", re.compile(rf"(?<=\bsince ){_YEAR}(?=,? [a-zA-Z])", re.IGNORECASE)),
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


def names_topic(sentence: str, topic: str) -> bool:
    """Whether any word of the topic's lists stands in the sentence."""
    strong, weak = _patterns()[topic]
    return strong.search(sentence) is not None or (weak is not None and weak.search(sentence) is not None)


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

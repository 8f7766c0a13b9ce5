"""Countries and blocs that a sentence speaks of, whatever word stands for them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from headway.claims.reading.words import lexicon
from headway.evidence.catalogue import blocs
from headway.evidence.countries import countries

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

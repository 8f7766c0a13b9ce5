"""Finite verbs of a clause, found without a parser: by lists of forms, and by what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from headway.claims.reader.words import lexicon

_TOKEN = re.compile(r"[\w’'&.-]*\w")


@lru_cache(maxsize=16)
def _forms(table: str) -> frozenset[str]:
    return frozenset(str(lexicon("verbs")[table]).split())


@lru_cache(maxsize=1)
def _present() -> frozenset[str]:
    return frozenset(_with_s(verb) for verb in _forms("base")) - {"haves"}


@lru_cache(maxsize=1)
def _regular_past() -> frozenset[str]:
    return frozenset(_with_ed(verb) for verb in _forms("base"))


def _with_s(verb: str) -> str:
    if re.search(r"(?:s|x|z|ch|sh|o)$", verb):
        return f"{verb}es"
    return re.sub(r"(?<![aeiou])y$", "ie", verb) + "s"


def _with_ed(verb: str) -> str:
    if verb.endswith("e"):
        return f"{verb}d"
    if verb in ("drop", "slip", "stop", "lag", "plan", "bar", "top", "commit", "fit", "run", "cut"):
        return f"{verb}{verb[-1]}ed"
    return re.sub(r"(?<![aeiou])y$", "i", verb) + "ed"


def finite_verb(text: str) -> re.Match[str] | None:
    """The first finite verb of `text`, as a match in it; a doubtful one only where nothing else is a verb."""
    doubtful = None
    for match, sure in _verbs(text):
        if sure:
            return match
        doubtful = doubtful or match
    return doubtful


def _verbs(text: str) -> Iterator[tuple[re.Match[str], bool]]:
    """Words of `text` that are finite verbs, each with whether that is sure."""
    tokens = list(_TOKEN.finditer(text))
    for place, match in enumerate(tokens):
        before = _before(tokens, place, text)
        if before[:1].isupper() and place > 1 and tokens[place - 2][0] == "and":
            before = "they"  # "Spain and Peru share one"
        after = tokens[place + 1][0].lower() if place + 1 < len(tokens) else ""
        found = _is_verb(match[0], before, after)
        if found is not None:
            yield match, found


def _before(tokens: list[re.Match[str]], place: int, text: str) -> str:
    """The word before, past adverbs; empty where a mark or the beginning stands between."""
    for at in range(place - 1, -1, -1):
        word = tokens[at][0]
        if re.search(r"[,;:–—(]", text[tokens[at].end() : tokens[at + 1].start()]):
            return ""
        if word.lower() not in _forms("adverbs") and not re.search(r"[a-z]ly$", word):
            return word
    return ""


def _is_verb(word: str, before: str, after: str) -> bool | None:
    """Whether a word is surely a finite verb, or perhaps; None where it is none."""
    lower, last = word.lower().replace("’", "'"), before.lower().replace("’", "'")
    if lower in _forms("auxiliary") or _CONTRACTED.fullmatch(lower):
        return None if word in ("May", "Will") else True
    if last == "than" and lower in _forms("intransitive"):
        return True  # "more than doubled"
    if last in ("this", "that") and lower in _present() and after in _forms("after_verbs"):
        return True
    if before[:1].isupper() and last.endswith("'s") and lower in _forms("no_participle"):
        return True  # "Israel's took in twice as much"
    if word[0].isupper() or last in _forms("before_nouns") or last.endswith("'s"):
        return None
    if lower in _present():
        if lower not in _forms("nouns") or last in _forms("pronouns"):
            return True
        if before in _adjectives() or before == "AI":
            return None
        told = after in _forms("after_verbs") or after[:1].isdigit()
        return (
            False if told or before[:1].isupper() or (before and after and after not in _forms("after_nouns")) else None
        )
    if lower in _forms("past"):
        return lower in _forms("no_participle") or after not in _forms("after_participles")
    if lower in _regular_past():
        if not last:
            return False if after and after not in _forms("after_participles") else None
        return None if last in _BEFORE_A_PARTICIPLE else _is_past(lower, after)
    if last and _PAST.fullmatch(lower) and last not in _BEFORE_A_PARTICIPLE:
        return False if before[:1].isupper() or _is_plural(last) else None
    if lower in _forms("base"):
        return True if lower in _forms("linking") or _is_plural(last) else None
    return None


def _is_past(word: str, after: str) -> bool:
    """Whether a form in -ed is surely a past: "the sum announced in Paris" has a participle."""
    return word in _forms("intransitive") or after not in _forms("after_participles")


def _is_plural(word: str) -> bool:
    return word in _forms("pronouns") or (
        word.endswith("s") and not word.endswith(("ss", "us", "is", "has", "was", "does"))
    )


@lru_cache(maxsize=1)
def _adjectives() -> frozenset[str]:
    """Adjectives of countries, behind which a form that may be a noun is one: "Chilean exports"."""
    return frozenset(word for words in lexicon("actors")["demonyms"].values() for word in words)


_PAST = re.compile(r"(?!indeed|hundred|need|speed|exceed|proceed|succeed|agreed|named|based|called)[a-z]{3,}ed")
_CONTRACTED = re.compile(r"(?:it|that|he|she|they|we|there|what|who|i)'(?:s|re|ve|ll|d)")
_BEFORE_A_PARTICIPLE = ("been", "being", "be", "is", "are", "was", "were", "have", "has", "had")

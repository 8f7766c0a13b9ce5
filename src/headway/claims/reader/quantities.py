"""Quantities of the catalogue that a clause speaks of, each with how well its words are explained by it.

A quantity is found by facets: every one of them must have a word in the clause, or in what stands before it. A word of
the clause that neither the quantity, nor a relation, nor common speech explains may narrow the quantity, so it counts
against the match: "papers by women" are no papers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from headway.claims.reader.words import lexicon, relation
from headway.evidence.catalogue import indicators

FROM_BEFORE, FROM_SENTENCE = 0.7, 0.9
"""Factors on a match whose facet stands in the statement before, or elsewhere in the sentence."""

_AI_UNSAID = 0.85
"""Factor where the clause leaves out that AI is meant, of which the text speaks anyway."""

_LEAST_MATCH = 0.45
_LACKING = 0.8
_UNEXPLAINED = 0.75
"""Weight of a word that nothing explains, beside one that names the quantity."""


@dataclass(frozen=True, slots=True)
class MatchedQuantity:
    """A quantity that a clause speaks of.

    Attributes:
        entry: its entry in `lexicon/quantities.toml`, with its slug.
        score: how well it explains the clause, 0 to 1.
        words: words of the clause that name it.
        proxy: what the indicator measures in place of what is said; empty where it measures that itself.
        either: what the clause leaves open and the indicator settles; empty for nothing.
        unexplained: words of the clause that neither it nor common speech explains.
    """

    entry: Mapping[str, Any]
    score: float
    words: tuple[str, ...]
    proxy: str = ""
    either: str = ""
    unexplained: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        return str(self.entry["slug"])


@dataclass(frozen=True, slots=True)
class _Pattern:
    entry: Mapping[str, Any]
    facets: tuple[re.Pattern[str], ...]
    also: re.Pattern[str] | None
    refuses: re.Pattern[str] | None
    lacks: re.Pattern[str] | None
    narrower: re.Pattern[str] | None


def matched_quantities(clause: str, sentence: str = "", before: str = "") -> tuple[MatchedQuantity, ...]:
    """Quantities that `clause` speaks of, the best first.

    Args:
        clause: text with its countries, amounts and dates blanked.
        sentence: the rest of its sentence, likewise.
        before: the statement before, for a clause that goes on about it.
    """
    found = [one for one in (_match(pattern, clause, sentence, before) for pattern in _patterns()) if one is not None]
    return tuple(sorted(found, key=lambda one: (-one.score, -len(one.entry["facets"]))))


def _match(pattern: _Pattern, clause: str, sentence: str, before: str) -> MatchedQuantity | None:
    named: list[str] = []
    factor, seen = 1.0, clause
    for facet in pattern.facets:
        here = [match[0] for match in facet.finditer(clause)]
        if here:
            named += here
        elif pattern.entry.get("by_name") or pattern.entry.get("named"):
            return None
        elif facet.search(sentence):
            factor, seen = min(factor, FROM_SENTENCE), f"{clause} {sentence}"
        elif facet.search(before):
            factor, seen = min(factor, FROM_BEFORE), f"{clause} {before}"
        elif facet.search("AI"):
            factor *= _AI_UNSAID
        else:
            return None
    if pattern.refuses is not None and pattern.refuses.search(seen):
        return None
    proxy = ""
    if pattern.narrower is not None and pattern.narrower.search(f"{clause} {'' if named else sentence}"):
        proxy = str(pattern.entry["narrower"]["note"])
    if pattern.lacks is not None and pattern.lacks.search(f"{clause} {sentence} {before}") is None:
        proxy = str(pattern.entry["lacks"]["note"])
    unexplained = unexplained_words(clause, pattern)
    known = sum(len(words.split()) for words in dict.fromkeys(word.lower() for word in named)) or 1
    share = known / (known + _UNEXPLAINED * len(unexplained))
    score = factor * share * (_LACKING if proxy else 1.0)
    if score < _LEAST_MATCH or (not named and unexplained):
        return None
    open_point = pattern.entry.get("either", {})
    told = not open_point or _whole_words(str(open_point["unless"])).search(f"{clause} {sentence}")
    either = "" if told else str(open_point["note"])
    return MatchedQuantity(pattern.entry, round(score, 2), tuple(named), proxy, either, unexplained)


def unexplained_words(clause: str, pattern: _Pattern | None = None) -> tuple[str, ...]:
    """Words of a clause that neither common speech nor the quantity explains."""
    text = relation("per_head").sub(" ", clause)
    for one in (*pattern.facets, pattern.also, pattern.narrower) if pattern is not None else ():
        if one is not None:
            text = one.sub(" ", text)
    words = re.findall(r"(?<![\w.])[^\W\d_][\w&’']*", text)
    return tuple(word for word in words if not is_plain(re.sub(r"[’']s?$", "", word.lower())))


def is_plain(word: str) -> bool:
    """Whether a word, in lower case, says nothing of what is measured."""
    return len(word) < 2 or word in _plain() or word.endswith("ly") or word in ("usd", "eur", "gbp")


@lru_cache(maxsize=1)
def _plain() -> frozenset[str]:
    units = lexicon("units")
    words = [*str(lexicon("quantities")["plain"]["words"]).split(), *units["months"]["names"]]
    for table in ("scale", "words", "ordinals", "fractions", "multiples", "currency_words"):
        words += units[table]
    return frozenset(part for word in words for form in (word, f"{word}s") for part in form.lower().split())


@lru_cache(maxsize=1)
def _patterns() -> tuple[_Pattern, ...]:
    """Patterns of the entries of the file, then those of the other indicators by the words of their names."""
    entries = {slug: entry for slug, entry in lexicon("quantities").items() if slug != "plain"}
    return tuple(
        _Pattern(
            {**entry, "slug": slug},
            tuple(_whole_words(facet) for facet in entry["facets"]),
            _optional(entry.get("also")),
            _optional(entry.get("refuses")),
            _optional(entry.get("lacks", {}).get("words")),
            _optional(entry.get("narrower", {}).get("words")),
        )
        for slug, entry in {**dict(_named_indicators(entries)), **entries}.items()
    )


def quantity_entry(slug: str) -> Mapping[str, Any] | None:
    """Entry of a quantity that a clause may speak of; None where there is none."""
    return next((pattern.entry for pattern in _patterns() if pattern.entry["slug"] == slug), None)


_NO_FACET = frozenset({"and", "of", "in", "the", "who", "that", "by", "any", "field", "ai", "known"})
_UNITS = (("USD", "USD"), ("%", "percent"), ("persons", "people"), ("articles", "count"), ("TWh", "TWh"))


def _named_indicators(entries: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Entries of indicators that the file does not hold, with the words of their names as facets."""
    names = {indicators()[slug].name for slug in entries}
    for slug, one in indicators().items():
        words = [word for word in re.findall(r"[\w-]+", one.name.lower()) if word not in _NO_FACET]
        whole = re.match(r"% of (?:\w+ )*(\w+)$", one.unit)
        if whole is not None:
            words.append(whole[1].lower())
        if one.name in names or len(set(words)) < 2 or "," in one.name:
            continue
        unit = next((mine for theirs, mine in _UNITS if one.unit.startswith(theirs)), "")
        yield (
            slug,
            {
                "topic": one.domain,
                "facets": [_stem(word) for word in dict.fromkeys(words)],
                "units": {unit: one.unit if unit == "percent" else one.unit.split()[0]} if unit else {},
                "absolute": one.unit.startswith(("standard", "log10", "ECI")),
                "norank": True,
                "by_name": True,
            },
        )


def _stem(word: str) -> str:
    return re.escape(word) if len(word) < 5 else re.escape(re.sub(r"(?:s|ing|ed|al)$", "", word)) + r"\w*"


def _whole_words(body: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{body})(?!\w)", re.IGNORECASE)


def _optional(body: str | None) -> re.Pattern[str] | None:
    return _whole_words(body) if body else None

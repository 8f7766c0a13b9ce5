"""Which topic of the catalogue a sentence speaks of, and how surely."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from headway.claims.reading.words import lexicon

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

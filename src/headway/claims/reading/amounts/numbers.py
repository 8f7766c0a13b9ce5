"""Numbers themselves: digits, words, powers of ten, and the scales that multiply them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from headway.claims.reading.words import lexicon

_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_LEADS = ("From", "Over", "Some", "About", "Only", "Nearly", "Almost", "Around", "Just", "These", "Those", "Roughly",
          "The", "Than", "Another", "With", "Its", "Their", "Under", "Below", "Above", "Between", "Exactly", "Fully",
          "Barely", "Perhaps", "Likely", "Another", "Every", "For", "After", "Since", "And", "But", "Now")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Amount:
    """`value` in `unit` (an ISO currency, percent, times, rank, months, GPUs, people …) and where it stands."""

    value: float
    unit: str
    start: int
    end: int


@lru_cache(maxsize=1)
def units() -> Mapping[str, Any]:
    """The tables of the units' file."""
    return lexicon("units")


def one_of(words: Iterable[str]) -> str:
    """Alternatives for a pattern, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@lru_cache(maxsize=1)
def number() -> str:
    """A pattern (without groups) for a number in digits or words."""
    words = one_of(word for word in units()["words"] if word not in ("hundred", "zero"))
    spelled = rf"(?:(?:{_TENS})-(?:{_ONES})|{words}|an?(?= (?:hundred|thousand|million|billion|trillion)))"
    power = r"10\s?\^\s?\d+|10\*\*\d+|\d+(?:\.\d+)?e\+?\d+|\d+(?:\.\d+)?\s?[x×]\s?10\^?\d+"
    digits = r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    return rf"(?:{power}|{digits}|{spelled})"


@lru_cache(maxsize=1)
def scale() -> str:
    """A pattern (without groups) for what may multiply a number: million, bn, crore, or nothing."""
    words = one_of(units()["scale"])
    return rf"(?:(?:[\s-]|(?<=\d))(?:{words}|[mbk](?!\w))(?:[\s-](?:{words}))?)?"


@lru_cache(maxsize=1)
def not_a_name() -> str:
    """Look-behind that keeps out numbers of products, standards and lists: Grok 4, GPT-5, Section 232, No. 5."""
    after_name = "".join(rf"(?<!\b[A-Z][a-z]{{{length}}} )" for length in range(2, 10))
    leads = "|".join(rf"(?<=\b{word} )" for word in dict.fromkeys(_LEADS))
    return rf"(?-i:(?:{leads}|{after_name})(?<!No\. )(?<!No )(?<!such as )(?<!age )(?<!aged )(?<!\^)(?<![A-Z]-))"


def value_of(text: str, scale_words: str = "") -> float:
    """The plain number behind "1,040", "5e26", "10^24", "twenty-five" or "a", times its scale words.

    Raises:
        ValueError: not a number.
    """
    base = _plain(text.strip().lower().replace(" ", ""))
    for word in re.split(r"[\s-]+", scale_words.strip().lower()):
        base *= {"m": 1e6, "b": 1e9, "k": 1e3}.get(word) or float(units()["scale"].get(word, 1.0))
    return float(f"{base:.12g}")


def _plain(text: str) -> float:
    words = units()["words"]
    if text in ("a", "an"):
        return 1.0
    if text in words:
        return float(words[text])
    if "-" in text and all(part in words for part in text.split("-")):
        return float(sum(words[part] for part in text.split("-")))
    if match := re.fullmatch(r"10(?:\^|\*\*)(\d+)", text):
        return float(10.0 ** min(int(match[1]), 300))
    if match := re.fullmatch(r"(\d+(?:\.\d+)?)[x×]10\^?(\d+)", text):
        return float(match[1]) * 10.0 ** min(int(match[2]), 300)
    return float(text.replace(",", ""))

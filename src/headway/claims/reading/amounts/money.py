"""Sums of money, with their currency."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headway.claims.reading.amounts.numbers import Amount, number, one_of, scale, units, value_of

_OTHER_DOLLARS = {"canadian": "CAD", "australian": "AUD", "singapore": "SGD"}
_ADJECTIVES = "US|U.S.|Canadian|Australian|Singapore|Russian|Chinese|Indian|Korean|Japanese|Brazilian"


def money(sentence: str) -> Iterator[Amount]:
    """$1.2bn, 27 billion euros, Rs 10,372 crore, $60-70 billion."""
    signs = units()["currency_signs"]
    sign, one = one_of(signs), rf"(?P<number>{number()})(?P<scale>{scale()})"
    between = rf"(?P<sign>{sign})\s?{one}\s?(?:[–-]|to|and)\s?(?:{sign})?(?P<second>{number()})(?P<scale2>{scale()})"
    for match in re.finditer(between, sentence):
        unit, middle = signs[match["sign"]], match.start("second")
        yield Amount(value_of(match["number"], match["scale"] or match["scale2"]), unit, match.start(), middle - 1)
        yield Amount(value_of(match["second"], match["scale2"]), unit, middle, match.end())
    for match in re.finditer(rf"(?<![A-Za-z])(?P<sign>{sign})\s?{one}", sentence):
        yield Amount(value_of(match["number"], match["scale"]), signs[match["sign"]], *match.span())
    yield from _in_words(sentence)


def _in_words(sentence: str) -> Iterator[Amount]:
    names = units()["currency_words"]
    adjectives = "|".join(re.escape(word) for word in _ADJECTIVES.split("|"))
    ending = rf"(?:(?:{adjectives}) )?(?P<word>{one_of(names)})s?(?!\w)"
    both = rf"\bbetween (?P<number>{number()})(?P<scale>{scale()}) and (?:{number()})(?P<scale2>{scale()})[\s-]{ending}"
    for match in re.finditer(both, sentence, re.IGNORECASE):
        unit = names.get(match["word"]) or names.get(match["word"].lower()) or ""
        yield Amount(value_of(match["number"], match["scale"] or match["scale2"]), unit, *match.span("number"))
    shape = (
        rf"(?<![\w.,])(?P<number>{number()})(?P<scale>{scale()})[\s-](?:(?P<which>{adjectives}) )?"
        rf"(?P<word>{one_of(names)})s?(?!\w)"
    )
    for match in re.finditer(shape, sentence, re.IGNORECASE):
        word = match["word"]
        unit = names.get(word) or names.get(word.lower()) or names.get(word.upper()) or ""
        if unit == "USD":
            unit = _OTHER_DOLLARS.get((match["which"] or "").lower(), unit)
        yield Amount(value_of(match["number"], match["scale"]), unit, *match.span())

"""Amounts relative to something: shares, multiples and ranks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headway.claims.reading.amounts.numbers import Amount, number, one_of, scale, units, value_of

_LEAST = {"tens": 10.0, "dozens": 24.0, "scores": 40.0, "hundreds": 100.0, "thousands": 1000.0}


def shares(sentence: str) -> Iterator[Amount]:
    """Nine in ten, a third of, two-thirds, half, halved: in percent."""
    for match in re.finditer(
        rf"\b(?P<part>{number()}) (?:in|out of)(?: every)? (?P<whole>a (?:hundred|thousand)|{number()})\b(?! \d)",
        sentence,
        re.IGNORECASE,
    ):
        part, whole = value_of(match["part"]), _whole(match["whole"])
        if 0 < part <= whole <= 1000 and part < 1000:
            yield Amount(round(100 * part / whole, 3), "percent", *match.span())
    yield from _fractions(sentence)
    for match in re.finditer(r"\bhalv(?:ed|es|ing)\b", sentence, re.IGNORECASE):
        yield Amount(50.0, "percent", *match.span())


def _whole(text: str) -> float:
    return {"a hundred": 100.0, "a thousand": 1000.0}.get(text.lower()) or value_of(text)


def _fractions(sentence: str) -> Iterator[Amount]:
    table = units()["fractions"]
    shape = (
        r"\b(?:(?P<count>one|two|three|four)[- ]|(?P<lead>a|an|one|the|nearly|almost|about|by|over|than) )?"
        rf"(?P<part>{one_of(table)})(?= of\b| its\b| the\b| that\b| to [€$£]| after\b| since\b| in (?:19|20)"
        r"| between|[.,])"
    )
    for match in re.finditer(shape, sentence, re.IGNORECASE):
        word, lead = match["part"].lower(), (match["lead"] or "").lower()
        ordinary = word in units()["ordinals"] or word in ("quarter", "hundredth", "thousandth")
        if ordinary and lead not in ("a", "an", "one") and not match["count"]:
            continue  # "the third of May", "third in the world"
        before = sentence[: match.start("part")]
        if word == "half" and re.search(r"\b(?:and a|second|first|other)\s*$", before, re.IGNORECASE):
            continue
        times = value_of(match["count"]) if match["count"] else 1.0
        start = match.start("part") if lead in ("than", "over", "nearly", "almost", "about", "by") else match.start()
        yield Amount(round(times * table[word], 3), "percent", start, match.end())


def multiples(sentence: str) -> Iterator[Amount]:
    """Twice, doubled, tenfold, 12 times, by a factor of 2.4, two orders of magnitude, tens of times."""
    table, one = units()["multiples"], rf"(?P<number>{number()})"
    for match in re.finditer(rf"\b(?P<word>{one_of(table)})\b", sentence, re.IGNORECASE):
        yield Amount(float(table[match["word"].lower()]), "times", *match.span())
    for match in re.finditer(rf"\b{one}(?P<scale>{scale()})[- ]?(?:times|fold|x)\b", sentence, re.IGNORECASE):
        yield Amount(value_of(match["number"], match["scale"]), "times", *match.span())
    for match in re.finditer(rf"\bfactor of (?:about |roughly |some )?{one}", sentence, re.IGNORECASE):
        yield Amount(value_of(match["number"]), "times", *match.span())
    for match in re.finditer(rf"\b(?P<number>{number()}|an) orders? of magnitude", sentence, re.IGNORECASE):
        yield Amount(10.0 ** min(value_of(match["number"]), 30.0), "times", *match.span())
    for match in re.finditer(rf"\b(?P<word>{'|'.join(_LEAST)}) of times\b", sentence, re.IGNORECASE):
        yield Amount(_LEAST[match["word"].lower()], "times", *match.span())


def ranks(sentence: str) -> Iterator[Amount]:
    """Ranks third, fell from 19th to 84th place, top five, among the ten largest, climbed 20 places."""
    ordinal = rf"(?:{one_of(units()['ordinals'])}|\d{{1,3}}(?:st|nd|rd|th))"
    verbs = (
        "rank(?:s|ed|ing)?|placed?|comes?|came|stands?|stood|finish(?:ed|es)|fell|rose|climbed|dropped|slipped|moved"
    )
    moved = (
        rf"\b(?:{verbs}) (?:as |only |just |a |an )?(?:[a-z]+ )?(?:up |down )?(?:the |in |to |from )?(?P<one>{ordinal})"
        rf"(?: to (?P<two>{ordinal}))?\b"
    )
    for match in re.finditer(moved, sentence, re.IGNORECASE):
        for group in ("one", "two"):
            if match[group]:
                yield Amount(_ordinal(match[group]), "rank", *match.span(group))
    for match in re.finditer(r"\b(?P<one>\d{1,3}(?:st|nd|rd|th)) (?:out )?of \d+\b", sentence, re.IGNORECASE):
        yield Amount(_ordinal(match["one"]), "rank", *match.span("one"))
    after = (
        r"(?:[\s-](?:place|in the world|worldwide|globally|highest|largest|biggest|lowest|best|most|strongest|fastest|"
        r"in (?:Europe|Asia|Africa)|among|AI power|for the|in (?:AI|the (?:ranking|table|list))|of \d+)|$)"
    )
    for match in re.finditer(rf"\b(?P<the>the |its )?(?P<one>{ordinal}){after}", sentence, re.IGNORECASE):
        if match["the"] or not re.search(r"\b(?:a|one|two)[- ]?$", sentence[: match.start("one")]):
            yield Amount(_ordinal(match["one"]), "rank", *match.span("one"))
    best = r"(?:largest|biggest|leading|most|best|strongest|fastest|richest|top|highest|first)"
    for shape in (
        rf"\btop[- ](?P<one>{number()})\b(?! ?(?:percent|%|per cent))",
        rf"\b(?:among|of|in|one of) the (?:world['’]s )?(?P<one>{number()}) {best}\b",
        rf"\b(?P<one>{number()}) places? (?:in|up|down|lower|higher|since)",
    ):
        for match in re.finditer(shape, sentence, re.IGNORECASE):
            yield Amount(value_of(match["one"]), "rank", *match.span("one"))


def _ordinal(text: str) -> float:
    word, table = text.lower(), units()["ordinals"]
    return float(table[word]) if word in table else float(re.sub(r"\D", "", word))

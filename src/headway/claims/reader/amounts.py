"""Amounts in a sentence: money, counts, measures, durations, shares, multiples and ranks, each with its unit.

Finders are asked in a fixed order; text that one has taken is not offered to later ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from headway.claims.reader.words import alternation, number, scale, units

_SENTENCE_OPENERS = (
          "From", "Over", "Some", "About", "Only", "Nearly", "Almost", "Around", "Just", "These", "Those", "Roughly",
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
def not_after_name() -> str:
    """Look-behind that keeps out numbers of products, standards and lists: Grok 4, GPT-5, Section 232, No. 5."""
    after_name = "".join(rf"(?<!\b[A-Z][a-z]{{{length}}} )" for length in range(2, 10))
    leads = "|".join(rf"(?<=\b{word} )" for word in dict.fromkeys(_SENTENCE_OPENERS))
    return rf"(?-i:(?:{leads}|{after_name})(?<!No\. )(?<!No )(?<!such as )(?<!age )(?<!aged )(?<!\^)(?<![A-Z]-))"


def value_of(text: str, scale_words: str = "") -> float:
    """The plain number behind "1,040", "5e26", "10^24", "twenty-five" or "a", times its scale words.

    Raises:
        ValueError: not a number.
    """
    base = _plain(text.strip().lower())
    for word in re.split(r"[\s-]+", scale_words.strip().lower()):
        base *= {"m": 1e6, "b": 1e9, "k": 1e3}.get(word) or float(units()["scale"].get(word, 1.0))
    return float(f"{base:.12g}")


def _plain(text: str) -> float:
    words = units()["words"]
    if text.endswith(" and a half"):
        return _plain(text.removesuffix(" and a half")) + 0.5
    if " and " in text:  # a hundred and nine
        hundreds, rest = text.split("hundred and ")
        return 100.0 * _plain(hundreds.strip().replace("the", "a") or "a") + _plain(rest)
    text = text.replace(" ", "")
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


_OTHER_DOLLARS = {"canadian": "CAD", "australian": "AUD", "singapore": "SGD"}
_ADJECTIVES = "US|U.S.|Canadian|Australian|Singapore|Russian|Chinese|Indian|Korean|Japanese|Brazilian"


def money(sentence: str) -> Iterator[Amount]:
    """Amounts of money: $1.2bn, 27 billion euros, Rs 10,372 crore, $60-70 billion."""
    signs = units()["currency_signs"]
    sign, one = alternation(signs), rf"(?P<number>{number()})(?P<scale>{scale()})"
    between = rf"(?P<sign>{sign})\s?{one}\s?(?:[–-]|to|and)\s?(?:{sign})?(?P<second>{number()})(?P<scale2>{scale()})"
    for match in re.finditer(between, sentence):
        unit, middle = signs[match["sign"]], match.start("second")
        yield Amount(value_of(match["number"], match["scale"] or match["scale2"]), unit, match.start(), middle - 1)
        yield Amount(value_of(match["second"], match["scale2"]), unit, middle, match.end())
    for match in re.finditer(rf"(?<![A-Za-z])(?P<sign>{sign})\s?{one}", sentence):
        yield Amount(value_of(match["number"], match["scale"]), signs[match["sign"]], *match.span())
    yield from _in_words(sentence)


def _entry(table: Mapping[str, Any], word: str) -> Any:
    """Entry of a word as it is written, else in lower case; None where there is none."""
    return table.get(word) or table.get(word.lower())


def _in_words(sentence: str) -> Iterator[Amount]:
    names = units()["currency_words"]
    adjectives = "|".join(re.escape(word) for word in _ADJECTIVES.split("|"))
    ending = rf"(?:(?:{adjectives}) )?(?P<word>{alternation(names)})s?(?!\w)"
    both = rf"\bbetween (?P<number>{number()})(?P<scale>{scale()}) and (?:{number()})(?P<scale2>{scale()})[\s-]{ending}"
    for match in re.finditer(both, sentence, re.IGNORECASE):
        unit = _entry(names, match["word"]) or ""
        yield Amount(value_of(match["number"], match["scale"] or match["scale2"]), unit, *match.span("number"))
    shape = (
        rf"(?<![\w.,])(?P<number>{number()})(?P<scale>{scale()})(?:[\s-]|s of )(?:(?P<which>{adjectives}) )?"
        rf"(?P<word>{alternation(names)})s?(?!\w)"
    )
    for match in re.finditer(shape, sentence, re.IGNORECASE):
        word = match["word"]
        unit = _entry(names, word) or names.get(word.upper()) or ""
        if unit == "USD":
            unit = _OTHER_DOLLARS.get((match["which"] or "").lower(), unit)
        yield Amount(value_of(match["number"], match["scale"]), unit, *match.span())


_TIGHT = frozenset({"percent", "months", "years", "weeks", "days", "MW", "points"})  # nothing stands before these


def durations(sentence: str) -> Iterator[Amount]:
    """Durations without a number: a year and a half, less than a year, a decade ago."""
    table = units()["units"]
    half = rf"\b(?P<number>a|an|{number()}) (?P<unit>year|decade)s? and a half\b"
    for match in re.finditer(half, sentence, re.IGNORECASE):
        months = 12 if match["unit"].lower() == "year" else 120
        yield Amount((value_of(match["number"]) + 0.5) * months, "months", *match.span())
    for match in re.finditer(r"\bhalf an? (?P<unit>year|decade)\b", sentence, re.IGNORECASE):
        yield Amount(6.0 if match["unit"].lower() == "year" else 60.0, "months", *match.span())
    for shape in (
        r"(?<=\b(?:less|more) than )an? (?P<unit>month|year|decade)\b",
        r"\b(?:a|one) (?P<unit>month|year|decade) (?:behind|ahead|ago|later|earlier|or (?:more|so))\b",
    ):
        for match in re.finditer(shape, sentence, re.IGNORECASE):
            unit, factor = table[match["unit"].lower()]
            yield Amount(float(factor), unit, *match.span())


def durations_after_and(sentence: str) -> Iterator[Amount]:
    """Durations after "and" whose unit follows their number at once, so that "one and two years" are two."""
    table = {
        word: entry for word, entry in units()["units"].items() if entry[0] in ("years", "months", "weeks", "days")
    }
    shape = (
        rf"\band (?P<number>{number()})(?P<scale>{scale()})[\s-](?P<unit>{alternation(table)})s?(?!\w)(?! and a half)"
    )
    for match in re.finditer(shape, sentence, re.IGNORECASE):
        unit, factor = table[match["unit"].lower()]
        yield Amount(value_of(match["number"], match["scale"]) * factor, unit, match.start("number"), match.end())


_POWER_OF = re.compile(r"\b(?:equivalent|power|capacity|performance) of (?:\w+ ){0,3}$", re.IGNORECASE)


def measures(sentence: str) -> Iterator[Amount]:
    """Numbers with a unit of the table: 9,000 GPUs, five-gigawatt, 13.5 percent, 20,000 data and AI specialists."""
    table = units()["units"]
    words = r"(?:(?!(?:than|to|in|of|by|from|for|or)\b)[\w’'-]+ ){0,3}?"
    shape = (
        rf"(?<![\w.,/]){not_after_name()}(?P<number>{number()})(?P<scale>{scale()})"
        rf"(?:-odd|-plus|\+)?(?P<gap>\s?|-|\s{words})(?P<unit>{alternation(table)})(?:s|es)?(?!\w)(?! and a half)"
    )
    for match in re.finditer(shape, sentence, re.IGNORECASE):
        word, between = match["unit"], match["gap"].strip(" -")
        unit, factor = _entry(table, word) or table[word.upper()]
        if unit == "points" and match["number"].lower() == "one":
            continue  # "at one point"
        if between and (unit == "times" or unit in _TIGHT):
            continue
        if word.upper() == "H100" and _POWER_OF.search(sentence[: match.start()]):
            unit = "H100e"  # the power of so many, whatever stands there
        yield Amount(value_of(match["number"], match["scale"]) * factor, unit, *match.span())


def halves_of_large_numbers(sentence: str) -> Iterator[Amount]:
    """Parts of large numbers: half a million students, a quarter of a billion euros."""
    table = {**units()["units"], **{word: [code, 1] for word, code in units()["currency_words"].items()}}
    shape = (
        rf"\b(?P<part>half|a quarter of) an? (?P<scale>{alternation(units()['scale'])})"
        rf"(?:\s(?:[\w’'-]+ ){{0,2}}?(?P<unit>{alternation(table)})s?)?(?!\w)"
    )
    for match in re.finditer(shape, sentence, re.IGNORECASE):
        word = match["unit"] or ""
        unit, factor = _entry(table, word) or ("count", 1)
        share = 0.5 if match["part"].lower() == "half" else 0.25
        yield Amount(share * float(units()["scale"][match["scale"].lower()]) * factor, unit, *match.span())


def ranges(sentence: str) -> Iterator[Amount]:
    """The first number of "10 to 40 percent": it takes the unit of the second."""
    table = units()["units"]
    shape = (
        rf"(?<![\w.,/$€£])(?P<first>{number()})(?P<scale>{scale()})(?: ?(?:to|and|or) |\s?[–-]\s?)(?:about |roughly )?"
        rf"(?P<second>{number()})(?P<scale2>{scale()})[\s-]?(?:\w+ )?(?P<unit>{alternation(table)})s?(?!\w)"
    )
    for match in re.finditer(shape, sentence, re.IGNORECASE):
        unit, factor = _entry(table, match["unit"]) or ("", 1)
        if match["scale"].strip().lower() == "hundred" or re.search(r"ty-$", sentence[: match.start("second")].lower()):
            continue  # one number: "a hundred and twelve", "twenty-five"
        if unit and unit != "times":
            value = value_of(match["first"], match["scale"] or match["scale2"])
            yield Amount(value * factor, unit, *match.span("first"))


def second_levels(sentence: str) -> Iterator[Amount]:
    """The second number of "from 13 per cent in 2023 to under one": it has the unit of the first."""
    table = units()["units"]
    shape = (
        rf"\bfrom (?:\w+ ){{0,2}}(?:{number()})(?:{scale()})[\s-]?(?P<unit>{alternation(table)})s?(?!\w)[^,;.]{{0,30}}?"
        rf"\bto (?:\w+ ){{0,3}}?(?P<second>{number()})(?P<scale>{scale()})(?=[,.;]|$| in\b| by\b| last\b)(?!\.\d)"
    )
    for match in re.finditer(shape, sentence, re.IGNORECASE):
        unit, factor = _entry(table, match["unit"])
        yield Amount(
            value_of(match["second"], match["scale"]) * factor, unit, match.start("second"), match.end("scale")
        )


def percentages(sentence: str) -> Iterator[Amount]:
    """Percentages, also after a name, where other numbers would belong to the name: "China 2.6 percent"."""
    shape = rf"(?<![\w.,/-])(?P<number>{number()})(?:\s?%|[ -]per ?cent\b)(?! point)"
    for match in re.finditer(shape, sentence, re.IGNORECASE):
        yield Amount(value_of(match["number"]), "percent", *match.span())


def _number_of(sentence: str) -> Iterator[str]:
    """Units counted by phrases such as "the number of AI researchers"."""
    table = units()["units"]
    shape = rf"\b(?:number|count|pool|total|stock|tally) of (?:[\w’'-]+ ){{0,3}}?(?P<unit>{alternation(table)})s\b"
    for match in re.finditer(shape, sentence, re.IGNORECASE):
        yield str((table.get(match["unit"].lower()) or ("count", 1))[0])


_YEAR = re.compile(r"(?:19|20)\d\d(?![\d,.])")


def bare_numbers(sentence: str) -> Iterator[Amount]:
    """Numbers without a unit of the table that count something: of the kind just counted, or of a plural noun."""
    cue = (
        r"(?:more than|fewer than|less than|at least|up to|over|some|about|roughly|nearly|from|to|of|than|only|into|"
        r"against|and|with|exceeds?|exceeded|reached|totall?ed|numbers?|numbered|have|has|had|is|was|at) "
    )
    shape = (
        rf"(?P<cue>\b{cue})?(?<![\w.,/-]){not_after_name()}(?P<number>{number()})(?P<scale>{scale()})"
        r"(?![\w%]|[.,]\d|-\w|’|')(?P<noun>\s(?:[\w-]+ ){0,2}?[a-z]+s\b)?"
    )
    counted = (amount for amount in measures(sentence) if not _YEAR.match(sentence, amount.start))
    kinds = [amount.unit for amount in counted if amount.unit in ("GPUs", "people", "models")]
    kinds += [unit for unit in _number_of(sentence) if unit in ("GPUs", "people", "models")]
    for match in re.finditer(shape, sentence, re.IGNORECASE):
        value, spelled = value_of(match["number"], match["scale"]), not match["number"][0].isdigit()
        of_the_kind = bool(kinds) and sentence[match.end("scale") :].startswith(" from ")
        if spelled and value < 10 and not match["scale"] and not of_the_kind:
            continue  # "two of them", "one reason"
        moved = _MOVED.match(sentence, match.end("scale")) is not None
        if (
            not match["noun"]
            and not moved
            and (not match["cue"] or (spelled and not match["scale"] and not of_the_kind))
        ):
            continue
        yield Amount(value, kinds[0] if kinds else "count", match.start("number"), match.end("scale"))


_MOVED = re.compile(r" (?:scholars |people |of them )?(?:left|leave|went|go|moved|move|came|come|arrived|arrive)\b")
_LEAST = {"tens": 10.0, "dozens": 24.0, "scores": 40.0, "hundreds": 100.0, "thousands": 1000.0}


def shares(sentence: str) -> Iterator[Amount]:
    """Shares in percent: nine in ten, a third of, two-thirds, half, halved."""
    for match in re.finditer(
        rf"\b(?P<part>{number()}) (?:in|out of)(?: every)? (?P<whole>a (?:hundred|thousand)|{number()})\b(?! \d)",
        sentence,
        re.IGNORECASE,
    ):
        part, whole = value_of(match["part"]), _whole(match["whole"])
        if 0 < part <= whole <= 1000 and part < 1000:
            yield Amount(round(100 * part / whole, 3), "percent", *match.span())
    for match in re.finditer(_ONE_NOUN_IN_TEN, sentence, re.IGNORECASE):
        part, whole = value_of(match["part"]), value_of(match["whole"])
        if 0 < part < whole <= 100:
            yield Amount(round(100 * part / whole, 3), "percent", *match.span())
    one_percent = (
        r"(?P<count>(?:two|three|four)[- ])?(?P<part>[a-z]+?)s? (?:of )?(?:a|one|1)[ -]?(?:%|per ?cent\b)(?! point)"
    )
    for match in re.finditer(rf"\b{one_percent}", sentence, re.IGNORECASE):
        if part := units()["fractions"].get(match["part"].lower()):
            times = value_of(match["count"].strip(" -")) if match["count"] else 1.0
            yield Amount(round(times * part / 100.0, 5), "percent", *match.span())
    for match in re.finditer(
        rf"\bevery (?P<part>{alternation(units()['ordinals'])})(?! (?:year|month|week|day|time|hour|quarter)s?\b)",
        sentence,
        re.IGNORECASE,
    ):
        part = 100.0 / float(units()["ordinals"][match["part"].lower()])
        yield Amount(round(part, 3), "percent", *match.span())
    yield from _fractions(sentence)
    for match in re.finditer(r"\bhalv(?:ed|es|ing)\b", sentence, re.IGNORECASE):
        yield Amount(50.0, "percent", *match.span())


_ONE_NOUN_IN_TEN = (  # "one enterprise in ten", and not "two models in five years"
    rf"\b(?P<part>{number()}) [a-z-]+ (?:in|out of)(?: every)? (?P<whole>{number()})"
    r"(?=[,.;]|$| (?:in|of|on|uses?|makes?|has|have|is|are|was|were|had|now|says?)\b)"
)


def _whole(text: str) -> float:
    return {"a hundred": 100.0, "a thousand": 1000.0}.get(text.lower()) or value_of(text)


def _fractions(sentence: str) -> Iterator[Amount]:
    table = units()["fractions"]
    shape = (
        r"\b(?:(?P<count>one|two|three|four)[- ]|(?P<lead>a|an|one|the|nearly|almost|about|by|over|than) )?"
        rf"(?P<part>{alternation(table)})(?= of\b| its\b| the\b| that\b| to [€$£]| after\b| since\b| in (?:19|20)"
        r"| between| more\b| less\b| fewer\b| higher\b| lower\b| larger\b| smaller\b| bigger\b| greater\b|[.,;]|$)"
    )
    by = (  # "fell by half from 2021", "by almost a third within a year"
        r"(?<=\bby )(?:about |roughly |nearly |almost |some |around |more than |over |well over )?"
        r"(?:(?P<count>one|two|three|four)[- ])?(?:(?P<lead>an?) )?"
        rf"(?P<part>{alternation(table)})(?! (?:part(?:y|ies)|countr(?:y|ies)|nations?|states?|times?|an?)\b)\b"
    )
    for match in (one for pattern in (shape, by) for one in re.finditer(pattern, sentence, re.IGNORECASE)):
        word, lead = match["part"].lower(), (match["lead"] or "").lower()
        ordinary = word in units()["ordinals"] or word in ("quarter", "hundredth", "thousandth")
        if ordinary and lead not in ("a", "an", "one") and not match["count"]:
            continue  # "the third of May", "third in the world"
        before = sentence[: match.start("part")]
        if word == "half" and re.search(r"\b(?:and a|second|first|other)\s*$", before, re.IGNORECASE):
            continue
        times = value_of(match["count"]) if match["count"] else 1.0
        article = "lead" if lead in ("a", "an", "one", "the") else "part"
        start = match.start("count" if match["count"] else article)
        yield Amount(round(times * table[word], 3), "percent", start, match.end())


def multiples(sentence: str) -> Iterator[Amount]:
    """Multiples: twice, doubled, tenfold, 12 times, by a factor of 2.4, two orders of magnitude, tens of times."""
    table, one = units()["multiples"], rf"(?P<number>{number()})"
    for match in re.finditer(rf"\b(?P<word>{alternation(table)})\b", sentence, re.IGNORECASE):
        yield Amount(float(table[match["word"].lower()]), "times", *match.span())
    for match in re.finditer(rf"\b{one}(?P<scale>{scale()})[- ]?(?:times|fold|x)\b", sentence, re.IGNORECASE):
        yield Amount(value_of(match["number"], match["scale"]), "times", *match.span())
    for match in re.finditer(
        r"\bhalf (?:again as (?:much|many|large|big|high)|as (?:much|many|large|big|high) again)\b",
        sentence,
        re.IGNORECASE,
    ):
        yield Amount(1.5, "times", *match.span())
    for match in re.finditer(
        r"\bhalf as (?:much|many|large|big|high|often|rich|populous|fast|strong|great|long|good)\b",
        sentence,
        re.IGNORECASE,
    ):
        yield Amount(0.5, "times", match.start(), match.start() + len("half"))
    for shape in (
        rf"\bfactor of (?:about |roughly |some )?{one}",
        rf"(?<=\bmultiplied by )(?:about |roughly |some |nearly |almost )?{one}",
        rf"(?<=\bmultiplied by more than ){one}",
        rf"\b{one} to (?:one|1)\b(?! [a-z]+s\b)",
    ):
        for match in re.finditer(shape, sentence, re.IGNORECASE):
            yield Amount(value_of(match["number"]), "times", *match.span())
    for match in re.finditer(rf"\b(?P<number>{number()}|an) orders? of magnitude", sentence, re.IGNORECASE):
        yield Amount(10.0 ** min(value_of(match["number"]), 30.0), "times", *match.span())
    for match in re.finditer(rf"\b(?P<word>{'|'.join(_LEAST)}) of times\b", sentence, re.IGNORECASE):
        yield Amount(_LEAST[match["word"].lower()], "times", *match.span())


def ranks(sentence: str) -> Iterator[Amount]:
    """Ranks: third, from 19th to 84th place, top five, among the ten largest, climbed 20 places."""
    ordinal = rf"(?:{alternation(units()['ordinals'])}|\d{{1,3}}(?:st|nd|rd|th))"
    verbs = (
        "rank(?:s|ed|ing)?|placed?|comes?|came|stands?|stood|finish(?:ed|es)|fell|rose|climbed|dropped|slipped|moved"
    )
    moved = (
        rf"\b(?:{verbs}) (?:as |only |just |a |an )?(?:[a-z]+ )?(?:up |down )?(?:the |in |to |from )?(?P<one>{ordinal})"
        rf"(?: to (?P<two>{ordinal}))?\b"
    )
    among = (
        rf"\b(?:among|in|of|within|into) the (?P<all>(?:first|top|leading|best|strongest) (?P<one>{number()}))\b"
        r"(?! ?(?:percent|%|per cent|years?|months?))"
    )
    for match in re.finditer(among, sentence, re.IGNORECASE):
        yield Amount(value_of(match["one"]), "rank", *match.span("all"))
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


_FINDERS: tuple[Callable[[str], Iterator[Amount]], ...] = (
    money,
    ranges,
    multiples,
    durations,
    halves_of_large_numbers,
    ranks,
    shares,
    durations_after_and,
    measures,
    percentages,
    second_levels,
    bare_numbers,
)


_NO_FIGURE = re.compile(  # which firms a survey counts, and of how many inhabitants each, is no figure of what is told
    r"\b(?:per|of (?:every|each|a)) (?:1,?000|100,?000|100|hundred|thousand|million)\b"
    r"(?: (?:people|inhabitants|persons|residents|citizens))?"
    r"|\bwith (?:at least |more than )?(?:ten|10|nine|9)(?: or more)? (?:employees|workers|staff|persons employed)\b",
    re.IGNORECASE,
)


def amounts(sentence: str, dates: Sequence[tuple[int, int]] = ()) -> tuple[Amount, ...]:
    """All amounts, in order; stretches of `dates` are left alone."""
    taken = [*dates, *(match.span() for match in _NO_FIGURE.finditer(sentence))]
    found: list[Amount] = []
    for finder in _FINDERS:
        for amount in finder(sentence):
            if amount.unit and not any(amount.start < end and start < amount.end for start, end in taken):
                found.append(amount)
                taken.append((amount.start, amount.end))
    return tuple(_with_shared_currency(sorted(found, key=lambda amount: amount.start)))


def _with_shared_currency(found: Sequence[Amount]) -> Iterator[Amount]:
    """ "1.2 billion dollars, against 109 billion": a large number without a unit takes the currency before it."""
    currency = ""
    for amount in found:
        if len(amount.unit) == 3 and amount.unit.isupper():
            currency = amount.unit
        yield replace(amount, unit=currency) if amount.unit == "count" and amount.value >= 1e8 and currency else amount

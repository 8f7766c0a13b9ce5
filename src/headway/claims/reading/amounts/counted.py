"""Counts and measures: a number and the noun or unit that it counts, and durations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from headway.claims.reading.amounts.numbers import Amount, not_a_name, number, one_of, scale, units, value_of

_TIGHT = frozenset({"percent", "months", "years", "weeks", "days", "MW", "points"})  # nothing stands before these


def durations(sentence: str) -> Iterator[Amount]:
    """A year and a half, less than a year, a decade ago."""
    table = units()["units"]
    half = rf"\b(?P<number>a|an|{number()}) (?P<unit>year|decade)s? and a half\b"
    for match in re.finditer(half, sentence, re.IGNORECASE):
        months = 12 if match["unit"].lower() == "year" else 120
        yield Amount((value_of(match["number"]) + 0.5) * months, "months", *match.span())
    for shape in (
        r"(?<=\b(?:less|more) than )an? (?P<unit>month|year|decade)\b",
        r"\b(?:a|one) (?P<unit>month|year|decade) (?:behind|ahead|ago|later|earlier|or (?:more|so))\b",
    ):
        for match in re.finditer(shape, sentence, re.IGNORECASE):
            unit, factor = table[match["unit"].lower()]
            yield Amount(float(factor), unit, *match.span())


def tight(sentence: str) -> Iterator[Amount]:
    """Two years, 13.5 percent: units that follow their number at once, so that "one and two years" are two."""
    table = {
        word: entry for word, entry in units()["units"].items() if entry[0] in ("years", "months", "weeks", "days")
    }
    shape = rf"\band (?P<number>{number()})(?P<scale>{scale()})[\s-](?P<unit>{one_of(table)})s?(?!\w)(?! and a half)"
    for match in re.finditer(shape, sentence, re.IGNORECASE):
        unit, factor = table[match["unit"].lower()]
        yield Amount(value_of(match["number"], match["scale"]) * factor, unit, match.start("number"), match.end())


def measured(sentence: str) -> Iterator[Amount]:
    """9,000 GPUs, five-gigawatt, 13.5 percent, more than 20,000 data and AI specialists."""
    table = units()["units"]
    words = r"(?:(?!(?:than|to|in|of|by|from|for|or)\b)[\w’'-]+ ){0,3}?"
    shape = (
        rf"(?<![\w.,/]){not_a_name()}(?P<number>{number()})(?P<scale>{scale()})"
        rf"(?P<gap>\s?|-|\s{words})(?P<unit>{one_of(table)})(?:s|es)?(?!\w)(?! and a half)"
    )
    for match in re.finditer(shape, sentence, re.IGNORECASE):
        word, between = match["unit"], match["gap"].strip(" -")
        unit, factor = table.get(word) or table.get(word.lower()) or table[word.upper()]
        if unit == "points" and match["number"].lower() == "one":
            continue  # "at one point"
        if between and (unit == "times" or unit in _TIGHT):
            continue
        yield Amount(value_of(match["number"], match["scale"]) * factor, unit, *match.span())


def halves(sentence: str) -> Iterator[Amount]:
    """Half a million students, a quarter of a billion."""
    table = units()["units"]
    shape = (
        rf"\b(?P<part>half|a quarter of) an? (?P<scale>{one_of(units()['scale'])})"
        rf"(?:\s(?:[\w’'-]+ ){{0,2}}?(?P<unit>{one_of(table)})s?)?(?!\w)"
    )
    for match in re.finditer(shape, sentence, re.IGNORECASE):
        unit, factor = table.get((match["unit"] or "").lower()) or ("count", 1)
        share = 0.5 if match["part"].lower() == "half" else 0.25
        yield Amount(share * float(units()["scale"][match["scale"].lower()]) * factor, unit, *match.span())


def ranges(sentence: str) -> Iterator[Amount]:
    """The first number of "10 to 40 percent": it takes the unit of the second."""
    table = units()["units"]
    shape = (
        rf"(?<![\w.,/$€£])(?P<first>{number()})(?P<scale>{scale()})(?: ?(?:to|and|or) |\s?[–-]\s?)(?:about |roughly )?"
        rf"(?P<second>{number()})(?P<scale2>{scale()})[\s-]?(?:\w+ )?(?P<unit>{one_of(table)})s?(?!\w)"
    )
    for match in re.finditer(shape, sentence, re.IGNORECASE):
        unit, factor = table.get(match["unit"]) or table.get(match["unit"].lower()) or ("", 1)
        if unit and unit != "times":
            value = value_of(match["first"], match["scale"] or match["scale2"])
            yield Amount(value * factor, unit, *match.span("first"))


def percentages(sentence: str) -> Iterator[Amount]:
    """A share may follow a name, where other numbers belong to it: "China 2.6 percent"."""
    shape = rf"(?<![\w.,/-])(?P<number>{number()})(?:\s?%|[ -]per ?cent\b)(?! point)"
    for match in re.finditer(shape, sentence, re.IGNORECASE):
        yield Amount(value_of(match["number"]), "percent", *match.span())


def _number_of(sentence: str) -> Iterator[str]:
    """The unit of what "the number of AI researchers" counts."""
    table = units()["units"]
    shape = rf"\b(?:number|count|pool|total|stock|tally) of (?:[\w’'-]+ ){{0,3}}?(?P<unit>{one_of(table)})s\b"
    for match in re.finditer(shape, sentence, re.IGNORECASE):
        yield str((table.get(match["unit"].lower()) or ("count", 1))[0])


def bare(sentence: str) -> Iterator[Amount]:
    """Numbers without a unit of our table that still count something: of the kind just counted, or of a plural noun."""
    cue = (
        r"(?:more than|fewer than|less than|at least|up to|over|some|about|roughly|nearly|from|to|of|than|only|into|"
        r"against|and|with|exceeds?|exceeded|reached|totall?ed|numbers?|numbered|have|has|had|is|was|at) "
    )
    shape = (
        rf"(?P<cue>\b{cue})?(?<![\w.,/-]){not_a_name()}(?P<number>{number()})(?P<scale>{scale()})"
        r"(?![\w%]|[.,]\d|-\w|’|')(?P<noun>\s(?:[\w-]+ ){0,2}?[a-z]+s\b)?"
    )
    kinds = [amount.unit for amount in measured(sentence) if amount.unit in ("GPUs", "people", "models")]
    kinds += [unit for unit in _number_of(sentence) if unit in ("GPUs", "people", "models")]
    for match in re.finditer(shape, sentence, re.IGNORECASE):
        value, spelled = value_of(match["number"], match["scale"]), not match["number"][0].isdigit()
        of_the_kind = bool(kinds) and sentence[match.end("scale") :].startswith(" from ")
        if spelled and value < 10 and not match["scale"] and not of_the_kind:
            continue  # "two of them", "one reason"
        if not match["noun"] and (not match["cue"] or (spelled and not match["scale"] and not of_the_kind)):
            continue
        yield Amount(value, kinds[0] if kinds else "count", match.start("number"), match.end("scale"))

"""Units of user tables: whether a unit fits an indicator, and the factor that brings it there.

A unit is a quantity that pint reads ("billion USD", "H100e", "TWh"), optionally followed by what it is of or per
("% of GDP", "articles per million people"), optionally as a logarithm ("log10 FLOP"). What it is of or per must agree
in words; the quantity must agree in dimension. Usual spellings ("US$ bn", "trillion US dollars", "per cent") are
read too.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from headway.core.errors import InputError

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SCALES = {
    word: scale
    for words, scale in (
        ("hundred hundreds", 1e2),
        ("thousand thousands k 1000 1,000 '000 000s 000", 1e3),
        ("lakh", 1e5),
        ("million millions m mn mln mio 1,000,000", 1e6),
        ("crore", 1e7),
        ("billion billions bn bln b mrd", 1e9),
        ("trillion trillions tn trn trln", 1e12),
    )
    for word in words.split()
}
_SPELLINGS = tuple(
    (re.compile(pattern, re.IGNORECASE), plain)
    for pattern, plain in (
        (r"[(),;]+(?=\s|$)|(?<=\s)\(|^\(", " "),
        (r"\b(per ?cent(age)?|percentages?|pct)\b\.?", "%"),
        (r"^share of (.+) %$", r"% of \1"),
        (r"^% share of\b", "% of"),
        (r"%( per | a |/ ?)(year|annum)\b", "%/year"),
        (r"\b(current )?(U\.?S\.?A?\.? ?)?dollars?\b|\b(current )?US ?\$|\$", " USD "),
        (r"\bUSD(?=(k|m|mn|mln|bn|tn)\b)", "USD "),
        (r"\b(current|nominal) (?=.*USD)", ""),
        (r"\bconstant 2015 USD", "USD of 2015"),
        (r"\bper (capita|head|inhabitant)\b", "per person"),
        (r"\bper (hundred|100) (people|persons|inhabitants|population)\b", "per hundred persons"),
        (r"\bper (thousand|1,?000) (people|persons|inhabitants|population)\b", "per thousand persons"),
        (r"\bper (million|1,?000,?000) (people|persons|inhabitants|population)\b", "per million persons"),
        (r"\b(in|of) (?=USD\b|thousands?\b|millions?\b|billions?\b|trillions?\b)", ""),
    )
)
_COUNTED = (
    ("person", "persons", "people", "researchers", "inhabitants", "scholars"),
    ("model", "models"),
    ("article", "articles", "publications", "papers"),
    ("patent", "patents"),
    ("push", "pushes"),
    ("developer", "developers"),
    ("repository", "repositories"),
    ("organization", "organizations", "organisations"),
    ("server", "servers"),
    ("subscription", "subscriptions"),
    ("company", "companies"),
    ("medal", "medals"),
    ("rank", "ranks", "place", "places"),
    ("score_point", "points"),
)


@lru_cache(maxsize=1)
def registry() -> Any:
    """Registry of units (pint) with money, people and the units of AI."""
    import pint

    units: Any = pint.UnitRegistry(cache_folder=None)
    for definition in (
        "USD = [currency] = _ = US_dollar = US_dollars",
        "international_dollar = [purchasing_power] = _ = international_dollars = PPP_USD",
        "FLOP = [operations] = _ = FLOPs",
        "H100e = [ai_compute] = _ = H100_equivalents",
        "fraction = 1 = _ = share",
        "ECI = [capability] = _ = ECI_points",
    ):
        units.define(definition)
    for singular, *others in _COUNTED:
        units.define(f"{singular} = [{singular}] = _{''.join(f' = {name}' for name in others)}")
    return units


def factor(given: str, wanted: str) -> float:
    """Factor that turns a value in `given` into one in `wanted`; both without logarithm.

    Raises:
        InputError: the units do not measure the same thing.
    """
    said, wanted = given, " ".join(wanted.split())
    given = spelt(given, wanted)
    if given == wanted:
        return 1.0
    (quantity, reference), (wanted_quantity, wanted_reference) = _split(given), _split(_plain(wanted))
    if reference == wanted_reference:
        try:
            parse = registry().parse_expression
            ratio = registry().Quantity(1.0) * parse(_expression(quantity)) / parse(_expression(wanted_quantity))
            return float(ratio.to("dimensionless").magnitude)
        except Exception as error:  # pint raises a dozen kinds; all mean the same here
            raise InputError(f"unit '{said}' does not fit; {_suggested(given, wanted)} or a multiple of it") from error
    raise InputError(f"unit '{said}' does not fit; {_suggested(given, wanted)}")


def spelt(given: str, wanted: str) -> str:
    """Unit in our spelling ("US$ bn" as "USD bn"); a scale alone ("thousand") is one of the quantity that is wanted.

    A bare "%" is the per cent that is wanted; other quantities must say what they are of or per.
    """
    words, aim = _plain(given), _plain(wanted)
    if words.casefold() in (aim.casefold(), aim.replace("% of ", "% ").casefold()):
        return wanted
    if words == "%" and aim.startswith("%"):
        return wanted
    if words and all(word.casefold() in _SCALES for word in words.split()):
        return f"{words} {aim}"
    return words


def _plain(unit: str) -> str:
    """Unit with its words in our spelling."""
    words = " ".join(unit.split())
    for pattern, plain in _SPELLINGS:
        words = " ".join(pattern.sub(plain, words).split())
    return words


def _suggested(given: str, wanted: str) -> str:
    """Advice: the unit wanted, or the misspelt word of `given` put right."""
    known = [*_SCALES, *wanted.split(), *(name for names in _COUNTED for name in names), "USD", "FLOP", "H100e"]
    folded = {word.casefold() for word in known}
    words = [
        word if word.casefold() in folded or not (near := get_close_matches(word, known, 1, 0.75)) else near[0]
        for word in given.split()
    ]
    better = " ".join(words)
    if better == given or (_split(better)[1] != _split(wanted)[1]):
        return f"give '{wanted}'"
    return f"did you mean '{better}'? Give '{wanted}'"


def convert(values: NDArray[np.float64], given: str, wanted: str) -> NDArray[np.float64]:
    """Values in `given` as values in `wanted`; a plain quantity given for a logarithm is logged.

    Raises:
        InputError: the units do not measure the same thing, or a quantity to be logged is not positive.
    """
    given_log, given_unit = _logarithm(given)
    wanted_log, wanted_unit = _logarithm(wanted)
    times = factor(given_unit, wanted_unit)
    if given_log and wanted_log:
        return np.asarray(values + np.log10(times), dtype=np.float64)
    if given_log:
        return np.asarray(10.0**values * times, dtype=np.float64)
    if wanted_log:
        if (values <= 0).any():
            raise InputError(f"a value in '{given}' must be above zero to stand as '{wanted}'")
        return np.asarray(np.log10(values * times), dtype=np.float64)
    return np.asarray(values * times, dtype=np.float64)


def _logarithm(unit: str) -> tuple[bool, str]:
    words = " ".join(unit.split())
    return (True, words[6:]) if words.startswith("log10 ") else (False, words)


def _split(unit: str) -> tuple[str, str]:
    quantity, joint, reference = re.match(r"(.*?)(?: (of|per) (.*))?$", unit).groups()  # type: ignore[union-attr]
    return quantity or "dimensionless", f"{joint} {reference}".casefold() if joint else ""


def _expression(quantity: str) -> str:
    words = ((word, _SCALES.get(word.casefold())) for word in quantity.split())
    return " * ".join(word if scale is None else repr(scale) for word, scale in words)

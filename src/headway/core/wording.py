"""Numbers, probabilities and country names in words: one style and one stated scale for every sentence.

The scale of probability words is that of Intelligence Community Directive 203, *Analytic Standards* (Office of the
Director of National Intelligence, 2 January 2015, section D.6.e(2)(a), https://irp.fas.org/dni/icd/icd-203.pdf).
"""

from __future__ import annotations

import datetime as dt
import math
import re
import sys
from collections.abc import Sequence

PROBABILITY_SCALE: tuple[tuple[float, str], ...] = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.00, "almost certain"),
)
"""Upper end of each band, and its word; a probability on a border takes the word nearer to even."""

PROBABILITY_SOURCE = (
    "Probability words follow Intelligence Community Directive 203, Analytic Standards (Office of the Director of "
    "National Intelligence, 2015): almost no chance to 5%, very unlikely to 20%, unlikely to 45%, roughly even chance "
    "to 55%, likely to 80%, very likely to 95%, almost certain above."
)

BEFORE_THE_SCORES = ", further back than scores go"
"""Words after a lag whose middle lies before the first score."""

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_LONGEST = 4000  # characters of a line of a message
_SIMPLE = re.compile(r"[\d,.]+(st|nd|rd|th)?(?! ×)")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_SHORT = {"months"}  # two significant digits
_POINTS = ("ECI points", "capability points")  # a unit of the catalogue, and as a reader is told it
_COUNTED = {"months", "persons", "people", "models", "countries", "H100e", "researchers", "scholars"}  # whole numbers
_SINGULAR = {"months": "month", "years": "year", "points": "point", "persons": "person", "models": "model"}


def likelihood(p: float) -> str:
    """Word of the stated scale for probability `p`.

    Raises:
        ValueError: `p` is not within [0, 1].
    """
    if not 0 <= p <= 1:
        raise ValueError(f"{p} is not a probability")
    if p <= 0.5:
        return next(word for upper, word in PROBABILITY_SCALE if p < upper)
    return next(word for upper, word in PROBABILITY_SCALE if p <= upper)


def chance_that(p: float, event: str) -> str:
    """Word of the scale in a clause: `it is very likely that …`, `there is almost no chance that …`.

    Raises:
        ValueError: `p` is not within [0, 1].
    """
    word = likelihood(p)
    if not word.endswith("chance"):
        return f"it is {word} that {event}"
    return f"there is {'a ' if word.startswith('roughly') else ''}{word} that {event}"


def prospect(p: float, verb: str, doing: str) -> str:
    """Predicate with the word of the scale: `will almost certainly not get`, `is likely to get`.

    Args:
        verb, doing: the verb as it stands after *to* and after *of*: `get`, `getting`.

    Raises:
        ValueError: `p` is not within [0, 1].
    """
    word = likelihood(p)
    if word == "almost no chance":
        return f"will almost certainly not {verb}"
    if word == "almost certain":
        return f"will almost certainly {verb}"
    return f"has a {word} of {doing}" if word.endswith("chance") else f"is {word} to {verb}"


def in_hundred(p: float) -> str:
    """Natural frequency: `83 in 100`; never `0 in 100` nor `100 in 100`, which no finite ensemble can support."""
    if not 0 <= p <= 1:
        raise ValueError(f"{p} is not a probability")
    if p < 0.005:
        return "fewer than 1 in 100"
    if p > 0.995:
        return "more than 99 in 100"
    return f"{min(99, max(1, round(100 * p)))} in 100"


def futures(p: float) -> str:
    """Start of a sentence about a share of futures: `In 83 of 100 futures`."""
    return f"In {of_hundred(p)} futures"


def of_hundred(p: float) -> str:
    """Natural frequency as a share of things that follow: `83 of 100`."""
    return in_hundred(p).replace(" in ", " of ")


def ordinal(rank: float) -> str:
    """Ordinal number: `31st`."""
    n = round(rank)
    suffix = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n:,}{suffix}"


def number(value: float, digits: int = 3) -> str:
    """Number with about `digits` significant digits, thousands separated, a true minus sign, millions in words."""
    text, *scale = _plain(value, _last_place(value, digits)).split(" ", 1)
    return " ".join([text.rstrip("0").rstrip(".") if "." in text else text, *scale])


def amount(value: float, unit: str = "", low: float | None = None, high: float | None = None) -> str:
    """Value and unit as a reader expects them: `19 months`, `$1.2 billion`, `31st`, `4.1%`, `83 in 100`.

    With `low` and `high` the digits follow the width of the interval: no more is printed than is known.
    """
    before, text, after = _parts(value, unit, _place(low, high))
    if text == "1":
        after = " ".join(_SINGULAR.get(word, word) for word in after.split(" "))
    return f"{_signed(before, text)}{after}"


def interval(low: float, high: float, unit: str = "", *, bare: bool = False) -> str:
    """Interval in words: `14–19 months`; `−3 to 5 months` when a sign is in it; `bare` leaves the unit away."""
    place = _place(low, high)
    before, first, _ = _parts(low, unit, place)
    if unit == "times" and low > 0 and first == "0":  # a factor is never nothing
        first = number(low, 1)
    _, last, after = _parts(high, unit, place)
    ending = "" if bare else after
    if first == last:
        return f"{_signed(before, last)}{ending}"
    for word in (" trillion", " billion", " million"):
        if first.endswith(word) and last.endswith(word):
            first = first.removesuffix(word)
    joint = "–" if _SIMPLE.fullmatch(first) and _SIMPLE.match(last) else " to "
    return f"{_signed(before, first)}{joint}{_signed(before, last)}{ending}"


def quantity(value: float, low: float | None, high: float | None, level: float | None, unit: str = "") -> str:
    """Value with its interval: `19 months (90%: 14–25)`; without one where both ends print as the value itself.

    Months pile up on one date where a record leapt; where that is the value and an end too, the other end alone says
    something: `40 months (95%: at least 27)`.
    """
    centre = amount(value, unit, low, high)
    if low is None or high is None or level is None or low == high == value:
        return centre
    if unit == "months" and value in (low, high):
        side, end = ("at least", low) if value == high else ("at most", high)
        _, text, _ = _parts(end, unit, _place(low, high))
        return f"{centre} ({round(50 * (1 + level))}%: {side} {text})"
    return f"{centre} ({round(100 * level)}%: {interval(low, high, unit, bare=not unit.startswith('%'))})"


def counted(count: int, noun: str) -> str:
    """Number of things: `1 cell`, `3 cells`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def count_months(months: float) -> str:
    """Whole months in words: `28 months`, `a month`, `less than a month`."""
    whole = round(abs(months))
    return "less than a month" if whole == 0 else "a month" if whole == 1 else f"{whole} months"


def whole_interval(low: float, high: float) -> str:
    """Interval in whole numbers: `14–19`; `−3 to 5` when a sign is in it."""
    least, most = (str(round(end)).replace("-", "−") for end in (low, high))
    if least == most:
        return least
    return f"{least} to {most}" if round(low) < 0 else f"{least}–{most}"


def lag(
    months: float,
    low: float | None = None,
    high: float | None = None,
    level: float | None = None,
    *,
    beyond: float = 0.0,
    behind: str = "behind",
    ahead: str = "ahead",
) -> str:
    """Lag in whole months with its interval, in the same words on every surface: `28 months behind (90%: 22–40)`.

    An end on the other side says so: `20 months behind (90%: 1 ahead to 34 behind)`. Draws that lie before the record
    are a lower bound: where they hold the far end, it reads `20 months behind (90%: 11 to more than 39)`; where they
    hold the middle, the near end alone is known: `more than 39 months behind (95%: at least 29)`.

    Args:
        months, low, high: the middle and its ends; below zero they are a lead.
        beyond: share of the draws, on the side of the middle, that lie before the record.
        behind, ahead: words after the months on either side.
    """
    lead = months < 0
    text = f"{'more than ' if beyond > 0.5 else ''}{count_months(months)} {ahead if lead else behind}"
    if low is None or high is None or level is None:
        return text
    near, far = (-high, -low) if lead else (low, high)
    other, this = ("behind", "ahead") if lead else ("ahead", "behind")
    told = _lag_ends(round(abs(months)), round(near), round(far), level, beyond, other, this)
    return f"{text} ({told})" if told else text


def lag_figure(months: float, low: float, high: float, level: float, beyond: float) -> str:
    """The numbers of a lag as a chart prints them beside its bar: `28 (22–40)`, `20 (−1 to over 39)`, `over 39`."""
    middle, least, most = (str(round(end)).replace("-", "−") for end in (months, low, high))
    if beyond > 0.5:
        return f"over {middle}" if least == middle else f"over {middle} (at least {least})"
    if beyond > (1 - level) / 2:
        return f"{middle} ({least} to over {most})"
    return middle if least == most else f"{middle} ({whole_interval(low, high)})"


def _lag_ends(middle: int, near: int, far: int, level: float, beyond: float, other: str, this: str) -> str:
    """Ends of a lag, counted on the side of its middle; `other` and `this` are the words of the two sides."""
    both, one = (f"{round(share)}%: " for share in (100 * level, 50 * (1 + level)))
    if beyond > 0.5:
        return "" if near >= middle else f"{one}at least {near}" if near >= 0 else f"{one}at most {-near} {other}"
    if beyond > (1 - level) / 2:
        return f"{both}{near} to more than {far}" if near >= 0 else f"{both}{-near} {other} to more than {far} {this}"
    if near < 0:
        return f"{both}{-near} {other} to {far} {this}" if far > 0 else f"{one}at most {-near} {other}"
    if near == far:
        return "" if far == middle else f"{both}{far}"
    if middle in (near, far):
        return f"{one}at most {far}" if middle == near else f"{one}at least {near}"
    return f"{both}{near}–{far}"


def times(ratio: float) -> str:
    """Ratio in words: `92 times`, `1.4 times`."""
    return f"{number(ratio, 2)} times"


def listing(items: Sequence[str]) -> str:
    """List in words: `A`; `A and B`; `A, B and C`."""
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def fitting(opening: str, parts: Sequence[str], most: int = 84) -> str:
    """`opening` and as many of `parts` after it, the first in any case, as a line of `most` characters holds."""
    text = f"{opening}{parts[0]}" if parts else opening
    for part in parts[1:]:
        if len(text) + len(part) + 3 > most:
            break
        text = f"{text}, {part}"
    return f"{text}."


def sentence(text: str) -> str:
    """Sentence that begins with a capital letter, from `text`."""
    return text[:1].upper() + text[1:]


def day(date: dt.date) -> str:
    """Date in words: `22 November 2026`."""
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year}"


def period(text: str) -> str:
    """Period as printed in a sentence: `2025`, `Q4 2025`, `May 2024`, `17 May 2024`, ranges joined by an en dash."""
    if "–" in text:
        return "–".join(period(part) for part in text.split("–"))
    if match := re.fullmatch(r"(\d{4})-?Q([1-4])", text):
        return f"Q{match[2]} {match[1]}"
    if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return f"{_MONTHS[int(match[2]) - 1]} {match[1]}" if 1 <= int(match[2]) <= 12 else text
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return day(dt.date.fromisoformat(text))
    return text


def _signed(before: str, text: str) -> str:
    """Number with its sign before the currency: `−$2 billion`."""
    return f"−{before}{text[1:]}" if text.startswith("−") else f"{before}{text}"


def _last_place(value: float, digits: int) -> int:
    """Power of ten of the last of `digits` significant digits."""
    return math.floor(math.log10(abs(value))) - digits + 1 if value and math.isfinite(value) else 0


def _place(low: float | None, high: float | None) -> int | None:
    """Power of ten worth printing: about a quarter of the interval's width; None without an interval."""
    if low is None or high is None or not sys.float_info.min < high - low < math.inf:
        return None
    return math.floor(math.log10((high - low) / 4))


def _plain(value: float, place: int) -> str:
    if not math.isfinite(value):
        return "not known" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    size = round(abs(value), -place)
    sign = "−" if value < 0 and size else ""
    if size >= 1e15 or 0 < size < 1e-4:
        mantissa, _, exponent = f"{size:.1e}".partition("e")
        return f"{sign}{mantissa} × 10{str(int(exponent)).translate(_SUPERSCRIPTS)}"
    for scale, word in _SCALES:
        if size >= scale:
            decimals = min(2, max(0, round(math.log10(scale)) - place))
            return f"{sign}{size / scale:,.{decimals}f} {word}"
    return f"{sign}{size:,.{max(0, -place)}f}"


def _parts(value: float, unit: str, place: int | None) -> tuple[str, str, str]:
    """Text before the number, the number, and the text after it; `place` None is the unit's own habit."""
    if unit == "rank":
        return "", ordinal(value), ""
    if unit == "probability":
        words = in_hundred(min(1.0, max(0.0, value)))
        return "", words.removesuffix(" in 100"), " in 100"
    if unit in {"log10 FLOP", "log10(FLOP)"}:
        return "", number(10**value, 2), " FLOP"
    if unit.startswith("OOM"):  # a ratio as its logarithm to base 10
        return "", number(10**value, 2), unit.replace("OOM", " times", 1)
    text = _plain(
        value, _last_place(value, 2 if unit in _SHORT or unit.startswith("%") else 3) if place is None else place
    )
    if place is None and value == round(value) and abs(value) < 1e6:
        text = _plain(value, 0)
    elif unit in _COUNTED and (place is None or place < 0):
        text = _plain(value, max(0, _last_place(value, 3)))
    if unit in {"", "1", "ratio"}:
        return "", text, ""
    if unit.startswith("%"):
        return "", text, unit
    if match := re.fullmatch(r"(?:constant |current )?(?:20\d\d )?(?:USD|US\$)(?: 20\d\d)?( per .*)?", unit):
        return "$", text, match[1] or ""
    return "", text, f" {unit.replace(*_POINTS)}"


_WITH_ARTICLE = re.compile(
    r"^(United|Netherlands|Philippines|Bahamas|Gambia|Maldives|Seychelles|Comoros|DR|Isle|European|Gulf|Eurasian|Baltic|Nordic"
    r"|North Atlantic|Quadrilateral|Association|Commonwealth|Group|Organi[sz]ation|Shanghai Cooperation)\b"
    r"|\b(Islands|Republic|Emirates|Union|Federation|Organi[sz]ation|Territor(y|ies))$"
)


def the(name: str) -> str:
    """Name with its article: `the United States`, `France`."""
    return f"the {name}" if _WITH_ARTICLE.search(name) else name


def of(name: str) -> str:
    """Possessive of a name: `Russia’s`, `the United States’`."""
    whole = the(name)
    return whole + ("’" if whole.endswith("s") else "’s")


def readable(text: str) -> str:
    """Text as a terminal may show it: control characters written out, and of a very long line only the two ends."""
    plain = _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)
    return "\n".join(
        line if len(line) <= _LONGEST else f"{line[: _LONGEST // 2]} … {line[-_LONGEST // 2 :]}"
        for line in plain.split("\n")
    )

"""Calendar dates named in a sentence, as ISO periods."""

from __future__ import annotations

import datetime as dt
import re

from headway.claims.reading.words import lexicon

_NAMES = lexicon("units")["months"]["names"]
_MONTHS = {name[:3].lower(): number for number, name in enumerate(_NAMES, start=1)}
_MONTH = r"(?P<month>" + "|".join(rf"{name[:3]}(?:{name[3:]})?" for name in _NAMES) + r"|Sept)\.?"
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_QUARTERS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
_NO_UNIT = (
    r"(?!\s*(?:GPUs?|chips?|accelerators?|people|engineers?|researchers?|students?|H100|models?|percent|%|MW|million|"
    r"billion|companies|jobs|specialists)\b)"
)

_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("iso", re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<number>\d\d)-(?P<day>\d\d)\b")),
    ("day", re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH},? {_YEAR}\b")),
    ("day", re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}\b")),
    ("month", re.compile(rf"\b{_MONTH},? (?:of )?{_YEAR}\b")),
    ("quarter", re.compile(rf"\bQ(?P<quarter>[1-4])[ ,]*(?:of )?{_YEAR}\b")),
    ("quarter", re.compile(rf"\b{_YEAR} ?Q(?P<quarter>[1-4])\b")),
    ("quarter", re.compile(rf"\b(?P<word>first|second|third|fourth|last) quarter of {_YEAR}\b", re.IGNORECASE)),
    ("range", re.compile(rf"\b{_YEAR}\s?[–—/-]\s?(?P<second>(?:20|19)?\d\d)\b(?![\d-])")),
    ("year", re.compile(rf"(?<![\w$€£.,^-]){_YEAR}(?![\w^]|[.,]\d|-(?!\b(?:20|era|style|level))\w){_NO_UNIT}")),
)


def dates(sentence: str) -> tuple[tuple[str, int, int], ...]:
    """(period, start, end) of every date, in order; an impossible day such as 31 February is left out."""
    taken: list[tuple[int, int]] = []
    found: list[tuple[str, int, int]] = []
    for form, pattern in _FORMS:
        for match in pattern.finditer(sentence):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            periods = _periods(form, match)
            taken.append(match.span())
            found.extend((period, *match.span()) for period in periods)
    return tuple(sorted(found, key=lambda item: item[1]))


def _periods(form: str, match: re.Match[str]) -> tuple[str, ...]:
    year = match["year"]
    if form == "iso":
        return _day(year, int(match["number"]), match["day"])
    if form == "day":
        return _day(year, _MONTHS[match["month"][:3].lower()], match["day"])
    if form == "month":
        return (f"{year}-{_MONTHS[match['month'][:3].lower()]:02d}",)
    if form == "quarter":
        groups = match.groupdict()
        return (f"{year}Q{groups['quarter'] if groups.get('quarter') else _QUARTERS[groups['word'].lower()]}",)
    if form == "range":
        second = match["second"]
        return (year, second if len(second) == 4 else year[:2] + second)
    return (year,)


def _day(year: str, month: int, day: str) -> tuple[str, ...]:
    try:
        return (dt.date(int(year), month, int(day)).isoformat(),)
    except ValueError:
        return ()

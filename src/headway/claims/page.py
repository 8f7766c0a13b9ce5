"""One self-contained page: no script, no request to anywhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from headway.claims.check import Checked, Report, Verdict
from headway.claims.pictures import picture
from headway.claims.weighing import Known
from headway.claims.weighing.desk import EvidenceLookup
from headway.core import wording
from headway.findings import Picture

if TYPE_CHECKING:
    from jinja2 import Environment

Draw = Callable[[Picture, dt.date, bool], str]
"""Draws a picture as SVG, for a desk or (True) a phone; given by the surface, so that charts look alike everywhere."""

_CLASS = {
    Verdict.SUPPORTED: "supported",
    Verdict.LEANING: "leaning",
    Verdict.UNDECIDED: "undecided",
    Verdict.LEANING_AGAINST: "against",
    Verdict.CONTRADICTED: "contradicted",
    Verdict.CANNOT_DECIDE: "open",
    Verdict.NOT_CHECKABLE: "none",
}


@dataclass(frozen=True, slots=True)
class CitedSource:
    """Where a figure comes from, for the list under a card."""

    text: str
    url: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A claim as the page shows it."""

    item: Checked
    style: str
    verdict: str
    words: str
    range: str
    wide: Markup | None
    narrow: Markup | None
    sources: tuple[CitedSource, ...]


def ledger_page(report: Report, desk: EvidenceLookup, draw: Draw | None = None) -> str:
    """The HTML page of `report`; pictures are left out where `draw` is None."""
    cards = [_card(item, desk, draw) for item in report.claims]
    counts = [(verdict, _CLASS[verdict], report.count(verdict)) for verdict in Verdict if report.count(verdict)]
    return (
        _environment()
        .get_template("ledger.html.j2")
        .render(report=report, ledger=report.ledger, cards=cards, counts=counts, scale=wording.PROBABILITY_SOURCE)
    )


def _card(item: Checked, desk: EvidenceLookup, draw: Draw | None) -> Card:
    wide, narrow = _drawings(item, desk, draw)
    judgement = item.judgement
    probability, text, spread = judgement.probability, "", ""
    if probability is not None:
        text = f"{wording.in_hundred(probability)}: {wording.likelihood(probability)}"
        low, high = judgement.low, judgement.high
        if low is not None and high is not None and high - low >= 0.02:
            why = "across its readings" if len(item.readings) > 1 else "depending on how errors hang together"
            spread = f"{round(100 * low)} to {round(100 * high)} in 100, {why}"
    return Card(
        item=item,
        style=_CLASS[judgement.verdict],
        verdict=str(judgement.verdict),
        words=text,
        range=spread,
        wide=wide,
        narrow=narrow,
        sources=sources(item.used, desk),
    )


def _drawings(item: Checked, desk: EvidenceLookup, draw: Draw | None) -> tuple[Markup | None, Markup | None]:
    drawn = picture(item, desk) if draw is not None else None
    if draw is None or drawn is None:
        return None, None
    return Markup(draw(drawn, desk.as_of, False)), Markup(draw(drawn, desk.as_of, True))


def sources(used: tuple[Known, ...], desk: EvidenceLookup) -> tuple[CitedSource, ...]:
    """Publishers of the facts used, each once, with the ids that lead back to them."""
    found: dict[tuple[str, str], list[str]] = {}
    for known in used:
        for fact in known.facts[:12]:
            source = desk.evidence.fact(fact).source
            found.setdefault((f"{source.publisher}, {source.title}", source.url), []).append(fact)
    return tuple(CitedSource(text, url, tuple(dict.fromkeys(facts))) for (text, url), facts in found.items())


def shown(known: Known) -> str:
    """Value with interval, as printed."""
    return wording.quantity(known.value, known.low, known.high, known.level, known.unit)


def percent(value: float) -> str:
    """A position on the probability bar, in percent."""
    return f"{100 * value:.1f}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("headway.claims"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    helpers: Mapping[str, Any] = {
        "hundred": wording.in_hundred,
        "day": wording.day,
        "period": wording.period,
        "shown": shown,
        "percent": percent,
    }
    environment.filters.update(helpers)
    return environment

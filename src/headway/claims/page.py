"""Page of a checked ledger: self-contained HTML with one card a claim, without scripts or requests.

A card carries a picture: the figures that the claim's test compares, or the series that it asks for.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from headway.claims.check import CheckedClaim, EvaluatedReading, LedgerReport, Verdict
from headway.claims.evaluate.known import KnownQuantity, MissingEvidence
from headway.claims.evaluate.lookup import EvidenceLookup
from headway.claims.evaluate.probability import EvaluatedLeaf
from headway.claims.language import Comparison, Number, Term, countries_in, terms
from headway.core import wording
from headway.core.numbers import LEVEL
from headway.core.templates import template_environment
from headway.evidence import Indicator
from headway.findings import Picture

if TYPE_CHECKING:
    from jinja2 import Environment

_SERIES = frozenset({"trend", "change", "growth"})
_FIGURES = frozenset({"indicator", "ratio", "rank", "amount"})


def picture(checked: CheckedClaim, lookup: EvidenceLookup) -> Picture | None:
    """The picture that says most about the claim, or None where its test has no numbers to draw."""
    for evaluated in checked.readings:
        for leaf in evaluated.chance.leaves:
            drawn = _picture_of_leaf(leaf, evaluated, lookup)
            if drawn is not None:
                return drawn
    return None


def _picture_of_leaf(leaf: EvaluatedLeaf, evaluated: EvaluatedReading, lookup: EvidenceLookup) -> Picture | None:
    if not leaf.known:
        return None
    asked = tuple(dict.fromkeys(terms(leaf.node)))
    if not isinstance(leaf.node, Comparison):
        return _finding_picture(leaf, lookup, asked)
    if any(term.name in _SERIES for term in asked):
        return _line_chart(asked, lookup)
    if any(term.is_finding for term in asked):
        found = _finding_picture(leaf, lookup, asked)
        if found is not None:
            return found
    return _intervals(leaf, asked, lookup)


def _line_chart(asked: tuple[Term, ...], lookup: EvidenceLookup) -> Picture | None:
    """All series of one indicator that a comparison asks about, from some years before the first that it names."""
    series = [term for term in asked if term.name in _SERIES]
    slug = series[0].arguments[0]
    name = lookup.evidence.indicators()[slug]
    begin = min(min(term.arguments[2][:4] for term in series), "2012")
    points: list[Mapping[str, Any]] = []
    source = ""
    for term in series:
        if term.arguments[0] != slug:
            continue
        country = lookup.country(term.arguments[1])
        try:
            rows = lookup.rows(slug, country)
        except MissingEvidence:
            continue
        own = [
            {"label": lookup.name(country), "date": end.isoformat(), "value": float(value)}
            for end, value, period in zip(rows["end"], rows["value"], rows["period"], strict=True)
            if period[:4] >= begin
        ]
        points += own if len(own) > 1 else []
        publisher = lookup.evidence.sources()[str(rows["source"].iloc[-1])]
        source = f"{publisher.publisher}, {publisher.title}"
    if not points:
        return None
    if len(points) < 4 * len(series):
        return _single_figures(series, lookup, name, source)
    values = [point["value"] for point in points]
    ends = {str(point["label"]): point for point in points}
    shown = "; ".join(f"{label}: {wording.amount(point['value'], name.unit)}" for label, point in ends.items())
    return Picture(
        kind="lines",
        title=name.name,
        rows=tuple(points),
        x="",
        y=f"{name.unit}",
        alternative=f"{name.name} since {points[0]['date'][:4]}. At the end, {shown}.",
        source=source,
        log=min(values) > 0 and max(values) > 50 * min(values),
    )


def _single_figures(series: list[Term], lookup: EvidenceLookup, name: Indicator, source: str) -> Picture | None:
    """Two or three figures are no line: each stands by itself, with its interval."""
    rows: list[Mapping[str, Any]] = []
    for term in series:
        for period in term.arguments[2:4]:
            known = lookup.known(lookup.row(term.arguments[0], term.arguments[1], period))
            label = f"{lookup.name(lookup.country(term.arguments[1]))}, {wording.period(known.period)}"
            rows.append({**_row(term, known, lookup), "label": label})
    shown = "; ".join(f"{row['label']}: {wording.amount(float(row['value']), name.unit)}" for row in rows)
    return Picture("intervals", name.name, tuple(rows), name.unit, "", f"{shown}.", source)


def _finding_picture(leaf: EvaluatedLeaf, lookup: EvidenceLookup, asked: tuple[Term, ...]) -> Picture | None:
    for term in asked:
        if not term.is_finding:
            continue
        found = lookup.findings_seen(term.name)
        ids = {known.finding for known in leaf.known}
        for finding in found:
            if finding.id in ids and finding.picture is not None:
                return finding.picture
    return None


def _intervals(leaf: EvaluatedLeaf, asked: tuple[Term, ...], lookup: EvidenceLookup) -> Picture | None:
    if not all(term.name in _FIGURES or term.is_finding for term in asked):
        return None
    units = {known.unit for known in leaf.known}
    if len(units) != 1 or next(iter(units)) == "probability":
        return None
    node = leaf.node
    assert isinstance(node, Comparison)
    rows: list[Mapping[str, Any]] = [_row(term, known, lookup) for term, known in zip(asked, leaf.known, strict=True)]
    unit = leaf.known[0].unit
    bare = isinstance(node.left, Term) and isinstance(node.right, Number)
    if bare and isinstance(node.right, Number) and node.right.unit in ("", unit, "%"):
        rows.append(
            {
                "label": "as claimed" if node.operator == "~" else "test limit",
                "value": node.right.value,
                "low": node.right.value,
                "high": node.right.value,
            }
        )
    shown = "; ".join(f"{row['label']}: {wording.amount(float(row['value']), unit)}" for row in rows)
    source = _source(leaf.known[0], lookup)
    values = [float(row[key]) for row in rows for key in ("value", "low", "high")]
    return Picture(
        kind="intervals",
        title=_title(leaf.known),
        rows=tuple(rows),
        x=f"{unit or 'ratio'}{' (negative: ahead)' if unit == 'months' and min(values) < 0 else ''}",
        y="",
        alternative=f"{shown}.",
        source=source,
        log=min(values) > 0 and max(values) > 50 * min(values),
    )


def _title(known: tuple[KnownQuantity, ...]) -> str:
    name = known[0].title or known[0].words
    years = {item.period for item in known}
    when = f", {wording.period(known[0].period)}" if len(years) == 1 and known[0].period else ""
    return wording.sentence(name) + when


def _row(term: Term, known: KnownQuantity, lookup: EvidenceLookup) -> Mapping[str, Any]:
    named = " / ".join(lookup.name(lookup.country(place)) for place in countries_in(term))
    label = named or f"on record, {wording.period(known.period)}"
    if known.low is not None and known.high is not None and known.level is not None:
        return {"label": label, "value": known.value, "low": known.low, "high": known.high}
    if known.certain:
        return {"label": label, "value": known.value, "low": known.value, "high": known.value}
    low, high = (float(known.quantiles[int(share * known.quantiles.size)]) for share in (0.05, 0.95))
    return {"label": label, "value": known.value, "low": min(low, known.value), "high": max(high, known.value)}


def _source(known: KnownQuantity, lookup: EvidenceLookup) -> str:
    if not known.facts:
        return "Headway"
    source = lookup.evidence.fact(known.facts[0]).source
    return f"{source.publisher}, {source.title}"


DrawPicture = Callable[[Picture, dt.date, bool], str]
"""Draws a picture as SVG, wide or (True) narrow; given by the caller, so that charts look alike everywhere."""

_CLASS = {
    Verdict.SUPPORTED: "supported",
    Verdict.LEANING: "leaning",
    Verdict.UNDECIDED: "undecided",
    Verdict.LEANING_AGAINST: "against",
    Verdict.CONTRADICTED: "contradicted",
    Verdict.CANNOT_DECIDE: "open",
    Verdict.NOT_CHECKABLE: "none",
    Verdict.PROPOSED: "open",
    Verdict.NOT_SETTLED: "open",
    Verdict.NOT_READ: "open",
}


@dataclass(frozen=True, slots=True)
class CitedSource:
    """Source of a figure, for the list under a card."""

    text: str
    url: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClaimCard:
    """A claim as the page shows it."""

    item: CheckedClaim
    style: str
    verdict: str
    words: str
    range: str
    wide: Markup | None
    narrow: Markup | None
    sources: tuple[CitedSource, ...]


def ledger_page(
    report: LedgerReport,
    lookup: EvidenceLookup,
    draw: DrawPicture | None = None,
    reviews: Sequence[Mapping[str, Any]] = (),
) -> str:
    """The HTML page of `report`; pictures are left out where `draw` is None, and `reviews` is markup to hold."""
    cards = [_card(item, lookup, draw) for item in report.claims]
    counts = [(verdict, _CLASS[verdict], report.count(verdict)) for verdict in Verdict if report.count(verdict)]
    return (
        _environment()
        .get_template("ledger.html.j2")
        .render(
            report=report,
            ledger=report.ledger,
            cards=cards,
            counts=counts,
            scale=wording.PROBABILITY_SOURCE,
            reviews=reviews,
        )
    )


def drawn_page(report: LedgerReport, lookup: EvidenceLookup, reviews: Sequence[Mapping[str, Any]] = ()) -> str:
    """The HTML page of `report` with its pictures, and `reviews` as markup for search engines."""
    return ledger_page(report, lookup, _draw, reviews)


def drawn_cards(report: LedgerReport, lookup: EvidenceLookup) -> list[ClaimCard]:
    """Cards of all claims of `report` with their pictures; one that two claims share has ids of its own in each."""
    drawn: Counter[str] = Counter()

    def draw(picture: Picture, as_of: dt.date, narrow: bool) -> str:
        from headway.charts import with_own_ids

        made = _draw(picture, as_of, narrow)
        drawn[made] += 1
        return made if drawn[made] == 1 else with_own_ids(made, drawn[made])

    return [_card(item, lookup, draw) for item in report.claims]


def _draw(picture: Picture, as_of: dt.date, narrow: bool) -> str:
    from headway.charts import NARROW, WIDE, Caption, picture_svg

    return picture_svg(picture, Caption(as_of, LEVEL, ""), NARROW if narrow else WIDE)


def _card(item: CheckedClaim, lookup: EvidenceLookup, draw: DrawPicture | None) -> ClaimCard:
    wide, narrow = _drawings(item, lookup, draw)
    judgement = item.judgement
    probability, text, spread = judgement.probability, "", ""
    if probability is not None:
        text = f"{wording.in_hundred(probability)}: {wording.likelihood(probability)}"
        low, high = judgement.low, judgement.high
        if low is not None and high is not None and high - low >= 0.02:
            why = "across its readings" if len(item.readings) > 1 else "depending on how errors hang together"
            spread = f"{round(100 * low)} to {round(100 * high)} in 100, {why}"
    return ClaimCard(
        item=item,
        style=_CLASS[judgement.verdict],
        verdict=f"{judgement.verdict} (assumed)" if item.assumed else str(judgement.verdict),
        words=text,
        range=spread,
        wide=wide,
        narrow=narrow,
        sources=sources(item.used, lookup),
    )


def _drawings(
    item: CheckedClaim, lookup: EvidenceLookup, draw: DrawPicture | None
) -> tuple[Markup | None, Markup | None]:
    drawn = picture(item, lookup) if draw is not None else None
    if draw is None or drawn is None:
        return None, None
    return Markup(draw(drawn, lookup.as_of, False)), Markup(draw(drawn, lookup.as_of, True))


def sources(used: tuple[KnownQuantity, ...], lookup: EvidenceLookup) -> tuple[CitedSource, ...]:
    """Publishers of the facts used, each once, with the ids that lead back to them."""
    found: dict[tuple[str, str], list[str]] = {}
    for known in used:
        for fact in known.facts[:12]:
            source = lookup.evidence.fact(fact).source
            found.setdefault((f"{source.publisher}, {source.title}", source.url), []).append(fact)
    return tuple(CitedSource(text, url, tuple(dict.fromkeys(facts))) for (text, url), facts in found.items())


def shown(known: KnownQuantity) -> str:
    """Value with interval, as printed."""
    return wording.quantity(known.value, known.low, known.high, known.level, known.unit)


def percent(value: float) -> str:
    """A position on the probability bar, in percent."""
    return f"{100 * value:.1f}"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = template_environment("headway.claims")
    helpers: Mapping[str, Any] = {
        "hundred": wording.in_hundred,
        "day": wording.day,
        "period": wording.period,
        "shown": shown,
        "percent": percent,
    }
    environment.filters.update(helpers)
    return environment

"""Terms of the test language: the form of each and the function that answers it.

Terms about one series (a value, a ratio, a change, a trend, a rank) are answered here; terms about curated statements
and findings in `records`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from headway.claims.evaluate.known import (
    GRID,
    Known,
    MissingEvidence,
    checked_period,
    constant,
    probabilities,
    shuffled,
)
from headway.claims.evaluate.lookup import EvidenceLookup, inside
from headway.claims.evaluate.records import amount, count, finding_term, flow, statement
from headway.claims.language import Term
from headway.core import periods, wording
from headway.core.errors import InputError
from headway.core.wording import the


def indicator(desk: EvidenceLookup, arguments: tuple[str, ...], at: str | None) -> Known:
    slug, country, period = (*arguments, at)[:3] if len(arguments) == 2 else arguments
    return desk.known(desk.row(slug, country, checked_period(period)))


def ratio(desk: EvidenceLookup, arguments: tuple[str, ...], at: str | None) -> Known:
    slug, first, second = arguments[:3]
    period = checked_period(arguments[3] if len(arguments) > 3 else at) or _common(desk, slug, first, second)
    one_code, other_code = desk.country(first), desk.country(second)
    one, other = (desk.known(desk.row(slug, code, period)) for code in (one_code, other_code))
    if other.value <= 0 or one.value <= 0:
        raise MissingEvidence(f"the ratio of {one.words} to {other.words} means nothing: a value is not above zero")
    quotient = shuffled(one) / shuffled(other)
    name = desk.evidence.indicators()[slug].name
    return Known(
        key=f"ratio:{one.key}:{other.key}",
        family=slug,
        words=f"{name}, {desk.name(one_code)} to {desk.name(other_code)}, {wording.period(one.period)}",
        value=one.value / other.value,
        unit="times",
        quantiles=np.sort(quotient),
        period=one.period,
        assumed=one.assumed or other.assumed,
        tier="derived",
        facts=(*one.facts, *other.facts),
    )


def change(desk: EvidenceLookup, arguments: tuple[str, ...], at: str | None) -> Known:
    return _two_dates(desk, arguments, lambda late, early: late - early, "change of", absolute=True)


def growth(desk: EvidenceLookup, arguments: tuple[str, ...], at: str | None) -> Known:
    return _two_dates(desk, arguments, lambda late, early: late / early, "growth of", absolute=False)


def trend(desk: EvidenceLookup, arguments: tuple[str, ...], at: str | None) -> Known:
    """Least-squares slope per year; its standard error is widened for autocorrelated residuals (first order)."""
    slug, country, first, last = arguments
    rows = desk.rows(slug, country)
    begin, end = periods.start(first), periods.end(last)
    rows = rows[[begin <= day <= end for day in rows["end"]]]
    name, place = desk.evidence.indicators()[slug], desk.name(desk.country(country))
    if len(rows) < 4:
        raise MissingEvidence(
            f"{name.name} of {place} has {len(rows)} figures from {wording.period(first)} to "
            f"{wording.period(last)}; a trend needs at least four"
        )
    years = np.array([day.year + day.timetuple().tm_yday / 365.25 for day in rows["end"]])
    values = rows["value"].to_numpy(dtype=np.float64)
    slope, error, freedom = slope_of(years, values)
    unit = f"{_step(name.unit)} per year"
    shown = [wording.period(str(rows["period"].iloc[at_end])) for at_end in (0, -1)]
    return Known(
        key=f"trend:{slug}:{country}:{first}:{last}",
        family=f"trend:{slug}",
        words=f"trend of {inside(name.name)} of {the(place)}, {shown[0]} to {shown[1]}",
        value=slope,
        unit=unit,
        quantiles=slope + error * stdtrit(freedom, probabilities()) if error > 0 else constant(slope),
        period=f"{rows['period'].iloc[0]}–{rows['period'].iloc[-1]}",
        assumed=f"slope of {len(values)} figures, standard error widened for autocorrelation",
        tier="derived",
        facts=tuple(str(id) for id in rows["id"]),
    )


def slope_of(years: NDArray[np.float64], values: NDArray[np.float64]) -> tuple[float, float, int]:
    """Slope per year, its standard error widened by sqrt((1 + r) / (1 − r)) with r the residuals' lag-one correlation
    (between 0 and 0.9), and the degrees of freedom."""
    centred = years - years.mean()
    slope = float((centred * values).sum() / (centred**2).sum())
    residuals = values - values.mean() - slope * centred
    freedom = len(values) - 2
    error = float(np.sqrt((residuals**2).sum() / freedom / (centred**2).sum()))
    energy = float((residuals**2).sum())
    correlation = float((residuals[1:] * residuals[:-1]).sum() / energy) if energy > 0 else 0.0
    correlation = min(0.9, max(0.0, correlation))
    return slope, error * float(np.sqrt((1 + correlation) / (1 - correlation))), freedom


def _two_dates(
    desk: EvidenceLookup, arguments: tuple[str, ...], join: Callable[[Any, Any], Any], said: str, *, absolute: bool
) -> Known:
    slug, country, first, last = arguments
    early, late = (desk.known(desk.row(slug, country, period)) for period in (first, last))
    if early.period == late.period:
        raise MissingEvidence(f"{early.words}: the same figure would stand at both ends")
    if not absolute and late.unit.startswith("log10 "):
        raise MissingEvidence(f"{late.words} is a logarithm: ask for its change, not its growth")
    if not absolute and early.value <= 0:
        raise MissingEvidence(f"{early.words} is not above zero, so growth from it means nothing")
    return Known(
        key=f"{said}:{early.key}:{late.key}",
        family=slug,
        words=f"{said} {late.words.rsplit(',', 1)[0]}, {wording.period(early.period)} to {wording.period(late.period)}",
        value=float(join(late.value, early.value)),
        unit=_step(late.unit) if absolute else "times",
        quantiles=np.sort(join(shuffled(late), shuffled(early))),
        period=f"{early.period}–{late.period}",
        assumed=late.assumed or early.assumed,
        tier="derived",
        facts=(*early.facts, *late.facts),
    )


def _step(unit: str) -> str:
    """The unit of a difference: of logarithms it is orders of magnitude."""
    return "OOM" if unit.startswith("log10 ") else unit


def _common(desk: EvidenceLookup, slug: str, first: str, second: str) -> str:
    one, other = (desk.rows(slug, country) for country in (first, second))
    both = sorted(set(one["period"]) & set(other["period"]), key=periods.end)
    if not both:
        raise MissingEvidence(
            f"{desk.evidence.indicators()[slug].name}: no period with a figure for both "
            f"{desk.name(desk.country(first))} and {desk.name(desk.country(second))}"
        )
    return str(both[-1])


FEWEST = 5
"""Among fewer countries a rank says nothing."""


def rank(desk: EvidenceLookup, arguments: tuple[str, ...], at: str | None) -> Known:
    """Rank among all countries with a figure (1 = best by the indicator's direction), errors drawn independently."""
    slug, country = arguments[:2]
    period = checked_period(arguments[2] if len(arguments) > 2 else at)
    code, entry = desk.country(country), desk.evidence.indicators()[slug]
    own = desk.row(slug, country, period)
    frame = desk.evidence.observations(slug)
    frame = frame[~frame["flag"].str.contains("target", regex=False)]
    frame = frame.assign(end=[periods.end(text) for text in frame["period"]])
    limit = own["end"] if period is not None else desk.as_of
    begin = min(limit - dt.timedelta(days=5 * 366), own["end"] - dt.timedelta(days=366))
    recent = frame[[begin <= day <= limit for day in frame["end"]]]
    newest = recent.sort_values("end").groupby("country").tail(1)
    sign = -1.0 if entry.direction == -1 else 1.0
    draws = {str(row["country"]): sign * shuffled(desk.known(row)) for row in newest.to_dict("records")}
    draws[code] = sign * shuffled(desk.known(own))
    if len(draws) < FEWEST:
        raise MissingEvidence(
            f"only {wording.number(len(draws))} countries have a figure of {entry.name}, too few for a rank"
        )
    above = sum((other > draws[code]).astype(np.float64) for key, other in draws.items() if key != code)
    ranks = 1.0 + np.broadcast_to(np.asarray(above, dtype=np.float64), (GRID,))
    best = {str(row["country"]): sign * float(row["value"]) for row in newest.to_dict("records")}
    return Known(
        key=f"rank:{slug}:{code}:{period or 'newest'}",
        family=f"rank:{slug}",
        words=f"rank of {the(desk.name(code))} by {inside(entry.name)} among {len(draws)} countries with a figure",
        value=1.0 + sum(value > sign * float(own["value"]) for key, value in best.items() if key != code),
        unit="rank",
        quantiles=np.sort(ranks),
        period=str(own["period"]),
        assumed="ranks redrawn from the figures' errors, taken as independent",
        tier="derived",
        facts=(str(own["id"]),),
    )


@dataclass(frozen=True, slots=True)
class Form:
    """A term of the language: how it is written, what it is, and the function that answers it."""

    signature: str
    meaning: str
    least: int
    most: int
    answer: Callable[[EvidenceLookup, tuple[str, ...], str | None], Known]


def answer(desk: EvidenceLookup, term: Term, at: str | None = None) -> Known:
    """The quantity that `term` names, at the period `at` where the term itself names none.

    Raises:
        Missing: the evidence is silent.
        InputError: an unknown term, quantity, indicator, country or period, or a wrong number of arguments.
    """
    if term.is_finding:
        return finding_term(desk, term, at)
    form = form_of(term)
    return form.answer(desk, term.arguments, at)


def form_of(term: Term) -> Form:
    """The form that a term is written in; raises InputError for an unknown name or a wrong number of arguments."""
    form = FORMS.get(term.name)
    if form is None:
        raise InputError(
            f"'{term.name}' is no term; there are {', '.join(FORMS)}, and findings such as gap.lag_observed"
        )
    if not form.least <= len(term.arguments) <= form.most:
        raise InputError(f"{term} has {len(term.arguments)} arguments; write {form.signature}")
    return form


FORMS: Mapping[str, Form] = {
    "indicator": Form("indicator(SLUG, COUNTRY[, PERIOD])", "a figure; the newest without a period", 2, 3, indicator),
    "ratio": Form(
        "ratio(SLUG, A, B[, PERIOD])", "A's figure over B's, of the newest period that both have", 3, 4, ratio
    ),
    "change": Form("change(SLUG, COUNTRY, FROM, TO)", "later figure minus earlier", 4, 4, change),
    "growth": Form("growth(SLUG, COUNTRY, FROM, TO)", "later figure over earlier", 4, 4, growth),
    "trend": Form("trend(SLUG, COUNTRY, FROM, TO)", "least-squares slope per year", 4, 4, trend),
    "rank": Form("rank(SLUG, COUNTRY[, PERIOD])", "rank among countries with a figure, 1 is best", 2, 3, rank),
    "statement": Form(
        "statement(KIND, COUNTRY[, TOPIC[, SINCE]])",
        "such a goal, budget, event or niche is on record",
        2,
        4,
        statement,
    ),
    "count": Form("count(KIND, COUNTRY[, TOPIC[, SINCE]])", "how many are on record", 2, 4, count),
    "amount": Form('amount("ID")', "the figure of a goal, budget or niche on record", 1, 1, amount),
    "flow": Form(
        "flow(KIND, FROM, TO[, YEAR, YEAR])", "scholars, collaborators or co-authors between two countries", 3, 5, flow
    ),
}

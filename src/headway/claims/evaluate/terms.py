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
    KnownQuantity,
    MissingEvidence,
    certain_value,
    independent_draws,
    probability_grid,
    validated_period,
)
from headway.claims.evaluate.lookup import EvidenceLookup, within_sentence
from headway.claims.evaluate.records import amount, count, finding_term, flow, statement
from headway.claims.language import Term
from headway.core import periods, wording
from headway.core.errors import InputError
from headway.core.wording import the


def indicator(lookup: EvidenceLookup, arguments: tuple[str, ...], at: str | None) -> KnownQuantity:
    slug, country, period = (*arguments, at)[:3] if len(arguments) == 2 else arguments
    return lookup.known(lookup.row(slug, country, validated_period(period)))


def ratio(lookup: EvidenceLookup, arguments: tuple[str, ...], at: str | None) -> KnownQuantity:
    slug, first, second = arguments[:3]
    period = validated_period(arguments[3] if len(arguments) > 3 else at) or _newest_common_period(
        lookup, slug, first, second
    )
    one_code, other_code = lookup.country(first), lookup.country(second)
    one, other = (lookup.known(lookup.row(slug, code, period)) for code in (one_code, other_code))
    if other.value <= 0 or one.value <= 0:
        raise MissingEvidence(f"the ratio of {one.words} to {other.words} means nothing: a value is not above zero")
    quotient = independent_draws(one) / independent_draws(other)
    name = lookup.evidence.indicators()[slug].name
    return KnownQuantity(
        key=f"ratio:{one.key}:{other.key}",
        family=slug,
        words=f"{name}, {lookup.name(one_code)} to {lookup.name(other_code)}, {wording.period(one.period)}",
        value=one.value / other.value,
        unit="times",
        quantiles=np.sort(quotient),
        period=one.period,
        assumed=one.assumed or other.assumed,
        tier="derived",
        facts=(*one.facts, *other.facts),
    )


def change(lookup: EvidenceLookup, arguments: tuple[str, ...], at: str | None) -> KnownQuantity:
    return _two_dates(lookup, arguments, lambda late, early: late - early, "change of", absolute=True)


def growth(lookup: EvidenceLookup, arguments: tuple[str, ...], at: str | None) -> KnownQuantity:
    return _two_dates(lookup, arguments, lambda late, early: late / early, "growth of", absolute=False)


def trend(lookup: EvidenceLookup, arguments: tuple[str, ...], at: str | None) -> KnownQuantity:
    """Least-squares slope per year; its standard error is widened for autocorrelated residuals (first order)."""
    slug, country, first, last = arguments
    rows = lookup.rows(slug, country)
    begin, end = periods.start(first), periods.end(last)
    rows = rows[[begin <= day <= end for day in rows["end"]]]
    name, place = lookup.evidence.indicators()[slug], lookup.name(lookup.country(country))
    if len(rows) < 4:
        raise MissingEvidence(
            f"{name.name} of {the(place)} has {len(rows)} figures from {wording.period(first)} to "
            f"{wording.period(last)}; a trend needs at least four"
        )
    years = np.array([day.year + day.timetuple().tm_yday / 365.25 for day in rows["end"]])
    values = rows["value"].to_numpy(dtype=np.float64)
    slope, error, freedom = slope_of(years, values)
    unit = f"{_unit_of_difference(name.unit)} per year"
    shown = [wording.period(str(rows["period"].iloc[at_end])) for at_end in (0, -1)]
    return KnownQuantity(
        key=f"trend:{slug}:{country}:{first}:{last}",
        family=f"trend:{slug}",
        words=f"trend of {within_sentence(name.name)} of {the(place)}, {shown[0]} to {shown[1]}",
        value=slope,
        unit=unit,
        quantiles=slope + error * stdtrit(freedom, probability_grid()) if error > 0 else certain_value(slope),
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
    lookup: EvidenceLookup, arguments: tuple[str, ...], join: Callable[[Any, Any], Any], said: str, *, absolute: bool
) -> KnownQuantity:
    slug, country, first, last = arguments
    early, late = (lookup.known(lookup.row(slug, country, period)) for period in (first, last))
    if early.period == late.period:
        raise MissingEvidence(f"{early.words}: the same figure would stand at both ends")
    if not absolute and late.unit.startswith("log10 "):
        raise MissingEvidence(f"{late.words} is a logarithm: ask for its change, not its growth")
    if not absolute and early.value <= 0:
        raise MissingEvidence(f"{early.words} is not above zero, so growth from it means nothing")
    return KnownQuantity(
        key=f"{said}:{early.key}:{late.key}",
        family=slug,
        words=f"{said} {late.words.rsplit(',', 1)[0]}, {wording.period(early.period)} to {wording.period(late.period)}",
        value=float(join(late.value, early.value)),
        unit=_unit_of_difference(late.unit) if absolute else "times",
        quantiles=np.sort(join(independent_draws(late), independent_draws(early))),
        period=f"{early.period}–{late.period}",
        assumed=late.assumed or early.assumed,
        tier="derived",
        facts=(*early.facts, *late.facts),
    )


def _unit_of_difference(unit: str) -> str:
    """The unit of a difference: of logarithms it is orders of magnitude."""
    return "OOM" if unit.startswith("log10 ") else unit


def _newest_common_period(lookup: EvidenceLookup, slug: str, first: str, second: str) -> str:
    one, other = (lookup.rows(slug, country) for country in (first, second))
    both = sorted(set(one["period"]) & set(other["period"]), key=periods.end)
    if not both:
        raise MissingEvidence(
            f"{lookup.evidence.indicators()[slug].name}: no period with a figure for both "
            f"{the(lookup.name(lookup.country(first)))} and {the(lookup.name(lookup.country(second)))}"
        )
    return str(both[-1])


MIN_COUNTRIES = 5
"""Among fewer countries a rank says nothing."""


def rank(lookup: EvidenceLookup, arguments: tuple[str, ...], at: str | None) -> KnownQuantity:
    """Rank among all countries with a figure (1 = best by the indicator's direction), errors drawn independently."""
    slug, country = arguments[:2]
    period = validated_period(arguments[2] if len(arguments) > 2 else at)
    code, entry = lookup.country(country), lookup.evidence.indicators()[slug]
    own = lookup.row(slug, country, period)
    frame = lookup.evidence.observations(slug)
    frame = frame[~frame["flag"].str.contains("target", regex=False)]
    frame = frame.assign(end=[periods.end(text) for text in frame["period"]])
    limit = own["end"] if period is not None else lookup.as_of
    begin = min(limit - dt.timedelta(days=5 * 366), own["end"] - dt.timedelta(days=366))
    recent = frame[[begin <= day <= limit for day in frame["end"]]]
    newest = recent.sort_values("end").groupby("country").tail(1)
    sign = -1.0 if entry.direction == -1 else 1.0
    draws = {str(row["country"]): sign * independent_draws(lookup.known(row)) for row in newest.to_dict("records")}
    draws[code] = sign * independent_draws(lookup.known(own))
    if len(draws) < MIN_COUNTRIES:
        raise MissingEvidence(
            f"only {wording.number(len(draws))} countries have a figure of {entry.name}, too few for a rank"
        )
    above = sum((other > draws[code]).astype(np.float64) for key, other in draws.items() if key != code)
    ranks = 1.0 + np.broadcast_to(np.asarray(above, dtype=np.float64), (GRID,))
    best = {str(row["country"]): sign * float(row["value"]) for row in newest.to_dict("records")}
    return KnownQuantity(
        key=f"rank:{slug}:{code}:{period or 'newest'}",
        family=f"rank:{slug}",
        words=f"rank of {the(lookup.name(code))} by {within_sentence(entry.name)} "
        f"among {len(draws)} countries with a figure",
        value=1.0 + sum(value > sign * float(own["value"]) for key, value in best.items() if key != code),
        unit="rank",
        quantiles=np.sort(ranks),
        period=str(own["period"]),
        assumed="ranks redrawn from the figures' errors, taken as independent",
        tier="derived",
        facts=(str(own["id"]),),
    )


@dataclass(frozen=True, slots=True)
class TermForm:
    """Form of a term: its signature, its meaning, the number of arguments, and the function that answers it."""

    signature: str
    meaning: str
    least: int
    most: int
    answer: Callable[[EvidenceLookup, tuple[str, ...], str | None], KnownQuantity]


def answer_term(lookup: EvidenceLookup, term: Term, at: str | None = None) -> KnownQuantity:
    """The quantity that `term` names, at the period `at` where the term itself names none.

    Raises:
        MissingEvidence: the evidence is silent.
        InputError: an unknown term, quantity, indicator, country or period, or a wrong number of arguments.
    """
    if term.is_finding:
        return finding_term(lookup, term, at)
    form = term_form(term)
    return form.answer(lookup, term.arguments, at)


def term_form(term: Term) -> TermForm:
    """The form that a term is written in; raises InputError for an unknown name or a wrong number of arguments."""
    form = TERM_FORMS.get(term.name)
    if form is None:
        raise InputError(
            f"'{term.name}' is no term; there are {', '.join(TERM_FORMS)}, and findings such as gap.lag_observed"
        )
    if not form.least <= len(term.arguments) <= form.most:
        raise InputError(f"{term} has {len(term.arguments)} arguments; write {form.signature}")
    return form


TERM_FORMS: Mapping[str, TermForm] = {
    "indicator": TermForm(
        "indicator(SLUG, COUNTRY[, PERIOD])", "a figure; the newest without a period", 2, 3, indicator
    ),
    "ratio": TermForm(
        "ratio(SLUG, A, B[, PERIOD])", "A's figure over B's, of the newest period that both have", 3, 4, ratio
    ),
    "change": TermForm("change(SLUG, COUNTRY, FROM, TO)", "later figure minus earlier", 4, 4, change),
    "growth": TermForm("growth(SLUG, COUNTRY, FROM, TO)", "later figure over earlier", 4, 4, growth),
    "trend": TermForm("trend(SLUG, COUNTRY, FROM, TO)", "least-squares slope per year", 4, 4, trend),
    "rank": TermForm("rank(SLUG, COUNTRY[, PERIOD])", "rank among countries with a figure, 1 is best", 2, 3, rank),
    "statement": TermForm(
        "statement(KIND, COUNTRY[, TOPIC[, SINCE]])",
        "such a goal, budget, event or niche is on record",
        2,
        4,
        statement,
    ),
    "count": TermForm("count(KIND, COUNTRY[, TOPIC[, SINCE]])", "how many are on record", 2, 4, count),
    "amount": TermForm('amount("ID")', "the figure of a goal, budget or niche on record", 1, 1, amount),
    "flow": TermForm(
        "flow(KIND, FROM, TO[, YEAR, YEAR])", "scholars, collaborators or co-authors between two countries", 3, 5, flow
    ),
}

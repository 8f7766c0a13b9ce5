"""The terms of the test language: how each is written, what it asks, and who answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from headway.claims.language import Term
from headway.claims.weighing.desk import EvidenceLookup
from headway.claims.weighing.known import Known
from headway.claims.weighing.records import amount, count, finding_term, flow, statement
from headway.claims.weighing.series import change, growth, indicator, rank, ratio, trend
from headway.core.errors import InputError


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

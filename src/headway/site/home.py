"""First page of a site: the answer on every country in a card, and the sentences that changed since another edition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from headway.brief import view
from headway.brief.compose import Brief
from headway.brief.held import HeldFindings, lag_of, value_of
from headway.brief.judgement import JudgementSentence
from headway.core import wording
from headway.evidence.catalogue import blocs
from headway.findings import Finding

LABELS = ("Next two years", "First cause", "What would help")
"""Labels of the lines of a card: what comes, the first cause, what would help most."""

_LAGS = (("gap.lag_observed", "measured"), ("gap.lag_sovereign", "modelled"))


@dataclass(frozen=True, slots=True)
class HomeRow:
    """One country on the first page.

    Attributes:
        months: `28 months behind (90%: 22–40)`; empty where neither scores nor the model give a distance.
        how: `measured` or `modelled`, and the day that the distance speaks of.
        sentence: the first of the judgement.
        answers: labels and sentences of the card: what comes, the first cause, what would help most.
        value: months behind the best of all others, 0 for a leader; None without a distance. `low` and `high` are its
            90% interval.
        is_group: whether it is a group of countries.
        changed: headlines whose sentence is not that of the earlier edition.
        beyond: whether the value is a lower bound, since no score is older.
    """

    code: str
    name: str
    months: str
    how: str
    sentence: str
    answers: tuple[tuple[str, str], ...]
    value: float | None
    low: float | None
    high: float | None
    is_group: bool
    changed: int = 0
    beyond: bool = False

    @property
    def measured(self) -> bool:
        """Whether the distance follows from published scores."""
        return self.how.startswith("measured")


def row(brief: Brief, changed: int) -> HomeRow:
    """Line of a brief's country, `changed` of whose headlines have another sentence than in the earlier edition."""
    held = HeldFindings(brief.findings, brief.name, brief.country, {})
    found, how = _distance(held)
    told = view.judgement(brief)
    by_step = {sentence.step: sentence for sentence in told}
    said = (_trend(held), _first_part(by_step.get("because")), _first_part(by_step.get("so")))
    months = ""
    if found is not None:
        months = "nobody is ahead of it" if held.leads else lag_of(found)
    return HomeRow(
        code=brief.country,
        name=brief.name,
        months=months,
        how=how,
        sentence=told[0].text if told else "Too little is known of it for a judgement.",
        answers=tuple((label, text) for label, text in zip(LABELS, said, strict=True) if text),
        value=None if found is None else max(0.0, value_of(found)),
        low=found.low if found is not None else None,
        high=found.high if found is not None else None,
        is_group=brief.country in blocs(),
        changed=changed,
        beyond=found is not None and float(found.details.get("censored") or 0) > 0.5,
    )


def unknown(code: str, name: str) -> HomeRow:
    """Line of a country of which no score and no training run is known."""
    sentence = f"How far {wording.the(name)} stands from the frontier is not known."
    return HomeRow(code, name, "", "", sentence, (), None, None, None, is_group=code in blocs())


def first(rows: Iterable[HomeRow]) -> HomeRow:
    """The country whose card stands open at first: the nearest to the frontier, else the first by name.

    Raises:
        ValueError: there is no row.
    """
    return min(rows, key=lambda row: (row.is_group, row.value is None, row.value or 0.0, row.name))


def _distance(held: HeldFindings) -> tuple[Finding | None, str]:
    """Finding of the distance, measured before modelled, and how and of which day it is."""
    for recipe, how in _LAGS:
        found = held.number(recipe)
        if found is not None:
            return found, f"{how}, {wording.period(found.period)}"
    return None, ""


def _trend(held: HeldFindings) -> str:
    """`The distance is likely to grow (72 in 100), if computing power decides`; empty where the model says nothing."""
    ahead = held.number("gap.modelled_trend", "ahead")
    if ahead is None or "probability_widening" not in ahead.details:
        return ""
    widening = float(ahead.details["probability_widening"])
    what, grows = ("lead", 1.0 - widening) if held.leads else ("distance", widening)
    surer = max(grows, 1.0 - grows)
    condition = " if computing power decides" if held.get("outlook.long_run", "2030") else ""
    if surer <= 0.55:
        return f"The {what} is as likely to grow as to shrink{condition}."
    will = wording.prospect(surer, "grow" if grows > 0.5 else "shrink", "")
    return f"The {what} {will}{condition} ({wording.in_hundred(surer)})."


def _first_part(sentence: JudgementSentence | None) -> str:
    """A sentence of the judgement up to its first semicolon, without the word that joins it to the one before."""
    if sentence is None:
        return ""
    parts = takewhile(lambda text: not text.startswith(";"), (clause.text for clause in sentence.clauses))
    return wording.sentence("".join(parts).removeprefix("So ").rstrip(".")) + "."

"""First page of a site: every country in a line, and the sentences that changed since another edition."""

from __future__ import annotations

from dataclasses import dataclass

from headway.brief import view
from headway.brief.compose import Brief
from headway.brief.held import HeldFindings, months_of, value_of
from headway.core import wording

_LAGS = (("gap.lag_observed", "measured"), ("gap.lag_sovereign", "modelled"))


@dataclass(frozen=True, slots=True)
class HomeRow:
    """One country on the first page.

    Attributes:
        months: `28 months behind (90%: 22–40)`; empty where neither scores nor the model give a distance.
        how: `measured` or `modelled`, and the day that the distance speaks of.
        sentence: the first of the judgement.
        changed: headlines whose sentence is not that of the earlier edition.
    """

    code: str
    name: str
    months: str
    how: str
    sentence: str
    changed: int = 0


def row(brief: Brief, changed: int) -> HomeRow:
    """Line of a brief's country, `changed` of whose headlines have another sentence than in the earlier edition."""
    months, how = _distance(brief)
    told = view.judgement(brief)
    sentence = told[0].text if told else "Too little is known of it for a judgement."
    return HomeRow(brief.country, brief.name, months, how, sentence, changed)


def _distance(brief: Brief) -> tuple[str, str]:
    held = HeldFindings(brief.findings, brief.name, brief.country, {})
    for recipe, how in _LAGS:
        found = held.number(recipe)
        if found is not None:
            behind = "ahead" if value_of(found) < 0 else "behind"
            return months_of(found, behind), f"{how}, {wording.period(found.period)}"
    return "", ""

"""Functions that the recipes of this room share: the country's futures, intervals from draws, a modelled finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from headway.core import wording
from headway.core.numbers import LEVEL
from headway.findings.details import FindingDetails
from headway.findings.finding import Finding, FindingTier, Picture, Section
from headway.findings.recipe import Context
from headway.findings.records import horizon
from headway.findings.rivals import peers, rivals
from headway.inference import record
from headway.inference.arrays import Floats
from headway.inference.outlook import CountryOutlook, outlook, why_not

PRIOR_ONLY = "Drawn from the prior: no posterior was fitted to evidence as early as this."
PARAMETERS = ("slope", "own_rate", "returns", "fishing_out", "absorption", "unscored_level", "adoption_delay")


@dataclass(frozen=True)
class ModelledInterval:
    """Median and central 90 % interval of draws."""

    value: float
    low: float
    high: float

    @classmethod
    def of(cls, draws: Floats) -> ModelledInterval:
        """From draws, NaN left out."""
        low, value, high = (float(q) for q in np.nanquantile(draws, [0.05, 0.5, 0.95]))
        return cls(value, low, high)

    def words(self, unit: str) -> str:
        """`19 months (90%: 14–25)`."""
        return wording.quantity(self.value, self.low, self.high, LEVEL, unit)


def companions(context: Context) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Rivals and peers that can be modelled, peers without the rivals."""
    return context.evidence.once(("companions", context.country, context.against), lambda: _companions(context))


def _companions(context: Context) -> tuple[tuple[str, ...], tuple[str, ...]]:
    able = {code: why_not(context.evidence, code) is None for code in (*rivals(context), *peers(context))}
    chosen = tuple(code for code in rivals(context) if able[code])
    return chosen, tuple(code for code in peers(context) if able[code] and code not in chosen)


def futures(context: Context, scenario: str | None = None) -> CountryOutlook:
    """Futures of the country, its rivals and its peers under the context's scenario or another."""
    codes = (context.country, *(code for group in companions(context) for code in group))
    return outlook(context.evidence, codes, scenario or context.scenario, context.seed)


def tier(context: Context) -> FindingTier:
    """Scenario tier under a scenario of the user's choice."""
    return FindingTier.MODELLED if context.scenario in (None, "baseline") else FindingTier.SCENARIO


def scored(context: Context) -> bool:
    """Whether the country has a measured level, so that it need not be inferred."""
    return not context.evidence.observations("capability_level", context.country).empty


def inferred(context: Context) -> str:
    """The mark of a country without a measured level, or whose last measurement is old."""
    if scored(context):
        return _carried_forward(context)
    return (
        f"No model of {context.the(context.country)} has a measured level: it is inferred from its training runs, its "
        f"talent and what measured countries show.{_tried(context)}"
    )


def _carried_forward(context: Context) -> str:
    """A warning where the country's best measured model is over a year old."""
    models = context.evidence.models()
    home = models["countries"].fillna("").str.split(";").str[0].isin(context.members(context.country))
    newest = models.loc[home & models["eci"].notna(), "released"].max()
    if pd.isna(newest) or (horizon(models, context.as_of) - newest.date()).days <= 365:
        return ""
    month = wording.period(newest.strftime("%Y-%m"))
    return (
        f"The newest measured model of {context.the(context.country)} is from {month}: "
        "the model carries its level forward from there."
    )


def _tried(context: Context) -> str:
    """How well that worked for countries that do have scores."""
    rows = [
        f"{context.of(row['country'])} came out {wording.number(abs(row['median'] - row['actual']), 2)} capability "
        f"points too {'low' if row['median'] < row['actual'] else 'high'} ({'in' if row['in90'] else 'out'}side its "
        "90% interval)"
        for row in record.withheld(context.as_of)
    ]
    return f" Tried on countries that have scores: {wording.listing(rows)}." if rows else ""


def modelled(
    context: Context,
    recipe: str,
    arguments: tuple[str, ...],
    section: Section,
    *,
    quantity: str,
    sentence: str,
    short: str = "",
    found: CountryOutlook | None = None,
    estimate: ModelledInterval | None = None,
    value: float | str | None = None,
    unit: str = "",
    period: str = "",
    weight: int = 2,
    caveat: str = "",
    title: str = "",
    picture: Picture | None = None,
    table: tuple[Mapping[str, Any], ...] = (),
    details: FindingDetails | None = None,
    observations: tuple[str, ...] = (),
) -> Finding:
    """A finding of the model, with the coverage record of its interval and the hash of its posterior."""
    prior = "" if found is None or found.fitted or weight > 1 else PRIOR_ONLY
    return Finding(
        id=context.id(recipe, *arguments),
        section=section,
        quantity=quantity,
        title=title,
        value=estimate.value if estimate else value,
        low=estimate.low if estimate else None,
        high=estimate.high if estimate else None,
        level=LEVEL if estimate else None,
        unit=unit,
        period=period or (found.anchor if found else ""),
        as_of=context.as_of,
        tier=tier(context),
        parameters=PARAMETERS if found is not None else (),
        observations=observations,
        scenario=context.scenario or "baseline",
        posterior="" if found is None else found.fitted or "prior",
        coverage=record.coverage(context.as_of) or "" if estimate is not None else "",
        sentence=wording.sentence(sentence),
        short=wording.sentence(short),
        caveat=" ".join(part for part in (caveat, prior) if part),
        weight=weight,
        picture=picture,
        table=table,
        details=details or FindingDetails(),
    )


def not_available(
    context: Context, recipe: str, section: Section, what: str, reason: str, *, short: str = ""
) -> Finding:
    """Finding that says that something cannot be said, and why."""
    return modelled(
        context,
        recipe,
        (),
        section,
        quantity="not_available",
        sentence=f"{what} of {context.the(context.country)} is not modelled: {reason}.",
        short=short,
        weight=1,
    )


def short_reason(what: str, reason: str) -> str:
    """`Outlook not modelled: no training run … of it is known.`; what would help stands in the sentence alone."""
    return f"{what} not modelled: {reason.partition(';')[0]}."


def footing(context: Context) -> tuple[str, ...]:
    """Ids of the newest facts that the country's level rests on."""
    rows = []
    for slug in ("capability_level", "largest_training_run", "compute_stock_h100e", "cluster_h100e"):
        newest = context.evidence.observations(slug, context.country).sort_values("period").tail(1)
        rows += [str(identity) for identity in newest["id"]]
    return tuple(rows)

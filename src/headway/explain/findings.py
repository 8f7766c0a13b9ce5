"""Part 4 of a brief: why the country stands where it does, as findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from headway.core import wording
from headway.core.numbers import LEVEL, Floats
from headway.core.periods import quarter_name, quarter_number
from headway.explain import sentences
from headway.explain.attribution import Attribution, interval
from headway.explain.causes import Cause
from headway.explain.question import begins_after, explain, fitted, why_not
from headway.explain.readings import ReadingVerdict, verdicts
from headway.explain.setting import METRICS
from headway.findings.details import FindingDetails
from headway.findings.finding import Finding, FindingTier
from headway.findings.recipe import Context, recipe, scenario_name
from headway.findings.records import with_pace
from headway.findings.rivals import rivals
from headway.inference.findings.common import ModelledInterval, futures, short_reason
from headway.inference.findings.gap import beyond
from headway.inference.posterior import chosen_for
from headway.scenarios.own_parameters import registry_for
from headway.scenarios.world.capability import last_scored

if TYPE_CHECKING:
    from headway.evidence import Evidence

DRAWS = 256
_BACK = 8  # quarters over which the change of the gap is explained, where scores reach so far back
_DETAILED = 3  # causes shown in the body; the others fold away
_METHOD = (
    "Shapley values over all combinations of counterfactual runs, averaged over both directions (its causes replaced "
    "by the other’s, and the other’s by its own); intervals hold the spread between them. Parts are means, which add "
    "up; what they and the median differ by is not accounted for. A part depends on the other causes and the equations."
)


@recipe("why.attribution")
def attribution(context: Context) -> Iterator[Finding]:
    """The gap to each rival split over its causes, its change, and the readings that compete."""
    if reason := why_not(context.evidence, context.country):
        whose = f"Why {context.the(context.country)} stands where it does"
        yield _missing(context, f"{whose} is not modelled: {reason}.", short_reason("Causes", reason))
        return
    fit = chosen_for(context.evidence)
    others = [code for code in rivals(context) if not why_not(context.evidence, code)]
    if not others:
        yield _missing(context, "None of the countries to compare with can be modelled, so no gap can be explained.")
    for rival in others:
        found, ensemble = explain(
            context.evidence,
            context.country,
            rival,
            since=quarter_name(max(last_scored(context.evidence) - _BACK, _first_scored(context.evidence))),
            scenario=context.scenario or "baseline",
            draws=DRAWS,
            seed=context.seed,
            fit=fit,
        )
        if found.dates[-1] == futures(context).anchor and rival in futures(context).countries:
            found = found.agreeing(*_lag(context, rival))
        known = registry_for(context.evidence)
        weighed = verdicts(found, fitted(fit, context.country, rival, context.as_of), known=known)
        idle = scenario_name(context.scenario) is not None and begins_after(ensemble, found.dates[-1])
        yield from AttributionFindings(context, found, first=rival == others[0], idle=idle).findings(weighed)


def _lag(context: Context, rival: str) -> tuple[float, float, float, float]:
    """Lag behind the rival in months as the part on the gap has it: median, interval, share of lower bounds."""
    months, censored = futures(context).lag_behind(context.country, rival)
    told = ModelledInterval.of(months)
    return told.value, told.low, told.high, beyond(months, censored)


def _first_scored(evidence: Evidence) -> int:
    """The first quarter with a score: gaps before it are extrapolated."""
    return quarter_number(str(evidence.panel("capability_level").index[0]))


def _missing(context: Context, sentence: str, short: str = "") -> Finding:
    return Finding(
        id=context.id("why.attribution"),
        section="why",
        quantity="not_available",
        as_of=context.as_of,
        tier=FindingTier.MODELLED,
        weight=1,
        sentence=sentence,
        short=short,
    )


def _weighing(asked: Sequence[ReadingVerdict]) -> str:
    """Whether readings exclude one another, and what their weights are."""
    inside = np.sum([verdict.draws for verdict in asked], axis=0)
    if (inside > 1).any():
        said = "A draw of the model can belong to several of these readings, so that their weights need not add up."
    else:
        none = f"; {wording.of_hundred(float(np.mean(inside == 0)))} belong to none" if (inside == 0).any() else ""
        said = f"No draw of the model belongs to two of these readings{none}."
    if all(verdict.weight is None for verdict in asked):
        return said
    if asked[0].scored:
        return f"{said} Each reading was fitted by itself; its weight is that of its forecasts at past dates."
    return f"{said} A weight is the share of draws in which a reading holds, after the data and before them."


@dataclass(frozen=True)
class AttributionFindings:
    """Findings of one attribution.

    Attributes:
        first: whether this is the main rival, whose headline stands on the summary.
        idle: whether the scenario begins only after the date, so that it changes nothing here.
        arguments: what tells the question from the usual one, in ids.
    """

    context: Context
    attribution: Attribution
    first: bool = True
    idle: bool = False
    arguments: tuple[str, ...] = ()

    def findings(self, weighed: Sequence[ReadingVerdict]) -> Iterator[Finding]:
        """Headline, causes in order of size, change, readings."""
        found, _ = self.attribution.facing()
        yield self.headline()
        for place, cause in enumerate(self._by_size):
            yield self.share(cause, weight=2 if self.first and place < _DETAILED else 3)
        if len(found.dates) > 1:
            yield self.change()
        for _, group in groupby(weighed, key=lambda verdict: verdict.question.question):
            asked = list(group)
            if self.first and sentences.concerns(asked, self.attribution) and sentences.differ(asked, found):
                yield self.readings(asked)

    def headline(self) -> Finding:
        """The gap or lead in months, split."""
        found, lead = self.attribution.facing()
        value, low, high = found.whole
        return replace(
            self._made(
                (),
                f"{'lead' if lead else 'gap'} split over its causes",
                None,
                "months",
                sentences.headline(found, lead, self.context.the),
            ),
            value=value,
            low=low,
            high=high,
            level=LEVEL,
            caveat=self._caveat(),
            weight=1 if self.first else 2,
            observations=self._evidence(found.causes.causes),
            picture=sentences.picture(found, lead, self.context.the),
            title=f"Why, against {self.context.name(found.rival)}",
            short=sentences.short_headline(found, lead, self.context.the),
            table=tuple(sentences.causes(found)),
            details={
                **self._counts(),
                "rest": found.causes.rest,
                "lead": lead,
                "censored": found.censored,
                "whole_months": sentences.whole_parts(found).by_name(),
                "approximation": {
                    metric: {"typical": e.typical, "largest": e.largest, "unit": METRICS[metric]}
                    for metric, e in found.errors.items()
                },
            },
        )

    def share(self, cause: Cause, weight: int = 2) -> Finding:
        """The part of one cause."""
        found, lead = self.attribution.facing()
        draws = found.splits["months"].parts[found.causes.causes.index(cause), -1]
        quantity = f"part of the {'lead' if lead else 'gap'}: {cause.title}"
        return replace(
            self._made(
                (cause.cause,), quantity, draws, "months", sentences.share(found, lead, cause, self.context.the)
            ),
            caveat=cause.caveat,
            weight=weight,
            observations=self._evidence((cause,)),
            title=cause.title,
            details={
                "question": cause.question.strip(),
                "assumed": sentences.assumption(found, cause),
                **self._counts(),
            },
        )

    def change(self) -> Finding:
        """Why the gap or lead moved between the two dates."""
        found, lead = self.attribution.facing()
        gap = found.splits["eci"].gap
        quantity = f"change of the {'lead' if lead else 'gap'} split over its causes"
        return replace(
            self._made(
                ("change",),
                quantity,
                gap[-1] - gap[0],
                "ECI points",
                with_pace(self.context, sentences.change(found, lead, self.context.the)),
            ),
            caveat=_METHOD,
            period="–".join((found.dates[0], found.dates[-1])),
            weight=2 if self.first else 3,
            observations=self._evidence(found.causes.causes),
            title="Why it moved",
            table=tuple(sentences.changes(found)),
            details=self._counts(),
        )

    def readings(self, asked: Sequence[ReadingVerdict]) -> Finding:
        """Readings that compete, side by side."""
        found, lead = self.attribution.facing()
        question = asked[0].question
        turned = [sentences.facing(verdict, lead) for verdict in asked]
        return replace(
            self._made(
                ("readings", question.question),
                f"competing readings: {question.question}",
                None,
                "",
                sentences.readings(turned, found, lead, self.context.the),
            ),
            caveat=_weighing(asked),
            parameters=tuple(sorted({c.key for verdict in asked for c in verdict.reading.where})),
            weight=2 if question.about is not None and self._largest(question.about) else 3,
            title=question.title,
            table=tuple(sentences.reading_rows(turned, found)),
            details={**self._counts(), "parts": sentences.reading_parts(turned, found)},
        )

    def _made(
        self, arguments: tuple[str, ...], quantity: str, draws: Floats | None, unit: str, sentence: str
    ) -> Finding:
        """A finding with its number and everything that all of them share."""
        found = self.attribution
        mean, low, high = (None, None, None) if draws is None else interval(draws)
        return Finding(
            id=self.context.id("why.attribution", found.rival, *self.arguments, *arguments),
            section="why",
            quantity=quantity,
            value=mean,
            low=low,
            high=high,
            level=None if draws is None else LEVEL,
            unit=unit,
            period=found.dates[-1],
            as_of=self.context.as_of,
            posterior=str(found.recipe["posterior"]),
            tier=FindingTier.MODELLED,
            scenario=self.context.scenario,
            parameters=tuple(dict.fromkeys(key.split("/")[0] for key in found.values)),
            sentence=sentence,
        )

    @cached_property
    def _by_size(self) -> list[Cause]:
        """The causes, the one with the largest part first."""
        found = self.attribution
        sizes = np.abs(found.splits["months"].parts[:, -1].mean(axis=-1))
        return [found.causes.causes[k] for k in np.argsort(-sizes, kind="stable")]

    def _largest(self, cause: str) -> bool:
        """Whether a cause is among those shown in the body."""
        return cause in [each.cause for each in self._by_size[:_DETAILED]]

    def _caveat(self) -> str:
        found, said = self.attribution, [_METHOD]
        if found.recipe["draws_from"] == "prior":
            said.append("No fitted posterior ships for this date: draws are from the prior.")
        if found.beyond[-1] > 0.1:
            share = round(100 * float(found.beyond[-1]))
            said.append(f"In {share} of 100 draws the months reach back behind the first scores, at the early pace.")
        if self.idle:
            until = wording.period(found.dates[-1])
            said.append(f"The scenario changes nothing up to {until}: this is the split without it.")
        return " ".join(said)

    def _counts(self) -> FindingDetails:
        """How many draws took part, and how many failed."""
        return {"draws": self.attribution.draws, "failed": self.attribution.failed}

    def _evidence(self, causes: Sequence[Cause]) -> tuple[str, ...]:
        """Ids of the newest rows of the two countries that the causes rest on, and of their dated events."""
        newest, events = self._rows
        slugs = {slug for cause in causes for slug in cause.evidence}
        topics = {topic for cause in causes for topic in cause.events}
        ids = [*newest.loc[newest["indicator"].isin(slugs), "id"], *events.loc[events["topic"].isin(topics), "id"]]
        return tuple(dict.fromkeys(ids))

    @cached_property
    def _rows(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Newest row of each indicator that any cause rests on, for the two countries; and their dated events."""
        evidence, both = self.context.evidence, [self.attribution.subject, self.attribution.rival]
        asked = {slug for cause in self.attribution.causes.causes for slug in cause.evidence}
        known = sorted(asked & set(evidence.indicators()))
        rows = evidence.observations(known, both) if known else evidence.observations().head(0)
        newest = rows.sort_values("period", kind="stable").groupby(["indicator", "country"], sort=True).tail(1)
        return newest, pd.concat([evidence.statements("event", code) for code in both])

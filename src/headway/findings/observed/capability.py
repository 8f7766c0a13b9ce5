"""The gap in scored capability: points of the Epoch Capabilities Index and months behind the frontier."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np

from headway.core import wording
from headway.findings.finding import Finding, FindingTier
from headway.findings.observed.common import (
    gap_finding,
    observed_on,
    record_picture,
    records_of,
    standing_ids,
    trend_findings,
)
from headway.findings.recipe import Context, recipe
from headway.findings.records import LagEstimate, Records, gap, lag
from headway.findings.rivals import rivals


@recipe("gap.lag_observed")
def lag_observed(context: Context) -> Iterator[Finding]:
    """Months since the best of all other countries scored what the country's best scored model scores now."""
    own, others = (records_of(context, context.country, "eci", outside=side) for side in (False, True))
    behind = lag(own, others, observed_on(context))
    if behind is None:
        yield Finding(
            id=context.id("gap.lag_observed"),
            section="gap",
            quantity="capability lag, observed",
            as_of=context.as_of,
            tier=FindingTier.OBSERVED,
            weight=1,
            sentence=f"No model of {context.the(context.country)} has a score on the Epoch Capabilities Index: its lag "
            "in capability is not observed, it can only be inferred.",
        )
        return
    best = own.models[own.at(observed_on(context))]
    passed = np.flatnonzero(others.values >= own.values[own.at(observed_on(context))])[:1]
    yield gap_finding(
        context,
        "gap.lag_observed",
        (),
        behind.months,
        quantity="capability lag, observed",
        unit="months",
        sentence=_lag_sentence(context, best, behind),
        observations=tuple(
            dict.fromkeys((*standing_ids(observed_on(context), own, others), *(others.ids[int(i)] for i in passed)))
        ),
        weight=1,
        caveat=_silence(own, observed_on(context)) or "The scores’ intervals are drawn independently.",
        picture=record_picture(context, "eci", "Epoch Capabilities Index (points)", "Best scored model so far"),
        details={"censored": behind.censored, "share_leading": behind.leads},
    )


def _silence(own: Records, end: dt.date) -> str:
    """A warning where the country's best scored model is over a year old."""
    date = own.dates[own.at(end)].astype(dt.date)
    if (end - date).days <= 365:
        return ""
    return f"That model is from {wording.period(date.strftime('%Y-%m'))}; if newer ones exist, nobody has scored them."


def _lag_sentence(context: Context, best: str, behind: LagEstimate) -> str:
    if behind.months.value == 0:
        return (
            f"{context.of(context.country)} best scored model, {best}, is ahead of every other country’s "
            f"(in {wording.in_hundred(behind.leads)} draws of the scores’ intervals)."
        )
    stands = (
        f"{context.of(context.country)} best scored model, {best}, stands where the best of all other countries stood"
    )
    if behind.censored:
        return f"{stands} more than {wording.number(behind.months.low, 2)} months earlier, where their scores begin."
    return (
        f"{stands} {wording.number(behind.months.value, 2)} months earlier, with {behind.passed_by} "
        f"({behind.months.within()})."
    )


@recipe("gap.eci")
def eci_gap(context: Context) -> Iterator[Finding]:
    """Difference in points of the Epoch Capabilities Index between the best scored models."""
    own = records_of(context, context.country, "eci")
    for rival in rivals(context):
        other = records_of(context, rival, "eci")
        distance = gap(own, other, observed_on(context))
        if distance is None:
            continue
        direction, shown = ("behind", distance) if distance.value >= 0 else ("ahead of", distance.flipped())
        yield gap_finding(
            context,
            "gap.eci",
            (rival,),
            distance,
            quantity="capability gap",
            unit="ECI points",
            sentence=f"on the Epoch Capabilities Index {context.the(context.country)} is "
            f"{wording.number(shown.value, 2)} points {direction} {context.the(rival)} ({shown.within()}).",
            observations=standing_ids(observed_on(context), own, other),
        )


@recipe("gap.eci_trend")
def eci_trend(context: Context) -> Iterator[Finding]:
    """Yearly change of the gap in capability, where scores reach back far enough."""
    yield from trend_findings(context, "gap.eci_trend", "eci", "capability", "ECI points a year")

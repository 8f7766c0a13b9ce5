"""The gap in training compute: the largest known runs, their ratio, its age and its trend."""

from __future__ import annotations

from collections.abc import Iterator

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
from headway.findings.records import Interval, LagEstimate, gap, lag
from headway.findings.rivals import rivals


@recipe("gap.training_compute")
def training_compute(context: Context) -> Iterator[Finding]:
    """Gap between the largest known training runs in orders of magnitude, and when the rival passed that size."""
    own = records_of(context, context.country, "log10_own_compute")
    if own.at(observed_on(context)) < 0:
        yield Finding(
            id=context.id("gap.training_compute"),
            section="gap",
            quantity="gap in training compute",
            as_of=context.as_of,
            tier=FindingTier.OBSERVED,
            weight=1,
            sentence=f"No training run of {context.the(context.country)} with known compute is on record.",
        )
        return
    for index, rival in enumerate(rivals(context)):
        other = records_of(context, rival, "log10_own_compute")
        distance, behind = gap(own, other, observed_on(context)), lag(own, other, observed_on(context))
        if distance is None or behind is None:
            continue
        yield gap_finding(
            context,
            "gap.training_compute",
            (rival,),
            distance,
            quantity="gap in training compute",
            unit="OOM",
            sentence=_sentence(context, own.models[own.at(observed_on(context))], rival, distance, behind),
            observations=standing_ids(observed_on(context), own, other),
            weight=1 if index == 0 else 2,
            caveat="Known runs only: since mid-2025 most makers of closed models keep their compute to themselves.",
            picture=record_picture(
                context, "log10_own_compute", "Training compute (log10 FLOP)", "Largest known training run"
            )
            if index == 0
            else None,
            details={"lag_months": behind.months.value, "lag_low": behind.months.low, "lag_high": behind.months.high},
        )


def _sentence(context: Context, run: str, rival: str, distance: Interval, behind: LagEstimate) -> str:
    side, shown = ("below", distance) if distance.value >= 0 else ("above", distance.flipped())
    ratio = wording.times(10**shown.value)
    text = (
        f"{context.of(context.country)} largest known training run ({run}) is {shown.value:.1f} orders of "
        f"magnitude ({ratio}) {side} {context.of(rival)} ({shown.within()})"
    )
    if behind.months.value == 0:
        return f"{text}."
    more = "more than " if behind.censored else ""
    months = wording.number(behind.months.value, 2)
    return f"{text}, a size that {context.the(rival)} passed {more}{months} months earlier."


@recipe("gap.training_trend")
def training_trend(context: Context) -> Iterator[Finding]:
    """Yearly change of the gap in training compute."""
    yield from trend_findings(context, "gap.training_trend", "log10_own_compute", "training compute", "OOM a year")

"""Part 3 of a brief: the modelled lag, sovereign and accessible, its trend, and the record of the hindcast."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from headway.core import periods, wording
from headway.core.numbers import LEVEL
from headway.findings.finding import Finding
from headway.findings.recipe import Context, recipe
from headway.findings.records import with_pace
from headway.inference import record
from headway.inference.arrays import Floats
from headway.inference.findings.common import (
    ModelledInterval,
    companions,
    footing,
    futures,
    inferred,
    modelled,
    not_available,
    scored,
)
from headway.inference.outlook import CountryOutlook, why_not
from headway.inference.record import hindcast_picture

_BACK = 4  # quarters over which the past trend is taken


@recipe("gap.lag_sovereign")
def lag_sovereign(context: Context) -> Iterator[Finding]:
    """Months since the best of all other countries stood where the country's own best stands."""
    if reason := why_not(context.evidence, context.country):
        yield not_available(context, "gap.lag_sovereign", "gap", "The lag", reason)
        return
    yield _lag(context, futures(context), "sovereign", "lag", weight=1)


@recipe("gap.lag_accessible")
def lag_accessible(context: Context) -> Iterator[Finding]:
    """The lag of what the country can use: its own best, or another's open weights adapted."""
    if why_not(context.evidence, context.country) is None:
        yield _lag(context, futures(context), "accessible", "accessible_lag", weight=2)


def _lag(context: Context, found: CountryOutlook, kind: str, series: str, weight: int) -> Finding:
    draws = found.draws(series, context.country)
    censored = found.draws(f"{series}_censored", context.country)
    estimate = ModelledInterval.of(draws)
    what = "own best model" if kind == "sovereign" else "best model within reach, its own or adapted open weights,"
    return modelled(
        context,
        f"gap.lag_{kind}",
        (),
        "gap",
        quantity=f"{kind} lag, modelled",
        title=f"{wording.sentence(kind)} lag behind the frontier",
        found=found,
        estimate=estimate,
        unit="months",
        sentence=f"at the end of {wording.period(found.anchor)}, {context.of(context.country)} {what} "
        f"{stands(draws, censored, 'the best of all other countries')}.",
        short=f"{_SHORT[kind]}, {wording.period(found.anchor)}: {lag_words(draws, censored)}.",
        weight=weight,
        caveat=inferred(context) if kind == "sovereign" else "",
        observations=footing(context),
        details={"censored": beyond(draws, censored), "share_leading": float((draws < 0).mean())},
    )


_SHORT = {"sovereign": "Own best model", "accessible": "Best model within reach"}


def lag_words(draws: Floats, censored: Floats, behind: str = "behind", ahead: str = "ahead") -> str:
    """`16 months behind (90%: 10–24)`; a lower bound where the frontier's scores begin too late."""
    told = ModelledInterval.of(draws)
    share = beyond(draws, censored)
    return wording.lag(told.value, told.low, told.high, LEVEL, beyond=share, behind=behind, ahead=ahead)


def beyond(draws: Floats, censored: Floats) -> float:
    """Share of draws, on the side of their median, whose months are a lower bound."""
    side = draws < 0 if float(np.nanmedian(draws)) < 0 else draws >= 0
    return float(np.mean((censored > 0.5) & side))


def stands(draws: Floats, censored: Floats, other: str) -> str:
    """`is 16 months behind the other (90%: 10–24)`; where scores begin too late it says so."""
    back = wording.BEFORE_THE_SCORES * (beyond(draws, censored) > 0.5)
    return f"is {lag_words(draws, censored, f'behind {other}', f'ahead of {other}')}{back}"


@recipe("gap.modelled_gap")
def modelled_gap(context: Context) -> Iterator[Finding]:
    """The gap to the frontier in capability points, and the effective compute that would close it."""
    if why_not(context.evidence, context.country) is not None:
        return
    found = futures(context)
    for series, unit, quantity in (
        ("gap", "ECI points", "gap to the frontier, modelled"),
        ("gap_oom", "OOM", "gap in effective compute, modelled"),
    ):
        draws = found.draws(series, context.country)
        behind = float(np.median(draws)) >= 0
        shown = ModelledInterval.of(draws if behind else -draws)
        name, others = context.the(context.country), "the best of all other countries"
        where, more, less = ("behind", others, name) if behind else ("ahead of", name, others)
        yield modelled(
            context,
            "gap.modelled_gap",
            ("eci" if series == "gap" else "oom",),
            "gap",
            quantity=quantity,
            title="Gap to the frontier" if series == "gap" else "Gap in effective compute",
            found=found,
            estimate=ModelledInterval.of(draws),
            unit=unit,
            sentence=with_pace(context, f"{name} is {shown.words(unit)} {where} {others}.")
            if series == "gap"
            else f"{more} has {shown.words(unit)} the effective compute of {less} (training compute times algorithmic "
            "efficiency).",
            weight=2 if series == "gap" else 3,
            observations=footing(context),
        )


@recipe("gap.lag_to")
def lag_to(context: Context) -> Iterator[Finding]:
    """The lag behind each rival and each peer."""
    if why_not(context.evidence, context.country) is not None:
        return
    found = futures(context)
    chosen, alike = companions(context)
    for other in (*chosen, *alike):
        months, censored = found.lag_behind(context.country, other)
        kind = "rival" if other in chosen else "peer"
        peer = " this peer in size and income" if kind == "peer" else ""
        where = stands(months, censored, f"that of {context.the(other)}")
        yield modelled(
            context,
            "gap.lag_to",
            (other,),
            "gap",
            quantity=f"lag to a {kind}, modelled",
            title=f"Lag behind {context.name(other)}",
            found=found,
            estimate=ModelledInterval.of(months),
            unit="months",
            sentence=f"{context.of(context.country)} own best model {where}; "
            f"{wording.chance_that(float((months > 0).mean()), f'it is behind{peer}')}.",
            weight=2 if kind == "rival" else 3,
            observations=footing(context),
            details={"censored": beyond(months, censored), "probability_behind": float((months > 0).mean())},
        )


@recipe("gap.modelled_trend")
def modelled_trend(context: Context) -> Iterator[Finding]:
    """Whether the gap to the frontier widens: over the last year and over the next two."""
    if why_not(context.evidence, context.country) is not None:
        return
    found = futures(context)
    anchor = periods.quarter_number(found.anchor)
    for argument, start, end, years in (
        ("past", anchor - _BACK, anchor, 1),
        ("ahead", anchor, anchor + 2 * periods.PER_YEAR, 2),
    ):
        before, after = (found.draws("gap", context.country, periods.quarter_name(q)) for q in (start, end))
        change = (after - before) / years
        leads = float(np.median(before)) < 0
        worse = float((change > 0).mean())
        p = max(worse, 1 - worse)
        span = "over the last year" if argument == "past" else f"over the next {years} years"
        if leads:
            happened = ("its lead shrink", "its lead grow") if argument == "past" else ("lead shrinks", "lead grows")
        else:
            happened = ("its gap widen", "its gap narrow") if argument == "past" else ("gap widens", "gap narrows")
        what = happened[0] if worse >= 0.5 else happened[1]
        shown = ModelledInterval.of(change if worse >= 0.5 else -change)
        subject = context.of(context.country)
        told = (
            f"{span} {context.the(context.country)} saw {what} against the best of all other countries"
            if argument == "past"
            else f"{wording.futures(p)} {subject} {what} against the best of all other countries {span}"
        )
        yield modelled(
            context,
            "gap.modelled_trend",
            (argument,),
            "gap",
            quantity="trend of the gap, modelled",
            title=f"Gap {span}",
            found=found,
            estimate=ModelledInterval.of(change),
            unit="ECI points a year",
            period=f"{periods.quarter_name(start)}–{periods.quarter_name(end)}",
            sentence=with_pace(context, f"{told} ({wording.likelihood(p)}), by {shown.words('ECI points')} a year."),
            short=f"Next {years} years: {what} in {wording.of_hundred(p)} futures ({wording.likelihood(p)})."
            if argument == "ahead"
            else "",
            weight=1 if argument == "ahead" else 2,
            caveat=_trend_caveat(context, argument),
            observations=footing(context),
            details={"probability_widening": worse},
        )


def _trend_caveat(context: Context, argument: str) -> str:
    if argument == "past" and not scored(context):
        return (
            "Its past levels are inferred with today’s distance in algorithms, so the past trend shows compute alone."
        )
    return ""


@recipe("gap.hindcast")
def hindcast(context: Context) -> Iterator[Finding]:
    """How well the model would have known the scores of the year after each origin, against naive forecasts."""
    stored = record.stored(context.as_of)
    if stored is None:
        return
    yield modelled(
        context,
        "gap.hindcast",
        (),
        "gap",
        quantity="hindcast score",
        title="Error of forecasts made at past dates (CRPS)",
        value=float(stored["summary"][record.HEADWAY]["crps"]),
        unit="ECI points",
        period=stored["period"],
        sentence=f"the model was asked 6 and 12 months ahead from {len(stored['origins'])} past dates. "
        f"{with_pace(context, record.verdict(stored))} {record.coverage(context.as_of)}",
        weight=2,
        caveat=stored["flag"],
        picture=hindcast_picture(stored),
        table=tuple(
            {
                "forecast": row,
                "CRPS": round(values["crps"], 2),
                "mean absolute error": round(values["mae"], 2),
                "90% coverage": round(values["coverage90"], 2),
            }
            for row, values in sorted(stored["summary"].items(), key=lambda item: float(item[1]["crps"]))
        ),
        details={"inside": record.inside_counts(stored)},
    )

"""Observed gaps in capability, installed compute and training compute, and the best open-weight model at hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import pandas as pd

from headway.core import wording
from headway.core.numbers import LEVEL
from headway.evidence.benchmarks import SCALE, results_of
from headway.evidence.catalogue import owned_makers
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
from headway.findings.records import LEAST_RUN, Interval, LagEstimate, Records, gap, is_current, lag, records, with_pace
from headway.findings.rivals import rivals

SHOWN_BENCHMARKS = 3


@recipe("gap.accessible_observed")
def accessible(context: Context) -> Iterator[Finding]:
    """How far the best open-weight model of any country is behind the frontier, and whose it is."""
    models = context.evidence.models()
    everyone = set(models["countries"].str.split(";").str[0].dropna())
    frontier = records(models, everyone, "eci", seed=context.seed)
    free = records(models[models["open_weights"].eq(True)], everyone, "eci", seed=context.seed)
    behind = lag(free, frontier, observed_on(context))
    if behind is None:
        return
    best = free.at(observed_on(context))
    maker = str(models.set_index("id").loc[free.ids[best], "countries"]).split(";")[0]
    own = records_of(context, context.country, "eci")
    mine = own.at(observed_on(context))
    if maker == context.country:
        comparison = f"it is {context.of(maker)} own"
    elif mine >= 0 and own.values[mine] >= free.values[best]:
        comparison = f"{context.the(context.country)} has better of its own"
    else:
        comparison = f"it comes from {context.the(maker)}, so using it is access, not ability"
    yield gap_finding(
        context,
        "gap.accessible_observed",
        (),
        behind.months,
        quantity="accessible lag through open weights",
        unit="months",
        sentence=f"the best open-weight model, {free.models[best]}, which anyone can run, stands where the frontier "
        f"stood {_lag_words(behind, 'earlier')}; {comparison}.",
        observations=(free.ids[best], frontier.ids[frontier.at(observed_on(context))]),
        caveat="Licences differ, running it needs compute, and its maker may close the next one.",
        details={"model": free.models[best], "maker": maker},
    )


@recipe("gap.lag_observed")
def lag_observed(context: Context) -> Iterator[Finding]:
    """Months since the best of all other countries scored what the country's best measured model scores now."""
    own, others = (records_of(context, context.country, "eci", outside=side) for side in (False, True))
    behind = lag(own, others, observed_on(context))
    if behind is None:
        elsewhere = _counted_elsewhere(context)
        yield Finding(
            id=context.id("gap.lag_observed"),
            section="gap",
            quantity="capability lag, observed",
            as_of=context.as_of,
            tier=FindingTier.OBSERVED,
            weight=1,
            short="No model has scores enough to be placed: its lag can only be inferred.",
            sentence=f"No model of {context.the(context.country)} has a published index or enough public benchmark "
            "results to be placed: its lag in capability is not measured, it can only be inferred."
            + (f" {wording.sentence(elsewhere)}." if elsewhere else ""),
            details={"counted_elsewhere": elsewhere},
        )
        return
    best = own.models[own.at(observed_on(context))]
    passed = np.flatnonzero(others.values >= own.values[own.at(observed_on(context))])[:1]
    placed = _placed_by(own, observed_on(context))
    yield gap_finding(
        context,
        "gap.lag_observed",
        (),
        behind.months,
        quantity="capability lag, observed",
        unit="months",
        sentence=_lag_sentence(context, best, behind) + placed,
        short=f"Best measured model, {best}: {_short_lag(behind)}.",
        observations=tuple(
            dict.fromkeys((*standing_ids(observed_on(context), own, others), *(others.ids[int(i)] for i in passed)))
        ),
        weight=1,
        caveat=_silence(own, observed_on(context)) or "The scores’ intervals are drawn independently.",
        picture=record_picture(context, "eci", "Capability (points of Epoch’s index)", "Best measured model so far"),
        details={
            "censored": behind.censored,
            "share_leading": behind.leads,
            "model": best,
            "released": own.dates[own.at(observed_on(context))].astype(dt.date).isoformat(),
        },
    )


def _counted_elsewhere(context: Context) -> str:
    """`those of A Lab, which has its seat there, count for Arland, the country of its owner`; or nothing."""
    told = [
        f"those of {one.maker}, which has its seat there, count for {context.the(one.counts_for)}, the country of its "
        "owner"
        for one in owned_makers().values()
        if one.seat in context.members(context.country) and one.counts_for not in context.members(context.country)
    ]
    return "; ".join(told)


def _placed_by(own: Records, end: dt.date) -> str:
    """Sentence on the benchmarks that place the country's best model, where no published index does."""
    at = own.at(end)
    if not own.ids[at].startswith(f"{SCALE}:"):
        return ""
    results = results_of(own.models[at])
    told = [f"{row.benchmark} {100 * float(row.score):.0f} %" for row in results.itertuples()]
    shown = wording.listing(told[:SHOWN_BENCHMARKS]) + (" and others" if len(told) > SHOWN_BENCHMARKS else "")
    by = wording.listing(sorted(set(results["evaluator"])))
    low, high = np.quantile(own.draws[at], [0.05, 0.95])
    value = f"{own.values[at]:.0f} points (90%: {low:.0f}–{high:.0f})"
    return (
        f" It has no published index: {len(told)} public benchmark results by {by} place it at {value} on the same "
        f"scale ({shown})."
    )


def _silence(own: Records, end: dt.date) -> str:
    """A warning where the country's best measured model is over a year old."""
    date = own.dates[own.at(end)].astype(dt.date)
    if (end - date).days <= 365:
        return ""
    return f"That model is from {wording.period(date.strftime('%Y-%m'))}; if newer ones exist, nobody has tested them."


def _lag_sentence(context: Context, best: str, behind: LagEstimate) -> str:
    if behind.months.value == 0:
        return (
            f"{context.of(context.country)} best measured model, {best}, is ahead of every other country’s "
            f"(in {wording.in_hundred(behind.leads)} draws of the scores’ intervals)."
        )
    stands = (
        f"{context.of(context.country)} best measured model, {best}, stands where the best of all other countries stood"
    )
    if behind.censored > 0.5:
        return f"{stands} {_lag_words(behind, 'earlier')}, where measurement begins."
    return f"{stands} {_lag_words(behind, 'earlier')}, with {behind.passed_by}{_leapt(behind.months)}."


def _leapt(told: Interval) -> str:
    """Words on why the months are an end of their own interval; nothing where they are not."""
    if told.low < told.value < told.high or told.low == told.high:
        return ""
    same = float(np.mean(np.isclose(told.draws, told.value)))
    return f", which leapt past that level: {wording.of_hundred(same)} draws of the scores end at its release"


def _short_lag(behind: LagEstimate) -> str:
    """`15 months behind (90%: 11–18)`."""
    if behind.months.value == 0:
        return "ahead of every other country’s"
    return _lag_words(behind, "behind")


def _lag_words(found: LagEstimate, then: str) -> str:
    """`15 months behind (90%: 11–18)`, with the word after the months."""
    told = found.months
    return wording.lag(told.value, told.low, told.high, LEVEL, beyond=found.censored, behind=then)


@recipe("gap.eci")
def eci_gap(context: Context) -> Iterator[Finding]:
    """Difference in points of the Epoch Capabilities Index between the best measured models."""
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
            sentence=with_pace(
                context,
                f"on Epoch’s index of capability {context.the(context.country)} is {wording.number(shown.value, 2)} "
                f"points {direction} {context.the(rival)} ({shown.within()}).",
            ),
            observations=standing_ids(observed_on(context), own, other),
        )


@recipe("gap.eci_trend")
def eci_trend(context: Context) -> Iterator[Finding]:
    """Yearly change of the gap in capability, where scores reach back far enough."""
    yield from trend_findings(context, "gap.eci_trend", "eci", "capability", "ECI points a year")


_COUNTS = (
    (
        "compute_stock_h100e",
        "AI chips owned",
        "Documented chips only, domestic ones where a publisher counts them: undeclared imports and rented chips are "
        "left out.",
    ),
    ("cluster_h100e", "AI clusters known", "Known clusters are a minority of all, and Chinese ones are named least."),
)


@recipe("gap.compute_stock")
def compute_stock(context: Context) -> Iterator[Finding]:
    """Ratio of installed AI compute by the best count that both countries share."""
    shown = [context.country, *rivals(context)]
    tables = [(_with_domestic(context, slug, shown), *rest) for slug, *rest in _COUNTS]
    for rival in rivals(context):
        for table, what, caveat in tables:
            if {context.country, rival} <= set(table.index) and (
                table.loc[[context.country, rival], "value"] > 0
            ).all():
                yield _chip_ratio(context, rival, table, what, caveat)
                break


def _chip_ratio(context: Context, rival: str, table: pd.DataFrame, what: str, caveat: str) -> Finding:
    own, other = table.loc[context.country], table.loc[rival]
    ratio = float(other["value"]) / float(own["value"])
    more, less = (rival, context.country) if ratio >= 1 else (context.country, rival)
    home = _DOMESTIC if own["domestic"] or other["domestic"] else ""
    return Finding(
        id=context.id("gap.compute_stock", rival),
        section="gap",
        quantity="ratio of AI compute",
        value=ratio,
        unit="times",
        period=str(other["period"]),
        as_of=context.as_of,
        tier=FindingTier.DERIVED,
        observations=(str(own["id"]), str(other["id"]), *own["domestic"], *other["domestic"]),
        sentence=wording.sentence(
            f"{context.of(more)} {what}{home} come to {wording.times(max(ratio, 1 / ratio))} those of "
            f"{context.the(less)}: "
            f"{wording.number(float(table.loc[more, 'value']))} H100-equivalents ({table.loc[more, 'period']}) against "
            f"{wording.number(float(table.loc[less, 'value']))} ({table.loc[less, 'period']})."
        ),
        caveat=caveat,
    )


_DOMESTIC = ", those of makers at home included,"


def _with_domestic(context: Context, slug: str, countries: list[str]) -> pd.DataFrame:
    """Latest counts by country, to which chips of makers at home are added where they are counted apart.

    `domestic` holds the ids of the figures that were added.
    """
    table = context.evidence.latest(slug, country=countries).set_index("country")
    table = table.assign(domestic=[()] * len(table))
    if slug != "compute_stock_h100e":
        return table
    home = context.evidence.observations("domestic_compute_h100e", countries)
    for country, row in table.iterrows():
        same = home[(home["country"] == country) & (home["period"] == row["period"])]
        if len(same):
            table.at[country, "value"] = row["value"] + float(same["value"].iloc[-1])
            table.at[country, "domestic"] = (str(same["id"].iloc[-1]),)
    return table


@recipe("gap.training_compute")
def training_compute(context: Context) -> Iterator[Finding]:
    """Ratio of the largest known training runs as its logarithm to base 10, and when the rival passed that size."""
    own = records_of(context, context.country, "log10_own_compute")
    if not is_current(own, observed_on(context)):
        yield Finding(
            id=context.id("gap.training_compute"),
            section="gap",
            quantity="gap in training compute",
            as_of=context.as_of,
            tier=FindingTier.OBSERVED,
            weight=1,
            sentence=_no_large_run(context, own),
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
            short=f"Largest known run: {_ratio_of_runs(distance)} {context.of(rival)}.",
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


def _no_large_run(context: Context, own: Records) -> str:
    """Sentence for a country whose known runs are none, toys, or too old to say what it can train now."""
    at = own.at(observed_on(context))
    text = f"No large training run of {context.the(context.country)} is known"
    if at < 0:
        return f"{text}."
    size = wording.number(10 ** float(own.values[at]), 2)
    year = own.dates[at].astype(dt.date).year
    return (
        f"{text}: the largest with published compute, {own.models[at]} ({size} FLOP, {year}), is too small or too "
        "old to measure the distance by."
    )


def _ratio_of_runs(distance: Interval) -> str:
    """`680 times smaller than`."""
    side = "smaller" if distance.value >= 0 else "larger"
    return f"{wording.times(10 ** abs(distance.value))} {side} than"


def _sentence(context: Context, run: str, rival: str, distance: Interval, behind: LagEstimate) -> str:
    shown = distance if distance.value >= 0 else distance.flipped()
    text = (
        f"{context.of(context.country)} largest known training run ({run}) is {_ratio_of_runs(distance)} "
        f"{context.of(rival)} ({shown.within('OOM')})"
    )
    if behind.months.value == 0:
        return f"{text}."
    more = "more than " if behind.censored > 0.5 else ""
    months, day = wording.number(behind.months.value, 2), wording.day(observed_on(context))
    return f"{text}, a size that {context.the(rival)} passed {more}{months} months before {day}."


@recipe("gap.training_trend")
def training_trend(context: Context) -> Iterator[Finding]:
    """Yearly change of the gap in training compute."""
    if is_current(records_of(context, context.country, "log10_own_compute"), observed_on(context)):
        yield from trend_findings(
            context, "gap.training_trend", "log10_own_compute", "training compute", "OOM a year", least=LEAST_RUN
        )

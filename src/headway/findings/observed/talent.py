"""Part 4, as far as evidence goes: talent that comes and goes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from headway.core import wording
from headway.findings.finding import Finding, FindingTier
from headway.findings.recipe import Context, recipe

_FEW_MOVES = 200


@recipe("why.activity_trend")
def activity_trend(context: Context) -> Iterator[Finding]:
    """Change of developers' activity over three years beside the median country: talent leaves or arrives."""
    pushes = context.evidence.panel("git_pushes")
    if context.country not in pushes.columns or len(pushes) < 13:
        return
    yearly = pushes.rolling(4).sum()
    now, before = yearly.iloc[-1], yearly.iloc[-13]
    ratio = (now / before).replace([np.inf, -np.inf], np.nan).dropna()
    if context.country not in ratio.index:
        return
    span = f"{yearly.index[-13]}–{yearly.index[-1]}"
    ids = context.evidence.observations("git_pushes", context.country)
    ends = ids[ids["period"].isin([yearly.index[-13], yearly.index[-1]])]["id"]
    change, median = float(ratio[context.country] - 1), float(ratio.median() - 1)
    yield Finding(
        id=context.id("why.activity_trend"),
        section="why",
        quantity="change in public software activity",
        value=100 * change,
        unit="%",
        period=span,
        as_of=context.as_of,
        tier=FindingTier.DERIVED,
        observations=tuple(map(str, ends)),
        sentence=f"Pushes to public code from {context.the(context.country)} changed by "
        f"{wording.amount(100 * change, '%')} over three years (four quarters to {yearly.index[-1]}), against "
        f"{wording.amount(100 * median, '%')} in the median of {len(ratio)} countries.",
        caveat="By the place of the developer’s connection: blocked or hidden addresses look like departures.",
        weight=2,
        details={"median": 100 * median},
    )


@recipe("why.scholars")
def scholars(context: Context) -> Iterator[Finding]:
    """Countries that published scholars moved to and from, over the last five years on record."""
    moves = context.evidence.flows("scholars")
    moves = (
        moves[moves["period"].astype(str) >= str(int(max(moves["period"], default="0")) - 4)] if len(moves) else moves
    )
    gone, come = moves[moves["origin"] == context.country], moves[moves["destination"] == context.country]
    if gone.empty and come.empty:
        return
    to = gone.groupby("destination")["value"].sum().sort_values(ascending=False)
    first, last = str(moves["period"].min()), str(moves["period"].max())
    totals = [_total(context, indicator, first, last) for indicator in ("scholars_out", "scholars_in")]
    if any(total.empty for total in totals):
        return
    left, arrived = (float(total["value"].sum()) for total in totals)
    few = "Few moves: one department’s change of heart would show. " if left + arrived < _FEW_MOVES else ""
    span = f"{first}–{last}"
    places = wording.listing(
        [f"{context.the(str(code))} ({wording.number(float(count))})" for code, count in to.head(3).items()]
    )
    most = f"; most left for {places}" if places else ""
    top = gone[gone["destination"].isin(to.head(3).index)]
    yield Finding(
        id=context.id("why.scholars"),
        section="why",
        quantity="net moves of published scholars",
        value=arrived - left,
        unit="persons",
        period=span,
        as_of=context.as_of,
        tier=FindingTier.DERIVED,
        observations=tuple(map(str, pd.concat([*(total["id"] for total in totals), top["id"]]))),
        sentence=f"In {span}, {wording.number(left)} published scholars left {context.the(context.country)} and "
        f"{wording.number(arrived)} came{most}.",
        caveat=few + "Moves seen in publications, all fields, to 2020: later departures are not in this series.",
        weight=2,
    )


def _total(context: Context, indicator: str, first: str, last: str) -> pd.DataFrame:
    """Yearly totals of moves; pairs of countries alone would leave out those with too few moves to be published."""
    rows = context.evidence.observations(indicator, context.country)
    return rows[rows["period"].astype(str).between(first, last)]

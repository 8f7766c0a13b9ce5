"""Parts that the recipes of the gap share: records of a country or bloc, their picture, a finding from an estimate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from headway.core import wording
from headway.core.numbers import LEVEL
from headway.findings.details import FindingDetails
from headway.findings.finding import Finding, FindingTier, Picture
from headway.findings.recipe import Context
from headway.findings.records import Interval, Records, change_of_gap, gap, horizon, records, with_pace
from headway.findings.rivals import rivals

TREND_YEARS = (3, 5)
PICTURE_YEARS = 10


def records_of(context: Context, code: str, quantity: str, *, outside: bool = False) -> Records:
    """Records of a country or of a bloc's members; of everybody else with `outside`."""
    return records(context.evidence.models(), context.members(code), quantity, outside=outside, seed=context.seed)


def observed_on(context: Context) -> dt.date:
    """Day for which records are compared: the last one that the model facts cover."""
    return horizon(context.evidence.models(), context.as_of)


def standing_ids(date: dt.date, *sides: Records) -> tuple[str, ...]:
    """Ids of the records that stand on `date`."""
    return tuple(dict.fromkeys(side.ids[side.at(date)] for side in sides if side.at(date) >= 0))


def dated(statement: pd.Series) -> str:
    """Date of a statement in words, to the precision it was given in; empty where it was given none."""
    date = iso_date(statement)
    return wording.period(date) if date else ""


def iso_date(statement: Mapping[Any, Any] | pd.Series) -> str:
    """Date of a statement to the precision it was given in: 2019, 2019-07, 2019Q3, 2019-07-14; empty without one."""
    if pd.isna(statement["date"]):
        return ""
    date = pd.Timestamp(statement["date"])
    precision = statement["date_precision"]
    if precision == "quarter":
        return f"{date.year}Q{date.quarter}"
    return str(date.strftime({"year": "%Y", "month": "%Y-%m"}.get(str(precision), "%Y-%m-%d")))


def gap_finding(
    context: Context,
    recipe: str,
    arguments: tuple[str, ...],
    estimate: Interval,
    *,
    quantity: str,
    unit: str,
    sentence: str,
    short: str = "",
    observations: tuple[str, ...],
    weight: int = 2,
    caveat: str = "",
    period: str | None = None,
    picture: Picture | None = None,
    details: FindingDetails | None = None,
) -> Finding:
    """Derived finding of the part on the gap, from an estimate with its 90 % interval."""
    return Finding(
        id=context.id(recipe, *arguments),
        section="gap",
        quantity=quantity,
        value=estimate.value,
        low=estimate.low,
        high=estimate.high,
        level=LEVEL,
        unit=unit,
        period=period or observed_on(context).isoformat(),
        as_of=context.as_of,
        tier=FindingTier.DERIVED,
        observations=observations,
        sentence=wording.sentence(sentence),
        short=wording.sentence(short),
        caveat=caveat,
        weight=weight,
        picture=picture,
        details=details or FindingDetails(),
    )


def record_picture(context: Context, quantity: str, axis: str, title: str) -> Picture | None:
    """Steps of the record so far, of the country and of those it is compared with, over the last ten years."""
    shown, end = (context.country, *rivals(context)), observed_on(context)
    start = (pd.Timestamp(end) - pd.DateOffset(years=PICTURE_YEARS)).date().isoformat()
    rows: list[dict[str, Any]] = []
    for code in shown:
        side = records_of(context, code, quantity)
        last = side.at(end)
        for i in range(last + 1):
            until = str(side.dates[i + 1]) if i < last else end.isoformat()
            level, since = round(float(side.values[i]), 3), max(start, str(side.dates[i]))
            if until > start:
                rows += [{"label": context.name(code), "date": date, "value": level} for date in (since, until)]
    if not rows:
        return None
    standing = {row["label"]: row["value"] for row in rows}
    return Picture(
        kind="lines",
        title=title,
        rows=tuple(rows),
        x="",
        y=axis,
        alternative=f"Record so far by country. On {end}: "
        + "; ".join(f"{label} {wording.number(level)}" for label, level in standing.items())
        + ".",
        source="Epoch AI (CC BY 4.0)",
    )


def end_count(own: Records, start: dt.date, end: dt.date) -> str:
    """Number, in words, of the country's records that a change between two dates rests on."""
    new = own.at(end) - own.at(start)
    return f"{new} new record{'' if new == 1 else 's'} of the country in the period"


def trend_findings(
    context: Context, recipe: str, quantity: str, what: str, unit: str, *, least: float = -np.inf
) -> Iterator[Finding]:
    """Yearly change of the gap over three and five years, against each rival that has records at both ends.

    Args:
        least: smallest record from which a change is reckoned; one from below tells of a first trial, not of a trend.
    """
    own, end = records_of(context, context.country, quantity), observed_on(context)
    for place, rival in enumerate(rivals(context)):
        other = records_of(context, rival, quantity)
        for years in TREND_YEARS:
            start = (pd.Timestamp(end) - pd.DateOffset(years=years)).date()
            change = change_of_gap(own, other, start, end)
            if change is None or any(one.values[one.at(start)] < least for one in (own, other)):
                continue
            widening = float(np.mean(change.draws > 0) + 0.5 * np.mean(change.draws == 0))
            today = gap(own, other, end)
            moved = _moved(context, rival, what, change, unit, leads=today is not None and today.value < 0)
            yield gap_finding(
                context,
                recipe,
                (rival, f"{years}y"),
                change,
                quantity=f"trend of the gap in {what}",
                unit=unit,
                sentence=f"over {years} years {moved}"
                if "OOM" in unit
                else with_pace(context, f"over {years} years {moved}"),
                short=f"over {years} years {moved.partition(' by ')[0]}.",
                observations=tuple(dict.fromkeys((*standing_ids(start, own, other), *standing_ids(end, own, other)))),
                period=f"{start}–{end}",
                weight=(1 if place == 0 else 2) if years == TREND_YEARS[0] else 3,
                caveat=f"Rests on {end_count(own, start, end)}; an unpublished one counts as none.",
                details={"probability_widening": widening, "years": years},
            )


def _moved(context: Context, rival: str, what: str, change: Interval, unit: str, *, leads: bool) -> str:
    """Clause: `the gap in … to … widened by 9.9 capability points a year (90%: 6–14); it is likely that it widened`.

    A country that is ahead has a lead, which grows where the gap narrows.
    """
    up = change.value > 0
    share = float(np.mean(change.draws > 0 if up else change.draws < 0) + 0.5 * np.mean(change.draws == 0))
    verb = ("shrank" if up else "grew") if leads else ("widened" if up else "narrowed")
    subject = (
        f"{context.of(context.country)} lead over {context.the(rival)} in {what}"
        if leads
        else f"the gap in {what} to {context.the(rival)}"
    )
    if change.value == 0:
        return f"{subject} did not move."
    size = change if up else change.flipped()
    by = wording.quantity(size.value, size.low, size.high, LEVEL, unit)
    if unit == "OOM a year":
        by = f"a factor of {wording.number(10**size.value, 2)} a year ({size.within(unit, bare=True)})"
    return f"{subject} {verb} by {by}; {wording.chance_that(share, f'it {verb}')} ({wording.in_hundred(share)} draws)."

"""Observed drivers behind a gap: money, talent, institutions and resources, and export controls as dated events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from headway.core import wording
from headway.findings.details import FindingDetails
from headway.findings.finding import Finding, FindingTier, Picture
from headway.findings.observed.common import dated
from headway.findings.recipe import Context, recipe
from headway.findings.rivals import peers, rivals


@dataclass(frozen=True, slots=True)
class Driver:
    """An indicator that stands for a cause, how to speak of it, and how prominent it is."""

    slug: str
    phrase: str
    weight: int
    unit: str = "%"
    ratio: bool = False


DRIVERS: tuple[Driver, ...] = (
    Driver("ai_private_investment_usd", "private investment in AI", 1, unit="USD", ratio=True),
    Driver("gdp_usd", "the economy (GDP)", 2, unit="USD", ratio=True),
    Driver("rd_spending_usd", "spending on research and development", 1, unit="USD", ratio=True),
    Driver("rd_share_gdp", "research and development as a share of GDP", 2),
    Driver("researchers_per_million", "researchers per million people", 2, unit=""),
    Driver("scholars_net_rate", "net migration of published scholars per thousand of them", 2, unit=""),
    Driver("resource_rents_share", "rents from natural resources as a share of GDP", 2),
    Driver("fuel_exports_share", "fuels as a share of merchandise exports", 2),
    Driver("tertiary_enrolment", "enrolment in tertiary education", 3),
    Driver("government_effectiveness", "government effectiveness (standard units around the world mean)", 3, unit=""),
    Driver("internet_users_share", "people who use the internet", 3),
    Driver("ai_adoption_share", "working-age people who use AI", 3),
    Driver("electricity_generation_per_capita", "electricity generated per head", 3, unit="kWh"),
)

_CHANGE_YEARS = 10
_FEWEST_SCHOLARS = 2_000


@recipe("why.controls")
def controls(context: Context) -> Iterator[Finding]:
    """Export controls and sanctions on record, as dated events."""
    events = context.evidence.statements("event", context.country)
    if events.empty:
        return
    events = events.sort_values("date", kind="stable")
    first, last = events.iloc[0], events.iloc[-1]
    counted = "1 export-control event" if len(events) == 1 else f"{len(events)} export-control events"
    told = (
        f"{counted} concerning {context.the(context.country)} {'is' if len(events) == 1 else 'are'} on record since "
        f"{dated(first)}; the latest, {dated(last)}: {str(last['text']).rstrip('.')}."
    )
    short = f"{counted} on record, the latest of {dated(last)}."
    found = _counted_events(context, "why.controls", "export-control events on record", events, told, weight=1)
    yield replace(found, short=short)


_EVERYBODY = "WORLD"  # whom an act concerns that names no country


@recipe("why.model_access")
def model_access(context: Context) -> Iterator[Finding]:
    """Acts that widened or narrowed everybody's access to others' models, the two newest in words."""
    events = context.evidence.statements("event")
    events = events[events["country"].eq(_EVERYBODY) & events["topic"].eq("services")].sort_values(
        "date", kind="stable"
    )
    if events.empty:
        return
    told = " ".join(
        f"{wording.sentence(dated(row))}: {str(row['text']).rstrip('.')}." for _, row in events.tail(2).iterrows()
    )
    quantity = "acts on everybody's access to foreign models"
    yield _counted_events(context, "why.model_access", quantity, events, told, weight=2)


def _counted_events(
    context: Context, name: str, quantity: str, events: pd.DataFrame, sentence: str, weight: int
) -> Finding:
    """Finding that counts dated events, the earliest first."""
    return Finding(
        id=context.id(name),
        section="why",
        quantity=quantity,
        value=float(len(events)),
        unit="events",
        period=f"{events.iloc[0]['date'].date()}–{events.iloc[-1]['date'].date()}",
        as_of=context.as_of,
        tier=FindingTier.OBSERVED,
        observations=tuple(map(str, events["id"])),
        sentence=sentence,
        weight=weight,
    )


@recipe("why.driver")
def drivers(context: Context) -> Iterator[Finding]:
    """The latest figure of each driver, for the country, its rivals and its peers."""
    compared = list(dict.fromkeys((context.country, *rivals(context), *peers(context))))
    for driver in DRIVERS:
        latest = context.evidence.latest(driver.slug, country=compared).set_index("country")
        if context.country in latest.index and _counted_enough(context, driver):
            yield _driver(context, driver, latest, [code for code in compared if code in latest.index])


def _counted_enough(context: Context, driver: Driver) -> bool:
    """A rate among a handful of scholars says nothing."""
    if driver.slug != "scholars_net_rate":
        return True
    counted = context.evidence.latest("scholars", country=context.country)
    return not counted.empty and float(counted["value"].iloc[0]) >= _FEWEST_SCHOLARS


def _driver(context: Context, driver: Driver, latest: pd.DataFrame, shown: list[str]) -> Finding:
    own = latest.loc[context.country]
    unit = driver.unit
    others = [code for code in rivals(context) if code in shown]
    value = float(own["value"])
    figures = [_figure(context, code, latest.loc[code], unit) for code in (context.country, *others)]
    text = f"{driver.phrase}: {figures[0]}"
    if others:
        text += f", against {wording.listing(figures[1:])}"
    details = FindingDetails()
    if others:
        against_value = float(latest.loc[others[0], "value"])
        details = {"against": others[0], "other": against_value}
        if driver.ratio and value > 0:
            text += "; " + _ratio(context, value, others[0], against_value)
            details["times"] = against_value / value
    bounded = pd.notna(own["low"]) and pd.notna(own["high"])
    return Finding(
        id=context.id("why.driver", driver.slug),
        section="why",
        quantity=driver.phrase,
        value=value,
        low=float(own["low"]) if bounded else None,
        high=float(own["high"]) if bounded else None,
        level=float(own["level"]) if bounded else None,
        unit=str(own["unit"]),
        period=str(own["period"]),
        as_of=context.as_of,
        tier=FindingTier.DERIVED if own["inputs"] else FindingTier.OBSERVED,
        observations=tuple(str(latest.loc[code, "id"]) for code in shown),
        sentence=wording.sentence(text) + ".",
        short=wording.fitting(wording.sentence(f"{driver.phrase}: "), figures),
        caveat=_age_caveat(context, str(own["period"])),
        weight=driver.weight,
        picture=_picture(context, driver, latest, shown) if driver.weight == 1 else None,
        details=details,
    )


def _figure(context: Context, code: str, row: pd.Series, unit: str) -> str:
    """`3.4% in the United States (2023)`."""
    return f"{wording.amount(float(row['value']), unit)} in {context.the(code)} ({row['period']})"


def _ratio(context: Context, value: float, other: str, against: float) -> str:
    """Words on the ratio of two countries, the larger one first."""
    own, rival = context.the(context.country), context.the(other)
    if against >= value:
        return f"{rival} has {wording.times(against / value)} as much as {own}"
    return f"{own} has {wording.times(value / against)} as much as {rival}"


def _age_caveat(context: Context, period: str) -> str:
    age = context.as_of.year - int(period[:4])
    return f"The latest figure is {age} years old." if age >= 4 else ""


def _picture(context: Context, driver: Driver, latest: pd.DataFrame, shown: list[str]) -> Picture:
    rows: tuple[dict[str, Any], ...] = tuple(
        {"label": context.name(code), "value": float(latest.loc[code, "value"])} for code in shown
    )
    values = [row["value"] for row in rows if row["value"] > 0]
    return Picture(
        kind="bars",
        title=wording.sentence(driver.phrase),
        rows=rows,
        x=str(latest.loc[shown[0], "unit"]),
        y="",
        alternative="; ".join(f"{row['label']} {wording.amount(row['value'], driver.unit)}" for row in rows) + ".",
        source=", ".join(sorted(set(latest.loc[shown, "source"].astype(str)))),
        log=bool(values) and max(values) / min(values) > 100,
    )


@recipe("why.dependence_trend")
def dependence_trend(context: Context) -> Iterator[Finding]:
    """How far dependence on natural resources moved over ten years: a shift shows here, or it does not."""
    for slug, phrase in (
        ("resource_rents_share", "rents from natural resources"),
        ("fuel_exports_share", "fuels in merchandise exports"),
    ):
        series = context.evidence.observations(slug, context.country).sort_values("period")
        if len(series) < 2:
            continue
        last = series.iloc[-1]
        earlier = series[series["period"].astype(int) <= int(last["period"]) - _CHANGE_YEARS]
        if earlier.empty:
            continue
        first = earlier.iloc[-1]
        before, after = (wording.amount(float(one["value"]), str(one["unit"])) for one in (first, last))
        before = before if first["unit"] != last["unit"] or "%" not in before else f"{before.partition('%')[0]}%"
        change = float(last["value"] - first["value"])
        yield Finding(
            id=context.id("why.dependence_trend", slug),
            section="why",
            quantity=f"change in {phrase}",
            value=change,
            unit="percentage points",
            period=f"{first['period']}–{last['period']}",
            as_of=context.as_of,
            tier=FindingTier.DERIVED,
            observations=(str(first["id"]), str(last["id"])),
            sentence=wording.sentence(context.of(context.country))
            + f" dependence on {phrase} went from {before} in {first['period']} to {after} in {last['period']}.",
            caveat=_age_caveat(context, str(last["period"]))
            or "Prices of oil and gas move this share as much as policy does.",
            weight=3,
        )


# Ownership of chips is the better count and exists for few countries; clusters are seen in part, but widely.
